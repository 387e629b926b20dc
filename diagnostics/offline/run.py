"""Explain a text by itself, without reading an account. Nothing is claimed that the text does not show."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from diagnostics.diagnosis import NOT_READ, Evidence, Status, Step, Verdict
from diagnostics.failure import Conflict, Denial, Failure, OtherFailure, Trouble
from diagnostics.offline.conflict_verdict import conflict_verdict, conflict_words
from diagnostics.text.answer.denial.message_step import message_step
from diagnostics.text.answer.denial.verdict_rules import denial_verdict
from diagnostics.text.causes.find_causes import first_look
from diagnostics.text.read.one_message import is_alone
from iam.claims import Ground, confidence
from iam.lazy_pattern import regex

if TYPE_CHECKING:
    from diagnostics.fix import Fix


def explain(
    failure: Failure, context: Mapping[str, tuple[str, ...]], known: tuple[str, ...] = (), following: str = ""
) -> Iterator[Step | Verdict | Fix]:
    """Yield steps, verdict and fixes from the text alone.

    ``context`` is shown but not evaluated, because there are no policies. ``known`` are sentences about what the
    commands, templates and logs in the text show about the request; ``following`` says what is usually denied next.
    """
    if not isinstance(failure, Conflict) and failure.tokens:
        yield from _token_steps(failure)
    match failure:
        case Denial():
            yield message_step(failure)
            yield from _around(known)
            answered = None
            if not is_alone(failure):
                from diagnostics.text.answer.pasted_output import answer_steps, answered_verdict

                yield from answer_steps(failure, decides=True)
                answered = answered_verdict(failure)
            denied = (failure.stated_reason or "").startswith("explicit:")
            if not denied and following:
                yield Step("next", "What the call may need too", Status.SKIPPED, following)
            yield _not_read()
            verdict = _with_new_guardrail(failure, answered or denial_verdict(failure))
            said: list[Verdict | Fix] = [_with_first_cause(failure, _with_session_policy(failure, verdict))]
            if failure.encoded_message or failure.authorization_id:
                from diagnostics.text.answer.show_more import text_fixes

                said += text_fixes(failure)
            yield from _of_its_day(failure, said)
        case Conflict():
            yield Step("message", "What the text says", Status.PASS, conflict_words(failure))
            yield _not_read()
            from diagnostics.text.causes.first_cause import with_first_cause

            yield with_first_cause(conflict_verdict(failure), first_look(failure), failure.text)
        case OtherFailure(trouble=Trouble.UNRECOGNIZED) if any(not token.broken for token in failure.tokens):
            yield _not_read()
            yield _token_verdict(failure)
        case _:
            # A denial needs none of these modules.
            from diagnostics.text.answer import other_failures
            from diagnostics.text.policy_questions.answered import policy_answered

            yield other_failures.message_step(failure)
            yield _not_read()
            looks = first_look(failure)
            of_a_policy = tuple(policy_answered(failure, looks))
            if of_a_policy:
                yield from of_a_policy
                return
            from diagnostics.text.causes.first_cause import with_first_cause

            yield with_first_cause(other_failures.verdict_by_words(failure, looks), looks, failure.text)
            if fix := other_failures.fix_by_words(failure):
                yield fix


_ORGANIZATIONS = regex(
    r"\b(?:SCPs?|RCPs?|[sr]cp[-_]\w|(?:service|resource) control polic(?:y|ies)|guardrails?)\b", re.I
)


def _with_new_guardrail(denial: Denial, verdict: Verdict) -> Verdict:
    """Return the verdict; if it names no cause, with the organization's policy that the text says was introduced."""
    if verdict.cause != "unreadable" or denial.stated_reason or not _ORGANIZATIONS.search(denial.text):
        return verdict
    from diagnostics.text.causes.denials.introduced_guardrails import INTRODUCED

    looks = first_look(denial)
    if not looks or not looks[0].cause.startswith(INTRODUCED):
        return verdict
    return replace(verdict, summary=looks[0].cause, sentences=(), confidence=confidence(Ground.LIKENESS), general=False)


def _with_session_policy(denial: Denial, verdict: Verdict) -> Verdict:
    """Return the verdict; if a session policy lacks the action, with the policy that the text says was passed."""
    if verdict.cause != "session.no-action" or is_alone(denial):
        return verdict
    from diagnostics.text.causes.denials.guardrails import PASSED_AS_SESSION_POLICY

    looks = first_look(denial)
    if not looks or PASSED_AS_SESSION_POLICY not in looks[0].cause:
        return verdict
    return replace(verdict, summary=looks[0].cause, sentences=(), general=False)


def _with_first_cause(denial: Denial, verdict: Verdict) -> Verdict:
    if not verdict.general:
        return verdict
    from diagnostics.text.causes.first_cause import with_first_cause

    return with_first_cause(verdict, first_look(denial), denial.text)


def _of_its_day(denial: Denial, parts: Iterable[Verdict | Fix]) -> Iterator[Verdict | Fix]:
    """Return the parts; if the text is an e-mail too old for the event history, the verdict begins with its date."""
    if is_alone(denial):
        return iter(parts)
    from diagnostics.text.answer.sequel import settled_first
    from diagnostics.text.read.layout.text_time import day_of_mail, old_day, old_words

    day = old_day(day_of_mail(denial.text), datetime.now(UTC))
    if not day:
        return iter(parts)

    return settled_first(f"{old_words(day)} Look at a current error first.", iter(parts))


def _token_steps(failure: Denial | OtherFailure) -> Iterator[Step]:
    """Yield steps about what the tokens contain. Without an account, it is unknown which role accepts them."""
    from diagnostics.text.answer.credentials.pasted_tokens import good_tokens, lifetime_step, token_step

    yield token_step(failure.tokens)
    for token in good_tokens(failure.tokens):
        refused = isinstance(failure, Denial)
        if step := lifetime_step(token, datetime.now(UTC), refused=refused):
            yield step


def _token_verdict(failure: OtherFailure) -> Verdict:
    from diagnostics.text.answer.credentials.pasted_tokens import good_tokens, untimely

    token = good_tokens(failure.tokens)[0]
    if late := untimely(token, datetime.now(UTC)):
        return Verdict("credentials.invalid", confidence(Ground.STATED), f"{late}: STS refuses it.")
    return Verdict(
        "unreadable",
        confidence(Ground.NOTHING),
        f"This is a {token.kind.value} {f'of {token.issuer}' if token.issuer else 'that does not name its issuer'}. "
        "Only the account's trust policies show which role would accept it.",
    )


def _around(known: tuple[str, ...]) -> Iterator[Step]:
    """Yield the step about what the commands and templates in the text show about the request."""
    if known:
        yield Step("request", "What else is known", Status.PASS, "; ".join(known), tuple(map(_evidence, known)))


def _evidence(sentence: str) -> Evidence:
    return Evidence(text=sentence)


def _not_read() -> Step:
    return Step(NOT_READ, "The account", Status.SKIPPED, "not read: this answer is based on the text alone")
