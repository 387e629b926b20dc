"""Airflow's waiters that print no state hide a denied call; with a state they do not."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text


def causes(text: str) -> str:
    return "\n".join(look.cause for failure in read_text(text) for look in collect_offline(failure).first_look)


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
    assert action in causes(f"the task never ends\n{text}")


@pytest.mark.parametrize(
    "text",
    [
        waited("Status of step function execution is", "", "RUNNING"),
        "INFO - Status of step function execution is: ",  # another program's line
    ],
)
def test_a_state_or_another_program_is_none(text: str) -> None:
    assert "hides the denial" not in causes(text)
