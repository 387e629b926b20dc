"""A name that a condition spells differently than the text around it, and a provider that the role does not trust."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

S3 = (
    "when calling the PutBucketNotificationConfiguration operation: "
    "Unable to validate the following destination configurations"
)
QUEUE = (
    'queue policy: {{"Statement":[{{"Effect":"Allow","Principal":{{"Service":"s3.amazonaws.com"}},'
    '"Action":"sqs:SendMessage","Resource":"arn:aws:sqs:us-east-1:444455556666:q",'
    '"Condition":{{"ArnLike":{{"aws:SourceArn":"arn:aws:s3:::{}"}}}}}}]}}'
)
DENY = (
    'bucket policy: {{"Statement":[{{"Effect":"Deny","Principal":"*","Action":"s3:PutObject","Resource":"*",'
    '"Condition":{{"{}":{{"aws:PrincipalArn":"arn:aws:iam::444455556666:role/{}"}}}}}}]}}'
)
PUT = "An error occurred (AccessDenied) when calling the PutObject operation: Access Denied"
SAML = "Not authorized to perform sts:AssumeRoleWithSAML (Service: AWSSecurityTokenService; Error Code: AccessDenied)"
PROVIDER = "arn:aws:iam::444455556666:saml-provider"


def said(text: str) -> str:
    return collect_offline(read_text(text)[0]).verdict.summary


@pytest.mark.parametrize(
    ("wanted", "bucket"),
    [
        ("acme-upload-prd", "acme-uploads-prd"),
        ("acme-Uploads", "acme-uploads"),
        ("acme-uplaods-prd", "acme-uploads-prd"),
    ],
)
def test_a_source_that_the_policy_spells_differently_is_named(wanted: str, bucket: str) -> None:
    text = f"An error occurred (InvalidArgument) {S3}\n\n{QUEUE.format(wanted)}\nbucket: {bucket}"
    assert f"has the bucket {bucket}, but the queue policy names {wanted}" in said(text)


@pytest.mark.parametrize(
    ("wanted", "around"),
    [
        ("acme-uploads-prd", "bucket: acme-uploads-prd"),
        ("acme-uploads-prd", "bucket: acme-uploads-prd, the other one is acme-upload-prd"),
        ("acme-uploads-2024", "bucket: acme-uploads-2025"),
        ("acme-uploads-*", "bucket: acme-uploads-prd"),
    ],
)
def test_the_same_name_or_another_one_is_no_slip(wanted: str, around: str) -> None:
    text = f"An error occurred (InvalidArgument) {S3}\n\n{QUEUE.format(wanted)}\n{around}"
    assert "Find out which of the two" not in said(text)


def test_a_pattern_that_does_not_match_the_source_is_named() -> None:
    text = f"An error occurred (InvalidArgument) {S3}\n\n{QUEUE.format('acme-uploads-*')}\nbucket: acme-upload-prd"
    assert "acme-upload-prd is correct, correct the condition on aws:SourceArn" in said(text)


@pytest.mark.parametrize(
    ("command", "named"),
    [("mount --read-only b", False), ("mount --foreground --read-only", False), ("mode: read-only", True)],
)
def test_an_option_of_a_program_is_no_value(command: str, named: bool) -> None:
    policy = (
        '{"Statement":[{"Effect":"Allow","Action":"s3express:CreateSession","Resource":"*",'
        '"Condition":{"StringEquals":{"s3express:SessionMode":"ReadOnly"}}}]}'
    )
    assert ("names ReadOnly" in said(f"The mount failed.\n\n{command}\n\n{policy}")) is named


@pytest.mark.parametrize(("operator", "named"), [("ArnNotLike", True), ("ArnLike", False)])
def test_only_the_exception_of_a_deny_must_match_the_caller(operator: str, named: bool) -> None:
    text = f"{PUT}\n{DENY.format(operator, 'deploy-uploder')}\nthe job runs as role deploy-uploader"
    assert ("has the role deploy-uploader, but the bucket policy names deploy-uploder" in said(text)) is named


@pytest.mark.parametrize(("sent", "named"), [("entra", True), ("adfs", False)])
@pytest.mark.parametrize("role_first", [True, False])
def test_another_saml_provider_than_the_trusted_one_is_named(sent: str, named: bool, role_first: bool) -> None:
    pair = ("arn:aws:iam::444455556666:role/ops", f"{PROVIDER}/{sent}")
    attribute = ",".join(pair if role_first else pair[::-1])
    trust = f'"Principal": {{"Federated": "{PROVIDER}/adfs"}}, "Action": "sts:AssumeRoleWithSAML"'
    assert ("they are two providers" in said(f"{SAML}\nRole attribute: {attribute}\n{trust}")) is named


def test_a_list_of_trusted_providers_is_read_to_its_end() -> None:
    pair = f"arn:aws:iam::444455556666:role/ops,{PROVIDER}/entra"
    trust = f'"Principal": {{"Federated": ["{PROVIDER}/adfs", "{PROVIDER}/entra"]}}'
    assert "they are two providers" not in said(f"{SAML}\nRole attribute: {pair}\n{trust}")


SIZES = (
    "User: arn:aws:sts::111122223333:assumed-role/ml/j is not authorized to perform: {action} on resource: {on} "
    "because no identity-based policy allows the {action} action\n\n"
    '{{"Effect":"Allow","Action":"{action}","Resource":"*",'
    '"Condition":{{"StringEquals":{{"{key}":{values}}}}}}}\n{said}'
)


def of_sizes(action: str, on: str, key: str, values: str, says: str) -> str:
    return said(SIZES.format(action=action, on=on, key=key, values=values, said=says))


@pytest.mark.parametrize(
    ("action", "on", "key", "values", "says", "listed"),
    [
        ("sagemaker:CreateTrainingJob", "arn:aws:sagemaker:eu-west-1:111122223333:training-job/j",
         "sagemaker:InstanceTypes", '["ml.m5.xlarge","ml.m5.2xlarge"]', "InstanceType: ml.g5.xlarge",
         "accepts only ml.m5.xlarge or ml.m5.2xlarge"),
        ("rds:CreateDBInstance", "arn:aws:rds:eu-west-1:111122223333:db:d", "rds:DatabaseClass", '"db.t3.medium"',
         "instance_class = db.t4.medium", "accepts only db.t3.medium"),
    ],
)  # fmt: skip
def test_a_value_beside_a_list_of_the_condition_is_no_mistyped_one(
    action: str, on: str, key: str, values: str, says: str, listed: str
) -> None:
    found = of_sizes(action, on, key, values, says)
    assert listed in found
    assert "Find out which of the two is correct" not in found


def test_a_single_name_that_is_spelled_otherwise_is_a_mistyped_one() -> None:
    on = "arn:aws:sagemaker:eu-west-1:111122223333:training-job/j"
    found = of_sizes("sagemaker:CreateTrainingJob", on, "sagemaker:VpcSubnets", '"team-blue-net"', "net team-bleu-net")
    assert "Find out which of the two is correct" in found
