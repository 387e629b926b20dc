"""Session policies in a Terraform provider's assume_role block."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import diagnosed

CALLER = "arn:aws:sts::111122223333:assumed-role/network-admin/ci"
REFUSAL = (
    "│ Error: reading EC2 VPC: operation error EC2: DescribeVpcs, https response error StatusCode: 403, api error "
    f"UnauthorizedOperation: User: {CALLER} is not authorized to perform: ec2:DescribeVpcs on resource: * because no "
    "session policy allows the ec2:DescribeVpcs action\n"
    "│   with aws_vpc.main,\n"
)
ENCODED = """
provider "aws" {
  assume_role {
    role_arn = "arn:aws:iam::111122223333:role/network-admin"
    policy   = jsonencode({
      Version   = "2012-10-17"
      Statement = [{ Effect = "Allow", Action = ["ec2:DescribeSubnets", "ec2:CreateVpc"], Resource = "*" }]
    })
  }
}
"""
HEREDOC = """
provider "aws" {
  region = "sa-east-1"
  assume_role_with_web_identity {
    role_arn = "arn:aws:iam::111122223333:role/network-admin"
    policy = <<-EOT
      {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "ec2:CreateVpc", "Resource": "*"}]}
    EOT
  }
}
"""


@pytest.mark.parametrize(("block", "name"), [(ENCODED, "assume_role"), (HEREDOC, "assume_role_with_web_identity")])
def test_the_policy_of_the_providers_block_limits_the_session(block: str, name: str) -> None:
    for text in (REFUSAL + block, block + REFUSAL):
        answer = diagnosed(text)
        assert answer.verdict.cause == "session.no-action"
        assert "session policy in the text does not allow ec2:DescribeVpcs" in answer.verdict.summary
        assert f"policy in the block {name} of the provider" in str(answer.fixes[0].change)


def test_a_role_that_terraform_creates_has_no_session_policy() -> None:
    made = (
        'resource "aws_iam_role_policy" "net" {\n  role = "worker"\n  policy = jsonencode({\n    Statement = [{ '
        'Effect = "Allow", Action = ["ec2:CreateVpc"], Resource = "*" }]\n  })\n}\n'
    )
    closed = (
        'provider "aws" {\n  assume_role {\n    role_arn = "arn:aws:iam::111122223333:role/network-admin"\n  }\n}\n'
    )
    assert "session policy in the text" not in diagnosed(REFUSAL + closed + made).verdict.summary
