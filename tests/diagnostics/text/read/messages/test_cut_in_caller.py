"""A message that ends within its caller is said to be cut off, with the call if the text names it."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

CUT = "The message is cut off within its caller, {}…"


@pytest.mark.parametrize(
    ("text", "caller", "call"),
    (
        (
            "| 09:31:02 | ERROR | An error occurred (AccessDenied) when|\n"
            "| calling the CreateDBInstance operation: User: arn:aws:sts::44445555|\n"
            "| 09:31:03 | INFO  | done                               |",
            "arn:aws:sts::44445555",
            "The call was CreateDBInstance",
        ),
        (
            "│ last error: BatchGetItem: AccessDeniedException: User: arn:aws:sts::49 │\n│ retry in 30s │",
            "arn:aws:sts::49",
            "The call was BatchGetItem",
        ),
        (
            '{"__type":"AccessDeniedException","Message":"User: arn:aws:sts::444455556666:ass\nnext line of the log',
            "arn:aws:sts::444455556666:ass",
            "",
        ),
    ),
)
def test_what_is_missing_is_said(text: str, caller: str, call: str) -> None:
    summary = collect_offline(read_text(text)[0]).verdict.summary
    assert summary.startswith(CUT.format(caller))
    assert call in summary


@pytest.mark.parametrize(
    "text",
    (
        "AccessDeniedException: User: arn:aws:sts::444455556666:assumed-role/app/i-1\nis not authorized to perform: "
        "dynamodb:GetItem on resource: arn:aws:dynamodb:eu-west-1:444455556666:table/t",
        "AccessDeniedException: User: arn:aws:iam::444455556666:user/kim\n",
        "An error occurred (AccessDenied) when calling the GetObject operation: Access Denied\n",
    ),
)
def test_other_messages_are_not_cut_within_their_caller(text: str) -> None:
    assert "within its caller" not in collect_offline(read_text(text)[0]).verdict.summary
