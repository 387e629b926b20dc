"""Put the correction of a misspelled word of the configuration before the rest of the answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeVar

from diagnostics.diagnosis import NOT_READ, Step, Verdict
from diagnostics.fix import Fix, Note
from diagnostics.text.answer.sequel import settled_first
from diagnostics.text.read.author.misspelled_keys import Mistake
from diagnostics.who import Who
from iam.claims import Ground, confidence

T = TypeVar("T")


def corrected_first(mistake: Mistake, parts: Iterator[T]) -> Iterator[T | Fix]:
    """Yield the parts; the verdict begins with the correction, and has its code and fix if the mistake is the cause.

    The code of a verdict for which the account was read stays.
    """
    first = f"First correct {mistake.said}, which should be {mistake.meant}."
    if not mistake.code:
        yield from settled_first(first, parts)
        return
    unread = False
    fix = Fix(f"Write {mistake.meant}", Who.RESOURCE_OWNER, Note(mistake.said, mistake.sentence))
    for part in settled_first(first, parts, fix):
        unread = unread or (isinstance(part, Step) and part.id == NOT_READ)
        if isinstance(part, Verdict) and unread:
            yield replace(part, cause=mistake.code, confidence=confidence(Ground.LIKENESS))
        else:
            yield part
