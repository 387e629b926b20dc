"""Whether a text shows that an instance has no instance profile: by a field, or by the answer to a query for it."""

from __future__ import annotations

import pytest

from diagnostics.diagnosis import Confidence
from diagnostics.text.read.identities.instance_profiles import has_no_profile
from tests.support.denials.pasted import diagnosed

ASKS = "$ aws ec2 describe-instances --query 'Reservations[].Instances[].{}' --output text\n"
FAILS = "Nov 27 03:00:11 app-2 loader[22]: Unable to locate credentials\n"


@pytest.mark.parametrize(
    ("text", "none"),
    [
        ("IamInstanceProfile: null", True),
        ('"IamInstanceProfile": {}', True),
        (ASKS.format("IamInstanceProfile") + "[]", True),
        (ASKS.format("IamInstanceProfile.Arn") + "None\n$ date", True),
        (
            FAILS
            + ASKS.format("[InstanceId,IamInstanceProfile.Arn]")
            + "app-1  arn:aws:iam::1:x  required\napp-2  None  req",
            True,
        ),
        (
            FAILS
            + ASKS.format("[InstanceId,IamInstanceProfile.Arn]")
            + "app-1  None  required\napp-2  arn:aws:iam::1:x",
            False,
        ),
        (ASKS.format("[InstanceId,IamInstanceProfile.Arn]") + "i-1  None\ni-2  arn:aws:iam::1:x", False),
        ('"IamInstanceProfile": {"Arn": "arn:aws:iam::111122223333:instance-profile/app"}', False),
        (ASKS.format("IamInstanceProfile") + "arn:aws:iam::111122223333:instance-profile/app", False),
        (ASKS.format("PublicIpAddress") + "None", False),
        (ASKS.format("IamInstanceProfile") + "$ echo None\nNone", False),
    ],
)
def test_an_instance_without_a_profile(text: str, none: bool) -> None:
    assert has_no_profile(text) is none


SESSION = (
    "$ aws sts get-caller-identity\n"
    '{"Account": "111122223333", "Arn": "arn:aws:sts::111122223333:assumed-role/web/i-0b7e21f9c1d2a0e4f"}\n'
)
AGENT = "2026-11-02T07:55:10 ERROR [codedeploy-agent(91)]: CommandPoller: Missing credentials - please check if this "
AGENT += "instance was started with an IAM instance profile\n"
SSM = "2026-11-02 08:10:10 ERROR EC2RoleProvider EC2RoleRequestError: no EC2 instance role found\n"
CHAIN = "2026-11-02T08:14:12Z E! WriteToCloudWatch failure, err: NoCredentialProviders: no valid providers in chain\n"


@pytest.mark.parametrize(
    "text",
    [
        f"{AGENT}{SESSION}{AGENT}",
        f"$ aws ec2 associate-iam-instance-profile --instance-id i-0b7e21f9c1d2a0e4f\n{AGENT}",
        f"{SSM}it is associated with the instance profile web since 08:01\n",
        f"{SSM}{SESSION}",
        f"the profile web was attached at 08:01\n{CHAIN}{SESSION}",
    ],
)
def test_a_program_that_finds_nothing_although_the_instance_has_a_profile_is_restarted(text: str) -> None:
    verdict = diagnosed(text).verdict
    assert verdict.summary.startswith("Restart the ")
    assert verdict.confidence is not Confidence.CERTAIN


@pytest.mark.parametrize(
    "text",
    [
        AGENT,
        f"{AGENT}we never attached a profile\n",
        SSM,
        f"{SSM}no instance profile is attached\n",
        f"{CHAIN}{SESSION}",
    ],
)
def test_without_a_profile_in_the_text_no_restart_is_the_answer(text: str) -> None:
    assert not diagnosed(text).verdict.summary.startswith("Restart the ")


@pytest.mark.parametrize(
    "text",
    [
        "ERROR: ServiceError - The instance profile web-prod-ec2 associated with the environment does not exist.",
        "2026-03-11 07:02:19 UTC-0100 ERROR Failed to launch environment.\nThe instance profile "
        "aws-elasticbeanstalk-ec2-role\nassociated with the environment does not exist.",
    ],
)
def test_a_missing_profile_of_elastic_beanstalk_is_created_or_another_named(text: str) -> None:
    diagnosis = diagnosed(text)
    assert diagnosis.verdict.cause == "instance-profile.missing"
    assert "does not exist in this account: create it" in diagnosis.verdict.summary
    assert "AWSElasticBeanstalkWebTier" in diagnosis.first_look[0].cause
    assert "eb create --instance_profile NAME" in diagnosis.first_look[0].cause


def test_a_missing_profile_of_an_instance_is_none_of_elastic_beanstalk() -> None:
    text = "Error: launching: InvalidParameterValue: Value (web) for parameter iamInstanceProfile.name is invalid. "
    diagnosis = diagnosed(f"{text}Invalid IAM Instance Profile name")
    assert all("Beanstalk" not in each.cause for each in diagnosis.first_look)
