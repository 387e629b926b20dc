"""What a fix writes passes our own lint; what does not is no change to offer."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest

from diagnostics.access_denied.fixes.linted import linted, new_error
from diagnostics.fix import Fix, ManagedPlace, OtherPlace, PolicyChange, TrustChange
from diagnostics.plans.fix import why_no_plan
from diagnostics.who import Who
from iam.policy.document import Document
from tests.support.accounts import alder
from tests.support.accounts.alder import ID, allow, document, policy_arn, role, role_arn, service, session
from tests.support.denials.invented import denied, diagnosis_of, no, read

GOOD = allow("s3:GetObject", "arn:aws:s3:::orders/*", "AllowS3GetObject")
EVERYONE = {"Principal": {"AWS": f"arn:aws:iam::{ID}:root"}}


def changed(statement: dict[str, Any], *before: dict[str, Any]) -> Fix:
    had = Document.from_value(document(*before)) if before else None
    after = Document.from_value(document(*before, statement))
    place = OtherPlace("the bucket") if "Principal" in statement else ManagedPlace(policy_arn("own"))
    return Fix("Add it", Who.ACCOUNT_ADMIN, PolicyChange(place, statement, had, after), True)


@pytest.mark.parametrize(
    ("statement", "error"),
    [
        (GOOD, ""),
        (GOOD | EVERYONE, ""),
        (GOOD | {"Sid": "allow-s3"}, "Sid"),
        (GOOD | {"Resource": "orders"}, "orders is not an ARN"),
        (GOOD | {"Resource": "i-0aa11"}, "i-0aa11 is not an ARN"),
        (GOOD | {"Resource": "arn:aws:s3:eu-west-1::orders/*"}, "eu-west-1"),
        (GOOD | {"Action": "s3:GetObjekt"}, "GetObjekt"),
        (GOOD | EVERYONE | {"Principal": {"AWS": "arn:aws:iam::*:role/x"}}, "wildcard"),
    ],
)
def test_an_error_that_a_fix_brings(statement: dict[str, Any], error: str, caplog: pytest.LogCaptureFixture) -> None:
    fix = changed(statement)
    found = new_error(fix)
    assert error in found and bool(found) is bool(error)
    with caplog.at_level(logging.CRITICAL, "diagnostics.access_denied.fixes.linted"):
        shown = linted(fix)
    assert (shown.verified is True) is not error
    assert not error or (
        "finds an error" in why_no_plan(shown) and any("finds an error" in each for each in shown.cautions)
    )


def test_an_error_that_was_there_is_not_the_fixes() -> None:
    assert not new_error(changed(GOOD, {**GOOD, "Sid": "old-one"}))


def test_a_trust_policy_is_checked_as_one() -> None:
    good = Document.from_value(service("lambda"))
    bad = Document.from_value(alder.trust({"Service": "lambda.amazonaws.com"}, "s3:GetObject"))
    target = role_arn("intake-api")
    assert not new_error(Fix("t", Who.YOU, TrustChange(target, good, good)))
    assert new_error(Fix("t", Who.YOU, TrustChange(target, good, bad)))


@pytest.mark.parametrize("action", ["s3:GetObject", "s3:PutObject", "dynamodb:Query"])
def test_all_forms_of_a_fix_pass(action: str, tmp_path: Path) -> None:
    content = alder.snapshot()
    content["RoleDetailList"].append(role("porter", service("lambda")))
    resource = alder.TABLE + "/index/by-day" if action.startswith("dynamodb") else "arn:aws:s3:::alder-x/in/1"
    text = denied(session("porter"), action, f'"{resource}"', no("identity-based policy", action))
    fix = diagnosis_of(text, read(tmp_path / "alder.json", content)).fixes[0]
    assert len(fix.forms) > 1 and not any(map(new_error, fix.forms))
