"""What the terminal shows after an update that was cut down is what it shows after the whole one."""

from __future__ import annotations

import random

import pyte
import pytest
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual._context import visible_screen_stack
from textual.geometry import Region, Size
from textual.strip import Strip

from screens.widgets.modal import TextWindow
from tui.terminal.wire import DrawsChanges, Wire, _erases

WIDTH, HEIGHT = 40, 8
SIZE = Size(WIDTH, HEIGHT)
CONSOLE = Console(color_system="truecolor", force_terminal=True)
PLAIN = Style.parse("default on default")
STYLES = (
    PLAIN,
    PLAIN + Style(dim=True),
    PLAIN + Style(bold=True, color="cyan"),
    PLAIN + Style(reverse=True),
    PLAIN + Style(underline=True),
    Style.parse("color(39) on color(49)"),
    Style.parse("#102030 on #ffffff"),
    Style(),
)
WORDS = ("role", " " * 12, "  ", "▸ ✓ ✗ │ ─ …", "a", "日本語", "é", "e\u0301", "🔥", "x" * 9, '"Action": "s3:*"')


def line(dice: random.Random, width: int = WIDTH) -> Strip:
    segments = [Segment(dice.choice(WORDS), dice.choice(STYLES)) for _ in range(dice.randrange(6))]
    return Strip(segments).adjust_cell_length(width, PLAIN)


def whole(lines: list[Strip]) -> LayoutUpdate:
    return LayoutUpdate([[each] for each in lines], Region(0, 0, WIDTH, HEIGHT))


class Terminals:
    """Two terminals: one gets whole updates, the other only what `Wire` lets through."""

    def __init__(self) -> None:
        self.wire = Wire()
        self.screens = [pyte.Screen(WIDTH, HEIGHT) for _ in range(2)]
        self.streams = [pyte.Stream(screen) for screen in self.screens]
        self.bytes = 0

    def draw(self, update: LayoutUpdate | ChopsUpdate) -> None:
        self.streams[0].feed(update.render_segments(CONSOLE))
        changes = self.wire.only_changes(update, SIZE, CONSOLE)
        text = changes.render_segments(CONSOLE) if changes else ""  # type: ignore[union-attr]  # an update
        self.bytes = len(text.encode())
        self.streams[1].feed(text)

    def same(self) -> bool:
        left, right = (
            [[look(screen.buffer[y][x]) for x in range(WIDTH)] for y in range(HEIGHT)] for screen in self.screens
        )
        return left == right


def look(cell: pyte.screens.Char) -> tuple[object, ...]:
    """What is seen of a cell: the colour and weight of a blank's ink are not."""
    ink = () if cell.data == " " and not cell.reverse else (cell.fg, cell.bold)
    return (cell.data, cell.bg, cell.reverse, cell.underscore, *ink)


def test_random_screens_look_the_same_as_drawn_whole() -> None:
    dice = random.Random(5)
    terminals = Terminals()
    lines = [line(dice) for _ in range(HEIGHT)]
    for turn in range(400):
        if dice.random() < 0.05:
            terminals.wire.forget()
        if turn == 0 or dice.random() < 0.5:
            for y in range(HEIGHT):
                if dice.random() < 0.4:
                    lines[y] = line(dice)
            terminals.draw(whole(lines))
        else:
            chops, ends, spans = [], [], []
            for y in range(HEIGHT):
                cut = dice.randrange(1, WIDTH - 1)
                chops.append({0: line(dice, cut), cut: line(dice, WIDTH - cut)})
                ends.append([cut, WIDTH])
                spans.append((y, *dice.choice([(0, cut), (cut, WIDTH), (0, WIDTH), (cut, min(WIDTH, cut + 3))])))
            terminals.draw(ChopsUpdate(chops, spans, ends))
            lines = [line(dice) for _ in range(HEIGHT)]
        assert terminals.same(), (turn, *(screen.display for screen in terminals.screens))


def test_what_is_shown_already_is_not_written_again() -> None:
    terminals = Terminals()
    lines = [Strip([Segment(f"role {y}".ljust(WIDTH), PLAIN)]) for y in range(HEIGHT)]
    terminals.draw(whole(lines))
    # Blanks to the end of the lines are not written either.
    assert terminals.bytes < HEIGHT * 20
    terminals.draw(whole(lines))
    assert terminals.bytes == 0
    terminals.draw(whole([Strip([Segment(f"role {y + (y == 3)}".ljust(WIDTH), PLAIN)]) for y in range(HEIGHT)]))
    assert terminals.bytes == len("\x1b[4;6H4")
    terminals.wire.forget()
    terminals.draw(whole(lines))
    assert terminals.same() and terminals.bytes > HEIGHT * len("role 0")


@pytest.mark.parametrize(("term", "blanks"), [("xterm-256color", "\x1b[33X\x1b[33C"), ("screen", " " * 33)])
def test_many_blanks_take_few_bytes(term: str, blanks: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the terminal can erase, and whatever stands around them."""
    monkeypatch.setenv("TERM", term)
    _erases.cache_clear()
    terminals = Terminals()
    terminals.draw(whole([Strip([Segment("x" * WIDTH, PLAIN)])] * HEIGHT))
    faint, strong = PLAIN + Style(dim=True), PLAIN + Style(bold=True)
    terminals.draw(whole([Strip([Segment("a  b" + " " * 33, faint), Segment("cde", strong)])] * HEIGHT))
    assert terminals.same()
    assert terminals.bytes == HEIGHT * len(f"\x1b[1;1H\x1b[2ma  b{blanks}\x1b[0;1mcde\x1b[m")
    _erases.cache_clear()


def test_another_size_is_written_whole() -> None:
    wire = Wire()
    update = whole([Strip([Segment("x" * WIDTH, PLAIN)])] * HEIGHT)
    assert wire.only_changes(update, SIZE, CONSOLE) is not None
    assert wire.only_changes(update, SIZE, CONSOLE) is None
    wider = LayoutUpdate([[Strip([Segment("x" * 50, PLAIN)])]] * HEIGHT, Region(0, 0, 50, HEIGHT))
    assert wire.only_changes(wider, Size(50, HEIGHT), CONSOLE) is not None


async def test_more_windows_than_recursion_could_draw_are_drawn() -> None:
    app = DrawsChanges()
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        for number in range(120):
            app.push_screen(TextWindow(f"Window {number}", "its text"))
        await pilot.pause()
        for number in range(120):
            if number % 20 == 0:
                app.screen._compositor.render_update(full=True, screen_stack=app._background_screens)
            app.pop_screen()
        await pilot.pause()
        assert len(app.screen_stack) == 1


async def test_a_screen_that_kept_the_one_above_it_as_its_background_is_drawn() -> None:
    """Textual keeps what was behind a screen at an earlier drawing: with quickly opened windows, one in front of it."""
    app = DrawsChanges()
    async with app.run_test(size=(100, 30)) as pilot:
        for number in range(3):
            app.push_screen(TextWindow(f"Window {number}", "its text"))
            await pilot.pause()
        below, above = app.screen_stack[-2:]
        for screen, behind in ((above, below), (below, above)):
            visible_screen_stack.set([behind])
            screen._layout_cache.clear()
            screen._set_dirty()
            screen._render()
        app.screen._compositor.render_update(full=True, screen_stack=app._background_screens)
