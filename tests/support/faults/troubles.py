"""Provoking AWS's errors in the middle of a plan, and seeing what is there before and after."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from botocore.config import Config
from moto.iam.models import ManagedPolicy as MotoPolicy

from iam.account import Account, ManagedPolicy, Role
from iam.changes.apply import Writer
from iam.changes.plan import Call, Plan
from iam.creation.spec import RoleSpec
from iam.demo.aws.wire import AwsError
from tests.support.demo.asked_before import looking_at

if TYPE_CHECKING:
    from iam.demo.aws.world import World
    from iam.sources.aws.reader import AwsReader

_ONCE = Config(retries={"mode": "standard", "total_max_attempts": 1})


@dataclass
class Setting:
    """A demo account, what is to be made in it, and the hands of somebody who causes trouble in it.

    ``iam`` is a client of the org-admin's, through the demo's own server. It tries once: what AWS answers is what the
    plan meets.
    """

    world: World
    account: Account
    spec: RoleSpec
    reader: AwsReader = field(init=False)
    iam: Any = field(init=False)

    def __post_init__(self) -> None:
        from iam.demo.open import reader

        self.reader = reader(self.world)
        self.iam = self.reader.aws.session.client("iam", config=_ONCE)

    def twin(self) -> Setting:
        """The same account as it is now, apart from this one."""
        return Setting(self.world.copy(), self.account, self.spec)

    def writer(self, waits: list[float] | None = None) -> Writer:
        return Writer(self.iam, sleep=(waits if waits is not None else []).append)

    def role(self, name: str) -> Role:
        role = self.reader.role(name).value
        assert role is not None
        return role

    def policy(self, name: str) -> ManagedPolicy:
        policy = self.reader.managed_policy(f"arn:aws:iam::{self.account.id}:policy/{name}").value
        assert policy is not None
        return policy

    def quota(self, name: str, value: int) -> None:
        """``name`` as in GetAccountSummary."""
        words = "".join(f"_{char.lower()}" if char.isupper() else char for char in name)
        with self.world.in_place():
            summary = self.world.iam.account_summary
            assert hasattr(summary, words), words
            setattr(summary, words, value)

    def mood(self, operation: str, error: Exception, times: int) -> None:
        self.world.next_failures[operation] = [error] * times

    def calm(self) -> None:
        self.world.next_failures.clear()

    @contextmanager
    def caller(self) -> Iterator[Any]:
        """moto's role behind the org-admin's session, to be bounded and denied."""
        with self.world.in_place():
            yield self.world.iam.get_role("saml-admin")

    def end_sessions_at(self, operation: str) -> None:
        """The credentials end when this operation is about to be called."""
        self.iam.meta.events.register(f"before-call.iam.{operation}", self._end, unique_id="end")

    def _end(self, **_: Any) -> None:
        self._sessions_until(-1)

    def renew_sessions(self) -> None:
        self.iam.meta.events.unregister("before-call.iam.PutRolePolicy", unique_id="end")
        self._sessions_until(4)

    def _sessions_until(self, hours: int) -> None:
        for key, session in self.world.sessions.items():
            self.world.sessions[key] = replace(session, expires=self.account.now + timedelta(hours=hours))

    def deny(self, action: str | None) -> None:
        """Deny the org-admin one action; None: nothing any more."""
        with self.caller() as role:
            role.policies.pop("trouble", None)
            if action is not None:
                statement = {"Effect": "Deny", "Action": action, "Resource": "*"}
                role.policies["trouble"] = json.dumps({"Version": "2012-10-17", "Statement": statement})

    def bound(self, arn: str | None) -> None:
        """Put a permissions boundary on the org-admin's role."""
        with self.caller() as role:
            role.permissions_boundary_arn = arn


def refusal(code: str, message: str, status: int | None = None) -> AwsError:
    return AwsError(code, message, status)


# What is there.

_WITHOUT = frozenset(
    {
        *("id", "policy_id", "create_date", "update_date", "last_used", "password_last_used"),
        *("next_version_num", "attachment_count", "is_default"),  # what moto counts, or does not keep right
        *("permissions_boundary_usage_count", "policy_name"),  # there once somebody has asked
    }
)


def photo(world: World) -> Any:
    """Everything of the account that a plan may change, as moto has it, without ids, dates and counters."""
    with looking_at(world):
        iam = world.iam
        own = {arn: policy for arn, policy in iam.managed_policies.items() if ":aws:policy/" not in arn}
        every = {"roles": iam.roles, "users": iam.users, "groups": iam.groups, "profiles": iam.instance_profiles}
        return {
            **{kind: sorted(map(_plain, entities.values()), key=repr) for kind, entities in every.items()},
            "policies": sorted((_plain(policy) for policy in own.values()), key=repr),
        }


def _plain(value: Any) -> Any:
    if isinstance(value, MotoPolicy) and ":aws:policy/" in value.arn:
        return value.arn
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items() if key not in _WITHOUT}
    if isinstance(value, list):
        return sorted((_plain(each) for each in value), key=repr)
    if isinstance(value, str) and value.startswith("{"):
        return _plain(json.loads(value))
    if hasattr(value, "__dict__"):
        return _plain(vars(value))
    return value


# Trouble.

Change = Callable[[Setting], object]
"""What somebody does in the account: the cause of the trouble, or its cure."""


@dataclass(frozen=True)
class Trouble:
    """``plan`` is made first; ``cause`` comes between plan and apply, ``cure`` before resuming (None: the plan itself
    is at fault, and resuming fails again). ``made`` counts the calls made before the failure.

    ``unknown``: nobody can know whether the call was made. ``stuck``: not even rolling back works before the cure.
    """

    code: str
    said: str
    way_out: str
    plan: Callable[[Setting], Plan]
    cause: Change | None = None
    cure: Change | None = None
    made: int = 0
    unknown: bool = False
    stuck: bool = False


def tampered(plan: Plan, operation: str, **parameters: Any) -> Plan:
    """The plan with other parameters in the first call of an operation, past all our checks: as if IAM's rules were
    not what we take them for."""
    calls: list[Call] = list(plan.calls)
    index = next(index for index, call in enumerate(calls) if call.operation == operation)
    calls[index] = replace(calls[index], parameters={**calls[index].parameters, **parameters})
    return replace(plan, calls=tuple(calls))


def both(*changes: Change) -> Change:
    def change(setting: Setting) -> None:
        for each in changes:
            each(setting)

    return change
