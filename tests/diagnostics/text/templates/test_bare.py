"""Statements without brackets, and parts of statements."""

from __future__ import annotations

import pytest

from diagnostics.text.templates.bare import bare_statements
from diagnostics.text.templates.policies import written_policies
from diagnostics.text.templates.reader import Reader

READ = {
    "HCL over several lines": (
        'limited by a condition:\n  Effect   = "Allow"\n  Action   = ["sqs:SendMessage"]\n  Resource = "*"\n'
        '  Condition = { StringEquals = { "aws:RequestTag/a" = var.b } }\nI tried more.',
        {
            "Effect": "Allow",
            "Action": ["sqs:SendMessage"],
            "Resource": ["*"],
            "Condition": {"StringEquals": {"aws:RequestTag/a": ["${var.b}"]}},
        },
    ),
    "a program's lists": (
        "stack: actions: ['sqs:SendMessage'], resources: [`arn:aws:sqs:${region}:1:q`],\n  environment: { A: 'b' }",
        {"Action": ["sqs:SendMessage"], "Resource": ["arn:aws:sqs:${region}:1:q"]},
    ),
    "words without quotes": (
        "actions: athena:*, glue:Get*\nresources: *\n",
        {"Action": ["athena:*", "glue:Get*"], "Resource": ["*"]},
    ),
    "YAML from its first line": (
        "Effect: Allow\nAction:\n- sqs:SendMessage\nResource: '*'\n\nUser: arn:aws:iam::1:user/a is not authorized",
        {"Effect": "Allow", "Action": ["sqs:SendMessage"], "Resource": ["*"]},
    ),
    "a part with its condition": (
        "it ends in\n  Resource: '*'\n  Condition:\n    Bool:\n      aws:ViaAWSService: true\n",
        {"Resource": ["*"], "Condition": {"Bool": {"aws:ViaAWSService": ["true"]}}},
    ),
}


@pytest.mark.parametrize(("text", "statement"), READ.values(), ids=READ)
def test_members_are_one_statement(text: str, statement: dict[str, object]) -> None:
    assert [each.statements for each in bare_statements(text)] == [(statement,)]


@pytest.mark.parametrize(
    "text",
    [
        "Action: s3:GetObject\nResource: arn:aws:s3:::a/b\nResult: denied",
        "The action: click on the resource: it opens",
        "Condition: good\nEffect: none",
        "resource: arn:aws:s3:::a",
        "principal = admin\naction = deploy",
    ],
)
def test_what_a_message_or_a_person_calls_so_is_no_statement(text: str) -> None:
    assert list(bare_statements(text)) == []


def test_a_statement_that_is_cut_off_is_read_as_far_as_it_goes() -> None:
    text = (
        '[{"Sid": "Eu", "Effect": "Deny", "NotAction": ["iam:*"], "Resource": "*", "Condition": {"StringNotEquals": '
        '{"aws:RequestedRegion": ["eu-west-1", ...\n\nAccessDenied: not here'
    )
    (policy,) = written_policies(text)
    assert policy.statements[0]["Condition"] == {"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1", "..."]}}
    assert not policy.whole


def test_prose_behind_a_name_is_left_at_the_first_sign_that_it_is_none() -> None:
    """A log of many refusals names a resource in each: reading to its end each time took the square of its length."""
    text = "resource: arn:aws:s3:::a because no policy allows it " * 50
    found: dict[str, object] = {}
    reader = Reader(text, len(text))
    reader.entry(found, 0, brief=True)
    assert found == {"resource": "computed"}
    assert reader.at <= text.index("aws")
    assert list(bare_statements(text)) == []
