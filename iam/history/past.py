"""Reconstruct the account at an earlier time: later changes are reverted, and unknown data is marked as unread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, cast

from iam.account import Account, AttachedPolicy, Group, InlinePolicy, ManagedPolicy, PolicyVersion, Role, User
from iam.arn import Arn, is_aws_managed, name_of
from iam.history.change import Entity, Kind, Known, Part, Place, State, Unknown
from iam.history.timeline import History
from iam.organization.levels import Organization, OrganizationLevel, OrganizationPolicy
from iam.other_services import VpcEndpoint
from iam.policy.document import Document
from iam.sources.reader.account_reader import AccountReader
from iam.sources.reader.opened import OpenedAccount
from iam.sources.reader.reading import Reading
from iam.sources.resource_policies import policy_holder

View = Callable[[Place], State]
"""A function that returns the state of a place at one moment."""

RECORD = "the record of changes"
"""The call that a `Reading` names if the result of the reading comes from the record of changes."""


def after(history: History, moment: datetime) -> View:
    """Return a function that returns the state of a place after all changes at ``moment``."""
    return lambda place: history.timeline(place).after(moment)


def before(history: History, moment: datetime) -> View:
    """Return a function that returns the state of a place before all changes at ``moment``."""
    return lambda place: history.timeline(place).before(moment)


@dataclass(slots=True)
class Past:
    """The account and its reader at an earlier time, and the places whose state is unknown, each with the reason."""

    opened: OpenedAccount
    unknown: dict[Place, str] = field(default_factory=dict)


def past(history: History, opened: OpenedAccount, view: View) -> Past:
    """Return the account with each entity in the state that ``view`` returns for it.

    Data without a history keeps its current value.
    """
    builder = _Builder(history, opened, view)
    return Past(OpenedAccount(builder.account(), cast(AccountReader, _PastReader(builder))), builder.unknown)


class _Builder:
    def __init__(self, history: History, opened: OpenedAccount, view: View) -> None:
        self.history, self.opened, self._view = history, opened, view
        self.unknown: dict[Place, str] = {}
        self._touched = history.entities

    def state(self, place: Place) -> State:
        found = self._view(place)
        if isinstance(found, Unknown):
            self.unknown[place] = found.why
        return found

    def touched(self, kind: Kind, name: str) -> bool:
        return Entity(kind, name) in self._touched

    def account(self) -> Account:
        account = self.opened.account
        names = {kind: [each.name for each in self._touched if each.kind is kind] for kind in Kind}
        roles = {name: self._role(name) for name in names[Kind.ROLE]}
        changed: dict[str, Any] = {}
        if roles:
            kept = [role for role in account.roles if role.name not in roles]
            changed["roles"] = (*kept, *(role for role in roles.values() if role is not None))
        if names[Kind.USER] and account.users is not None:
            users = {name: self._user(name) for name in names[Kind.USER]}
            left = [user for user in account.users if user.name not in users]
            changed["users"] = (*left, *(user for user in users.values() if user is not None))
        if names[Kind.GROUP] and account.groups is not None:
            groups = {name: self._group(name) for name in names[Kind.GROUP]}
            others = [group for group in account.groups if group.name not in groups]
            changed["groups"] = (*others, *(group for group in groups.values() if group is not None))
        if names[Kind.POLICY]:
            policies = {arn: self.policy(arn) for arn in names[Kind.POLICY]}
            rest = [policy for policy in account.policies or () if policy.arn not in policies]
            changed["policies"] = (*rest, *(policy for policy in policies.values() if policy is not None))
        if names[Kind.ORGANIZATION_POLICY] or names[Kind.TARGET]:
            organization = account.organization
            changed["organization"] = self.organization(organization) if organization is not None else None
        return replace(account, **changed) if changed else account

    # Entities.

    def _exists(self, entity: Entity) -> bool | None:
        state = self.state(Place(entity, Part.EXISTENCE))
        return None if isinstance(state, Unknown) else state.value is not None

    def _role(self, name: str) -> Role | None:
        entity = Entity(Kind.ROLE, name)
        if self._exists(entity) is False:
            return None
        now = self.opened.account.role(name)
        if now is not None and not now.has_details:
            now = self.opened.reader.role(name).value or now
        role = now or Role(name, self._arn(entity), tags=None)
        boundary, tags = self._boundary_and_tags(entity, role)
        return replace(
            role,
            trust=self._document(Place(entity, Part.TRUST)),
            inline=self._inline(entity, role),
            attached=self._attached(entity, role),
            boundary_arn=boundary,
            tags=tags,
        )

    def _user(self, name: str) -> User | None:
        entity = Entity(Kind.USER, name)
        if self._exists(entity) is False:
            return None
        user = self.opened.account.user(name) or User(name, self._arn(entity))
        boundary, tags = self._boundary_and_tags(entity, user)
        groups = self._names(entity, Part.MEMBER, user.groups)
        return replace(
            user,
            inline=self._inline(entity, user),
            attached=self._attached(entity, user),
            groups=groups,
            boundary_arn=boundary,
            tags=tags,
        )

    def _group(self, name: str) -> Group | None:
        entity = Entity(Kind.GROUP, name)
        if self._exists(entity) is False:
            return None
        group = self.opened.account.group(name) or Group(name, self._arn(entity))
        return replace(group, inline=self._inline(entity, group), attached=self._attached(entity, group))

    def _arn(self, entity: Entity) -> str:
        known = next((change.arn for change in self.history.changes if change.entity == entity and change.arn), None)
        account = self.opened.account
        return known or f"arn:{account.partition}:iam::{account.id}:{entity.kind.value}/{entity.name}"

    def _inline(self, entity: Entity, holder: Role | User | Group) -> tuple[InlinePolicy, ...] | None:
        names = self._names(entity, Part.INLINE, None if holder.inline is None else [p.name for p in holder.inline])
        if names is None:
            return None
        found = []
        for name in names:
            document = self._document(Place(entity, Part.INLINE, name))
            if document is None:
                return None
            found.append(InlinePolicy(name, document))
        return tuple(found)

    def _attached(self, entity: Entity, holder: Role | User | Group) -> tuple[AttachedPolicy, ...] | None:
        names = self._names(
            entity, Part.ATTACHED, None if holder.attached is None else [p.arn for p in holder.attached]
        )
        return None if names is None else tuple(AttachedPolicy(name_of(arn), arn) for arn in names)

    def _names(self, entity: Entity, part: Part, now: Any) -> tuple[str, ...] | None:
        """Return the names of the parts that existed, or None if one of them is unknown."""
        named = {place.name for place in self.history.places(entity) if place.part is part}
        if now is None:
            state = self.state(Place(entity, part, ""))
            if not isinstance(state, Known):
                return None
        found = []
        for name in dict.fromkeys((*(now or ()), *sorted(named))):
            state = self.state(Place(entity, part, name))
            if isinstance(state, Unknown):
                return None
            if state.value is not None:
                found.append(name)
        # A part that was removed by a call that hides its name, and that no other record names, is in no list.
        ghost = self.state(Place(entity, part, _NO_NAME)) if self._hides(entity, part) else None
        return None if isinstance(ghost, Unknown) else tuple(found)

    def _hides(self, entity: Entity, part: Part) -> bool:
        """Whether a change to the entity may have affected documents whose names are in no record."""
        return any(
            change.changed and (change.entity is None or (change.entity == entity and change.lifecycle is not None))
            for change in self.history.changes
        )

    def _boundary_and_tags(self, entity: Entity, holder: Role | User) -> tuple[str | None, dict[str, str] | None]:
        """Return the boundary and the tags of a role or user.

        They are unread together (`iam.layers`): no tags and no boundary means unknown.

        An unknown tag is left out and listed as unknown: the evaluation checks whether policies compare tags.
        """
        boundary = self.state(Place(entity, Part.BOUNDARY))
        keys = {place.name for place in self.history.places(entity) if place.part is Part.TAG}
        tags: dict[str, str] = {}
        for key in (*(holder.tags or ()), *sorted(keys - set(holder.tags or ()))):
            state = self.state(Place(entity, Part.TAG, key))
            if isinstance(state, Known) and state.value is not None:
                tags[key] = state.value
        if isinstance(boundary, Unknown):
            return None, None
        return boundary.value, tags

    def _document(self, place: Place) -> Document | None:
        state = self.state(place)
        if isinstance(state, Unknown) or state.value is None:
            return None
        return Document.from_value(state.text)

    # Managed policies, resources, the organization.

    def policy(self, arn: str) -> ManagedPolicy | None:
        entity = Entity(Kind.POLICY, arn)
        if self._exists(entity) is False:
            return None
        now = self.opened.account.policy(arn)
        if (now is None or now.document is None) and not is_aws_managed(arn):
            now = self.opened.reader.managed_policy(arn).value or now
        policy = now or ManagedPolicy(name_of(arn), arn)
        default = self.state(Place(entity, Part.DEFAULT))
        names = [place.name for place in self.history.places(entity) if place.part is Part.VERSION]
        versions = []
        for name in dict.fromkeys((*(each.id for each in policy.versions), *names)):
            document = self._document(Place(entity, Part.VERSION, name))
            if document is not None:
                versions.append(PolicyVersion(name, document, False))
        known = default.value if isinstance(default, Known) else None
        if known is None and len(versions) == 1 and not self._hides(entity, Part.VERSION):
            # A policy always has a default version: with only one version, it is that one.
            known = versions[0].id
            self.unknown.pop(Place(entity, Part.DEFAULT), None)
        if known is None:
            return replace(policy, versions=(), default_version_id=None)
        return replace(policy, versions=tuple(versions), default_version_id=known)

    def organization(self, now: Organization) -> Organization:
        scps, rcps = self._levels(now, now.scps, _SCP), self._levels(now, now.rcps, _RCP)
        return replace(now, scps=scps, rcps=rcps)

    def _levels(
        self, organization: Organization, levels: tuple[OrganizationLevel, ...] | None, kind: str
    ) -> tuple[OrganizationLevel, ...] | None:
        """Return the levels of one type of policy, for the unit that contained the account at that time."""
        above = self._above(organization)
        if levels is None or above is None:
            return None
        found = []
        for level in levels:
            if level.target not in above and level.target != self.opened.account.id:
                continue
            entity = Entity(Kind.TARGET, level.target)
            now = {policy.arn.rpartition("/")[2]: policy for policy in level.policies}
            named = {place.name for place in self.history.places(entity) if place.part is Part.ATTACHED}
            policies = []
            for name in dict.fromkeys((*now, *sorted(named))):
                known_kind = self._policy_type(organization, name)
                if known_kind not in (kind, None):
                    continue
                state = self.state(Place(entity, Part.ATTACHED, name))
                if isinstance(state, Unknown):
                    return None
                if state.value is None:
                    continue
                document = self._document(Place(Entity(Kind.ORGANIZATION_POLICY, name), Part.POLICY))
                if document is None or known_kind is None:
                    return None
                held = now.get(name)
                arn, called = (held.arn, held.name) if held is not None else (name, name)
                policies.append(OrganizationPolicy(arn, called, document))
            found.append(OrganizationLevel(level.target, tuple(policies)))
        return tuple(found)

    def _above(self, organization: Organization) -> tuple[str, ...] | None:
        """Return the targets above the account at that time, root first; None for a unit whose levels are unknown."""
        account = Entity(Kind.TARGET, self.opened.account.id)
        levels = organization.scps or organization.rcps or ()
        path = organization.path or tuple(level.target for level in levels if level.target != account.name)
        place = Place(account, Part.UNIT)
        if place not in self.history.places(account):
            return path
        state = self.state(place)
        if isinstance(state, Known) and state.value in path:
            return path[: path.index(state.value) + 1]
        if isinstance(state, Known):
            self.unknown[place] = f"the account was then in {state.value}, and the policies above it there are unknown"
        return None

    def _policy_type(self, organization: Organization, name: str) -> str | None:
        """Return the type of an organization's policy, or None if unknown."""
        for levels, kind in ((organization.scps, _SCP), (organization.rcps, _RCP)):
            for level in levels or ():
                if any(policy.arn.rpartition("/")[2] == name for policy in level.policies):
                    return kind
        if (known := _AWS_OWN.get(name)) is not None:
            return known
        entity = Entity(Kind.ORGANIZATION_POLICY, name)
        for change in self.history.changes:
            given = change.parameters
            if change.entity == entity and isinstance(given, dict) and isinstance(given.get("type"), str):
                return str(given["type"])
        return None

    def resource_policy(self, arn: str) -> Reading[Document]:
        holder = policy_holder(arn)
        parts = Arn.parse(holder)
        if parts is not None and parts.service == "iam" and parts.resource.startswith("role/"):
            return self._trust(name_of(holder))
        if not self._may_have_changed(Kind.RESOURCE, holder):
            return self.opened.reader.resource_policy(arn)
        state = self.state(Place(Entity(Kind.RESOURCE, holder), Part.POLICY))
        if isinstance(state, Unknown):
            return Reading(RECORD, why=f"The policy of {holder} at that time is unknown: {state.why}.")
        if state.value is None:
            return Reading(RECORD, note=f"{holder} had no policy at that time.")
        return Reading(RECORD, Document.from_value(state.text))

    def _trust(self, name: str) -> Reading[Document]:
        if not self._may_have_changed(Kind.ROLE, name):
            role = self.opened.account.role(name)
            if role is not None and role.trust is not None:
                return Reading(RECORD, role.trust)
            return self.opened.reader.resource_policy(self._arn(Entity(Kind.ROLE, name)))
        state = self.state(Place(Entity(Kind.ROLE, name), Part.TRUST))
        if isinstance(state, Unknown):
            return Reading(RECORD, why=f"The trust policy of {name} at that time is unknown: {state.why}.")
        return Reading(RECORD, Document.from_value(state.text)) if state.value else Reading(RECORD)

    def _may_have_changed(self, kind: Kind, name: str) -> bool:
        wide = any(c.changed and c.entity is None and any(k is kind for k, _ in c.kinds) for c in self.history.changes)
        return wide or self.touched(kind, name) or bool(self.history.observations)

    def endpoints(self, service: str) -> Reading[tuple[VpcEndpoint, ...]]:
        now = self.opened.reader.vpc_endpoints(service)
        if now.value is None or not any(entity.kind is Kind.ENDPOINT for entity in self._touched):
            return now
        found = []
        for endpoint in now.value:
            place = Place(Entity(Kind.ENDPOINT, endpoint.id), Part.POLICY)
            changed = self.touched(Kind.ENDPOINT, endpoint.id)
            found.append(replace(endpoint, document=self._document(place)) if changed else endpoint)
        return replace(now, value=tuple(found))


