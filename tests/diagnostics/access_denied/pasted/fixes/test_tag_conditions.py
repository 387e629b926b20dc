"""What to do about conditions on tags."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import allow, diagnosed, no_identity, policy

ACCOUNT = "210987654321"


def launching(tag: str) -> str:
    return (
        "aws ec2 run-instances --image-id ami-0d3f00baadc0ffee1 "
        f"--tag-specifications 'ResourceType=instance,Tags=[{tag}]'\n"
    )


def test_a_tag_in_another_spelling_is_set_as_the_policy_has_it() -> None:
    command = launching("{Key=costcentre,Value=4410}")
    statement = allow("ec2:RunInstances", "*", Condition={"StringEquals": {"aws:RequestTag/CostCenter": "4410"}})
    instance = f"arn:aws:ec2:eu-north-1:{ACCOUNT}:instance/*"
    answer = diagnosed(f"{command}{no_identity('ec2:RunInstances', instance)}\n{policy(statement)}")
    assert "sends aws:RequestTag/costcentre in its place" in answer.verdict.summary
    assert "Key=CostCenter,Value=4410" in str(answer.fixes[0].change)


def test_tags_of_a_launch_are_those_of_the_type_of_resource() -> None:
    command = launching("{Key=Team,Value=a}")
    statement = allow("ec2:RunInstances", "*", Condition={"StringEquals": {"aws:RequestTag/Team": "a"}})
    volume = f"arn:aws:ec2:eu-west-1:{ACCOUNT}:volume/*"
    answer = diagnosed(f"{command}{no_identity('ec2:RunInstances', volume)}\n{policy(statement)}")
    assert "ResourceType=volume,Tags=[{Key=Team,Value=a}]" in str(answer.fixes[0].change)
    two = allow(
        "ec2:RunInstances", "*", Condition={"StringEquals": {f"aws:RequestTag/{tag}": "a" for tag in ("Team", "Env")}}
    )
    answer = diagnosed(f"{command}{no_identity('ec2:RunInstances', volume)}\n{policy(two)}")
    assert "Tags=[{Key=Team,Value=a},{Key=Env,Value=a}]" in str(answer.fixes[0].change)
    both = command.replace("}]'", "}]' 'ResourceType=volume,Tags=[{Key=Team,Value=a}]'")
    allowed = diagnosed(f"{both}{no_identity('ec2:RunInstances', volume)}\n{policy(statement)}")
    assert "ResourceType" not in str(allowed.fixes)


@pytest.mark.parametrize(
    ("action", "on", "every"),
    [
        ("ec2:CreateTags", "arn:aws:ec2:eu-west-1:111122223333:instance/i-0d715a485281ffc45", "instance/*"),
        ("ec2:CreateTags", "arn:aws:ec2:eu-west-1:111122223333:volume/vol-0d715a485281ffc45", "volume/*"),
    ],
)
def test_what_exists_already_is_tagged_by_a_statement_of_its_own(action: str, on: str, every: str) -> None:
    test = {"ec2:CreateAction": "RunInstances", "aws:RequestTag/team": "web"}
    answer = diagnosed(f"{no_identity(action, on)}\n{policy(allow(action, '*', Condition={'StringEquals': test}))}")
    change = str(answer.fixes[0].change)
    assert every in change and '"aws:ResourceTag/team": "web"' in change
    assert "Keep statement 1" in change and "CreateAction" not in change


@pytest.mark.parametrize(
    ("action", "kind", "apart"),
    [
        ("ec2:RunInstances", "volume", "ResourceType=volume; in Packer, run_volume_tags"),
        ("ec2:RunInstances", "network-interface", "ResourceType=network-interface."),
        ("ec2:RunInstances", "instance", ""),
        ("ec2:CreateVolume", "volume", ""),
    ],
)
def test_the_tags_of_an_instance_do_not_count_for_its_volumes(action: str, kind: str, apart: str) -> None:
    statement = allow(action, "*", Condition={"StringLike": {"aws:RequestTag/Owner": "*"}})
    refused = no_identity(action, f"arn:aws:ec2:eu-north-1:{ACCOUNT}:{kind}/*")
    change = str(diagnosed(f"run_tags: Owner=ops\n{refused}\n{policy(statement)}").fixes[0].change)
    assert apart in change
    assert ("The refused resource is a" in change) is bool(apart)


def test_a_launch_whose_new_resources_have_no_tags_is_allowed_in_parts() -> None:
    wanted = {"StringEquals": {"ec2:ResourceTag/Team": "a"}}
    statement = allow("ec2:*", "*", Condition=wanted)
    refused = no_identity("ec2:RunInstances", "arn:aws:ec2:eu-west-1::image/ami-0d3f00baadc0ffee1")
    answer = diagnosed(f"{refused}\n{policy(statement)}")
    change = str(answer.fixes[0].change)
    assert "arn:aws:ec2:*::image/*" in change and "aws:RequestTag/Team" in change
    ended = no_identity("ec2:TerminateInstances", f"arn:aws:ec2:eu-west-1:{ACCOUNT}:instance/i-0d3f00baadc0ffee1")
    assert "aws:RequestTag" not in str(diagnosed(f"{ended}\n{policy(statement)}").fixes[0].change)


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ("eks-cluster-arn", "Only EKS Pod Identity sets eks-cluster-arn"),
        ("Team", "aws iam list-role-tags --role-name cni"),
    ],
)
def test_a_tag_of_the_caller_that_is_not_shown(tag: str, words: str) -> None:
    wanted = {"StringEquals": {"aws:ResourceTag/Team": f"${{aws:PrincipalTag/{tag}}}"}}
    statement = allow("ec2:AttachVolume", "*", Condition=wanted)
    refused = no_identity(
        "ec2:AttachVolume",
        f"arn:aws:ec2:eu-west-1:{ACCOUNT}:volume/vol-0d3f00baadc0ffee1",
        f"arn:aws:sts::{ACCOUNT}:assumed-role/cni/1703246",
    )
    assert words in str(diagnosed(f"{refused}\n{policy(statement)}").fixes[0].change)


def test_what_a_stack_just_creates_has_no_tags_yet() -> None:
    statement = allow("apigateway:*", "*", Condition={"StringEquals": {"aws:ResourceTag/Team": "a"}})
    refused = no_identity("apigateway:UpdateRestApiPolicy", "arn:aws:apigateway:eu-west-1::/restapis/a1b2c3")
    event = "CREATE_FAILED Api AWS::ApiGateway::RestApi\nResource handler returned message: "
    answer = diagnosed(f"{event}{refused}\n{policy(statement)}")
    assert "just being created has no tags yet" in answer.verdict.summary
    assert "without aws:ResourceTag" in answer.fixes[0].title
    assert "just being created" not in diagnosed(f"{refused}\n{policy(statement)}").verdict.summary
