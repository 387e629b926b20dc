"""Plans in other languages, each carried out or read by something that is not its writer."""

from __future__ import annotations

import json
import shlex
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from botocore.session import Session as CoreSession

from diagnostics.text.templates.hcl import Reference, resources
from iam.account import Account, InlinePolicy
from iam.changes.builders.policies import add_audience, new_version
from iam.changes.builders.roles import delete_role
from iam.changes.cli_names import cli_name
from iam.changes.export.cli import FORMATS, cli_words, to_cli, to_cloudformation, to_json, to_terraform, written
from iam.changes.operations.operation import ParameterKind
from iam.changes.operations.table import OPERATIONS
from iam.changes.plan import Call, Plan, PlanError, make_plan, plan_from_value, plan_to_value
from iam.creation.plan import create_role
from iam.creation.spec import NewPolicy, RoleSpec
from iam.policy.document import Document
from tests.support.accounts.documents import READ, policy, trust
from tests.support.changes.applied import state_of
from tests.support.driving.aws_cli import run_script
from tests.support.gate.let_through import apply

if TYPE_CHECKING:
    from iam.demo.aws.world import World
    from iam.sources.aws.reader import AwsReader

NASTY = 'a\'b "c" $(touch /tmp/pwned) `id` ${x} %{y} \\ ; & é'
VARIABLES = policy(
    {"Effect": "Allow", "Action": "s3:GetObject", "Resource": 'arn:aws:s3:::b/${aws:username}/%{x}/it\'s"quoted"\\n'}
)


@pytest.fixture
def full(spec: RoleSpec) -> RoleSpec:
    return replace(
        spec,
        description=NASTY,
        tags={"team": "ferry", "a=b c": "x:y/z@w +"},
        inline=(*spec.inline, InlinePolicy("own.prefix=1,2", VARIABLES)),
        new_policies=(NewPolicy("thumbnails", READ, "/app/"),),
    )


def applied(plan: Plan, world: World, directory: Path) -> AwsReader:
    from iam.demo.open import reader

    changed = reader(world)
    list(apply(plan, changed, writable=False, directory=directory))
    return changed


def test_the_cli_script_makes_the_same_role(
    reader: AwsReader, demo_world: World, account: Account, full: RoleSpec, tmp_path: Path
) -> None:
    plan = create_role(full, account)
    twin = demo_world.copy()
    expected = state_of(applied(plan, twin, tmp_path / "journal"), full.name)
    done = run_script(to_cli(plan), demo_world, tmp_path)
    assert done.returncode == 0, done.stderr
    assert state_of(reader, full.name) == expected
    assert expected[6] == NASTY
    assert not Path("/tmp/pwned").exists()


def test_the_cli_script_hands_an_answer_on(
    reader: AwsReader, demo_world: World, account: Account, tmp_path: Path
) -> None:
    held = reader.managed_policy("arn:aws:iam::111122223333:policy/app-assets-read").value
    assert held is not None
    plan = new_version(held, READ.text, account)
    done = run_script(to_cli(plan), demo_world, tmp_path)
    assert done.returncode == 0, done.stderr
    made = reader.managed_policy(held.arn).value
    assert made is not None
    assert made.default_version_id == "v6"
    assert made.document == READ


def test_the_cli_script_refuses_another_account_s_credentials(
    reader: AwsReader, demo_world: World, account: Account, spec: RoleSpec, tmp_path: Path
) -> None:
    plan = replace(create_role(spec, account), account_id="444455556666")
    done = run_script(to_cli(plan), demo_world, tmp_path)
    assert done.returncode == 1
    assert "444455556666" in done.stderr
    assert reader.role(spec.name).absent


def test_the_cli_script_stops_where_it_fails(
    reader: AwsReader, demo_world: World, account: Account, spec: RoleSpec, tmp_path: Path
) -> None:
    plan = create_role(replace(spec, attached=("arn:aws:iam::111122223333:policy/missing",)), account)
    done = run_script(to_cli(plan), demo_world, tmp_path)
    assert done.returncode != 0
    assert reader.role(spec.name).found
    assert reader.instance_profile(spec.name).absent


