"""A line's end inside a value: what can belong to the value is joined to it, and nothing else."""

from __future__ import annotations

import pytest

from diagnostics.failure import Denial
from diagnostics.text.read.parse import parse

WHO = "arn:aws:sts::111122223333:assumed-role/web/i-1"
ROLE = "arn:aws:iam::111122223333:role/b"
DENIAL = f"User: {WHO} is not authorized to perform: sts:AssumeRole on resource: "


def resource(text: str) -> str | None:
    (failure,) = parse(text)
    assert isinstance(failure, Denial)
    return failure.resource


@pytest.mark.parametrize(
    "line",
    [
        "ERROR   status code: 403, request id: 1",
        "ERROR: status code 403",
        "[ERROR] request id: 1",
        "WARN because no credentials were left the job was stopped",
        "exit status code: 254",
        "Response status code: 403",
        "failed to assume role",
        "Caller arn:aws:iam::111122223333:user/ada",
        "retrying because no answer came",
        "stopped",
        "444455556666 arn:aws:sts::444455556666:assumed-role/b/i",
        "eu-west-1 arn:aws:sts::444455556666:assumed-role/b/i",
    ],
)
@pytest.mark.parametrize("border", ["", "│ "])
def test_the_next_line_of_a_log_is_no_part_of_the_resource(line: str, border: str) -> None:
    text = f"{border}{DENIAL}{ROLE}\n{border}{line}"
    if border and (line in ("stopped", "retrying because no answer came") or " arn:" in line):
        return  # in a box, a word could as well be the rest of the name
    assert resource(text) == ROLE


@pytest.mark.parametrize("cut", range(12, len(ROLE)))
def test_what_the_sentence_needs_is_joined(cut: int) -> None:
    text = f"{DENIAL}{ROLE[:cut]}\n{ROLE[cut:]} because no identity-based policy allows the sts:AssumeRole action"
    assert resource(text) == ROLE


@pytest.mark.parametrize(
    "reason",
    ["with an explicit deny in a service control policy", "because no session policy allows the sts:AssumeRole action"],
)
@pytest.mark.parametrize("value", ["...", "…", "arn:aws:s3:::b/k...", "role b"])
def test_a_reason_on_a_line_of_its_own_is_no_part_of_the_resource(value: str, reason: str) -> None:
    assert resource(f"{DENIAL}{value}\n{reason}") == value
