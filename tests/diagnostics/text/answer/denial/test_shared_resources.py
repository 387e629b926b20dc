"""A resource that other accounts use through AWS RAM is refused for its tier, its share or the share's permission."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import diagnosed, refused

HOME, OTHER = "111122223333", "444455556666"
CALLER = f"arn:aws:sts::{HOME}:assumed-role/deploy/s"
PARAMETER = "arn:aws:ssm:eu-west-1:{}:parameter/net/vpc"
CA = f"arn:aws:acm-pca:eu-west-1:{OTHER}:certificate-authority/1111aaaa-22bb-33cc-44dd-5555eeee6666"
REASON = "because no resource-based policy allows the {} action"


def said(action: str, resource: str, more: str) -> str:
    return diagnosed(f"{refused(action, resource, REASON.format(action), CALLER)}\n{more}").verdict.summary


@pytest.mark.parametrize(
    ("more", "begins"),
    [
        (
            'it is shared with RAM\n"Tier": "Standard"',
            "Change the parameter to the advanced tier in account 444455556666",
        ),
        ("it is a standard parameter", "Change the parameter to the advanced tier in account 444455556666"),
        ("We share it through AWS Resource Access Manager.", "The share does not reach the caller"),
        ('"Tier": "Advanced", shared by RAM', "The share does not reach the caller"),
        ("", "Account 444455556666 must share the parameter with account 111122223333"),
    ],
)
def test_a_parameter_of_another_account_is_shared_by_its_tier(more: str, begins: str) -> None:
    assert said("ssm:GetParameter", PARAMETER.format(OTHER), more).startswith(begins)


def test_the_accounts_own_parameter_needs_no_share() -> None:
    assert "share" not in said("ssm:GetParameter", PARAMETER.format(HOME), '"Tier": "Standard"')


@pytest.mark.parametrize(
    ("more", "template"),
    [
        ("RAM share, --template-arn arn:aws:acm-pca:::template/SubordinateCACertificate_PathLen1/V1", True),
        ("AWSRAMDefaultPermissionCertificateAuthority\narn:aws:acm-pca:::template/CodeSigningCertificate/V1", True),
        ("RAM share, --template-arn arn:aws:acm-pca:::template/EndEntityCertificate/V1", False),
        ("--template-arn arn:aws:acm-pca:::template/SubordinateCACertificate_PathLen1/V1", False),
    ],
)
def test_a_share_of_a_ca_allows_only_some_templates(more: str, template: bool) -> None:
    assert ("does not allow the template" in said("acm-pca:IssueCertificate", CA, more)) is template
