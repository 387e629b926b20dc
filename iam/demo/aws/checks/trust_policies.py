"""Reject trust policies that IAM does not save, with IAM's wording. moto saves any document.

Rules: IAM User Guide, "IAM JSON policy elements: Principal", "Identity-provider controls for shared OIDC providers".
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from moto.iam.models import IAMBackend

from iam.demo.aws.wire import AwsError, DemoCall
from iam.demo.aws.world import World
from iam.policy.operators import operator
from iam.policy.principal import TRUST_ACTIONS
from iam.policy.shared_providers import COGNITO, untested_keys
from iam.policy.statements import DOCUMENT_ELEMENTS, STATEMENT_ELEMENTS, VERSIONS


def trust_policies(world: World, call: DemoCall) -> None:
    text = call.get("AssumeRolePolicyDocument") if call.operation == "CreateRole" else call.get("PolicyDocument")
    _check(world.iam, text or "")


def _check(backend: IAMBackend, text: str) -> None:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _malformed("This policy contains invalid Json") from error
    if not isinstance(value, dict) or "Statement" not in value or not set(value) <= set(DOCUMENT_ELEMENTS):
        raise _malformed("Syntax errors in policy.")
    if value.get("Version", "2008-10-17") not in VERSIONS:
        raise _malformed("The policy must contain a valid version string")
    statements = value["Statement"] if isinstance(value["Statement"], list) else [value["Statement"]]
    if not statements:
        raise _malformed("Syntax errors in policy.")
    for statement in statements:
        if not isinstance(statement, dict) or statement.get("Effect") not in ("Allow", "Deny"):
            raise _malformed("Syntax errors in policy.")
        if not set(statement) <= set(STATEMENT_ELEMENTS) or not _is_condition(statement.get("Condition", {})):
            raise _malformed("Syntax errors in policy.")
        _statement(backend, statement)
    sids = [statement["Sid"] for statement in statements if statement.get("Sid")]
    if len(set(sids)) < len(sids):
        raise _malformed("Statement IDs (SID) in a single policy must be unique.")


def _is_condition(value: Any) -> bool:
    return isinstance(value, dict) and all(
        operator(name) is not None and isinstance(keys, dict) for name, keys in value.items()
    )


def _statement(backend: IAMBackend, statement: Mapping[str, Any]) -> None:
    for name in ("Resource", "NotResource"):
        if name in statement:
            raise _malformed(f"Has prohibited field {name}")
    if "NotPrincipal" in statement and statement["Effect"] == "Allow":
        raise _malformed("Allow with NotPrincipal is not allowed.")
    if "Principal" not in statement and "NotPrincipal" not in statement:
        raise _malformed("Missing required field Principal")
    if not statement.get("Principal", statement.get("NotPrincipal")):
        raise _malformed("Missing required field Principal cannot be empty!")
    actions = _listed(statement.get("Action"))
    if not actions and "NotAction" not in statement:
        raise _malformed("Missing required field Action cannot be empty!")
    if any(not isinstance(action, str) or not _of_sts(action) for action in actions):
        raise _malformed("AssumeRole policy may only specify STS AssumeRole actions.")
    for kind, principal in _principals(statement.get("Principal", statement.get("NotPrincipal"))):
        if not _exists(backend, kind, principal):
            raise _malformed(f'Invalid principal in policy: "{_KINDS.get(kind, kind)}":"{principal}"')
        if statement["Effect"] == "Allow":
            _shared_provider(kind, principal, statement.get("Condition") or {})


def _of_sts(action: str) -> bool:
    lowered = action.lower()
    pattern = re.escape(lowered).replace(r"\*", ".*").replace(r"\?", ".")
    return lowered.startswith("sts:") and any(re.fullmatch(pattern, known) for known in TRUST_ACTIONS)


_KINDS = {"Service": "SERVICE", "Federated": "FEDERATED"}


def _principals(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        if value != "*":
            raise _malformed(f'Invalid principal in policy: "STAR":"{value}"')
        return
    if not isinstance(value, dict):
        raise _malformed("Syntax errors in policy.")
    for kind, held in value.items():
        if kind not in ("AWS", "Service", "Federated", "CanonicalUser"):
            raise _malformed(f'Invalid principal in policy: "{kind}"')
        if not _listed(held):
            raise _malformed("Missing required field Principal cannot be empty!")
        for principal in _listed(held):
            yield kind, str(principal)


def _exists(backend: IAMBackend, kind: str, principal: str) -> bool:
    """Whether IAM accepts a principal when it saves a policy.

    IAM checks whether principals of its own account exist; for principals of other accounts it checks only their form.
    """
    if kind == "Service":
        return re.fullmatch(r"[a-z0-9.-]+\.(amazonaws\.com(\.cn)?|amazon\.com|internal)", principal) is not None
    if kind == "Federated":
        return bool(re.fullmatch(r"arn:aws[\w-]*:iam::\d{12}:(oidc|saml)-provider/\S+|[a-z0-9.-]+\.[a-z]+", principal))
    if kind == "CanonicalUser":
        return False
    if principal == "*" or re.fullmatch(r"\d{12}", principal):
        return True
    if re.fullmatch(r"A(RO|ID)A[A-Z0-9]+", principal):
        return principal in backend.roles or any(user.id == principal for user in backend.users.values())
    match = re.fullmatch(r"arn:aws[\w-]*:(iam|sts)::(\d{12}):(.+)", principal)
    if match is None or "*" in principal or "?" in principal:
        return False
    service, account, resource = match.groups()
    if service == "sts":
        role = re.fullmatch(r"assumed-role/([^/]+)/[^/]+", resource)
        federated = resource.startswith("federated-user/")
        return federated or (role is not None and (account != backend.account_id or _named(backend, role.group(1))))
    if resource == "root":
        return True
    if not resource.startswith(("role/", "user/")):
        return False
    if account != backend.account_id:
        return True
    roles = {role.arn for role in backend.roles.values()}
    return principal in roles or any(user.arn == principal for user in backend.users.values())


def _named(backend: IAMBackend, name: str) -> bool:
    return any(role.name == name for role in backend.roles.values())


def _shared_provider(kind: str, principal: str, condition: Mapping[str, Any]) -> None:
    """Reject a provider that many customers share, unless a condition on a claim identifies the customer."""
    blocks = [
        (name, key, [str(value) for value in _listed(held)])
        for name, keys in condition.items()
        for key, held in keys.items()
    ]
    keys = untested_keys(principal, blocks) if kind == "Federated" else ()
    if keys and principal == COGNITO:
        raise _malformed("A condition block must be present for the Cognito provider")
    if keys:
        raise _malformed(
            f"Trust policy with trusted principal {principal} must evaluate, using StringEquals, StringLike or "
            f"StringEqualsIgnoreCase, {' or '.join(keys)} which is not scoped to all."
        )


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _malformed(message: str) -> AwsError:
    return AwsError("MalformedPolicyDocument", message)


def orphan(backend: IAMBackend, arn: str, unique_id: str) -> None:
    """Replace the ARN of a deleted principal with its unique ID in all trust policies, as IAM does."""
    for role in backend.roles.values():
        try:
            value = json.loads(role.assume_role_policy_document)
        except (ValueError, RecursionError):
            continue
        if _replace(value, arn, unique_id):
            role.assume_role_policy_document = json.dumps(value, indent=2)


def _replace(value: Any, arn: str, unique_id: str) -> bool:
    changed = False
    statements = value.get("Statement", []) if isinstance(value, dict) else []
    for statement in statements if isinstance(statements, list) else [statements]:
        held = statement.get("Principal") if isinstance(statement, dict) else None
        if not isinstance(held, dict) or arn not in _listed(held.get("AWS")):
            continue
        swapped = [unique_id if one == arn else one for one in _listed(held["AWS"])]
        held["AWS"] = swapped[0] if isinstance(held["AWS"], str) else swapped
        changed = True
    return changed
