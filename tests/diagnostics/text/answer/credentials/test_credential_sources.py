"""A source of credentials that the text shows: a store, a provider in code, an issuer of a private network."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import diagnosed

INVALID = (
    "Get-S3Bucket: The security token included in the request is invalid.\nPS> Get-AWSCredential -ListProfileDetail\n"
)
STORE, FILE = "{} NetSDKCredentialsFile\n", "{} SharedCredentialsFile C:\\Users\\x\\.aws\\credentials\n"


@pytest.mark.parametrize(
    ("listed", "both"),
    [
        (STORE.format("default") + FILE.format("default"), "default"),
        (FILE.format("ops") + STORE.format("ops"), "ops"),
        (STORE.format("ops") + FILE.format("dev"), ""),
        (FILE.format("default"), ""),
    ],
)
def test_a_profile_in_the_store_and_in_the_file(listed: str, both: str) -> None:
    summary = diagnosed(f"{INVALID}{listed}").verdict.summary
    assert (f"The profile {both} exists in the AWS SDK store and in the file" in summary) == bool(both)


NONE = "CredentialsProviderError: Could not load credentials from any providers\n"


@pytest.mark.parametrize(
    ("code", "named"),
    [
        ("ECS: Aws::Auth::InstanceProfileCredentialsProvider provider;", "InstanceProfileCredentialsProvider"),
        ("On Fargate: new AWS.EC2MetadataCredentials()", "EC2MetadataCredentials"),
        ("IRSA pod, credentials: fromInstanceMetadata({})", "fromInstanceMetadata"),
        ("on the instance: new AWS.EC2MetadataCredentials()", ""),
        ("ECS: chain [EnvironmentVariableCredentialsProvider(), InstanceProfileCredentialsProvider()]", ""),
    ],
)
def test_code_that_asks_only_an_instance(code: str, named: str) -> None:
    summary = diagnosed(f"{NONE}{code}").verdict.summary
    assert summary.startswith("The code asks only the metadata service of an EC2 instance") == bool(named)
    assert named in summary


KEYS = (
    "An error occurred (InvalidIdentityToken) when calling the AssumeRoleWithWebIdentity operation: Couldn't retrieve "
    "verification key from your identity provider, please reference AssumeRoleWithWebIdentity documentation\n"
)


@pytest.mark.parametrize(
    ("issuer", "private"),
    [
        ("token iss: https://sso.corp.lan/realms/x", "sso.corp.lan"),
        ('"iss": "https://10.20.1.4:8443/realms/x"', "10.20.1.4"),
        ("https://gitlab.internal/.well-known/openid-configuration opens on the VPN", "gitlab.internal"),
        ("token iss: https://sso.example.org/realms/x", ""),
    ],
)
def test_an_issuer_of_a_private_network(issuer: str, private: str) -> None:
    found = diagnosed(f"{KEYS}{issuer}")
    assert (f"the issuer {private} has an address of a private network" in found.verdict.summary) == bool(private)
    assert "openid-configuration" in found.fixes[0].change.text


CHOICE = "aws: error: argument operation: Invalid choice, valid choices are:\n\nlogin | logout\n"


@pytest.mark.parametrize(
    ("version", "said"),
    [
        (
            "aws-cli/2.7.18 Python/3.9.11\nUnknown options: --sso-session, corp",
            "is 2.7.18, and most likely it is older",
        ),
        ("$ aws sso login\naws-cli/1.22.34 Python/3.8", "version 1 has no command for IAM Identity Center"),
        ("", "This AWS CLI does not know the operation"),
    ],
)
def test_the_version_of_the_cli_is_named(version: str, said: str) -> None:
    assert said in diagnosed(f"{CHOICE}{version}").verdict.summary


NO_INSTANCE = (
    "Aws\\Exception\\CredentialsException: Error retrieving credentials from the instance profile metadata service. "
    "(cURL error 28: Connection timed out after 1000 milliseconds for http://169.254.169.254/latest/api/token)\n"
)


@pytest.mark.parametrize(
    ("around", "unmounted"),
    [
        ("docker-compose on my Mac, `aws s3 ls` works there.\n    volumes:\n      - ./src:/app\n", True),
        ("On my laptop: docker run --rm app; ~/.aws/credentials has a default profile", True),
        ("docker-compose on my Mac, `aws s3 ls` works there.\n    volumes:\n      - ~/.aws:/root/.aws\n", False),
        ("docker run -e AWS_PROFILE=x app on my laptop, ~/.aws/config has x", False),
        ("docker run on the EC2 instance, aws s3 ls works on the host", False),
    ],
)
def test_a_container_without_the_files_of_its_host(around: str, unmounted: bool) -> None:
    said = "The container does not see the credentials of your machine"
    assert diagnosed(f"{NO_INSTANCE}{around}").verdict.summary.startswith(said) == unmounted
