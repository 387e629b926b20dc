"""Everything that was found out about one conflict, for the verdict and the advice."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta

from diagnostics.already_exists.find.search import Found, NameSearch
from diagnostics.already_exists.kinds import EntityKind
from diagnostics.already_exists.study.compare import EntityComparison
from diagnostics.already_exists.study.deletion import Deletion
from diagnostics.already_exists.study.owner import Ownership, tool_of
from diagnostics.already_exists.study.quotas import Fullness
from diagnostics.already_exists.study.use import Use
from diagnostics.already_exists.wanted import UNTOLD, Wanted
from diagnostics.failure import Conflict
from diagnostics.fix import Who
from diagnostics.tools import Tool, logical_name, tool_in
from iam.account import Account
from iam.simulator import SimulationRequest, SimulationResult
from iam.sources.reader import AccountReader, OpenedAccount

_ACCOUNT_IN_ARN = re.compile(r"arn:aws[\w-]*:(?:iam|sts|cloudformation):[\w-]*:(\d{12}):")


@dataclass(slots=True)
class ConflictCase:
    """One conflict while it is looked at: filled step by step.

    ``kind`` is what was wanted (None where the text does not say); ``looks`` holds one look for each namespace that was
    searched for it, ``others`` those in the namespaces that do not matter. ``found`` is what has the name.
    """

    conflict: Conflict
    opened: OpenedAccount
    kind: EntityKind | None
    name: str | None
    wanted: Wanted = UNTOLD
    looks: tuple[NameSearch, ...] = ()
    others: tuple[NameSearch, ...] = ()
    found: Found | None = None
    owner: Ownership = field(default_factory=Ownership)
    use: Use = field(default_factory=Use)
    comparison: EntityComparison = field(default_factory=lambda: EntityComparison(False))
    deletion: Deletion | None = None
    deletion_unknown: bool = False
    fullness: Fullness | None = None
    studied: bool = False
    """Whether owner, use and deletion were looked for: else their being empty says nothing."""

    @property
    def account(self) -> Account:
        return self.opened.account

    @property
    def reader(self) -> AccountReader:
        return self.opened.reader

    @property
    def refused(self) -> bool:
        """Whether AWS refused a call; False for a question that somebody typed."""
        text = self.conflict.text.lower()
        return self.conflict.code is not None or "already" in text or "has been taken" in text

    @property
    def older(self) -> str:
        """Of a snapshot, which may be older than the refusal: how old it is, in words; else empty."""
        if self.account.source != "snapshot" or not self.refused:
            return ""
        captured = self.account.captured_at
        return f"the snapshot of {captured:%Y-%m-%d %H:%M} UTC" if captured else "the snapshot, whose age is unknown"

    @property
    def own_try(self) -> bool:
        """Whether the caller seems to have made it a moment ago: a call that timed out and was sent again."""
        created = self.found.created if self.found else None
        if created is None or not timedelta(0) <= self.account.now - created < timedelta(hours=1):
            return False
        maker = self.owner.maker
        caller = (self.account.caller_arn or "").rsplit("/", 1)[-1]
        return maker is not None and maker.username is not None and maker.username.rsplit("/", 1)[-1] == caller

    @property
    def other_account(self) -> str | None:
        """The account of the stack or the entity that the text names, when it is not the one that is looked at.

        Other ARNs in a text tell nothing: trust policies name other accounts.
        """
        for said in (self.conflict.owner_stack, self.conflict.name):
            match = _ACCOUNT_IN_ARN.match(said or "")
            if match and match.group(1) != self.account.id:
                return match.group(1)
        return None

    @property
    def gaps(self) -> tuple[str, ...]:
        """What could not be read of the namespaces that matter."""
        return tuple(dict.fromkeys(gap for look in self.looks for gap in look.gaps))

    @property
    def tool(self) -> Tool | None:
        """What the operator uses, as the paste tells."""
        text = self.conflict.text
        if found := tool_in(text):
            return found
        if "│" in text or "https response error StatusCode" in text:
            return Tool.TERRAFORM
        return tool_of(text[:2000])

    @property
    def logical_name(self) -> str | None:
        """What the operator's tool calls the resource, as the paste says."""
        tool = self.tool
        if tool is None:
            return None
        if tool is Tool.TERRAFORM and self.wanted.address:
            return self.wanted.address
        return logical_name(self.conflict.text, tool)

    def who(self, *actions: str) -> Who:
        """Who may make a change: the caller, where AWS's simulator says so or nothing says otherwise."""
        simulator = self.reader.simulator()
        caller = self.account.caller_arn
        if simulator is None or caller is None or self.found is None:
            return Who.YOU
        for action in actions:
            answer = simulator.simulate(SimulationRequest(_policy_source(caller), action, self.found.arn))
            if isinstance(answer, SimulationResult) and answer.outcome != "allowed":
                return Who.ACCOUNT_ADMIN
        return Who.YOU


def _policy_source(caller: str) -> str:
    """The ARN whose policies hold for a caller: the role of a session, which the simulator cannot take itself."""
    if ":assumed-role/" not in caller:
        return caller
    head, _, rest = caller.partition(":assumed-role/")
    return f"{head.replace(':sts:', ':iam:')}:role/{rest.split('/')[0]}"
