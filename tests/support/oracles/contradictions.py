"""What a diagnosis says against itself: a step, a sentence, a fix and a verdict that cannot all be true.

Each rule looks at a whole `Diagnosis` and yields sentences; none means that it contradicts itself nowhere. `watch` has
every diagnosis of the tests looked at (see ``tests/conftest``).
"""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from diagnostics.access_denied.fixes.linted import new_error
from diagnostics.access_denied.fixes.together import AS_WELL
from diagnostics.claims.check import LOG as CHECK_LOG
from diagnostics.claims.check import Facts, claims_of_fix, claims_of_look, false_claims, sentences_of
from diagnostics.diagnosis import Confidence, Diagnosis, Status, Step
from diagnostics.failure import Conflict, Denial, Failure
from diagnostics.fix import Advice, Fix, PolicyChange, TrustChange
from diagnostics.words import POLICY_TYPES
from iam.policy.compiled import wildcard_only
from iam.policy.document import Document

Rule = Callable[[Diagnosis], Iterator[str]]

LAYERS = frozenset(POLICY_TYPES)


def contradictions(diagnosis: Diagnosis) -> list[str]:
    """Every contradiction in it, each with its verdict."""
    verdict = diagnosis.verdict
    return [
        f"{verdict.cause} ({verdict.confidence}): {said} [{verdict.summary}]"
        for rule in RULES
        for said in rule(diagnosis)
    ]


def _layer(diagnosis: Diagnosis) -> str:
    """The layer that the cause names, or ""."""
    cause = diagnosis.verdict.cause
    word = cause.partition(".")[0]
    return word if word in LAYERS and cause != "resource.not-found" else ""


def _stated(diagnosis: Diagnosis) -> str:
    """The layer that the text itself names, or ""."""
    failure = diagnosis.failure
    reason = (failure.stated_reason or "") if isinstance(failure, Denial) else ""
    word = "resource" if reason == "s3-block-public-access" else reason.partition(":")[2]
    return "trust" if word == "resource" and _layer(diagnosis) == "trust" else word


def _steps(diagnosis: Diagnosis) -> Mapping[str, Step]:
    return {step.id: step for step in diagnosis.steps}


def _deciding(diagnosis: Diagnosis) -> Step | None:
    """The step of the layer that decides: one of its own, or one that failed and speaks of it."""
    layer = _layer(diagnosis)
    of_it = (step for step in diagnosis.steps if any(each.layer == layer for each in step.evidence))
    failed = next((step for step in of_it if step.status is Status.FAIL), None)
    return failed or _steps(diagnosis).get(layer)


def certain_only_if_nothing_is_open(diagnosis: Diagnosis) -> Iterator[str]:
    verdict = diagnosis.verdict
    if verdict.confidence is not Confidence.CERTAIN:
        return
    if verdict.questions:
        yield f"certain, and {verdict.questions[0].key} is asked for"
    if verdict.cause == "allowed.now" and verdict.unread:
        yield f"certain that it is allowed, and {verdict.unread[0]} could not be read"
    step = _deciding(diagnosis)
    if step and step.status is Status.UNKNOWN and _layer(diagnosis) != _stated(diagnosis):
        yield f"certain, and the step {step.id} is unknown: {step.summary}"


def unreadable_is_unknown(diagnosis: Diagnosis) -> Iterator[str]:
    verdict = diagnosis.verdict
    if verdict.cause == "unreadable" and verdict.confidence is not Confidence.UNKNOWN and not verdict.by_text:
        yield "what decides cannot be read, and the answer is sure all the same"


def the_layer_that_decides_refuses(diagnosis: Diagnosis) -> Iterator[str]:
    step = _deciding(diagnosis)
    if step and step.status in (Status.PASS, Status.SKIPPED) and _layer(diagnosis) != _stated(diagnosis):
        yield f"the cause is in {step.id}, whose step says: {step.status}, {step.summary}"


def what_is_allowed_is_refused_by_nothing(diagnosis: Diagnosis) -> Iterator[str]:
    if diagnosis.verdict.cause == "allowed.now":
        for step in diagnosis.steps:
            if step.id in LAYERS and step.status is Status.FAIL:
                yield f"allowed now, and the step {step.id} fails: {step.summary}"


