"""The versions of a managed policy, each with its difference from the default one.

Any of them can be made the default.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from iam.account import ManagedPolicy, PolicyVersion
from iam.changes.entity_name import EntityKind, EntityName
from screens.commands import Command, bindings
from screens.copy.menu import Copy, copy_menu
from screens.frame.base import PANES
from screens.frame.list_screen import ListScreen
from screens.plan.planning import PlansChanges
from screens.session import Session
from screens.text import ago, marks, plural, visible
from screens.widgets.difference import DifferenceView
from screens.widgets.pane import Pane
from screens.widgets.styles import PLAIN, STRONG
from screens.widgets.table import Column, Row, VirtualTable

COMMANDS = (
    Command(
        "versions.set-back",
        "p",
        "make default",
        "Make this version the default; you see a plan first.",
        show_in_footer=True,
        changes=True,
    ),
    Command(
        "versions.against-before",
        "X",
        "compare versions",
        "Compare with the previous version, or with the default version.",
        show_in_footer=True,
    ),
    Command(
        "versions.history", "h", "history", "Show what changed in the policy, when, and by whom.", show_in_footer=True
    ),
    Command("versions.copy", "y", "copy", "Copy the version's document, or the policy's ARN.", show_in_footer=True),
    Command("versions.back", "escape", "back", "Back to the role.", palette=False, show_in_footer=True),
)


def newest_first(versions: Sequence[PolicyVersion]) -> list[PolicyVersion]:
    """Return the versions sorted by number: v10 is newer than v9."""
    return sorted(versions, key=lambda version: (len(version.id), version.id), reverse=True)


class VersionsScreen(ListScreen, PlansChanges):
    MODE = "roles"
    DECLARED = (*COMMANDS, *PANES)
    BINDINGS: ClassVar[list[BindingType]] = bindings(COMMANDS)
    DEFAULT_CSS = "VersionsScreen #versions { height: auto; }"

    def __init__(self, session: Session, arn: str) -> None:
        super().__init__(session)
        self.arn = arn
        self.read_at = session.writes.present
        self.against_before = False

    @property
    def policy(self) -> ManagedPolicy | None:
        return self.session.policy(self.arn)

    @property
    def versions(self) -> list[PolicyVersion]:
        return newest_first(self.policy.versions) if self.policy else []

    @property
    def chosen(self) -> PolicyVersion | None:
        row = self.table.row if self.is_mounted else None
        return next((version for version in self.versions if row and version.id == row.id), None)

    def compose_body(self) -> Iterable[Widget]:
        table = VirtualTable(
            (Column("VERSION", 10), Column("", 10), Column("CREATED", 12), Column("AGE", 10, grow=1)),
            empty="No version of this policy could be read.",
            opens=False,
        )
        yield Pane(table, id="versions")
        yield Pane(DifferenceView(), id="compared")

    def words(self) -> str:
        return (
            "A managed policy has at most five versions, and only the default version is in effect. If you change "
            "the default version, every role, user and group with the policy is affected."
        )

    def rests_on(self) -> Iterable[EntityName]:
        return (EntityName(EntityKind.POLICY, self.arn),)

    def session_changed(self) -> None:
        policy = self.policy
        if policy is None:
            return
        self.read_at = self.session.writes.present
        count = plural(len(policy.versions), "version")
        only_default = policy.aws_managed and len(policy.versions) == 1
        note = "; only the default version of an AWS managed policy is read" if only_default else ""
        self.query_one("#versions", Pane).name_it(visible(policy.name), f"{count} of 5{note}")
        rows = []
        for version in self.versions:
            rows.append(
                Row(
                    version.id,
                    (
                        version.id,
                        f"{marks().passed} default" if version.is_default else "",
                        f"{version.created:%Y-%m-%d}" if version.created else marks().unknown,
                        ago(version.created, self.session.now) if version.created else "",
                    ),
                    STRONG if version.is_default else PLAIN,
                )
            )
        table = self.table
        table.styles.height = 1 + max(1, len(rows))
        table.show(rows)
        self.show_detail()

    def show_detail(self) -> None:
        versions, chosen = self.versions, self.chosen
        if chosen is None:
            return
        index = versions.index(chosen)
        default = next((version for version in versions if version.is_default), chosen)
        before = versions[index + 1] if index + 1 < len(versions) else chosen
        # For the version in effect, only its own change can be shown.
        other = before if self.against_before or chosen is default else default
        rule = self.query_one("#compared", Pane)
        if other is chosen:
            rule.name_it(f"{chosen.id}: there is no older version to compare with")
        else:
            rule.name_it(f"from {other.id}{' (in effect)' if other.is_default else ''} to {chosen.id}")
        self.query_one(DifferenceView).show(other.document.text, chosen.document.text)

    def why_not(self, command: Command) -> str:
        objection = super().why_not(command)
        policy, version = self.policy, self.chosen
        if not objection and command.action == "copy" and version is None:
            return "There is no version to copy."
        if objection or command.action != "set_back":
            return objection
        if policy is None or version is None:
            return "There is no version to make the default."
        if policy.aws_managed:
            return f"{visible(policy.name)} is an AWS managed policy: only AWS decides which version is in effect."
        return f"{version.id} is already in effect: choose another version." if version.is_default else ""

    def action_set_back(self) -> None:
        from diagnostics.plans.policy_use import version_plan

        arn, version = self.arn, self.chosen
        if version is not None:
            id = version.id
            self.plan_change(lambda opened: version_plan(arn, id, opened))

    def action_copy(self) -> None:
        version = self.chosen
        if version is not None:
            document = Copy("d", f"the document of {version.id}", version.document.text)
            copy_menu(self, [document, Copy("a", "the policy's ARN", self.arn)])

    def action_history(self) -> None:
        from screens.history.screen import policy_history

        self.app.push_screen(policy_history(self.session, self.arn))

    def action_against_before(self) -> None:
        self.against_before = not self.against_before
        self.show_detail()
