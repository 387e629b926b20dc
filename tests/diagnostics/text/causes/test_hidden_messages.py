"""A text in which a program hid its message is not answered with a cause."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

CENSORED = (
    '{"censored": "the output has been hidden due to the fact that \'no_log: true\' was specified for this result"}'
)


@pytest.mark.parametrize(
    ("text", "step"),
    (
        (f"TASK [Create role] ***\nfatal: [localhost]: FAILED! => {CENSORED}", "Create role"),
        (f"TASK [aws : put secret] ***\nfailed: [web1] (item=None) => {CENSORED}", "aws : put secret"),
        (
            "null_resource.push (local-exec): (output suppressed due to sensitive value in config)\n"
            "Error: local-exec provisioner error\nexit status 254",
            "null_resource.push",
        ),
        (
            "ERROR: Job failed: exit code 254\n# roll.sh\naws ecs update-service --service api >/dev/null 2>&1",
            "aws ecs update-service",
        ),
        ("aws sqs list-queues 2>/dev/null; echo exit code $?\nexit code 253", "configuration or credentials"),
    ),
)
def test_the_text_is_said_to_show_nothing(text: str, step: str) -> None:
    verdict = collect_offline(read_text(text)[0]).verdict
    assert verdict.cause == "unreadable"
    assert verdict.summary.startswith("The text does not show whether anything was denied")
    assert step in verdict.summary


@pytest.mark.parametrize(
    "text",
    (
        f"TASK [Login] ***\nok: [localhost] => {CENSORED}\nTASK [Copy] ***\nfatal: [localhost]: FAILED! => "
        '{"msg": "Could not find or access \'a.txt\'"}',
        "null_resource.push (local-exec): (output suppressed due to sensitive value in config)\nApply complete!",
        "aws sqs list-queues >/dev/null\nERROR: Job failed: exit code 254",
        "aws sqs list-queues 2>/dev/null\nERROR: Job failed: exit code 1",
    ),
)
def test_what_was_hidden_of_a_success_is_nothing(text: str) -> None:
    assert "does not show whether" not in collect_offline(read_text(text)[0]).verdict.summary