def unread_layers_have_unknown_steps(diagnosis: Diagnosis) -> Iterator[str]:
    steps = _steps(diagnosis)
    for word in diagnosis.verdict.unread:
        if word in steps and steps[word].status in (Status.PASS, Status.SKIPPED) and word != _stated(diagnosis):
            yield f"{word} could not be read, and its step says: {steps[word].status}, {steps[word].summary}"


def no_sentence_on_a_layer_that_is_absent(diagnosis: Diagnosis) -> Iterator[str]:
    said = diagnosis.verdict.summary
    for word, step in _steps(diagnosis).items():
        absent = (
            word in LAYERS
            and step.status is Status.SKIPPED
            and not step.summary.startswith(("unknown", "not recorded"))
        )
        if absent and word not in (_stated(diagnosis), *diagnosis.verdict.unread) and POLICY_TYPES[word] in said:
            yield f"speaks of the {POLICY_TYPES[word]}, which is not in play: {step.summary}"


def verified_is_proved(diagnosis: Diagnosis) -> Iterator[str]:
    layer = _layer(diagnosis)
    refusing = [
        step.id for step in diagnosis.steps if step.id in LAYERS and step.status is Status.FAIL and step.id != layer
    ]
    # A text that speaks of a lack says that no Deny matched: what need not allow cannot be in the way then.
    lack = isinstance(diagnosis.failure, Denial) and (diagnosis.failure.stated_reason or "").startswith("implicit:")
    settled = ("rcp", "resource") if lack else ()
    unknown = [
        step.id
        for step in diagnosis.steps
        if step.id in LAYERS and step.id not in settled and step.status is Status.UNKNOWN
    ]
    unread = [word for word in diagnosis.verdict.unread if word in LAYERS and word not in settled]
    for fix in diagnosis.fixes:
        # A call that is made otherwise tells the keys itself, and an exception spares whatever they are.
        open_steps = unknown if isinstance(fix.change, PolicyChange | TrustChange) else unread
        if (fix.verified or (fix.together and fix.together.verified)) and open_steps:
            yield f"verified, and the step {open_steps[0]} is unknown: {fix.title}"
        if fix.verified and fix.hangs_on:
            yield f"verified, and it hangs on something: {fix.title}"
        if not fix.verified or not isinstance(fix.change, PolicyChange | TrustChange):
            continue
        if refusing:
            yield f"verified alone, and {refusing[0]} refuses too: {fix.title}"
        if "is not enough" in diagnosis.verdict.summary:
            yield f"verified alone, and the verdict says that it is not enough: {fix.title}"


def sets_are_whole(diagnosis: Diagnosis) -> Iterator[str]:
    """Changes that are enough together are all there, and none of them is enough alone."""
    sets = Counter(fix.together for fix in diagnosis.fixes if fix.together is not None)
    for together, count in sets.items():
        if count != together.count:
            yield f"{together.count} changes are needed together, and {count} are there"
    for fix in diagnosis.fixes:
        if fix.together is not None and fix.verified:
            yield f"enough alone, and others are needed besides: {fix.title}"


def what_else_is_allowed_is_said(diagnosis: Diagnosis) -> Iterator[str]:
    for fix in diagnosis.fixes:
        words = " ".join((fix.title, *fix.cautions)).lower()
        if ("nothing else" in words or "nothing more" in words) and fix.gains:
            yield f"says that nothing else is allowed, and allows {fix.gains[0]}: {fix.title}"


def fixes_differ(diagnosis: Diagnosis) -> Iterator[str]:
    for (title, *_), count in Counter((fix.title, fix.target, fix.text) for fix in diagnosis.fixes).items():
        if count > 1:
            yield f"the same fix {count} times: {title}"
    changes = Counter(
        (fix.target, fix.text) for fix in diagnosis.fixes if isinstance(fix.change, PolicyChange | TrustChange)
    )
    for (target, _), count in changes.items():
        if count > 1:
            yield f"the same change of {target} {count} times"


