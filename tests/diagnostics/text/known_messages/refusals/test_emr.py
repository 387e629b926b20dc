"""Messages of EMR about its roles: what the text decides."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from tests.support.denials.pasted import diagnosed


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (
            '\n$ aws iam list-instance-profiles-for-role --role-name spark\n{"InstanceProfiles": []}',
            "is in no instance",
        ),
        ("", "a role of that name is not enough"),
    ],
)
def test_a_role_without_its_instance_profile_is_named(more: str, said: str) -> None:
    (failure,) = read_text(
        f"Terminated with errors: Failed to authorize instance profile spark (VALIDATION_ERROR){more}"
    )
    assert said in collect_offline(failure).verdict.summary


LACKS_EC2 = "Service role {} has insufficient EC2 permissions"


LATER = (
    '{{"msg": "An error occurred (ValidationException) when calling the {} operation: A job flow that is shutting '
    'down, terminating, or finished may not be modified."}}\n...ignoring\n'
)


@pytest.mark.parametrize("operation", ["AddJobFlowSteps", "AddInstanceGroups"])
@pytest.mark.parametrize("role", ["EMR_DefaultRole_V2", "dwh-emr"])
def test_what_fails_after_the_cluster_is_no_part_of_its_refusal(role: str, operation: str) -> None:
    state = f'fatal: [localhost]: FAILED! => {{"status": {{"Message": "{LACKS_EC2.format(role)}"}}}}\n'
    answer = diagnosed(f"{state}TASK [add] ***\nfatal: [localhost]: FAILED! => {LATER.format(operation)}")
    assert answer.verdict.summary.startswith(f"The service role {role} of the EMR cluster lacks EC2 permissions")
    assert operation not in str(answer.steps)


@pytest.mark.parametrize(
    ("said", "tag"),
    [
        ("attached: AmazonEMRServicePolicy_v2, the subnet has only the tag Name", True),
        ("$ aws iam list-attached-role-policies --role-name dwh\nAmazonEMRServicePolicy_v2", True),
        ("AmazonEMRServicePolicy_v2, and all has for-use-with-amazon-emr-managed-policies = true", False),
        ("attached: dwh-emr-own", False),
    ],
)
def test_the_managed_policy_of_emr_needs_its_tag(said: str, tag: bool) -> None:
    summary = diagnosed(f"Terminated with errors: {LACKS_EC2.format('dwh')}\n{said}").verdict.summary
    assert ("works only on resources with the tag" in summary) is tag


def summary(text: str) -> str:
    (failure, *_) = read_text(text)
    return collect_offline(failure).verdict.summary


RUN = (
    '{{"applicationId": "{}", "state": "FAILED", "stateDetails": "Could not assume runtime role '
    "arn:aws:iam::111122223333:role/spark because it doesn't exist or isn't setup with the required trust "
    'relationship."}}\n{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Principal": {{"Service": '
    '"emr-serverless.amazonaws.com"}}, "Action": "sts:AssumeRole", "Condition": {{"ArnLike": {{"aws:SourceArn": '
    '"arn:aws:emr-serverless:eu-west-3:111122223333:/applications/{}"}}}}}}]}}'
)


@pytest.mark.parametrize(("named", "differs"), [("00fold", True), ("00fnew", False), ("*", False)])
def test_the_application_of_a_job_is_compared_with_its_roles_trust(named: str, *, differs: bool) -> None:
    assert ("applications/00fnew." in summary(RUN.format("00fnew", named))) is differs
