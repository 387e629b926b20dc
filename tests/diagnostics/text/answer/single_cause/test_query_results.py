"""A workgroup that overrides the client's output location is the cause where the two buckets differ."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

REFUSED = "Access denied when writing {}: s3://wg-results/2026/q1.csv\n"


@pytest.mark.parametrize(
    ("answer", "setting", "overridden"),
    [
        ("to location", "Output Location: s3://team-out/", True),
        ("output to url", "s3_staging_dir: s3://team-out/dbt/", True),
        ("output to url", '"OutputLocation": "s3://team-out/x"', True),
        ("to location", "Output Location: s3://wg-results/", False),
        ("to location", "the data is in s3://team-out/", False),
    ],
)
def test_results_that_go_to_the_workgroups_bucket(answer: str, setting: str, overridden: bool) -> None:
    answered = collect_offline(read_text(f"{REFUSED.format(answer)}{setting}")[0])
    assert ("although the client is set to team-out" in answered.verdict.summary) is overridden
    assert ("wg-results/*" in " ".join(str(fix.change) for fix in answered.fixes)) is overridden


@pytest.mark.parametrize(
    ("more", "first"), [("encryption: SSE-KMS", "kms:Decrypt on that key"), ("", "Find the location")]
)
def test_results_are_read_by_the_caller(more: str, first: str) -> None:
    text = (
        "An error occurred (InvalidRequestException) when calling the GetQueryResults operation: You do not seem to "
        "have access to the S3 location of your query results. Please confirm your account has access to the S3 "
        "location where your query results are saved and try again. If you are using KMS to encrypt query results, "
        f"please ensure you have permission to access your KMS key.\n{more}"
    )
    answered = collect_offline(read_text(text)[0])
    assert "cannot read the results in S3" in answered.verdict.summary
    assert first in answered.first_look[0].cause


@pytest.mark.parametrize(
    ("call", "group", "decided"),
    [
        ("workgroup='analysts'", "primary", True),
        ('"WorkGroup": "reports"', "primary", True),
        ("work_group: etl", "primary", True),
        ("workgroup='analysts'", "analysts", False),
        ("workgroup='primary'", "primary", False),
        ("", "primary", False),
    ],
)
def test_a_workgroup_that_the_call_does_not_pass(call: str, group: str, decided: bool) -> None:
    text = (
        f"{call}\nAn error occurred (AccessDeniedException) when calling the StartQueryExecution operation: User: "
        "arn:aws:sts::481027365914:assumed-role/analyst/jo is not authorized to perform: athena:StartQueryExecution "
        f"on resource: arn:aws:athena:eu-west-1:481027365914:workgroup/{group} because no identity-based policy allows "
        "the athena:StartQueryExecution action"
    )
    answered = collect_offline(read_text(text)[0])
    assert ("the call went to primary" in answered.verdict.summary) is decided
    assert any(fix.title.startswith("Pass the workgroup") for fix in answered.fixes) is decided
