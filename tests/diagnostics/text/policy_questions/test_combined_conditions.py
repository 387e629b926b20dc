"""How the conditions of one statement are combined."""

from __future__ import annotations

import json

import pytest

from diagnostics.diagnose import collect_offline, read_text

NEITHER = {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}, "StringNotEquals": {"aws:SourceVpce": "vpce-1a2b3c4d"}}
BOTH = {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}, "Bool": {"aws:SecureTransport": "true"}}
SAID = "combined with AND"


def summary(question: str, effect: str, conditions: object) -> str:
    statement = {
        "Effect": effect,
        "Principal": "*",
        "Action": "s3:*",
        "Resource": "arn:aws:s3:::acme-fin/*",
        "Condition": conditions,
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    (failure,) = read_text(f"{question}\n{document}\n")
    return collect_offline(failure).verdict.summary


@pytest.mark.parametrize(
    ("question", "effect", "conditions", "said"),
    [
        ("Do both conditions have to hold, or is one enough?", "Deny", NEITHER, "fail both aws:SourceIp"),
        ("Do I need two Deny statements for the office and the endpoint?", "Deny", NEITHER, "Keep one statement"),
        ("Is it office AND TLS, or either of them?", "Allow", BOTH, "allows only requests that meet all"),
        ("Does this let everybody read the bucket?", "Deny", NEITHER, ""),
        ("Do both conditions have to hold?", "Deny", {"Bool": {"aws:SecureTransport": "false"}}, ""),
    ],
)
def test_a_question_about_several_conditions_is_answered(
    question: str, effect: str, conditions: object, said: str
) -> None:
    answer = summary(question, effect, conditions)
    assert (SAID in answer) is bool(said)
    assert said in answer


@pytest.mark.parametrize(
    ("told", "narrow"),
    [
        (
            "The bucket can be read from home, but we wrote endpoint AND office. Which condition holds?",
            True,
        ),
        ("Is he right that a laptop at home still downloads objects? We require both conditions.", True),
        ("Is one of both conditions enough, or do I need separate statements?", False),
    ],
)
def test_a_deny_that_should_require_every_condition_is_too_narrow(told: str, narrow: bool) -> None:
    answer = summary(told, "Deny", NEITHER)
    assert ("This Deny is too narrow" in answer) is narrow
    assert ("Keep one statement" in answer) is not narrow
