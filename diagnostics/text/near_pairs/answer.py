"""Put two similar values of a text first in the diagnosis, and omit the common causes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TypeVar

from diagnostics.claims.kinds import Sentence
from diagnostics.diagnosis import PASTED, Status, Step, Verdict
from diagnostics.failure import Denial, Failure
from diagnostics.fix import Fix, Note
from diagnostics.text.near_pairs.best_pair import near_pair
from diagnostics.text.near_pairs.difference_and_advice import Basis, NearPair
from diagnostics.text.read.printed_values import outputs
from iam.claims import Ground, at_most_likely, confidence
from iam.facts.deployed_policies import DEPLOYED
from iam.lazy_pattern import regex

T = TypeVar("T")
_OPEN = (Basis.LISTED_TOO, Basis.LAYER)
"""The bases that do not rule out other causes."""
_BESIDE = (Basis.SAID, *_OPEN)
"""The bases that do not decide alone. The answer's own verdict and fixes follow these bases."""


def with_near_pair(failure: Failure, parts: Iterator[T]) -> Iterator[T | Step | Verdict | Fix]:
    """Yield the parts of a diagnosis of the text; the two similar values replace the verdict, the fixes and the causes.

    If the text's policy was evaluated and the verdict names both values, the verdict is not changed.
    """
    pair = near_pair(failure)
    if pair is None:
        yield from parts
        return
    pair = _of_two_that_exist(pair, failure)
    found = list(parts)
    fix = _deployed(pair.fix, failure)
    if any(isinstance(part, Verdict) and _is_said(pair, part) for part in found):
        yield from _with_difference(pair, found, fix)
        return
    said = False
    for part in found:
        if isinstance(part, Verdict):
            yield _verdict(pair, part)
            yield fix
        elif isinstance(part, Step) and part.id in (PASTED, "next"):
            continue
        elif not isinstance(part, Fix) or pair.basis in _BESIDE:
            yield part
            if isinstance(part, Step) and not said:
                said = True
                step = _step(pair)
                yield replace(step, id="near-values", status=Status.UNKNOWN) if pair.basis in _OPEN else step


_KINDS = ("role", "user")
_EXIST = regex(r"\b(?:both|the two|two)\b[^.\n]{0,40}\bexist\b", re.IGNORECASE)


def _of_two_that_exist(pair: NearPair, failure: Failure) -> NearPair:
    """Return the pair, with another advice if the text lists both roles or users, or says that both exist."""
    if pair.basis is not Basis.PRINTED or pair.kind not in _KINDS:
        return pair
    text = (failure.pasted if isinstance(failure, Denial) else "") or failure.text
    listing = [each for each in outputs(text) if each.service == "iam" and each.operation.startswith(("list-", "get-"))]
    listed = {one.value.rpartition("/")[2] for each in listing for one in each.fields}
    both = {pair.asked, pair.written} <= listed or _EXIST.search(text) is not None
    return replace(pair, basis=Basis.BOTH) if both else pair


def _deployed(fix: Fix, failure: Failure) -> Fix:
    """Return the fix. For a denied action of API Gateway, the fix adds that a changed API policy has to be deployed."""
    action = failure.action if isinstance(failure, Denial) else None
    if not (action or "").lower().startswith("execute-api:") or not isinstance(fix.change, Note):
        return fix
    return replace(fix, change=replace(fix.change, text=f"{fix.change.text} {DEPLOYED}"))


def _with_difference(pair: NearPair, found: list[T], fix: Fix) -> Iterator[T | Verdict | Fix]:
    """Yield the parts, whose verdict already names both values. For identifiers, add how they differ, and the fix.

    AWS assigns identifiers at random, so one of two similar identifiers is most likely mistyped. A policy that accepts
    both would keep the mistake.
    """
    if pair.basis not in (Basis.RULE, Basis.PRINTED) or not pair.of_identifiers:
        yield from found
        return
    # The fix for a condition would accept both values; the fix for a resource already names the right one.
    fixed = not any(isinstance(part, Verdict) and part.cause.endswith(".condition-unmet") for part in found)
    for part in found:
        if isinstance(part, Verdict):
            said = Sentence(
                f"The two are nearly the same ({pair.difference}): most likely one of them is mistyped. Find out "
                "which is correct."
            )
            summary = f"{part.summary} {said.text}"
            sentences = (*(part.sentences or (Sentence(part.summary),)), said)
            yield replace(part, summary=summary, sentences=sentences, only_stated=False)
        elif isinstance(part, Fix) and not fixed:
            fixed = True
            yield fix
        else:
            yield part


def with_near_step(failure: Failure, parts: Iterator[T]) -> Iterator[T | Step]:
    """Yield the parts of an account's diagnosis, and a step about the two similar values after the first step."""
    pair = near_pair(failure)
    for part in parts:
        yield part
        if pair is not None and isinstance(part, Step):
            yield replace(_step(pair), id="near-values", status=Status.UNKNOWN)
            pair = None


def _is_said(pair: NearPair, verdict: Verdict) -> bool:
    """Whether the verdict already compares the two values."""
    if pair.basis is Basis.EXEMPT and "every action except" in verdict.summary:
        return True
    of_tag = pair.basis in (Basis.SENT, Basis.TAGGED)
    values = (each.partition("=")[2] if of_tag else each for each in (pair.asked, pair.written))
    both = all(each in verdict.summary for each in values)
    if pair.kind == "account" and verdict.cause.endswith(".resource-mismatch"):
        return both
    return both and ("Compare " in verdict.summary or verdict.cause.endswith(".condition-unmet"))


def _step(pair: NearPair) -> Step:
    asked_place = "the text" if pair.asked_place == pair.written_place else pair.asked_place
    said = f"{pair.asked} in {asked_place}, {pair.written} in {pair.written_place}: {pair.difference}"
    return Step(PASTED, "Two values in the text", Status.FAIL, said)


def _verdict(pair: NearPair, verdict: Verdict) -> Verdict:
    """Return the verdict with the sentence about the two similar names.

    If AWS stated a Deny, the sentence follows the one about that Deny; otherwise it comes first.
    """
    if verdict.cause.endswith(".explicit-deny"):
        summary = f"{verdict.summary.partition('. ')[0].rstrip('.')}. {pair.sentence}"
        return replace(verdict, summary=summary, sentences=(Sentence(summary),), only_stated=False)
    if pair.basis in _BESIDE:
        summary = f"{pair.sentence} {verdict.summary}"
        sure = at_most_likely(verdict.confidence)
        return replace(verdict, confidence=sure, summary=summary, sentences=(Sentence(summary),))
    sentence = pair.sentence
    if pair.basis is Basis.BOTH_ASKED and verdict.cause == "not-iam":
        sentence = f"{sentence} {verdict.summary.partition('. ')[0].rstrip('.')}."
    keeps = verdict.cause in ("not-iam", "credentials.invalid") and pair.basis is not Basis.SERVICE
    cause = verdict.cause if keeps else pair.code
    return replace(
        verdict,
        cause=cause,
        confidence=confidence(Ground.PARTLY),
        summary=sentence,
        sentences=(Sentence(sentence),),
        only_stated=False,
    )
