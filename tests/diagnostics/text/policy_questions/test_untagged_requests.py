"""Whether a condition on tag keys forces tags is answered from its operator."""

from __future__ import annotations

import json

import pytest

from diagnostics.diagnose import collect_offline, read_text

KEYS = {"aws:TagKeys": ["Owner", "Team"]}
ASKED = "does this enforce the tags Owner and Team on each volume?"


def said(question: str, condition: dict[str, object], effect: str = "Allow") -> str:
    statement = {"Effect": effect, "Action": "ec2:CreateVolume", "Resource": "*", "Condition": condition}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]}, indent=1)
    return collect_offline(read_text(f"{question}\n{policy}\n")[0]).verdict.summary


@pytest.mark.parametrize("question", [ASKED, "Auditor wants to know: are Owner and Team mandatory with this policy?"])
def test_for_all_values_forces_no_tags(question: str) -> None:
    answer = said(question, {"ForAllValues:StringEquals": KEYS})
    assert answer.startswith("No: ")
    assert '"aws:RequestTag/Owner": "?*", "aws:RequestTag/Team": "?*"' in answer


@pytest.mark.parametrize(
    ("question", "condition", "effect"),
    [
        (ASKED, {"ForAllValues:StringEquals": KEYS, "StringLike": {"aws:RequestTag/Owner": "?*"}}, "Allow"),
        (ASKED, {"ForAnyValue:StringEquals": KEYS}, "Allow"),
        (ASKED, {"ForAllValues:StringEquals": KEYS}, "Deny"),
        ("what does this policy do?", {"ForAllValues:StringEquals": KEYS}, "Allow"),
    ],
)
def test_other_conditions_and_questions_are_not_answered_so(
    question: str, condition: dict[str, object], effect: str
) -> None:
    assert "ForAllValues is true" not in said(question, condition, effect)


def test_a_dry_run_beside_the_question_only_proves_it() -> None:
    dry = (
        "\n$ aws ec2 create-volume --dry-run --size 1 --availability-zone eu-west-1a\nAn error occurred "
        "(DryRunOperation) when calling the CreateVolume operation: Request would have succeeded, but "
        "DryRun flag is set."
    )
    statement = {
        "Effect": "Allow",
        "Action": "ec2:CreateVolume",
        "Resource": "*",
        "Condition": {"ForAllValues:StringEquals": KEYS},
    }
    text = f"{ASKED}\n{json.dumps({'Version': '2012-10-17', 'Statement': [statement]}, indent=1)}{dry}\n"
    assert collect_offline(read_text(text)[0]).verdict.summary.startswith("No: ")
