"""The screen as a picture (SVG), as it is or with what is nobody else's masked; it asks nobody for a font."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from rich.console import Console
from rich.segment import Segment, Segments
from textual._compositor import LayoutUpdate
from textual.app import App

from diagnostics.masking.masks import Masks

Line = Sequence[Segment]


def screen_lines(app: App[object]) -> list[list[Segment]]:
    """What the terminal shows now, windows too."""
    update = app.screen._compositor.render_update(full=True, screen_stack=app._background_screens)
    assert isinstance(update, LayoutUpdate)
    return [[segment for strip in strips for segment in strip] for strips in update.strips]


def as_svg(lines: Sequence[Line], title: str, masks: Masks | None = None) -> str:
    """Lines of one width. ``masks``: what it takes for ids, passwords and tokens is masked, on each line by itself."""
    width = sum(segment.cell_length for segment in lines[0])
    console = Console(
        width=width,
        height=len(lines),
        file=io.StringIO(),
        force_terminal=True,
        color_system="truecolor",
        record=True,
        legacy_windows=False,
        safe_box=False,
    )
    for line in lines:
        console.print(Segments([*(line if masks is None else _masked(line, masks)), Segment.line()]), end="")
    svg = console.export_svg(title=title)
    # The font that Rich names is fetched from elsewhere when the picture is shown; the reader's own will do.
    svg = re.sub(r"@font-face\s*\{.*?\}", "", svg, flags=re.DOTALL)
    return svg.replace("Fira Code", "monospace")


def _masked(line: Line, masks: Masks) -> Iterator[Segment]:
    """The line with its columns where they were."""
    text = "".join(segment.text for segment in line)
    shown = as_long_as_before(text, masks.text(text))
    at = 0
    for segment in line:
        yield Segment(shown[at : at + len(segment.text)], segment.style)
        at += len(segment.text)


def as_long_as_before(text: str, masked: str) -> str:
    """``masked``, each mask cut or filled to what it stands for."""
    before, after = _WORDS.split(text), _WORDS.split(masked)  # by words: a mask may share a digit with what it masks
    parts = []
    for _, start, end, begin, stop in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        room = len("".join(before[start:end]))
        parts.append("".join(after[begin:stop])[:room].ljust(room, "."))
    return "".join(parts)


_WORDS = re.compile(r"([^\w-]+)")
