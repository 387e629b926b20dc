"""What a denial's words show, and the general advice that follows if the text has no clue to the cause."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Advised:
    """A sentence, and the general advice after it; ``advice`` is empty if the sentence already says what to do."""

    sentence: str
    advice: str = ""

    @property
    def summary(self) -> str:
        return f"{self.sentence} {self.advice}".strip()
