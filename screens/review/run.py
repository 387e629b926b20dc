"""Runs the review outside the event loop, and reports its findings so far and its end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic

from textual.message import Message

from diagnostics.review.accepted import Accepted, AcceptedError, read_accepted
from diagnostics.review.across import without_neighbours
from diagnostics.review.beside import beside
from diagnostics.review.finding import Finding, Progress
from diagnostics.review.limits import Limits
from diagnostics.review.reach import ours
from diagnostics.review.records import add_records
from diagnostics.review.run import Review, concluded, review
from diagnostics.review.subject import ReviewedAccount
from iam.account import Account
from iam.sources.reader.account_reader import AccountReader

TELL_EVERY = 0.3
"""The seconds between updates of the list. A list that changes all the time cannot be read."""


class ReviewRun:
    """One review of the account in one state.

    ``review`` and ``progress`` are the last values that the screen received; only message handlers set them. ``ended``:
    every rule was evaluated. ``stopped``: the operator stopped it, or it failed. ``known`` contains the keys of the
    findings in the account's last finished review; None if there was none.
    """

    def __init__(
        self,
        account: Account,
        reader: AccountReader,
        limits: Limits,
        accepted_path: Path | None,
        earlier: object = None,
    ) -> None:
        self.account = account
        self.known: frozenset[tuple[str, str]] | None = None
        if isinstance(earlier, ReviewRun) and earlier.account.id == account.id:
            self.known = frozenset(one.key for one in _shown(earlier.review)) if earlier.ended else earlier.known
        self.accepted_path = accepted_path
        self._neighbours = reader.neighbours
        if self._neighbours is not None:  # the accounts of the organization belong to the operator
            limits = replace(limits, own_accounts=(*limits.own_accounts, *sorted(ours(self._neighbours, account.id))))
        self.reviewed = ReviewedAccount(account, reader, limits)
        self.review: Review = Review(account, (), ())
        self.progress: Progress | None = Progress("reading policies", 0, 0)
        self.ended: bool = False
        self.stopped = False
        self.going = False
        self.warnings: tuple[str, ...] = ()

    @property
    def new(self) -> tuple[Finding, ...]:
        """The findings that the previous finished review lacks. Empty until this review ends."""
        if self.known is None or not self.ended:
            return ()
        return tuple(one for one in _shown(self.review) if one.key not in self.known)

    def go(self, send: Callable[[ReviewWent], object], cancelled: Callable[[], bool]) -> None:
        """Run the review until every rule was evaluated or the review is stopped. Do nothing if it is already running.

        Call it in a worker.
        """
        if self.going:
            return
        self.going = True
        try:
            self._go(send, cancelled)
        finally:
            self.going = False

    def _go(self, send: Callable[[ReviewWent], object], cancelled: Callable[[], bool]) -> None:
        found: list[Finding] = []
        last = monotonic()

        def tell(progress: Progress | None) -> Review:
            accepted = self.accepted()  # read again, because findings may be accepted while the review runs
            done = concluded(self.reviewed, found, accepted.acceptances)
            send(ReviewWent(self, done, progress, accepted.warnings))
            return done

        add_records(self.reviewed)
        for one in review(self.reviewed):
            if cancelled():
                return
            if isinstance(one, Finding):
                neighbours = self._neighbours
                found += [one] if neighbours is None else without_neighbours((one,), neighbours)
                continue
            if monotonic() - last > TELL_EVERY:
                last = monotonic()
                tell(one)
        if self._neighbours is not None:
            from diagnostics.review.escalation.elsewhere import Neighbours
            from diagnostics.review.escalation.leaving import leaving

            tell(Progress("paths into other accounts", 0, 0))
            others = Neighbours(self._neighbours, self.reviewed.limits)
            others.learn(self.reviewed)
            for path in leaving(self.reviewed, others):
                if cancelled():
                    return
                found += [path] if path is not None else []
        done = tell(None)
        self.reviewed.forget()
        compared = beside(self.account, self.reviewed.analyzers, done.findings)
        if not cancelled():
            accepted = self.accepted()
            done = concluded(self.reviewed, found, accepted.acceptances)
            send(ReviewWent(self, replace(done, beside=compared), None, accepted.warnings))

    def accepted(self) -> Accepted:
        """Return the accepted findings of this review's file, like `accepted_in`."""
        return accepted_in(self.accepted_path)


def _shown(found: Review) -> Iterator[Finding]:
    """Yield the findings that are listed: those that are not accepted and that no other finding includes."""
    return (one for one in found.findings if one.accepted is None and one.double_of is None)


def accepted_in(path: Path | None) -> Accepted:
    """Return the accepted findings of a file; for an invalid file, no findings, and the problem."""
    if path is None or not path.exists():
        return Accepted(())
    try:
        return read_accepted(path)
    except AcceptedError as error:
        return Accepted((), (str(error),))


@dataclass(eq=False, repr=False)
class ReviewWent(Message):
    """The review made progress, or ended if ``progress`` is None."""

    run: ReviewRun
    review: Review
    progress: Progress | None
    warnings: tuple[str, ...]
