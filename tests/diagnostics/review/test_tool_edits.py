"""The edit of the tool that declares a role, first in every fix of the review and in every form of it."""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from diagnostics.review.finding import Finding
from diagnostics.review.limits import Limits
from diagnostics.review.report.json_document import finding_json
from diagnostics.review.report.sarif import to_sarif
from diagnostics.review.report.text import to_markdown, to_text
from diagnostics.review.run import Review
from diagnostics.tools import Tool
from iam.account import Account
from screens.review.detail import FindingDetail
from tests.support.accounts.questions import ID, allow, role
from tests.support.accounts.review_cases import ROLES, account, boss, older
from tests.support.accounts.reviewing import findings_in

LIMITS = Limits(own_accounts=("555566667777",), habit_least=10)
NOT_OF_THE_ROLE = {"use.break-glass", "forecast.provider-expires"}
"""What to do there changes no role: ask who used it, upload a provider's metadata."""
MARKS: dict[Tool, tuple[str, str]] = {
    Tool.TERRAFORM: ("managed-by", "terraform"),
    Tool.CLOUDFORMATION: ("aws:cloudformation:stack-name", "shop"),
    Tool.CDK: ("aws-cdk:app", "shop"),
    Tool.PULUMI: ("pulumi:project", "shop"),
    Tool.EKSCTL: ("alpha.eksctl.io/cluster-name", "shop"),
    Tool.SAM: ("createdBy", "sam"),
    Tool.SERVERLESS: ("provisioner", "serverless"),
    Tool.ANSIBLE: ("created-by", "ansible"),
    Tool.CROSSPLANE: ("crossplane-name", "shop"),
    Tool.ACK: ("services.k8s.aws/namespace", "shop"),
}


def tagged(roles: list[dict[str, Any]], *marks: tuple[str, str]) -> list[dict[str, Any]]:
    given = [{"Key": key, "Value": value} for key, value in marks]
    return [{**each, "Tags": [*each["Tags"], *given]} for each in copy.deepcopy(roles)]


def written(*found: Finding) -> dict[str, str]:
    """The findings in each form that shows fixes to people."""
    review = Review(Account(ID, "snapshot", datetime(2026, 11, 29, tzinfo=UTC)), found, ())
    detail = FindingDetail()
    detail.show(found[0])
    result = to_sarif(review, "1", "account.json")["runs"][0]["results"][0]
    return {
        "text": to_text(review),
        "markdown": to_markdown(review),
        "screen": "\n".join("".join(piece[0] for piece in line) for line in detail.lines_for(300)),
        "sarif": result["message"]["text"],
    }


@pytest.mark.parametrize("tool", MARKS, ids=lambda tool: tool.form)
@pytest.mark.parametrize("rule", ROLES)
def test_every_fix_of_a_declared_role_has_the_edit_first(tmp_path: Path, rule: str, tool: Tool) -> None:
    found = findings_in(tmp_path, account(tagged(ROLES[rule], MARKS[tool])), rule, limits=LIMITS)
    assert found
    for one in found:
        for fix in one.fixes:
            if rule in NOT_OF_THE_ROLE:
                assert fix.in_tool is None
                continue
            assert fix.in_tool is not None and fix.in_tool.tool == tool.value
            assert fix.in_tool.because == " = ".join((f"tag {MARKS[tool][0]}", MARKS[tool][1]))
            assert one.subject.rpartition("/")[2] in fix.in_tool.where and fix.in_tool.text


@pytest.mark.parametrize("rule", ROLES)
def test_a_role_that_no_tool_declares_has_no_edit(tmp_path: Path, rule: str) -> None:
    found = findings_in(tmp_path, account(tagged(ROLES[rule], ("note", "terraform fans"))), rule, limits=LIMITS)
    fixes = [fix for one in found for fix in one.fixes]
    assert fixes and not any(fix.in_tool for fix in fixes)
    assert not any("First in" in text or "if it is urgent" in text for text in written(*found).values())
    assert all(fix["in_tool"] is None for one in found for fix in finding_json(one)["fixes"])


