"""Thirty conflicts of ten tools, from the text to their end on a plain moto: the role is adopted as it is.

The end of each: what the tool would declare is what the role has, under the name that the text gives it.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from io import StringIO
from typing import Any

import boto3
import pytest
import yaml
from moto import mock_aws

from diagnostics.diagnose import collect, read_text
from diagnostics.failure import Conflict
from diagnostics.fix import Advice, Fix
from diagnostics.tools import Tool, logical_name, tool_in
from iam.creation.adoption import adopted
from iam.sources.aws.reader import AwsReader
from iam.sources.reader.opened import OpenedAccount
from tests.support.accounts.documents import trust
from tests.support.texts.tool_conflicts import CONFLICTS

_INLINE = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}


@pytest.fixture(scope="module")
def opened() -> Iterator[OpenedAccount]:
    with mock_aws():
        session = boto3.Session("AKIAEXAMPLE", "secret", region_name="eu-west-1")
        iam = session.client("iam")
        for name, service in (("shop-app", "lambda"), ("shop-api", "lambda"), ("shop-worker", "ec2")):
            document = trust(f"{service}.amazonaws.com").text
            iam.create_role(RoleName=name, AssumeRolePolicyDocument=document, Tags=[{"Key": "team", "Value": "shop"}])
        iam.put_role_policy(RoleName="shop-api", PolicyName="read", PolicyDocument=json.dumps(_INLINE))
        reader = AwsReader(session, kind="aws")
        *_, account = reader.accounts()
        yield OpenedAccount(account, reader)


def _adopting(text: str, opened: OpenedAccount) -> Fix:
    (failure,) = read_text(text)
    assert isinstance(failure, Conflict)
    diagnosis = collect(failure, opened)
    return next(fix for fix in diagnosis.fixes if fix.advice is Advice.ADOPT)


@pytest.mark.parametrize(
    ("tool", "logical", "name", "text"), CONFLICTS, ids=[f"{row[0].form}-{n % 3}" for n, row in enumerate(CONFLICTS)]
)
def test_the_advice_is_carried_to_its_end(
    tool: Tool, logical: str, name: str, text: str, opened: OpenedAccount
) -> None:
    assert (tool_in(text), logical_name(text, tool)) == (tool, logical)
    words = shlex.split(_adopting(text, opened).text.splitlines()[0])
    if words[0] == "terraform":
        assert words == ["terraform", "import", logical, name]
    else:
        assert words[:3] == ["rolescope", "adopt", name]
        assert dict(zip(words[3::2], words[4::2], strict=True)) == {"--as": tool.form, "--logical-id": logical}
    role = opened.reader.role(name).value
    assert role is not None
    _DECLARED[tool](adopted(role, opened.account, tool.form, logical), name, logical, role.arn)  # type: ignore[arg-type]


def _of_terraform(text: str, name: str, logical: str, arn: str) -> None:
    import hcl2

    assert f"to = {logical}\n  id = {json.dumps(name)}" in text
    label = re.sub(r"\[.*", "", logical).rpartition(".")[2]
    parsed = hcl2.load(StringIO(text))
    (block,) = (one for each in parsed["resource"] for kind, one in each.items() if kind.strip('"') == "aws_iam_role")
    ((made, attributes),) = block.items()
    assert made.strip('"') == label and attributes["name"].strip('"') == name


def _properties(resource: Any, name: str) -> None:
    assert resource["Type"] == "AWS::IAM::Role" and resource["DeletionPolicy"] == "Retain"
    properties = resource["Properties"]
    assert properties["RoleName"] == name
    assert properties.get("Tags") == [{"Key": "team", "Value": "shop"}]
    inline = {each["PolicyName"]: each["PolicyDocument"] for each in properties.get("Policies", ())}
    assert inline == ({"read": _INLINE} if name == "shop-api" else {})


def _of_cloudformation(text: str, name: str, logical: str, arn: str) -> None:
    template = yaml.safe_load(text)
    _properties(template["Resources"][logical], name)
    command = re.search(r"--resources-to-import (.*)", text)
    assert command is not None
    (listed,) = shlex.split(command[1])
    assert {each["LogicalResourceId"] for each in json.loads(listed)} == {logical}
    assert json.loads(listed)[0]["ResourceIdentifier"] == {"RoleName": name}


def _of_cdk(text: str, name: str, logical: str, arn: str) -> None:
    assert json.dumps({logical: {"RoleName": name}}) in text
    match = re.search(r"new iam\.CfnRole\(this, (\"\w+\"), (\{.*\})\);", text, re.DOTALL)
    assert match is not None and json.loads(match[1]) == logical
    properties = json.loads(match[2])
    assert properties["roleName"] == name
    inline = {each["policyName"]: each["policyDocument"] for each in properties.get("policies", ())}
    assert inline == ({"read": _INLINE} if name == "shop-api" else {})


def _of_pulumi(text: str, name: str, logical: str, arn: str) -> None:
    lines = [shlex.split(line) for line in text.splitlines()]
    assert ["pulumi", "import", "aws:iam/role:Role", logical, name] in lines
    assert len(lines) == (2 if name == "shop-api" else 1)


def _of_eksctl(text: str, name: str, logical: str, arn: str) -> None:
    config = yaml.safe_load(text)
    namespace, _, account = logical.partition("/")
    if account:
        expected = {"metadata": {"namespace": namespace, "name": account}, "attachRoleARN": arn}
        assert config["iam"]["serviceAccounts"] == [expected]
    else:
        assert config["managedNodeGroups"] == [{"name": logical, "iam": {"instanceRoleARN": arn}}]


def _of_serverless(text: str, name: str, logical: str, arn: str) -> None:
    assert yaml.safe_load(text) == {"provider": {"iam": {"role": arn}}}


def _of_ansible(text: str, name: str, logical: str, arn: str) -> None:
    tasks = yaml.safe_load(text)
    module = tasks[0]["amazon.aws.iam_role"]
    assert tasks[0]["name"] == logical and module["name"] == name and module["tags"] == {"team": "shop"}
    assert not module["purge_policies"] and not module["create_instance_profile"]
    inline = {
        each["amazon.aws.iam_policy"]["policy_name"]: json.loads(each["amazon.aws.iam_policy"]["policy_json"])
        for each in tasks[1:]
    }
    assert inline == ({"read": _INLINE} if name == "shop-api" else {})


def _of_crossplane(text: str, name: str, logical: str, arn: str) -> None:
    resource = yaml.safe_load(text)
    assert resource["metadata"] == {"name": logical, "annotations": {"crossplane.io/external-name": name}}
    assert resource["spec"]["deletionPolicy"] == "Orphan"
    assert json.loads(resource["spec"]["forProvider"]["assumeRolePolicy"])["Statement"]


def _of_ack(text: str, name: str, logical: str, arn: str) -> None:
    resource = yaml.safe_load(text)
    assert resource["metadata"]["name"] == logical
    annotations = resource["metadata"]["annotations"]
    assert annotations["services.k8s.aws/adoption-policy"] == "adopt"
    assert json.loads(annotations["services.k8s.aws/adoption-fields"]) == {"name": name}
    inline = {key: json.loads(value) for key, value in resource["spec"].get("inlinePolicies", {}).items()}
    assert inline == ({"read": _INLINE} if name == "shop-api" else {})


_DECLARED = {
    Tool.TERRAFORM: _of_terraform,
    Tool.CLOUDFORMATION: _of_cloudformation,
    Tool.SAM: _of_cloudformation,
    Tool.CDK: _of_cdk,
    Tool.PULUMI: _of_pulumi,
    Tool.EKSCTL: _of_eksctl,
    Tool.SERVERLESS: _of_serverless,
    Tool.ANSIBLE: _of_ansible,
    Tool.CROSSPLANE: _of_crossplane,
    Tool.ACK: _of_ack,
}
