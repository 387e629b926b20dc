"""Find the role that a text names beside a caller which, by its name, is meant only to read or to plan."""

from __future__ import annotations

import re

_FOR_CHANGES = r"(?:apply|deploy(?:er|ment)?|writer?|rw|readwrite|admin|release|publish(?:er)?)"


def role_for_changes(name: str, word: re.Match[str], text: str) -> str:
    """Return the only name in the text that is ``name`` with a word for changes in place of ``word``; else "".

    ``word`` is the part of the name that says that its identity only reads or plans: ``ci-plan``, ``ci-apply``.
    """
    before, after = name[: word.start()], name[word.end() :]
    if len(before) + len(after) < _SHORTEST:
        return ""
    like = re.compile(rf"(?<![\w-]){re.escape(before)}{_FOR_CHANGES}{re.escape(after)}(?![\w-])", re.IGNORECASE)
    found = {each[0] for each in like.finditer(text)}
    return found.pop() if len(found) == 1 else ""


_SHORTEST = 3
