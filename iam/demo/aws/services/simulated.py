"""The principal of a simulation: the policies of a user, group or role, without those that the request excludes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from moto.iam.models import IAMBackend

from iam.demo.aws.authorization.callers import boundary, inline, managed, scps
from iam.demo.aws.wire import AwsError, DemoCall
from iam.policy.document import Document
from iam.policy.request import NamedPolicy

_ENTITY = re.compile(r"arn:aws[\w-]*:iam::(\d{12}):(user|group|role)(/(?:.+/)?)([^/]+)")


@dataclass(frozen=True, slots=True)
class SimulatedPrincipal:
    """The principal of a simulation. ``principal`` is the ARN that is evaluated.

    ``ids`` are AWS's names for the policies in the response, if they differ. A role is evaluated as one of its
    sessions, because the simulator does not set ``aws:PrincipalArn``.
    """

    kind: str
    principal: str
    policies: tuple[NamedPolicy, ...]
    boundary: tuple[NamedPolicy, ...] | None = None
    name: str = ""
    id: str = ""
    ids: Mapping[NamedPolicy, str] = field(default_factory=dict)


def subject_of(backend: IAMBackend, call: DemoCall) -> SimulatedPrincipal:
    """Return the principal of a SimulatePrincipalPolicy or GetContextKeysForPrincipalPolicy call.

    Raises InvalidInput for an ARN that is not a user, group or role, and NoSuchEntity for one that does not exist.
    """
    arn = str(call.get("PolicySourceArn"))
    match = _ENTITY.fullmatch(arn)
    if match is None:
        raise AwsError("InvalidInput", f"Invalid Entity Arn: {arn} does not clearly define entity type and name.")
    _, kind, _, name = match.groups()
    kinds: dict[str, Iterable[Any]] = {
        "user": backend.users.values(),
        "group": backend.groups.values(),
        "role": backend.roles.values(),
    }
    entity = next((one for one in kinds[kind] if one.name == name), None)
    if entity is None or entity.arn != arn:
        raise AwsError("NoSuchEntity", f"The {kind} with name {name} cannot be found.")
    excluded = _Exclusion(call.get("PolicyExclusionList") or ())
    found: list[NamedPolicy] = []
    ids: dict[NamedPolicy, str] = {}
    holders = [(kind, entity)]
    if kind == "user":
        holders += [("group", group) for group in backend.get_groups_for_user(name)]
    for holder_kind, holder in holders:
        for policy in inline(holder.policies):
            if not excluded.inline(holder_kind, holder.name, str(policy.name)):
                found.append(policy)
                ids[policy] = f"{holder_kind}_{holder.name}_{policy.name}"
        found += [one for one in managed(backend, holder.managed_policies.values()) if not excluded.managed(one.arn)]
    found += [
        NamedPolicy(Document(text), f"PolicyInputList.{number}")
        for number, text in enumerate(call.get("PolicyInputList") or (), 1)
    ]
    limits = None if excluded.has("permission-boundary") else boundary(backend, entity)
    if given := call.get("PermissionsBoundaryPolicyInputList"):
        limits = (NamedPolicy(Document(given[0]), "PermissionsBoundaryPolicyInputList.1"),)
    principal = arn if kind == "user" else f"arn:aws:sts::{backend.account_id}:assumed-role/{name}/simulated"
    return SimulatedPrincipal(kind, principal, tuple(found), limits, name, entity.id, ids)


def account_scps(account: str, exclusions: Iterable[Mapping[str, Any]]) -> tuple[tuple[NamedPolicy, ...], ...] | None:
    """Return the SCPs at each level above the account, or None if the request excludes SCPs."""
    return None if _Exclusion(exclusions).has("scp") else scps(account)


class _Exclusion:
    """The entries of PolicyExclusionList: policy types, ARNs of managed policies, and inline policies.

    The ARNs, and the names of the entities that the inline policies belong to, may contain wildcards.
    """

    def __init__(self, entries: Iterable[Mapping[str, Any]]) -> None:
        self._types = {entry["PolicyType"] for entry in entries if entry.get("PolicyType")}
        self._arns = [entry["PolicyArn"] for entry in entries if entry.get("PolicyArn")]
        self._inline = [entry["InlinePolicyIdentifier"] for entry in entries if entry.get("InlinePolicyIdentifier")]

    def has(self, kind: str) -> bool:
        return kind in self._types

    def managed(self, arn: str | None) -> bool:
        kind = "aws-managed" if arn and ":iam::aws:" in arn else "user-managed"
        return kind in self._types or any(fnmatchcase(arn or "", pattern) for pattern in self._arns)

    def inline(self, kind: str, holder: str, name: str) -> bool:
        return "inline" in self._types or any(
            one["PolicyName"] == name
            and one["AttachmentType"].lower() == kind
            and fnmatchcase(holder, one["AttachmentName"])
            for one in self._inline
        )
