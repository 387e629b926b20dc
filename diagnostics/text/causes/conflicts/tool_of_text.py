"""Which tool's output a text about a taken name shows."""

from __future__ import annotations

import re

from diagnostics.failure import Conflict
from diagnostics.text.causes.conflicts.naming_tools import TOOLS, NamingTool
from iam.lazy_pattern import regex

TWIN = regex(
    r"\b(?P<name>[A-Za-z][\w-]{2,127}) (?:is|was|has|uses|runs|comes from|is from|was made from) (?:from )?the same "
    r"(?:template|config(?:uration)?|stack template)\b",
    re.IGNORECASE,
)
"""A stack that, according to the text, has the same template as the failed stack."""


def tool_of(conflict: Conflict) -> tuple[NamingTool, str] | None:
    """Return the tool whose output the text shows, and the words that identify it; None if there is none."""
    if TWIN.search(conflict.text) and not conflict.owner_stack:
        return None  # the other stack has the name
    return next(((tool, said[0]) for tool in TOOLS if (said := tool.signs.search(conflict.text))), None)
