"""What was wanted, told by each kind of paste, as the plan that makes the one that is there like it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from diagnostics.fix import Calls, Fix, RoleCreation
from diagnostics.plans.fix import plan_for_fix, why_no_plan
from iam.account import Account
from iam.changes.apply import CallStatus
from iam.changes.plan import PlanError
from iam.sources.reader.opened import OpenedAccount
from tests.support.driving.conflict_run import first_word
from tests.support.driving.explained import diagnose_text
from tests.support.gate.let_through import apply

if TYPE_CHECKING:
    from iam.sources.aws.reader import AwsReader

LOGS = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
EC2 = json.loads(json.dumps(TRUST).replace("lambda.", "ec2."))
READ = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::harbor-assets/*"}],
}
TAKEN = "An error occurred (EntityAlreadyExists) when calling the {} operation: {}"
ROLE = "kms-reports-reader"
ROLE_TAKEN = TAKEN.format("CreateRole", f"Role with name {ROLE} already exists.")

COMMAND = f"""aws iam create-role --role-name {ROLE} --path /app/ --assume-role-policy-document '{json.dumps(TRUST)}' \\
    --tags Key=team,Value=reports --max-session-duration 7200
aws iam attach-role-policy --role-name {ROLE} --policy-arn {LOGS}
{ROLE_TAKEN}"""
TERRAFORM = f"""resource "aws_iam_role" "reader" {{
  name                 = "{ROLE}"
  path                 = "/app/"
  max_session_duration = 7200
  assume_role_policy   = jsonencode({json.dumps(TRUST).replace('": ', '" = ')})
  tags = {{ team = "reports" }}
}}
resource "aws_iam_role_policy_attachment" "logs" {{
  role       = aws_iam_role.reader.name
  policy_arn = "{LOGS}"
}}
│ Error: creating IAM Role ({ROLE}): operation error IAM: CreateRole, https response error StatusCode: 409, RequestID:
│ 1, EntityAlreadyExists: Role with name {ROLE} already exists.
│
│   with aws_iam_role.reader,"""
PROPERTIES = {
    "RoleName": ROLE,
    "Path": "/app/",
    "MaxSessionDuration": 7200,
    "AssumeRolePolicyDocument": TRUST,
    "ManagedPolicyArns": [LOGS],
    "Tags": [{"Key": "team", "Value": "reports"}],
}
TEMPLATE = f"""{json.dumps({"Resources": {"Reader": {"Type": "AWS::IAM::Role", "Properties": PROPERTIES}}}, indent=1)}
CREATE_FAILED | AWS::IAM::Role | Reader | {ROLE} already exists"""
EVENT = json.dumps(
    {
        "eventName": "CreateRole",
        "eventSource": "iam.amazonaws.com",
        "errorCode": "EntityAlreadyExistsException",
        "errorMessage": f"Role with name {ROLE} already exists.",
        "requestParameters": {
            "roleName": ROLE,
            "path": "/app/",
            "maxSessionDuration": 7200,
            "assumeRolePolicyDocument": json.dumps(TRUST),
            "tags": [{"key": "team", "value": "reports"}],
        },
    }
)
PASTES = {"command": COMMAND, "terraform": TERRAFORM, "template": TEMPLATE, "event": EVENT}


def fix_of(text: str, word: str, account: Account, reader: AwsReader) -> Fix:
    (diagnosis,) = diagnose_text(text, OpenedAccount(account, reader))
    return next(fix for fix in diagnosis.fixes if first_word(fix) == word)


def carried_out(fix: Fix, account: Account, reader: AwsReader, directory: Path) -> list[str]:
    plan = plan_for_fix(fix, OpenedAccount(account, reader))
    *_, last = apply(plan, reader, writable=False, directory=directory)
    assert last.status is CallStatus.VERIFIED, last.sentence
    return [call.operation for call in plan.calls]


@pytest.mark.parametrize("paste", PASTES)
def test_what_was_wanted_is_adopted(reader: AwsReader, account: Account, tmp_path: Path, paste: str) -> None:
    iam = reader.aws.client("iam")
    iam.detach_role_policy(RoleName=ROLE, PolicyArn=LOGS) if LOGS in _attached(iam) else None
    now = list(reader.accounts())[-1]
    fix = fix_of(PASTES[paste], "adopt", now, reader)
    expected = {"TagRole", "UpdateRole", *(["AttachRolePolicy"] if paste != "event" else [])}
    assert set(carried_out(fix, now, reader, tmp_path)) == expected
    role = iam.get_role(RoleName=ROLE)["Role"]
    assert role["MaxSessionDuration"] == 7200
    assert {"Key": "team", "Value": "reports"} in role["Tags"]
    assert (LOGS in _attached(iam)) == (paste != "event")
    # The same fix again, and the same paste again: there is nothing left to do, and that is said.
    with pytest.raises(PlanError, match="nothing to do"):
        plan_for_fix(fix, OpenedAccount(now, reader))
    again = fix_of(PASTES[paste], "adopt", list(reader.accounts())[-1], reader)
    assert why_no_plan(again).startswith("There is nothing to do")


def _attached(iam: Any) -> set[str]:
    return {each["PolicyArn"] for each in iam.list_attached_role_policies(RoleName=ROLE)["AttachedPolicies"]}


def test_what_is_not_known_is_left_as_it_is(account: Account, demo_reader: AwsReader) -> None:
    text = f"aws iam create-role --role-name {ROLE} --assume-role-policy-document file://trust.json\n{ROLE_TAKEN}"
    fix = fix_of(text, "adopt", account, demo_reader)
    assert "Paste the text of trust.json" in why_no_plan(fix)
    with pytest.raises(PlanError, match=r"trust\.json"):
        plan_for_fix(fix, OpenedAccount(account, demo_reader))
    tagged = text.replace("file://trust.json", "file://trust.json --tags Key=team,Value=x")
    plan = plan_for_fix(fix_of(tagged, "adopt", account, demo_reader), OpenedAccount(account, demo_reader))
    assert {call.operation for call in plan.calls} == {"TagRole"}


@pytest.mark.parametrize(
    ("profile", "calls"),
    [
        ("kms-new", ["CreateInstanceProfile", "AddRoleToInstanceProfile"]),
        ("BATCH-runner", ["AddRoleToInstanceProfile"]),
        ("report-worker-profile", []),
    ],
)
def test_a_role_is_put_into_the_profile_that_it_was_wanted_in(
    reader: AwsReader, account: Account, tmp_path: Path, profile: str, calls: list[str]
) -> None:
    add = f"aws iam add-role-to-instance-profile --instance-profile-name {profile} --role-name {ROLE}"
    text = f"""aws iam create-role --role-name {ROLE} --path /app/ --assume-role-policy-document '{json.dumps(TRUST)}'
{add}
{ROLE_TAKEN}"""
    fix = fix_of(text, "adopt", account, reader)
    if not calls:
        assert "the profile contains the role report-worker-ec2" in fix.cautions[0]
        return
    assert carried_out(fix, account, reader, tmp_path) == calls
    assert [each.lower() for each in reader.role(ROLE).value.instance_profiles or ()] == [profile.lower()]  # type: ignore[union-attr]  # it is there


PROFILE_TAKEN = TAKEN.format("CreateInstanceProfile", "Instance Profile batch-runner already exists.")


def test_an_empty_profile_gets_the_role_that_was_to_come_with_it(
    reader: AwsReader, account: Account, tmp_path: Path
) -> None:
    text = f"""aws iam create-role --role-name batch-runner --assume-role-policy-document '{json.dumps(EC2)}'
