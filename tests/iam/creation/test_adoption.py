"""A role that is there, taken over by Terraform, CloudFormation and Pulumi: what they name is what there is."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import yaml

from iam.account import Account
from iam.changes.plan import PlanError
from iam.creation.adoption import adopted

if TYPE_CHECKING:
    from iam.sources.aws.reader import AwsReader

ROLE = "web-frontend-ec2"


def test_terraform_imports_each_block(account: Account, demo_reader: AwsReader) -> None:
    role = demo_reader.role("orders-api-lambda").value
    assert role is not None
    text = adopted(role, account, "terraform")
    blocks = re.findall(r'^resource "(\S+)" "(\S+)"', text, re.MULTILINE)
    imported = dict(re.findall(r'import {\n  to = (\S+)\n  id = "(.*)"\n}', text))
    assert list(imported) == [f"{kind}.{label}" for kind, label in blocks]
    assert "orders-api-lambda:orders-table-rw" in imported.values()
    assert "orders-api-lambda/arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole" in imported.values()


def test_cloudformation_imports_role_and_profile(account: Account, demo_reader: AwsReader) -> None:
    role = demo_reader.role(ROLE).value
    assert role is not None
    text = adopted(role, account, "cloudformation")
    resources = yaml.safe_load(text)["Resources"]
    command = re.search(r"--resources-to-import (.*)", text)
    assert command is not None
    [listed] = shlex.split(command[1])
    assert {each["LogicalResourceId"] for each in json.loads(listed)} == set(resources)
    assert all(each["DeletionPolicy"] == "Retain" for each in resources.values())
    assert "Outputs" not in yaml.safe_load(text)


def test_pulumi_has_a_line_for_each(account: Account, demo_reader: AwsReader) -> None:
    role = demo_reader.role(ROLE).value
    assert role is not None
    lines = [shlex.split(line) for line in adopted(role, account, "pulumi").splitlines()]
    assert [line[2] for line in lines] == [
        "aws:iam/role:Role",
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        "aws:iam/instanceProfile:InstanceProfile",
    ]
    assert all(len(line) == 5 for line in lines)


@pytest.mark.parametrize("name", ["AWSServiceRoleForECS", "orders-api-lambda"])
def test_what_is_not_ours_or_not_read_is_refused(account: Account, name: str) -> None:
    role = account.role(name)
    assert role is not None
    with pytest.raises(PlanError):
        adopted(replace(role, inline=None), account, "terraform")
