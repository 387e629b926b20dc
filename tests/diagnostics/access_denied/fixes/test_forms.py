"""Wider forms of a fix keep the name of what holds the resource, and say what else they allow."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from diagnostics.access_denied.fixes.forms import scopes_of
from diagnostics.fix import Fix
from diagnostics.fix_report import fix_json
from tests.support.accounts import alder
from tests.support.accounts.alder import session
from tests.support.denials.invented import denied, diagnosis_of, no, read

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
    usual = next(fix for fix in diagnosis_of(text, account).fixes if fix.forms)
    fix = usual.in_form(-1)
    assert fix is not None and fix == Fix.in_form(fix, 0) and fix.in_form(-1) is None
    assert fix.in_form(1) == usual

    wider = fix.in_form(1)
    assert wider is not None and wider.scope == "every object in alder-x/in"
    assert json.loads(wider.text)["Resource"] == "arn:aws:s3:::alder-x/in/*"
    assert fix.gains == () and len(wider.gains) == 1
    assert wider.in_form(-1) == fix

    forms = fix_json(fix)["forms"]
    assert [form["scope"] for form in forms] == [form.scope for form in fix.forms]
    assert forms[1]["side_effects"]["newly_allowed"] == list(wider.gains)


# P16: the first form is what an operator would write, in the caller's own policies alone.


LOG_GROUP = f"arn:aws:logs:us-east-1:{alder.ID}:log-group:/svc/intake"
BUCKET = "arn:aws:s3:::alder-x"


@pytest.mark.parametrize(
    ("action", "asked", "first", "verified"),
    [
        ("s3:GetObject", f"{BUCKET}/in/2026/1.csv", f"{BUCKET}/in/2026/*", True),
        ("s3:PutObject", f"{BUCKET}/1.csv", f"{BUCKET}/*", True),
        ("s3:GetObjectTagging", f"{BUCKET}/in/1.csv", f"{BUCKET}/in/*", True),
        ("s3:ListBucket", BUCKET, BUCKET, True),
        ("logs:PutLogEvents", f"{LOG_GROUP}:log-stream:2026/1/x", f"{LOG_GROUP}:log-stream:*", None),
        ("dynamodb:Query", f"{alder.TABLE}/index/by-day", f"{alder.TABLE}/index/*", True),
        ("dynamodb:DeleteTable", alder.TABLE, alder.TABLE, True),
        ("secretsmanager:GetSecretValue", alder.arn("secretsmanager", "secret:app/db-AbCdEf"), None, True),
    ],
)
def test_first_form_of_an_identity_fix(
    action: str, asked: str, first: str | None, verified: bool | None, tmp_path: Path
) -> None:
    content = alder.snapshot()
    content["RoleDetailList"].append(alder.role("porter", alder.service("lambda")))
    content["Rolescope"].pop("Organization")
    content["Rolescope"]["InOrganization"] = False
    account = read(tmp_path / "alder.json", content)
    found = diagnosis_of(denied(session("porter"), action, asked, no("identity-based policy", action)), account)
    fix = found.fixes[0]
    assert json.loads(fix.text)["Resource"] == (first or asked)
    assert not fix.forms or fix.forms[0].text != fix.text or first in (None, asked)


@pytest.mark.parametrize(
    ("action", "condition"),
    [
        ("ecr:GetAuthorizationToken", {"StringEquals": {"aws:RequestedRegion": "eu-central-1"}}),
        ("ssmmessages:OpenDataChannel", {"StringEquals": {"aws:RequestedRegion": "eu-central-1"}}),
        ("xray:PutTraceSegments", {"StringEquals": {"aws:RequestedRegion": "eu-central-1"}}),
        ("sts:GetServiceBearerToken", None),
        ("route53:ListHostedZones", None),
    ],
)
def test_an_action_without_resources_is_kept_to_its_region(
    action: str, condition: dict[str, Any] | None, tmp_path: Path
) -> None:
    content = alder.snapshot()
    content["RoleDetailList"].append(alder.role("porter", alder.service("lambda")))
    content["Rolescope"].pop("Organization")
    account = read(tmp_path / "alder.json", content)
    text = denied(session("porter"), action, "*", no("identity-based policy", action))
    statement = json.loads(diagnosis_of(text, account, aws__RequestedRegion="eu-central-1").fixes[0].text)
    assert statement["Resource"] == "*" and statement.get("Condition") == condition


@pytest.mark.parametrize(
    ("reason", "who"),
    [("permissions boundary", session("porter")), ("resource-based policy", f"arn:aws:iam::{alder.OTHER}:user/ann")],
)
def test_a_boundary_and_a_resource_policy_get_the_exact_resource(reason: str, who: str, tmp_path: Path) -> None:
    content = alder.snapshot()
    reads = alder.document(alder.allow("s3:GetObject", f"{BUCKET}/*"))
    porter = alder.role("porter", alder.service("lambda"), inline={"r": reads}, boundary="limit")
    content["RoleDetailList"].append(porter)
    content["Policies"].append(alder.policy("limit", alder.document(alder.allow("sqs:*", "*"))))
    content["Rolescope"]["ResourcePolicies"][BUCKET] = alder.document(
        alder.allow("s3:Get*", f"{BUCKET}/*") | {"Principal": {"AWS": alder.role_arn("auditor")}}
    )
    account = read(tmp_path / "alder.json", content)
    text = denied(who, "s3:GetObject", f'"{BUCKET}/in/1.csv"', no(reason, "s3:GetObject"))
    fix = next(fix for fix in diagnosis_of(text, account).fixes if fix.forms)
    assert json.loads(fix.text)["Resource"] == f"{BUCKET}/in/1.csv"
