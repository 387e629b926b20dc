"""What the verdict on a denial says of a caller that only reads, and of a Deny that is meant."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text


def summary(caller: str, action: str, reason: str) -> str:
    """The verdict's summary for a denial in IAM's own sentence."""
    (failure,) = read_text(
        f"An error occurred (AccessDenied) when calling the {action.partition(':')[2]} operation: User: "
        f"arn:aws:sts::111122223333:assumed-role/{caller}/kim is not authorized to perform: {action} {reason}"
    )
    return collect_offline(failure).verdict.summary


@pytest.mark.parametrize(
    ("caller", "action", "reads"),
    [
        ("NetReadOnly", "elasticloadbalancing:ModifyListener", True),
        ("AWSReservedSSO_ViewOnlyAccess_5f1c0e9d7a3b2c41", "dynamodb:DeleteTable", True),
        ("ro-support", "s3:PutObject", True),
        ("ci-readonly", "iam:CreateRole", True),
        ("security-auditor", "sqs:TagQueue", True),
        ("NetReadOnly", "elasticloadbalancing:DescribeListeners", False),
        ("ro-support", "s3:GetObject", False),
        ("dash-ro", "redshift:GetClusterCredentials", False),
        ("dash-ro", "redshift-serverless:GetCredentials", False),
        ("card-reader-sync", "s3:PutObject", False),
        ("rollout", "s3:PutObject", False),
        ("thread-only-once", "s3:PutObject", False),
    ],
)
def test_a_caller_that_only_reads_by_its_name_may_be_refused_on_purpose(caller: str, action: str, reads: bool) -> None:
    said = summary(caller, action, f"because no identity-based policy allows the {action} action")
    assert ("meant only to read" in said) == reads
    assert ("Only if the owner agrees, allow the action in" in said) == reads


@pytest.mark.parametrize(
    ("caller", "around", "named"),
    [
        ("gha-plan", "terraform plan\n# gha-apply exists, made last week for this job", "gha-apply"),
        ("ci-readonly-eu", "arn:aws:iam::111122223333:role/ci-deploy-eu", "ci-deploy-eu"),
        ("data-ro", "there is also data-rw", "data-rw"),
        ("data-ro", "there are data-rw and data-admin", ""),
        ("data-ro", "there is also other-rw", ""),
        ("gha-plan", "terraform plan, job apply", ""),
    ],
)
def test_a_role_for_changes_is_named_if_the_text_has_one(caller: str, around: str, named: str) -> None:
    reason = f"because no identity-based policy allows the s3:PutObject action\n{around}"
    said = summary(caller, "s3:PutObject", reason)
    assert f"make the call with {f'{named}, which the text names' if named else 'an identity'}" in said


@pytest.mark.parametrize(
    ("action", "also"),
    [
        ("codeartifact:GetAuthorizationToken", "sts:GetServiceBearerToken, which is needed next"),
        ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer, which is needed next"),
        ("route53:ChangeResourceRecordSets", ""),
        ("iam:CreateRole", ""),
        ("ecr:InitiateLayerUpload", ""),
        ("sqs:SendMessage", ""),
    ],
)
def test_what_the_call_always_needs_next_is_allowed_with_it(action: str, also: str) -> None:
    said = summary("app", action, f"on resource: x because no identity-based policy allows the {action} action")
    assert (also or "allow the action in the caller's policies") in said


@pytest.mark.parametrize(
    ("action", "meant"),
    [
        ("iam:DeleteRolePermissionsBoundary", "Find out which action the boundary denies"),
        ("iam:PutUserPermissionsBoundary", "Find out which action the boundary denies"),
        ("guardduty:DeleteDetector", "usually protects GuardDuty: keep it"),
        ("organizations:LeaveOrganization", "usually protects the organization's policies"),
        ("cloudtrail:StopLogging", "ask whoever manages the trail"),
        ("iam:DeleteRole", ""),
        ("guardduty:GetDetector", ""),
    ],
)
def test_a_deny_that_protects_a_guard_is_kept(action: str, meant: str) -> None:
    said = summary("dev", action, "on resource: * with an explicit deny in an identity-based policy")
    assert meant in said
    assert ("keep it" in said) is bool(meant)
    missing = summary("dev", action, f"because no identity-based policy allows the {action} action")
    assert "keep it" not in missing


@pytest.mark.parametrize(
    ("action", "resource", "every"),
    [
        ("ecs:StopTask", "ecs:eu-west-1:111122223333:task/web/0123456789abcdef0123456789abcdef", True),
        ("glue:GetJobRun", "sagemaker:eu-west-1:111122223333:training-job/fraud-2026-11-01", True),
        ("datasync:StartTaskExecution", "datasync:eu-west-1:111122223333:task/task-0b4c7d19e2f35a860", False),
    ],
)
def test_what_exists_for_one_run_is_named_by_a_pattern(action: str, resource: str, every: bool) -> None:
    said = summary(
        "ci", action, f"on resource: arn:aws:{resource} because no identity-based policy allows the {action} action"
    )
    assert ("has another name" in said) == every


@pytest.mark.parametrize(("resource", "named"), [("app/key", True), ("*", False), ("arn:aws:secretsmanager:*", False)])
def test_a_secret_that_the_message_names_by_its_name_has_an_arn(resource: str, named: bool) -> None:
    said = summary(
        "ci",
        "secretsmanager:CreateSecret",
        f"on resource: {resource} because no identity-based policy allows the secretsmanager:CreateSecret action",
    )
    assert (":secret:app/key-??????" in said) is named


def test_a_word_before_a_colon_that_is_no_service_is_no_action() -> None:
    (failure,) = read_text(
        "ClientError: Data download failed:Unable to download object s3://b/k (AccessDenied: Access Denied)"
    )
    diagnosis = collect_offline(failure)
    assert "failed:Unable" not in f"{diagnosis.steps[0].summary} {diagnosis.verdict.summary}"


LOCKS = "arn:aws:dynamodb:eu-west-1:111122223333:table/tf-locks"


@pytest.mark.parametrize(
    ("action", "resource", "said", "reads"),
    [
        ("dynamodb:PutItem", LOCKS, "Error acquiring the state lock", False),
        ("dynamodb:PutItem", LOCKS, "Unable to retrieve item from DynamoDB table", False),
        ("s3:PutObject", "arn:aws:s3:::tf-state/prod/app.tfstate.tflock", "Error acquiring the state lock", False),
        ("dynamodb:PutItem", LOCKS, "", True),
        ("s3:PutObject", "arn:aws:s3:::tf-state/prod/app.tfstate", "Error acquiring the state lock", True),
    ],
)
def test_whoever_plans_locks_the_state(action: str, resource: str, said: str, reads: bool) -> None:
    text = (
        "Error message: User: arn:aws:sts::111122223333:assumed-role/plan-ro/ci is not authorized to perform: "
        f"{action} on resource: {resource} because no identity-based policy allows the {action} action\n{said}"
    )
    (failure,) = read_text(text)
    assert ("meant only to read" in collect_offline(failure).verdict.summary) == reads