@pytest.mark.parametrize(("rule", "edited"), [("session.long", "max_session_duration = 28800"), ("use.never", "Deny")])
def test_the_edit_is_in_the_tools_language_and_before_the_change(tmp_path: Path, rule: str, edited: str) -> None:
    (found,) = findings_in(tmp_path, account(tagged(ROLES[rule], MARKS[Tool.TERRAFORM])), rule, limits=LIMITS)
    (fix,) = found.fixes
    sentence = "First in Terraform (tag managed-by = terraform), which would undo the change: aws_iam_role of bad"
    assert fix.in_tool is not None and edited in fix.in_tool.text
    forms = written(found)
    command = next(line for line in fix.text.splitlines() if line.startswith("aws iam"))[:30]
    for form in ("text", "markdown", "screen"):
        text = forms[form].replace("\\_", "_").replace("\\", "")
        assert text.index(sentence) < text.index("if it is urgent") < text.index(command), text
    assert sentence in forms["sarif"]
    (as_json,) = finding_json(found)["fixes"]
    assert as_json["in_tool"]["text"] == fix.in_tool.text
    review = Review(Account(ID, "snapshot", datetime(2026, 11, 29, tzinfo=UTC)), (found,), ())
    (result,) = to_sarif(review, "1", "account.json")["runs"][0]["results"]
    assert result["properties"]["fixes"] == [{"title": fix.title, "in_tool": as_json["in_tool"], "text": fix.text}]


@pytest.mark.parametrize(
    ("marks", "name", "tool", "other"),
    [
        ((MARKS[Tool.TERRAFORM], MARKS[Tool.PULUMI]), "bad", Tool.TERRAFORM, "Pulumi"),
        ((MARKS[Tool.ANSIBLE], MARKS[Tool.ACK]), "bad", Tool.ANSIBLE, "ACK"),
        ((MARKS[Tool.TERRAFORM],), "shop-AppRole-1ABCDEFGHIJK2", Tool.TERRAFORM, "CloudFormation"),
        ((MARKS[Tool.CLOUDFORMATION], MARKS[Tool.CDK]), "bad", Tool.CDK, ""),
        ((MARKS[Tool.SAM],), "shop-AppRole-1ABCDEFGHIJK2", Tool.SAM, ""),
        ((MARKS[Tool.TERRAFORM], ("iac", "terraform")), "bad", Tool.TERRAFORM, ""),
    ],
)
def test_signs_of_two_tools_are_named_as_uncertain(
    tmp_path: Path, marks: tuple[tuple[str, str], ...], name: str, tool: Tool, other: str
) -> None:
    (found,) = findings_in(tmp_path, account(tagged([older(name, None)], *marks)), "use.never")
    edit = found.fixes[0].in_tool
    assert edit is not None and edit.tool == tool.value
    assert ("uncertain" in edit.because) == bool(other) and other in edit.because


def test_a_drill_of_an_emergency_role_is_no_edit(tmp_path: Path) -> None:
    roles = tagged([older("break-glass", None)], MARKS[Tool.TERRAFORM])
    (found,) = findings_in(tmp_path, account(roles), "use.never")
    assert [fix.in_tool for fix in found.fixes] == [None]


def test_several_statements_of_a_closing_fix_are_one_document(tmp_path: Path) -> None:
    roles = [
        *tagged([role("doer", allow(["sts:AssumeRole", "iam:PutRolePolicy"]))], MARKS[Tool.CLOUDFORMATION]),
        boss({"AWS": f"arn:aws:iam::{ID}:root"}),
    ]
    found = findings_in(tmp_path, account(roles), "escalation.path")
    fixes = [fix for one in found for fix in one.fixes if one.subject.endswith("/doer")]
    assert fixes
    for fix in fixes:
        assert fix.in_tool is not None and fix.in_tool.tool == "CloudFormation"
        assert fix.in_tool.text.count("Version") <= 1
