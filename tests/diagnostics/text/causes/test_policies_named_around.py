"""What the text around a denial says about the policy that denies: its name, its owner, its condition, its Region."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import refused
from tests.support.texts.answers import causes_in

SCP = "with an explicit deny in a service control policy"
ROLE = "arn:aws:iam::210987654321:role/new"
NO_BOUNDARY = refused("iam:PassRole", ROLE, "because no permissions boundary allows the iam:PassRole action")
IN_A_BOUNDARY = "with an explicit deny in a permissions boundary: arn:aws:iam::210987654321:policy/Limits"
MODEL = refused(
    "bedrock:InvokeModel",
    "arn:aws:bedrock:eu-north-1::foundation-model/amazon.nova-pro-v1:0",
    "with an explicit deny in a service control policy",
)
VPCE = refused("s3:GetObject", "arn:aws:s3:::shop/a", "because no VPC endpoint policy allows the s3:GetObject action")
NAMED = "AccessDenied ... with an explicit deny in an identity-based policy: {}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{NO_BOUNDARY}\nWe use PowerUserAccess as the permissions boundary.", "nobody can edit it"),
        (f"{NO_BOUNDARY}\nThe permissions boundary is ReadOnlyAccess.", "nobody can edit it"),
        (f"{NO_BOUNDARY}\nPermissionsBoundary: arn:aws:iam::aws:policy/PowerUserAccess", "nobody can edit it"),
        (f"{NO_BOUNDARY}\nThe permissions boundary is TeamLimits.", ""),
        (f"{NO_BOUNDARY}\nThe role has PowerUserAccess, too.", ""),
        (refused("iam:CreateRole", ROLE, IN_A_BOUNDARY), "refuses a role that is created without"),
        (refused("iam:CreateUser", ROLE.replace("role/", "user/"), IN_A_BOUNDARY), "refuses a user that is created"),
        (f"cdk deploy\n{refused('iam:CreateRole', ROLE, IN_A_BOUNDARY)}", "refuses a role that is created without"),
        (refused("iam:DeleteRole", ROLE, IN_A_BOUNDARY), ""),
        (refused("iam:CreateRole", ROLE, "with an explicit deny in an identity-based policy"), ""),
        (f"{MODEL}\nmodelId: eu.amazon.nova-pro-v1:0", "the SCP denies the Region eu-north-1"),
        (f"{MODEL}\nEvery inference profile fails.", "the SCP denies the Region eu-north-1"),
        (f"All inference profiles of eu. are refused:\n{MODEL}", "the SCP denies the Region eu-north-1"),
        (f"{MODEL}\nmodelId: amazon.nova-pro-v1:0", ""),
        (f"{MODEL.replace('service control policy', 'identity-based policy')}\nEvery inference profile fails.", ""),
        (f"{VPCE}\nOnly over the VPN.", "the VPN brings the call"),
        (f"With Zscaler on:\n{VPCE}", "the Zscaler brings the call"),
        (f"{VPCE}\nWe reach AWS through Direct Connect.", "the Direct Connect brings the call"),
        (f"{VPCE}\nThe pod runs in a private subnet.", ""),
        (f"{MODEL}\nOnly over the VPN.", ""),
        (NAMED.format(".../NoDeletes"), "Read the policy NoDeletes"),
        (NAMED.format(".../team/Guard"), "Read the policy Guard"),
        (NAMED.format("<account>/KeepBuckets"), "Read the policy KeepBuckets"),
        (NAMED.format("").rstrip(": "), ""),
        ("AccessDenied ... because no identity-based policy allows the action: .../Team", ""),
    ],
)
def test_what_the_text_says_of_the_policy(text: str, said: str) -> None:
    known = (
        *("nobody can edit it", "that is created without", "the SCP denies the Region", "brings the call"),
        "Read the policy",
    )
    causes = causes_in(text)
    assert said in causes
    assert any(each in causes for each in known) == bool(said)


@pytest.mark.parametrize(
    ("text", "area"),
    [
        ('"modelId": "global.anthropic.claude-sonnet-4-5-v1:0"\nWe only allow eu-north-1 and eu-west-3.', " (eu.…)"),
        ("model = global.amazon.nova-2-lite-v1:0", ""),
    ],
)
def test_a_global_profile_is_refused_because_its_request_has_no_region(text: str, area: str) -> None:
    refusal = refused("bedrock:InvokeModel", "arn:aws:bedrock:::foundation-model/any.model-v1:0", SCP)
    assert f"a geographic inference profile{area} instead of the global one" in causes_in(f"{text}\n{refusal}")
