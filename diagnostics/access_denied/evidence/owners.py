"""Who keeps what cannot be read or changed from here."""

from __future__ import annotations

import re

from diagnostics.access_denied.case import Case
from diagnostics.access_denied.evidence.history import assumed, decoded
from iam.arn import account_of
from iam.policy.decision import Layer
from iam.policy.principal import Kind

_ACCOUNT = re.compile(r"(?<!\w)\d{12}(?!\w)")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def owner_of(case: Case) -> str | None:
    """The account that owns the resource: from its ARN, else an account that the calling role's own description, tags
    or policies speak of (S3's ARNs name no account)."""
    owner = case.request.resource_account or account_of(case.request.resource)
    if owner:
        return owner
    role = case.caller.role
    if role is None:
        return None
    texts = [role.description or "", *(role.tags or {}).values()]
    texts += [policy.document.text for policy in case.policies.identity if policy.arn is None]
    texts += [reading.why + " " + reading.note for reading in case.readings if reading.layer == "resource"]
    # The last part of a UUID (a key's ID) may be twelve digits as well.
    found = {number for text in texts for number in _ACCOUNT.findall(_UUID.sub("", text))} - {case.account.id}
    return found.pop() if len(found) == 1 else None


def named_resources(case: Case) -> tuple[str, ...]:
    """The resources that the caller's identity policies name for the action; none where one of them names all."""
    # The reasons' own documents may have been opened to every resource: the places are what counts.
    allowing = {
        (reason.policy.arn, reason.policy.holder, reason.policy.name, reason.statement)
        for reason in case.hopeful.reasons
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
    """Who makes the sessions of the calling role: as CloudTrail saw it, else as the role's trust policy names it."""
    caller = case.caller
    if caller.kind is Kind.FEDERATED_USER:
        return "whoever calls GetFederationToken"
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
