"""What a text shows about a sign-in decides: SAML attributes, durations, sections of the configuration, MFA."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import diagnosed

SAML = "Your request included an invalid SAML response. To logout, click here.\n"
ATTRIBUTES = "https://aws.amazon.com/SAML/Attributes/"


@pytest.mark.parametrize(
    ("value", "refused"),
    [
        (f"{ATTRIBUTES}RoleSessionName: Zoë", "Zoë"),
        (f'<Attribute Name="{ATTRIBUTES}RoleSessionName"><AttributeValue>Kim van Dam</AttributeValue>', ""),
        (f'<Attribute Name="{ATTRIBUTES}RoleSessionName"><AttributeValue>Kim Dam</AttributeValue>', "Kim Dam"),
        (f"{ATTRIBUTES}RoleSessionName = user.displayname", "user.displayname"),
        (f"{ATTRIBUTES}RoleSessionName: kim.dam@example.org", ""),
    ],
)
def test_the_value_of_the_session_name(value: str, refused: str) -> None:
    summary = diagnosed(f"{SAML}{value}").verdict.summary
    assert summary.startswith(f"The SAML response has RoleSessionName “{refused}”") == bool(refused)


def test_both_attributes_may_stand_in_any_order() -> None:
    pair = f"{ATTRIBUTES}Role: arn:aws:iam::111122223333:role/ops,arn:aws:iam::111122223333:saml-provider/entra"
    for shown in (f"{ATTRIBUTES}RoleSessionName: kim\n{pair}", f"{pair}\n{ATTRIBUTES}RoleSessionName: kim"):
        assert "The text shows both required attributes" in diagnosed(f"{SAML}{shown}").verdict.summary


DURATION = "ValidationError: The requested DurationSeconds exceeds the MaxSessionDuration set for this role.\n"


@pytest.mark.parametrize(
    ("shown", "compared"),
    [
        ("aws_session_duration = 28800\n$ aws iam get-role --query Role.MaxSessionDuration\n3600", True),
        ('role-duration-seconds: 28800\n"MaxSessionDuration": 3600', True),
        ("max_session_duration = 3600\nduration_seconds = 28800", True),
        ("max_session_duration = 43200\nduration_seconds = 28800", False),
        ("duration_seconds = 28800", False),
    ],
)
def test_the_requested_and_the_allowed_duration(shown: str, compared: bool) -> None:
    said = "The program requests 28800 seconds, but the role's maximum session duration is 3600"
    assert diagnosed(f"{DURATION}{shown}").verdict.summary.startswith(said) == compared


NO_ROLE = "Error: failed to refresh cached credentials, no EC2 IMDS role found, operation error ec2imds: GetMetadata\n"
CONFIG = "$ cat ~/.aws/config\n[{}]\nsso_start_url = https://corp.awsapps.com/start\nsso_region = us-east-1\n"


@pytest.mark.parametrize(
    ("named", "heading", "said"),
    [
        ('provider "aws" {\n  profile = "stg"\n}\n', "stg", True),
        ("AWS_PROFILE=stg ./run\n", "stg", True),
        ("AWS_PROFILE=stg ./run\n", "profile stg", False),
        ("AWS_PROFILE=prd ./run\n", "stg", False),
    ],
)
def test_a_section_without_the_word_profile(named: str, heading: str, said: bool) -> None:
    summary = diagnosed(f"{NO_ROLE}{named}{CONFIG.format(heading)}").verdict.summary
    assert summary.startswith("The configuration file in the text has the section [stg]") == said


REFUSED = (
    "An error occurred (AccessDenied) when calling the AssumeRole operation: User: arn:aws:iam::111122223333:user/jo "
    "is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::444455556666:role/ops\n"
    '{"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":'
    '"sts:AssumeRole","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}]}\n'
)
BASE = "[profile base]\nregion = eu-west-1\nmfa_serial = arn:aws:iam::111122223333:mfa/jo\n"
ROLE = "[profile ops]\nsource_profile = base\nrole_arn = arn:aws:iam::444455556666:role/ops\n"


@pytest.mark.parametrize(
    ("profiles", "lacks"),
    [
        (f"{BASE}{ROLE}", True),
        (f"{ROLE}{BASE}", True),
        (f"{BASE}{ROLE}mfa_serial = arn:aws:iam::111122223333:mfa/jo\n", False),
        (f"$ aws-vault exec ops\n{BASE}{ROLE}", False),
    ],
)
def test_the_profile_of_the_role_needs_its_own_mfa_serial(profiles: str, lacks: bool) -> None:
    found = diagnosed(f"{REFUSED}{profiles}")
    assert ("set mfa_serial in [profile ops] itself" in found.verdict.summary) == lacks
    assert (found.fixes[0].title == "Send an MFA code with the call") == lacks


SESSION = (
    "An error occurred (AccessDenied) when calling the GetSessionToken operation: User: "
    "arn:aws:iam::111122223333:user/jo is not authorized to perform: sts:GetSessionToken on resource: * with an "
    "explicit deny in an identity-based policy\n"
)
FORCED = '{"Effect":"Deny","NotAction":["iam:ListMFADevices"],"Resource":"*","Condition":{"BoolIfExists":'


def test_the_call_that_gets_a_session_with_mfa_is_exempted() -> None:
    found = diagnosed(f'{SESSION}{FORCED}{{"aws:MultiFactorAuthPresent":"false"}}}}}}')
    assert "Add sts:GetSessionToken to the NotAction" in found.verdict.summary
    assert [each.title for each in found.fixes] == ["Exempt sts:GetSessionToken from the Deny"]
    found = diagnosed(f'{SESSION}{FORCED}{{"aws:SecureTransport":"false"}}}}}}')
    assert "Add sts:GetSessionToken" not in found.verdict.summary
