"""Who made the call, where the text says more than the message: another role, Cloud9, Redshift, the pod's node."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import refused
from tests.support.texts.answers import answer_to, causes_in

ROLE = "arn:aws:sts::111122223333:assumed-role"


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("The stack has a JobExecutionRole that may write to that bucket.", "JobExecutionRole"),
        ("DeployRole can upload there, I checked.", "DeployRole"),
        ("our upload-role is allowed to write it", "upload-role"),
        # Near misses: assumed by a service, forbidden, and the caller's own.
        ("JobExecutionRole can be assumed by Lambda.", ""),
        ("JobExecutionRole may not write there.", ""),
        ("the JobExecutionRole can access the bucket once you attach the policy", ""),
        ("AppRole can read there.", ""),
    ],
)
def test_a_role_that_may_is_another_one(text: str, other: str) -> None:
    message = f"User: {ROLE}/AppRole/i-1 is not authorized to perform: s3:PutObject on resource: arn:aws:s3:::b/k"
    said = causes_in(f"{message}\n{text}")
    assert f"says that {other} has access" in said if other else "has access, but" not in said


STATE = "Error loading state: AccessDenied: Access Denied\n\tstatus code: 403\n"
PROVIDER = 'provider "aws" {\n  region = "eu-west-1"\n  profile = "play"\n}\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{PROVIDER}$ terraform init\n{STATE}", True),
        (f"$ terragrunt init\n{STATE}{PROVIDER}", True),
        (f'{PROVIDER}backend "s3" {{\n bucket = "b"\n}}\n{STATE}', True),
        (f'{PROVIDER}backend "s3" {{\n profile = "play"\n}}\n{STATE}', False),
        (f"$ terraform init\n{STATE}", False),
    ],
)
def test_the_backend_does_not_use_the_profile_of_the_provider(text: str, said: bool) -> None:
    assert ("does not use the provider's profile play" in causes_in(text)) is said


CDK = (
    "current credentials could not be used to assume 'arn:aws:iam::111122223333:role/cdk-hnb659fds-lookup-role-"
    "111122223333-eu-west-1', but are for the right account. Proceeding anyway."
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"npx cdk deploy in a Cloud9 environment\n{CDK}", True),
        (f"AWS Cloud9, I am administrator\n{CDK}", True),
        (f"in Cloud9 IDE\n{CDK}\nstack rolls back", True),
        (f"on my laptop\n{CDK}", False),
        (f"Cloud9\n{refused('s3:PutObject', 'arn:aws:s3:::b/k', '')}", False),
    ],
)
def test_the_credentials_of_cloud9_exclude_much(text: str, said: bool) -> None:
    assert ("managed temporary credentials" in causes_in(text)) is said


ASSUMES = (
    "ERROR: User arn:aws:{}:eu-west-1:111122223333:dbuser:{}/etl is not authorized to assume IAM Role "
    "arn:aws:iam::111122223333:role/load\n"
)
TRUST = '{{"Effect":"Allow","Principal":{{"Service":"{}.amazonaws.com"}},"Action":"sts:AssumeRole"}}'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (ASSUMES.format("redshift", "dwh") + TRUST.format("redshift"), "not associated with the cluster dwh"),
        (ASSUMES.format("redshift", "bi-1") + TRUST.format("redshift"), "--cluster-identifier bi-1"),
        (ASSUMES.format("redshift-serverless", "wg") + TRUST.format("redshift-serverless"), "not associated with the"),
        # Near misses: it is associated, and the trust policy has another service.
        (
            ASSUMES.format("redshift", "dwh") + TRUST.format("redshift") + '\n"ApplyStatus": "in-sync"',
            "Wait a few seconds",
        ),
        (ASSUMES.format("redshift", "dwh") + TRUST.format("glue"), "glue"),
    ],
)
def test_redshift_uses_only_associated_roles(text: str, said: str) -> None:
    assert said in answer_to(text)
