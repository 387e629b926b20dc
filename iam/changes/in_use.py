"""Whether a role is in use, asked before a change takes its rights: then who uses it is said, and its name asked for.

What could not be seen is never "unused".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from iam.account import Account, Instance, Role
from iam.ages import age
from iam.changes.operations.table import OPERATIONS
from iam.changes.plan import Call, Plan
from iam.foreign_text import shortened
from iam.sources.reader import AccountReader, Binding, Reading

LONG_UNUSED = timedelta(days=365)
"""How long a role must have slept to count as unused: long enough for what runs once a year."""

TRACKING_DELAY = timedelta(days=1)
"""RoleLastUsed lags by hours, so a younger role that was never used says nothing."""


@dataclass(frozen=True, slots=True)
class RoleUse:
    """What uses a role.

    ``profiles`` are the instance profiles that hold it, None where that is unknown; ``instances`` is None where no
    profile holds it, so that none can run with it.
    """

    role: Role
    now: datetime
    profiles: tuple[str, ...] | None
    instances: Reading[tuple[Instance, ...]] | None
    bindings: Reading[tuple[Binding, ...]]

    @property
    def running(self) -> tuple[str, ...]:
        """The IDs of the instances that have the role."""
        return tuple(
            each.id
            for each in (self.instances.value if self.instances else None) or ()
            if each.instance_profile_arn and each.instance_profile_arn.rsplit("/", 1)[-1] in (self.profiles or ())
        )

    @property
    def bound(self) -> tuple[Binding, ...]:
        """What else runs with the role; instances only where they were not counted."""
        counted = bool(self.running)
        return tuple(each for each in self.bindings.value or () if not (each.service == "ec2" and counted))

    @property
    def recent(self) -> bool | None:
        """Whether its last use is not long ago; None where that is unknown."""
        used = self.role.last_used
        if used is None:
            return None
        if used.when is not None:
            return self.now - used.when <= LONG_UNUSED
        young = self.role.created is not None and self.now - self.role.created < TRACKING_DELAY
        return None if young else False

    @property
    def unused(self) -> bool:
        """Everything was looked at, and nothing uses it."""
        return not (self.recent or self.running or self.bound) and not tuple(self._gaps())

    @property
    def sentences(self) -> tuple[str, ...]:
        """Who uses it, and what was not looked at: to be read before something is taken from the role."""
        return tuple(self._sentences())

    def _sentences(self) -> Iterator[str]:
        used = self.role.last_used
        if self.recent and used is not None:
            where = f" in {shortened(used.region)}" if used.region else ""
            yield f"In use: last used {age(used.when, self.now)}{where}."
        if self.users:
            yield f"These use it: {', '.join(self.users)}."
        yield from self.not_looked_at

    @property
    def users(self) -> tuple[str, ...]:
        """What runs as the role: ``2 instances``, ``lambda orders-api (execution role)``."""
        count = len(self.running)
        instances = (f"{count} {'instance' if count == 1 else 'instances'}",) if count else ()
        return (*instances, *(f"{each.service} {shortened(each.name)} ({each.use})" for each in self.bound))

    @property
    def not_looked_at(self) -> tuple[str, ...]:
        """What could not be seen, a sentence each."""
        return tuple(f"Not checked: {gap}." for gap in self._gaps())

    def _gaps(self) -> Iterator[str]:
        if self.recent is None:
            unread = self.role.last_used is None
            yield "its last use could not be read" if unread else "it is too new to say whether it is used"
        if self.profiles is None:
            yield "which instance profiles contain it could not be read"
        for reading, what in ((self.instances, "instances"), (self.bindings, "what else uses it")):
            if reading is not None and (why := reading.why or reading.note):
                yield f"{what} ({shortened(why.rstrip('.'), 160)})"


def role_use(role: Role, account: Account, reader: AccountReader) -> RoleUse:
    """Look who uses the role, which must have been read now. May block."""
    profiles = profiles_of(role, account)
    instances = reader.instances() if profiles else None
    return RoleUse(role, reader.clock(), profiles, instances, reader.bindings(role.arn))


def profiles_of(role: Role, account: Account) -> tuple[str, ...] | None:
    """The instance profiles that hold the role, or None where that is not known."""
    if role.instance_profiles is not None:
        return role.instance_profiles
    if account.instance_profiles is None:
        return None
    holding = tuple(profile.name for profile in account.instance_profiles if role.name in profile.roles)
    whole = account.progress is None and "instance_profiles" not in account.incomplete
    return holding if holding or whole else None


def may_take_rights(call: Call) -> bool:
    """Whether somebody may have less after the call: it takes something off a role, or puts it in another's place."""
    replaced = call.operation == "PutRolePolicy" and call.undo is not None and call.undo.operation == "PutRolePolicy"
    return replaced or OPERATIONS[call.operation].takes_rights or denies_all(call)


def denies_all(call: Call) -> bool:
    """Whether the call takes every right from a role by AWS's own policy for that."""
    return call.operation == "AttachRolePolicy" and call.text("PolicyArn").endswith(":iam::aws:policy/AWSDenyAll")


def taking_rights(plan: Plan, role: Role, account: Account, reader: AccountReader) -> Plan:
    """The plan, which takes rights from the role, with who uses that said first; its name has to be typed unless it is
    known that nobody does. May block.
    """
    use = role_use(role, account, reader)
    name = plan.type_name or (None if use.unused else role.name)
    return replace(plan, type_name=name, in_use=use.sentences)
