"""Find the owners of policies and resources that cannot be read or changed from this account."""

from __future__ import annotations

import re
from functools import lru_cache

from diagnostics.access_denied.case import Case
from diagnostics.access_denied.evidence.history import assumed, decoded
from iam.claims import Source, Sourced
from iam.lazy_pattern import regex
from iam.policy.layer import Layer
from iam.policy.principal import Kind

# The last part of a UUID (a key's ID) may also consist of twelve digits.
_ACCOUNT = regex(r"(?<!\w)\d{12}(?!\w)(?<![0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-\d{12})", re.IGNORECASE)


def owner_of(case: Case) -> Sourced[str] | None:
    """Return the account that owns the resource, or None if nothing suggests one.

    The owner is the account in the request or a guess. A guess is the only other account in the text, or in the calling
    role's description, tags or policies (S3 ARNs contain no account).
    """
    if case.owner:
        return case.values.get("resourceAccount") or Sourced(case.owner, Source.TEXT, case.request.resource)
    if number := _other_account_in_text(case):
        return Sourced(number, Source.GUESS, "the text")
    role = case.caller.role
    if role is None:
        return None
    texts = [(f"the description of {role.name}", role.description or "")]
    texts += [(f"the tag {key} of {role.name}", value) for key, value in (role.tags or {}).items()]
    texts += [
        (f"the policy {policy.name}", policy.document.text) for policy in case.policies.identity if policy.arn is None
    ]
    of_resource = [reading for reading in case.readings if reading.layer == "resource"]
    texts += [(reading.call, f"{reading.why} {reading.note}") for reading in of_resource]
    found: dict[str, str] = {}
    for place, text in texts:
        for number in _accounts_in(text) - {case.account.id}:
            found.setdefault(number, place)
    if len(found) != 1:
        return None
    ((number, place),) = found.items()
    return Sourced(number, Source.GUESS, place)


def _other_account_in_text(case: Case) -> str | None:
    """Return the only account in the text that is neither the caller's nor the current one; else None."""
    known = (case.account.id, case.caller.account_id)
    others = _accounts_in(case.denial.text).difference(known)
    return next(iter(others)) if len(others) == 1 else None


@lru_cache(maxsize=64)
def _accounts_in(text: str) -> frozenset[str]:
    """Return the account IDs in the text. Cached, because each fix of a denial looks for the same IDs."""
    return frozenset(_ACCOUNT.findall(text))


def owner_words(owner: Sourced[str]) -> str:
    """Return ``account 111122223333``, or ``perhaps account …, which the tag owner names`` for a guess."""
    said = f"account {owner.words}"
    return said if owner.known else f"perhaps {said}, which {owner.read_from} names"


def named_resources(case: Case) -> tuple[str, ...]:
    """Return the resources that the caller's policies name for the action; empty if one of the policies allows all."""
    # The documents in the reasons may have been widened to every resource, so only the statements' places are used.
    allowing = {
        (reason.policy.arn, reason.policy.holder, reason.policy.name, reason.statement)
        for reason in case.optimistic.reasons
        if reason.layer is Layer.IDENTITY and reason.effect == "Allow"
    }
    found = [
        resource
        for policy in case.policies.identity
        for statement in policy.document.statements
        if (policy.arn, policy.holder, policy.name, statement.index) in allowing
        for resource in statement.resource or ("*",)
    ]
    return () if "*" in found else tuple(dict.fromkeys(found))


def session_issuer(case: Case) -> str:
    """Describe who creates the calling role's sessions, according to CloudTrail or the role's trust policy."""
    caller = case.caller
    if caller.kind is Kind.FEDERATED_USER:
        return "whoever calls GetFederationToken"
    if caller.kind in (Kind.USER, Kind.ROOT):
        return "whatever calls for the user"
    if caller.role is None:
        return "whoever assumes the role"
    for call in decoded(assumed(case.reader, caller.role.arn).value or ()):
        arn = call.identity.get("arn")
        if isinstance(arn, str) and (
            caller.session is None or call.parameters.get("roleSessionName") == caller.session
        ):
            return arn
    named = dict.fromkeys(value for statement in caller.role.trust_statements for _, value in statement.principal or ())
    return ", ".join(named) or "whoever assumes the role"
