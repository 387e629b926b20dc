"""The document of ``rolescope review --json``. Fields may be added to it, but are never removed."""

from __future__ import annotations

from typing import Any

from diagnostics.fix import Fix
from diagnostics.fix_report import fix_json
from diagnostics.report import evidence_json
from diagnostics.review.causes import Cause, cause_id
from diagnostics.review.endings import ending, why_note
from diagnostics.review.finding import EscalationHop, Finding
from diagnostics.review.report.beside import beside_json
from diagnostics.review.run import Review
from diagnostics.review.smallest import PathKey, SmallestSet
from iam.facts.controls import CONTROLS


def to_json(review: Review) -> dict[str, Any]:
    account = review.account
    return {
        "account": {
            "id": account.id,
            "alias": account.alias,
            "captured_at": account.captured_at.isoformat() if account.captured_at else None,
        },
        "counts": {severity.value: count for severity, count in review.counts.items()},
        "findings": [finding_json(one) for one in review.findings],
        "groups": [cause_json(each) for each in review.causes()],
        "unread": [{"what": one.what, "rules": list(one.rules)} for one in review.unread],
        **({"smallest_set": smallest_json(review.smallest)} if review.smallest is not None else {}),
        **({"access_analyzer": beside_json(review.beside)} if review.beside is not None else {}),
    }


def finding_json(one: Finding) -> dict[str, Any]:
    found: dict[str, Any] = {
        "rule": one.rule,
        "severity": one.severity.value,
        "subject": one.subject,
        "title": one.title,
        "summary": one.summary,
        "certainty": "certain" if one.certain else "if",
        "hangs_on": list(one.hangs_on),
        "evidence": [evidence_json(each) for each in one.evidence],
        "references": list(one.references),
        "fixes": [{**fix_json(fix), **_ending_json(one, fix)} for fix in one.fixes],
    }
    found["group"] = cause_id(one)
    if controls := CONTROLS.get(one.rule):
        found["controls"] = [{"framework": each.framework, "id": each.id} for each in controls]
    if one.set_up_by:
        found["set_up_by"] = one.set_up_by
    if one.double_of is not None:
        found["double_of"] = {"rule": one.double_of[0], "subject": one.double_of[1]}
    if one.path:
        found["path"] = [_hop(hop) for hop in one.path]
    if one.accepted is not None:
        until = one.accepted.until
        found["accepted"] = {
            "by": one.accepted.by,
            "until": until.isoformat() if until else None,
            "reason": one.accepted.reason,
        }
    return found


def smallest_json(found: SmallestSet) -> dict[str, Any]:
    """Return the smallest set of changes that closes all paths, each as a fix with the findings that it closes."""
    return {
        "paths": found.paths,
        "verified": found.verified,
        "changes": [{"fix": fix_json(each.fix), "closes": list(map(_key_json, each.closes))} for each in found.changes],
        "left": list(map(_key_json, found.left)),
    }


def _key_json(key: PathKey) -> dict[str, str]:
    rule, subject, *who = key
    return {"rule": rule, "subject": subject, **({"who": who[0]} if who else {})}


def _ending_json(one: Finding, fix: Fix) -> dict[str, str]:
    why = why_note(one, fix)
    return {"ends_in": ending(one, fix).value, **({"why_no_plan": why} if why else {})}


def cause_json(cause: Cause) -> dict[str, Any]:
    return {
        "id": cause.id,
        "rule": cause.rule,
        "severity": cause.severity.value,
        "title": cause.title,
        "what": cause.what,
        "subjects": list(cause.subjects),
        "accepted": cause.accepted,
    }


def _hop(hop: EscalationHop) -> dict[str, Any]:
    return {
        "who": hop.who,
        "actions": list(hop.actions),
        "on": hop.on,
        "gives": hop.gives,
        "evidence": [evidence_json(each) for each in hop.evidence],
    }
