"""A pull by a node or a task is its role's, and the registry may be another account's."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

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
