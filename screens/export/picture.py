"""The screen as a picture (SVG), unchanged or with private data masked. The SVG loads no external font."""

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
    """Return the lines that the terminal shows now, including windows."""
    update = app.screen._compositor.render_update(full=True, screen_stack=app._background_screens)
    assert isinstance(update, LayoutUpdate)
    return [[segment for strip in strips for segment in strip] for strips in update.strips]


def masked_lines(lines: Sequence[Line], masks: Masks) -> list[list[Segment]]:
    """Return the lines with private data masked, each line by itself and with unchanged column positions."""
    masks.learn_text("\n".join("".join(segment.text for segment in line) for line in lines))
    return [list(_masked(line, masks)) for line in lines]


def as_svg(lines: Sequence[Line], title: str) -> str:
    """Return lines of equal width as an SVG picture."""
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
        console.print(Segments([*line, Segment.line()]), end="")
    svg = console.export_svg(title=title)
    # Rich's font would be downloaded when the picture is shown; a font of the reader's machine is used instead.
    svg = re.sub(r"@font-face\s*\{.*?\}", "", svg, flags=re.DOTALL)
    return svg.replace("Fira Code", "monospace")


def _masked(line: Line, masks: Masks) -> Iterator[Segment]:
    text = "".join(segment.text for segment in line)
    shown = _CUT_ID.sub(lambda match: match[1] + "." * len(match[2]), as_long_as_before(text, masks.text(text)))
    at = 0
    for segment in line:
        yield Segment(shown[at : at + len(segment.text)], segment.style)
        at += len(segment.text)


# The beginning of an account ID in an ARN that is broken at the edge of its pane, and the rest of it on the next line.
_CUT_ID = re.compile(
    r"(arn:aws[\w-]*:[\w-]*:[\w-]*:(?=[0-9]{1,11}\s*(?:[│|]|$))|(?:^|[│|])\s*(?=[0-9]{1,11}:[\w-]+[/:]))([0-9]{1,11})"
)


def as_long_as_before(text: str, masked: str) -> str:
    """Return ``masked`` with each mask truncated or padded to the length of the text that it replaces."""
    # compared by words, because a mask may share a digit with the text that it masks
    before, after = _WORDS.split(text), _WORDS.split(masked)
    parts = []
    for _, start, end, begin, stop in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        room = len("".join(before[start:end]))
        parts.append("".join(after[begin:stop])[:room].ljust(room, "."))
    return "".join(parts)


_WORDS = re.compile(r"([^\w-]+)")
