"""Messages about targets that may not be invoked: who invokes them decides what is missing."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.text.read.messages.service_sentences import sentence_in

MACHINE = "arn:aws:states:eu-west-1:444455556666:stateMachine:orders"


@pytest.mark.parametrize(
    ("text", "needed"),
    [
        (f"pipe orders: Target invocation failed with error from States. Not allowed to invoke {MACHINE}.",
         "states:StartSyncExecution"),
        (f'"error": {{"message": "Not allowed to invoke {MACHINE}."}}, "pipe": "arn:aws:pipes:eu-west-1:4:pipe/a"',
         "states:StartSyncExecution"),
        (f"The pipe is not authorized to invoke {MACHINE}. invocation_type = FIRE_AND_FORGET", "states:StartExecution"),
        ("Target invocation failed with error from Lambda. Not allowed to invoke "
         "arn:aws:lambda:eu-west-1:444455556666:function:enrich.", "lambda:InvokeFunction"),
        ("lack of permissions to invoke cross account target arn:aws:sqs:eu-west-1:111122223333:jobs",
         "sqs:SendMessage"),
    ],
)  # fmt: skip
def test_what_invokes_the_target_needs_its_action(text: str, needed: str) -> None:
    (diagnosis,) = [collect_offline(failure) for failure in read_text(text)]
    assert needed in diagnosis.verdict.summary
    assert not diagnosis.verdict.summary.endswith("orders..")


@pytest.mark.parametrize(
    "text",
    [
        "role 'reader' not allowed to invoke delete_table",
        "You are not allowed to invoke a destructor yourself: see arn:aws:s3:::notes",
    ],
)
def test_other_programs_invocations_are_not_read(text: str) -> None:
    assert sentence_in(text) is None
