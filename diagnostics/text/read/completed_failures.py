"""Complete a failure with what the rest of its text shows: the caller, the role, the key, or AWS's own record."""

from __future__ import annotations

import re
from dataclasses import replace

from diagnostics.failure import Conflict, Denial, Failure, OtherFailure, Trouble
from diagnostics.text.read.forms import trust
from diagnostics.text.read.forms.typed_requests import Creation
from diagnostics.text.read.identities.credential_chain import credential_chain, with_partition
from diagnostics.text.read.identities.invoking_service import INVOKED_BY
from diagnostics.words import UNSIGNED
from iam.lazy_pattern import regex
from iam.services import principal_short_name

_EXPIRED = regex(r"Expired|has expired|token is expired", re.IGNORECASE)


def with_chain(found: list[Failure], text: str) -> list[Failure]:
    """Return the failures; those about credentials with what the text shows about the credential chain.

    Expired keys in the environment are one failure, however many services report them.
    """
    if not any(isinstance(each, OtherFailure) and each.trouble is Trouble.CREDENTIALS for each in found):
        return found
    chain = with_partition(credential_chain(text), text)
    if chain is None:
        return found
    out: list[Failure] = []
    expired: int | None = None
    for failure in found:
        if not isinstance(failure, OtherFailure) or failure.trouble is not Trouble.CREDENTIALS:
            out.append(failure)
            continue
        if chain.exported and _EXPIRED.search(f"{failure.code} {failure.detail}"):
            if expired is not None:
                out[expired] = replace(out[expired], count=out[expired].count + failure.count)
                continue
            expired = len(out)
        out.append(replace(failure, chain=chain))
    return out


def with_creation(failure: Failure, asked: list[Creation]) -> Failure:
    """Return a conflict with the path and the name that the text's command line has; other failures unchanged."""
    if not isinstance(failure, Conflict):
        return failure
    for creation in asked:
        same_name = not failure.name or not creation.name or failure.name.lower() == creation.name.lower()
        if same_name and failure.entity_type in (None, creation.kind):
            return replace(
                failure,
                path=creation.path,
                name=failure.name or creation.name,
                entity_type=failure.entity_type or creation.kind,
                operation=failure.operation or creation.operation,
            )
    return failure


def is_of_another_action(denial: Denial, stated: Denial) -> bool:
    """Return whether IAM's sentence with the caller names an action other than the one that AWS states next to it."""
    if not (denial.principal and denial.action and stated.action) or denial.operation or denial.missing_action:
        return False
    return denial.action.lower() != stated.action.lower()


def with_decoded_message(denial: Denial, stated: Denial) -> Denial:
    """Return the denial with the facts of EC2's decoded message, ``stated``, which names what was checked."""
    return replace(
        denial,
        principal=denial.principal or stated.principal,
        action=stated.action or denial.action,
        resource=denial.resource or stated.resource,
        stated_reason=denial.stated_reason or stated.stated_reason,
        decoded=stated.decoded,
    )


def with_record(denial: Denial, stated: Denial) -> Denial:
    """Return the denial, completed with AWS's own record of it (``stated``)."""
    return replace(
        denial,
        principal=denial.principal or stated.principal,
        action=denial.action or stated.action,
        resource=denial.resource or stated.resource,
        record=stated.record,
    )


_ROLE_ASKED_FOR = regex(
    r"\b(?:role-to-assume|role_arn|role-arn|RoleArn|AWS_ROLE_ARN)[\"']?\s*[:= ]\s*"
    r"[\"']?(arn:[\w-]+:iam::[^\s:\"']*:role/[^\s\"',;]+)",
    re.IGNORECASE,
)
_ASSOCIATED = regex(
    r"\brole[-_ ]?arn[\"']?\s*[:= ]\s*[\"']?(arn:[\w-]+:iam::\d{12}:role/[\w+=,.@/-]+)"
    r"|\brole[ \t]+(arn:[\w-]+:iam::\d{12}:role/[\w+=,.@/-]+)",
    re.IGNORECASE,
)


def with_role(failure: Failure, cleaned: str) -> Failure:
    """Return the failure with the role or service that its short sentence does not name.

    STS's short sentences name no role, and those of IAM Roles Anywhere name no service. The role or service is taken
    from the step, command line or configuration pasted with them.
    """
    if not isinstance(failure, Denial):
        return failure
    failure = _with_invoker(trust.of_roles_anywhere(failure, cleaned), cleaned)
    if failure.resource or (failure.claims_trust and failure.service != "pods.eks"):
        return failure
    if failure.claims_trust:
        # The agent's log names no role; what is pasted with it (the association) may.
        roles = {match[1] or match[2] for match in _ASSOCIATED.finditer(cleaned)}
        return replace(failure, resource=roles.pop()) if len(roles) == 1 else failure
    if not (failure.action or "").lower().startswith("sts:assumerole"):
        return failure
    named = {match[1] for match in _ROLE_ASKED_FOR.finditer(cleaned)}
    return replace(failure, resource=named.pop()) if len(named) == 1 else failure


def _with_invoker(denial: Denial, cleaned: str) -> Denial:
    """Return a refusal to assume a role with the service for which CloudTrail recorded it, if it names none itself."""
    if not denial.claims_trust or denial.service is not None:
        return denial
    named = {short for found in INVOKED_BY.finditer(cleaned) if (short := principal_short_name(found[1]))}
    return replace(denial, service=named.pop()) if len(named) == 1 else denial


_ENCRYPTED_WITH = regex(
    r"\b(?:kms|key|cmk|encrypt\w*|KmsKeyId|KMSMasterKeyID)\b[^\n]{0,40}?"
    r"(?P<arn>arn:[\w-]+:kms:[a-z0-9-]+:\d{12}:key/[\w-]{36})",
    re.IGNORECASE,
)
_OF_A_STATEMENT = regex(r"Resource[\"']?\s*[:=]\s*\[?\s*[\"']?$", re.IGNORECASE)


def with_key(failure: Failure, cleaned: str) -> Failure:
    """Return a denied use of an unnamed KMS key with the only key that the text names outside policies."""
    if not isinstance(failure, Denial) or failure.resource or not (failure.action or "").lower().startswith("kms:"):
        return failure
    found = list(_ENCRYPTED_WITH.finditer(cleaned))
    named = {each["arn"] for each in found if not _OF_A_STATEMENT.search(cleaned[: each.start("arn")][-40:])}
    return replace(failure, resource=named.pop()) if len(named) == 1 else failure


def with_caller(failure: Failure, caller: str | None) -> Failure:
    """Return a denial without a caller with the caller that the text names elsewhere."""
    if caller is None or not isinstance(failure, Denial) or failure.principal or failure.claims_trust:
        return failure
    if (failure.action or "").lower() in UNSIGNED:
        return failure  # these calls are not signed
    return replace(failure, principal=caller)
