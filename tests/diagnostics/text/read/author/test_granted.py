"""Which actions a text says that policies contain."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.text.read.author.granted import granted_in


@pytest.mark.parametrize("label", ["Policy", "IAM", "role policy", "Task role's policy"])
def test_the_actions_behind_a_policys_label_are_not_called_missing(label: str) -> None:
    text = f"{label}: logs:CreateLogStream, logs:PutLogEvents on *. The plugin logs an AccessDeniedException."
    summary = collect_offline(read_text(text)[0]).verdict.summary
    assert "are needed" not in summary
    assert "the policy in the text has logs:CreateLogStream and logs:PutLogEvents" in summary


def test_the_actions_behind_a_wished_policys_label_are_not_had() -> None:
    assert not granted_in("Required policy: logs:PutLogEvents on *. Access denied.")


@pytest.mark.parametrize(
    ("text", "had"),
    [
        ("gets AccessDenied on CopyObject. s3:GetObject and s3:PutObject are allowed on both.", 2),
        ("s3:GetObject is already granted", 1),
        ("AccessDenied. Check whether s3:GetObject is allowed", 0),
        ("s3:GetObject is not allowed", 0),
        ("s3:GetObject is allowed only from the office", 0),
        ('The deploy role\'s policy has, on Resource "*":\nsqs:ListQueues, sqs:SendMessage', 2),
        ("Our task user allows these on every resource:\n- sns:Publish\n- sns:Subscribe", 2),
        ("The role is missing, on *:\nsqs:ListQueues, sqs:SendMessage", 0),
        ("Make sure that the role has these: sqs:ListQueues, sqs:SendMessage", 0),
        ("The user does not have these: sqs:ListQueues, sqs:SendMessage", 0),
        # The console's report of a denial, and reports of other programs.
        ("User: arn:aws:iam::111122223333:user/li\nAction: iam:ListUsers\nOn resource(s): *\nContext: no policy", 0),
        ("  Caller: li\n  Action: kms:Decrypt\n", 0),
        ("Action: sqs:SendMessage\nResult: denied", 0),
        ("Action: sqs:SendMessage\nResource: *", 1),
        ("Result: AccessDenied\n\nEffect: Allow\nAction: sqs:SendMessage\nResource: *", 1),
    ],
)
def test_actions_that_are_said_to_be_allowed_are_had(text: str, had: int) -> None:
    assert len(granted_in(text)) == had


@pytest.mark.parametrize("label", ["User policy: ", "role tf-cloud: "])
def test_a_label_has_actions_on_several_resources(label: str) -> None:
    assert granted_in(f"{label}s3:GetObject on *, iam:GetRole ... on role/*, iam:PassRole on role/*") == {
        "s3:getobject",
        "iam:getrole",
        "iam:passrole",
    }
