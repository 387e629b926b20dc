"""Answer from the text alone if the open account's policies cannot decide the request.

The policies of the open account say nothing about a caller from another account, or about a caller that the text does
not name. The answer then consists of what the text itself shows: a policy, two values that differ, or a reason that AWS
states. If no account is open, the answer is built the same way, from the text alone. If the policies of the layer that
the text blames were read in the account, the account's answer takes precedence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from diagnostics.access_denied.judge import NOT_FOUND, UNREADABLE
from diagnostics.claims.kinds import LayerRead, Sentence, TextStates, joined
from diagnostics.diagnosis import PASTED, FirstLook, Part, Status, Step, Verdict
from diagnostics.fix import Fix


def or_by_text(parts: Iterator[Part], by_text: Callable[[], Iterator[Part]]) -> Iterator[Part]:
    """Yield the parts of a diagnosis in an account; if it leaves the cause open, those of the text's answer.

    ``by_text`` returns the parts of the diagnosis of the text alone.
    """
    steps: list[Step] = []
    for part in parts:
        if isinstance(part, Step):
            steps.append(part)
        if isinstance(part, Verdict) and part.left_open is not None:
            yield from _verdict_and_fixes(part, parts, tuple(by_text()), steps)
            return
        yield part


def _verdict_and_fixes(
    verdict: Verdict, rest: Iterator[Part], by_text: Sequence[Part], steps: Sequence[Step]
) -> Iterator[Part]:
    """Yield the verdict and the fixes: those of the text if the text's verdict says more than the account's."""
    text_verdict = next((part for part in by_text if isinstance(part, Verdict)), verdict)
    no_caller = verdict.cause == NOT_FOUND and text_verdict.cause != UNREADABLE
    read = text_verdict.cause != verdict.cause and _was_read(text_verdict.cause.partition(".")[0], steps)
    # What AWS states about the caller's own policies is as certain as it is without an account.
    stated = text_verdict.cause == "identity.no-action" and _elsewhere(steps) is not None
    # A cause in the text says more than that the policies of another account cannot be read.
    further = not text_verdict.general and _reads_no_policy(steps)
    if any(step.id == "candidates" for step in steps):
        further = read = False  # a role that only fits says less than a policy in the text
    if read or (text_verdict.only_stated and not (no_caller or stated or further)):
        yield verdict
        yield from rest
        return
    seen = {step.summary for step in steps if step.id == PASTED}
    yield from (part for part in by_text if isinstance(part, Step) and part.id == PASTED and part.summary not in seen)
    decided = text_verdict.cause not in (UNREADABLE, verdict.cause) and not text_verdict.only_stated
    yield _with_aside(text_verdict, replace(verdict, questions=()) if decided else verdict)
    fixes = [part for part in by_text if isinstance(part, Fix)]
    yield from fixes
    titles = {fix.title for fix in fixes}
    # What the text shows need not be asked.
    unread = decided or bool(verdict.unread) or text_verdict.cause == verdict.cause
    answered = (
        verdict.cause != NOT_FOUND and unread and text_verdict.cause != UNREADABLE and not text_verdict.only_stated
    )
    yield from (part for part in rest if not isinstance(part, Fix) or not (answered or part.title in titles))


def _reads_no_policy(steps: Sequence[Step]) -> bool:
    """Whether the account has no policy of the caller, who is in another account, or is not named by the text."""
    caller = next((step for step in steps if step.id == "caller"), None)
    unnamed = caller is None or any(isinstance(each, TextStates) and not each.holds for each in caller.asserts)
    return unnamed or (caller is not None and LayerRead("identity", False) in caller.asserts)


def _was_read(layer: str, steps: Sequence[Step]) -> bool:
    """Whether a step has read the policies of the layer in the account."""
    words = (layer, "trust") if layer == "resource" else (layer,)
    found = [step for step in steps if step.id in words and step.status is not Status.SKIPPED]
    return any(LayerRead(step.id, False) not in step.asserts for step in found)


def _with_aside(text_verdict: Verdict, verdict: Verdict) -> Verdict:
    """Return the text's verdict, with a sentence that explains why the account does not decide."""
    aside = tuple(each for each in (verdict.left_open,) if each is not None and each.text)
    return replace(
        verdict,
        cause=text_verdict.cause,
        confidence=text_verdict.confidence,
        summary=joined((Sentence(text_verdict.summary), *aside)),
        sentences=(*(text_verdict.sentences or (Sentence(text_verdict.summary),)), *aside),
        # Questions about a statement that was read are not about the statement in the text.
        questions=() if text_verdict.cause == verdict.cause else verdict.questions,
        by_text=True,
    )


def in_the_callers_account(looks: Sequence[FirstLook], steps: Sequence[Step]) -> tuple[FirstLook, ...]:
    """Return the common causes. Commands for IAM get the caller's account if a different account was opened.

    A command that looks up the caller by name would otherwise find a different role or user of the same name in the
    opened account.
    """
    account = _elsewhere(steps)
    if account is None:
        return tuple(looks)
    return tuple(replace(look, account=account) if look.asks_iam and not look.account else look for look in looks)


def _elsewhere(steps: Sequence[Step]) -> str | None:
    """Return the caller's account if it is not the account that was opened; else None."""
    step = next((step for step in steps if step.id == "caller"), None)
    return step.account if step is not None and LayerRead("identity", False) in step.asserts else None
