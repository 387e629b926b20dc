"""Trust policies without a statement for the refused web identity or SAML call."""

from __future__ import annotations

import json

import pytest

from tests.support.denials.pasted import diagnosed

REFUSED = "AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity\n"
PROVIDER = (
    "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/0F3A9C2D11B24E55A6C7D8E9F0A1B2C3"
)


def trust(principal: dict[str, str], *actions: str) -> str:
    statements = [{"Effect": "Allow", "Principal": principal, "Action": each} for each in actions]
    return json.dumps({"Version": "2012-10-17", "Statement": statements}) + "\n"


@pytest.mark.parametrize(
    "document",
    [
        trust({"Service": "ec2.amazonaws.com"}, "sts:AssumeRole"),
        trust({"AWS": "arn:aws:iam::111122223333:root"}, "sts:AssumeRole", "sts:TagSession"),
        f'resource "aws_iam_role" "a" {{\n  assume_role_policy = <<EOF\n'
        f"{trust({'Service': 'ec2.amazonaws.com'}, 'sts:AssumeRole')}EOF\n}}\n",
    ],
)
def test_a_trust_policy_without_the_call_needs_a_statement(document: str) -> None:
    answer = diagnosed(f"{REFUSED}pod, trust policy of its role:\n{document}")
    assert answer.verdict.cause == "trust.no-action"
    assert "has no statement for sts:AssumeRoleWithWebIdentity" in answer.verdict.summary
    assert "system:serviceaccount:NAMESPACE:NAME" in str(answer.fixes[0].change)


@pytest.mark.parametrize(
    "document",
    [
        trust({"Federated": PROVIDER}, "sts:AssumeRoleWithWebIdentity"),
        trust({"Federated": PROVIDER}, "sts:AssumeRole"),
        trust({"Service": "ec2.amazonaws.com"}, "sts:AssumeRole")
        + trust({"Federated": PROVIDER}, "sts:AssumeRoleWithWebIdentity"),
    ],
)
def test_a_trust_policy_with_the_provider_is_compared_otherwise(document: str) -> None:
    assert "has no statement for" not in diagnosed(f"{REFUSED}trust policy:\n{document}").verdict.summary
