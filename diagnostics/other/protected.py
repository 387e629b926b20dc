"""Roles that belong to AWS: service-linked ones, and those that IAM Identity Center keeps."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

from diagnostics.access_denied.request.subject import roles_spoken_of
from diagnostics.diagnosis import Confidence, Evidence, Status, Step, Verdict
from diagnostics.failure import OtherFailure
from diagnostics.fix import Command, Fix, Note, Who
from diagnostics.offline.other import message_step
from iam.account import SERVICE_LINKED_PATH, Account, Role
from iam.sources.reader import AccountReader

_SSO = re.compile(r"AWSReservedSSO_(?P<set>[\w+=,.@-]+)_[0-9a-f]{16}")
_LINKED = re.compile(r"AWSServiceRoleFor(?P<service>\w+)")


def explain(
    failure: OtherFailure, account: Account, reader: AccountReader, hint: str | None
) -> Iterator[Step | Verdict | Fix]:
    yield message_step(failure)
    role = _role(failure, account, reader, hint)
    name = role.name if role is not None else failure.name or "the role"
    if role is not None:
        said = f"{role.arn}: its path is {role.path}, which AWS keeps"
        evidence = (Evidence(text=said, arn=role.arn, call="iam:GetRole"),)
        status = Status.FAIL if role.service_owned else Status.PASS
        yield Step("owner", "Whose role it is", status, said, evidence)
    yield from owned_parts(role, name, failure.operation)


def owned_parts(role: Role | None, name: str, operation: str | None, besides: str = "") -> Iterator[Verdict | Fix]:
    """The verdict and what to do instead, for a role that AWS keeps. ``besides`` ends the verdict's sentences."""
    permission_set = _SSO.fullmatch(name)
    if permission_set is not None:
        yield Verdict(
            "role.service-owned",
            Confidence.CERTAIN,
            f"{name} belongs to IAM Identity Center: it is made from the permission set {permission_set['set']}, "
            f"and only that can be changed.{besides}",
        )
        yield _permission_set(name, permission_set["set"], operation)
        return
    service = _service(role, name)
    yield Verdict(
        "role.service-owned",
        Confidence.CERTAIN,
        f"{name} is owned by {service}: IAM lets nobody change its policies or its trust, only its description "
        f"and tags.{besides}",
    )
    if (operation or "").startswith("Delete"):
        yield Fix(
            f"Delete what needs it in {service}, then let IAM delete the service-linked role (a task with a status)",
            Who.ACCOUNT_ADMIN,
            Command(
                name,
                f"aws iam delete-service-linked-role --role-name {shlex.quote(name)}",
                operation="delete-service-linked-role",
            ),
        )
        return
    yield Fix(
        f"Change it through {service}, or make a role of your own for what is missing",
        Who.ACCOUNT_ADMIN,
        Note(
            name,
            f"{service} makes and keeps {name} and gives it the permissions that the service needs. If more is "
            "needed, the service's own "
            "settings are the place, or another role that is yours.",
        ),
    )


def _role(failure: OtherFailure, account: Account, reader: AccountReader, hint: str | None) -> Role | None:
    if failure.name:
        return account.role(failure.name) or reader.role(failure.name).value
    names = (*roles_spoken_of(failure.text, account), hint)
    return next((role for name in names if name and (role := account.role(name)) is not None), None)


def _service(role: Role | None, name: str) -> str:
    """The service that owns it: from the path, else from the name that service-linked roles have."""
    if role is not None and role.path.startswith(SERVICE_LINKED_PATH):
        return role.path.removeprefix(SERVICE_LINKED_PATH).strip("/") or "its service"
    match = _LINKED.match(name)
    return f"the service {match['service']}" if match else "an AWS service"


def _permission_set(name: str, permission_set: str, operation: str | None) -> Fix:
    return Fix(
        f"Edit the permission set {permission_set} in IAM Identity Center, and provision it again",
        Who.ORG_ADMIN,
        Note(
            name,
            f"Somebody asked for {operation or 'a change'} of {name}. Put the change into the permission set "
            f"{permission_set} "
            "(managed policies, inline policy, boundary or session length); Identity Center then changes the role in "
            "every account where it is assigned. The role itself cannot be edited.",
        ),
    )
