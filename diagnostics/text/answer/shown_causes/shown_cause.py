"""The cause of another system's refusal that a text shows, with the steps that remove it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ShownCause:
    """The cause that the text shows: a sentence, the title of the fix and its steps."""

    sentence: str
    title: str
    steps: str
