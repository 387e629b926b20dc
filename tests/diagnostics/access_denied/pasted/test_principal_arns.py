"""Values of aws:PrincipalArn that are meant to be the caller's and do not match it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.denials.pasted import ROLE, allow, diagnosed, policy, refused

SESSION = "arn:aws:sts::210987654321:assumed-role/exporter"
BY_RESOURCE = "with an explicit deny in a resource-based policy"
PUT = ("s3:PutObject", "arn:aws:s3:::north-ledger/a.csv")
SSO = "arn:aws:sts::210987654321:assumed-role/AWSReservedSSO_Data_3c55d19ab07e2f68/ann"
PATH = "aws-reserved/sso.amazonaws.com/eu-west-1"


def deny(named: Any, kind: str = "StringNotLike", action: str = "s3:*") -> dict[str, Any]:
    condition = {kind: {"aws:PrincipalArn": named}}
    return {"Effect": "Deny", "Principal": "*", "Action": action, "Resource": "*", "Condition": condition}


@pytest.mark.parametrize(
    ("statement", "layer"),
    [
        (deny(f"{SESSION}/*"), BY_RESOURCE),
        (deny([ROLE], "ArnNotEquals"), BY_RESOURCE),
        (deny(["arn:aws:sts::210987654321:assumed-role/exp*/*"], "ArnNotLike"), BY_RESOURCE),
        (
            {**deny(f"{SESSION}/job-*"), "Principal": None},
            "with an explicit deny in a service control policy",
        ),
    ],
)
def test_a_session_s_arn_is_replaced_by_its_role_s(statement: dict[str, Any], layer: str) -> None:
    statement = {name: had for name, had in statement.items() if had is not None}
    kind = "SCP" if "control" in layer else "bucket policy"
    answer = diagnosed(f"{refused(*PUT, layer)}\n{kind}:\n{policy(statement)}")
    assert "a session's ARN, which aws:PrincipalArn never has, so the condition names nobody" in answer.verdict.summary
    assert answer.fixes[0].title == "Name the role's own ARN in the condition"
    assert "arn:aws:iam::210987654321:role/exp" in str(answer.fixes[0].change)
    locked = any("as the root user" in fix.title for fix in answer.fixes)
    assert locked is (kind == "bucket policy")


@pytest.mark.parametrize(
    "statement",
    [
        deny("arn:aws:sts::210987654321:assumed-role/importer/*"),  # another role's
        deny("arn:aws:iam::210987654321:role/importer"),
    ],
)
def test_another_role_s_arn_is_not_the_caller_s(statement: dict[str, Any]) -> None:
    answer = diagnosed(f"{refused(*PUT, BY_RESOURCE)}\nbucket policy:\n{policy(statement)}")
    assert "never has" not in answer.verdict.summary
    assert "must add arn:aws:iam::210987654321:role/exporter to the condition's values" in str(answer.fixes[0].change)


def test_a_deny_of_some_actions_locks_nobody_out() -> None:
    shown = policy(deny(f"{SESSION}/*", action="s3:PutObject"))
    answer = diagnosed(f"{refused(*PUT, BY_RESOURCE)}\nbucket policy:\n{shown}")
    assert [fix.title for fix in answer.fixes] == ["Name the role's own ARN in the condition"]


@pytest.mark.parametrize("kind", ["ArnEquals", "ArnLike", "StringEquals"])
def test_a_trust_policy_names_the_role_with_its_path(kind: str) -> None:
    role = "arn:aws:iam::210987654321:role/stage"
    name = "AWSReservedSSO_Data_3c55d19ab07e2f68"
    condition = {kind: {"aws:PrincipalArn": f"arn:aws:iam::210987654321:role/{name}"}}
    trust = {
        **allow("sts:AssumeRole", "*", Principal={"AWS": "arn:aws:iam::210987654321:root"}),
        "Condition": condition,
    }
    del trust["Resource"]
    answer = diagnosed(
        f"{refused('sts:AssumeRole', role, '', SSO)}\ntrust policy of stage:\n{json.dumps(trust)}\n"
        f'aws iam get-role: "arn:aws:iam::210987654321:role/{PATH}/{name}"'
    )
    assert answer.verdict.cause == "trust.condition-unmet"
    assert answer.fixes[0].title == "Name the role with its path in the condition"
    assert "role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_Data_*" in str(answer.fixes[0].change)


@pytest.mark.parametrize("suffix", ["3c55d19ab07e2f68", "0123456789abcdef", "*"])
def test_a_path_whose_region_is_unknown_is_written_as_a_pattern(suffix: str) -> None:
    name = f"{SSO.split('/')[-2].rpartition('_')[0]}_{suffix}"
    statement = deny(f"arn:aws:iam::210987654321:role/{name}", "ArnNotLike")
    answer = diagnosed(f"{refused(*PUT, BY_RESOURCE, SSO)}\nbucket policy:\n{policy(statement)}")
    change = str(answer.fixes[0].change)
    assert "role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_Data_*" in change and "[REGION/]" not in change


def test_a_role_of_the_same_name_in_another_account_is_not_the_callers() -> None:
    statement = deny(f"arn:aws:iam::444455556666:role/{SSO.split('/')[-2]}", "ArnNotLike")
    answer = diagnosed(f"{refused(*PUT, BY_RESOURCE, SSO)}\nbucket policy:\n{policy(statement)}")
    assert "path" not in answer.verdict.summary


@pytest.mark.parametrize("more", [{"Resource": "arn:aws:s3:::bucket/*"}, {"Principal": {"AWS": "210987654321"}}])
def test_a_deny_that_does_not_reach_everybody_and_the_bucket_locks_nobody_out(more: dict[str, Any]) -> None:
    shown = policy({**deny(f"{SESSION}/*"), **more})
    answer = diagnosed(f"{refused(*PUT, BY_RESOURCE)}\nbucket policy:\n{shown}")
    assert "prevents everybody" not in str(answer.fixes)


@pytest.mark.parametrize("permission_set", ["Data", "Other"])
def test_a_pattern_without_the_path_is_wrong_though_the_roles_path_is_unknown(permission_set: str) -> None:
    trusted = f"arn:aws:iam::210987654321:role/AWSReservedSSO_{permission_set}_*"
    statement = allow("sts:AssumeRole", "*", Principal={"AWS": "arn:aws:iam::210987654321:root"})
    with_path = {**statement, "Principal": {"AWS": "arn:aws:iam::210987654321:role/team/x"}}
    condition = {"ArnLike": {"aws:PrincipalArn": trusted}}
    role = "arn:aws:iam::333344445555:role/stage"
    answer = diagnosed(
        f"{refused('sts:AssumeRole', role, '', SSO)}\ntrust policy of stage:\n"
        f"{policy({**statement, 'Condition': condition}, with_path)}"
    )
    assert ("has a path, which" in answer.verdict.summary) is (permission_set == "Data")
