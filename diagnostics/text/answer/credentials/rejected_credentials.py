"""Causes for credentials that are rejected before AWS evaluates any policy.

The same words have different meanings in different programs: a presigned URL, docker's login to a registry and a
session all "expire". The first row that applies is used. The rows for one program therefore come first in each table.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from diagnostics.diagnosis import Verdict
from diagnostics.failure import OtherFailure
from diagnostics.fix import Fix, Note, ShellCommand
from diagnostics.text.answer.credentials.credential_fault import (
    CONFIGURED,
    NO_CREDENTIALS,
    UNKNOWN_KEY,
    WHO,
    WRONG_SIGNATURE,
    CredentialFault,
)
from diagnostics.text.answer.credentials.credential_values.all_values import values_of
from diagnostics.text.answer.credentials.credential_values.another_region import works_in_another_region
from diagnostics.text.answer.credentials.emulators import OF_EMULATORS
from diagnostics.text.answer.credentials.expired_credentials.table import ENDED_SESSIONS, EXPIRED
from diagnostics.text.answer.credentials.missing_credentials.eks_pod_identity import LATEST
from diagnostics.text.answer.credentials.missing_credentials.table import NONE_FOUND, NOT_FOUND, OF_PROVIDERS
from diagnostics.text.answer.credentials.refused_keys.session_tokens import MIXED_KEYS
from diagnostics.text.answer.credentials.refused_keys.table import OTHER_KEYS, REFUSED_KEYS
from diagnostics.text.answer.single_cause.client_uploads import upload_by_the_client
from diagnostics.text.read.author.contrasts import GOOD_ELSEWHERE, Contrast, credentials_work, version_that_works
from diagnostics.text.read.author.difference import Difference
from diagnostics.text.read.identities.callers import answered_identities
from diagnostics.text.read.messages.required_or_invalid_values import OWN_CAUSE, own_cause
from diagnostics.text.read.messages.stated_reasons import stated_in
from iam.claims import Ground, confidence
from iam.lazy_pattern import regex

NO_MORE = regex(
    r"(?:locate|find|load|resolve|retrieve|get)\w*\s+(?:\w+\s+){0,3}credentials?"
    r"|credentials?\s+(?:could\s+)?(?:were\s+)?not\s+"
    r"(?:be\s+)?(?:found|loaded|set|provided)|missing\s+credentials",
    re.IGNORECASE,
)
"""A pattern of sentences that say only that there are no credentials."""
FAULTS = (*OF_EMULATORS, *MIXED_KEYS, *OF_PROVIDERS, *EXPIRED, *REFUSED_KEYS, *ENDED_SESSIONS, *NOT_FOUND, *OTHER_KEYS)
"""All rows. The first row that applies is used."""
_UNSTATED = CredentialFault(
    regex(""),
    "First find out which credentials the program uses: the text is about credentials, but does not say who "
    "refused them or why.",
    "Find out which credentials are used",
    f"{CONFIGURED}\n{WHO}",
    cause="unreadable",
    ground=Ground.NOTHING,
)
_GENERAL = (NO_CREDENTIALS, UNKNOWN_KEY, WRONG_SIGNATURE, _UNSTATED.words.pattern)
"""Patterns of words that say only that credentials are missing or not accepted."""


_OF_S3 = regex(r"\bs3\b|S3UploadFailed|(?:Put|Get|List|Head)Objects?\b|\bboto\w*", re.IGNORECASE)


def _with_the_upload(row: CredentialFault, failure: OtherFailure) -> CredentialFault:
    """Return the row; if MLflow's server should have made this request to S3, the row says so instead of its cause."""
    upload = upload_by_the_client(failure.text) if row.cause.startswith("credentials.") else None
    if upload is None or _OF_S3.search(failure.text) is None:
        return row
    return replace(
        row,
        sentence=f"{upload.sentence} Once the server uploads, the client needs no keys.",
        title=upload.title,
        command=f"# {upload.change}",
        usual="",
        also=(),
        check=None,
        speaker=_OF_S3,
        ground=Ground.LIKENESS,
    )


def fault_of(failure: OtherFailure) -> CredentialFault:
    """Return the first row that applies to the failure, with its placeholders filled."""
    values = values_of(failure)
    row = next((each for each in FAULTS if each.fits(failure, values)), _UNSTATED)
    if (uploads := _with_the_upload(row, failure)) != row:
        return uploads
    general = row.speaker is None and row.needs in ("", "named_profile") and row.words.pattern in _GENERAL
    if general and (proof := credentials_work(failure.text)) is not None:
        if row.words.pattern == WRONG_SIGNATURE:
            return _signed_otherwise(proof)
        return _good_elsewhere(proof, chained="source_profile" in failure.text)
    if row.needs == "scope" and (signed := _signed_by_version(row, failure.text)) is not None:
        row = signed
    return replace(
        row,
        sentence=_as_shown(_filled(row.sentence, values), failure, values),
        title=_filled(row.title, values),
        command=_filled(row.command, values),
        usual=_filled(row.usual, values),
        also=tuple(_filled(each, values) for each in row.also if not (each == LATEST and "latest" not in failure.text)),
        check=_filled(row.check, values) if row.check else None,
    )


