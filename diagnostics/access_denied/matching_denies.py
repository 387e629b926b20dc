"""The Deny statements that deny a request, or would deny it for certain values of unknown condition keys."""

from __future__ import annotations

from dataclasses import replace

from diagnostics.access_denied.case import Case
from iam.policy.decision import Reason
from iam.policy.unknown_keys import Judged, KeyReading, Readings

ASSUMED = frozenset({"aws:securetransport", "aws:currenttime", "aws:epochtime"})
"""Keys that get an assumed value although their values are unknown: the usual value, or the time when the account was
read."""


def matching_denies(readings: Readings, reading: KeyReading) -> list[Judged]:
    """Return the Deny statements that match under this assumption about unknown keys, in AWS's order of layers."""
    return [one for layer in readings.matched(reading) for one in readings.judged(layer, reading, deny=True)]


def denies_of(case: Case, word: str | None) -> list[Judged]:
    """Return the Deny statements in the layer ``word`` (in any layer if None). Those of the named policy come first.

    They are the statements that match whatever the unknown values are or, if there are none, those that may match.
    """
    kinds = [matching_denies(case.decided, reading) for reading in (KeyReading.OPTIMISTIC, KeyReading.PESSIMISTIC)]
    kinds.append(matching_denies(_without_assumed(case), KeyReading.PESSIMISTIC))
    inside = [[one for one in kind if word is None or case.word(one.layer) == word] for kind in kinds]
    named = [[one for one in kind if one.policy.arn == case.denial.policy_arn] for kind in inside]
    found = next(filter(None, named), None) if case.denial.policy_arn else None
    return found or next(filter(None, inside), [])


def _without_assumed(case: Case) -> Readings:
    """Return the case evaluated with the request's assumed values treated as unknown."""
    assumed = ASSUMED - case.given
    context = {key: had for key, had in case.request.context.items() if key.lower() not in assumed}
    return case.read(case.effective_policies, replace(case.request, context=context))


def possible_denies(case: Case, word: str | None) -> list[Judged]:
    """Return the Deny statements in the layer ``word`` (in any if None) that may match if no value is assumed."""
    found = matching_denies(case.doubted, KeyReading.PESSIMISTIC)
    return [one for one in found if word is None or case.word(one.layer) == word]


def same_statement(one: Judged, other: Judged) -> bool:
    return (one.layer, one.policy, one.statement, one.level) == (
        other.layer,
        other.policy,
        other.statement,
        other.level,
    )


def stated_denies(case: Case) -> list[Judged]:
    """Return the Deny statement that the text refers to; an empty list if there is none or more than one is possible.

    That is the Deny in the policy that the text names, or else the only Deny in the stated layer that matches or may
    match.
    """
    kind, _, word = (case.denial.stated_reason or "").partition(":")
    if kind != "explicit":
        return []
    word = "trust" if case.trust and word == "resource" else word
    inside = denies_of(case, word)
    if case.denial.policy_arn:
        return [one for one in inside if one.policy.arn == case.denial.policy_arn]
    return inside if len(inside) == 1 else []


def reason_of(one: Judged) -> Reason:
    return Reason(one.layer, one.effect, one.policy, one.statement, one.sid, one.level)
