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
    assert "the execution role batch-exec does" in answer_to(PULL + roles)
