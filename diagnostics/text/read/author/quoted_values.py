"""Remove the question marks that belong to a quoted value of a program or policy, and so ask nothing."""

from __future__ import annotations

import re

from iam.lazy_pattern import regex

_VALUE = regex(
    r"[\"'`](?=[^\s\"'`]*\?)(?=[^\s\"'`]*[/:*=_.&\d-])[^\s\"'`]+[\"'`]"  # a pattern, a path or an address
    r"|(?:(?<![=!<>])=|\()[ \t]*[frbu]?(?P<quote>[\"'])[^\"'\n]{0,200}\?[^\"'\n]{0,200}(?P=quote)"
    r"|\"\w+\"[ \t]*:[ \t]*\"[^\"\n]{0,200}\?[^\"\n]{0,200}\""
    r"|^[ \t]*-?[ \t]*[a-z][\w-]*:[ \t]*(?P<own>[\"'])[^\"'\n]{0,200}\?[^\"'\n]{0,200}(?P=own)[ \t]*$",
    re.MULTILINE,
)
"""A value with a question mark: alone in quotation marks, or assigned to a name in code or settings."""


def without_quoted_values(text: str) -> str:
    """Return the text without the question marks in quoted values, such as ``prefix="logs/2024-0?"``."""
    return _VALUE.sub(lambda found: found[0].replace("?", " "), text) if "?" in text else text
