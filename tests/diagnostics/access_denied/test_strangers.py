"""Callers whom a trust policy does not name are not let in on less than those whom it names."""

from __future__ import annotations

import json
from pathlib import Path

from diagnostics.fix import FixKind
from tests.support.accounts import alder
from tests.support.accounts.alder import ID, role, role_arn, session, trust
from tests.support.denials.invented import denied, diagnosis_of, read

STRANGER, PARTNER = "888866667777", "555566667777"


def test_a_stranger_is_not_let_in_before_somebody_knows_it(tmp_path: Path) -> None:
    content = alder.snapshot()
    guarded = trust({"AWS": f"arn:aws:iam::{PARTNER}:root"}, StringEquals={"sts:ExternalId": "abc"})
    content["RoleDetailList"].append(role("partner", guarded))
    account = read(tmp_path / "alder.json", content)

    found = diagnosis_of(denied(session("c", account=STRANGER), "sts:AssumeRole", role_arn("partner")), account)

    assert found.verdict.cause == "trust.principal-mismatch"
    first, second = found.fixes[:2]
    assert first.kind is FixKind.NOTE and STRANGER in first.title
    added = json.loads(second.text)["Statement"][-1]
    assert added["Principal"] == {"AWS": f"arn:aws:iam::{STRANGER}:role/c"}
    assert added["Condition"] == {"StringEquals": {"sts:ExternalId": "abc"}}


def test_a_colleague_keeps_the_condition_that_the_others_have(tmp_path: Path) -> None:
    content = alder.snapshot()
    guarded = trust({"AWS": f"arn:aws:iam::{ID}:role/lead"}, Bool={"aws:MultiFactorAuthPresent": "true"})
    content["RoleDetailList"] += [role("vault", guarded), role("lead", guarded), role("helper", guarded)]
    account = read(tmp_path / "alder.json", content)

    found = diagnosis_of(denied(session("helper"), "sts:AssumeRole", role_arn("vault")), account)

    change = next(fix for fix in found.fixes if fix.kind is FixKind.TRUST_POLICY)
    assert json.loads(change.text)["Statement"][-1]["Condition"] == {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
    assert not any("Find out first" in fix.title for fix in found.fixes)
