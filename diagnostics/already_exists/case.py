"""What is known about one name conflict, for the verdict and the advice."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta

from diagnostics.already_exists.find.search import Found, NameSearch
from diagnostics.already_exists.find.spelling import fault_of
from diagnostics.already_exists.kinds import EntityKind
from diagnostics.already_exists.study.compare import EntityComparison
from diagnostics.already_exists.study.deletion import Deletion
from diagnostics.already_exists.study.owner import Ownership, tool_of
from diagnostics.already_exists.study.quotas import Fullness
from diagnostics.already_exists.study.use import Use
from diagnostics.already_exists.wanted import NOTHING_STATED, Wanted
from diagnostics.failure import Conflict
from diagnostics.tools import Tool, logical_name, tool_in
from diagnostics.who import Who
from iam.account import Account
from iam.lazy_pattern import regex
from iam.simulator import SimulationRequest, SimulationResult
from iam.sources.reader.account_reader import AccountReader
from iam.sources.reader.opened import OpenedAccount

_ACCOUNT_IN_ARN = regex(r"arn:aws[\w-]*:(?:iam|sts|cloudformation):[\w-]*:(\d{12}):")
_CALLED_ACCOUNT = regex(
    r"\baccount(?:[ _-]?(?:id|number))?[\"'`]?(?: is| was)?[ \t]*[:=(]?[ \t]*[\"'`]?(\d{12})(?![\w:/-])", re.IGNORECASE
)
"""A number that the text calls an account: ``in account 111122223333``, ``account_id = 111122223333``."""


@dataclass(slots=True)
class ConflictCase:
    """A name conflict under investigation. Its fields are set step by step.

    ``kind`` is the kind of entity that was wanted (None if the text does not say). ``looks`` has one search for each
    namespace that matters, ``others`` has the searches in the other namespaces. ``found`` is the entity that has the
    name.
    """

    conflict: Conflict
    opened: OpenedAccount
    kind: EntityKind | None
    name: str | None
    wanted: Wanted = NOTHING_STATED
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
    """Whether owner, use and deletion were investigated. If not, an empty field does not mean that there is nothing."""

    @property
    def account(self) -> Account:
        return self.opened.account

    @property
    def reader(self) -> AccountReader:
        return self.opened.reader

    @property
    def refused(self) -> bool:
        """Whether AWS denied a call; False if somebody typed a question instead."""
        text = self.conflict.text.lower()
        return self.conflict.code is not None or "already" in text or "has been taken" in text

    @property
    def misread(self) -> tuple[str, ...]:
        """The parts of an "existing name" with a slash. It is either a path and a name, or several names."""
        parts = tuple(filter(None, (self.name or "").split("/")))
        return parts if self.refused and len(parts) > 1 and fault_of(self.kind, self.name) else ()

    @property
    def older(self) -> str:
        """A phrase for the snapshot and its time, if the snapshot may be older than the failed call, else ""."""
        if self.account.source != "snapshot" or not self.refused:
            return ""
        captured = self.account.captured_at
        return f"the snapshot of {captured:%Y-%m-%d %H:%M} UTC" if captured else "the snapshot, whose age is unknown"

    @property
    def own_try(self) -> bool:
        """Whether the caller seems to have created the entity within the last hour.

        That suggests a call that timed out and was sent again.
        """
        created = self.found.created if self.found else None
        if created is None or not timedelta(0) <= self.account.now - created < timedelta(hours=1):
            return False
        maker = self.owner.maker
        caller = (self.account.caller_arn or "").rsplit("/", 1)[-1]
        return maker is not None and maker.username is not None and maker.username.rsplit("/", 1)[-1] == caller

    @property
    def other_account(self) -> str | None:
        """The account of the stack or entity that the text names, if it is not the current one; else None.

        If the text names neither, it is the only number that the text calls an account, unless the text also contains
        the current account's number. Other ARNs in a text do not count: trust policies name other accounts.
        """
        for said in (self.conflict.owner_stack, self.conflict.name):
            match = _ACCOUNT_IN_ARN.match(said or "")
            if match and match.group(1) != self.account.id:
                return match.group(1)
        called = set(_CALLED_ACCOUNT.findall(self.conflict.text))
        return called.pop() if len(called) == 1 and self.account.id not in self.conflict.text else None

    @property
    def gaps(self) -> tuple[str, ...]:
        """Sentences about what could not be read in the namespaces that matter."""
        return tuple(dict.fromkeys(gap for look in self.looks for gap in look.gaps))

    @property
    def tool(self) -> Tool | None:
        """The tool that the operator uses, according to the pasted text, or None."""
        text = self.conflict.text
        if found := tool_in(text):
            return found
        if "│" in text or "https response error StatusCode" in text:
            return Tool.TERRAFORM
        return tool_of(text[:2000])

    @property
    def logical_name(self) -> str | None:
        """The resource's logical name in the operator's tool, according to the pasted text, or None."""
        tool = self.tool
        if tool is None:
            return None
        if tool is Tool.TERRAFORM and self.wanted.address:
            return self.wanted.address
        return logical_name(self.conflict.text, tool)

    def who(self, *actions: str) -> Who:
        """Return who may make a change.

        That is the caller, unless AWS's simulator says that the caller is not allowed to.
        """
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
    """Return the ARN of the principal whose policies apply to a caller.

    For a session, return its role, because the simulator does not accept sessions.
    """
    if ":assumed-role/" not in caller:
        return caller
    head, _, rest = caller.partition(":assumed-role/")
    return f"{head.replace(':sts:', ':iam:')}:role/{rest.split('/')[0]}"
