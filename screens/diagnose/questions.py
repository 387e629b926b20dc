"""The condition keys whose values are unknown: an input line for each, with the values that policies require."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from textual import on
from textual.containers import Horizontal, VerticalScroll
from textual.message import Message
from textual.widgets import Static

from diagnostics.diagnosis import Question
from screens.diagnose.form import values_of
from screens.text import fit, marks
from screens.widgets.form.completion import Completion
from screens.widgets.strips import plain

SHOWN = 3
"""The maximum number of lines visible at once; if there are more, they scroll."""


class Questions(VerticalScroll):
    """Shows a verdict's questions and the earlier answers. `Answered` is posted when an answer changes."""

    DEFAULT_CSS = """
    Questions { height: 1; display: none; scrollbar-size-vertical: 1; }
    Questions Horizontal { height: 1; }
    Questions .key { width: auto; max-width: 50%; padding: 0 1; }
    Questions .why { width: 1fr; color: $foreground; text-style: dim; padding: 0 1; }
    Questions Completion { width: 1fr; }
    """
    can_focus = False

    @dataclass(eq=False, repr=False)
    class Answered(Message):
        """An answer was given or removed. ``answers`` are all current answers, by key."""

        answers: Mapping[str, tuple[str, ...]]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._questions: tuple[Question, ...] = ()
        self._answers: dict[str, tuple[str, ...]] = {}
        self._lines: dict[str, Completion] = {}

    @property
    def asked(self) -> bool:
        return bool(self._questions)

    async def ask(self, questions: Sequence[Question], answers: Mapping[str, tuple[str, ...]]) -> None:
        """Show these questions.

        A question that was answered stays even if the verdict no longer has it, so that the answer can be changed.
        """
        asked = {question.key.casefold(): question for question in questions}
        kept = [
            question for question in self._questions if question.key in answers and question.key.casefold() not in asked
        ]
        now = (*questions, *kept)
        self._answers = dict(answers)
        if [question.key for question in now] == [question.key for question in self._questions]:
            self._questions = now
            return
        self._questions = now
        typing = next((key for key, line in self._lines.items() if line.has_focus_within), None)
        await self.remove_children()
        self._lines = {}
        for question in now:
            line = Completion(
                question.wanted,
                placeholder=self._hint(question),
                value=", ".join(answers.get(question.key, ())),
            )
            self._lines[question.key] = line
            key = Static(f"? {fit(plain(question.key), 40).rstrip()} =", classes="key", markup=False)
            await self.mount(Horizontal(key, line, Static(plain(question.why), classes="why", markup=False)))
        self.display = bool(now)
        self.styles.height = max(min(len(now), SHOWN), 1)
        if typing in self._lines:
            self._lines[typing].focus()

    @staticmethod
    def _hint(question: Question) -> str:
        if not question.wanted:
            return "its value, then enter"
        return f"wanted: {plain(', '.join(question.wanted[:3]))}{marks().ellipsis if len(question.wanted) > 3 else ''}"

    def focus_first(self) -> None:
        """Focus the first line without an answer."""
        lines = list(self._lines.values())
        if lines:
            next((line for line in lines if not line.value), lines[0]).focus()

    @on(Completion.Changed)
    def _changed(self, message: Completion.Changed) -> None:
        message.stop()

    @on(Completion.Submitted)
    def _submitted(self, message: Completion.Submitted) -> None:
        message.stop()
        answers = {key: tuple(values_of(line.value)) for key, line in self._lines.items() if line.value}
        if answers != self._answers:
            self._answers = answers
            self.post_message(self.Answered(answers))
