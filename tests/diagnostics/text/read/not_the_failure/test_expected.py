"""A refusal that a test expects is not the failure."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.failure import Denial, OtherFailure
from diagnostics.text.read.forms.systems import EXPECTED, EXPECTED_BESIDE, LET_THROUGH

PASSED = (
    '  s3_test.go:5: user "outsider": got expected error: AccessDenied: Access Denied\n--- PASS: TestOutsider (1.2s)',
    "2026-11-30T01:33:41Z iam/deny.spec.ts: call was denied as expected (AccessDeniedException)",
    "\u2713 refuses a read with AccessDenied (210 ms)",
    "ok 4 - writer gets AccessDenied on the archive",
    " ok 1 - intern can't delete the trail  # got: AccessDenied ... with an explicit deny in a service control policy",
    "--- PASS: TestBrokenLinkIsDenied (0.1s): AccessDenied, not expected to be allowed",
    "tests/test_policy.py::test_reader_is_denied AccessDenied PASSED [ 33%]",
    "An error occurred (AccessDenied) when calling the StopLogging operation\n PASS  trail  explicit deny seen",
    'smoke "deny-root-delete": expecting refusal\nAn error occurred (AccessDenied) when calling the DeleteDBInstance '
    "operation\nPASS deny-root-delete (1/1)",
    "INFO bucket correctly refused the anonymous call: 403 AccessDenied",
)


@pytest.mark.parametrize("line", PASSED)
def test_an_expected_refusal_beside_a_failed_test_is_passed_over(line: str) -> None:
    (failure,) = read_text(f"{line}\n2026-11-30T01:33:58.0Z --- FAIL: TestRowCount (9.81s)\nmake: *** Error 1")
    assert isinstance(failure, OtherFailure)
    assert (failure.detail, failure.name) == (EXPECTED_BESIDE, "FAIL: TestRowCount (9.81s)")
    assert collect_offline(failure).verdict.summary.startswith("What failed is \u201cFAIL: TestRowCount (9.81s)\u201d.")


@pytest.mark.parametrize("line", PASSED)
def test_an_expected_refusal_alone_changes_nothing(line: str) -> None:
    (failure,) = read_text(f"{line}\nthe platform team sees this, is it ours?")
    assert isinstance(failure, OtherFailure)
    assert failure.detail == EXPECTED
    assert collect_offline(failure).fixes[0].title.startswith("Change nothing")


@pytest.mark.parametrize("line", PASSED)
def test_a_refusal_that_nobody_expected_is_the_failure(line: str) -> None:
    (failure,) = read_text(
        f"{line}\nUser: arn:aws:iam::222233334444:user/ida is not authorized to perform: sqs:SendMessage because no "
        "identity-based policy allows the sqs:SendMessage action"
    )
    assert isinstance(failure, Denial)
    assert failure.action == "sqs:SendMessage"


@pytest.mark.parametrize(
    "line",
    [
        "expected error AccessDenied, got nil",
        "ok 2 things don't work: AccessDenied on upload",
        "not ok 1 - intern can't delete the trail # AccessDenied",
        "ok 1 - intern can't delete the trail # TODO AccessDenied",
        "got unexpected error: AccessDenied: Access Denied",
        "--- FAIL: TestOutsider: AccessDenied",
        "want 200, got the expected AccessDenied? no: AccessDenied",
        "it is not denied as expected: AccessDenied is missing",
        "AccessDenied on upload fails as expected??",
        "upload job: AccessDenied, by design",
        "the nightly export gets AccessDenied as expected since the boundary was attached",
        "we were denied as expected (AccessDenied). How do we get in",
        "2026-11-30T01:33:41Z ERROR export failed: AccessDenied, call was denied as expected",
        "our SCP correctly denied the call with AccessDenied",
    ],
)
def test_a_refusal_that_a_test_did_not_expect_is_one(line: str) -> None:
    assert all(getattr(each, "detail", None) not in (EXPECTED, EXPECTED_BESIDE) for each in read_text(line))


def test_what_ended_the_program_beside_a_passed_test_is_named() -> None:
    (failure,) = read_text(f"{PASSED[2]}\nmake: *** [deploy] Error 1")
    assert (failure.detail, failure.name) == (EXPECTED_BESIDE, "make: *** [deploy] Error 1")  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("operation error S3: GetObject, https response error StatusCode: 404, RequestID: A, HostID: B, NoSuchKey: The "
         "specified key does not exist.", "GetObject failed with NoSuchKey"),
        ("An error occurred (InvalidParameterValueException) when calling the CreateFunction operation: The runtime "
         "parameter of python2.7 is no longer supported.", "CreateFunction failed with InvalidParameterValueException"),
        ("want 3 rows, got 2", "What failed is"),
    ],
)  # fmt: skip
def test_the_error_of_the_failed_test_comes_first(line: str, said: str) -> None:
    (failure,) = read_text(
        f"=== RUN   TestDenied\n    a_test.go:4: got: {DENIED}\n--- PASS: TestDenied (0.41s)\n=== RUN   TestReads\n"
        f"    a_test.go:7: {line}\n--- FAIL: TestReads (0.22s)\nFAIL"
    )
    summary = collect_offline(failure).verdict.summary
    assert summary.startswith(said)
    assert "What failed is \u201c--- FAIL: TestReads (0.22s)\u201d." in summary


DENIED = (
    "An error occurred (AccessDenied) when calling the StopLogging operation: User: arn:aws:iam::111122223333:user/ida "
    "is not authorized to perform: cloudtrail:StopLogging with an explicit deny in a service control policy"
)
MISSING = "User: arn:aws:iam::111122223333:user/ida is not authorized to perform: sqs:SendMessage on resource: q"
GO = f"=== RUN   TestTrail/intern\n    trail_test.go:52: got: {DENIED}\n"


@pytest.mark.parametrize(
    "text",
    [
        f"{GO}--- PASS: TestTrail (1.92s)\n    --- PASS: TestTrail/intern (0.71s)\nPASS\nok  \texample/guard 1.9s",
        f"=== RUN   TestTrail\n--- PASS: TestTrail (0.40s)\n    trail_test.go:52: {DENIED}\nPASS",
        f"=== CONT  TestTrail\n    trail_test.go:9: {DENIED}\n=== CONT  TestOther\n--- PASS: TestTrail (0.4s)",
        f"[guards] expecting AccessDenied for the role intern ...\n{DENIED}\n[guards] OK: denied as expected",
        f"step 3: must be denied\n{DENIED}\n\u2713 step 3",
        f"{DENIED}\nPASS: call was denied as expected",
        f"negative test: StopLogging gets 403\n$ aws cloudtrail stop-logging --name t\n{DENIED}\n[guards] PASS",
    ],
)
def test_a_refusal_that_a_test_expects_and_confirms_is_expected(text: str) -> None:
    (failure,) = read_text(text)
    assert getattr(failure, "detail", "") == EXPECTED
    found = read_text(f"{text}\n{MISSING}")
    assert [each.action for each in found if isinstance(each, Denial)] == ["sqs:SendMessage"]


@pytest.mark.parametrize(
    "text",
    [
        f"{GO}--- FAIL: TestTrail/intern (0.71s)\nFAIL",
        f"{GO}panic: test timed out",
        f"{GO.replace('intern', 'a')}--- PASS: TestTrail/b (0.71s)",
        f"we expect no AccessDenied here\n{DENIED}\nOK next step",
        f"expecting AccessDenied for the role intern\n{DENIED}\nFAIL: the second call was allowed",
        f"it should not be denied\n{DENIED}\nPASS",
        f"{DENIED}\nOK: what now?",
        f"{DENIED}\nmy colleague says: denied as expected",
    ],
)
def test_a_refusal_without_a_passed_test_is_the_failure(text: str) -> None:
    assert "cloudtrail:StopLogging" in [each.action for each in read_text(text) if isinstance(each, Denial)]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("ERROR: Job failed: exit code 137", "SIGKILL"),
        ("make: *** [test] Error 137", "SIGKILL"),
        ("ERROR: process exited with status 143", "SIGTERM"),
        ("ERROR: Job failed: exit code 1", ""),
        ("FATAL 137 rows were lost", ""),
    ],
)
def test_what_a_signal_ended_is_said_to_be(line: str, said: str) -> None:
    (failure,) = read_text(f"{PASSED[2]}\n{line}")
    summary = collect_offline(failure).verdict.summary
    assert said in summary
    assert ("Exit status" in summary) is bool(said)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("FAIL  kms:DisableKey key/1\n      expected AccessDenied, got 200 {}", "kms:DisableKey"),
        ("--- FAIL: TestTrail (0.2s)\n    a_test.go:9: s3:PutBucketAcl: want AccessDenied, got nil", "s3:PutBucketAcl"),
        ("\u2717 organizations:LeaveOrganization: should be denied but was allowed", "organizations:LeaveOrganization"),
        ("not ok 3 - s3:DeleteObject\n  # expected: AccessDenied\n  # got: 204 No Content", "s3:DeleteObject"),
        ("kms:Decrypt    expected=deny   actual=allow   MISMATCH", "kms:Decrypt"),
        ("FAIL: TestIntern\n    expected error Forbidden but call succeeded", "FAIL: TestIntern"),
    ],
)  # fmt: skip
def test_a_call_that_a_test_expects_to_be_denied_is_the_failure_where_it_succeeds(line: str, name: str) -> None:
    (failure,) = read_text(f"{PASSED[2]}\n{line}")
    assert isinstance(failure, OtherFailure)
    assert (failure.detail, failure.name) == (LET_THROUGH, name)
    assert "no Deny that applies to this caller matches it" in collect_offline(failure).verdict.summary


@pytest.mark.parametrize(
    "line",
    [
        "FAIL s3:GetObject: expected 200, got AccessDenied",
        "we expected it to work, but got AccessDenied on s3:GetObject",
        f"expected AccessDenied, got 200\n{MISSING}",
    ],
)
def test_a_refusal_beside_or_instead_of_a_success_is_one(line: str) -> None:
    assert any(isinstance(each, Denial) for each in read_text(line))


ANONYMOUS = "An error occurred (AccessDenied) when calling the DeleteBucket operation: Access Denied"


@pytest.mark.parametrize(
    "text",
    [
        "kms:Decrypt    expected=deny   actual=deny   ok   (AccessDenied)",
        f'{DENIED}\n# Test plan row 14: "ida must NOT be able to stop the trail" -> expected: AccessDenied',
        f"| 7 | intern stops the trail | Expected result: **denied** |\n{DENIED}",
        f"$ aws cloudtrail stop-logging --name t   # should be denied\n{DENIED}\n$ aws s3 ls\n2026-11-01 logs",
        f"# must get AccessDenied\n$ aws s3api delete-bucket --bucket logs\n{ANONYMOUS}",
        '{"case": "intern", "expected": "deny", "actual": "deny", "message": "AccessDenied: explicit deny"}',
        f"[1/2] stop-logging ... expecting deny\n{DENIED}\n  ok (denied)",
        f"=== all of these must fail ===\n$ aws cloudtrail stop-logging --name t\n{DENIED}\n3/3 refused as expected",
    ],
)
def test_a_refusal_that_a_plan_expects_is_expected(text: str) -> None:
    (failure,) = read_text(text)
    assert getattr(failure, "detail", "") == EXPECTED
    assert collect_offline(failure).fixes[0].title.startswith("Change nothing")


@pytest.mark.parametrize(
    "text",
    [
        f"Expected: 200, got: 403\n{DENIED}",
        f"expected: AccessDenied, but why an explicit deny?\n{DENIED}",
        f"Expected: ResourceNotFoundException\nActual: {DENIED}",
        f"I expected access. expected: Allow\n{DENIED}",
        f"# should not be denied\n{DENIED}",
        f"{DENIED}\n2/3 refused as expected",
        f"it is denied as expected: denied\n{DENIED}",
    ],
)
def test_a_refusal_that_a_plan_does_not_expect_is_the_failure(text: str) -> None:
    assert "cloudtrail:StopLogging" in [each.action for each in read_text(text) if isinstance(each, Denial)]


def test_what_fails_beside_an_expected_refusal_is_the_failure() -> None:
    (failure,) = read_text(
        f"[1/2] stop-logging ... expecting deny\n{DENIED}\n  ok (denied)\n[2/2] describe-vpcs ... expecting allow\n"
        '  FAIL: exit 253\nUnable to locate credentials. You can configure credentials by running "aws configure".'
    )
    assert "No usable credentials" in collect_offline(failure).verdict.summary
    found = read_text(
        f"Row 1: expected: AccessDenied\n$ aws cloudtrail stop-logging --name t\n{DENIED}\nRow 2: expected: 200\n"
        f"$ aws sqs send-message\n{MISSING}"
    )
    assert [each.action for each in found if isinstance(each, Denial)] == ["sqs:SendMessage"]


LIVE = (
    "tests/guard_test.py::{name}\n----------------- live log call -----------------\nWARNING An error occurred "
    "(AccessDenied) when calling the DeleteQueue operation: denied\n{result}\ntests/guard_test.py::test_b PASSED"
)


@pytest.mark.parametrize(
    ("name", "result", "expected"),
    [
        ("test_cannot_delete", "PASSED", True),
        ("test_delete_is_refused", "PASSED   [ 50%]", True),
        ("test_cannot_delete", "FAILED", False),
        ("test_cleans_up", "PASSED", False),
    ],
)
def test_a_refusal_in_the_live_log_of_a_passed_test_is_expected(name: str, result: str, expected: bool) -> None:
    failure = read_text(LIVE.format(name=name, result=result))[0]
    assert (isinstance(failure, OtherFailure) and failure.detail == EXPECTED) is expected


RECORD = (
    '"eventName": "DeleteQueue",\n"errorCode": "AccessDenied",\n"errorMessage": "User: '
    "arn:aws:sts::111122223333:assumed-role/{}/kim is not authorized to perform: sqs:DeleteQueue on resource: "
    'arn:aws:sqs:eu-west-1:111122223333:q because no identity-based policy allows the sqs:DeleteQueue action",\n'
)


def test_the_fields_of_an_expected_records_call_are_no_other_failure() -> None:
    note = 'test note: "verify that reader can NOT delete the queue. Expected: denied."'
    (failure,) = read_text(f"{RECORD.format('reader')}{note}")
    assert isinstance(failure, OtherFailure) and failure.detail == EXPECTED
    other = read_text(f"{RECORD.format('reader')}{note}\n\n{RECORD.format('deploy').replace('Delete', 'Create')}")
    assert any(isinstance(each, Denial) and each.action == "sqs:CreateQueue" for each in other)


NOTED = "An error occurred (AccessDenied) when calling the {0} operation: not authorized to perform: s3:{0}"


@pytest.mark.parametrize(
    "text",
    [
        f"ok 1 - reader is out\n  # {NOTED.format('DeleteBucket')}\nnot ok 2 - writer\n  # {NOTED.format('PutObject')}",
        f"ok 1 - reader is kept out\n  # stderr:\n  # {NOTED.format('DeleteBucket')}\n{NOTED.format('PutObject')}",
        f"--- PASS: TestReader (0.1s)\n    a_test.go:9: {NOTED.format('DeleteBucket')}\n--- FAIL: TestWriter (0.1s)\n"
        f"    a_test.go:20: {NOTED.format('PutObject')}",
    ],
)
def test_the_notes_of_a_passed_test_are_passed_over(text: str) -> None:
    assert [each.action for each in read_text(text) if isinstance(each, Denial)] == ["s3:PutObject"]


@pytest.mark.parametrize(
    "text",
    [
        f"not ok 1 - reader lists\n  # {NOTED.format('DeleteBucket')}\nok 2 - writer",
        f"ok 1 - reader lists # TODO\n  # {NOTED.format('DeleteBucket')}",
    ],
)
def test_the_notes_of_another_test_are_read(text: str) -> None:
    assert [each.action for each in read_text(text) if isinstance(each, Denial)] == ["s3:DeleteBucket"]
