"""Instances that stop at their launch: whose key it is decides what is said."""

from __future__ import annotations

import pytest

from tests.support.texts.answers import causes_in

STOPS = (
    "Instance became unhealthy while waiting for InService state. Termination Reason: Client.InternalError: Client "
    "error on launch"
)
KEY = "arn:aws:kms:eu-west-1:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab"


@pytest.mark.parametrize(
    "text",
    [
        f"asg web: {STOPS}\nKmsKeyId={KEY}\naccount: 111122223333",
        f"{STOPS}\narn:aws:autoscaling:eu-west-1:111122223333:autoScalingGroup:1:autoScalingGroupName/web\nkms_key_id "
        f"= {KEY}",
        f"Auto Scaling group in account 111122223333\nroot volume: {KEY}\n{STOPS}",
        f"asg web: {STOPS}\nKmsKeyId={KEY}\nasg account: 111122223333",
        f"{STOPS}\nKmsKeyId={KEY}\nthe Auto Scaling group is in 111122223333",
    ],
)
def test_a_key_of_another_account_needs_a_grant_from_the_groups_account(text: str) -> None:
    said = causes_in(text)
    assert said.startswith(
        "The key of the volumes is in account 444455556666, and the Auto Scaling group in account 111122223333"
    )
    assert f"--key-id {KEY} --grantee-principal arn:aws:iam::111122223333:role/aws-service-role/" in said
    assert "Often the instance's volumes" not in said


@pytest.mark.parametrize(
    "text",
    [
        f"asg web: {STOPS}\nKmsKeyId={KEY}\naccount: 444455556666",
        f"{STOPS}\nKmsKeyId={KEY}\nthe AMI is of account 111122223333",  # whoever launches is not stated
        f"asg web: {STOPS}",
        f"asg web: {STOPS}\nKmsKeyId={KEY}",
        f"asg web: {STOPS}\nKmsKeyId={KEY}\nthe other cluster is in 111122223333",
    ],
)
def test_without_two_accounts_and_a_group_the_usual_cause_is_named(text: str) -> None:
    assert "Often the instance's volumes are encrypted" in causes_in(text)


def test_without_a_group_whoever_launches_needs_the_key() -> None:
    text = f"Client.InternalError: Client error on launch\nKmsKeyId={KEY}\nwe are in account 111122223333"
    assert "let the principal in 111122223333 that launches it" in causes_in(text)


def test_a_grant_names_the_key_and_not_its_alias() -> None:
    alias = KEY.split(":key/")[0] + ":alias/volumes"
    assert "--key-id KEY_ARN" in causes_in(f"asg web: {STOPS}\nKmsKeyId={alias}\nasg account: 111122223333")


def test_the_account_of_the_key_may_be_stated_in_words() -> None:
    said = causes_in(f"asg web: {STOPS}\nthe AMI is encrypted with alias/golden of the images account 111122223333")
    assert "The key of the volumes is in account 111122223333" in said
    own = f"asg web: {STOPS}\nthe AMI is encrypted. The account 111122223333 has two groups"
    assert "The key of the volumes is in account" not in causes_in(own)


NO_IMAGE = (
    "$ aws ec2 run-instances --image-id ami-0f1e2d3c4b5a69788 --region eu-west-1\nAn error occurred "
    "(InvalidAMIID.NotFound) when calling the RunInstances operation: The image id '[ami-0f1e2d3c4b5a69788]' does not "
    "exist\n{}"
)


@pytest.mark.parametrize(
    ("said", "first"),
    [
        ("it was shared with us in us-east-1", "The call went to eu-west-1, and the text names us-east-1"),
        (
            "built by Packer: us-west-2: ami-0f1e2d3c4b5a69788",
            "The call went to eu-west-1, and the text names us-west-2",
        ),
        ("it was shared with us", "An image has one ID in one Region"),
        ("not in us-east-1 or us-west-2", "An image has one ID in one Region"),
    ],
)
def test_an_image_belongs_to_one_region(said: str, first: str) -> None:
    assert causes_in(NO_IMAGE.format(said)).startswith(first)


GROUP = (
    "unexpected state 'CREATE_FAILED'. last error: AsgInstanceLaunchFailures: Instance became unhealthy. Termination "
    "Reason: {}\ni-1: NodeCreationFailure: Instances failed to join the kubernetes cluster\n"
)
BAD_KEY = "Client.InvalidKMSKey.InvalidState: The KMS key provided is in an incorrect state"


@pytest.mark.parametrize("reason", [BAD_KEY, "Client.InternalError: Client error on launch"])
def test_a_node_that_stopped_at_its_launch_is_not_asked_why_it_did_not_join(reason: str) -> None:
    text = f"{GROUP.format(reason)}KmsKeyId={KEY}\nnode group in account 111122223333"
    said = causes_in(text)
    assert "AmazonEKSWorkerNodePolicy" not in said
    assert "--grantee-principal arn:aws:iam::111122223333:role/aws-service-role/" in said


def test_a_node_without_a_stated_reason_may_lack_its_policies() -> None:
    assert "AmazonEKSWorkerNodePolicy" in causes_in(GROUP.format("not stated"))
