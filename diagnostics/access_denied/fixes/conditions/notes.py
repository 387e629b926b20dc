"""Notes about conditions on a key that has no fix of its own: who can change its value, and how.

Sources: UG, reference_policies_condition-keys; for services' own keys, their pages in the Service Authorization
Reference.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from diagnostics.access_denied.case import Case
from diagnostics.access_denied.fixes.denies import fitting_value
from diagnostics.access_denied.fixes.notes import request_words
from diagnostics.access_denied.fixes.place import place_of, whose
from diagnostics.access_denied.fixes.proof import evaluated, evaluated_call, replaced
from diagnostics.access_denied.judge import DenialFinding
from diagnostics.access_denied.near_misses import condition_words, takes_its_values
from diagnostics.access_denied.request.context_keys import source_of
from diagnostics.fix import Fix, Note, PolicyChange, TrustChange
from diagnostics.who import OWNERS, Who
from diagnostics.words import POLICY_TYPES
from iam.lazy_pattern import regex
from iam.policy.decision import ConditionFailure, NearMiss
from iam.policy.edits import as_list, as_written, statement_value, with_changed
from iam.policy.words import holding, wish
from iam.words import listing


@dataclass(frozen=True, slots=True)
class KeyAdvice:
    """Who can change the value of a condition key, and how.

    ``who`` is None if nobody can choose the value: the owner of the policy must then change the condition. ``what``
    says what to do; ``{}`` in it is replaced by the required value.
    """

    who: Who | None
    what: str


_BY_KEY = {
    "aws:currenttime": KeyAdvice(None, "the time of the call must be {}"),
    "aws:epochtime": KeyAdvice(None, "the time of the call must be {}"),
    "aws:tokenissuetime": KeyAdvice(
        Who.CALLER, "Call with credentials that were issued at a time the condition accepts: {}"
    ),
    "aws:multifactorauthage": KeyAdvice(Who.CALLER, "Call with a more recent MFA code: {} seconds"),
    "aws:sourceip": KeyAdvice(Who.CALLER, "Call from an address in {}"),
    "aws:vpcsourceip": KeyAdvice(Who.CALLER, "Call from an address in the VPC's range {}"),
    "aws:sourcevpc": KeyAdvice(Who.CALLER, "Call through an endpoint of the VPC {}"),
    "aws:sourcevpce": KeyAdvice(Who.CALLER, "Call through the VPC endpoint {}"),
    "aws:requestedregion": KeyAdvice(Who.CALLER, "Call in the Region {}"),
    "aws:securetransport": KeyAdvice(Who.CALLER, "Call over TLS (https)"),
    "aws:useragent": KeyAdvice(Who.CALLER, "Call with a program whose user agent matches {}"),
    "aws:referer": KeyAdvice(Who.CALLER, "Call from a page whose address is {}"),
    "aws:principalarn": KeyAdvice(None, "the ARN of the caller must match {}"),
    "aws:principalaccount": KeyAdvice(None, "the caller must belong to account {}"),
    "aws:principalorgid": KeyAdvice(None, "the caller's account must be in the organization {}"),
    "aws:principalorgpaths": KeyAdvice(None, "the caller's account must be in {}"),
    "aws:principaltype": KeyAdvice(None, "the caller must be {}"),
    "aws:userid": KeyAdvice(None, "the caller's unique ID must be {}"),
    "aws:username": KeyAdvice(None, "the caller must be the user {}"),
    "aws:sourceidentity": KeyAdvice(Who.CALLER, "Create the session with the source identity {}"),
    "sts:sourceidentity": KeyAdvice(Who.CALLER, "Create the session with the source identity {}"),
    "sts:rolesessionname": KeyAdvice(Who.CALLER, "Create the session with the name {}"),
    "aws:viaawsservice": KeyAdvice(Who.CALLER, "Let an AWS service make the call on the caller's behalf"),
    "aws:calledvia": KeyAdvice(Who.CALLER, "Make the call through {}"),
    "aws:calledviafirst": KeyAdvice(Who.CALLER, "Make the call through {}"),
    "aws:calledvialast": KeyAdvice(Who.CALLER, "Make the call through {}"),
    "kms:viaservice": KeyAdvice(Who.CALLER, "Use the key through {}, not directly"),
    "kms:calleraccount": KeyAdvice(None, "the caller must belong to account {}"),
    "kms:grantisforawsresource": KeyAdvice(Who.CALLER, "Let an AWS service create the grant"),
    "aws:sourceaccount": KeyAdvice(None, "the service must make the call for account {}"),
    "aws:sourceorgid": KeyAdvice(None, "the service must make the call for an account of {}"),
    "aws:sourcearn": KeyAdvice(None, "the service must make the call for {}"),
    "aws:resourceaccount": KeyAdvice(Who.CALLER, "Use a resource of account {}"),
    "aws:resourceorgid": KeyAdvice(Who.CALLER, "Use a resource of an account in {}"),
}
_BY_BEGINNING = {
    "aws:principaltag/": KeyAdvice(Who.ACCOUNT_ADMIN, "Tag the caller: {key} {}"),
    "aws:resourcetag/": KeyAdvice(Who.RESOURCE_OWNER, "Tag the resource: {key} {}"),
    "s3:existingobjecttag/": KeyAdvice(Who.RESOURCE_OWNER, "Tag the object: {key} {}"),
    "kms:encryptioncontext": KeyAdvice(Who.CALLER, "Send the encryption context {key} {}"),
    "s3:x-amz-": KeyAdvice(Who.CALLER, "Send the header {key} {}"),
}
_WHERE_FALSE = {
    "aws:securetransport": KeyAdvice(
        None, "the condition allows the request only over plain HTTP, most likely by mistake"
    ),
    "aws:multifactorauthpresent": KeyAdvice(Who.CALLER, "Call with credentials that were issued without an MFA code"),
    "aws:viaawsservice": KeyAdvice(Who.CALLER, "Make the call directly, not through an AWS service"),
    "kms:grantisforawsresource": KeyAdvice(Who.CALLER, "Create the grant directly, not through an AWS service"),
}
"""The advice for keys that are either true or false, if the condition requires false."""
_TAG_OF_A_RESOURCE = regex(r"[\w-]+:resourcetag/", re.IGNORECASE)
_SENT = KeyAdvice(Who.CALLER, "Make the call with {key} {}")
"""The advice for a service's own condition key, whose value is usually a parameter of the request."""


