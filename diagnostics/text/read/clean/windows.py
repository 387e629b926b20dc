"""Split texts of any length into windows that end where a message ends, so that each can be read by itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from iam.lazy_pattern import regex

LONGEST_WINDOW = 150_000
"""The maximum length of a window in characters.

The rules for lines and wrapped lines are made for texts of about this size.
"""

PROMPT = (
    r"(?:(?:\[?[\w.-]{1,40}@[\w.-]{1,60}[: ][^\n$#%>]{0,80}[$#%>]|(?:[~/][\w./~-]{0,60} ?)?[$❯]"
    r"|(?:ba|z|k)?sh-[\d.]+[$#]|/[\w./-]{0,40} #|(?:PS )?[A-Za-z]:\\[^\n>]{0,80}>|[➜λ])[ ](?=[a-z./~])"
    r"|PS (?:[A-Za-z]:\\|[~/])[^\n>]{0,80}>[ ](?=[A-Z][a-z]+-[A-Z]|[$#]))"
)
"""A pattern for a shell's prompt. The message above a prompt has ended."""
RECORD_START = (
    rf"(?:{PROMPT}|"
    # A log's time, perhaps after the name of what wrote the line.
    r"(?:\[[\w./-]{1,40}\][ ])?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d"
    r"|\[\d{4}-\d\d-\d\d|\[?\d{1,2}:\d\d:\d\d|\d\d:\d\d[ ](?=[\w(])|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d"
    r"|In \[\d+\]: |(?:[Ff]atal )?[Ee]rror: |[ ]{0,8}(?:\[std(?:err|out)\][ ]?)?(?:fatal error: )?An error occurred \("
    r"|A client error \(|\* \S+[:.]"
    r"|(?:upload|download|copy|move|delete) failed: "
    r"|fatal error: |##\[error\]|::error|Traceback \(most)"
)
"""A pattern for the beginning of a line that starts a message."""

_ENDS = regex(
    rf"\n[ ]*\r?\n(?=\S)|\n(?=(?:\x1b\[[\d;]{{0,20}}m){{0,4}}(?:{RECORD_START}|╷))|(?<=[}}\]])\r?\n(?=[{{\[])"
)
_LINE_END = regex(r"\n")
ABOUT_ACCESS = regex(r"authori[sz]|denied|assum|already\b|AlreadyExists|explicit deny", re.IGNORECASE)
"""Words that occur in or next to every sentence about a denial or a taken name."""
_AROUND = 700
_TRIED = 40


def windows(pieces: Iterable[str]) -> Iterator[str]:
    """Yield the text of the pieces again, cut into windows. The windows joined equal the pieces joined.

    The maximum length of a window is `LONGEST_WINDOW` characters. An empty piece means that no more text is available
    for now: the complete lines received so far are yielded.
    """
    held = ""
    for piece in pieces:
        held += piece
        while len(held) > LONGEST_WINDOW:
            cut = _cut(held)
            yield held[:cut]
            held = held[cut:]
        if not piece and (whole := held.rfind("\n") + 1):
            yield held[:whole]
            held = held[whole:]
    if held:
        yield held


def _cut(text: str) -> int:
    """Return where to split the text, in the second half of a window: after a message, far from words about access."""
    half, limit = LONGEST_WINDOW // 2, LONGEST_WINDOW
    ends = [match.end() for match in _ENDS.finditer(text, half, limit)]
    ends = ends or [match.end() for match in _LINE_END.finditer(text, half, limit)]
    for end in ends[: -_TRIED - 1 : -1]:
        if not ABOUT_ACCESS.search(text, max(0, end - _AROUND), end + _AROUND):
            return end
    if ends:
        return ends[-1]
    return text.rfind(" ", half, limit) + 1 or limit
