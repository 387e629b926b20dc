"""The operation that a cmdlet calls."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import read_text
from diagnostics.failure import Denial
from diagnostics.text.causes.find_causes import first_look
from diagnostics.text.read.messages.cmdlets import operation_of_cmdlet


@pytest.mark.parametrize(
    ("cmdlet", "operation"),
    [
        ("Get-EC2Vpc", "DescribeVpcs"),
        ("Get-IAMPolicyList", "ListPolicies"),
        ("Get-SSMParameterValue", "GetParameters"),
        ("Stop-EC2Instance", "StopInstances"),
        ("New-EC2Instance", "RunInstances"),
        ("Edit-RDSDBInstance", "ModifyDBInstance"),
        ("Get-Process", None),
        ("Get-EC2Nothing", None),
    ],
)
def test_a_cmdlet_is_its_operation(cmdlet: str, operation: str | None) -> None:
    assert operation_of_cmdlet(cmdlet) == operation


def test_a_refused_cmdlet_names_the_action() -> None:
    (failure,) = read_text("Get-EC2Vpc : You are not authorized to perform this operation.\nAt line:1 char:1")
    assert isinstance(failure, Denial)
    assert failure.action == "ec2:DescribeVpcs"


@pytest.mark.parametrize("colon", [": ", " : "])
def test_organizations_refuses_a_cmdlet_in_its_own_words(colon: str) -> None:
    said = f"Get-ORGAccountList{colon}You don't have permissions to access this resource."
    (failure,) = read_text(f"PS C:\\> Get-ORGAccountList\n{said}")
    assert isinstance(failure, Denial)
    assert failure.action == "organizations:ListAccounts"


def test_the_plural_is_another_action() -> None:
    who, what = "arn:aws:sts::226819043375:assumed-role/till/x", "arn:aws:ssm:eu-west-1:226819043375:parameter/till/pin"
    (failure,) = read_text(
        f"Get-SSMParameterValue : User: {who} is not authorized to perform: ssm:GetParameters on resource: {what} "
        f"because "
        "no identity-based policy allows the ssm:GetParameters action\n\ntill has ssm:GetParameter on parameter/till/*"
    )
    (look,) = first_look(failure)
    assert look.cause.startswith("ssm:GetParameters and ssm:GetParameter, which the text names, are different actions")
    assert "Get-SSMParameterValue calls GetParameters" in look.cause
