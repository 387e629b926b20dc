"""A diagnosis that includes what the text's own policies say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeVar

from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.access_denied.pasted.findings_in_order.order import finding_of
from diagnostics.claims.kinds import Sentence
from diagnostics.diagnosis import Step, Verdict
from diagnostics.failure import Denial, OtherFailure, Trouble
from diagnostics.fix import Fix
from diagnostics.text.answer.denial.api_authorizers import is_of_authorizer
from diagnostics.text.templates.elements import COMPUTED
from iam.claims import Confidence, Ground, at_most_likely, confidence

T = TypeVar("T")


def with_pasted_policies(denial: Denial, parts: Iterator[T], *, offline: bool) -> Iterator[T | Step | Verdict | Fix]:
    """Yield the parts of a diagnosis, with a step on the text's own policies after the first step.

    If ``offline``, no policy of the account is read, and the verdict is about the text's policies.
    """
    finding = None if is_of_authorizer(denial) else finding_of(denial)
    if finding is not None and COMPUTED in finding.said:
        finding = None  # a value that could not be read proves nothing
    shown = False
    for part in parts:
        if finding is not None and offline and isinstance(part, Verdict):
            verdict = verdict_with(finding, part)
            yield verdict
            if verdict is not part:
                yield from finding.fixes
            continue
        yield part
        if finding is not None and not shown and isinstance(part, Step):
            shown = True
            yield finding.step


_OPEN = (Trouble.UNRECOGNIZED, Trouble.NOT_IAM)
"""A denial by a database, a message broker or a cache. Its message names no policy."""


def with_idle_statement(failure: OtherFailure, parts: Iterator[T]) -> Iterator[T | Step | Verdict | Fix]:
    """Yield the parts of a diagnosis, with verdict and fixes corrected if the text has a faulty policy.

    The policy is at fault if AWS rejected it, or if one of its Allow statements cannot apply to the action that it
    names.
    """
    from diagnostics.access_denied.pasted.proven_causes.idle_statements import (
        of_an_idle_statement,  # few texts have a policy
    )
    from diagnostics.text.policy_questions.mistakes import policy_checked

    rejected = failure.trouble is Trouble.MALFORMED_POLICY
    if rejected:
        from diagnostics.access_denied.pasted.proven_causes.broken_documents import of_a_broken_document
        from diagnostics.access_denied.pasted.proven_causes.rejected_statement import of_a_rejected_statement

        finding = of_a_broken_document(failure.text) or of_a_rejected_statement(failure.text)
    else:
        asked = failure.trouble not in _OPEN or policy_checked(failure.text)  # a question about it has its own answer
        finding = of_an_idle_statement(failure) if not asked else None
    if finding is None:
        yield from parts
        return
    shown = False
    for part in parts:
        if isinstance(part, Verdict):
            sure = part.confidence if rejected else confidence(Ground.PARTLY)
            yield _saying(part, finding.sentence, finding.code or part.cause, sure)
            yield from finding.fixes
        elif not isinstance(part, Fix):
            yield part
            if not shown and isinstance(part, Step):
                shown = True
                yield finding.step


def verdict_with(finding: Finding, verdict: Verdict) -> Verdict:
    """Return ``verdict`` with the statement at fault from the pasted policy.

    The statement replaces the remark that only the policies can show the cause. If AWS states the cause, that sentence
    is not changed.
    """
    if finding.settles:
        return _saying(verdict, finding.sentence, "unreadable", confidence(Ground.NOTHING))
    if finding.code is None and finding.covers:
        sure = at_most_likely(verdict.confidence)
        if not finding.sentence:
            return replace(verdict, confidence=sure)
        return _saying(verdict, finding.sentence, verdict.cause, sure)
    if finding.code is None and not (finding.leads and finding.sentence):
        return verdict
    if finding.code is None:
        summary = f"{finding.sentence} {verdict.summary}"
        sentences = (Sentence(finding.sentence), *(verdict.sentences or (Sentence(verdict.summary),)))
        return replace(verdict, confidence=at_most_likely(verdict.confidence), summary=summary, sentences=sentences)
    if verdict.cause.endswith(".explicit-deny"):
        return _saying(verdict, f"{verdict.summary} {finding.sentence}", verdict.cause, verdict.confidence)
    if verdict.confidence is Confidence.CERTAIN:
        return verdict
    no_allow = " No Allow can help." if finding.code.endswith(".explicit-deny") else ""
    return _saying(verdict, f"{finding.sentence}{no_allow}", finding.code, confidence(Ground.PARTLY))


def _saying(verdict: Verdict, summary: str, cause: str, sure: Confidence) -> Verdict:
    sentences = (Sentence(summary),)
    return replace(verdict, cause=cause, confidence=sure, summary=summary, sentences=sentences, only_stated=False)
