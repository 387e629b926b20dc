"""Airflow's waiters that print no state hide a denied call; with a state they do not."""

from __future__ import annotations

import pytest

from tests.support.texts.answers import causes_in


def waited(what: str, *states: str) -> str:
    return "\n".join(f"[2026-11-30] {{{{waiter_with_logging.py:129}}}} INFO - {what}: {state}" for state in states)


@pytest.mark.parametrize(
    ("text", "action"),
    [
        (waited("Status of step function execution is", "", ""), "states:DescribeExecution"),
        (waited("Status of AWS Glue crawler is", "", "", ""), "the Describe or Get action"),
        (waited("Redshift Cluster status", ""), "the Describe or Get action"),
    ],
)
def test_an_empty_state_is_a_hidden_denial(text: str, action: str) -> None:
    assert action in causes_in(f"the task never ends\n{text}")


@pytest.mark.parametrize(
    "text",
    [
        waited("Status of step function execution is", "", "RUNNING"),
        "INFO - Status of step function execution is: ",  # another program's line
    ],
)
def test_a_state_or_another_programs_line_hides_no_denial(text: str) -> None:
    assert "hides the denial" not in causes_in(text)
