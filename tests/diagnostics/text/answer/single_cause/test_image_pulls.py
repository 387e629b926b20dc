"""A role with ECR's read actions helps only if it is the one that pulls the image."""

from __future__ import annotations

import pytest

from tests.support.texts.answers import answer_to

PULL = (
    "CannotPullContainerError: failed to resolve ref 111122223333.dkr.ecr.eu-west-1.amazonaws.com/etl:latest: pulling "
    "from host 111122223333.dkr.ecr.eu-west-1.amazonaws.com failed with status code [manifests latest]: 403 Forbidden\n"
)
READS = "has AmazonEC2ContainerRegistryReadOnly"


@pytest.mark.parametrize(
    ("said", "own"),
    [
        (f"jobRoleArn: arn:aws:iam::111122223333:role/etl-job ({READS})", True),
        (f"the task role app {READS}", True),
        (f"the execution role {READS}", False),
        (f"executionRoleArn: arn:aws:iam::111122223333:role/exec ({READS})", False),
        (f"the node role {READS}", False),
    ],
)
def test_the_role_of_a_job_or_task_pulls_no_image(said: str, own: bool) -> None:
    assert ("is the role of the job or task itself, which does not pull the image" in answer_to(PULL + said)) is own


def test_the_execution_role_of_the_text_is_named() -> None:
    roles = f"job role etl-job {READS}\nexecutionRoleArn: arn:aws:iam::111122223333:role/batch-exec"
    assert "to the execution role batch-exec, which pulls the image" in answer_to(PULL + roles)


FOREIGN = (
    'Failed to pull image "111122223333.dkr.ecr.eu-west-1.amazonaws.com/base/go:1": failed to resolve reference: '
    "failed with status code [manifests 1]: 403 Forbidden\nnode role arn:aws:iam::{}:role/nodes with "
    "AmazonEC2ContainerRegistryPullOnly\n"
)
POLICY = '"Effect": "Allow", "Principal": {{"AWS": {}}}, "Action": ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]'


@pytest.mark.parametrize(
    ("principal", "other"),
    [
        ('"arn:aws:iam::777788889999:root"', True),
        ('["arn:aws:iam::777788889999:root", "arn:aws:iam::222233334444:role/ci"]', True),
        ('["arn:aws:iam::777788889999:root", "arn:aws:iam::444455556666:root"]', False),
        ('"*"', False),
    ],
)
def test_the_repositorys_policy_is_compared_with_the_account_that_pulls(principal: str, other: bool) -> None:
    answer = answer_to(FOREIGN.format("444455556666") + POLICY.format(principal))
    assert ("and the image is pulled from account 444455556666: name 444455556666 in it" in answer) is other


def test_a_pull_within_the_account_needs_no_other_principal() -> None:
    answer = answer_to(FOREIGN.format("111122223333") + POLICY.format('"arn:aws:iam::777788889999:root"'))
    assert "name 111122223333 in it" not in answer


REPLICATION = (
    'describe-image-replication-status for images of account {}\n{{"replicationStatuses": [{{"registryId": '
    '"444455556666", "status": "FAILED", "failureCode": "AccessDenied"}}]}}\nAccessDenied\n'
    '"Effect": "Allow", "Principal": {{"AWS": "arn:aws:iam::{}:root"}}, "Action": ["ecr:ReplicateImage"]'
)


@pytest.mark.parametrize(
    ("source", "allowed", "other"),
    [("222233334444", "222233334445", True), ("222233334444", "222233334444", False)],
)
def test_a_replications_source_is_compared_with_the_registry_policy(source: str, allowed: str, other: bool) -> None:
    answer = answer_to(REPLICATION.format(source, allowed))
    assert (f"lets account {allowed} replicate, and the images come from account {source}" in answer) is other
