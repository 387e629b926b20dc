"""Roles against the contracts of their services: what is missing is found, and what fits is not complained about."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from iam.facts.service_roles.lookup import service_role
from iam.facts.service_roles.table import SERVICE_ROLES
from iam.policy.document import Document
from iam.policy.risks.service_contracts import ACTIONS, NAME, PRINCIPAL, RoleUnderContract, breaches, missing_actions


def _trust(*services: str) -> Document:
    principal = {"Service": [f"{each}.amazonaws.com" for each in services]}
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    return Document(json.dumps({"Version": "2012-10-17", "Statement": [statement]}))


def _allow(**statement: object) -> Document:
    return Document(
        json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Resource": "*"} | statement]})
    )


def _found(
    name: str, services: Sequence[str], *, attached: Sequence[str] = (), policies: Sequence[Document] | None = ()
) -> list[tuple[str, str]]:
    arns = [f"arn:aws:iam::aws:policy/{each}" for each in attached]
    role = RoleUnderContract(name, _trust(*services), arns, policies)
    return [(each.code, each.row.id) for each in breaches(role)]


@pytest.mark.parametrize(
    ("services", "breach"),
    [
        (("edgelambda",), [(PRINCIPAL, "edgelambda")]),
        (("edgelambda", "lambda"), []),
        (("airflow",), [(PRINCIPAL, "airflow")]),
        (("airflow", "airflow-env"), []),
        (("directoryservice.rds",), [(PRINCIPAL, "directoryservice-rds")]),
        # DMS has uses that need no other principal.
        (("dms",), []),
        (("lambda",), []),
        (("no-such-service",), []),
    ],
)
def test_principals_that_go_together(services: tuple[str, ...], breach: list[tuple[str, str]]) -> None:
    found = _found("app", services, policies=[_allow(Action="*")])
    assert found == breach


@pytest.mark.parametrize(
    ("name", "service", "attached", "breach"),
    [
        ("dms-vpc", "dms", "service-role/AmazonDMSVPCManagementRole", [(NAME, "dms-vpc")]),
        ("dms-vpc-role", "dms", "service-role/AmazonDMSVPCManagementRole", []),
        ("dms-vpc-role", "lambda", "", [(NAME, "dms-vpc")]),
        ("DMS-cloudwatch-logs-role", "ec2", "", [(NAME, "dms-logs")]),
        ("app", "dms", "", []),
    ],
)
def test_a_service_that_uses_one_name_only(
    name: str, service: str, attached: str, breach: list[tuple[str, str]]
) -> None:
    assert _found(name, (service,), attached=[attached] if attached else (), policies=None) == breach


def test_actions_that_the_page_lists() -> None:
    logs = ["logs:CreateLogStream", "logs:PutLogEvents"]
    assert _found("flow", ("vpc-flow-logs",), policies=[_allow(Action=logs)]) == [(ACTIONS, "vpc-flow-logs")]
    assert _found("flow", ("vpc-flow-logs",), policies=[_allow(Action="logs:*")]) == []
    assert _found("flow", ("vpc-flow-logs",), policies=[_allow(NotAction="iam:*")]) == []
    assert _found("flow", ("vpc-flow-logs",), policies=[_allow(NotAction="logs:Create*")]) == [
        (ACTIONS, "vpc-flow-logs")
    ]
    # A policy that was not read may allow them.
    assert _found("flow", ("vpc-flow-logs",), policies=None) == []
    # Systems Manager has several uses: the role's name or managed policy shows which one it is for.
    assert _found("automation", ("ssm",), policies=[]) == []
    assert _found("AmazonSSMExplorerExportRole", ("ssm",), policies=[]) == [(ACTIONS, "ssm-explorer-export")]


def test_a_deny_grants_nothing_and_a_broken_document_is_not_judged() -> None:
    row = service_role("vpc-flow-logs")
    assert row is not None
    denied = Document(json.dumps({"Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}))
    assert missing_actions(row, [denied]) == row.actions
    assert missing_actions(row, [_allow(Action="LOGS:createloggroup")]) == row.actions[1:]


@pytest.mark.parametrize("row", SERVICE_ROLES, ids=lambda row: row.id)
def test_a_role_that_is_made_by_its_contract_has_no_breach(row: object) -> None:
    found = service_role(row.id)  # type: ignore[attr-defined]
    assert found is not None
    services = [each.removesuffix(".amazonaws.com") for each in found.principals]
    policies = [_allow(Action=list(found.actions))] if found.actions else [_allow(Action="*")]
    assert _found(found.name or found.usual_name or "app", services, attached=found.policies, policies=policies) == []
