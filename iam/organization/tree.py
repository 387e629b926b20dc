"""The tree of an organization: units, accounts, and the SCPs and RCPs with the targets that they are attached to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from functools import cached_property

from iam.organization.levels import Organization, OrganizationLevel, OrganizationPolicy
from iam.policy.document import Document


class GuardrailKind(Enum):
    """The two kinds of organization policies that limit accounts. The value is used in the codes of causes."""

    SCP = "scp"
    RCP = "rcp"


@dataclass(frozen=True, slots=True)
class Unit:
    """An organizational unit. ``parent`` is the ID of the root or of another unit."""

    id: str
    name: str = ""
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """An account in the organization. ``parent`` is the ID of the root or of a unit, "" if it was not read."""

    id: str
    name: str = ""
    parent: str = ""
    status: str = "ACTIVE"


@dataclass(frozen=True, slots=True)
class Guardrail:
    """An SCP or RCP, and the targets that it is attached to. ``document`` is None if it was not read."""

    arn: str
    name: str
    document: Document | None
    targets: tuple[str, ...] = ()


@dataclass(frozen=True)
class OrganizationTree:
    """The data about an organization that its accounts share.

    ``members`` is None if the list of accounts was not read: then no account is known to be outside the organization.
    ``scps`` and ``rcps`` are None if they were not read. ``unread`` contains the accounts that were not read, each with
    the reason.
    """

    id: str
    management_account_id: str | None = None
    captured_at: datetime | None = None
    root: str = ""
    units: tuple[Unit, ...] = ()
    members: tuple[Member, ...] | None = None
    scps: tuple[Guardrail, ...] | None = None
    rcps: tuple[Guardrail, ...] | None = None
    unread: Mapping[str, str] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """Whether every account of the organization is listed."""
        return bool(self.id) and self.members is not None

    @cached_property
    def _by_id(self) -> Mapping[str, Member]:
        return {each.id: each for each in self.members or ()}

    @cached_property
    def _organizations(self) -> dict[str, Organization]:
        """The cached results of `organization_of`."""
        return {}

    def member(self, account: str) -> Member | None:
        return self._by_id.get(account)

    def unit(self, id: str) -> Unit | None:
        return next((each for each in self.units if each.id == id), None)

    def path_of(self, target: str) -> tuple[str, ...] | None:
        """Return the root and the units above ``target``, root first; for a unit, also the unit itself.

        None if incomplete.
        """
        member = self.member(target)
        at = member.parent if member is not None else target
        path: list[str] = []
        while at and at != self.root:
            unit = self.unit(at)
            if unit is None or at in path:
                return None
            path.append(at)
            at = unit.parent
        return (self.root, *reversed(path)) if at else None

    def organization_of(self, account: str) -> Organization | None:
        """Return the organization as it applies to an account, with each level's policies; None if not a member."""
        if self.member(account) is None:
            return None
        if account not in self._organizations:
            self._organizations[account] = self._organization_of(account)
        return self._organizations[account]

    def _organization_of(self, account: str) -> Organization:
        path = self.path_of(account)
        return Organization(
            self.id,
            self.management_account_id,
            path,
            None if path is None else self._levels(self.scps, (*path, account), GuardrailKind.SCP),
            None if path is None else self._levels(self.rcps, (*path, account), GuardrailKind.RCP),
        )

    def _levels(
        self, guardrails: tuple[Guardrail, ...] | None, targets: tuple[str, ...], kind: GuardrailKind
    ) -> tuple[OrganizationLevel, ...] | None:
        """Return the policies at each target, or None if one of them was not read."""
        if guardrails is None:
            return None
        levels = []
        for target in targets:
            attached = [each for each in guardrails if target in each.targets]
            if any(each.document is None for each in attached):
                return None
            policies = tuple(
                OrganizationPolicy(each.arn, each.name, each.document) for each in attached if each.document is not None
            )
            levels.append(OrganizationLevel(target, policies))
        if guardrails and kind is GuardrailKind.SCP and not any(map(_is_full_access, guardrails)):
            # Every target has at least one SCP. If a file lists none, it omits SCPs that AWS itself provides.
            # https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html
            levels = [level if level.policies else replace(level, policies=(_FULL_ACCESS,)) for level in levels]
        return tuple(levels)

    def under(self, target: str) -> tuple[str, ...]:
        """Return the accounts below a root or unit; for an account, the account itself."""
        return tuple(
            each.id for each in self.members or () if each.id == target or target in (self.path_of(each.id) or ())
        )

    def targets_called(self, word: str) -> tuple[str, ...]:
        """Return the IDs of the root, units and accounts with this ID or name."""
        named = [self.root] if word in (self.root, "root", "Root") else []
        named += [each.id for each in self.units if word in (each.id, each.name)]
        named += [each.id for each in self.members or () if word in (each.id, each.name)]
        return tuple(dict.fromkeys(each for each in named if each))

    # The tree after a change.

    def moved(self, account: str, unit: str) -> OrganizationTree:
        """Return a copy of the tree in which the account was moved to another unit, or to the root."""
        members = (replace(each, parent=unit) if each.id == account else each for each in self.members or ())
        return replace(self, members=tuple(members))


def _is_full_access(guardrail: Guardrail) -> bool:
    return guardrail.name == "FullAWSAccess" or guardrail.arn == _FULL_ACCESS.arn


_FULL_ACCESS = OrganizationPolicy(
    "arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess",
    "FullAWSAccess",
    Document('{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}'),
)
