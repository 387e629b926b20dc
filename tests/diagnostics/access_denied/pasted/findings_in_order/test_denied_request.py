"""Without a named action, an Allow among several is not taken for the refused action."""

from __future__ import annotations

import json

import pytest

from diagnostics.diagnose import collect_offline, read_text

REFUSED = 'Reconciler error "AccessDeniedException: \\n\\tstatus code: 403, request id: 9e2b"\n'
PASSES = {
    "Effect": "Allow",
    "Action": "iam:PassRole",
    "Resource": "*",
    "Condition": {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}},
}
CALLS = {"Effect": "Allow", "Action": ["lambda:*", "ecr:Get*"], "Resource": "*"}


@pytest.mark.parametrize(
    ("statements", "named"), [([CALLS, PASSES], False), ([PASSES, CALLS], False), ([PASSES], True)]
)
def test_only_a_single_allow_names_the_action(statements: list[object], named: bool) -> None:
    text = f"{REFUSED}role policy:\n{json.dumps({'Version': '2012-10-17', 'Statement': statements})}\n"
    assert ("iam:PassRole" in collect_offline(read_text(text)[0]).verdict.summary) is named