def test_operations_and_options_are_those_of_the_api() -> None:
    models = {service: CoreSession().get_service_model(service) for service in ("iam", "ec2")}
    from botocore import xform_name

    for operation, record in OPERATIONS.items():
        model = models[record.service]
        shape = model.operation_model(operation).input_shape
        assert cli_name(operation) == xform_name(operation, "-")
        assert set(record.parameters) <= set(shape.members)
        assert set(shape.required_members) <= set(record.required) <= set(record.parameters)
        assert record.optional <= set(record.parameters)
        for name, kind in record.parameters.items():
            assert cli_name(name) == xform_name(name, "-")
            types = {
                ParameterKind.NUMBER: "integer",
                ParameterKind.FLAG: "boolean",
                ParameterKind.LIST: "list",
                ParameterKind.TAGS: "list",
                ParameterKind.PROFILE: "structure",
            }
            assert shape.members[name].type_name == types.get(kind, "string")


def test_a_value_that_begins_with_a_dash_is_no_option(account: Account, spec: RoleSpec) -> None:
    plan = create_role(replace(spec, description="--help"), account)
    assert "--description=--help" in to_cli(plan)
    words = cli_words(plan.calls[0])
    assert words[words.index("--description") + 1] == "--help"


def test_a_value_that_the_cli_would_open_is_refused(account: Account, spec: RoleSpec) -> None:
    plan = create_role(replace(spec, description="file:///etc/passwd"), account)
    with pytest.raises(PlanError, match="file://"):
        to_cli(plan)


def test_foreign_text_cannot_end_a_comment(account: Account) -> None:
    call = Call("DeleteRole", {"RoleName": "x"}, "Delete\nrm -rf /\r\u202e the role.")
    plan = make_plan("title\nrm -rf /", "one\ntwo", [call], warnings=["three\nfour"])
    for line in to_cli(plan).splitlines():
        assert line.startswith(("#", "set ", "aws ", "if ", "  ", "fi")) or not line


# Terraform.


def test_terraform_says_the_same(account: Account, full: RoleSpec) -> None:
    plan = create_role(full, account)
    text = to_terraform(plan)
    assert "$${aws:username}" in text
    assert "%%{x}" in text
    blocks = resources(text)
    assert [block.labels[0] for block in blocks] == [
        "aws_iam_policy",
        "aws_iam_role",
        *["aws_iam_role_policy"] * 2,
        *["aws_iam_role_policy_attachment"] * 3,
        "aws_iam_instance_profile",
    ]
    role = blocks[1].attributes
    assert role["name"] == full.name
    assert role["path"] == "/app/"
    assert role["max_session_duration"] == 7200
    assert role["tags"] == dict(full.tags)
    assert json.loads(role["assume_role_policy"]) == full.trust.value
    assert blocks[6].attributes["policy_arn"] == Reference("aws_iam_policy.thumbnails.arn")
    assert blocks[7].attributes["role"] == Reference("aws_iam_role.thumbnail-worker.name")
    # Every string of it is a quoted template without a live interpolation.
    plain = text.replace("$${", "").replace("%%{", "")
    assert "${" not in plain
    assert "%{" not in plain


def test_labels_are_told_apart(account: Account, spec: RoleSpec) -> None:
    two = replace(spec, inline=(InlinePolicy("a.b", READ), InlinePolicy("a=b", READ)), instance_profile=None)
    text = to_terraform(create_role(two, account))
    assert '"aws_iam_role_policy" "thumbnail-worker_a_b"' in text
    assert '"aws_iam_role_policy" "thumbnail-worker_a_b_2"' in text


# CloudFormation.

_TYPES = {
    "AWS::IAM::Role": {
        "RoleName",
        "Path",
        "Description",
        "AssumeRolePolicyDocument",
        "MaxSessionDuration",
        "PermissionsBoundary",
        "Tags",
        "Policies",
        "ManagedPolicyArns",
    },
    "AWS::IAM::ManagedPolicy": {"ManagedPolicyName", "Path", "Description", "PolicyDocument"},
    "AWS::IAM::InstanceProfile": {"InstanceProfileName", "Path", "Roles"},
}