aws iam put-role-policy --role-name batch-runner --policy-name read --policy-document '{json.dumps(READ)}'
aws iam create-instance-profile --instance-profile-name batch-runner
aws iam add-role-to-instance-profile --instance-profile-name batch-runner --role-name batch-runner
{PROFILE_TAKEN}"""
    fix = fix_of(text, "reuse", account, reader)
    assert isinstance(fix.change, Calls)
    made = carried_out(fix, account, reader, tmp_path)
    assert made == ["CreateRole", "PutRolePolicy", "AddRoleToInstanceProfile"]
    held = reader.aws.client("iam").get_instance_profile(InstanceProfileName="batch-runner")["InstanceProfile"]
    assert [each["RoleName"] for each in held["Roles"]] == ["batch-runner"]


def test_a_role_that_is_not_known_whole_is_begun_and_not_made(account: Account, demo_reader: AwsReader) -> None:
    fix = fix_of(PROFILE_TAKEN, "reuse", account, demo_reader)
    assert isinstance(fix.change, RoleCreation)
    assert fix.change.role.trust is not None
    assert "ec2.amazonaws.com" in fix.change.role.trust.text
    admin = f"aws iam attach-role-policy --role-name batch-runner --policy-arn {LOGS[:20]}policy/AdministratorAccess"
    text = f"aws iam create-role --role-name batch-runner --assume-role-policy-document '{json.dumps(EC2)}'\n{admin}\n"
    fix = fix_of(text + PROFILE_TAKEN, "reuse", account, demo_reader)
    assert isinstance(fix.change, RoleCreation)
    assert "AdministratorAccess" not in fix.text


POLICY = "arn:aws:iam::111122223333:policy/app-assets-read"
POLICY_TAKEN = TAKEN.format(
    "CreatePolicy", "A policy called app-assets-read already exists. Duplicate names are not allowed."
)
POLICY_COMMAND = f"aws iam create-policy --policy-name app-assets-read --policy-document '{json.dumps(READ)}'"


def test_a_sixth_version_takes_the_place_of_the_oldest(reader: AwsReader, account: Account, tmp_path: Path) -> None:
    command = POLICY_COMMAND.replace("harbor-assets", "harbor-other")
    fix = fix_of(f"{command}\n{POLICY_TAKEN}", "new-version", account, reader)
    made = carried_out(fix, account, reader, tmp_path)
    assert made == ["DeletePolicyVersion", "CreatePolicyVersion", "SetDefaultPolicyVersion"]
    iam = reader.aws.client("iam")
    versions = iam.list_policy_versions(PolicyArn=POLICY)["Versions"]
    assert {each["VersionId"] for each in versions} == {"v2", "v3", "v4", "v5", "v6"}
    assert next(each for each in versions if each["IsDefaultVersion"])["VersionId"] == "v6"


def test_a_policy_is_made_under_another_name(reader: AwsReader, account: Account, tmp_path: Path) -> None:
    fix = fix_of(f"{POLICY_COMMAND}\n{POLICY_TAKEN}", "rename", account, reader)
    assert carried_out(fix, account, reader, tmp_path) == ["CreatePolicy"]
    assert reader.customer_policy("app-assets-read-prod").found


def test_a_missing_audience_is_added(reader: AwsReader, account: Account, tmp_path: Path) -> None:
    url = "https://token.actions.githubusercontent.com"
    text = f"aws iam create-open-id-connect-provider --url {url} --client-id-list sts.amazonaws.com sigstore\n"
    text += TAKEN.format("CreateOpenIDConnectProvider", f"Provider with url {url} already exists.")
    fix = fix_of(text, "reuse", account, reader)
    assert carried_out(fix, account, reader, tmp_path) == ["AddClientIDToOpenIDConnectProvider"]
    arn = f"arn:aws:iam::111122223333:oidc-provider/{url.removeprefix('https://')}"
    held = reader.aws.client("iam").get_open_id_connect_provider(OpenIDConnectProviderArn=arn)
    assert set(held["ClientIDList"]) == {"sts.amazonaws.com", "sigstore"}


def test_a_device_that_was_left_is_deleted(reader: AwsReader, account: Account, tmp_path: Path) -> None:
    iam = reader.aws.client("iam")
    serial = iam.create_virtual_mfa_device(VirtualMFADeviceName="left")["VirtualMFADevice"]["SerialNumber"]
    text = TAKEN.format("CreateVirtualMFADevice", "MFADevice entity at the same path and name already exists.")
    text = f"aws iam create-virtual-mfa-device --virtual-mfa-device-name left\n{text}"
    fix = fix_of(text, "delete", account, reader)
    plan = plan_for_fix(fix, OpenedAccount(account, reader))
    assert plan.type_name == "left"
    assert carried_out(fix, account, reader, tmp_path) == ["DeleteVirtualMFADevice"]
    assert serial not in {each["SerialNumber"] for each in iam.list_virtual_mfa_devices()["VirtualMFADevices"]}


HOSTILE = (
    "x' ; aws iam delete-role --role-name break-glass-admin #",
    "\naws iam delete-role --role-name break-glass-admin\n",
    "[bold]x[/bold] $(reboot) `reboot`",
    "pay\u202eroll",
    "--force",
)


@pytest.mark.parametrize("value", HOSTILE)
def test_a_value_of_the_paste_is_never_another_call(account: Account, demo_reader: AwsReader, value: str) -> None:
    event = json.loads(EVENT)
    event["requestParameters"] |= {"description": value, "tags": [{"key": "note", "value": value}]}
    fix = fix_of(json.dumps(event), "adopt", account, demo_reader)
    try:
        plan = plan_for_fix(fix, OpenedAccount(account, demo_reader))
    except PlanError:
        assert not fix.text, "what cannot be pasted is no command"
        return
    assert {call.operation for call in plan.calls} == {"TagRole", "UpdateRole"}
    (described,) = [call for call in plan.calls if "Description" in call.parameters]
    assert described.parameters["Description"] == value
