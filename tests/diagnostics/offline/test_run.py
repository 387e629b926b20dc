"""A verdict that only repeats the refusal says what to check first."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

LISTED = (
    "$ aws s3 cp s3://acme-{0}/v3/w.bin .\nfatal error: An error occurred (403) when calling the HeadObject operation: "
    "Forbidden\n$ aws s3 ls s3://acme-{0}/v3/\n2026-11-20 10:11:12   104857600 w.bin\n"
)


@pytest.mark.parametrize("bucket", ["models", "data"])
def test_the_first_usual_cause_follows(bucket: str) -> None:
    verdict = collect_offline(read_text(LISTED.format(bucket))[0]).verdict
    assert verdict.summary.startswith("s3:GetObject was refused. Check first: The object exists")


@pytest.mark.parametrize(
    "text",
    [
        "AccessDenied",
        "AccessDeniedException: User: arn:aws:iam::111122223333:user/jo is not authorized to perform: sqs:SendMessage "
        "on resource: arn:aws:sqs:eu-west-1:111122223333:jobs because no identity-based policy allows the "
        "sqs:SendMessage action",
    ],
)
def test_another_verdict_stays_as_it_is(text: str) -> None:
    assert "Check first:" not in collect_offline(read_text(text)[0]).verdict.summary
