"""Compare what a screen shows with words, wherever its lines break.

Where a line breaks depends on all that stands before it: a path, a name, a number. A test that looks for a sentence
must not depend on that.
"""

from __future__ import annotations

import re

_FRAME = re.compile(r"[\s│┃▌▐▎▏█▕┆┊╎]+")
"""White space, and what panes and their scrollbars draw at the ends of a line."""


def shows(screen: str, words: str) -> bool:
    """Return whether the screen contains the words, in one line or with line breaks between or inside them."""
    return words in screen or (bool(folded := fold(words)) and folded in fold(screen))


def fold(text: str) -> str:
    """Return the text without white space and without the frames of panes."""
    return _FRAME.sub("", text)
