"""More ways in the "who can" tree: changing a role or user, passing a role to a service, running code as a role.

They are the same as in the review (`diagnostics.review.escalation.ways`), each evaluated by the engine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Lock

from diagnostics.assume import STEP_PASS, STEP_RUN, STEP_WRITE, Assumer, MayAssume
from diagnostics.review.escalation.search import getting_at
from diagnostics.review.escalation.step import EscalationStep
from diagnostics.review.escalation.steps import StepKind, steps_onto
from diagnostics.review.finding import Progress
from diagnostics.review.limits import Limits
from diagnostics.review.subject import ReviewedAccount
from iam.account import Role, User
from iam.arn import name_of
from iam.sources.reader.opened import OpenedAccount
from iam.words import listing

_WORDS = {StepKind.PASS: STEP_PASS, StepKind.WRITE: STEP_WRITE, StepKind.RUN: STEP_RUN}
_UNREAD = "(not read)"
"""The suffix that the review adds to the name of a dependency if that dependency could not be read."""


class ReviewedAccounts:
    """Reviewed accounts by ID, each with the workloads that run with its roles.

    Each account is read once, when first requested. ``tell`` is called with the progress of reading.
    """

    def __init__(
        self,
        opened: Callable[[str], OpenedAccount | None],
        limits: Limits,
        tell: Callable[[Progress], object] = lambda progress: None,
    ) -> None:
        self._opened, self._limits, self._tell = opened, limits, tell
        self._known: dict[str, ReviewedAccount] = {}
        self._lock = Lock()

    def __call__(self, number: str) -> ReviewedAccount | None:
        """Return the reviewed account, or None if it cannot be opened. May block."""
        with self._lock:
            if number not in self._known and (opened := self._opened(number)) is not None:
                reviewed = ReviewedAccount(opened.account, opened.reader, limits=self._limits)
                for progress in reviewed.read_workloads():
                    self._tell(progress)
                self._known[number] = reviewed
            return self._known.get(number)

    def take(self, reviewed: ReviewedAccount) -> None:
        """Take over an account that the review has already read."""
        self._known[reviewed.account.id] = reviewed


def reached(reviewed: ReviewedAccount, principal_arn: str) -> Iterator[Assumer | None]:
    """Yield the roles and users that a role or user may change, pass or run code as; None for each that it may not.

    May block.
    """
    principal, number = reviewed.principal(principal_arn), reviewed.index.by_arn.get(principal_arn)
    for target in _targets(reviewed):
        if principal is None or target.arn == principal_arn or number not in _near(reviewed, target):
            yield None
            continue
        for kind, step in steps_onto(reviewed, principal, target):
            yield edge(kind, step, target)


def reaching(reviewed: ReviewedAccount, target_arn: str) -> Iterator[Assumer | None]:
    """Yield the principals that may change a role or user, pass it or run code as it; None for each that may not.

    May block.
    """
    target = next((one for one in _targets(reviewed) if one.arn == target_arn), None)
    if target is None:
        return
    for number in sorted(_near(reviewed, target)):
        principal = reviewed.index.principals[number]
        if principal.entity.arn == target_arn or principal.service_owned:
            yield None
            continue
        for kind, step in steps_onto(reviewed, principal, target):
            yield edge(kind, step, principal.entity)


def edge(kind: StepKind, step: EscalationStep, shown: Role | User) -> Assumer:
    """Return the `Assumer` for a step from or to ``shown``, a role or user."""
    kinds = "user" if isinstance(shown, User) else "role"
    by = f"{listing(step.hop.actions)} on {name_of(step.hop.on) or step.hop.on}"
    made = Assumer(
        f"{kinds} {shown.name}",
        MayAssume.YES,
        arn=shown.arn,
        step=_WORDS[kind],
        statements=step.statements,
        unless=step.unless,
        gives=f"{by}: {step.hop.gives}",
    )
    if not step.hangs_on:
        return made
    unread = [each.removesuffix(_UNREAD).strip() for each in step.hangs_on if each.endswith(_UNREAD)]
    if unread:
        return made.with_answer(MayAssume.UNKNOWN, f"not read: {listing(unread)}")
    return made.with_answer(MayAssume.CONDITIONS, f"depends on {listing(step.hangs_on)}")


def _targets(reviewed: ReviewedAccount) -> tuple[Role | User, ...]:
    return (*(role for role in reviewed.account.roles if not role.service_owned), *(reviewed.account.users or ()))


def _near(reviewed: ReviewedAccount, target: Role | User) -> frozenset[int]:
    """Return the principals that may get the target's rights or change them, by index.

    They are computed once for each target.
    """
    known = reviewed.getting_at
    if target.arn not in known:
        known[target.arn] = getting_at(reviewed, target)
    return known[target.arn]
