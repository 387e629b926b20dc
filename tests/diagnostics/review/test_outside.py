"""Entries from outside joined with what they finally may, and fixes that many principals share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from diagnostics.fix import PolicyChange, TrustChange
from diagnostics.review.endings import Ending, ending
from diagnostics.review.limits import Limits
from diagnostics.review.plans import fixes_of
from iam.policy.lint import LintSeverity, PolicyKind, lint
from iam.risks.exposure import Reach, severity_of
from iam.risks.risk import Exposure, Severity
from tests.support.accounts.questions import ID, allow, attached, managed, role, snapshot, trust
from tests.support.accounts.review_cases import GITHUB, PROVIDER, VENDOR, account, boss, subjects
from tests.support.accounts.reviewing import findings_in, with_fix

RULE = "trust.outside-admin"
ROOT = {"AWS": f"arn:aws:iam::{VENDOR}:root"}
DATADOG = "464622532012"
LISTED = "555566667777"
WITH_ID = {"Condition": {"StringEquals": {"sts:ExternalId": "a-1"}}}
OURS = {"AWS": f"arn:aws:iam::{ID}:root"}
WEB = "sts:AssumeRoleWithWebIdentity"
ENTRIES: list[tuple[str, dict[str, Any], str | None]] = [
    ("anybody", trust("*"), "critical"),
    ("another account", trust(ROOT), "critical"),
    ("another account with an external ID", trust(ROOT, **WITH_ID), "high"),
    ("one repository", trust({"Federated": PROVIDER}, WEB, Condition=subjects("repo:acme/one:ref:refs/heads/main")),
     "medium"),
    ("every repository of one owner", trust({"Federated": PROVIDER}, WEB, Condition=subjects("repo:acme/*")), "high"),
    ("a vendor's account", trust({"AWS": f"arn:aws:iam::{DATADOG}:root"}), "critical"),
    ("a vendor's account with an external ID", trust({"AWS": f"arn:aws:iam::{DATADOG}:root"}, **WITH_ID), "medium"),
    ("an account that is listed as ours", trust({"AWS": f"arn:aws:iam::{LISTED}:root"}), "low"),
    ("every repository", trust({"Federated": PROVIDER}, WEB, Condition=subjects("repo:*")), "critical"),
    ("accounts of an organization", trust("*", Condition={"StringEquals": {"aws:PrincipalOrgID": "o-1"}}), None),
    ("another account that is ours", trust(ROOT, Condition={"StringEquals": {"aws:PrincipalOrgID": "o-1"}}), None),
    ("anybody who knows a referer", trust("*", Condition={"StringLike": {"aws:UserAgent": "x*"}}), "critical"),
    ("this account", trust(OURS), None),
    ("a service", trust({"Service": "lambda.amazonaws.com"}), None),
    ("a condition that keeps them out", trust(ROOT, Condition={"StringEquals": {"aws:PrincipalAccount": ID}}), None),
]  # fmt: skip


@pytest.mark.parametrize(("policy", "severity"), [each[1:] for each in ENTRIES], ids=[each[0] for each in ENTRIES])
def test_who_from_outside_becomes_administrator(tmp_path: Path, policy: dict[str, Any], severity: str | None) -> None:
    assert GITHUB in PROVIDER
    content = account([role("admin", allow("*"), AssumeRolePolicyDocument=policy)])
    limits = Limits(own_accounts=(LISTED,))
    found = findings_in(tmp_path, content, RULE, limits=limits)
    assert [one.severity for one in found] == ([severity] if severity else [])
    for one in found:
        outside = LISTED not in one.summary
        assert one.title.startswith("External principals" if outside else "Another account of yours can become")
        assert ("which is yours" in one.summary) is not outside
        shut = one.fixes[0]
        assert shut.verified and isinstance(shut.change, TrustChange) and ending(one, shut) is Ending.PLAN
        assert ending(one, one.fixes[-1]) is Ending.DRAFT
        after = account([role("admin", allow("*"), AssumeRolePolicyDocument=shut.change.after.value)])
        assert findings_in(tmp_path, after, RULE, limits=limits) == ()
    harmless = account([role("reader", allow("s3:GetObject"), AssumeRolePolicyDocument=policy)])
    assert findings_in(tmp_path, harmless, RULE) == ()


MANAGED = ("OrganizationAccountAccessRole", f"stacksets-exec-{'0123456789abcdef' * 2}", "AWSControlTowerExecution")


@pytest.mark.parametrize("name", MANAGED)
def test_the_account_that_manages_this_one_is_to_be_checked_and_not_shut_out_first(tmp_path: Path, name: str) -> None:
    made = [role(name, allow("*"), AssumeRolePolicyDocument=trust(ROOT))]
    unread = snapshot(made)
    del unread["Rolescope"]["Organization"]
    (one,) = findings_in(tmp_path, unread, RULE)
    assert one.severity is Severity.MEDIUM and f"check that {VENDOR} is that account." in one.summary
    assert one.hangs_on[0] == f"whether account {VENDOR} manages yours"
    assert one.fixes[0].title == f"Check that account {VENDOR} manages yours"
    assert not any("external ID" in fix.title for fix in one.fixes)
    (without_id,) = findings_in(tmp_path, unread, "trust.external-without-id")
    assert without_id.severity is Severity.MEDIUM and without_id.fixes[0].title == one.fixes[0].title
    known = {"Id": "o-1", "ManagementAccountId": "666677778888"}
    (other,) = findings_in(tmp_path, snapshot(made, organization=known), RULE)
    assert other.severity is Severity.CRITICAL


def test_the_conditions_of_an_entry_are_said(tmp_path: Path) -> None:
    entry = trust({"Federated": PROVIDER}, WEB, Condition=subjects("repo:acme/one:ref:refs/heads/main"))
    content = account([role("admin", allow("*"), AssumeRolePolicyDocument=entry)])
    (one,) = findings_in(tmp_path, content, RULE)
    assert "which has full access, if" in one.summary
    assert f"{GITHUB}:sub matches repo:acme/one:ref:refs/heads/main" in one.summary
    assert f"{GITHUB}:sub matches repo:acme/one:ref:refs/heads/main" in one.path[0].evidence[0].text


def test_the_path_begins_outside_and_the_fix_shuts_them_out(tmp_path: Path) -> None:
    entry = trust(OURS)
    entry["Statement"].append(trust(ROOT)["Statement"][0])
    first = role("first", allow("sts:AssumeRole", f"arn:aws:iam::{ID}:role/boss"), AssumeRolePolicyDocument=entry)
    content = account([boss({"AWS": f"arn:aws:iam::{ID}:root"}), first])
    (one,) = findings_in(tmp_path, content, "escalation", RULE)[1:]
    assert (one.rule, one.severity, one.cause) == (RULE, Severity.CRITICAL, f"account {VENDOR}")
    assert [hop.on.rpartition("/")[2] for hop in one.path] == ["first", "boss"]
    shut, ours, asked, cut = one.fixes
    assert isinstance(shut.change, TrustChange) and isinstance(asked.change, TrustChange)
    assert [fix.verified for fix in one.fixes] == [True, True, False, True] and "organization" in ours.title
    assert "sts:ExternalId" in asked.change.after.text and isinstance(cut.change, PolicyChange)
    first["AssumeRolePolicyDocument"] = shut.change.after.value
    assert VENDOR not in shut.change.after.text and findings_in(tmp_path, content, RULE) == ()


def test_who_comes_in_by_two_names_is_shut_out_of_both(tmp_path: Path) -> None:
    entry = trust(ROOT)
    entry["Statement"] += [
        trust("*", Condition={"StringEquals": {"aws:PrincipalAccount": VENDOR}})["Statement"][0],
        trust({"AWS": [f"arn:aws:iam::{VENDOR}:role/ci", f"arn:aws:iam::{ID}:role/own"]})["Statement"][0],
    ]
    (one,) = findings_in(tmp_path, account([role("admin", allow("*"), AssumeRolePolicyDocument=entry)]), RULE)
    change = one.fixes[0].change
    assert one.fixes[0].verified and isinstance(change, TrustChange)
    assert [each["Principal"] for each in change.after.value["Statement"]] == [{"AWS": f"arn:aws:iam::{ID}:role/own"}]


def test_a_service_keeps_its_entry_where_everybody_is_shut_out(tmp_path: Path) -> None:
    entry = trust({"AWS": "*", "Service": "lambda.amazonaws.com"})
    (one,) = findings_in(tmp_path, account([role("admin", allow("*"), AssumeRolePolicyDocument=entry)]), RULE)
    for fix in one.fixes[:2]:
        assert fix.verified and isinstance(fix.change, TrustChange)
        (left,) = fix.change.after.value["Statement"]
        assert left["Principal"]["Service"] == "lambda.amazonaws.com"


def test_who_comes_in_by_two_roles_is_said_at_both(tmp_path: Path) -> None:
    roles = [role(name, allow("*"), AssumeRolePolicyDocument=trust(ROOT)) for name in ("one", "two")]
    found = findings_in(tmp_path, account(roles), RULE)
    assert [one.fixes[0].cautions[-1] for one in found] == [
        f"They can also reach full access through {name}" for name in ("two", "one")
    ]


@pytest.mark.parametrize(
    ("statements", "severity"),
    [([allow("s3:PutObject")], "high"), ([allow("s3:GetObject")], "medium"), ([], "low"), ([allow("*")], "critical")],
)
def test_how_grave_an_entry_is_depends_on_what_the_role_may(
    tmp_path: Path, statements: list[dict[str, Any]], severity: str
) -> None:
    assert severity_of(Exposure.UNKNOWN, list(Reach)[["critical", "high", "medium", "low"].index(severity)]) == severity
    content = account([role("v", *statements, AssumeRolePolicyDocument=trust(ROOT))])
    (one,) = findings_in(tmp_path, content, "trust.external-without-id")
    assert one.severity == severity and str(Exposure.UNKNOWN) in one.evidence[-1].text


def test_an_external_id_is_a_change_that_closes_the_finding(tmp_path: Path) -> None:
    content = account([role("v", AssumeRolePolicyDocument=trust(ROOT))])
    (one,) = findings_in(tmp_path, content, "trust.external-without-id")
    fix, shut = one.fixes
    assert shut.verified and isinstance(shut.change, TrustChange) and VENDOR not in shut.change.after.text
    assert fix.verified and isinstance(fix.change, TrustChange) and "sts:ExternalId" in fix.change.after.text
    assert not [each for each in lint(fix.change.after, PolicyKind.TRUST) if each.severity is LintSeverity.ERROR]
    assert VENDOR in fix.cautions[0]


@pytest.mark.parametrize(
    "statement",
    [allow("iam:CreatePolicyVersion", f"arn:aws:iam::{ID}:policy/shared"), allow(["iam:AttachRolePolicy", "iam:Put*"])],
)
def test_one_change_of_a_shared_policy_closes_the_paths_of_all(tmp_path: Path, statement: dict[str, Any]) -> None:
    roles = [role(name, **attached("shared")) for name in ("one", "two", "three")]
    content = snapshot(roles, policies=[managed("shared", statement)])
    found = findings_in(tmp_path, content, "escalation.path")
    changes = [one.fixes[0].change for one in found]
    assert len(found) == 3 and changes[0] == changes[1] == changes[2]
    assert found[0].fixes[0].title.endswith("in shared: 3 paths close") and found[0].fixes[0].verified
    assert isinstance(changes[0], PolicyChange)
    after = with_fix(content, found[0])
    assert after is not None and findings_in(tmp_path, after, "escalation.path") == ()


def test_one_plan_has_one_change_of_a_document(tmp_path: Path) -> None:
    both = trust(ROOT)
    both["Statement"].append(trust({"Service": "states.amazonaws.com"})["Statement"][0])
    roles = [role("both", AssumeRolePolicyDocument=both), role("one", AssumeRolePolicyDocument=trust(ROOT))]
    found = findings_in(tmp_path, account(roles), "trust")
    assert [one.rule for one in found].count("trust.confused-deputy") == 1
    fixes, left = fixes_of(found)
    assert left == 1 and sorted(fix.change.target.rpartition("/")[2] for fix in fixes) == ["both", "one"]
    assert fixes_of((*found, *found)) == (fixes, 2)


def test_what_closes_the_role_for_everybody_comes_after_what_leaves_it_usable(tmp_path: Path) -> None:
    first = role("first", allow("sts:AssumeRole", f"arn:aws:iam::{ID}:role/boss"), AssumeRolePolicyDocument=trust(ROOT))
    content = account([boss({"AWS": f"arn:aws:iam::{ID}:root"}), first])
    (one,) = (each for each in findings_in(tmp_path, content, "escalation", RULE) if each.rule == RULE)
    assert isinstance(one.fixes[0].change, PolicyChange) and one.fixes[0].verified
    closing = [fix for fix in one.fixes if any("afterwards, nobody can" in each for each in fix.cautions)]
    # The one account that may assume the role is none of the organization.
    assert [fix.title.split(" ")[0] for fix in closing] == ["Do", "Require"]
    assert list(one.fixes[1:3]) == closing