def _signed_otherwise(proof: Contrast) -> CredentialFault:
    """Return the row for a wrong signature if the text says that the same keys work elsewhere."""
    row = _good_elsewhere(proof)
    return replace(
        row,
        sentence="The access key and the secret key are most likely right, because they work elsewhere: "
        f"“{proof.works}”. This program signs the request differently, or something changes the request "
        "afterwards.",
        title="Compare how the failing program signs requests with the working program",
        command=f"{CONFIGURED}\ndate -u",
        usual="Compare the Region, endpoint, path style and version of the working call with those of the failing "
        "call. A proxy that changes a header or the path also invalidates the signature.",
        also=(),
    )


def _signed_by_version(row: CredentialFault, text: str) -> CredentialFault | None:
    """Return the row with the version that, as the text says, signs rightly; None if the text names none."""
    version = version_that_works(text)
    if not version:
        return None
    return replace(
        row,
        sentence=f"{row.sentence} The text says that it worked with {version}: most likely the version in use signs "
        "for the wrong {scope}.",
        title=f"Use {version}, or a version in which this is corrected; until then set the {{scope}} for the program",
        usual=f"Look for the message in the program's issues and release notes, and pin {version}. Tokens, roles and "
        "policies need no change.",
    )


def _good_elsewhere(proof: Contrast, *, chained: bool = False) -> CredentialFault:
    """Return the row for credentials that work elsewhere, as the author of the text says.

    ``chained``: the profile assumes its role with the credentials of another profile (``source_profile``).
    """
    said = regex(r"\s+".join(map(re.escape, proof.works.split())), re.IGNORECASE)
    named = proof.name if proof.difference is Difference.VERSION else ""
    kept = f"use {named or 'the version that works'}"
    unsupported = (
        "The failing version of the program looks for credentials in another way, or does not support this kind of "
        f"credentials (SSO, credential_process, an API key): {kept}, or read the program's release notes."
    )
    unread = (
        "The program does not read the profile, variables or sign-in that work elsewhere: name the same profile in "
        "the program's own settings, or start it with exported credentials (aws configure export-credentials)."
    )
    if chained:
        unread = (
            "Most likely the program does not sign in with the profile that source_profile names, but sends the "
            "values in that profile as keys. Give the program exported credentials (aws configure "
            "export-credentials), or update it."
        )
    of_version = proof.difference is Difference.VERSION
    return CredentialFault(
        words=said,
        sentence=GOOD_ELSEWHERE.format(works=proof.works),
        title="Compare the credentials that the program reads with the credentials that work",
        command=f"{CONFIGURED}\nenv | grep ^AWS_ | cut -d= -f1",
        usual=unsupported if of_version else unread,
        also=()
        if of_version
        else ("This version of the program does not support this kind of credentials: read its release notes.",),
        speaker=said,
        ground=Ground.LIKENESS,
    )


def credentials_verdict(failure: OtherFailure) -> Verdict:
    """Return the verdict on rejected credentials.

    If the row applies to every program and needs no value of the text, the verdict is what AWS's own sentence in the
    text states, if there is one.
    """
    fault = fault_of(failure)
    if fault.speaker is None and not fault.needs and (stated := stated_in(failure.text)):
        return Verdict(stated.cause, stated.confidence, stated.sentence)
    if fault.sentence == NONE_FOUND and (said := own_cause(failure.text)) and not NO_MORE.search(said):
        return Verdict(fault.cause, confidence(Ground.LIKENESS), f"{fault.sentence} {OWN_CAUSE} “{said}”.")
    return Verdict(fault.cause, confidence(fault.ground), fault.sentence)


def credentials_fix(failure: OtherFailure) -> Fix:
    fault = fault_of(failure)
    if fault.command.startswith("# ") and "\n" not in fault.command:
        return Fix(fault.title, fault.who, Note("the program's settings", fault.command.removeprefix("# ")))
    return Fix(fault.title, fault.who, ShellCommand("the caller's credentials", fault.command))


_KEY_ITSELF = regex(r"[;:,] (?:that, )?or the key (?:itself )?is deleted, inactive, or lacks its session token")


def _as_shown(sentence: str, failure: OtherFailure, values: Mapping[str, str]) -> str:
    """Return the sentence; faults of the key itself are left out if the text shows a successful call with the key."""
    elsewhere = works_in_another_region(failure)
    works = answered_identities(failure.text) or "cli_works" in values or elsewhere
    return _KEY_ITSELF.sub("", sentence) if works else sentence


def _filled(template: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        template = template.replace(f"{{{name}}}", value)
    return template
