"""A failure within its paste: what succeeded later is said to have, and what follows from another failure names it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeVar

from diagnostics.claims.kinds import Sentence
from diagnostics.diagnosis import Evidence, Status, Step, Verdict
from diagnostics.failure import Sequel
from diagnostics.fix import Fix
from iam.claims import at_most_likely

T = TypeVar("T")


def in_sequence(sequel: Sequel, parts: Iterator[T]) -> Iterator[T | Step]:
    """Yield the parts with a step on the sequence; the verdict says it first, and is at most likely.

    Nothing has to be changed for what works again: its fixes are left out.
    """
    sentence = sentence_of(sequel)
    told = False
    for part in parts:
        match part:
            case Verdict():
                summary = f"{sentence.text} {part.summary}"
                said = (sentence, *(part.sentences or (Sentence(part.summary),)))
                yield replace(part, confidence=at_most_likely(part.confidence), summary=summary, sentences=said)
                continue
            case Fix() if sequel.succeeded and not sequel.otherwise:
                continue
        yield part
        if isinstance(part, Step) and not told:
            told = True
            evidence = (Evidence(text=sentence.text, layer="message"),)
            yield Step("sequence", "Before and after", Status.PASS, sentence.text, evidence)


def settled_first(sentence: str, parts: Iterator[T]) -> Iterator[T]:
    """Yield the parts; the verdict says the sentence first, and is at most likely."""
    for part in parts:
        if isinstance(part, Verdict):
            said = (Sentence(sentence), *(part.sentences or (Sentence(part.summary),)))
            summary = f"{sentence} {part.summary}"
            yield replace(part, confidence=at_most_likely(part.confidence), summary=summary, sentences=said)
        else:
            yield part


def sentence_of(sequel: Sequel) -> Sentence:
    """What the rest of the paste tells, as a sentence that quotes it."""
    if sequel.otherwise:
        other = {"profile": "with another profile", "region": "in another Region"}[sequel.otherwise]
        return Sentence(f"The same command worked {other}: “{sequel.succeeded}”. Compare the two first.")
    if sequel.succeeded:
        return Sentence(
            f"It works again: the text later says “{sequel.succeeded}”. What follows is why it failed before."
        )
    return Sentence(f"It follows from the failure of {sequel.caused_by}: explain and fix that one first.")
