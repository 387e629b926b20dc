"""A policy is read with line numbers, file names or signs of a diff before its lines, and as a string in JSON."""

from __future__ import annotations

import json

import pytest

from diagnostics.text.templates.line_marks import without_line_marks
from tests.support.denials.pasted import diagnosed, no_identity

STREAM = "arn:aws:kinesis:eu-west-1:618204557391:stream/{}"
DENIED = no_identity("kinesis:PutRecord", STREAM.format("clicks"), "arn:aws:sts::618204557391:assumed-role/feeder/x")
OLD = STREAM.format("audit-log")
MEMBERS = ("{", '  "Effect": "Allow",', '  "Action": "kinesis:PutRecord",', f'  "Resource": "{OLD}"', "}")
STATEMENT = {"Effect": "Allow", "Action": ["kinesis:PutRecord"], "Resource": OLD}
STRING = json.dumps(json.dumps({"Version": "2012-10-17", "Statement": [STATEMENT]}))


@pytest.mark.parametrize(
    "policy",
    [
        "\n".join(f"{at:6}\t{line}" for at, line in enumerate(MEMBERS, 1)),
        "\n".join(f"{at} | {line}" for at, line in enumerate(MEMBERS, 7)),
        "\n".join(f"policies/feeder.json:{line}" for line in MEMBERS),
        "\n".join(f"p.json:{at}:{line}" for at, line in enumerate(MEMBERS, 41)),
        "\n".join((*MEMBERS[:3], f'-  "Resource": "{STREAM.format("x")}"', f'+  "Resource": "{OLD}"', MEMBERS[4])),
        "\n".join(MEMBERS).replace('"', "”"),
        f'"PolicyDocument": {STRING}',
        f"<Policy>{json.dumps(STATEMENT).replace(chr(34), '&quot;')}</Policy>",
        f"Policy = {STRING}",
        f"inline policy of feeder:\n  kinesis:PutRecord\n  kinesis:PutRecords\n  on {OLD}",
        f"inline policy of feeder:\n  kinesis:PutRecords\n  kinesis:PutRecord\n  resource {OLD}",
    ],
)
def test_the_statements_resource_is_compared(policy: str) -> None:
    assert f"names {OLD}, not {STREAM.format('clicks')}" in diagnosed(f"{DENIED}\n\n{policy}").verdict.summary


@pytest.mark.parametrize(
    "text",
    [
        "1 failed\n3 passed\n4 skipped",
        "12:01 one\n12:02 two\n12:03 three",
        '- "arn:aws:s3:::a"\n- "arn:aws:s3:::b"',
        "main.tf: a\nvars.tf: b\nout.tf: c",
        "8: a\n9: b",
        '- "s3:GetObject"\n- "s3:PutObject"\nchanged:\n+ "s3:ListBucket"',
        "he said “yes”",
    ],
)
def test_other_lines_stay_as_they_are(text: str) -> None:
    assert without_line_marks(text) == text


def test_all_listed_actions_are_on_the_resource_below_them() -> None:
    policy = f"inline policy of feeder:\n  kinesis:PutRecord\n  kinesis:PutRecords\n  on {STREAM.format('clicks')}"
    assert "names kinesis:PutRecords, not" not in diagnosed(f"{DENIED}\n\n{policy}").verdict.summary
