"""The copy menu: what can be copied here, sent to the clipboard or shown to be selected."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import BindingType

from iam.account import Role
from screens.commands import Command, bindings
from screens.copy.clipboard import Sent, send
from screens.frame.base import BaseScreen
from screens.role.policies import PolicyEntry
from screens.text import plural
from screens.widgets.document import DocumentView
from screens.widgets.modal import CLOSE, Choice, Menu, TextWindow


@dataclass(frozen=True, slots=True)
class Copy:
    """One thing to copy: ``key`` chooses it, ``label`` names it."""

    key: str
    label: str
    text: str


SHOW = Command("copy.show", "v", "show it instead", "Show the text, to select it with the mouse.", "This window", True)


class CopyMenu(Menu):
    DECLARED = (SHOW, CLOSE)
    BINDINGS: ClassVar[list[BindingType]] = bindings((SHOW,))

    def __init__(self, copies: Sequence[Copy]) -> None:
        self.copies = tuple(copies)
        choices = [Choice(str(index), each.label, _preview(each.text), each.key) for index, each in enumerate(copies)]
        super().__init__("Copy", choices)

    def action_show(self) -> None:
        if self.chosen is not None:
            self.dismiss(f"show {self.chosen}")


def _preview(text: str) -> str:
    lines = text.count("\n") + 1
    return text if lines == 1 else plural(lines, "line")


def copy_menu(screen: BaseScreen, copies: Sequence[Copy]) -> None:
    """Ask what to copy, then send it, or show it where it cannot be sent."""

    def chosen(answer: str | None) -> None:
        if answer is None:
            return
        show = answer.startswith("show ")
        copy = copies[int(answer.removeprefix("show "))]
        if show:
            screen.app.push_screen(TextWindow(copy.label, copy.text))
        else:
            copy_now(screen, copy)

    screen.app.push_screen(CopyMenu(copies), chosen)


def copy_now(screen: BaseScreen, copy: Copy) -> None:
    def write(text: str) -> None:
        driver = screen.app._driver
        if driver is not None:
            driver.write(text)
            driver.flush()

    def work() -> None:
        sent = send(copy.text, write)
        screen.app.call_from_thread(report, sent)

    def report(sent: Sent) -> None:
        if sent.ok:
            screen.say(f"{copy.label}: {sent.sentence} Not there? y, then v shows it.")
        else:
            screen.app.push_screen(TextWindow(f"{copy.label}. {sent.sentence}", copy.text))

    screen.run_worker(work, thread=True, exclusive=True, group="copy", exit_on_error=False)


def role_copies(role: Role, entry: PolicyEntry | None, view: DocumentView | None) -> list[Copy]:
    """What can be copied of a role: with its chosen policy and the statement under the cursor."""
    copies = [Copy("n", "name", role.name), Copy("a", "ARN", role.arn)]
    if role.trust is not None:
        copies.append(Copy("t", "trust policy", role.trust.text))
    if entry is not None and entry.document is not None:
        copies.append(Copy("p", f"policy {entry.name}", entry.document.text))
    if entry is not None and entry.arn:
        copies.append(Copy("r", "policy ARN", entry.arn))
    if view is not None and view.document is not None and view.statement is not None:
        copies.append(Copy("s", "statement", statement_text(view)))
    copies.append(Copy("c", "aws command", aws_command(role, entry)))
    return copies


def statement_text(view: DocumentView) -> str:
    """The statement under the cursor as JSON."""
    assert view.document is not None and view.statement is not None
    statements = view.document.value["Statement"]
    chosen = statements[view.statement.index] if isinstance(statements, list) else statements
    return json.dumps(chosen, indent=2, ensure_ascii=False)


def aws_command(role: Role, entry: PolicyEntry | None) -> str:
    """The AWS CLI's commands that read what is on the screen; names are quoted for the shell."""
    name = shlex.quote(role.name)
    commands = [f"aws iam get-role --role-name {name}"]
    if entry is None:
        commands.append(f"aws iam list-attached-role-policies --role-name {name}")
        commands.append(f"aws iam list-role-policies --role-name {name}")
    elif entry.arn is None:
        commands.append(f"aws iam get-role-policy --role-name {name} --policy-name {shlex.quote(entry.name)}")
    else:
        version = entry.policy.default_version_id if entry.policy else None
        commands.append(
            f"aws iam get-policy-version --policy-arn {shlex.quote(entry.arn)} --version-id {shlex.quote(version)}"
            if version
            else f"aws iam get-policy --policy-arn {shlex.quote(entry.arn)}"
        )
    return "\n".join(commands)
