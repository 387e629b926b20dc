"""The line on top: which account, who you are, where, how, and what could not be read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual import events

from screens.session import Session
from screens.text import ago, fit, marks, visible
from screens.widgets.line import Line, Piece
from screens.widgets.styles import FAINT, GOOD, PLAIN, PRODUCTION, STRONG, WARN, WRITE

if TYPE_CHECKING:
    from datetime import datetime

    from iam.account import Account


def caller_name(arn: str | None) -> str:
    """What a person calls the caller: the user's name, or role/session of an assumed role."""
    if not arn:
        return "caller unknown"
    from iam.arn import resource_of

    resource = resource_of(arn)
    kind, _, rest = resource.partition("/")
    if kind == "assumed-role":
        return rest
    return rest.rpartition("/")[2] if rest else resource


def source_name(session: Session) -> str:
    account: Account | None = session.account
    if session.kind == "snapshot" and account:
        if account.captured_at is None:
            return "snapshot of unknown age"
        from datetime import UTC, datetime

        return f"snapshot {ago(account.captured_at, datetime.now(UTC))} old"
    return session.kind or "opening"


SOON_MINUTES = 15
"""The minutes before their end from which credentials are warned of."""


def _ending(end: datetime | None) -> str:
    """That the caller's credentials end soon, or have ended."""
    if end is None:
        return ""
    from datetime import UTC, datetime

    minutes = int((end - datetime.now(UTC)).total_seconds() // 60)
    if minutes >= SOON_MINUTES:
        return ""
    return f"credentials end in {minutes} min" if minutes >= 0 else "credentials ended"


class Header(Line):
    """Draws itself from the session; shortens the least needed first where the terminal is narrow."""

    DEFAULT_CSS = "Header { dock: top; height: 1; }"

    def __init__(self, session: Session, tabs: Sequence[tuple[str, str, bool]] = ()) -> None:
        super().__init__(id="header")
        self.session = session
        self.tabs = tabs
        self._drawn: tuple[Piece, ...] = ()

    def show_session(self) -> None:
        """Repaint, if the session gives the line another text now."""
        drawn = tuple(self.pieces(self.size.width))
        if drawn != self._drawn:
            self._drawn = drawn
            self.refresh()

    def pieces(self, width: int) -> Sequence[Piece]:
        parts = self._facts()
        for gap in ("   ", "  ", " "):
            used = sum(cell_len(text) for text, _ in parts) + len(gap) * (len(parts) - 1) + 1
            if used <= width:
                break
        title = f" rolescope{gap}" if used + 9 + len(gap) <= width else " "
        if used > width and len(parts) > 1:
            # Who you are may be a long session name: it gives way, the write mode never does.
            text, style = parts[1]
            parts[1] = (fit(text, max(6, cell_len(text) - (used - width))), style)
        pieces: list[Piece] = [(title, FAINT), parts[0]]
        for part in parts[1:]:
            pieces += [(gap, PLAIN), part]
        return self._with_tabs(pieces, width)

    async def on_click(self, event: events.Click) -> None:
        """A click on a main screen's name does what its key does."""
        names = {text: name for key, name, _ in self.tabs for text in (key, f"{key} {name}")}
        at = 0
        for text, _ in self.pieces(self.size.width):
            if at <= event.x < at + cell_len(text) and text in names:
                await self.app.run_action(f"app.{names[text].lower()}")
            at += cell_len(text)

    def _facts(self) -> list[Piece]:
        """Account, caller, region, source, write mode, what is missing."""
        session, account = self.session, self.session.account
        parts: list[Piece] = []
        if account:
            name = f"{visible(account.alias)} {account.id}" if account.alias else account.id
            parts.append((f" PROD {name} ", PRODUCTION) if session.in_production else (name, STRONG))
            parts.append((visible(caller_name(account.caller_arn)), PLAIN))
            parts.append((visible(account.region or "no region"), PLAIN))
        elif session.failure:
            parts.append((f"{marks().failed} no account", WARN))
        else:
            parts.append(("opening the account ...", FAINT))
        if session.reader:
            parts.append((source_name(session), PLAIN))
            parts.append((" WRITE ", WRITE) if session.writable else ("READ-ONLY", GOOD))
        ending = _ending(session.credentials_end)
        if ending:
            parts.append((ending, WARN))
        missing = len(account.unreadable) + len(account.warnings) if account else 0
        if missing:
            parts.append((f"! {missing} not read", WARN))
        elif session.troubles:
            parts.append((f"! {len(session.troubles)}", WARN))
        return parts

    def _with_tabs(self, pieces: list[Piece], width: int) -> Sequence[Piece]:
        """The main screens at the right, as far as there is room; the title, the first piece, goes before they do."""
        shown = [(f"{key} {name}", here) for key, name, here in self.tabs]
        room = width - sum(cell_len(text) for text, _ in pieces[1:]) - 5
        if len("  ".join(text for text, _ in shown)) > room:
            # Only the name of the screen that is shown: the others keep their keys in sight.
            shown = [(f"{key} {name}" if here else key, here) for key, name, here in self.tabs]
        tabs = "  ".join(text for text, _ in shown)
        if sum(cell_len(text) for text, _ in pieces) + cell_len(tabs) + 4 > width:
            pieces[0] = (" ", FAINT)
        room = width - sum(cell_len(text) for text, _ in pieces) - cell_len(tabs) - 1
        if self.tabs and room >= 3:
            pieces.append((" " * room, PLAIN))
            for index, (text, here) in enumerate(shown):
                pieces.append((f"{'  ' if index else ''}", PLAIN))
                pieces.append((text, STRONG if here else FAINT))
        return pieces