def nothing_gone_is_asked_for(diagnosis: Diagnosis) -> Iterator[str]:
    steps = _steps(diagnosis)
    record, decode = steps.get("record"), steps.get("decode")
    gone = record is not None and (record.status is Status.PASS or "is not kept" in record.summary)
    for fix in diagnosis.fixes:
        if gone and "get-request-authorization-details" in fix.text:
            yield f"asks for a record that was read or is gone: {fix.title}"
        if decode and decode.status is Status.PASS and "decode-authorization-message" in fix.text:
            yield f"asks to decode what was decoded: {fix.title}"


def no_fix_is_a_star(diagnosis: Diagnosis) -> Iterator[str]:
    for fix in diagnosis.fixes:
        for star in _stars(fix):
            yield f"a fix offers {star}: {fix.title}"


def _stars(fix: Fix) -> Iterator[str]:
    change = fix.change
    if isinstance(change, TrustChange | PolicyChange) and change.after is not None:
        before = _statements(change.before)
        added = [each for each in _statements(change.after) if each not in before]
    elif isinstance(change, PolicyChange):
        added = [dict(change.shown)] if "Effect" in change.shown else []
    else:
        return
    kept = _statements(fix.before)
    for statement in added:
        actions, resources = _listed(statement.get("Action")), _listed(statement.get("Resource"))
        if statement.get("Effect") != "Allow":
            continue
        if any(action == "*" or action.endswith(":*") for action in actions) and not _had(kept, "Action", actions):
            yield f"Action {actions}"
        needs_star = all(map(wildcard_only, map(str.lower, actions)))
        if "*" in resources and not needs_star and not _had(kept, "Resource", ["*"]):
            yield f"Resource * for {actions}"
        if _everybody(statement.get("Principal")) and not statement.get("Condition"):
            yield "Principal *"


def _had(statements: list[dict[str, Any]], element: str, values: list[str]) -> bool:
    """Whether a statement of the document as it stood has these values already: a fix may keep what it finds."""
    return any(set(values) <= set(_listed(each.get(element))) for each in statements)


def _statements(document: Document | None) -> list[dict[str, Any]]:
    value = document.value.get("Statement", []) if document is not None and isinstance(document.value, dict) else []
    return [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, dict)]


def _listed(value: Any) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else [] if value is None else [str(value)]


def _everybody(principal: Any) -> bool:
    if isinstance(principal, dict):
        return any("*" in _listed(each) for each in principal.values())
    return principal == "*"


def nothing_is_proposed_on_what_is_missing(diagnosis: Diagnosis) -> Iterator[str]:
    step = _steps(diagnosis).get("existence")
    if step is None or step.status is not Status.FAIL:
        return
    missing = str(step.evidence[0].arn)
    # A Deny that AWS found in the missing policy comes first, and so does an answer from the text alone.
    verdict = diagnosis.verdict
    if not (
        verdict.by_text
        or f"{missing} no longer exists" in verdict.summary
        or verdict.summary.startswith(f"{missing} does not exist")
    ):
        yield f"does not begin with what does not exist: {missing}"
    for fix in diagnosis.fixes:
        added = json.dumps([one for one in _statements(fix.after) if one not in _statements(fix.before)])
        if isinstance(fix.change, PolicyChange | TrustChange) and f'"{missing}' in added:
            yield f"a fix speaks of {missing}, which does not exist: {fix.title}"


def what_a_fix_writes_passes_lint(diagnosis: Diagnosis) -> Iterator[str]:
    """Lint finds no error in what is offered."""
    for fix in diagnosis.fixes:
        for form in (fix, *fix.forms):
            if form.change.no_plan == "" and (error := new_error(form)):
                yield f"{form.title!r} writes a document with an error: {error}"


def no_allow_against_a_deny(diagnosis: Diagnosis) -> Iterator[str]:
    if not diagnosis.verdict.cause.endswith(".explicit-deny"):
        return
    for fix in diagnosis.fixes:
        before, after = _statements(fix.before), _statements(fix.after)
        alone = (
            isinstance(fix.change, PolicyChange | TrustChange) and fix.together is None and AS_WELL not in fix.cautions
        )
        if alone and after and _denies(before) == _denies(after):
            yield f"no Allow can help, and a fix adds one: {fix.title}"


