"""A diagnosis as JSON, as Markdown, and as plain text.

Everything that comes from a pasted text or from an account is escaped here: control characters, characters that change
the text direction, and Markdown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from diagnostics.diagnosis import (
    ClaimComparison,
    Confidence,
    Diagnosis,
    Evidence,
    FirstLook,
    LookState,
    Status,
    Step,
    distinct,
)
from diagnostics.failure import Conflict, Denial, Failure, kind_of
from iam.claims import RULED_OUT
from iam.foreign_text import markdown_block, markdown_code, markdown_text, visible

if TYPE_CHECKING:
    from diagnostics.fix import Fix, FixPlans
    from diagnostics.past_changes import Since

MARKS = {Status.PASS: "✓", Status.FAIL: "✗", Status.UNKNOWN: "?", Status.SKIPPED: "–"}
_LOOK_FIRST = "LOOK HERE FIRST (usual causes, none of them certain)"
ASCII_MARKS = {Status.PASS: "ok", Status.FAIL: "X ", Status.UNKNOWN: "? ", Status.SKIPPED: "- "}


def to_json(diagnosis: Diagnosis, plans: FixPlans | None = None) -> dict[str, Any]:
    """Return the document of ``rolescope diagnose --json``. Fields may be added to it, but are never removed.

    ``plans`` are the plans of its fixes, or None if there is no account to make them for.
    """
    from diagnostics.text.read.parsed import parsed

    verdict = diagnosis.verdict
    return {
        "kind": kind_of(diagnosis.failure),
        "parsed": parsed(diagnosis.failure).as_json(),
        "request": {name: had.as_json for name, had in diagnosis.request.items()},
        "count": diagnosis.failure.count,
        "verdict": {
            "cause": verdict.cause,
            "confidence": verdict.confidence.value,
            "summary": verdict.summary,
            "questions": [{"key": q.key, "wanted": list(q.wanted), "why": q.why} for q in verdict.questions],
            "unread": list(verdict.unread),
            "hangs_on": [*_verdict_hangs_on(diagnosis), *_unconfirmed(diagnosis)],
            "since": _since_json(verdict.since) if verdict.since is not None else None,
            "account": verdict.account,
        },
        "steps": [_step_json(step) for step in diagnosis.steps],
        "fixes": _fixes_json(diagnosis.fixes, plans),
        "first_look": [_look_json(look) for look in diagnosis.first_look],
    }


def _verdict_hangs_on(diagnosis: Diagnosis) -> Iterator[Mapping[str, str | None]]:
    """Yield what keeps the verdict from being certain: unread layers, each with its account, and unknown keys."""
    accounts = {step.id: step.account for step in diagnosis.steps}
    verdict = diagnosis.verdict
    if verdict.confidence is not Confidence.CERTAIN:
        yield from ({"layer": word, "account": accounts.get(word)} for word in verdict.unread)
        yield from ({"key": question.key} for question in verdict.questions)


def _unconfirmed(diagnosis: Diagnosis) -> list[dict[str, str]]:
    """Return why the verdict is likely and not certain, for a denial that was evaluated completely."""
    verdict = diagnosis.verdict
    denial = kind_of(diagnosis.failure) == "access-denied" and not diagnosis.offline
    if not denial or verdict.confidence is not Confidence.LIKELY or verdict.unread or verdict.questions:
        return []
    return [
        {
            "confirmation": (
                "Neither the text nor AWS's policy simulator names this cause; rolescope's own evaluation does."
            )
        }
    ]


def _fixes_json(fixes: Sequence[Fix], plans: FixPlans | None) -> list[dict[str, Any]]:
    if not fixes:
        return []
    from diagnostics.fix_report import planned_json

    return [planned_json(fix, plans, place) for place, fix in enumerate(fixes)]


def _since_json(since: Since) -> dict[str, Any]:
    from diagnostics.fix_report import hangs_on_json

    return {
        "event_id": since.event_id,
        "event": since.event,
        "at": _time_json(since.at),
        "by": since.by,
        "entity": since.entity,
        "what": since.what,
        "before": since.before,
        "certainty": since.certainty.value,
        "hangs_on": [hangs_on_json(on) for on in since.hangs_on],
        "checked": since.checked,
        "back_to": _time_json(since.back_to),
        "after": [
            {
                "event_id": each.event_id,
                "event": each.event,
                "at": _time_json(each.at),
                "by": each.by,
                "what": each.what,
                "then": each.then,
            }
            for each in since.after
        ],
    }


def _time_json(at: datetime | None) -> str | None:
    return at.isoformat().replace("+00:00", "Z") if at is not None else None


def to_json_all(diagnoses: Sequence[Diagnosis], plans: Sequence[FixPlans | None] = ()) -> dict[str, Any]:
    """Return one document for all failures in a text: the most specific failure, with the others under ``more``.

    The most specific is a denial that names a principal and an action, then any denial, then a name conflict, then any
    other failure; among equals, the first in the text. ``more`` is in the order of the text. ``plans`` is the same as
    for `to_json`.
    """
    first = min(range(len(diagnoses)), key=lambda place: (_telling(diagnoses[place].failure), place))
    documents = [to_json(*each) for each in zip_longest(diagnoses, plans)]
    document = documents.pop(first)
    document["more"] = documents
    return document


def _telling(failure: Failure) -> int:
    match failure:
        case Denial(principal=str(), action=str()):
            return 0
        case Denial():
            return 1
        case Conflict():
            return 2
        case _:
            return 3


def _step_json(step: Step) -> dict[str, Any]:
    return {
        "id": step.id,
        "title": step.title,
        "status": step.status.value,
        "summary": step.summary,
        "evidence": [evidence_json(evidence) for evidence in step.evidence],
        "witnesses": step.witnesses,
        "heard": step.heard,
        "agree": step.agree,
        "claims": [_comparison_json(row) for row in step.comparisons],
        "account": step.account,
    }


def _comparison_json(row: ClaimComparison) -> dict[str, Any]:
    return {"claim": row.claim, "token": row.had, "wanted": row.wanted, "holds": row.holds, "note": row.note}


def evidence_json(evidence: Evidence) -> dict[str, Any]:
    return {
        "layer": evidence.layer,
        "policy": evidence.policy,
        "arn": evidence.arn,
        "statement": evidence.statement,
        "sid": evidence.sid,
        "element": evidence.element,
        "text": evidence.text,
        "call": evidence.call,
        "account": evidence.account,
    }


_ANSWERED = (LookState.FOUND, LookState.READ)


def _look_json(look: FirstLook) -> dict[str, Any]:
    result = {} if look.state is LookState.OPEN else {"state": look.state.value, "why": look.why}
    if look.account:
        result["account"] = look.account
    return {"cause": look.cause, "because": look.because.text, "check": look.check, "who": look.who.value, **result}


def to_text(diagnosis: Diagnosis, *, ascii_only: bool = False) -> str:
    """Return the diagnosis as plain text without colors, one line for each step.

    Evidence is listed below steps that did not pass.
    """
    marks = ASCII_MARKS if ascii_only else MARKS
    lines = [
        f"{kind_of(diagnosis.failure)}" + (f" (x{diagnosis.failure.count})" if diagnosis.failure.count > 1 else "")
    ]
    several = len(accounts_of(diagnosis)) > 1
    for number, step in enumerate(diagnosis.steps, start=1):
        of = f" (account {step.account})" if several and step.account else ""
        lines.append(f" {marks[step.status]} {number:>2} {step.title}{of}: {visible(step.summary)}")
        if step.witnesses:
            lines.append(f"        heard: {visible(step.witnesses)}")
        lines += [f"        {line}" for row in step.comparisons for line in _comparison_lines(row, marks)]
        if step.status in (Status.FAIL, Status.UNKNOWN):
            lines += [f"        {visible(line)}" for _, line in _evidence_of(step)]
    verdict = diagnosis.verdict
    lines += ["", f"{verdict.cause} ({verdict.confidence.value})", visible(verdict.summary)]
    for question in verdict.questions:
        wanted = f" (wanted: {', '.join(question.wanted)})" if question.wanted else ""
        lines.append(f"  ? {visible(question.key)}{visible(wanted)}: {visible(question.why)}")
    looks = shown_looks(diagnosis)
    for number, look in enumerate(looks, start=1):
        if number == 1:
            all_out = all(each.state is LookState.RULED_OUT for each in looks)
            lines += ["", "USUAL CAUSES, NONE OF WHICH HOLDS NOW" if all_out else _LOOK_FIRST]
        if look.state is LookState.RULED_OUT:
            lines += [f" {marks[Status.SKIPPED]}  {visible(look.cause)}", f"    {RULED_OUT}: {visible(look.why)}"]
            continue
        lines += [f" {number:>2} {visible(look.cause)}", f"    because: {visible(look.because.text)}"]
        if look.state in _ANSWERED:
            lines.append(f"    {look.state.value + ':':<8} {visible(look.why)}")
        if look.check:
            before = _with_same_check(looks, number)
            lines.append(f"    check:   {f'as for {before}' if before else visible(look.check)}")
        lines.append(f"    for:     {look.who.value}{look.where}")
    if diagnosis.fixes:
        from diagnostics.fix_report import fixes_text

        lines += fixes_text(diagnosis.fixes, with_account=several)
    return "\n".join(lines) + "\n"


def to_markdown(diagnosis: Diagnosis) -> str:
    """Return the diagnosis as a Markdown page."""
    verdict = diagnosis.verdict
    lines = [f"# {markdown_text(verdict.summary)}", "", f"{verdict.cause} ({verdict.confidence.value})", ""]
    if verdict.questions:
        lines += ["## Unknown values", ""]
        for question in verdict.questions:
            wanted = ", ".join(map(markdown_code, question.wanted)) or "any value"
            lines.append(f"- {markdown_code(question.key)}: {markdown_text(question.why)} (would satisfy it: {wanted})")
        lines.append("")
    if looks := shown_looks(diagnosis):
        lines += ["## Look here first", "", "Usual causes, none of them certain.", "", *_look_items(looks), ""]
    lines += ["## Steps", ""]
    several = len(accounts_of(diagnosis)) > 1
    for number, step in enumerate(diagnosis.steps, start=1):
        of = f" (account {step.account})" if several and step.account else ""
        title = f"{markdown_text(step.title)}{of}"
        lines.append(f"{number}. {MARKS[step.status]} **{title}**: {markdown_text(step.summary)}")
        if step.witnesses:
            lines.append(f"   - heard: {markdown_text(step.witnesses)}")
        lines += _comparison_table(step.comparisons)
        for evidence, line in _evidence_of(step):
            arn = f" {markdown_code(evidence.arn)}" if evidence.arn and evidence.arn not in evidence.text else ""
            lines.append(f"   - {markdown_text(line)}{arn}")
    lines.append("")
    if diagnosis.fixes:
        from diagnostics.fix_report import fixes_markdown

        lines += fixes_markdown(diagnosis.fixes, with_account=several)
    lines += ["## The text", "", *markdown_block(diagnosis.failure.text.strip()[:20_000]), ""]
    return "\n".join(lines)


def accounts_of(diagnosis: Diagnosis) -> tuple[str, ...]:
    """Return the accounts that a diagnosis read something from, in the order of its steps."""
    read = [step for step in diagnosis.steps if step.status in (Status.PASS, Status.FAIL)]
    found = [step.account for step in read]
    found += [each.account for step in read for each in step.evidence]
    return tuple(dict.fromkeys(account for account in found if account is not None))


def _with_same_check(looks: Sequence[FirstLook], number: int) -> int | None:
    """Return the number of an earlier cause with the same check command, or None."""
    check = looks[number - 1].check
    return next((at for at, look in enumerate(looks[: number - 1], start=1) if look.check == check), None)


def _look_items(looks: Sequence[FirstLook]) -> Iterator[str]:
    for number, look in enumerate(looks, start=1):
        yield f"{number}. {markdown_text(look.cause)}"
        yield f"   - because: {markdown_text(look.because.text)}"
        if look.state is LookState.RULED_OUT:
            yield f"   - {RULED_OUT}: {markdown_text(look.why)}"
            continue
        if look.state in _ANSWERED:
            yield f"   - {look.state.value}: {markdown_text(look.why)}"
        if look.check:
            before = _with_same_check(looks, number)
            yield f"   - check: {f'as for {before}' if before else markdown_code(look.check)}"
        yield f"   - for: {look.who.value}{look.where}"


def shown_looks(diagnosis: Diagnosis) -> tuple[FirstLook, ...]:
    """Return the common causes to show; empty if the account's own data makes the cause certain.

    A cause is left out if it has no command and the verdict already states it.
    """
    verdict = diagnosis.verdict
    if verdict.confidence is Confidence.CERTAIN and diagnosis.by_account:
        return ()
    return tuple(look for look in diagnosis.first_look if look.check or look.cause not in verdict.summary)


def _evidence_of(step: Step) -> Iterator[tuple[Evidence, str]]:
    """Yield a step's evidence with the lines for it.

    Evidence that the summary already contains is left out, except for its AWS call.
    """
    for each in distinct(step.evidence):
        said = each.text in step.summary and not each.policy
        line = f"call: {each.call}" if said and each.call else "" if said else evidence_line(each)
        if line:
            yield each, line


def evidence_line(evidence: Evidence) -> str:
    place = ""
    if evidence.policy:
        place = evidence.policy
        if evidence.statement is not None:
            place += f", statement {evidence.sid or evidence.statement + 1}"
        if evidence.element:
            place += f", {evidence.element}"
        place += ": "
    call = f"  [{evidence.call}]" if evidence.call else ""
    return f"{place}{evidence.text}{call}"


def _mark(row: ClaimComparison) -> Status:
    return Status.UNKNOWN if row.holds is None else Status.PASS if row.holds else Status.FAIL


def _comparison_lines(row: ClaimComparison, marks: Mapping[Status, str]) -> list[str]:
    """Return a row of a token's table as lines of plain text: long values need a line each."""
    name = visible(row.claim)
    lines = [f"{marks[_mark(row)]} {name}: {visible(row.had)}", f"  {' ' * len(name)}  wanted: {visible(row.wanted)}"]
    return [*lines, f"  {' ' * len(name)}  {visible(row.note)}"] if row.note else lines


def _comparison_table(rows: Sequence[ClaimComparison]) -> list[str]:
    if not rows:
        return []
    lines = ["", "   | | claim | token | required | |", "   | --- | --- | --- | --- | --- |"]
    lines += [
        f"   | {MARKS[_mark(row)]} | {' | '.join(map(markdown_text, (row.claim, row.had, row.wanted, row.note)))} |"
        for row in rows
    ]
    return [*lines, ""]
