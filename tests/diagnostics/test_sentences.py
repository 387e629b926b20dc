"""Statements in words."""

from __future__ import annotations

import json
from typing import Any

import pytest

from diagnostics.sentences import statement_sentence
from iam.policy.document import Document

GITHUB = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        (
            {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"},
            "Lets the service ec2.amazonaws.com assume this role.",
        ),
        (
            {
                "Effect": "Allow",
                "Principal": {"Federated": GITHUB},
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": {"StringLike": {"a:sub": ["repo:x/*", "repo:y/*"]}},
            },
            "Lets tokens of token.actions.githubusercontent.com assume this role with a web identity token, "
            "but only when a:sub matches repo:x/* or repo:y/*.",
        ),
        ({"Effect": "Allow", "Action": "*", "Resource": "*"}, "Allows every action on every resource."),
        (
            {"Effect": "Deny", "Action": "s3:*", "NotResource": "arn:aws:s3:::harbor-*"},
            "Forbids every s3 action on every resource except arn:aws:s3:::harbor-*. This overrides every Allow.",
        ),
        (
            {
                "Effect": "Allow",
                "NotAction": ["iam:*", "account:*"],
                "Resource": "*",
                "Condition": {"Null": {"aws:TokenIssueTime": "true"}, "BoolIfExists": {"aws:SecureTransport": "true"}},
            },
            "Allows every action except every iam action and every account action on every resource, but only when "
            "aws:TokenIssueTime is absent and aws:SecureTransport is true (or is not given).",
        ),
        (
            {"Effect": "Allow", "Principal": {"AWS": "AROAEXAMPLEDELETEDROLE"}, "Action": "sts:AssumeRole"},
            "Lets a principal that was deleted (AROAEXAMPLEDELETEDROLE) assume this role.",
        ),
    ],
)
def test_a_statement_says_itself(statement: dict[str, Any], sentence: str) -> None:
    document = Document(json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    assert statement_sentence(document.statements[0]) == sentence
