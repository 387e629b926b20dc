"""The cause that a message gives in its own words is told by its form."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.text.read.messages.required_or_invalid_values import own_cause, reported_failure

CAUSES = [
    ("ERROR broker.py:12 option sasl.mechanism is not set", "ERROR broker.py:12 option sasl.mechanism is not set"),
    ("2026-02-03T10:11:12Z level=error msg=\"bucket name must be lower case\"", "bucket name must be lower case"),
    ("Error: creating Timer: field retention is required", "creating Timer: field retention is required"),
    ("ParserException: Invalid partition projection for column day",
     "ParserException: Invalid partition projection for column day"),
    ("it only prints \"the queue attribute must have a redrive policy\" and stops",
     "the queue attribute must have a redrive policy"),
    ("UPDATE_FAILED: unable to locate the launch template", "UPDATE_FAILED: unable to locate the launch template"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "cause"), CAUSES)
def test_the_form_tells_the_cause(text: str, cause: str) -> None:
    assert own_cause(f"We deploy it on Fridays.\n{text}\nWhat can we do?") == cause


@pytest.mark.parametrize(
    "text", ["We must have an alarm for this, and our boss should be told.", "all fine", "2026-02-03 done in 3 s"]
)
def test_a_persons_remark_is_no_message(text: str) -> None:
    assert own_cause(text) == ""


def test_an_unknown_failure_is_answered_with_its_own_words() -> None:
    answer = collect_offline(read_text("ERROR loader: attribute region is missing in the sink's settings")[0])
    assert "attribute region is missing" in answer.verdict.summary
    assert "attribute region is missing" in answer.first_look[0].cause


MESSAGE = "Principal section of policy contains ARN instead of account ID"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"the deploy now fails with HTTP 400:\n\n{MESSAGE}\n\nThe previous template had no such error.", MESSAGE),
        (f"It is rejected with this:\n{MESSAGE}\nNo errors before.", MESSAGE),
        (f"the call dies like this:\n\n  {MESSAGE}\n", MESSAGE),
        ("the deploy fails, and then:\n\nWe tried it again.\n", ""),
        ("The previous template had no such error.", ""),
        ("2026-02-03 ERROR loader failed", "2026-02-03 ERROR loader failed"),
    ],
)
def test_what_failed_is_the_message_that_the_author_announces(text: str, line: str) -> None:
    assert reported_failure(text) == line
