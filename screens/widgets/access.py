"""The permissions that policies grant together, by service and access level, on one page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from screens.text import fit, marks, plural, visible
from screens.widgets.line import Piece
from screens.widgets.lines import LinesView
from screens.widgets.strips import wrap
from screens.widgets.styles import BAD, FAINT, PLAIN, STRONG, WARN

if TYPE_CHECKING:
    from iam.questions.access_levels import ServiceAccess

NAMES_SHOWN = 4


class AccessView(LinesView):
    """The services with their allowed actions by level, and the resources.

    Notes above them say what is not included.
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.access: tuple[ServiceAccess, ...] | None = None
        self.notes: tuple[str, ...] = ()

    def show(self, access: tuple[ServiceAccess, ...] | None, notes: Sequence[str] = ()) -> None:
        """Show the rows; None means that they are still being computed. ``notes`` must be `visible` already."""
        self.access, self.notes = access, tuple(notes)
        self.changed()

    def lines_for(self, width: int) -> Sequence[Sequence[Piece]]:
        lines: list[Sequence[Piece]] = []
        for note in self.notes:
            lines += [[(f" {part}", WARN)] for part in wrap(note, width - 2)]
        if self.access is None:
            return [*lines, [(" working out what the policies allow together ...", FAINT)]]
        if not self.access:
            return [*lines, [(" Nothing is allowed by these policies.", PLAIN)]]
        for service in self.access:
            lines += self._service(service, width)
        return lines

    def _service(self, service: ServiceAccess, width: int) -> list[Sequence[Piece]]:
        # imports the catalogue of actions, which the first frame does not need
        from iam.questions.access_levels import UNKNOWN

        short = {"Permissions management": "Permissions", UNKNOWN: ""}
        denied = service.effect == "Deny"
        heading: list[Piece] = [(f" {marks().failed} DENY " if denied else " ", BAD if denied else PLAIN)]
        heading.append((visible(service.service), BAD if denied else STRONG))
        heading.append((f"  {visible(service.title)}", FAINT))
        if service.conditional:
            heading.append(("  under conditions", WARN))
        lines: list[Sequence[Piece]] = [heading]
        if not service.levels:
            lines.append([("   every action", STRONG)])
        for level in service.levels:
            label = short.get(level.level, level.level)
            if level.all:
                text = f"all {plural(level.total, 'action')}"
            else:
                text = ", ".join(visible(name) for name in level.actions[:NAMES_SHOWN])
                if len(level.actions) > NAMES_SHOWN:
                    text += f" and {len(level.actions) - NAMES_SHOWN} more"
                if level.total:
                    text += f"  ({len(level.actions)} of {level.total})"
            for count, part in enumerate(wrap(text, max(8, width - 17))):
                lines.append([(f"   {fit(label if count == 0 else '', 12)} ", FAINT), (part, PLAIN)])
        shown = [visible(resource) for resource in service.resources[:3]]
        if len(service.resources) > 3:
            shown.append(plural(len(service.resources) - 3, "more resource"))
        for count, resource in enumerate(shown):
            for offset, part in enumerate(wrap(resource, max(8, width - 17))):
                first = count == 0 and offset == 0
                lines.append([(f"   {fit('on' if first else '', 12)} ", FAINT), (part, FAINT)])
        return lines
