"""The document of ``rolescope review --json`` (fields are only ever added to it)."""

from __future__ import annotations

from typing import Any

from diagnostics.report import evidence_json, fix_json
from diagnostics.review.finding import EscalationHop, Finding
from diagnostics.review.report.beside import beside_json
from diagnostics.review.run import Review


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
        "unread": [{"what": one.what, "rules": list(one.rules)} for one in review.unread],
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
        "fixes": [fix_json(fix) for fix in one.fixes],
    }
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


def _hop(hop: EscalationHop) -> dict[str, Any]:
    return {
        "who": hop.who,
        "actions": list(hop.actions),
        "on": hop.on,
        "gives": hop.gives,
        "evidence": [evidence_json(each) for each in hop.evidence],
    }
