"""Messages of services that move and show data: what a text decides, and texts that only resemble them."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.text.read.messages.service_sentences import sentence_in
from tests.support.denials.pasted import diagnosed


@pytest.mark.parametrize(
    "text",
    [
        "the role cannot be provided",
        "failed attempting to download the file",
        "Too many connects from one host",
        "ldap: SaslAuthenticationException: Access denied",
        "Job failed, please check complete logs in configured logging destination. ExitCode: 1. OutOfMemoryError",
        "the secret is encrypted with the default key",
        "Splunk.Connected",
        "You don't have sufficient permissions to edit this page",
    ],
)
def test_what_only_resembles_a_message_is_not_read_as_one(text: str) -> None:
    assert sentence_in(text) is None


SECRET = (
    "Test Endpoint failed: Application-Message: Failed to build connection string Unable to find Secrets Manager secret"
)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("", "its own role (SecretsManagerAccessRoleArn) is refused, or"),
        (" curlCode: 28, Timeout was reached", "cannot reach Secrets Manager (timeout)"),
    ],
)
def test_a_timeout_shows_that_the_network_is_at_fault(more: str, said: str) -> None:
    (failure,) = read_text(SECRET + more)
    assert said in collect_offline(failure).verdict.summary


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


@pytest.mark.parametrize(
    ("name", "found", "missing"),
    [("vpc-role", "NoSuchEntity", True), ("cloudwatch-logs-role", "NoSuchEntity", True), ("vpc-role", "", False)],
)
def test_a_role_of_dms_that_get_role_does_not_find_is_to_be_created(name: str, found: str, missing: bool) -> None:
    text = (
        "creating DMS Replication Instance (r): AccessDeniedFault: The IAM Role "
        f"arn:aws:iam::210987654321:role/dms-{name} is not configured properly."
    )
    if found:
        text += (
            f"\n$ aws iam get-role --role-name dms-{name}\n\nAn error occurred ({found}) when calling the GetRole "
            f"operation: The role with name dms-{name} cannot be found."
        )
    summaries = [collect_offline(each).verdict.summary for each in read_text(text)]
    assert any("does not exist in the account: create it" in each for each in summaries) == missing
