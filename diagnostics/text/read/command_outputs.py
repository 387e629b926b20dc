"""Read the output of commands that Diagnose suggests: the policy simulator's, and get-caller-identity's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from diagnostics.text.read.identities.callers import answered_identities
from iam.lazy_pattern import regex

_LONGEST = 100_000


def profile_is_shown(name: str | None, text: str) -> bool:
    """Return whether get-instance-profile in the text answers with the ARN of the instance profile."""
    arn = rf":instance-profile/(?:[\w+=,.@/-]*/)?{re.escape(name or '')}(?![\w+=,.@-])"
    return bool(name) and re.search(rf"get-instance-profile\b[^\x1e]{{0,200}}{arn}", text) is not None


class Decision(StrEnum):
    """The policy simulator's decision (IAM API reference, "EvaluationResult")."""

    ALLOWED = "allowed"
    IMPLICIT_DENY = "implicitDeny"
    EXPLICIT_DENY = "explicitDeny"


@dataclass(frozen=True, slots=True)
class Simulated:
    """The simulator's result for one action; ``missing`` are condition keys for which it was given no value.

    ``boundary`` and ``organization`` say whether the permissions boundary and the SCPs allow the action; None if the
    result does not say so, or if there are none.
    """

    action: str
    decision: Decision
    words: str
    missing: tuple[str, ...] = ()
    boundary: bool | None = None
    organization: bool | None = None


_ROW = regex(
    r"^[ \t|\"'\[]{0,20}(?P<action>[a-z][a-z0-9-]{1,30}:[A-Z]\w{2,60})[ \t|\"',]{1,80}"
    r"(?P<decision>allowed|implicitDeny|explicitDeny)\b"
    r"(?:[ \t|\"',]{1,80}(?P<boundary>True|False|None)[ \t|\"',]{1,80}(?P<organization>True|False|None)\b)?"
    r"[ \t|\"',]{0,80}(?P<missing>(?:[\w.-]+:[\w/.@:-]+)(?:,[\w.-]+:[\w/.@:-]+)*)?[ \t|\"',\]]*\r?$",
    re.MULTILINE,
)
_RESULT = regex(r"\"EvalActionName\"\s*:\s*\"(?P<action>[^\"]+)\"")
_DECIDED = regex(r"\"EvalDecision\"\s*:\s*\"(?P<decision>allowed|implicitDeny|explicitDeny)\"")
_ALLOWED_BY = regex(r"\"AllowedBy(?P<whom>PermissionsBoundary|Organizations)\"\s*:\s*(?P<said>true|false)")
_MISSING = regex(r"\"MissingContextValues\"\s*:\s*\[(?P<missing>[^\]]*)\]")


def simulations(text: str) -> tuple[Simulated, ...]:
    """Return the simulator's results in the text, in order, from JSON or from the suggested command's columns."""
    text = text[:_LONGEST]
    return (*_from_json(text), *_from_rows(text))


def is_simulation(text: str) -> bool:
    """Return whether the text has a simulator result that does not allow an action."""
    return any(each.decision is not Decision.ALLOWED for each in simulations(text))


def simulated(text: str, action: str | None) -> Simulated | None:
    """Return the simulator's last result for the action; None if the text has none."""
    found = [each for each in simulations(text) if action and each.action.lower() == action.lower()]
    return found[-1] if found else None


def identity_answered(text: str) -> str | None:
    """Return the ARN in the last output of ``aws sts get-caller-identity``; None if the text has none."""
    return next(reversed(answered_identities(text[:_LONGEST])), None)


def is_answer(text: str) -> bool:
    """Return whether the text is the output of a command that Diagnose suggests."""
    return bool(simulations(text)) or identity_answered(text) is not None


def _from_json(text: str) -> Iterator[Simulated]:
    starts = list(_RESULT.finditer(text))
    ends = [*(each.start() for each in starts[1:]), len(text)]
    for start, end in zip(starts, ends, strict=False):
        part = text[start.end() : min(end, start.end() + 6000)]
        decided, missing = _DECIDED.search(part), _MISSING.search(part)
        if decided is not None:
            keys = tuple(re.findall(r"\"([^\"]+)\"", missing["missing"])) if missing else ()
            words = f"{start['action']} {decided['decision']}"
            by = {each["whom"]: each["said"] == "true" for each in _ALLOWED_BY.finditer(part)}
            boundary, organization = by.get("PermissionsBoundary"), by.get("Organizations")
            yield Simulated(start["action"], Decision(decided["decision"]), words, keys, boundary, organization)


def _from_rows(text: str) -> Iterator[Simulated]:
    for found in _ROW.finditer(text):
        keys = tuple(filter(None, (found["missing"] or "").split(",")))
        words = f"{found['action']} {found['decision']}"
        boundary, organization = (_SAID.get(found[column] or "") for column in ("boundary", "organization"))
        yield Simulated(found["action"], Decision(found["decision"]), words, keys, boundary, organization)


_SAID = {"True": True, "False": False}
