"""Find out whether a role is in use, before a change reduces its permissions.

If the role is in use, the plan lists what uses it, and the operator must type the role's name. A role whose use could
not be read never counts as unused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from iam.account import Account, Role
from iam.ages import age
from iam.changes.operations.table import OPERATIONS
from iam.changes.plan import Call, Plan
from iam.foreign_text import shortened
from iam.other_services import Instance
from iam.sources.reader.account_reader import AccountReader
from iam.sources.reader.reading import Reading
from iam.sources.reader.resources import Binding

LONG_UNUSED = timedelta(days=365)
"""The time without use after which a role counts as unused. It is long enough for jobs that run once a year."""

TRACKING_DELAY = timedelta(days=1)
"""The delay with which RoleLastUsed shows a use. For a role younger than this, the absence of recorded use proves
nothing."""


@dataclass(frozen=True, slots=True)
class RoleUse:
    """What uses a role.

    ``profiles`` are the instance profiles that contain the role, or None if unknown. ``instances`` is None if no
    profile contains the role, so that no instance can use the role.
    """

    role: Role
    now: datetime
    profiles: tuple[str, ...] | None
    instances: Reading[tuple[Instance, ...]] | None
    bindings: Reading[tuple[Binding, ...]]

    @property
    def running(self) -> tuple[str, ...]:
        """The IDs of the instances that run with the role."""
        return tuple(
            each.id
            for each in (self.instances.value if self.instances else None) or ()
            if each.instance_profile_arn and each.instance_profile_arn.rsplit("/", 1)[-1] in (self.profiles or ())
        )

    @property
    def bound(self) -> tuple[Binding, ...]:
        """The other resources that run with the role. EC2 instances are included only if `running` has none."""
        counted = bool(self.running)
        return tuple(each for each in self.bindings.value or () if not (each.service == "ec2" and counted))

    @property
    def recent(self) -> bool | None:
        """Whether the role was used within `LONG_UNUSED`; None if unknown."""
        used = self.role.last_used
        if used is None:
            return None
        if used.when is not None:
            return self.now - used.when <= LONG_UNUSED
        young = self.role.created is not None and self.now - self.role.created < TRACKING_DELAY
        return None if young else False

    @property
    def unused(self) -> bool:
        """Whether everything was checked and nothing uses the role."""
        return not (self.recent or self.running or self.bound) and not tuple(self._gaps())

    @property
    def sentences(self) -> tuple[str, ...]:
        """Sentences to read before the role's permissions are reduced: what uses it, and which checks failed."""
        return tuple(self._sentences())

    def _sentences(self) -> Iterator[str]:
        used = self.role.last_used
        if self.recent and used is not None:
            where = f" in {shortened(used.region)}" if used.region else ""
            yield f"In use: last used {age(used.when, self.now)}{where}."
        if self.users:
            yield f"Resources that use it: {', '.join(self.users)}."
        yield from self.not_looked_at

    @property
    def users(self) -> tuple[str, ...]:
        """The resources that run with the role, in words: ``2 instances``, ``lambda orders-api (execution role)``."""
        count = len(self.running)
        instances = (f"{count} {'instance' if count == 1 else 'instances'}",) if count else ()
        return (*instances, *(f"{each.service} {shortened(each.name)} ({each.use})" for each in self.bound))

    @property
    def not_looked_at(self) -> tuple[str, ...]:
        """A sentence for each check that was not possible."""
        return tuple(f"Not checked: {gap}." for gap in self._gaps())

    def _gaps(self) -> Iterator[str]:
        if self.recent is None:
            unread = self.role.last_used is None
            yield (
                "its last use could not be read"
                if unread
                else "whether it was used (the role is too new for usage data)"
            )
        if self.profiles is None:
            yield "the instance profiles that contain it could not be read"
        for reading, what in ((self.instances, "instances"), (self.bindings, "what else uses it")):
            if reading is not None and (why := reading.why or reading.note):
                yield f"{what} ({shortened(why.rstrip('.'), 160)})"


def role_use(role: Role, account: Account, reader: AccountReader) -> RoleUse:
    """Return what uses the role, which must have been read just now. May block."""
    profiles = profiles_of(role, account)
    instances = reader.instances() if profiles else None
    return RoleUse(role, reader.clock(), profiles, instances, reader.bindings(role.arn))


def profiles_of(role: Role, account: Account) -> tuple[str, ...] | None:
    """Return the instance profiles that contain the role, or None if unknown."""
    if role.instance_profiles is not None:
        return role.instance_profiles
    if account.instance_profiles is None:
        return None
    holding = tuple(profile.name for profile in account.instance_profiles if role.name in profile.roles)
    whole = account.progress is None and "instance_profiles" not in account.incomplete
    return holding if holding or whole else None


def may_take_rights(call: Call) -> bool:
    """Whether the role may have fewer permissions after the call, because something is removed from it or replaced."""
    replaced = call.operation == "PutRolePolicy" and call.undo is not None and call.undo.operation == "PutRolePolicy"
    return replaced or OPERATIONS[call.operation].takes_rights or denies_all(call)


def denies_all(call: Call) -> bool:
    """Whether the call denies everything to a role by attaching the AWS managed policy AWSDenyAll."""
    return call.operation == "AttachRolePolicy" and call.text("PolicyArn").endswith(":iam::aws:policy/AWSDenyAll")


def taking_rights(plan: Plan, role: Role, account: Account, reader: AccountReader) -> Plan:
    """Return the plan, which reduces the role's permissions, with sentences that say what uses the role.

    The role's name must be typed unless it is certain that nothing uses the role. May block.
    """
    use = role_use(role, account, reader)
    name = plan.type_name or (None if use.unused else role.name)
    return replace(plan, type_name=name, in_use=use.sentences)
