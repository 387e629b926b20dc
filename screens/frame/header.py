"""The top line: account, caller, source, write mode, and data that could not be read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual import events

from screens.session import Session
from screens.text import ago, fit, fit_end, marks, visible
from screens.widgets.line import Line, Piece
from screens.widgets.styles import FAINT, GOOD, PLAIN, PRODUCTION, STRONG, TAB_HERE, WARN, WRITE

if TYPE_CHECKING:
    from datetime import datetime

    from iam.account import Account


def caller_name(arn: str | None) -> str:
    """Return the caller's short name: the user's name, or role/session of an assumed role."""
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

        return f"snapshot {ago(account.captured_at, datetime.now(UTC))} old"
    return session.kind or "opening"


SOON_MINUTES = 15
"""Warn of expiring credentials when fewer minutes than this remain."""


def _ending(end: datetime | None) -> str:
    """Return the warning that the caller's credentials expire soon or have expired; "" if there is none."""
    if end is None:
        return ""

    minutes = int((end - datetime.now(UTC)).total_seconds() // 60)
    if minutes >= SOON_MINUTES:
        return ""
    return f"credentials expire in {minutes} min" if minutes >= 0 else "credentials expired"


def _waiting(session: Session) -> str:
    """Return a note about an AWS call that has been pending for a long time; "" if there is none."""
    if session.kind != "aws":
        return ""
    from iam.sources.aws.calls import long_wait

    return long_wait()[0]


MARGIN = 2
"""The number of cells before and after the names of the main screens."""
LEAST_CALLER = 4
CUT = 3
"""The number of letters shown of a main screen's name if the full names do not fit."""


class Header(Line):
    """The header line, drawn from the session. On a narrow terminal, it shortens the least important part first."""

    DEFAULT_CSS = "Header { dock: top; height: 1; }"

    def __init__(self, session: Session, tabs: Sequence[tuple[str, str, bool]] = ()) -> None:
        super().__init__(id="header")
        self.session = session
        self.tabs = tabs
        self._drawn: tuple[Piece, ...] = ()

    def show_session(self) -> None:
        """Redraw the line if the session changed its text."""
        drawn = tuple(self.pieces(self.size.width))
        if drawn != self._drawn:
            self._drawn = drawn
            self.refresh()

    def pieces(self, width: int) -> Sequence[Piece]:
        """Return the widest form that fits.

        The program's name and wide gaps are dropped first, then the ends of the screens' names, then the caller (a
        session name may be long), then the screens' names. Account, Region and write mode are never dropped.
        """
        facts: Sequence[Piece] = self._facts()
        for title, gap, tabs, shrinks in self._forms():
            shown = _with_gaps(facts, gap)
            spare = width - sum(_length([*title, *shown, *tabs])) - (MARGIN if tabs else 0)
            if spare >= 0 or (shrinks and len(facts) > 1 and cell_len(facts[1][0]) + spare >= LEAST_CALLER):
                break
        if spare < 0:
            facts = _shortened(facts, -spare)
        pieces = [*title, *_with_gaps(facts, gap)]
        if tabs:
            room = width - sum(_length(pieces)) - sum(_length(tabs)) - 1
            pieces += [(" " * max(0, room), PLAIN), *tabs]
        return pieces

    def _forms(self) -> Iterator[tuple[list[Piece], str, list[Piece], bool]]:
        """Yield the forms, widest first.

        Each is (title, gap between facts, main screens, whether the caller may be shortened for it).
        """
        title, short = [(" rolescope   ", FAINT)], [(" ", FAINT)]
        names = [(f"{key} {name}", here) for key, name, here in self.tabs]
        here_named = [(f"{key} {name}" if here else key, here) for key, name, here in self.tabs]
        numbers = [(key, here) for key, _, here in self.tabs]
        cut = [(f"{key} {name}" if here else f"{key} {name[:CUT]}", here) for key, name, here in self.tabs]
        tight = [(f"{key}{name[:CUT]}", here) for key, name, here in self.tabs]
        yield title, "   ", _tabs(names, "  "), False
        for gap, between in (("   ", "  "), ("  ", "  "), ("  ", " "), (" ", " ")):
            yield short, gap, _tabs(names, between), False
        for gap, between in (("  ", "  "), (" ", " ")):
            yield short, gap, _tabs(cut, between), False
        here_whole = [(f"{key}{name if here else name[:CUT]}", here) for key, name, here in self.tabs]
        for tabs in (here_whole, tight, here_named, numbers):
            for shrinks in (False, True):
                yield short, " ", _tabs(tabs, " "), shrinks
        yield short, " ", [], True

    def on_click(self, event: events.Click) -> None:
        """Do the same as the key of the clicked main screen. This may remove the current screen."""
        names = {
            text: name
            for key, name, _ in self.tabs
            for text in (key, f"{key} {name}", f"{key} {name[:CUT]}", f"{key}{name}", f"{key}{name[:CUT]}")
        }
        at = 0
        for text, _ in self.pieces(self.size.width):
            if at <= event.x < at + cell_len(text) and text in names:
                self.app.call_later(self.app.run_action, f"app.{names[text].lower()}")
            at += cell_len(text)

    def _assumed(self) -> str:
        """Return the assumptions that the operator set, and those that the displayed answer depends on."""
        used = getattr(self.screen, "assumptions_used", ()) if self.is_attached else ()
        words = [each.words for each in used]
        if self.session.assumed:
            from diagnostics.assumptions import Assumption

            words += [Assumption(key, value).words for key, value in self.session.assumed.items()]
        return visible(f"assuming {f' {marks().dot} '.join(dict.fromkeys(words))}") if words else ""

    def _facts(self) -> list[Piece]:
        """Return account, caller, Region, source, write mode, and missing data."""
        session, account = self.session, self.session.account
        parts: list[Piece] = []
        if account:
            called = session.account_name
            name = f"{visible(called)} {account.id}" if called else account.id
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
        if assumed := self._assumed():
            parts.append((assumed, WARN))
        ending = _ending(session.credentials_end)
        if ending:
            parts.append((ending, WARN))
        if waiting := _waiting(session):
            parts.append((waiting, FAINT))
        missing = len(account.unreadable) + len(account.warnings) if account else 0
        if missing:
            parts.append((f"! {missing} not read", WARN))
        elif session.troubles:
            parts.append((f"! {len(session.troubles)}", WARN))
        return parts


def _length(pieces: Iterable[Piece]) -> Iterator[int]:
    return (cell_len(text) for text, _ in pieces)


def _shortened(facts: Sequence[Piece], by: int) -> Sequence[Piece]:
    """Return the facts shortened by this number of cells.

    The caller's name is truncated first; then source, Region and caller are removed entirely; the account's name is
    truncated last. The write mode is kept.
    """
    account, *shown = facts
    if shown:
        text, style = shown[0]
        room = max(LEAST_CALLER, cell_len(text) - by)
        by -= max(0, cell_len(text) - room)
        shown[0] = (_short_caller(text, room), style)
    for index in (2, 1, 0):
        if by > 0 and len(shown) > index + 1:
            by -= cell_len(shown.pop(index)[0]) + 1
    return [(fit(account[0], max(1, cell_len(account[0]) - max(0, by))), account[1]), *shown]


def _short_caller(name: str, room: int) -> str:
    """Return the caller's name shortened to fit.

    The role is removed first, because the session's name identifies the person; then the end of that name is truncated.
    """
    if cell_len(name) <= room:
        return name
    session = name.rpartition("/")[2]
    return fit_end(name, room) if cell_len(session) + 2 <= room else fit(session, min(room, cell_len(session)))


def _with_gaps(facts: Sequence[Piece], gap: str) -> list[Piece]:
    """Return the facts with gaps between them.

    If gaps are wider than one cell, a fact in reverse video keeps a reversed space on either side.
    """
    pieces = [facts[0]]
    for text, style in facts[1:]:
        padded = text.startswith(" ")
        pieces += [(gap[1:] or gap, PLAIN) if padded else (gap, PLAIN), (text if gap[1:] else text.strip(), style)]
    return pieces


def _tabs(names: Sequence[tuple[str, bool]], between: str) -> list[Piece]:
    pieces: list[Piece] = []
    for index, (text, here) in enumerate(names):
        pieces += [(between if index else "", PLAIN), (text, TAB_HERE if here else FAINT)]
    return pieces
