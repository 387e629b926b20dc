"""A pull by a node or a task is its role's, and the registry may be another account's."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from tests.support.texts.answers import answer_to, causes_in

IMAGE = "730291846155.dkr.ecr.eu-central-1.amazonaws.com/pay/ledger:2.1"
REFUSED = f"unexpected status from HEAD request to https://{IMAGE}/v2/manifests/2.1: 403 Forbidden"
PULL = (
    f'Warning  Failed  kubelet  Failed to pull image "{IMAGE}": {REFUSED}\nWarning  Failed  Error: ImagePullBackOff\n'
)
WHO = "$ aws sts get-caller-identity --query Account --output text\n{}\n"
DOCKER = f"docker pull {IMAGE}\nError response from daemon: {REFUSED}"


@pytest.mark.parametrize(
    "text",
    [PULL, f'ErrImagePull: rpc error: code = Unknown desc = failed to pull and unpack image "{IMAGE}": {REFUSED}'],
)
def test_no_docker_login_is_asked_of_a_node_or_a_task(text: str) -> None:
    summary = collect_offline(read_text(text)[0]).verdict.summary
    assert "its role lacks ecr:GetAuthorizationToken" in summary
    assert "docker is not logged in" not in summary


def test_docker_itself_may_not_be_logged_in() -> None:
    assert "docker is not logged in" in collect_offline(read_text(DOCKER)[0]).verdict.summary


@pytest.mark.parametrize(("account", "across"), [("266419870533", True), ("730291846155", False), ("not shown", False)])
def test_the_accounts_of_registry_and_caller_are_compared(account: str, across: bool) -> None:
    looks = collect_offline(read_text(f"{PULL}{WHO.format(account)}")[0]).first_look
    assert any("must allow account 266419870533" in each.cause for each in looks) is across


RESOLVED = f'failed to resolve reference "{IMAGE}": {REFUSED}'


@pytest.mark.parametrize(
    ("text", "of_a_node"),
    [
        (f"vpc-cni, image pulled by the node:\n{RESOLVED}", True),
        (f"our pods do not start:\n{RESOLVED}", True),
        (f"EKS add-on\n{RESOLVED}", True),
        (f"docker pull on my laptop:\n{RESOLVED}", False),
    ],
)
def test_what_containerd_prints_is_of_a_node_only_where_the_text_speaks_of_one(text: str, of_a_node: bool) -> None:
    diagnosis = collect_offline(read_text(text)[0])
    assert ("to the node or the task that pulls it" in diagnosis.verdict.summary) == of_a_node
    assert (
        any("EKS's own images are in a different account" in each.cause for each in diagnosis.first_look) == of_a_node
    )


BUILD = (
    "docker pull {0}.dkr.ecr.us-east-1.amazonaws.com/tools:2\nError response from daemon: pull access denied for "
    "{0}.dkr.ecr.us-east-1.amazonaws.com/tools, repository does not exist or may require 'docker login': denied: User: "
    "arn:aws:sts::266419870533:assumed-role/build/AWSCodeBuild-1a is not authorized to perform: ecr:BatchGetImage on "
    "resource: arn:aws:ecr:us-east-1:{0}:repository/tools because no {1} policy allows the ecr:BatchGetImage action"
)


@pytest.mark.parametrize(
    ("registry", "layer", "own"),
    [
        ("763104351884", "identity-based", True),
        ("730291846155", "identity-based", True),
        ("730291846155", "resource-based", False),
    ],
)
def test_the_policies_that_the_refusal_names_come_first(registry: str, layer: str, own: bool) -> None:
    looks = collect_offline(read_text(BUILD.format(registry, layer))[0]).first_look
    assert any("on this repository in the caller's own policies" in each.cause for each in looks) is own


REFERS = (
    "The push refers to repository [730291846155.dkr.ecr.us-west-2.amazonaws.com/pay/worker]\n5f70bf18a086: Retrying "
    "in 5 seconds\ne0f1c8f3d2d1: Retrying in 1 second\nEOF\n"
)


def test_docker_repeats_the_push_to_a_missing_repository() -> None:
    assert "Most likely the repository pay/worker does not exist in us-west-2" in causes_in(REFERS)
    query = "$ aws ecr describe-repositories --query 'repositories[].repositoryName' --output text\n{}\n"
    assert "pay/worker is not in the list in the text" in causes_in(REFERS + query.format("pay/api\tpay/web"))
    assert "is not in the list" not in causes_in(REFERS + query.format("pay/api\tpay/worker"))


@pytest.mark.parametrize(
    "text",
    [
        REFERS.replace("EOF", "denied: User: arn:aws:iam::730291846155:user/ci is not authorized to perform: ecr:Put"),
        REFERS.replace("EOF", "no basic auth credentials"),
        REFERS.replace("730291846155.dkr.ecr.us-west-2.amazonaws.com", "ghcr.io"),
        "e1: Pushed\nThe push refers to repository [730291846155.dkr.ecr.eu-west-1.amazonaws.com/pay/worker]\n",
    ],
)
def test_a_push_with_its_own_answer_is_none_of_that(text: str) -> None:
    assert "docker repeats" not in causes_in(text)


def test_instances_of_batch_that_do_not_join_lack_a_way_or_a_role() -> None:
    said = "CLIENT_ERROR - Your compute environment has been INVALIDATED and scaled down because none of the instances "
    answer = answer_to(f"{said}joined the underlying ECS Cluster. Common issues preventing instances joining are …")
    assert "their instance profile lacks AmazonEC2ContainerServiceforEC2Role" in answer
    assert "AmazonEC2ContainerServiceforEC2Role" not in answer_to("none of the instances passed the health check")


NOTIFICATION = (
    "PutBucketNotificationConfiguration, api error InvalidArgument: Unable to validate the following destination "
    "configurations\n"
)


@pytest.mark.parametrize(
    ("text", "late"),
    [
        ('resource "aws_lambda_permission" "s3" {\n  principal = "s3.amazonaws.com"\n}', True),
        ("Type: AWS::Lambda::Permission\nProperties:\n  Principal: s3.amazonaws.com", True),
        ('resource "aws_lambda_permission" "s3" {\n  principal = "s3.amazonaws.com"\n}\ndepends_on = [x]', False),
        ("", False),
    ],
)
def test_a_permission_beside_the_notification_is_added_too_late(text: str, late: bool) -> None:
    assert ("Most likely the permission is added only after" in causes_in(NOTIFICATION + text)) is late


NOT_FOUND = (
    'Failed to pull image "{0}": rpc error: code = NotFound desc = failed to pull and unpack image "{0}": failed to '
    'resolve reference "{0}": {0}: not found\n'
)
HUB = "730291846155.dkr.ecr.eu-central-1.amazonaws.com/docker-hub/library/redis:7"


@pytest.mark.parametrize(
    ("image", "said", "cached"),
    [
        (HUB, "", True),
        (HUB.replace("docker-hub/library", "mirror"), "we have a pull through cache rule", True),
        (HUB.replace(":7", "@sha256:" + "ab" * 32), "", True),
        (HUB.replace("docker-hub/library", "pay"), "", False),
    ],
)
def test_an_image_that_containerd_does_not_find_may_not_be_cached_yet(image: str, said: str, cached: bool) -> None:
    assert (
        "ecr:BatchImportUpstreamImage and ecr:CreateRepository" in answer_to(NOT_FOUND.format(image) + said)
    ) is cached
