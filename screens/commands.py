"""Declarations of commands.

The declaration of a command provides its binding, its title in the footer, the help screen and the palette, and whether
the command is allowed now.

A screen or widget lists its commands in ``DECLARED`` and sets ``BINDINGS = bindings(DECLARED)``; the mixin `Commanded`
implements Textual's ``check_action`` with them. A command runs its owner's method ``action_<name>``, where ``<name>``
is the last part of the command's ID.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType

from screens.session import Session

if TYPE_CHECKING:
    from textual.screen import Screen

    from iam.account import Role
    from iam.changes.journal import JournalRecord


@dataclass(frozen=True, slots=True)
class CommandSituation:
    """The facts that decide whether a command is allowed: session, current role, number of marked rows."""

    session: Session
    role: Role | None = None
    marked: int = 0


Permission = Callable[[CommandSituation], str]
"""A function that returns "" if the command is allowed, else one sentence that says why not."""


def always(_: CommandSituation) -> str:
    return ""


def with_account(situation: CommandSituation) -> str:
    return "" if situation.session.account else "The account has not been read yet."


def with_live_account(situation: CommandSituation) -> str:
    """Return "" if more accounts can be read, from AWS or the demo.

    Otherwise return why not: a snapshot contains only one account.
    """
    session = situation.session
    if session.account is None:
        return with_account(situation)
    return (
        ""
        if session.kind in ("aws", "demo")
        else "This snapshot contains only one account: --snapshot FOLDER opens several."
    )


def with_several_accounts(situation: CommandSituation) -> str:
    if situation.session.accounts is not None:
        return ""
    return with_account(situation) or "Only one account is open: --accounts all or --snapshot FOLDER opens several."


def without_account(situation: CommandSituation) -> str:
    return "The account is already open." if situation.session.account else ""


def with_role(situation: CommandSituation) -> str:
    return "" if situation.role else "Choose a role first."


def writing(situation: CommandSituation) -> str:
    session = situation.session
    if session.writable:
        return ""
    if session.kind == "snapshot":
        return "A snapshot is read-only."
    return "Read-only: restart with --write to make changes."


def half_done(situation: CommandSituation) -> str:
    return "" if situation.session.unfinished else "No change is unfinished."


def undoable(session: Session) -> JournalRecord | None:
    """Return the latest change that was made and not undone, or None."""
    if not session.changes:
        return None
    from iam.changes.undo_plan import undone_by  # not needed for the first frame

    return next(
        (
            record
            for record in session.changes
            if record.end == "applied" and not record.plan.undoes and undone_by(record, session.changes) is None
        ),
        None,
    )


def made_change(situation: CommandSituation) -> str:
    return "" if undoable(situation.session) else "There is no change to undo."


def unprotected(situation: CommandSituation) -> str:
    role = situation.role
    if role and role.service_owned:
        return f"IAM's calls cannot change {role.name}, because this role belongs to an AWS service."
    return ""


def every(*rules: Permission) -> Permission:
    """Return a permission that requires all of these permissions and reports the first that is not granted."""

    def rule(situation: CommandSituation) -> str:
        return next((sentence for each in rules if (sentence := each(situation))), "")

    return rule


NO_KEY = "no-key"
"""The key for commands that are only in the palette. No terminal sends this key; the keymap may assign another."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command. ``id`` is globally unique (``roles.sort``), and is the name in the configuration's keymap.

    ``keys`` is one or more of Textual's key names, comma-separated. ``title`` is short (footer, palette), ``help`` a
    sentence. ``group`` is the heading for it in the help screen. ``palette`` is False for commands that the palette
    does not list, such as cursor moves. ``changes``: the command leads to a change of the account, or makes one.
    """

    id: str
    keys: str
    title: str
    help: str = ""
    group: str = "This screen"
    show_in_footer: bool = False
    allowed: Permission = always
    palette: bool = True
    priority: bool = False
    changes: bool = False

    @property
    def action(self) -> str:
        return self.id.rpartition(".")[2].replace("-", "_")

    def binding(self) -> Binding:
        return Binding(
            self.keys or NO_KEY,
            self.action,
            self.title,
            show=self.show_in_footer and bool(self.keys),
            id=self.id,
            tooltip=self.help,
            priority=self.priority,
        )


def bindings(commands: Iterable[Command]) -> list[BindingType]:
    return [command.binding() for command in commands]


class Commanded:
    """A mixin for screens, widgets and apps that have commands. Put it before Textual's class."""

    DECLARED: ClassVar[Sequence[Command]] = ()

    _commands: ClassVar[Mapping[str, Command]] = {}

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        cls._commands = {command.action: command for command in reversed(cls.DECLARED)}

    def situation(self) -> CommandSituation:
        raise NotImplementedError

    def command_for(self, action: str) -> Command | None:
        return self._commands.get(action)

    def title_of(self, command: Command) -> str:
        """Return the title of a command for the footer. Subclasses may return the key's current effect."""
        return command.title

    def leads_to_change(self, command: Command) -> bool:
        """Return whether the command's key currently leads to a change of the account."""
        return command.changes

    def why_not(self, command: Command) -> str:
        return "" if command.allowed is always else command.allowed(self.situation())

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return False if the action may not run now. Textual calls this before it runs an action or shows its key."""
        command = self.command_for(action)
        return command is None or not self.why_not(command)


def objection(screen: Screen[Any], key: str) -> str:
    """Return why a key's command does not work now on a screen.

    "" if the command works, or if no command has that key.
    """
    said = ""
    for namespace, declared in screen._modal_binding_chain:
        for binding in declared.key_to_bindings.get(key, ()):
            command = namespace.command_for(binding.action) if isinstance(namespace, Commanded) else None
            sentence = namespace.why_not(command) if command and isinstance(namespace, Commanded) else ""
            # If the screen's command is not possible now, the application's command with the same key must not run
            # instead.
            if not sentence and not (said and namespace is screen.app):
                if namespace.check_action(binding.action, ()):
                    return ""
                continue
            said = said or sentence
    return said
