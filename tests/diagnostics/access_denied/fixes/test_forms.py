"""Wider forms of a fix keep the name of what holds the resource, and say what else they allow."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from diagnostics.access_denied.fixes.forms import scopes_of
from diagnostics.fix import Fix
from diagnostics.report import fix_json
from tests.diagnostics.access_denied.test_invented import denied, diagnosis_of, no, read
from tests.support.accounts import alder
from tests.support.accounts.alder import session

HOME = "us-east-1:111122223333:"


@pytest.mark.parametrize(
    ("resource", "wider"),
    [
        ("s3:::b/a/c/d.txt", ["s3:::b/a/c/*", "s3:::b/a/*", "s3:::b/*"]),
        ("s3:::b/a:1/c.txt", ["s3:::b/a:1/*", "s3:::b/*"]),
        (f"s3:{HOME}accesspoint/p/object/a:1", [f"s3:{HOME}accesspoint/p/object/*"]),
        ("s3:::b", []),
        (f"states:{HOME}execution:orders:e-1", [f"states:{HOME}execution:orders:*"]),
        (f"logs:{HOME}log-group:/a/b:log-stream:2026/1/x", [f"logs:{HOME}log-group:/a/b:log-stream:*"]),
        (f"dynamodb:{HOME}table/orders/index/by", [f"dynamodb:{HOME}table/orders/index/*"]),
        (f"dynamodb:{HOME}table/orders", []),
        (f"secretsmanager:{HOME}secret:app/db-AbCdEf", [f"secretsmanager:{HOME}secret:app/*"]),
        (f"ssm:{HOME}parameter/a/b/c", [f"ssm:{HOME}parameter/a/b/*", f"ssm:{HOME}parameter/a/*"]),
        (f"lambda:{HOME}function:f:7", [f"lambda:{HOME}function:f:*"]),
        ("iam::111122223333:role/a/b", []),
        (f"kms:{HOME}key/1", []),
        (f"ec2:{HOME}instance/i-1", []),
        ("s3:::b/*", []),
    ],
)
@pytest.mark.parametrize("partition", ["aws", "aws-cn"])
def test_scopes(resource: str, wider: list[str], partition: str) -> None:
    found = [scope.pattern for scope in scopes_of(f"arn:{partition}:{resource}")]
    assert found == [f"arn:{partition}:{each}" for each in (resource, *wider)]


def test_deep_names_have_few_forms_and_the_widest_is_one_of_them() -> None:
    found = [scope.words for scope in scopes_of("arn:aws:s3:::b/1/2/3/4/5/6")]
    point = scopes_of(f"arn:aws:s3:{HOME}accesspoint/p/object/a/b")
    assert [scope.words for scope in point] == ["this object", "every object in p/a", "every object in p"]
    assert found == ["this object", "every object in b/1/2/3/4/5", "every object in b/1/2/3/4", "every object in b"]


def test_each_form_is_evaluated_and_its_effects_are_counted(tmp_path: Path) -> None:
    account = read(tmp_path / "alder.json", alder.snapshot())
    text = denied(session("intake-api"), "s3:PutObject", '"arn:aws:s3:::alder-x/in/1"', no("identity", "s3:PutObject"))
    fix = next(fix for fix in diagnosis_of(text, account).fixes if fix.forms)
    assert fix == Fix.in_form(fix, 0) and fix.in_form(-1) is None

    wider = fix.in_form(1)
    assert wider is not None and wider.scope == "every object in alder-x/in"
    assert json.loads(wider.text)["Resource"] == "arn:aws:s3:::alder-x/in/*"
    assert fix.gains == () and len(wider.gains) == 1
    assert wider.in_form(-1) == fix

    forms = fix_json(fix)["forms"]
    assert [form["scope"] for form in forms] == [form.scope for form in fix.forms]
    assert forms[1]["side_effects"]["newly_allowed"] == list(wider.gains)