def advice_of(key: str, wanted: Sequence[str] = ()) -> KeyAdvice:
    """Return who can give a condition key one of the ``wanted`` values, and how."""
    low = key.lower()
    if low in _WHERE_FALSE and [value.lower() for value in wanted] == ["false"]:
        return _WHERE_FALSE[low]
    if low in _BY_KEY:
        return _BY_KEY[low]
    for beginning, advice in _BY_BEGINNING.items():
        if low.startswith(beginning):
            return advice
    if _TAG_OF_A_RESOURCE.match(key):
        return _BY_BEGINNING["aws:resourcetag/"]
    return _SENT


def condition_note_fixes(
    case: Case, finding: DenialFinding, near: NearMiss, failure: ConditionFailure
) -> Iterator[Fix]:
    """Yield a note on who can meet the condition and how. If the policy seems to have a typo, yield its fix first."""
    if typo := _typo(case, near, failure):
        yield typo
    where = POLICY_TYPES[finding.word]
    policy = f"{near.policy.name or where}{whose(near.policy, case.caller)}"
    advice = advice_of(failure.key, failure.wanted)
    owner = OWNERS.get(finding.word, Who.ACCOUNT_ADMIN)
    plain = is_plain(failure)
    if plain:
        what = advice.what.replace("{key}", failure.key).replace("{}", listing(failure.wanted, "or"))
    else:
        what = f"Make the call so that {holding(failure.operator, failure.key, failure.wanted)}"
    title = f"{what}: {policy} requires it"
    if advice.who is None:
        asked = what if plain else f"it wants {wish(failure.operator, failure.key, failure.wanted)}"
        title = f"Ask the owner of {policy} to allow {case.caller.name or 'the caller'}: {asked}"
    note = Note(
        place_of(near.policy, where).words,
        f"{request_words(case)}. The condition {condition_words(failure)}. {failure.key} is {source_of(failure.key)}.",
    )
    value = fitting_value(case, failure.key, failure.wanted) if plain and advice.who is not None else None
    yield evaluated_call(case, title, advice.who or owner, note, {failure.key: (value,)} if value else None)


def is_plain(failure: ConditionFailure) -> bool:
    """Return whether the condition is met by a request with one of the values that it lists."""
    return takes_its_values(failure.operator)


def _typo(case: Case, near: NearMiss, failure: ConditionFailure) -> Fix | None:
    """Return a fix that replaces the policy's value with the request's, if one looks like a typo of the other.

    One does if the policy's value lacks a segment of the path, or if the values differ only in letter case.
    """
    if not failure.had or len(failure.had) > 1 or not is_plain(failure):
        return None
    had = failure.had[0]
    slip = next(((value, why) for value in failure.wanted if (why := _slip(value, had))), None)
    if slip is None:
        return None
    written, why = slip

    def mend(statement: dict[str, object]) -> None:
        condition = statement.get("Condition")
        for name, block in condition.items() if isinstance(condition, dict) else ():
            for key in block if name == failure.operator else ():
                if key.lower() == failure.key.lower():
                    block[key] = as_written([had if value == written else value for value in as_list(block[key])])

    after = with_changed(near.policy.document, near.statement, mend)
    changed = replaced(case.effective_policies, near.policy, after)
    title = f"Replace {written} with {had} for {failure.key}, if the policy has a typing mistake: {why}"
    if case.trust and near.policy == case.policies.resource:
        change: PolicyChange | TrustChange = TrustChange(case.request.resource, near.policy.document, after)
    else:
        shown = statement_value(after, near.statement)
        change = PolicyChange(place_of(near.policy), shown, near.policy.document, after)
    return evaluated(case, title, OWNERS.get(case.word(near.layer), Who.ACCOUNT_ADMIN), change, changed)


def _slip(written: str, had: str) -> str:
    """Return why one of the two values looks like a typo of the other, or ""."""
    if written == had or "${" in written:
        return ""
    if written.lower() == had.lower():
        return "they differ only in upper and lower case, and IAM compares the case, too"
    ours, theirs = written.split("/"), had.split("/")
    if had.startswith("arn:") and len(theirs) == len(ours) + 1 and "*" not in written:
        for at, segment in enumerate(theirs):
            if theirs[:at] + theirs[at + 1 :] == ours:
                return f"the segment {segment} is missing"
    return ""