_NO_NAME = "\0"

_SCP, _RCP = "SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"
_AWS_OWN = {"p-FullAWSAccess": _SCP, "p-RCPFullAWSAccess": _RCP}
"""The type of each organization policy that AWS itself provides, by ID.

See AWS Organizations User Guide, "SCP evaluation", "RCP evaluation".
"""


class _PastReader:
    """A reader with the results of that time. Data that no record touches is read in its current state."""

    def __init__(self, builder: _Builder) -> None:
        self._builder = builder
        self._reader = builder.opened.reader

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reader, name)

    def role(self, name: str) -> Reading[Role]:
        builder = self._builder
        if not builder.touched(Kind.ROLE, name):
            return self._reader.role(name)
        found = builder._role(name)
        if found is None:
            return Reading(RECORD)
        if not found.has_details:
            return Reading(RECORD, found, note=f"Not all policies of {name} at that time are recorded.")
        return Reading(RECORD, found)

    def user(self, name: str) -> Reading[User]:
        found = self._builder._user(name) if self._builder.touched(Kind.USER, name) else None
        if found is not None:
            return Reading(RECORD, found)
        return Reading(RECORD) if self._builder.touched(Kind.USER, name) else self._reader.user(name)

    def group(self, name: str) -> Reading[Group]:
        if not self._builder.touched(Kind.GROUP, name):
            return self._reader.group(name)
        found = self._builder._group(name)
        return Reading(RECORD, found)

    def managed_policy(self, arn: str) -> Reading[ManagedPolicy]:
        if not self._builder.touched(Kind.POLICY, arn):
            return self._reader.managed_policy(arn)
        found = self._builder.policy(arn)
        if found is None:
            return Reading(RECORD)
        if found.document is None:
            return Reading(RECORD, why=f"The default version of {found.name} at that time is not recorded.")
        return Reading(RECORD, found)

    def resource_policy(self, arn: str) -> Reading[Document]:
        return self._builder.resource_policy(arn)

    def vpc_endpoints(self, service: str) -> Reading[tuple[VpcEndpoint, ...]]:
        return self._builder.endpoints(service)

    def organization(self) -> Reading[Organization]:
        reading = self._reader.organization()
        if reading.value is None:
            return reading
        return replace(reading, value=self._builder.organization(reading.value))

    def simulator(self) -> None:
        """Return None: AWS's simulator knows only the current state."""
        return
