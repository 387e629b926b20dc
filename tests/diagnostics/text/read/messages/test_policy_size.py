"""A policy that is too large for its service is named, with its limit; other policies and sizes are not."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.text.read.messages.policy_size import too_large

CALLED = "An error occurred ({}) when calling the {} operation: {}"


@pytest.mark.parametrize(
    ("text", "verdict", "helps"),
    [
        (
            CALLED.format(
                "PolicyLengthExceededException",
                "AddPermission",
                "The final policy size (20599) is bigger than the limit (20480).",
            ),
            "Lambda function is larger than its limit, 20 KB",
            "source ARN with a wildcard",
        ),
        (
            'Resource handler returned message: "Invalid Logging Configuration: The CloudWatch Logs Resource Policy '
            'size was exceeded."',
            "CloudWatch Logs is larger than its limit, 5,120 characters",
            "/aws/vendedlogs/",
        ),
        (
            "BadRequestException: Cannot enable logging. Policy document length breaking Cloudwatch Logs Constraints, "
            "either < 1 or > 5120",
            "CloudWatch Logs is larger than its limit, 5,120 characters",
            "/aws/vendedlogs/",
        ),
        ("InvalidParameterValue Session policy should not exceed 2048 characters", "2,048 characters", "presigned"),
        (
            CALLED.format(
                "ValidationError",
                "AssumeRole",
                "1 validation error detected: Value '{...' at 'policy' failed to satisfy constraint: Member must have "
                "length less than or equal to 2048",
            ),
            "The session policy is larger",
            "It cannot be raised",
        ),
        (
            "Error: putting S3 Bucket (logs) Policy: operation error S3: PutBucketPolicy, https response error "
            "StatusCode: 400, RequestID: A, HostID: B, api error PolicyTooLarge: Your policy exceeds the maximum "
            "allowed document size",
            "The bucket policy is larger than its limit, 20 KB",
            "access point",
        ),
        (
            CALLED.format(
                "PolicyLengthExceededException",
                "PutPermission",
                "Total policy size 10321 exceeds the limit of 10240 on the event bus default",
            ),
            "event bus is larger",
            "Service Quotas can raise it",
        ),
        (
            CALLED.format(
                "ConstraintViolationException", "UpdatePolicy", "You have exceeded the maximum policy size limit."
            ),
            "A policy is too large",
            "Combine statements",
        ),
    ],
)
def test_the_policy_and_its_limit_are_named(text: str, verdict: str, helps: str) -> None:
    (failure,) = read_text(text)
    diagnosis = collect_offline(failure)
    assert verdict in diagnosis.verdict.summary
    assert "No permission is missing" in diagnosis.verdict.summary
    assert len(diagnosis.verdict.summary) <= 200
    assert helps in " ".join(look.cause for look in diagnosis.first_look)


@pytest.mark.parametrize(
    "text",
    [
        "LimitExceeded: Maximum policy size of 2048 bytes exceeded for user mirror",
        "LimitExceededException: Cannot exceed quota for PolicySize: 6144",
        "Backoff policy size exceeded the limit of 100 messages",
        "the retry policy exceeded 300 seconds",
        "Our company policy: do not exceed 5 retries.",
        "The payload size exceeded 6291556 bytes.",
    ],
)
def test_iams_own_quotas_and_other_policies_are_left_out(text: str) -> None:
    assert too_large(text) is None


def test_the_number_of_log_policies_is_known() -> None:
    limited = CALLED.format("LimitExceededException", "PutResourcePolicy", "Resource limit exceeded.")
    (failure,) = read_text(limited)
    (look,) = collect_offline(failure).first_look
    assert "at most 10 resource policies" in look.cause
    (other,) = read_text(limited.replace("PutResourcePolicy", "CreateLogGroup"))
    assert "10 resource policies" not in str(collect_offline(other).first_look)


@pytest.mark.parametrize(
    ("limit", "used", "said"),
    [("0", "0", "nothing to remove"), ("2", "2", "2 of 2 of the account's quota"), ("4", "3", "Stop what is unused")],
)
def test_an_accounts_quota_is_named_with_its_values(limit: str, used: str, said: str) -> None:
    text = CALLED.format(
        "ResourceLimitExceeded",
        "CreateEndpoint",
        f"The account-level service limit 'ml.g5.xlarge for endpoint usage' is {limit} Instances, with current "
        f"utilization of {used} Instances and a request delta of 1 Instances.",
    )
    (failure,) = read_text(text)
    (look,) = collect_offline(failure).first_look
    assert said in look.cause
    assert "“ml.g5.xlarge for endpoint usage”" in look.cause
