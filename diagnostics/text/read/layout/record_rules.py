"""Read one record of a text, by the rules whose signals it contains."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from diagnostics.failure import Denial, Failure, Trouble
from diagnostics.text.read.clean.records import squeezed
from diagnostics.text.read.forms import conflicts, denials, failures_by_code, http_refusals, systems, trust
from diagnostics.text.read.messages.refusals_in_own_words import SIGNALS as REFUSALS
from diagnostics.text.read.messages.refusals_in_own_words import names_actions
from diagnostics.text.read.messages.service_sentences import SIGNALS as PROSE_SIGNALS

# A record is read only by the forms of which it contains a signal.
_SIGNALS = {
    squeezed(phrase): phrase
    for phrase in (
        *REFUSALS,
        *denials.SIGNALS,
        *conflicts.SIGNALS,
        *trust.SIGNALS,
        *systems.SIGNALS,
        *failures_by_code.SIGNALS,
        *PROSE_SIGNALS,
        *http_refusals.SIGNALS,
    )
}
_DENIAL, _CONFLICT, _TRUST, _OTHER = map(
    frozenset, (denials.SIGNALS, conflicts.SIGNALS, trust.SIGNALS, failures_by_code.SIGNALS)
)
Rule = Callable[[str, str | None], tuple[int, Failure] | None]


def _prose(text: str, hint: str | None) -> tuple[int, Failure] | None:
    """Return the denial in a service's own sentence, unless it says that the service cannot assume the role."""
    return None if trust.claim(text, hint) else denials.in_prose(text, hint)


def _refusal(text: str, hint: str | None) -> tuple[int, Failure] | None:
    """Return the denial in prose that no table has, unless it says that a service cannot assume a role."""
    return None if trust.claim(text, hint) else denials.refusals(text, hint)


def _not_iam(text: str, hint: str | None) -> tuple[int, Failure] | None:
    """Return the answer for a refusal by another system than IAM.

    None if the text also contains a denial in IAM's own words.
    """
    found = failures_by_code.not_iam(text, hint) if names_actions(text) else None
    if found is not None:
        begin = text.rfind("\n", 0, found[0]) + 1
        end = text.find("\n", found[0])
        if end < 0 or names_actions(text[:begin] + text[end:]):
            return None
        return found
    return None if names_actions(text) else failures_by_code.not_iam(text, hint)


# The rules for a record with neither a complete sentence nor a taken name, in the order in which they are tried.
_RULES: tuple[tuple[frozenset[str], Rule], ...] = (
    (frozenset(PROSE_SIGNALS), _prose),
    (frozenset((*systems.SIGNALS, *conflicts.SIGNALS)), _not_iam),
    (_OTHER, failures_by_code.exact),
    (_TRUST, trust.claim),
    (_OTHER, failures_by_code.loose),
    (_DENIAL.union(REFUSALS), _refusal),
    (_DENIAL, denials.bare),
    (frozenset(http_refusals.SIGNALS), http_refusals.refused),
)


def signals_in(text: str, among: Mapping[str, str] = _SIGNALS) -> dict[str, str]:
    """Return the signals that ``text`` contains, even if broken across lines, each with its phrase.

    A text without signals states no failure, but may contain a command that creates something.
    """
    letters = squeezed(text)
    return {signal: phrase for signal, phrase in among.items() if signal in letters}


def _with_its_own_code(failure: Failure, before: str, hint: str | None) -> list[Failure]:
    """Return the failure. If a denial has a quota's error code, return the quota's failure before the denial as well.

    The code belongs to the text before the denial.
    """
    if not isinstance(failure, Denial) or not failure.code or not before.strip():
        return [failure]
    other = failures_by_code.loose(before, hint)
    if other is None or other[1].code != failure.code or other[1].trouble is not Trouble.QUOTA:
        return [failure]
    return [replace(other[1], text=before), replace(failure, code=None)]


def read_record(text: str, hint: str | None, signals: tuple[str, ...]) -> list[Failure]:
    """Return the failures of one record, in the order of their places."""
    found: list[tuple[int, Failure]] = []
    if not _DENIAL.isdisjoint(signals):
        found += denials.sentences(text, hint)
    if not _CONFLICT.isdisjoint(signals):
        found += conflicts.conflicts(text, hint)
    if found:
        ordered = sorted(found, key=lambda pair: pair[0])
        return [each for place, failure in ordered for each in _with_its_own_code(failure, text[:place], hint)]
    for wanted, rule in _RULES:
        if not wanted.isdisjoint(signals) and (one := rule(text, hint)):
            return [one[1]]
    return []