def test_cloudformation_says_the_same(account: Account, full: RoleSpec) -> None:
    plan = create_role(full, account)
    text = to_cloudformation(plan)
    assert text.isascii()
    template = yaml.safe_load(text)
    assert template["AWSTemplateFormatVersion"] == "2010-09-09"
    for logical, resource in template["Resources"].items():
        assert logical.isalnum()
        assert set(resource["Properties"]) <= _TYPES[resource["Type"]]
    role = template["Resources"]["ThumbnailWorkerRole"]["Properties"]
    assert role["Description"] == NASTY
    assert role["AssumeRolePolicyDocument"] == full.trust.value
    assert role["AssumeRolePolicyDocument"]["Version"] == "2012-10-17"
    assert [each["PolicyDocument"] for each in role["Policies"]] == [READ.value, VARIABLES.value]
    assert role["ManagedPolicyArns"] == [*full.attached, {"Ref": "ThumbnailsPolicy"}]
    assert {each["Key"]: each["Value"] for each in role["Tags"]} == dict(full.tags)
    profile = template["Resources"]["ThumbnailWorkerInstanceProfile"]["Properties"]
    assert profile["Roles"] == [{"Ref": "ThumbnailWorkerRole"}]


# What cannot be said, and JSON.


def test_declarations_cannot_take_away(reader: AwsReader, account: Account) -> None:
    role = reader.role("web-frontend-ec2").value
    assert role is not None
    plan = delete_role(role, account)
    for form in ("terraform", "cloudformation"):
        with pytest.raises(PlanError, match="declares the intended state"):
            written(plan, form)
    assert "delete-role --role-name web-frontend-ec2" in to_cli(plan)


def test_a_profile_that_is_there_has_to_be_imported(account: Account, spec: RoleSpec) -> None:
    plan = create_role(replace(spec, instance_profile="batch-runner"), account)
    assert "create-instance-profile" not in to_cli(plan)
    for form in ("terraform", "cloudformation"):
        with pytest.raises(PlanError, match="import it"):
            written(plan, form)


@pytest.mark.parametrize("form", FORMATS)
def test_every_form_is_text_that_ends(account: Account, spec: RoleSpec, form: str) -> None:
    text = written(create_role(spec, account), form)
    assert text.endswith("\n")
    assert "\x1b" not in text


def test_json_gives_the_same_plan_back(account: Account, full: RoleSpec) -> None:
    plan = create_role(full, account)
    value = json.loads(json.dumps(to_json(plan)))
    assert [call["operation"] for call in value["calls"]] == [call.operation for call in plan.calls]
    assert value["calls"][1]["undo"]["operation"] == "DeleteRole"
    assert plan_from_value(value["plan"]) == plan
    assert plan_from_value(json.loads(json.dumps(plan_to_value(plan)))) == plan


@pytest.mark.parametrize(
    "value", [{}, {"id": 1}, {"id": "x", "title": "", "sentence": "", "calls": [{"operation": "DeleteUser"}]}, []]
)
def test_what_is_no_plan_is_refused(value: Any) -> None:
    with pytest.raises(PlanError):
        plan_from_value(value)


def test_only_known_calls_can_be_planned() -> None:
    with pytest.raises(PlanError, match="cannot contain"):
        make_plan("x", "x", [Call("CreateAccessKey", {"UserName": "x"}, "x")])
    with pytest.raises(PlanError, match="has no parameter"):
        make_plan("x", "x", [Call("DeleteRole", {"RoleName": "x", "Force": True}, "x")])
    with pytest.raises(PlanError, match="needs RoleName"):
        make_plan("x", "x", [Call("DeleteRole", {}, "x")])


def test_an_audience_is_added_by_the_script(
    reader: AwsReader, demo_world: World, account: Account, tmp_path: Path
) -> None:
    provider = (account.oidc_providers or ())[0]
    plan = add_audience(provider, "it's new", account)
    assert shlex.split(to_cli(plan).splitlines()[-4])[-1] == "it's new"
    done = run_script(to_cli(plan), demo_world, tmp_path)
    assert done.returncode == 0, done.stderr
    changed = reader.oidc_provider(provider.arn).value
    assert changed is not None
    assert "it's new" in (changed.client_ids or ())


def test_a_document_that_cannot_be_read_is_not_declared(account: Account, spec: RoleSpec) -> None:
    plan = create_role(spec, account)
    broken = replace(plan.calls[0], parameters={**plan.calls[0].parameters, "AssumeRolePolicyDocument": "{"})
    for form in ("terraform", "cloudformation"):
        with pytest.raises(PlanError, match="cannot be declared"):
            written(replace(plan, calls=(broken,)), form)


def test_trusts_are_kept_as_written(account: Account, spec: RoleSpec) -> None:
    text = trust().text
    assert Document(text) == spec.trust
    assert text in to_cli(create_role(spec, account))
