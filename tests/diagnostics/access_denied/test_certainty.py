"""A value that is assumed lowers the certainty, and is asked for, where another value would change what decides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from diagnostics.access_denied import procedure
from diagnostics.diagnosis import Confidence, Diagnosis
from iam.claims import Source, degraded
from tests.support.accounts import alder
from tests.support.accounts.alder import allow, deny, document, role, service, session
from tests.support.denials.invented import denied, diagnosis_of, no, read

BUCKET = "arn:aws:s3:::alder-vault"
INSIDE, OUTSIDE, ELSEWHERE = "10.20.0.5", "192.0.2.1", "198.51.100.7"
FROM_HERE = {"IpAddress": {"aws:SourceIp": "10.20.0.0/16"}}
NOT_FROM_HERE = {"NotIpAddress": {"aws:SourceIp": "10.20.0.0/16"}}


@dataclass(frozen=True)
class Assumed:
    """A denial with an assumed address. ``others`` are the addresses that it may have been instead, None any."""

    name: str
    statements: tuple[dict[str, Any], ...]
    reason: str
    others: tuple[str, ...] | None
    matters: bool


LACKS = no("identity-based policy", "s3:GetObject")
DENIES = "with an explicit deny in an identity-based policy"
ALLOWED = allow("s3:GetObject", f"{BUCKET}/*")
CASES = (
    Assumed("any address may meet the Allow", (allow("s3:GetObject", f"{BUCKET}/*", **FROM_HERE),), LACKS, None, True),
    Assumed("an address meets it", (allow("s3:GetObject", f"{BUCKET}/*", **FROM_HERE),), LACKS, (INSIDE,), True),
    Assumed(
        "none does, and it is stated", (allow("s3:GetObject", f"{BUCKET}/*", **FROM_HERE),), LACKS, (ELSEWHERE,), True
    ),
    Assumed("no policy tests it", (allow("s3:PutObject", f"{BUCKET}/*"),), LACKS, None, False),
    Assumed("an address escapes the Deny", (ALLOWED, deny("s3:*", **NOT_FROM_HERE)), DENIES, (INSIDE,), True),
    Assumed("none escapes it, and it is stated", (ALLOWED, deny("s3:*", **NOT_FROM_HERE)), DENIES, (ELSEWHERE,), True),
    Assumed(
        "a Deny of another action tests it",
        (allow("s3:PutObject", f"{BUCKET}/*"), deny("s3:PutObject", **NOT_FROM_HERE)),
        LACKS,
        None,
        False,
    ),
    Assumed("another Deny matches in any case", (ALLOWED, deny("s3:*", sid="All")), DENIES, None, False),
    Assumed(
        "another Deny may be the one",
        (ALLOWED, deny("s3:*", sid="Outside", **NOT_FROM_HERE), deny("s3:Get*", sid="Inside", **FROM_HERE)),
        DENIES,
        None,
        True,
    ),
)


@pytest.fixture
def assumed_address(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, ...] | None]]:
    """The other values of aws:SourceIp, which each diagnosis takes for a guess."""
    others: list[tuple[str, ...] | None] = []
    real = procedure.read_subject

    def guessed(*given: Any) -> Any:
        subject = real(*given)
        values = tuple((each,) for each in others[0]) if others[0] is not None else None
        keys = {key: degraded(had, Source.GUESS, values) for key, had in subject.keys.items()}
        return replace(subject, keys=keys)

    monkeypatch.setattr(procedure, "read_subject", guessed)
    yield others


def _diagnosed(case: Assumed, path: Path) -> Diagnosis:
    content = alder.snapshot()
    content["RoleDetailList"].append(role("keeper", service("lambda"), inline={"own": document(*case.statements)}))
    content["Rolescope"].pop("Organization")
    text = denied(session("keeper"), "s3:GetObject", f'"{BUCKET}/a"', case.reason)
    return diagnosis_of(text, read(path / "alder.json", content), aws__SourceIp=OUTSIDE)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_only_a_value_that_matters_is_asked_for(
    case: Assumed, assumed_address: list[tuple[str, ...] | None], tmp_path: Path
) -> None:
    assumed_address.append(case.others)
    found = _diagnosed(case, tmp_path)
    asked = [question.key for question in found.verdict.questions]
    assert (found.verdict.confidence is Confidence.CERTAIN) is not case.matters
    assert ("aws:SourceIp" in asked) is case.matters
    assert not case.matters or not any(fix.verified for fix in found.fixes if "SourceIp" not in fix.title)


def test_both_statements_that_may_refuse_are_named(
    assumed_address: list[tuple[str, ...] | None], tmp_path: Path
) -> None:
    assumed_address.append(None)
    summary = _diagnosed(CASES[-1], tmp_path).verdict.summary
    assert "statement Outside" in summary and "statement Inside" in summary
