"""Which resources a statement names inside those that are asked for."""

from __future__ import annotations

import pytest

from iam.policy.compiled import Asked, compiled
from iam.policy.document import Document
from iam.policy.request import Request
from iam.questions.relevant import narrowed


@pytest.mark.parametrize(
    ("version", "resource"),
    [("2012-10-17", "arn:aws:s3:::home/ben/*"), ("2008-10-17", "arn:aws:s3:::home/${aws:username}/*")],
)
def test_variables_are_plain_text_in_the_older_version(version: str, resource: str) -> None:
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::home/${aws:username}/*"}
    [one] = compiled(Document.from_value({"Version": version, "Statement": statement})).statements
    who = Request(None, "s3:GetObject", "arn:aws:s3:::home/*", context={"aws:username": ("ben",)})
    assert narrowed(one, Asked(who)) == [resource]
