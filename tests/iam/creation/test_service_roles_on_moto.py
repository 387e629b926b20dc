"""Ten service roles by their contracts, created on a plain moto: each as proposed, and nothing to do a second time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto import mock_aws

from iam.account import InlinePolicy
from iam.changes.apply import CallStatus, Writer
from iam.creation.plan import create_role
from iam.creation.recipes.table import AccountFacts, trust_recipe
from iam.creation.reconcile import reconcile
from iam.creation.spec import RoleSpec
from iam.facts.service_roles.lookup import service_role
from iam.gate.checks.contracts import role_breaches
from iam.policy.document import Document
from iam.sources.aws.reader import AwsReader
from tests.support.gate.let_through import apply

# Drawn by seed from those with an action, a fixed name, an external ID, two principals, a profile and a guard.
ROLES = (
    "vpc-flow-logs",
    "dms-vpc",
    "firehose",
    "elasticbeanstalk",
    "edgelambda",
    "airflow",
    "ecs-task-execution",
    "batch",
    "rolesanywhere",
    "eks",
)


@pytest.fixture(scope="module")
def reader() -> Iterator[AwsReader]:
    """One account for all: each makes a role of its own."""
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        patch.setenv("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")
        yield AwsReader(boto3.Session("AKIAEXAMPLE", "secret", region_name="eu-west-1"), kind="aws")


@pytest.fixture(scope="module")
def known(reader: AwsReader) -> frozenset[str]:
    """The ARNs of AWS's own policies that moto has."""
    return frozenset(reader.aws_managed_policies().value or ())


@pytest.mark.parametrize("id", ROLES)
def test_a_role_is_created_as_its_contract_proposes(
    id: str, reader: AwsReader, known: frozenset[str], tmp_path: Path
) -> None:
    row = service_role(id)
    assert row is not None
    *_, account = reader.accounts()
    trust = trust_recipe("service").document({"service": id}, AccountFacts.of(account))
    inline = ()
    if row.actions:
        statement = {"Effect": "Allow", "Action": list(row.actions), "Resource": "*"}
        document = Document(json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
        inline = (InlinePolicy("needed", document),)
    wanted = (f"arn:aws:iam::aws:policy/{policy}" for policy in row.policies)
    spec = RoleSpec(
        row.name or row.usual_name or f"{id}-role",
        trust,
        inline=inline,
        attached=tuple(arn for arn in wanted if arn in known),
    )
    writer = Writer(reader.aws.client("iam"), lambda _: None, regional=reader.aws.client)
    *_, last = apply(create_role(spec, account), reader, writable=True, directory=tmp_path, writer=writer)
    assert last.status is CallStatus.VERIFIED, last.sentence
    *_, after = reader.accounts()
    role = reader.role(spec.name).value
    assert role is not None and role.trust is not None and role.trust.value == trust.value
    assert {each.arn for each in role.attached or ()} == set(spec.attached)
    assert role_breaches(role, after) == ()
    assert reconcile(spec, {"trust", "inline", "attach"}, role, after, reader).calls == ()
