"""Right-size a role: determine its use, draft its policies, and verify that nothing is added.

The role is read, and the calls are replayed with the drafted policies.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from diagnostics.right_size.draft import Draft, data_actions_on, draft, named_actions
from diagnostics.right_size.judgement import UseJudgement, judge
from diagnostics.right_size.layers import role_layers
from diagnostics.right_size.replay import Replay, replay
from diagnostics.right_size.trail import Coverage, NoTrail, Trail
from diagnostics.right_size.usage import Usage
from iam.account import Account, Role
from iam.ages import age
from iam.other_services import ServiceLastAccessed
from iam.policy.document import PolicyError
from iam.policy.request import Policies, Request
from iam.questions.access import access
from iam.questions.change.compare import AccessChange, access_change
from iam.sources.reader.account_reader import AccountReader
from iam.sources.reader.reading import Reading

DAYS = 90
"""The number of days within which access counts as use."""

Step = Callable[[str], None]
"""A function that is called with a few words about the current work."""


class RightSizeError(ValueError):
    """Raised if the role cannot be right-sized. ``str()`` is one sentence."""


@dataclass(frozen=True)
class RightSized:
    """The complete result of right-sizing a role.

    ``granted``, ``gone`` and ``narrowed`` are sets of actions (bit masks) over all layers: those allowed today, those
    removed, and those allowed on fewer resources. ``change`` is the computed difference in access.
    """

    role: Role
    account: Account
    days: int
    accessed: Reading[tuple[ServiceLastAccessed, ...]]
    trail: Trail
    usage: Usage
    judgement: UseJudgement
    draft: Draft
    before: Policies
    granted: int
    gone: int
    narrowed: int
    replay: Replay
    change: AccessChange
    unread: tuple[str, ...] = ()
    strict: bool = False
    """Whether actions whose use is unknown are removed too."""

    @property
    def coverage(self) -> Coverage:
        return self.trail.coverage

    @property
    def only_narrows(self) -> bool:
        """Whether a complete comparison shows that the draft allows nothing new and loosens no condition."""
        change = self.change
        return change.fully_computed and not change.newly_allowed and not change.loosened


def right_size(
    role: Role,
    account: Account,
    reader: AccountReader,
    *,
    trail: Trail | None = None,
    days: int = DAYS,
    accessed: Reading[tuple[ServiceLastAccessed, ...]] | None = None,
    step: Step = lambda _: None,
    strict: bool = False,
) -> RightSized:
    """Return the role reduced to the permissions that it used.

    ``accessed`` is IAM's report if it was already read. With ``strict``, actions whose use is unknown are removed too.
    Raises `RightSizeError`. Blocks, possibly for minutes.
    """
    try:
        return _right_size(role, account, reader, trail or NoTrail(account), days, accessed, step, strict)
    except PolicyError as error:
        raise RightSizeError(f"A policy of {role.name} cannot be evaluated: {error}") from error


def _right_size(
    role: Role,
    account: Account,
    reader: AccountReader,
    trail: Trail,
    days: int,
    accessed: Reading[tuple[ServiceLastAccessed, ...]] | None,
    step: Step,
    strict: bool,
) -> RightSized:
    if role.service_owned:
        raise RightSizeError(f"{role.name} belongs to an AWS service, and only that service can change it.")
    step("reading its policies")
    layers = role_layers(role, account, reader)
    if not layers.policies.identity:
        why = next((each for each in layers.unread if "identity" in each), "the role has no policies")
        raise RightSizeError(f"There is nothing to right-size in {role.name}: {why.rstrip('.')}.")
    if accessed is None:
        step("waiting for IAM's last accessed report")
        accessed = reader.last_accessed(role.arn)

    def reading(coverage: Coverage, where: str) -> None:
        step(f"{coverage.events:,} recorded calls read, {coverage.of_role:,} by the role, at {where}")

    step(f"reading {trail.title}")
    usage = Usage.of(trail.calls(reading))
    step("drafting")
    identity = layers.policies.identity
    since = account.now - timedelta(days=days)
    if not usage.actions and not _used_since(accessed.value, since):
        raise RightSizeError(" ".join((_no_use(role, account, accessed, trail, days), *trail.problems)))
    granted, on = named_actions(identity), data_actions_on(identity)
    judgement = judge(granted, on, usage, trail.coverage, trail.unknown, accessed.value, since)
    judgement = judgement.strict() if strict else judgement
    drafted = draft(identity, judgement, usage)
    after = layers.with_identity(drafted.identity())

    def replaying(coverage: Coverage, where: str) -> None:
        step(f"replaying: {coverage.events:,} of {trail.coverage.events:,} recorded calls")

    step("replaying the recorded calls")
    replayed = replay(trail.calls(replaying), layers, after)
    step("computing what would be lost")
    access_before, access_after = (access(layers.role, each.policies, account) for each in (layers, after))
    can, may_still = (each.allowed | each.conditional for each in (access_before, access_after))
    asked = Request(layers.role.arn, "*", "*")
    change = access_change(layers.policies, after.policies, asked, account, entity=layers.role)
    less = 0
    for one in (*change.newly_denied, *change.tightened):
        less |= one.actions
    return RightSized(
        role=layers.role,
        account=account,
        days=days,
        accessed=accessed,
        trail=trail,
        usage=usage,
        judgement=judgement,
        draft=drafted,
        before=layers.policies,
        granted=can,
        gone=can & ~may_still,
        narrowed=less & may_still,
        replay=replayed,
        change=change,
        unread=layers.unread,
        strict=strict,
    )


def _used_since(report: tuple[ServiceLastAccessed, ...] | None, since: datetime) -> bool:
    return any(each.last_authenticated is not None and each.last_authenticated >= since for each in report or ())


def _no_use(
    role: Role, account: Account, accessed: Reading[tuple[ServiceLastAccessed, ...]], trail: Trail, days: int
) -> str:
    """Return why there is no recorded use to which the role could be reduced."""
    if accessed.unreadable:
        return (
            f"{role.name} cannot be right-sized: {trail.title} has no call by the role, and IAM's last accessed "
            f"information could not be read: {accessed.why.rstrip('.')}."
        )
    used = role.last_used
    when = used.when if used is not None else None
    if when is not None and when >= account.now - timedelta(days=days):
        # The role's last use and the report on services differ: the report is late and does not cover every service.
        return (
            f"{role.name} was used {age(when, account.now)}, but IAM's report names no service that it used in "
            f"{days} days, and {trail.title} has no call by the role. The role cannot be right-sized, because the "
            "actions that it used are unknown."
        )
    last = f" The role was last used {age(when, account.now)}." if when is not None else ""
    return (
        f"It is unknown what {role.name} needs: the role used no service in {days} days, and {trail.title} has no "
        f"call by the role.{last} Look further back (--days), or disable the role (x) and delete it."
    )
