"""A policy that the text only describes: its conditions, its lists of resources, and the tags that it asks for."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

CI = "arn:aws:sts::445566778899:assumed-role/ci/run"


def first_cause(text: str) -> str:
    return collect_offline(read_text(text)[0]).first_look[0].cause


NO_ALLOW = (
    f"User: {CI} is not authorized to perform: ec2:RunInstances on resource: "
    "arn:aws:ec2:eu-west-1:445566778899:instance/* because no identity-based policy allows the ec2:RunInstances action"
)


@pytest.mark.parametrize(
    ("told", "key"),
    [
        ("The policy allows it under the condition aws:RequestTag/CostCenter.", "aws:RequestTag/CostCenter"),
        ("There is a Condition on ec2:InstanceType in it.", "ec2:InstanceType"),
        ("It has an aws:RequestedRegion condition.", "aws:RequestedRegion"),
    ],
)
def test_a_condition_that_is_only_described_may_be_unmet(told: str, key: str) -> None:
    assert f"Compare the condition on {key} with the request" in first_cause(f"{NO_ALLOW}\n{told}")


@pytest.mark.parametrize(
    "told",
    [
        "Should I add a condition on aws:RequestTag/CostCenter?",
        "The condition on kms:ViaService in the key policy is met.",
        "I removed the condition on ec2:InstanceType.",
        '"Condition": {"StringEquals": {"ec2:InstanceType": "t3.micro"}}',
    ],
)
def test_another_condition_or_none_is_not_compared(told: str) -> None:
    looks = collect_offline(read_text(f"{NO_ALLOW}\n{told}")[0]).first_look
    assert not any("Compare the condition on" in each.cause for each in looks)


KEY = "arn:aws:kms:us-west-2:{}:key/7b9c6a1e-2f37-4f0c-8dc1-d9b5e6f01a44"
NOT_DECRYPTED = (
    "{}: FAILED\n| operation error KMS: Decrypt, api error AccessDeniedException: The ciphertext refers to a customer\n"
    '| master key that does not exist\n$ aws sts get-caller-identity\n{{"Arn": "arn:aws:iam::445566778899:user/jo"}}'
)


@pytest.mark.parametrize(("account", "named"), [("111122223333", True), ("445566778899", False)])
def test_the_account_of_the_only_key_is_compared(account: str, named: bool) -> None:
    cause = first_cause(NOT_DECRYPTED.format(KEY.format(account)))
    assert (f"The caller belongs to account 445566778899, and the key to {account}" in cause) is named


COPIED = (
    "An error occurred (KMSKeyNotAccessibleFault) when calling the CopyDBSnapshot operation: The source snapshot KMS "
    "key [{}] does not exist, is not enabled or you do not have permissions to access it.\n{}"
)


@pytest.mark.parametrize(
    "caller",
    [
        '$ aws sts get-caller-identity --query Account\n"445566778899"',
        "runs as arn:aws:sts::445566778899:assumed-role/copy/nightly",
        f"as arn:aws:iam::445566778899:assumed-role/x arn:aws:sts::445566778899:assumed-role/x/y\n"
        f"target KMS {KEY.format('445566778899')}",
    ],
)
@pytest.mark.parametrize(("account", "named"), [("111122223333", True), ("445566778899", False)])
def test_the_account_of_the_key_that_a_service_cannot_use(caller: str, account: str, named: bool) -> None:
    cause = first_cause(COPIED.format(KEY.format(account), caller))
    assert (f"The caller belongs to account 445566778899, and the key to {account}" in cause) is named


SECRET = (
    "AccessDeniedException: role web-exec is not authorized to perform secretsmanager:GetSecretValue on secret:db\n"
)


@pytest.mark.parametrize(
    "told",
    [
        "The role has a policy with secretsmanager:GetSecretValue on a list of secret ARNs.",
        "It allows secretsmanager:GetSecretValue for certain secrets.",
    ],
)
def test_a_list_of_resources_may_lack_the_denied_one(told: str) -> None:
    assert "on a list of resources only: compare" in first_cause(SECRET + told)


@pytest.mark.parametrize(
    "told",
    [
        "The role has secretsmanager:GetSecretValue on *.",
        "Does it need secretsmanager:GetSecretValue on some resources?",
        "It allows s3:GetObject on a list of buckets.",
    ],
)
def test_a_list_for_another_action_or_none_is_not_compared(told: str) -> None:
    looks = collect_offline(read_text(SECRET + told)[0]).first_look
    assert not any("on a list of resources only" in each.cause for each in looks)


SUBNET = "aws ec2 create-subnet --vpc-id vpc-1 --tag-specifications 'ResourceType=subnet,Tags=[{Key=Owner,Value=a}]'\n"
SCP = 'Our SCP denies it (Resource "*", Condition Null on aws:RequestTag/Owner "true").\n'


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (f"{SCP}{SUBNET}UnauthorizedOperation, explicit deny", True),
        (f"{SCP}{SUBNET.replace('create-subnet --vpc-id vpc-1', 'create-vpc')}UnauthorizedOperation", False),
        (f"{SCP}aws ec2 create-subnet --vpc-id vpc-1\nUnauthorizedOperation, explicit deny", False),
        (f"{SCP.replace('*', 'arn:aws:ec2:*:*:subnet/x')}{SUBNET}UnauthorizedOperation, explicit deny", False),
    ],
)
def test_the_resources_that_a_call_only_uses_have_no_tags(text: str, named: bool) -> None:
    looks = collect_offline(read_text(text)[0]).first_look
    assert any("is also checked on the vpc, and no request has tags for those" in each.cause for each in looks) is named


def test_a_role_is_no_instance_profile() -> None:
    message = "Value (runner) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name"
    assert "EC2 needs an instance profile, and a role is not" in first_cause(f"InvalidParameterValue: {message}")


ADDED = "The permissions were added to that role last week, {}."


@pytest.mark.parametrize(
    ("told", "unmet"),
    [
        (ADDED.format("in a statement with a StringEquals condition"), True),
        (ADDED.format("under an ArnLike condition"), True),
        ("The policy of the role has a ForAnyValue:StringLike condition.", True),
        ("Its Allow carries a Bool condition.", True),
        (ADDED.format("with a description"), False),
        ("The SCP denies it with a StringNotEquals condition.", False),
        ("Should the policy have a StringEquals condition?", False),
        ("We removed the statement with a StringEquals condition.", False),
    ],
)
def test_an_allow_with_a_condition_on_an_unnamed_key_may_not_count(told: str, unmet: bool) -> None:
    for refusal in (NO_ALLOW, NO_ALLOW.partition(" because")[0]):
        assert first_cause(f"{refusal}\n{told}").startswith("The text says that the Allow has a condition") == unmet


@pytest.mark.parametrize(
    ("tags", "named"),
    [
        ('{"Key": "elasticmapreduce:job-flow-id", "Value": "j-1"}, {"Key": "team", "Value": "data"}', True),
        ('[{"key": "aws:servicecatalog:portfolio", "value": "p"}]', True),
        ('{"Key": "team", "Value": "data"}', False),
    ],
)
def test_tags_that_a_service_adds_are_compared_with_a_condition_on_tags(tags: str, named: bool) -> None:
    cause = first_cause(
        f"{NO_ALLOW}\nIt has a condition on aws:TagKeys (our own keys only).\nTagSpecifications: {tags}"
    )
    assert ("which a service may add by itself" in cause) is named
