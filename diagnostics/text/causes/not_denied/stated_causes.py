"""Causes that the text itself states, or that a simulation in it shows."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.diagnosis import FirstLook
from diagnostics.failure import OtherFailure, Trouble
from diagnostics.text.causes.build_causes import WHO_AM_I, contains
from diagnostics.text.read.author.questions import answers
from diagnostics.text.read.command_outputs import Decision, simulations
from diagnostics.text.read.identities.callers import caller_in
from diagnostics.text.read.messages.context import speaks_of_aws
from diagnostics.text.read.messages.required_or_invalid_values import (
    CALL_UNKNOWN,
    NOTHING_PRINTED,
    OWN_CAUSE,
    own_cause,
    reported_failure,
)
from diagnostics.text.read.sequence.did_not_stop import reported_success
from diagnostics.who import Who
from diagnostics.words import REFUSED_CALLS
from iam.lazy_pattern import regex
from iam.words import listing


def of_its_own(failure: OtherFailure) -> Iterator[FirstLook]:
    """Yield the cause that the message itself states, if nothing else is known about the failure."""
    if failure.trouble is Trouble.UNRECOGNIZED and (said := own_cause(failure.text)):
        yield FirstLook(f"{OWN_CAUSE} “{said}”. Start there.", contains(said), None, Who.CALLER)


def call_and_caller(failure: OtherFailure) -> Iterator[FirstLook]:
    """Yield how to find the call and its caller if a program that may call AWS reports an unknown failure."""
    if failure.trouble is not Trouble.UNRECOGNIZED or not speaks_of_aws(failure.text):
        return
    if not (line := reported_failure(failure.text)) or reported_success(failure.text):
        return
    caller = caller_in(failure.text)
    named = f" The text names {caller}." if caller else ""
    yield FirstLook(
        f"{CALL_UNKNOWN} the program's debug output (aws --debug, TF_LOG=debug) names the call. Run "
        f"this check where the program runs: it shows which identity the program has.{named}",
        contains(line[:96]),
        WHO_AM_I,
        Who.CALLER,
    )


def nothing_printed(failure: OtherFailure) -> Iterator[FirstLook]:
    """Yield where to find a denied call, if a text about AWS describes a failure without a program's output."""
    if failure.trouble is not Trouble.UNRECOGNIZED or (failure.detail or "").startswith("a "):
        return
    found = _A_NAME_OF_AWS.search(failure.text)
    if found is None or not speaks_of_aws(failure.text):
        return
    if reported_failure(failure.text) or reported_success(failure.text) or answers(failure.text):
        return
    yield FirstLook(
        f"{NOTHING_PRINTED} This check searches the last 1,000 events of this account and Region. Calls of IAM and "
        "other global services are in us-east-1 (--region us-east-1), reads and writes of objects only in a trail that "
        "records data events.",
        contains(found[0]),
        REFUSED_CALLS,
        Who.ACCOUNT_ADMIN,
    )


_A_NAME_OF_AWS = regex(
    r"\bAWS\b|\bAmazon\b|\barn:[\w-]+:\w+|\bIAM\b|\b[a-z0-9-]{2,20}:[A-Z][A-Za-z]{3,}|amazonaws\.com"
)


# IAM API Reference, "EvaluationResult": keys that the simulated policies ask for, and the simulation did not have
# (https://docs.aws.amazon.com/IAM/latest/APIReference/API_EvaluationResult.html).
_MISSING_VALUES = regex(
    r"MissingContextValues[\"']?\s*[:=]?\s*\[?(?P<keys>[^\]\n]*[a-z][\w-]*:\w[^\]\n]*)", re.IGNORECASE
)


def simulated_denies(failure: OtherFailure) -> Iterator[FirstLook]:
    """Yield the actions that the policy simulator does not allow, for a text without an AWS denial.

    AWS Systems Manager User Guide, "Restricting access to Parameter Store parameters using IAM policies": a
    SecureString needs kms:Decrypt on its key
    (https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-access.html).
    """
    denied = [each for each in simulations(failure.text) if each.decision is not Decision.ALLOWED]
    if not denied or failure.trouble is not Trouble.UNRECOGNIZED:
        return
    implicit = all(each.decision is Decision.IMPLICIT_DENY for each in denied)
    if implicit and (missing := _MISSING_VALUES.search(failure.text)):
        keys = re.findall(r"[a-z][\w-]*:[\w/:.-]+", missing["keys"])
        values = " ".join(f"ContextKeyName={each},ContextKeyValues=VALUE,ContextKeyType=string" for each in keys)
        yield FirstLook(
            f"The simulation shows no refusal yet: it had no value for {listing(keys)}, which a condition asks for. "
            f"Simulate again with --context-entries {values}.",
            contains(keys[0]),
            None,
            Who.CALLER,
        )
        return
    names = list(dict.fromkeys(each.action for each in denied))
    why = ""
    if "kms:Decrypt" in names and re.search(r"\bSecureString\b", failure.text):
        why = " A SecureString parameter is read with its KMS key: the key's ARN is its Resource."
    if implicit:
        how = f"Allow {listing(names)} in the policies of the simulated role or user: nothing in them allows it.{why}"
    else:
        how = f"A Deny of the simulated role's or user's policies matches {listing(names)}: no Allow can help.{why}"
    yield FirstLook(how, contains(denied[0].words), None, Who.ACCOUNT_ADMIN)


def question(failure: OtherFailure) -> Iterator[FirstLook]:
    """Yield answers about the calls that a text without an error names."""
    if failure.trouble is Trouble.UNRECOGNIZED:
        for answer in answers(failure.text)[1:]:  # the verdict gives the first
            yield FirstLook(answer.sentence, contains(answer.quote), answer.check or None, Who.CALLER)
