"""Whether a text shows that an instance has no instance profile: by a field, or by the answer to a query for it."""

from __future__ import annotations

import pytest

from diagnostics.text.read.identities.instance_profiles import has_no_profile

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
