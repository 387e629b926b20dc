"""Complete a general verdict with the first common cause that the text supports, so that the answer begins with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from diagnostics.claims.kinds import Quotes, Says, Sentence, TextBlames, TextDenies, TextPart
from diagnostics.diagnosis import FirstLook, Verdict
from diagnostics.text.causes.build_causes import AN_ALLOW_HELPS
from diagnostics.text.read.messages.additions_to_message import allowed_by
from diagnostics.who import Who
from iam.lazy_pattern import regex

_LONGEST, _ROOM = 200, 120
"""The length up to which further sentences of a cause are added to a summary, and the room that they have at least."""


def with_first_cause(verdict: Verdict, looks: Sequence[FirstLook], text: str) -> Verdict:
    """Return the verdict; if it is general, with the beginning of the first cause of ``looks``.

    The cause replaces the verdict's general advice. Only the advice to allow the action stays, unless the cause quotes
    the text, says what to allow, or has to be removed by the caller. Not added are guesses, causes that only
    repeat that an Allow is missing or which kind of policy AWS named, and those with an action that a policy in the
    text has.
    """
    if not verdict.general or not looks or not _is_supported(looks[0], text):
        return verdict
    look = looks[0]
    fact = verdict.summary.removesuffix(verdict.advice).rstrip()
    # A verdict that knows nothing but the refusal does not adopt the cause: it names what to check first.
    lead = "Check first: " if _knows_only_refusal(verdict) and not look.cause.startswith(_HEDGES) else ""
    beginning = _beginning(look.cause, max(_LONGEST - len(fact), _ROOM))
    quotes = any(isinstance(each, Quotes) for each in look.because.claims)
    replaced = verdict.cause != "identity.no-action" or quotes or "llow " in beginning or look.who is Who.CALLER
    summary = f"{fact} {lead}{beginning} {'' if replaced else verdict.advice}".strip()
    claims = verdict.sentences[0].claims if verdict.sentences else ()
    guessed = look.cause.startswith(_HEDGES[0])
    return replace(verdict, summary=summary, sentences=(Sentence(summary, claims),), general=guessed, advice="")


def _knows_only_refusal(verdict: Verdict) -> bool:
    return verdict.cause == "unreadable" and not verdict.advice


def _is_supported(look: FirstLook, text: str) -> bool:
    from diagnostics.text.causes.denials.reason_not_shown import CALL_NOT_SHOWN

    of_action = all(isinstance(each, Says) and each.part is TextPart.ACTION for each in look.because.claims)
    only_missing = look.only_missing or (of_action and look.asserts == AN_ALLOW_HELPS)
    if look.guess or only_missing or look.cause.startswith(CALL_NOT_SHOWN):
        return False
    if any(isinstance(each, TextBlames | TextDenies) for each in look.because.claims):
        return False
    return not any(allowed_by(action, text) for action in _ACTION.findall(look.cause))


def _beginning(cause: str, room: int) -> str:
    """Return the first sentence of the cause, and the following ones as far as there is room."""
    first, *following = _SENTENCES.split(_PAGE.sub("", cause))
    words = first.partition(_OF_THE_CHECK)[0].rstrip(".")
    found = f"{words}."
    for each in following:
        if _OF_THE_CHECK in each or len(found) + len(each) > room:
            break
        found = f"{found} {each}"
    return found


_PAGE = regex(r" \(https://[^\s)]+\)")
_SENTENCES = regex(r"(?<=\.) (?=[A-Z“])")
_HEDGES = ("Most often ", "Most likely ")
_OF_THE_CHECK = ": this check "
"""The words before what a cause says about its command, which the verdict does not have."""
_ACTION = regex(r"(?<![\w:/.-])[a-z][a-z0-9-]+:[A-Z]\w+")
