"""The simulator's calls answer in the shape that AWS sends since 2026-07-30, and know what AWS's simulator knows."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from iam.demo.account.facts import ACCOUNT
from iam.policy.decision import Outcome
from iam.simulator import SimulationRequest, SimulationResult

ROLE = f"arn:aws:iam::{ACCOUNT}:role/"
REGION = {"ContextKeyName": "aws:RequestedRegion", "ContextKeyValues": ["us-east-1"], "ContextKeyType": "string"}
ALL = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


@pytest.fixture(scope="module")
def iam(_demo_template: Any) -> Any:
    from botocore.handlers import json_decode_policies

    from iam.demo.open import session

    client = session(_demo_template.copy()).client("iam")
    client.meta.events.unregister("after-call.iam", json_decode_policies)
    return client


def simulate(iam: Any, role: str, action: str, *resources: str, region: bool = True, **more: Any) -> Any:
    context = [*([REGION] if region else []), *more.pop("ContextEntries", [])]
    (result,) = iam.simulate_principal_policy(
        PolicySourceArn=role if role.startswith("arn:") else ROLE + role,
        ActionNames=[action],
        ResourceArns=list(resources) or ["*"],
        ContextEntries=context,
        **more,
    )["EvaluationResults"]
    return result


def refusal(call: Any, **arguments: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def test_one_result_an_action_with_each_resource_inside(iam: Any) -> None:
    inside, outside = "arn:aws:s3:::harbor-assets/a", "arn:aws:s3:::elsewhere/a"
    result = simulate(iam, "app/web-frontend-ec2", "s3:GetObject", inside, outside)
    assert result["EvalDecision"] == "implicitDeny"
    assert result["EvalResourceName"] == "arn:${Partition}:s3:::${BucketName}/${ObjectName}"
    assert {one["EvalResourceName"]: one["EvalResourceDecision"] for one in result["ResourceSpecificResults"]} == {
        inside: "allowed",
        outside: "implicitDeny",
    }
    assert result["OrganizationsDecisionDetail"] == {"AllowedByOrganizations": True}
    assert "PermissionsBoundaryDecisionDetail" not in result


def test_a_matched_statement_is_where_it_says_in_the_raw_document(iam: Any) -> None:
    result = simulate(iam, "app/web-frontend-ec2", "s3:GetObject", "arn:aws:s3:::harbor-assets/a")
    (matched,) = result["ResourceSpecificResults"][0]["MatchedStatements"]
    assert (matched["SourcePolicyId"], matched["SourcePolicyType"]) == ("app-assets-read", "IAM Policy")
    arn = f"arn:aws:iam::{ACCOUNT}:policy/app-assets-read"
    from urllib.parse import unquote

    version = iam.get_policy_version(PolicyArn=arn, VersionId="v4")["PolicyVersion"]["Document"]
    lines = (unquote(version) if isinstance(version, str) else json.dumps(version, indent=2)).splitlines()
    first, last = matched["StartPosition"], matched["EndPosition"]
    text = "\n".join(lines[first["Line"] - 1 : last["Line"]])[first["Column"] - 1 :].rstrip(",")
    assert json.loads(text)["Sid"] == "ReadAssets"


def test_names_of_inline_policies(iam: Any) -> None:
    def name(source: str, action: str, resource: str) -> str:
        result = simulate(iam, source, action, resource)
        return str(result["MatchedStatements"][0]["SourcePolicyId"])

    table = f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/orders"
    assert name("app/orders-api-lambda", "dynamodb:Query", table) == "role_orders-api-lambda_orders-table-rw"
    ben = f"arn:aws:iam::{ACCOUNT}:user/ben"
    assert name(ben, "sts:AssumeRole", ROLE + "human/release-manager") == "group_Operators_assume-human-roles"


def test_trust_policies_take_no_part(iam: Any) -> None:
    ben = f"arn:aws:iam::{ACCOUNT}:user/ben"
    result = simulate(iam, ben, "sts:AssumeRole", ROLE + "human/break-glass-admin")
    assert result["EvalDecision"] == "allowed"


def test_the_boundary_is_told_apart_and_can_be_left_out(iam: Any) -> None:
    source, new = "ci/ci-pipeline-builder", ROLE + "ci/new"
    result = simulate(iam, source, "iam:CreateRole", new)
    assert result["EvalDecision"] == "implicitDeny"
    assert result["PermissionsBoundaryDecisionDetail"] == {"AllowedByPermissionsBoundary": False}
    assert result["MissingContextValues"] == ["iam:PermissionsBoundary"]
    assert [one["SourcePolicyId"] for one in result["MatchedStatements"]] == ["pipeline-build"]
    boundary = {
        "ContextKeyName": "iam:PermissionsBoundary",
        "ContextKeyValues": [f"arn:aws:iam::{ACCOUNT}:policy/DeveloperBoundary"],
        "ContextKeyType": "string",
    }
    assert simulate(iam, source, "iam:CreateRole", new, ContextEntries=[boundary])["EvalDecision"] == "allowed"
    without = simulate(iam, source, "iam:CreateRole", new, PolicyExclusionList=[{"PolicyType": "permission-boundary"}])
    assert without["EvalDecision"] == "allowed"
    assert "PermissionsBoundaryDecisionDetail" not in without
    given = simulate(iam, source, "iam:CreateRole", new, PermissionsBoundaryPolicyInputList=[json.dumps(ALL)])
    assert given["EvalDecision"] == "allowed"


def test_scps_are_counted_and_never_shown(iam: Any) -> None:
    far = {**REGION, "ContextKeyValues": ["ap-south-1"]}
    result = simulate(iam, "human/saml-admin", "ec2:RunInstances", "*", region=False, ContextEntries=[far])
    assert result["EvalDecision"] == "explicitDeny"
    assert result["OrganizationsDecisionDetail"] == {"AllowedByOrganizations": False}
    assert result["MatchedStatements"] == []
    # A key that only an SCP asks for is not told as missing: the answer looks sure, and is not.
    silent = simulate(iam, "human/saml-admin", "ec2:RunInstances", "*", region=False)
    assert (silent["EvalDecision"], silent["MissingContextValues"]) == ("explicitDeny", [])
    left_out = simulate(
        iam, "human/saml-admin", "ec2:RunInstances", "*", region=False, PolicyExclusionList=[{"PolicyType": "scp"}]
    )
    assert left_out["EvalDecision"] == "allowed"
    assert "OrganizationsDecisionDetail" not in left_out


def test_policies_are_left_out_by_type_arn_and_name(iam: Any) -> None:
    def decision(*exclude: dict[str, Any]) -> str:
        result = simulate(iam, "app/ds-notebook", "s3:GetObject", "*", PolicyExclusionList=list(exclude))
        return str(result["EvalDecision"])

    inline = {"PolicyName": "everything", "AttachmentType": "ROLE", "AttachmentName": "ds-*"}
    assert decision({"PolicyType": "inline"}) == decision({"PolicyType": "aws-managed"}) == "allowed"
    assert decision({"PolicyType": "inline"}, {"PolicyType": "aws-managed"}) == "implicitDeny"
    both = [{"InlinePolicyIdentifier": inline}, {"PolicyArn": "arn:aws:iam::aws:policy/Admin*"}]
    assert decision(*both) == "implicitDeny"


def test_only_what_aws_fills_in_is_filled_in(iam: Any) -> None:
    def missing(key: str) -> list[str]:
        statement = {"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": {"StringLike": {key: "?*"}}}
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        result = simulate(iam, "vendor/vendor-cost-auditor", "s3:GetObject", "*", PolicyInputList=[document])
        assert (result["EvalDecision"] == "allowed") is (not result["MissingContextValues"])
        return list(result["MissingContextValues"])

    for key in ("aws:PrincipalAccount", "aws:PrincipalOrgID", "aws:PrincipalOrgPaths", "aws:userid"):
        assert missing(key) == []
    for key in ("aws:PrincipalTag/team", "aws:SourceIp", "aws:MultiFactorAuthPresent", "aws:PrincipalArn"):
        assert missing(key) == [key]


def test_a_resource_policy_helps_a_user_and_is_refused_for_a_role(iam: Any) -> None:
    bucket = "arn:aws:s3:::some-bucket/x"
    dora = f"arn:aws:iam::{ACCOUNT}:user/dora"
    grant = {"Effect": "Allow", "Principal": {"AWS": dora}, "Action": "s3:GetObject", "Resource": bucket}
    document = json.dumps({"Version": "2012-10-17", "Statement": [grant]})
    result = simulate(iam, dora, "s3:GetObject", bucket, ResourcePolicy=document, CallerArn=dora)
    assert result["EvalDecision"] == "allowed"
    assert result["MatchedStatements"][0]["SourcePolicyType"] == "Resource Policy"
    assert refusal(
        iam.simulate_principal_policy,
        PolicySourceArn=ROLE + "app/ds-notebook",
        ActionNames=["s3:GetObject"],
        ResourcePolicy=document,
    ) == ("InvalidInput", "Simulation of resource-based policies isn't supported for IAM roles.")


def test_sources_that_cannot_be_simulated(iam: Any) -> None:
    session = f"arn:aws:sts::{ACCOUNT}:assumed-role/ds-notebook/x"
    code, message = refusal(iam.simulate_principal_policy, PolicySourceArn=session, ActionNames=["s3:GetObject"])
    assert (code, message) == (
        "InvalidInput",
        f"Invalid Entity Arn: {session} does not clearly define entity type and name.",
    )
    nobody = {"PolicySourceArn": ROLE + "nobody", "ActionNames": ["s3:GetObject"]}
    assert refusal(iam.simulate_principal_policy, **nobody)[0] == "NoSuchEntity"
    wrong_path = {"PolicySourceArn": ROLE + "ds-notebook", "ActionNames": ["s3:GetObject"]}
    assert refusal(iam.simulate_principal_policy, **wrong_path)[0] == "NoSuchEntity"
    bad = {"PolicySourceArn": ROLE + "app/ds-notebook", "ActionNames": ["GetObject"]}
    assert refusal(iam.simulate_principal_policy, **bad) == ("InvalidInput", "Invalid Action: GetObject")


def test_pages_of_actions(iam: Any) -> None:
    actions = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]
    paginator = iam.get_paginator("simulate_principal_policy")
    pages = list(
        paginator.paginate(
            PolicySourceArn=ROLE + "app/ds-notebook", ActionNames=actions, PaginationConfig={"PageSize": 2}
        )
    )
    assert [[one["EvalActionName"] for one in page["EvaluationResults"]] for page in pages] == [
        actions[:2],
        actions[2:],
    ]


def test_custom_policies_with_levels_of_the_organization(iam: Any) -> None:
    only_ec2 = json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "ec2:*", "Resource": "*"}]}
    )

    def decision(*levels: str) -> tuple[str, bool]:
        (result,) = iam.simulate_custom_policy(
            PolicyInputList=[json.dumps(ALL)],
            ActionNames=["s3:GetObject"],
            OrderedOrganizationPolicyInputList=[{"ServiceControlPolicyInputList": [level]} for level in levels],
        )["EvaluationResults"]
        allowed = result["OrganizationsDecisionDetail"]["AllowedByOrganizations"]
        assert result["MatchedStatements"][0]["SourcePolicyId"] == "PolicyInputList.1"
        return result["EvalDecision"], allowed

    assert decision(json.dumps(ALL), json.dumps(ALL)) == ("allowed", True)
    assert decision(json.dumps(ALL), only_ec2) == ("implicitDeny", False)
    broken = {"PolicyInputList": ["{"], "ActionNames": ["s3:GetObject"]}
    assert refusal(iam.simulate_custom_policy, **broken)[0] == "InvalidInput"


def test_context_keys_of_policies(iam: Any) -> None:
    keys = iam.get_context_keys_for_principal_policy(PolicySourceArn=ROLE + "human/project-developer")
    assert set(keys["ContextKeyNames"]) == {
        "aws:ResourceTag/project",
        "aws:PrincipalTag/project",
        "iam:PermissionsBoundary",
    }
    statement = {
        "Effect": "Allow",
        "Action": "s3:*",
        "Resource": "arn:aws:s3:::b/${aws:username}/*",
        "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}, "StringEquals": {"AWS:SOURCEIP": "x"}},
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    custom = iam.get_context_keys_for_custom_policy(PolicyInputList=[document])
    assert custom["ContextKeyNames"] == ["aws:SourceIp", "aws:username"]


def test_the_application_s_own_simulator_reads_it(demo_reader: Any) -> None:
    request = SimulationRequest(
        ROLE + "service-role/lake-etl-glue",
        "s3:CreateBucket",
        "arn:aws:s3:::harbor-lake-ap",
        context={"aws:RequestedRegion": ("ap-south-1",)},
    )
    answer = demo_reader.simulator().simulate(request)
    assert isinstance(answer, SimulationResult)
    assert (answer.outcome, answer.allowed_by_organization) == (Outcome.EXPLICIT_DENY, False)