def _denies(statements: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [each for each in statements if each.get("Effect") == "Deny"]


def witnesses_agree_where_it_is_certain(diagnosis: Diagnosis) -> Iterator[str]:
    step = _deciding(diagnosis)
    certain = diagnosis.verdict.confidence is Confidence.CERTAIN and _layer(diagnosis) != _stated(diagnosis)
    if certain and step and step.agree is False:
        yield f"certain, and the witnesses differ: {step.witnesses}"


def advice_fits_the_conflict(diagnosis: Diagnosis) -> Iterator[str]:
    if not isinstance(diagnosis.failure, Conflict):
        return
    cause = diagnosis.verdict.cause
    for fix in diagnosis.fixes:
        if cause == "name.free" and fix.advice in (Advice.ADOPT, Advice.DELETE):
            yield f"the name is free, and the advice is to {fix.advice} what has it: {fix.title}"
        if cause == "role.service-owned" and fix.advice in (Advice.ADOPT, Advice.DELETE):
            yield f"the role is AWS's, and the advice is to {fix.advice} it: {fix.title}"
        if fix.advice and not fix.title.lower().startswith(fix.advice.value):
            yield f"the advice is {fix.advice}, and the title says otherwise: {fix.title}"


def facts_of(diagnosis: Diagnosis) -> Facts:
    """What the claims of a whole diagnosis are compared with."""
    return Facts(diagnosis.failure, diagnosis.steps, diagnosis.verdict, diagnosis.case_file)


def no_claim_is_false(diagnosis: Diagnosis) -> Iterator[str]:
    """The claims of every step, sentence, fix and line of the first look, against steps, readings and text."""
    facts = facts_of(diagnosis)
    for step in diagnosis.steps:
        for claim in false_claims(step.asserts, facts):
            yield f"the step {step.id} claims {claim}: {step.summary}"
    for sentence in sentences_of(diagnosis.verdict):
        for claim in false_claims(sentence.claims, facts):
            yield f"a sentence claims {claim}: {sentence.text}"
    for fix in diagnosis.fixes:
        for claim in false_claims(claims_of_fix(fix), facts, fix):
            yield f"a fix claims {claim}: {fix.title}"
    for look in diagnosis.first_look:
        for claim in false_claims(claims_of_look(look), facts):
            yield f"the first look claims {claim}: {look.cause} ({look.because.text})"


RULES: tuple[Rule, ...] = (
    what_a_fix_writes_passes_lint,
    no_claim_is_false,
    certain_only_if_nothing_is_open,
    unreadable_is_unknown,
    the_layer_that_decides_refuses,
    what_is_allowed_is_refused_by_nothing,
    unread_layers_have_unknown_steps,
    no_sentence_on_a_layer_that_is_absent,
    verified_is_proved,
    sets_are_whole,
    what_else_is_allowed_is_said,
    fixes_differ,
    nothing_gone_is_asked_for,
    no_fix_is_a_star,
    nothing_is_proposed_on_what_is_missing,
    no_allow_against_a_deny,
    witnesses_agree_where_it_is_certain,
    advice_fits_the_conflict,
)


class _Collector(logging.Handler):
    """Adds what is logged to a list."""

    def __init__(self, found: list[str]) -> None:
        super().__init__(logging.ERROR)
        self._found = found

    def emit(self, record: logging.LogRecord) -> None:
        self._found.append(record.getMessage())


def watch(found: list[str]) -> None:
    """From now on every diagnosis is looked at, whoever asks for it; what contradicts itself is added to ``found``.

    A sentence that the program itself drops, because it contradicts what was read, is added as well.
    """
    import diagnostics.diagnose as entry

    CHECK_LOG.addHandler(_Collector(found))

    asked = entry.diagnose

    def watched(failure: Failure, *arguments: Any, **named: Any) -> Iterator[entry.Part]:
        parts = []
        for part in asked(failure, *arguments, **named):
            parts.append(part)
            yield part
        found.extend(contradictions(entry.gathered(failure, iter(parts))))

    entry.diagnose = watched
