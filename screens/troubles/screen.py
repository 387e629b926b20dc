"""The data that could not be read from the account, with the consequences, and the failures in this run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.widget import Widget

from iam.sources.aws.calls import CallLog, LoggedOutcome
from screens.session import Session, unread_lines
from screens.text import marks, plural, visible
from screens.widgets.line import Piece
from screens.widgets.modal import PieceLines, Window
from screens.widgets.strips import paragraph
from screens.widgets.styles import FAINT, PLAIN, STRONG, WARN


def call_log(session: Session) -> CallLog | None:
    """Return the log of AWS calls; None for a reader that makes no calls (a snapshot)."""
    calls = getattr(session.reader, "log", None)
    return calls if isinstance(calls, CallLog) else None


class TroublesScreen(Window[None]):
    def __init__(self, session: Session) -> None:
        super().__init__("What went wrong in this run")
        self.session = session

    def compose_inside(self) -> Iterable[Widget]:
        yield PieceLines(self.lay_out)

    def lay_out(self, width: int) -> Sequence[Sequence[Piece]]:
        lines: list[Sequence[Piece]] = []
        session = self.session
        unread = unread_lines(session)
        if unread:
            lines.append([(f"Not readable with these permissions ({len(unread)})", STRONG)])
            for name, why, costs in unread:
                lines += paragraph(f"{marks().unknown} {name}: {why}", width, PLAIN, "  ")
                if costs:
                    lines += paragraph(f"  costs: {costs}", width, WARN, "    ")
            lines += paragraph("The permissions that rolescope needs: rolescope permissions browse", width, FAINT, "  ")
        for warning in session.account.warnings if session.account else ():
            lines += paragraph(f"! {warning}", width, WARN, "  ")
        if session.troubles:
            lines += [[("", PLAIN)]] if lines else []
            lines.append([(f"Failed in this run ({len(session.troubles)})", STRONG)])
            for trouble in session.troubles:
                text = f"{marks().failed} {trouble.when:%H:%M:%S} {trouble.doing}: {trouble.what}"
                lines += paragraph(text, width, PLAIN, "  ")
        log = call_log(session)
        failed = (
            []
            if log is None
            else [
                call
                for call in log.calls()
                # "Does not exist" is a valid result that diagnoses ask for.
                if call.outcome not in (LoggedOutcome.OK, LoggedOutcome.ABSENT, LoggedOutcome.RUNNING)
            ]
        )
        if failed:
            lines += [[("", PLAIN)]] if lines else []
            lines.append([(f"Failed AWS calls: {plural(len(failed), 'call')} (5 shows all)", STRONG)])
            for call in failed[-20:]:
                text = f"{marks().failed} {call.name} {call.subject}: {call.code or call.outcome} {call.message}"
                lines += paragraph(visible(text), width, FAINT, "  ")
        return lines or [[(f"{marks().passed} Nothing is missing: everything requested was read.", PLAIN)]]
