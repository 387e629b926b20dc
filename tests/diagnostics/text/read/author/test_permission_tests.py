"""Tests of permissions: which refusals are wanted, and which call was let through."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.failure import Denial
from diagnostics.text.read.author.permission_tests import Outcome, trials
from diagnostics.text.read.forms.systems import EXPECTED, LET_THROUGH

DENIED = (
    "An error occurred (AccessDeniedException) when calling the DisableKey operation: User: "
    "arn:aws:sts::111122223333:assumed-role/intern/t is not authorized to perform: kms:DisableKey because no "
    "identity-based policy allows the kms:DisableKey action"
)
DENY = "AccessDenied ... with an explicit deny in a service control policy"
WANTED = f"| 1 | iam create-user probe | Blocked | {DENY} |\n| 2 | s3api delete-bucket logs | Blocked | {DENY} |"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (f"| # | Attempt | Wanted | Result |\n|---|---|---|---|\n{WANTED}\n"
         "| 3 | cloudtrail stop-logging --name main | Blocked | exit 0, no output |", "cloudtrail:StopLogging"),
        (f"Call\tExpected\tActual\nguardduty delete-detector\tdenied\t{DENY}\n"
         "config stop-configuration-recorder\tdenied\tsucceeded", "config:StopConfigurationRecorder"),
        (f"Aufruf;Soll;Ist\ns3:DeleteBucket;verweigert;{DENY}\nkms:DisableKey;verweigert;erlaubt", "kms:DisableKey"),
        (f"probe                 should be     got\n"
         f"rds:DeleteDBInstance  refused       {DENY}\nsqs:PurgeQueue        refused       200", "sqs:PurgeQueue"),
    ],
)  # fmt: skip
def test_the_row_of_a_call_that_was_let_through_is_the_failure(text: str, name: str) -> None:
    (failure,) = read_text(text)
    assert (getattr(failure, "detail", ""), failure.name) == (LET_THROUGH, name)  # type: ignore[union-attr]


def test_the_answer_has_the_command_that_undoes_the_call() -> None:
    (failure,) = read_text(
        f"Attempt | Wanted | Result\n{DENY} | Blocked | {DENY}\nstop-configuration-recorder x | Blocked | ok\n"
        "cloudtrail stop-logging --name main | Blocked | exit 0"
    )
    assert collect_offline(failure).verdict.summary  # without an action there is only the row
    (failure,) = read_text("Attempt | Wanted | Result\ncloudtrail stop-logging --name main | Denied | exit 0")
    assert "aws cloudtrail start-logging --name main" in collect_offline(failure).verdict.summary


@pytest.mark.parametrize(
    "text",
    [
        f"| # | Attempt | Wanted | Result |\n|---|---|---|---|\n{WANTED}",
        f"Call,Expected,Observed\nkms:DisableKey,deny,{DENY.replace(',', '')}\nkms:ListKeys,allow,ok",
        f"tests/g.py::test_cannot_disable PASSED\n------ Captured log call ------\nINFO got: {DENIED}\n"
        "==== 1 passed in 1s ====\n\nMy editor marks the AccessDeniedException red. Which policy is missing?",
        f"=== RUN   TestKey/intern\n    key_test.go:5: got expected error: {DENIED}\n--- PASS: TestKey (1.8s)\n"
        "    --- PASS: TestKey/intern (0.9s)\nPASS\n\nthe log scanner opened a ticket for the AccessDenied line",
    ],
)
def test_where_every_refusal_is_wanted_nothing_has_to_change(text: str) -> None:
    (failure,) = read_text(text)
    assert getattr(failure, "detail", "") == EXPECTED


@pytest.mark.parametrize(
    "text",
    [
        f"Attempt | Wanted | Result\nread the key | Allowed | {DENIED}\nstop the trail | Denied | {DENY}",
        f"tests/g.py::test_cannot_disable FAILED\n------ Captured log call ------\nINFO got: {DENIED}",
        f"tests/g.py::test_disables PASSED\n------ Captured log call ------\nINFO got: {DENIED}",
        f"=== RUN   TestKey/intern\n    key_test.go:5: got: {DENIED}\n    --- FAIL: TestKey/intern (0.9s)\nFAIL",
        f"tests/g.py::test_cannot_x PASSED\n======= 1 passed =======\n{DENIED}",
        f"tests/g.py::test_cannot_x PASSED\n$ aws kms disable-key --key-id 1\n{DENIED}",
        f"Attempt | Owner | Result\ndisable the key | Ida | {DENIED}",
    ],
)
def test_a_refusal_that_is_not_wanted_is_the_failure(text: str) -> None:
    assert "kms:DisableKey" in [each.action for each in read_text(text) if isinstance(each, Denial)]


def test_what_a_row_wants_and_got_is_read_in_any_order_of_columns() -> None:
    (one,) = trials(["Actual | Expected | Call", "200 OK | forbidden | kms:Decrypt"])
    assert (one.name, one.wanted, one.got) == ("kms:Decrypt", Outcome.DENIED, Outcome.ALLOWED)
    assert trials(["Actual | Call", "200 OK | kms:Decrypt"]) == []
    (one,) = trials(["call | want | got", "x | deny | not denied"])
    assert one.let_through
