"""Split what people write next to an error into clauses, each with its mood and, in a chat, its author."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from diagnostics.text.read.not_the_failure.lines_without_failure import is_printed, is_reference
from iam.lazy_pattern import regex


class Mood(Enum):
    """Whether a clause affirms what it is about, denies it, asks for it, or only supposes it."""

    STATED = "stated"
    DENIED = "denied"
    ASKED = "asked"
    SUPPOSED = "supposed"


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause that a person wrote.

    ``words`` do not include the time and the author of a chat's line. ``goes_on``: the clause begins with "but".
    ``begins``: it is the first clause of its line.
    """

    words: str
    mood: Mood
    line: int
    speaker: str = ""
    goes_on: bool = False
    begins: bool = True


_LONGEST = 20_000
_LONGEST_LINE = 400
_CHAT = regex(
    r"\W{0,3}(?:(?:20\d\d-\d\d-\d\d[T ])?\d{1,2}:\d\d(?::\d\d)?(?: ?[AP]M)?\W{1,3})?"
    r"(?:<(?P<nick>[\w. -]{1,30})>|(?P<name>(?!Error|Note|Edit|Update|User|Reason|Message)[A-Za-z][\w.-]{1,20}):)\s+"
    r"|\W{0,3}\d{1,2}:\d\d(?::\d\d)?\W{1,3}(?=[a-z])"
)
_MARKS = regex(r"^[\s#*/•-]+")
_QUOTED = regex(r"^\s*[>|│]|^\s*[\"'{}\[\]]")
_WORDS = regex(r"[A-Za-zÀ-ÿ]{2,}")
_SENTENCE = regex(r"(?:[^.;!?\n]|[.;!?](?=\w))+[.;!?]*(?:\s|\)|$)*")
_PART = regex(
    r",?\s+\b(?:but|though|although|however|except|yet|aber|jedoch|nur)\b\s*|\s+[–—-]\s+|,\s+(?=(?:and|so|und|please|bitte|ask|ping|page|contact|go|talk|speak|write|frag)\b)"
)
_CONTRASTS = regex(r"\b(?:but|though|although|however|except|yet|aber|jedoch|nur)\b", re.IGNORECASE)
_ASKS = regex(
    r"^\W*(?:(?:and|or|so|but|also|und|oder)\s+)?(?:do|does|did|is|are|was|were|can|could|may|should|shall|would|will"
    r"|has|have|why|how|what|which|who|whom|where|when(?!\s+(?:I|we|it|they|the|this|that|our|my)\b)|whether|warum|wieso|wie|was|wer|wo|kann|können|darf|muss|soll"
    r"|ist|sind)\b(?!n['’]t| not\b)",
    re.IGNORECASE,
)
_SUPPOSES = regex(
    r"\b(?:if|unless|once|until|till|whether|maybe|perhaps|hopefully|hop(?:e|ing)|would|could|might|probably|guess"
    r"|think|thought|suppose|assume|expect|want(?:s|ed)?|wish|try|tries|trying|tried|will|let['’]s|wenn|falls|sobald|bis"
    r"|vielleicht|hoffentlich|würde|könnte|ob)\b",
    re.IGNORECASE,
)
_NO_TROUBLE = regex(
    r"\b(?:no|without|zero|keine?|ohne)\s+(?:\w+\s+)?(?:errors?|issues?|problems?|trouble|Fehler|Problem\w*)\b", re.I
)
_DENIES = regex(
    r"n['’]t\b|\b(?:not|never|no|none|nobody|nothing|neither|nor|cannot|hardly|nicht|nie|niemand|nichts|kein\w*)\b",
    re.IGNORECASE,
)


def clauses(text: str) -> Iterator[Clause]:
    """Yield the clauses that people wrote, in the text's order, without programs' output and quotes of others."""
    for number, line in enumerate(text[:_LONGEST].split("\n")):
        chat = _CHAT.match(line)
        said = line[chat.end() :] if chat is not None else line
        if len(said) > _LONGEST_LINE or _QUOTED.match(said) or is_printed(said) or is_reference(said):
            continue
        speaker = (chat["nick"] or chat["name"] or "") if chat is not None else ""
        for found in _SENTENCE.finditer(_MARKS.sub("", said)):
            yield from _parts(found[0].strip(), number, speaker, begins=not found.start())


def _parts(sentence: str, line: int, speaker: str, *, begins: bool) -> Iterator[Clause]:
    asked = sentence.rstrip(" )\"'").endswith("?")
    joints = [each[0] for each in _PART.finditer(sentence)]
    parts = [each.strip(" \t,.;:!()") for each in _PART.split(sentence)]
    for at, part in enumerate(parts):
        if _WORDS.search(part):
            mood = Mood.ASKED if asked else _mood(part)
            yield Clause(
                part,
                mood,
                line,
                speaker,
                _CONTRASTS.search("".join(joints[at : at + 1])) is not None,
                begins and not at,
            )


def _mood(words: str) -> Mood:
    if _ASKS.match(words):
        return Mood.ASKED
    if _SUPPOSES.search(words):
        return Mood.SUPPOSED
    return Mood.DENIED if _DENIES.search(_NO_TROUBLE.sub(" ", words)) else Mood.STATED
