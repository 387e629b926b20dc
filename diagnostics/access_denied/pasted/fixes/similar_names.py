"""Find out which of two similar names is meant."""

from __future__ import annotations

from diagnostics.access_denied.pasted.finding import LAYERS_IN_WORDS
from diagnostics.fix import Fix, Note
from diagnostics.text.near_pairs.similarity import Resemblance
from diagnostics.who import Who


def fix_of_names(alike: Resemblance, word: str) -> Fix:
    """Return the fix that finds out which of two similar names is meant. The fix allows nothing more."""
    place = f"the request, and the {LAYERS_IN_WORDS.get(word, 'policy')} in the text"
    text = (
        "Look up which of the two names exists, and use its spelling in the request and in the policy. Do not "
        "widen the policy before you know which name is correct."
    )
    note = Note(place, text)
    if alike.part == "Region":
        note = Note(
            place,
            f"If {alike.asked} is intended, add the ARN with this Region to the statement, in addition to "
            f"{alike.written}.",
        )
    return Fix(f"Find out which {alike.part} is correct: {alike.written} or {alike.asked}", Who.CALLER, note)
