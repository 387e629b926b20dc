"""Find a denied S3 object in a listing that the text shows: the object exists."""

from __future__ import annotations

import re

from iam.lazy_pattern import regex

_REQUESTED = regex(r"\bs3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/(?P<key>[^\s\"',;:)]*[^\s\"',;:)./])")
_LISTED = regex(r"^\W{0,3}(?P<line>20\d\d-\d\d-\d\d \d\d:\d\d:\d\d +\d+ (?P<key>\S[^\n]*?))\s*$", re.MULTILINE)


def listed_object(text: str, key: str | None) -> str:
    """Return the line or the command that lists the object that could not be read; "" if there is none.

    ``key`` is the object's key if it is known; else a key that the text has in an ``s3://`` path is used.
    """
    if "list-objects" in text and (command := _by_a_command(text, key)):
        return command
    rows = list(_LISTED.finditer(text)) if "s3 ls" in text else []
    wanted = ({key} if key else {found["key"] for found in _REQUESTED.finditer(text)}) if rows else set()
    for row in rows:
        if any(each == row["key"] or each.endswith(f"/{row['key']}") for each in wanted):
            return row["line"]
    return ""


def _by_a_command(text: str, key: str | None) -> str:
    """Return the command that printed objects below a prefix of the key; "" if there is none."""
    from diagnostics.text.read.printed_values import outputs  # few texts have such a command

    wanted = {key} if key else {found["key"] for found in _REQUESTED.finditer(text)}
    for each in outputs(text):
        prefix = each.options.get("prefix", "")
        listed = each.operation.startswith("list-objects") and each.fields and prefix
        if listed and any(one.startswith(prefix) for one in wanted):
            return each.command
    return ""
