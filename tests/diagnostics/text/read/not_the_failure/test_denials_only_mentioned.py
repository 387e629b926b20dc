"""A refusal that a text only mentions is none."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.failure import Trouble
from diagnostics.text.read.forms.systems import NOTHING_REFUSED

ONLY_MENTIONED = (
    'is this bad? the alert matched the word "denied"\nINFO Sid=AccessDeniedOutsideEU -> OK as expected\nINFO events '
    "errorCode=AccessDenied last 24h: 0\nINFO done rc=0",
    "INFO uploaded s3://logs/unauthorized-calls/2026.json (200)\nUnauthorizedOperation count over 24h: 0",
    "simulator: 41 allowed, 0 denied\nAccessDenied events: none\nexit code 0",
    'is this ok? alarm said "AccessDenied > 0"\n$ aws s3 ls s3://x-accessdenied/\n2027-03-04 00:05:11  88 denied.csv\n'
    "$ echo $?\n0",
    'is it right?\nfilterPattern: { ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") }',
    "service  calls  ok  AccessDenied  Throttled\ns3  18  18  0  0\nTOTAL  18  18  0  0\n$ echo $?\n0\nis any missing?",
    "api ok AccessDenied\nsqs 4 0\nkms 7 0",
    "weekly report\ncalls 1204  ok 1204  AccessDenied 0\nthrottled 3",
    'sync: INFO objects=88 errors=0 access_denied=0\nsync: INFO done rc=0\nalert "AccessDenied in etl" - is it broken?',
    "INFO copied 12 objects, 0 failed, 0 AccessDenied\nINFO exit 0 (policy check: DENY rules 3, matched 0)\n"
    'does this look ok? pager said "denied" in the title',
)
REFUSED = (
    "AccessDenied",
    "INFO done rc=0\nAccessDenied",
    "events errorCode=AccessDenied last 24h: 3\nINFO done -> OK",
    "INFO a -> OK\n403 Forbidden from /api/items",
    "service  calls  ok  AccessDenied\ns3  18  18  0\nsqs  4  3  1\n$ echo $?\n0",
    "service  calls  ok  AccessDenied\nno rows",
    "INFO 0 denied\nAccessDenied in sync\nwhy is it broken?",
    "0 denied\nAtlasCluster returned: AccessDeniedException: Access to KMS is not allowed",
)


@pytest.mark.parametrize("text", ONLY_MENTIONED)
def test_names_and_counts_of_zero_refuse_nothing(text: str) -> None:
    (failure,) = read_text(text)
    assert (failure.trouble, failure.detail) == (Trouble.NOT_IAM, NOTHING_REFUSED)  # type: ignore[union-attr]
    diagnosis = collect_offline(failure)
    assert diagnosis.verdict.summary.startswith("Nothing in the text was refused")
    assert diagnosis.fixes[0].title.startswith("Change nothing")


@pytest.mark.parametrize("text", REFUSED)
def test_a_refusal_beside_good_news_is_one(text: str) -> None:
    assert all(getattr(each, "detail", None) != NOTHING_REFUSED for each in read_text(text))


@pytest.mark.parametrize(
    "text", ["Lambda.AccessDeniedException, cause: none", "States.TaskFailed\nS3.AccessDeniedException, Cause: None"]
)
def test_an_error_without_a_cause_is_no_count_of_zero(text: str) -> None:
    assert all(getattr(each, "detail", None) != NOTHING_REFUSED for each in read_text(text))
