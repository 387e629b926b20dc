"""The shared state of all screens: the account, its reader, and the events of this run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from diagnostics.roles.read import RolesRead
from screens.run_writes import RunWrites
from screens.typed import Typed

if TYPE_CHECKING:  # it imports the policy engine, which the first frame does not need
    from diagnostics.assumptions import Assumptions
    from diagnostics.review.finding import Finding
    from diagnostics.review.limits import Limits
    from iam.account import Account
    from iam.changes.journal import JournalRecord
    from iam.changes.read_again import ChangedEntities
    from iam.credentials.profile_file import WrittenProfile
    from iam.organization.accounts import Accounts
    from iam.sources.reader.account_reader import AccountReader
    from iam.sources.reader.opened import OpenedAccount
    from iam.sources.reader.trail_queries import TrailSettings

MOST_TROUBLES = 500
"""The maximum number of problems kept, because an unavailable network adds one every few seconds."""


@dataclass(frozen=True, slots=True)
class RunTrouble:
    """A problem in this run. ``doing`` says what was being done and ``what`` is the error, one sentence each."""

    when: datetime
    doing: str
    what: str


class EndsWithProgram(Protocol):
    """Background work that outlives its screen. ``end`` asks it to stop, ``join`` waits for it."""

    def end(self) -> None: ...

    def join(self, seconds: float) -> None: ...


@dataclass(repr=False, eq=False)
class Session(RolesRead):
    """The shared state of one run on one account.

    The app and the screens' message handlers change it, only in the event loop; workers receive the values that they
    need and post messages.

    ``account`` is None until the first part is read. ``failure`` is the sentence of the `SourceError` if nothing could
    be read. ``may_write`` is True with ``--write``.
    """

    reader: AccountReader | None = None
    failure: str = ""
    may_write: bool = False
    troubles: list[RunTrouble] = field(default_factory=list)
    recent: object = None
    """The reading of CloudTrail's denials (`screens.diagnose.recent.walk.Walk`), kept to restore the list."""
    review: object = None
    """The review (`screens.review.run.ReviewRun`) of the account in its current state."""
    reviewed: object = None
    """The account as read by the last review that ended (`diagnostics.review.subject.ReviewedAccount`)."""
    several_review: object = None
    """The review (`screens.review.several.SeveralRun`) of all accounts of the organization."""
    ways: tuple[object, object] | None = None
    """The account, and the data that the who-can tree has read about the account
    (`diagnostics.reach.ReviewedAccounts`)."""
    findings: Mapping[str, tuple[Finding, ...]] | None = None
    """The findings of the review, by the ARN of their subject; None if nothing was reviewed yet."""
    production: tuple[str, ...] = ()
    """The IDs and aliases, which may contain ``*``, of the accounts marked as production in the configuration."""
    review_limits: Limits | None = None
    trail_settings: TrailSettings | None = None
    """The configuration of trail queries."""
    accepted_path: Path | None = None
    """The path of the file with accepted findings, whether or not it exists."""
    filters_path: Path | None = None
    """The path of the file with saved filters, whether or not it exists."""
    version: str = ""
    """The version of rolescope."""
    in_words: bool | None = None
    """Whether documents are shown in words, as the operator chose; None if that depends on the space on the screen."""
    assumed: dict[str, str] = field(default_factory=dict)
    """The operator's assumptions about every request, by condition key."""
    ran: list[str] = field(default_factory=list)
    """The IDs of the commands that were run from the palette, latest first."""
    half_done: dict[str, str] = field(default_factory=dict)
    """A sentence for each change of this run that is in progress or was interrupted, by the plan's ID."""

    under_way: set[str] = field(default_factory=set)
    """The IDs of the plans that are being carried out now."""
    open_profile: Callable[[str], AccountReader] | None = None
    """A function that opens the account with the credentials of another profile. Blocks, and raises `SourceError`."""
    timed: dict[str, EndsWithProgram] = field(default_factory=dict)
    """The watches that undo the timed changes of this run, by the plan's ID."""
    typed: Typed = field(default_factory=Typed)
    """Text that was typed and not used yet."""
    writes: RunWrites = field(default_factory=RunWrites)
    """The changes that this run made."""
    changes: tuple[JournalRecord, ...] = ()
    """The changes recorded in the journals for this account, latest first."""
    damaged: tuple[tuple[Path, str], ...] = ()
    """The journals that cannot be read, each with one sentence on why."""
    written_profiles: tuple[WrittenProfile, ...] = ()
    """The profiles that were written into the AWS configuration and can be removed, the latest first."""
    renewed: set[str] = field(default_factory=set)
    """The accounts that this run changed while another account was in view; the role list does not show these changes
    yet."""
    _left: dict[str, tuple[Any, Any, Any, Any]] = field(default_factory=dict)
    """The data of each account that was in view earlier, by account."""

    @property
    def accounts(self) -> Accounts | None:
        """The accounts of the open organization; None if a single account is open."""
        neighbours = self.reader.neighbours if self.reader is not None else None
        return neighbours if neighbours is not None and len(neighbours.ids) + len(neighbours.missing) > 1 else None

    @property
    def account_name(self) -> str:
        """The alias of the account in view, or else its name in the organization."""
        if self.account is None:
            return ""
        return self.account.alias or (self.accounts.name_of(self.account.id) if self.accounts is not None else "")

    def view(self, opened: OpenedAccount) -> None:
        """Bring another account of the organization into view. Every account keeps its own data and its own review."""
        if self.account is not None:
            self._left[self.account.id] = (self.roles_read, self.policies_read, self.review, self.findings)
        self.roles_read, self.policies_read, self.review, self.findings = self._left.get(
            opened.account.id, ({}, {}, None, None)
        )
        self.account, self.reader = opened.account, opened.reader

    def take(self, account: Account) -> None:
        """Store the account in view after it was read, for the first time or again."""
        self.account = account
        self._renew_opened()

    def _renew_opened(self) -> None:
        """Update the account in view in the list of the organization's accounts."""
        from iam.sources.reader.opened import OpenedAccount

        if self.account is not None and self.reader is not None and self.reader.neighbours is not None:
            opened = OpenedAccount(self.account, self.reader, self.reader.neighbours)
            self.account = self.reader.neighbours.renew(opened).account

    @property
    def assumptions(self) -> Assumptions:
        """The assumptions for questions about a request: the session's Region, and those that the operator set."""
        from diagnostics.assumptions import Assumptions

        region = self.account.region if self.account is not None else None
        return Assumptions(region or "", dict(self.assumed))

    @property
    def assumed_context(self) -> dict[str, tuple[str, ...]]:
        """The assumptions for the caller's own calls, as the context of a request.

        The session of a role carries no MFA:
        https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html
        """
        from diagnostics.assumptions import MFA

        caller = self.account.caller_arn or "" if self.account is not None else ""
        without = {MFA} if ":assumed-role/" in caller else set()
        return {key: (value,) for key, value in self.assumed.items() if key not in without}

    @property
    def unfinished(self) -> tuple[JournalRecord, ...]:
        """The unfinished changes that are not being applied now."""
        return tuple(record for record in self.changes if record.half_done and record.plan.id not in self.under_way)

    @property
    def kind(self) -> str:
        """The kind of source: ``aws``, ``demo``, ``snapshot``, or ``""`` while there is no reader."""
        return self.reader.kind if self.reader else ""

    @property
    def writable(self) -> bool:
        """Whether changes are allowed: always in the demo, never in a snapshot, and in AWS only with ``--write``."""
        return self.kind == "demo" or (self.kind == "aws" and self.may_write)

    @property
    def loading(self) -> bool:
        return not self.failure and (self.account is None or self.account.progress is not None)

    @property
    def in_production(self) -> bool:
        """Whether the configuration marks the account as production."""
        names = (self.account.id, self.account.alias or "") if self.account else ()
        return any(fnmatchcase(name.lower(), each.lower()) for name in names for each in self.production)

    @property
    def now(self) -> datetime:
        """The current time according to the clock of the source: a snapshot may be hours old."""
        return self.reader.clock() if self.reader else datetime.now(UTC)

    def shown_time(self, moment: datetime) -> datetime:
        """Convert a time from this machine's clock, such as that of a call, to the clock of the account's times.

        They differ only in the demo, whose account has a date of its own.
        """
        if self.kind != "demo":
            return moment
        return moment + timedelta(seconds=round((self.now - datetime.now(UTC)).total_seconds()))

    @property
    def credentials_end(self) -> datetime | None:
        """When the caller's credentials expire, if the reader knows it. Some credentials are then renewed."""
        return getattr(self.reader, "credentials_end", None)

    @property
    def break_glass(self) -> str:
        """The regular expression for the names of emergency roles; see `is_break_glass`."""
        from iam.break_glass import USUAL

        return self.review_limits.break_glass if self.review_limits is not None else USUAL

    def note(self, doing: str, what: str) -> None:
        self.troubles.append(RunTrouble(self.shown_time(datetime.now(UTC)), doing, what))
        del self.troubles[:-MOST_TROUBLES]

    def renew(self, changed: ChangedEntities, plan_id: str, account_id: str = "") -> None:
        """Replace the entities that a plan changed with their newly read state. Earlier findings are dropped.

        ``account_id`` is the account of the plan; "" means the one in view.
        """
        self.writes.read_back(plan_id)
        if self.account is not None and account_id not in ("", self.account.id):
            self._renew_elsewhere(changed, account_id)
            return
        if self.account is not None:
            self.account = changed.into(self.account)
            self._renew_opened()
        self.findings = None
        for name in changed.roles:
            self.roles_read.pop(name, None)
        for arn in changed.policies:
            self.policies_read.pop(arn, None)

    def _renew_elsewhere(self, changed: ChangedEntities, account_id: str) -> None:
        from iam.sources.reader.opened import OpenedAccount

        self._left.pop(account_id, None)
        self.renewed.add(account_id)
        accounts = self.accounts
        opened = accounts.opened(account_id) if accounts is not None and account_id in accounts.at_hand else None
        if accounts is not None and opened is not None:
            accounts.renew(OpenedAccount(changed.into(opened.account), opened.reader, accounts))

    def start_again(self) -> None:
        """Drop the results of single reads, because the account is about to be read again.

        Reads that are still running store their results in the dropped collections, which no screen shows: see
        `messages.RoleRead`.
        """
        self.roles_read, self.policies_read = {}, {}
        self.findings = None
        self.failure = ""


def unread_lines(session: Session) -> Sequence[tuple[str, str, str]]:
    """Return the call, the reason and the consequence of every read of the account that did not succeed."""
    if session.account is None:
        return ()
    return [(item.call, item.why, item.costs) for item in session.account.unreadable]
