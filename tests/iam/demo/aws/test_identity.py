"""Where moto is not like IAM, the demo is: names, sizes, trust policies, protected roles, what is not there."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from iam.demo.account.facts import ACCOUNT, GITHUB, NOW

EC2 = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
READ = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
GITHUB_PROVIDER = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{GITHUB}"


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def trust(**changes: Any) -> str:
    statement = {**EC2, **changes}
    return policy({key: value for key, value in statement.items() if value is not None})


@pytest.fixture
def iam(demo_session: Callable[..., Any]) -> Any:
    return demo_session().client("iam")


def refusal(call: Callable[..., Any], **arguments: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


@pytest.mark.parametrize(
    ("operation", "arguments", "message"),
    [
        (
            "create_role",
            {"RoleName": "REPORTEXPORTER", "AssumeRolePolicyDocument": trust()},
            "Role with name REPORTEXPORTER already exists.",
        ),
        (
            "create_role",
            {"RoleName": "web-frontend-ec2", "Path": "/new/", "AssumeRolePolicyDocument": trust()},
            "Role with name web-frontend-ec2 already exists.",
        ),
        ("create_user", {"UserName": "Alice"}, "User with name Alice already exists."),
        ("create_group", {"GroupName": "auditors"}, "Group with name auditors already exists."),
        (
            "create_instance_profile",
            {"InstanceProfileName": "Batch-Runner"},
            "Instance Profile Batch-Runner already exists.",
        ),
        (
            "create_policy",
            {"PolicyName": "App-Assets-Read", "Path": "/team/", "PolicyDocument": policy(READ)},
            "A policy called App-Assets-Read already exists. Duplicate names are not allowed.",
        ),
        (
            "create_open_id_connect_provider",
            {"Url": f"https://{GITHUB}", "ClientIDList": ["x"]},
            f"Provider with url https://{GITHUB} already exists.",
        ),
        (
            "create_saml_provider",
            {"Name": "HarborIdP", "SAMLMetadataDocument": "<x/>" + " " * 1000},
            "Provider with name HarborIdP already exists.",
        ),
        ("update_user", {"UserName": "alice", "NewUserName": "BEN"}, "User with name BEN already exists."),
    ],
)
def test_a_taken_name_is_taken_in_any_case_and_path(
    iam: Any, operation: str, arguments: dict[str, Any], message: str
) -> None:
    assert refusal(getattr(iam, operation), **arguments) == ("EntityAlreadyExists", message)


def test_a_login_profile_and_a_server_certificate_are_there_once(iam: Any) -> None:
    iam.create_login_profile(UserName="alice", Password="Correct-horse-1")
    assert refusal(iam.create_login_profile, UserName="alice", Password="Correct-horse-1") == (
        "EntityAlreadyExists",
        "Login Profile for user alice already exists.",
    )


def test_a_user_does_not_block_a_role_of_its_name(iam: Any) -> None:
    role = iam.create_role(RoleName="alice", AssumeRolePolicyDocument=trust())["Role"]
    assert role["RoleId"].startswith("AROA")
    assert role["CreateDate"] == NOW


def test_a_service_linked_role_that_exists_is_invalid_input(iam: Any) -> None:
    assert refusal(iam.create_service_linked_role, AWSServiceName="autoscaling.amazonaws.com") == (
        "InvalidInput",
        "Service role name AWSServiceRoleForAutoScaling has been taken in this account, please try a different suffix.",
    )
    made = iam.create_service_linked_role(AWSServiceName="rds.amazonaws.com")["Role"]
    assert made["Arn"].endswith("/aws-service-role/rds.amazonaws.com/AWSServiceRoleForRDS")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"RoleName": "x" * 65}, "at 'roleName' failed to satisfy constraint: Member must have length less than"),
        ({"RoleName": "a role"}, "at 'roleName' failed to satisfy constraint: Member must satisfy regular expression"),
        ({"RoleName": "a", "Path": "/x"}, "at 'path' failed to satisfy constraint"),
        ({"RoleName": "a", "Description": "“quoted”"}, "at 'description' failed to satisfy constraint"),
        ({"RoleName": "a", "MaxSessionDuration": 50000}, "Member must have value less than or equal to 43200"),
    ],
)
def test_fields_are_checked_as_the_model_states(iam: Any, arguments: dict[str, Any], words: str) -> None:
    code, message = refusal(iam.create_role, AssumeRolePolicyDocument=trust(), **arguments)
    assert code == "ValidationError"
    assert message.startswith("1 validation error detected: Value '")
    assert words in message


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("{", "This policy contains invalid Json"),
        ('{"Version": "2012-10-17"}', "Syntax errors in policy."),
        (trust().replace("2012-10-17", "2012-10-18"), "The policy must contain a valid version string"),
        (trust(Resource="*"), "Has prohibited field Resource"),
        (trust(Action="s3:GetObject"), "AssumeRole policy may only specify STS AssumeRole actions."),
        (trust(Action="*"), "AssumeRole policy may only specify STS AssumeRole actions."),
        (trust(Principal=None), "Missing required field Principal"),
        (trust(Principal={}), "Missing required field Principal cannot be empty!"),
        (trust(Principal=None, NotPrincipal={"AWS": "*"}), "Allow with NotPrincipal is not allowed."),
        (
            trust(Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:role/nobody"}),
            f'Invalid principal in policy: "AWS":"arn:aws:iam::{ACCOUNT}:role/nobody"',
        ),
        (
            trust(Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:role/app/*"}),
            f'Invalid principal in policy: "AWS":"arn:aws:iam::{ACCOUNT}:role/app/*"',
        ),
        (trust(Principal={"Service": "lambda"}), 'Invalid principal in policy: "SERVICE":"lambda"'),
        (
            trust(
                Principal={"Federated": "cognito-identity.amazonaws.com"},
                Action="sts:AssumeRoleWithWebIdentity",
            ),
            "A condition block must be present for the Cognito provider",
        ),
    ],
)
def test_trust_policies_that_iam_refuses(iam: Any, document: str, message: str) -> None:
    assert refusal(iam.create_role, RoleName="new", AssumeRolePolicyDocument=document) == (
        "MalformedPolicyDocument",
        message,
    )
    assert refusal(iam.update_assume_role_policy, RoleName="ds-notebook", PolicyDocument=document)[1] == message


@pytest.mark.parametrize(
    "condition",
    [
        {},
        {"StringEquals": {f"{GITHUB}:aud": "sts.amazonaws.com"}},
        {"StringLike": {f"{GITHUB}:sub": "*"}},
    ],
)
def test_github_must_be_narrowed_to_a_subject(iam: Any, condition: dict[str, Any]) -> None:
    document = trust(
        Principal={"Federated": GITHUB_PROVIDER}, Action="sts:AssumeRoleWithWebIdentity", Condition=condition
    )
    code, message = refusal(iam.create_role, RoleName="new", AssumeRolePolicyDocument=document)
    assert code == "MalformedPolicyDocument"
    assert message == (
        f"Trust policy with trusted principal {GITHUB_PROVIDER} must evaluate, using StringEquals, StringLike or "
        f"StringEqualsIgnoreCase, {GITHUB}:sub or {GITHUB}:job_workflow_ref which is not scoped to all."
    )


def test_good_trust_policies_are_taken(iam: Any) -> None:
    for number, principal in enumerate(
        (
            {"AWS": "*"},
            {"AWS": ACCOUNT},
            {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
            {"AWS": f"arn:aws:iam::{ACCOUNT}:user/ben"},
            {"AWS": "arn:aws:iam::999988887777:role/anything"},
            {"Service": ["lambda.amazonaws.com", "edgelambda.amazonaws.com"]},
        )
    ):
        name = f"role-{number}"
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust(Principal=principal))
        iam.update_assume_role_policy(
            RoleName=name, PolicyDocument=trust(Principal=principal, Action=["sts:AssumeRole", "sts:SetContext"])
        )


def test_a_deleted_principal_leaves_its_id_in_trust_policies(iam: Any) -> None:
    first = iam.create_role(RoleName="caller", AssumeRolePolicyDocument=trust())["Role"]
    iam.create_role(RoleName="target", AssumeRolePolicyDocument=trust(Principal={"AWS": first["Arn"]}))
    iam.delete_role(RoleName="caller")
    again = iam.create_role(RoleName="caller", AssumeRolePolicyDocument=trust())["Role"]
    held = iam.get_role(RoleName="target")["Role"]["AssumeRolePolicyDocument"]["Statement"][0]["Principal"]
    assert held == {"AWS": first["RoleId"]} != {"AWS": again["RoleId"]}


def test_roles_of_aws_cannot_be_changed(iam: Any) -> None:
    for name in ("AWSServiceRoleForAutoScaling", "AWSReservedSSO_DataAnalyst_0a1b2c3d4e5f6789"):
        expected = (
            "UnmodifiableEntity",
            f"Cannot perform the operation on the protected role '{name}' - this role is only modifiable by AWS",
        )
        arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
        assert refusal(iam.attach_role_policy, RoleName=name, PolicyArn=arn) == expected
        assert refusal(iam.delete_role, RoleName=name) == expected
        assert refusal(iam.put_role_policy, RoleName=name, PolicyName="p", PolicyDocument=policy(READ)) == expected
        assert refusal(iam.update_assume_role_policy, RoleName=name, PolicyDocument=trust()) == expected
    tag = [{"Key": "team", "Value": "x"}]
    iam.tag_role(RoleName="AWSServiceRoleForAutoScaling", Tags=tag)
    reserved = "AWSReservedSSO_DataAnalyst_0a1b2c3d4e5f6789"
    assert refusal(iam.tag_role, RoleName=reserved, Tags=tag)[0] == "UnmodifiableEntity"


def test_deleting_a_service_linked_role_is_a_task(iam: Any) -> None:
    task = iam.delete_service_linked_role(RoleName="AWSServiceRoleForAutoScaling")["DeletionTaskId"]
    assert "/AWSServiceRoleForAutoScaling/" in task

    def status(of: str) -> str:
        return str(iam.get_service_linked_role_deletion_status(DeletionTaskId=of)["Status"])

    assert (status(task), status(task)) == ("IN_PROGRESS", "SUCCEEDED")
    assert refusal(iam.get_role, RoleName="AWSServiceRoleForAutoScaling")[0] == "NoSuchEntity"
    used = iam.delete_service_linked_role(RoleName="AWSServiceRoleForECS")["DeletionTaskId"]
    assert (status(used), status(used)) == ("IN_PROGRESS", "FAILED")


def test_a_running_deletion_is_found_through_the_trail(demo_world: Any) -> None:
    from iam.demo.open import reader

    account = reader(demo_world)
    account.aws.client("iam").delete_service_linked_role(RoleName="AWSServiceRoleForECS")
    assert account.deletion_status("AWSServiceRoleForECS").value == "IN_PROGRESS"


def test_quotas(iam: Any, demo_world: Any) -> None:
    with demo_world.in_place():
        demo_world.iam.account_summary._roles_quota = 32
    assert refusal(iam.create_role, RoleName="one-more", AssumeRolePolicyDocument=trust()) == (
        "LimitExceeded",
        "Cannot exceed quota for RolesPerAccount: 32",
    )
    names = [policy["Arn"] for policy in iam.list_policies(Scope="AWS", MaxItems=200)["Policies"]]
    free = [arn for arn in names if "aws-service-role" not in arn]
    for arn in free[:19]:
        iam.attach_role_policy(RoleName="legacy-ftp-sync", PolicyArn=arn)
    iam.attach_role_policy(RoleName="legacy-ftp-sync", PolicyArn=free[0])  # again: no change, no refusal
    assert refusal(iam.attach_role_policy, RoleName="legacy-ftp-sync", PolicyArn=free[20]) == (
        "LimitExceeded",
        "Cannot exceed quota for PoliciesPerRole: 20",
    )


def test_sizes_count_without_white_space(iam: Any) -> None:
    long = policy({**READ, "Resource": [f"arn:aws:s3:::bucket-{number}/*" for number in range(300)]})
    assert refusal(iam.create_policy, PolicyName="long", PolicyDocument=long) == (
        "LimitExceeded",
        "Cannot exceed quota for PolicySize: 6144",
    )
    half = policy({**READ, "Resource": [f"arn:aws:s3:::bucket-{number}/*" for number in range(240)]})
    iam.put_role_policy(RoleName="ds-notebook", PolicyName="half", PolicyDocument=half)
    assert refusal(iam.put_role_policy, RoleName="ds-notebook", PolicyName="other", PolicyDocument=half) == (
        "LimitExceeded",
        "Maximum policy size of 10240 bytes exceeded for role ds-notebook",
    )
    many = trust(Principal={"AWS": [f"arn:aws:iam::{number:012d}:root" for number in range(80)]})
    assert refusal(iam.create_role, RoleName="many", AssumeRolePolicyDocument=many) == (
        "LimitExceeded",
        "Cannot exceed quota for ACLSizePerRole: 2048",
    )
    spread = json.dumps(json.loads(trust()), indent=400)
    iam.create_role(RoleName="spread", AssumeRolePolicyDocument=spread)


def test_five_versions_and_one_role_a_profile(iam: Any) -> None:
    arn = f"arn:aws:iam::{ACCOUNT}:policy/app-assets-read"
    code, message = refusal(iam.create_policy_version, PolicyArn=arn, PolicyDocument=policy(READ))
    assert (code, message[:45]) == ("LimitExceeded", "A managed policy can have up to 5 versions. B")
    assert refusal(
        iam.add_role_to_instance_profile, InstanceProfileName="web-frontend-ec2", RoleName="batch-vpc-worker"
    ) == ("LimitExceeded", "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1")


@pytest.mark.parametrize(
    ("operation", "arguments", "message"),
    [
        ("get_role", {"RoleName": "nobody"}, "The role with name nobody cannot be found."),
        ("get_role", {"RoleName": "reportexporter"}, "The role with name reportexporter cannot be found."),
        ("get_user", {"UserName": "nobody"}, "The user with name nobody cannot be found."),
        ("get_group", {"GroupName": "nobody"}, "The group with name nobody cannot be found."),
        ("get_instance_profile", {"InstanceProfileName": "none"}, "Instance Profile none cannot be found."),
        (
            "get_policy",
            {"PolicyArn": f"arn:aws:iam::{ACCOUNT}:policy/none"},
            f"Policy arn:aws:iam::{ACCOUNT}:policy/none was not found.",
        ),
        (
            "attach_role_policy",
            {"RoleName": "ds-notebook", "PolicyArn": "arn:aws:iam::aws:policy/AWSLambdaBasicExecutionRole"},
            "Policy arn:aws:iam::aws:policy/AWSLambdaBasicExecutionRole does not exist or is not attachable.",
        ),
    ],
)
def test_what_is_not_there(iam: Any, operation: str, arguments: dict[str, Any], message: str) -> None:
    assert refusal(getattr(iam, operation), **arguments) == ("NoSuchEntity", message)


def test_any_policy_of_aws_is_there_when_it_is_asked_for(iam: Any) -> None:
    arn = "arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess"
    version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    assert iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]["Statement"]
    iam.attach_role_policy(RoleName="legacy-ftp-sync", PolicyArn=arn)
    attached = iam.list_attached_role_policies(RoleName="legacy-ftp-sync")["AttachedPolicies"]
    assert arn in [entry["PolicyArn"] for entry in attached]
    pages = iam.get_paginator("list_policies").paginate(Scope="AWS")
    assert sum(len(page["Policies"]) for page in pages) > 1500
    assert refusal(
        iam.attach_role_policy,
        RoleName="ds-notebook",
        PolicyArn="arn:aws:iam::aws:policy/aws-service-role/AutoScalingServiceRolePolicy",
    ) == ("PolicyNotAttachable", "Cannot attach a Service Role Policy to a Customer Role.")


def test_a_version_may_be_made_the_default_twice(iam: Any) -> None:
    arn = iam.create_policy(PolicyName="twice", PolicyDocument=policy(READ))["Policy"]["Arn"]
    for _ in range(2):
        iam.set_default_policy_version(PolicyArn=arn, VersionId="v1")
    [version] = iam.list_policy_versions(PolicyArn=arn)["Versions"]
    assert version["IsDefaultVersion"]


def test_what_is_in_use_is_not_deleted(iam: Any) -> None:
    arn = f"arn:aws:iam::{ACCOUNT}:policy/"
    conflict = "Cannot delete a policy attached to entities."
    assert refusal(iam.delete_policy, PolicyArn=f"{arn}lake-etl") == ("DeleteConflict", conflict)
    assert refusal(iam.delete_policy, PolicyArn=f"{arn}DeveloperBoundary") == ("DeleteConflict", conflict)
    iam.delete_policy(PolicyArn=f"{arn}SandboxBoundary")
    assert refusal(iam.delete_role, RoleName="legacy-ftp-sync")[0] == "DeleteConflict"
    assert refusal(iam.delete_user, UserName="alice") == (
        "DeleteConflict",
        "Cannot delete entity, must remove users from group first.",
    )


def test_update_role_keeps_what_it_is_not_told(iam: Any) -> None:
    iam.update_role(RoleName="saml-admin", Description="Administrators")
    role = iam.get_role(RoleName="saml-admin")["Role"]
    assert (role["Description"], role["MaxSessionDuration"]) == ("Administrators", 14400)


def test_changes_stand_in_the_trail(demo_session: Callable[..., Any]) -> None:
    session = demo_session()
    session.client("iam").tag_role(RoleName="ds-notebook", Tags=[{"Key": "a", "Value": "b"}])
    event = session.client("cloudtrail").lookup_events(
        LookupAttributes=[{"AttributeKey": "ResourceName", "AttributeValue": "ds-notebook"}]
    )["Events"][0]
    assert (event["EventName"], event["Username"], event["EventTime"]) == ("TagRole", "org-admin", NOW)


@pytest.mark.parametrize(
    ("document", "codes"),
    [
        (policy(READ), []),
        (policy({**READ, "Action": "s3:GetObjekt"}), ["INVALID_ACTION"]),
        (policy({**READ, "Action": "nowhere:Get"}), ["INVALID_SERVICE_IN_ACTION"]),
        ("{", ["JSON_SYNTAX_ERROR"]),
    ],
)
def test_policies_are_validated(demo_session: Callable[..., Any], document: str, codes: list[str]) -> None:
    analyzer = demo_session().client("accessanalyzer")
    findings = analyzer.validate_policy(policyType="IDENTITY_POLICY", policyDocument=document)["findings"]
    assert [finding["issueCode"] for finding in findings] == codes
    for finding in findings:
        assert finding["locations"][0]["span"]["start"]["line"] == 1


def test_service_quotas_agree_with_the_account_summary(demo_session: Callable[..., Any]) -> None:
    client = demo_session().client("service-quotas")
    quota = client.get_service_quota(ServiceCode="iam", QuotaCode="L-FE177D64")["Quota"]
    assert (quota["QuotaName"], quota["Value"]) == ("Roles per account", 1000.0)
    assert refusal(client.get_service_quota, ServiceCode="iam", QuotaCode="L-0")[0] == "NoSuchResourceException"


def test_what_the_demo_does_not_answer_is_an_error_and_no_exception_of_moto(demo_session: Callable[..., Any]) -> None:
    iam = demo_session().client("iam")
    code, message = refusal(
        iam.list_policies_granting_service_access, Arn=f"arn:aws:iam::{ACCOUNT}:user/ben", ServiceNamespaces=["s3"]
    )
    assert (code, message) == (
        "InvalidAction",
        "The demo account does not answer ListPoliciesGrantingServiceAccess.",
    )


def test_a_refused_change_stands_in_the_trail_with_its_error(demo_session: Callable[..., Any]) -> None:
    refusal(demo_session("alice").client("iam").delete_role, RoleName="ds-notebook")
    event = (
        demo_session()
        .client("cloudtrail")
        .lookup_events(LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": "DeleteRole"}])["Events"][0]
    )
    detail = json.loads(event["CloudTrailEvent"])
    assert (event["Username"], detail["errorCode"]) == ("alice", "AccessDenied")
    assert detail["requestParameters"] == {"roleName": "ds-notebook"}
