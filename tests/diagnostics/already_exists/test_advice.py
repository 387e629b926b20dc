"""What the advice says and does: changes, order of calls, limits, and what is never done."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from diagnostics.already_exists.words import value_of
from diagnostics.diagnosis import Status
from diagnostics.failure import Conflict
from diagnostics.fix import Advice, Calls, FixKind
from diagnostics.who import Who
from iam.account import AttachedPolicy, InlinePolicy
from iam.event import Event
from iam.other_services import StackResource
from iam.policy.decision import Outcome
from iam.policy.document import Document
from iam.simulator import SimulationRequest, SimulationResult
from tests.support.accounts.conflict_memory import (
    ID,
    NOW,
    account,
    ago,
    arn,
    asleep,
    event,
    group,
    oidc,
    permissions,
    policy,
    profile,
    role,
    trust,
    user,
)
from tests.support.driving.conflict_run import first_word, run, stack, taken


def document(*statements: dict[str, Any]) -> Document:
    return Document(json.dumps({"Version": "2012-10-17", "Statement": list(statements)}))


def lets(service: str, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole", **more}


def create(trust_policy: Document | str, *options: str, name: str = "tide") -> Conflict:
    text = trust_policy if isinstance(trust_policy, str) else trust_policy.text
    command = f"aws iam create-role --role-name {name} --assume-role-policy-document '{text}' {' '.join(options)}"
    return taken("role", name, "CreateRole", f"{command}\nEntityAlreadyExists: Role with name {name} already exists.")


LAMBDA = document(lets("lambda.amazonaws.com"))


def test_the_same_role_is_adopted_with_nothing_to_do() -> None:
    reordered = Document('{"Statement": {"Action": ["sts:assumerole"], "Sid": "x", "Effect": "Allow", '
                         '"Principal": {"Service": ["lambda.amazonaws.com"]}}, "Version": "2012-10-17"}')  # fmt: skip
    steps, verdict, fixes = run(create(LAMBDA), account(roles=(role("tide", trust=reordered),)))
    assert (steps["wanted"].status, verdict.cause) == (Status.PASS, "name.taken")
    assert fixes[0].title.startswith("adopt: nothing to do")
    assert fixes[0].text == ""


def test_differences_become_commands_that_keep_what_is_there() -> None:
    wanted = document(lets("lambda.amazonaws.com"), lets("edgelambda.amazonaws.com"))
    boundary = arn("policy/Fence")
    options = ("--tags Key=team,Value=sea", f"--permissions-boundary {boundary}", "--max-session-duration 7200",
               "--description 'reads tides'")  # fmt: skip
    there = role("tide", trust=trust("lambda.amazonaws.com", AWS=arn("role/keeper")), tags={"env": "prod"})
    steps, _, fixes = run(create(wanted, *options), account(roles=(there,)))
    assert steps["wanted"].status is Status.FAIL
    assert first_word(fixes[0]) == "adopt"
    assert fixes[0].kind is FixKind.COMMAND
    lines = fixes[0].text.splitlines()
    assert [line.split()[2] for line in lines] == [
        "update-assume-role-policy",
        "put-role-permissions-boundary",
        "tag-role",
        "update-role",
    ]
    # What is not sent would be set back: both in one call.
    assert lines[-1].endswith("--description 'reads tides' --max-session-duration 7200")
    assert fixes[0].before == there.trust
    after = value_of(fixes[0].after)
    assert after["Statement"][0] == value_of(there.trust)["Statement"][0]
    assert len(after["Statement"]) == 3


def test_a_role_for_something_else_is_left_alone() -> None:
    _, _, fixes = run(create(document(lets("ec2.amazonaws.com"))), account(roles=(role("tide"),)))
    assert [first_word(fix) for fix in fixes[:2]] == ["rename", "adopt"]
    assert not fixes[1].text


GUARDED = document(
    {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::999988887777:root"},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"sts:ExternalId": "x"}},
    }
)


@pytest.mark.parametrize(
    ("there", "wanted"),
    [
        (
            GUARDED,
            {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::999988887777:root"}, "Action": "sts:AssumeRole"},
        ),
        (LAMBDA, {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}),
        (LAMBDA, {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}),
    ],
)
def test_trust_is_not_loosened(there: Document, wanted: dict[str, Any]) -> None:
    both = document(lets("lambda.amazonaws.com"), wanted)
    existing = document(*value_of(there)["Statement"], lets("lambda.amazonaws.com"))
    _, _, fixes = run(create(both), account(roles=(role("tide", trust=existing),)))
    assert "update-assume-role-policy" not in "".join(fix.text for fix in fixes)
    assert "stays" in fixes[0].cautions[0]


def test_another_boundary_and_administrator_access_are_not_put_on() -> None:
    text = create(LAMBDA, f"--permissions-boundary {arn('policy/Wide')}").text
    text += "\naws iam attach-role-policy --role-name tide --policy-arn arn:aws:iam::aws:policy/AdministratorAccess"
    everything = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'
    text += f"\naws iam put-role-policy --role-name tide --policy-name all --policy-document '{everything}'"
    there = role("tide", boundary_arn=arn("policy/Fence"))
    _, _, fixes = run(taken("role", "tide", "CreateRole", text), account(roles=(there,)))
    assert not any(line.startswith("aws") for fix in fixes for line in fix.text.splitlines())
    told = "; ".join(fixes[0].cautions)
    assert "boundary stays: another permissions boundary is set" in told
    assert "AdministratorAccess stays: it allows everything" in told


def test_what_a_stack_owns_is_changed_only_there() -> None:
    wanted = document(lets("lambda.amazonaws.com"), lets("edgelambda.amazonaws.com"))
    _, verdict, fixes = run(create(wanted), account(roles=(role("tide"),)), stacks=(stack("sea", "tide"),))
    assert "stack sea" in verdict.summary
    assert (fixes[0].who, fixes[0].kind) == (Who.RESOURCE_OWNER, FixKind.NOTE)
    assert "stack sea" in fixes[0].title


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"tags": {"terraform": "true"}}, "Terraform"),
        ({"tags": {"managed-by": "Pulumi"}}, "Pulumi"),
        ({"tags": {"aws-cdk:id": "x"}}, "AWS CDK"),
        ({"source_template": "arn:aws:iam::aws:role-template/x"}, "role manager"),
    ],
)
def test_marks_of_tools_are_owners(more: dict[str, Any], words: str) -> None:
    steps, _, fixes = run(taken("role", "tide"), account(roles=(asleep("tide", **more),)))
    assert words in steps["owner"].summary
    assert words in fixes[0].title
    assert "delete" not in [first_word(fix) for fix in fixes]


@pytest.mark.parametrize(
    ("name", "tool"),
    [
        ("cdk-hnb659fds-deploy-role-210987654321-eu-west-1", "AWS CDK"),
        ("SeaStack-GaugeServiceRole1A2B3C4D-1JK8X9QZ0W2E", "AWS CDK"),
        ("sea-prod-GaugeRole-1JK8X9QZ0W2EF", "CloudFormation"),
        ("eksctl-sea-nodegroup-NodeInstanceRole", "eksctl"),
        ("tide-20240301123456789012345678", "Terraform"),
        ("orders-api-lambda", None),
        ("AmazonEKS_EBS_CSI_DriverRole", None),
        ("gha-deploy-storefront", None),
    ],
)
def test_names_that_tools_make_up(name: str, tool: str | None) -> None:
    steps, _, _ = run(taken("role", name), account(roles=(asleep(name),)))
    assert (tool is None) == ("no sign of a tool" in steps["owner"].summary)
    assert (tool or "") in steps["owner"].summary


def test_who_made_it_and_with_what() -> None:
    made = event("CreateRole", ago(days=2), "ci", "APN/1.0 HashiCorp/1.0 Terraform/1.9.0")
    seen = account(roles=(role("tide", created=ago(days=2, minutes=-1)),))
    steps, _, _ = run(taken("role", "tide"), seen, trail=(made,))
    assert "Terraform" in steps["owner"].summary
    assert "CreateRole 2 days ago by ci" in steps["owner"].summary
    refused = event("CreateRole", ago(days=1), "eve", "aws-cli/2", errorCode="EntityAlreadyExistsException")
    for failed in (refused, replace(refused, detail=None)):  # a file does not tell that it failed: its time does
        steps, _, _ = run(taken("role", "tide"), seen, trail=(failed, made))
        assert "eve" not in steps["owner"].summary


def test_ones_own_earlier_try_is_recognized() -> None:
    mine = account(roles=(role("tide", created=ago(minutes=3)),), caller_arn=f"arn:aws:iam::{ID}:user/jo")
    _, verdict, fixes = run(taken("role", "tide"), mine, trail=(event("CreateRole", ago(minutes=3)),))
    assert "your own call created it 3 minutes ago" in verdict.summary
    assert first_word(fixes[0]) == "adopt"


def test_what_was_wanted_is_read_from_the_recorded_call() -> None:
    parameters = {"roleName": "tide", "path": "/new/", "assumeRolePolicyDocument": LAMBDA.text}
    refused = event(
        "CreateRole", ago(minutes=1), errorCode="EntityAlreadyExistsException", requestParameters=parameters
    )
    steps, verdict, _ = run(
        taken("role", "tide", "CreateRole"), account(roles=(role("tide", "/sea/"),)), trail=(refused,)
    )
    assert verdict.cause == "name.taken-other-path"
    assert "CloudTrail recorded" in steps["wanted"].summary


@pytest.mark.parametrize(
    ("versions", "default", "gone"), [(4, 4, None), (5, 5, "v1"), (5, 1, "v2"), (5, 3, "v1"), (1, 1, None)]
)
def test_a_new_version_within_the_limit_of_five(versions: int, default: int, gone: str | None) -> None:
    wanted = permissions("s3:PutObject").text
    text = (
        f"aws iam create-policy --policy-name read --policy-document '{wanted}'\nA policy called read already exists."
    )
    seen = account(policies=(policy("read", versions=versions, default=default),))
    _, _, fixes = run(taken("policy", "read", "CreatePolicy", text), seen)
    lines = fixes[0].text.splitlines()
    assert first_word(fixes[0]) == "new-version"
    assert [line.split("--version-id ")[-1] for line in lines[:-1]] == ([gone] if gone else [])
    assert lines[-1].startswith(
        f"aws iam create-policy-version --policy-arn {arn('policy/read')} --policy-document '{{"
    )
    assert lines[-1].endswith("--set-as-default")
    assert fixes[0].after is not None


def test_a_policy_that_says_what_was_wanted_is_adopted() -> None:
    seen = account(policies=(policy("read"),))
    text = (
        f"aws iam create-policy --policy-name read --policy-document '{permissions(resource='arn:aws:s3:::v1/*').text}'"
    )
    _, verdict, fixes = run(taken("policy", "read", "CreatePolicy", text), seen)
    assert (verdict.cause, first_word(fixes[0])) == ("policy.taken", "adopt")


def test_a_policy_in_use_says_for_whom_a_new_version_holds() -> None:
    holder = role("keeper", attached=(AttachedPolicy("read", arn("policy/read")),))
    fenced = role("fenced", boundary_arn=arn("policy/read"))
    steps, _, fixes = run(taken("policy", "read"), account(roles=(holder, fenced), policies=(policy("read"),)))
    assert "role keeper" in fixes[0].cautions[0]
    assert "boundary of role fenced" in steps["use"].summary


def test_only_what_nothing_uses_and_nobody_owns_may_go() -> None:
    crew, read = group("crew"), policy("read", versions=2)
    for kind, there in (("group", crew), ("policy", read)):
        seen = account(groups=(crew,), policies=(read,))
        _, _, fixes = run(taken(kind, there.name), seen)
        assert [first_word(fix) for fix in fixes][-1] == "delete"
        assert fixes[-1].text.splitlines()[-1].startswith(f"aws iam delete-{kind} ")
        owned = StackResource("sea", "CREATE_COMPLETE", "x", there.name if kind == "group" else there.arn)
        used = replace(seen, users=(user("jo", groups=("crew",), attached=(AttachedPolicy("read", read.arn),)),))
        for others, reader in (
            (seen, {"denied": frozenset({"stack_resources"})}),
            (seen, {"denied": frozenset({"events"})}),
            (seen, {"stacks": (owned,)}),
            (used, {}),
        ):
            _, _, fixes = run(taken(kind, there.name), others, **reader)
            assert "delete" not in [first_word(fix) for fix in fixes]


def test_a_missing_audience_is_added() -> None:
    url = "tokens.example/id"
    text = f"aws iam create-open-id-connect-provider --url https://{url} --client-id-list sts sea\nalready exists"
    seen = account(
        oidc_providers=(oidc(url, "sts"),),
        roles=(role("ci", trust=trust(Federated=arn(f"oidc-provider/{url}"))),),
    )
    steps, _, fixes = run(taken("oidc-provider", f"https://{url}", "CreateOpenIDConnectProvider", text), seen)
    assert fixes[0].text == (
        "aws iam add-client-id-to-open-id-connect-provider "
        f"--open-id-connect-provider-arn {arn(f'oidc-provider/{url}')} --client-id sea"
    )
    assert "role ci" in steps["use"].summary
    _, _, fixes = run(taken("oidc-provider", url, "CreateOpenIDConnectProvider", text.replace(" sea", "")), seen)
    assert fixes[0].text == ""
    assert first_word(fixes[0]) == "reuse"


def test_an_empty_profile_is_filled_with_the_role_that_was_wanted() -> None:
    text = "aws iam add-role-to-instance-profile --instance-profile-name 'b uoy' --role-name tide already exists"
    seen = account(roles=(role("Tide"),), instance_profiles=(profile("b uoy"),))
    _, _, fixes = run(taken("instance-profile", "b uoy", "AddRoleToInstanceProfile", text), seen)
    assert fixes[0].text == "aws iam add-role-to-instance-profile --instance-profile-name 'b uoy' --role-name Tide"


@pytest.mark.parametrize("there", [True, False])
def test_a_role_that_is_guessed_from_the_profile_s_name_is_said_to_be(there: bool) -> None:
    seen = account(roles=(role("buoy"),) if there else (role("x"),), instance_profiles=(profile("buoy"),))
    _, _, fixes = run(taken("instance-profile", "buoy", "CreateInstanceProfile"), seen)
    assert fixes[0].title.endswith("intended role, perhaps buoy")
    assert "The text names no role: buoy is a guess from the profile's name" in fixes[0].cautions
    assert not isinstance(fixes[0].change, Calls)  # a guess is no plan


def test_a_new_version_keeps_the_path() -> None:
    text = (
        "aws iam create-policy --policy-name read-tides --path /team/ --policy-document "
        f"'{document(lets('ec2.amazonaws.com')).text}'\nA policy called read-tides already exists."
    )
    for path, said in (("/", True), ("/team/", False)):
        seen = account(policies=(policy("read-tides", path),))
        _, _, fixes = run(taken("policy", "read-tides", "CreatePolicy", text), seen)
        assert any(each.startswith("the policy keeps its path /, not /team/") for each in fixes[0].cautions) is said


def test_who_may_do_it_is_asked_of_the_simulator() -> None:
    asked: list[SimulationRequest] = []

    class Simulator:
        def simulate(self, request: SimulationRequest) -> SimulationResult:
            asked.append(request)
            return SimulationResult(Outcome.IMPLICIT_DENY)

    seen = account(instance_profiles=(profile("buoy"),), caller_arn=f"arn:aws:sts::{ID}:assumed-role/reader/jo")
    _, _, fixes = run(taken("instance-profile", "buoy"), seen, simulator_=Simulator())
    assert fixes[0].who is Who.ACCOUNT_ADMIN
    assert (asked[0].principal_arn, asked[0].action) == (arn("role/reader"), "iam:AddRoleToInstanceProfile")


def test_a_services_own_deletion_is_watched_by_its_task() -> None:
    name, task = "AWSServiceRoleForSea", "task/aws-service-role/sea.amazonaws.com/AWSServiceRoleForSea/1"
    seen = account(roles=(role(name, "/aws-service-role/sea.amazonaws.com/"),))
    asked = Event("DeleteServiceLinkedRole", ago(minutes=2), "jo", (name,), None, json.dumps(
        {"eventName": "DeleteServiceLinkedRole", "responseElements": {"deletionTaskId": task}}))  # fmt: skip
    _, verdict, fixes = run(taken("service-linked-role", name), seen, trail=(asked,), deletions={name: "NOT_STARTED"})
    assert (verdict.cause, first_word(fixes[0])) == ("deletion.unfinished", "wait")
    assert fixes[0].text == f"aws iam get-service-linked-role-deletion-status --deletion-task-id {task}"
    _, verdict, fixes = run(taken("service-linked-role", name), seen, deletions={name: "SUCCEEDED"})
    assert verdict.cause == "role.service-owned"


def test_two_stacks_cannot_have_one_role() -> None:
    owner = "arn:aws:cloudformation:eu-west-1:1:stack/sea/9"
    text = f"CREATE_FAILED | AWS::IAM::Role | Gauge | tide already exists in stack {owner}"
    conflict = Conflict(text, None, "role", "tide", "CreateRole", owner)
    _, verdict, fixes = run(conflict, account(roles=(role("tide"),)))
    assert "stack sea" in verdict.summary
    assert first_word(fixes[0]) == "rename"
    assert "leave the name out of the template" in fixes[0].cautions[0]


@pytest.mark.parametrize(
    ("text", "limit", "words"),
    [
        ("Cannot exceed quota for RolesPerAccount: 1000", 1000, ("L-FE177D64", "--desired-value 1200")),
        ("Cannot exceed quota for RolesPerAccount: 9000", 9000, ("--desired-value 10000",)),
        ("Cannot exceed quota for InstanceProfilesPerAccount: 1000", 1000, ("L-6E65F664",)),
        ("Cannot exceed quota for PoliciesPerAccount: 1500", 1500, ("L-E95E4862",)),
        ("Cannot exceed quota for PoliciesPerRole: 20", 20, ("L-0DA4ABF3", "--desired-value 24")),
        ("Cannot exceed quota for PoliciesPerUser: 10", 10, ("L-4019AD8B",)),
        ("Cannot exceed quota for GroupsPerAccount: 300", 300, ("L-F4A5425F",)),
        ("Cannot exceed quota for ACLSizePerRole: 2048", 2048, ("L-C07B4B0D",)),
        ("Cannot exceed quota for OpenIdConnectProvidersPerAccount: 100", 100, ("L-858F3967",)),
    ],
)
def test_more_of_a_quota_is_asked_for(text: str, limit: int, words: tuple[str, ...]) -> None:
    conflict = Conflict(f"(LimitExceeded) when calling CreateRole: {text}", "LimitExceeded", None, None, "CreateRole")
    steps, verdict, fixes = run(conflict, account(summary={}))
    assert verdict.cause == "quota.reached"
    assert first_word(fixes[0]) == "request-quota"
    assert str(limit) in steps["quota"].summary
    for word in (*words, "--service-code iam", "--region us-east-1"):
        assert word in fixes[0].text


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        ("Cannot exceed quota for RolesPerAccount: 1000", {"Roles": 32, "RolesQuota": 1000}),
        ("Cannot exceed quota for PoliciesPerAccount: 1500", {"Policies": 7, "PoliciesQuota": 1500}),
        ("Cannot exceed quota for GroupsPerAccount: 300", {"Groups": 299, "GroupsQuota": 300}),
        ("Cannot exceed quota for UsersPerAccount: 5000", {"Users": 12, "UsersQuota": 5000}),
    ],
)
def test_nothing_is_raised_or_deleted_where_the_account_has_room(text: str, summary: dict[str, int]) -> None:
    conflict = Conflict(f"(LimitExceeded) when calling CreateRole: {text}", "LimitExceeded", None, None, "CreateRole")
    _, verdict, fixes = run(conflict, account(summary=summary))
    used, limit = summary.values()
    assert (verdict.cause, f"{used} of {limit}" in verdict.summary) == ("quota.reached", True)
    assert [fix.advice for fix in fixes] == [Advice.LEAVE] and "try again" in fixes[0].title


def test_more_is_asked_for_where_the_account_is_full() -> None:
    text = "(LimitExceeded) when calling CreateRole: Cannot exceed quota for RolesPerAccount: 1000"
    seen = account(summary={"Roles": 1000, "RolesQuota": 1000})
    _, _, fixes = run(Conflict(text, "LimitExceeded", None, None, "CreateRole"), seen)
    assert fixes[0].advice is Advice.REQUEST_QUOTA


@pytest.mark.parametrize(
    "text",
    [
        "Cannot exceed quota for RolesPerAccount: 10000",
        "Cannot exceed quota for PolicySize: 6144",
        "Cannot exceed quota for PoliciesPerGroup: 10",
        "Cannot exceed quota for UsersPerAccount: 5000",
        "Cannot exceed quota for ServerCertificatesPerAccount: 20",
        "Maximum policy size of 10240 bytes exceeded for role tide",
        "A managed policy can have up to 5 versions. Before you create a new version, you must delete one.",
    ],
)
def test_a_quota_that_cannot_grow_is_not_asked_for(text: str) -> None:
    conflict = Conflict(f"(LimitExceeded) when calling X: {text}", "LimitExceeded", None, None, "CreateRole")
    _, verdict, fixes = run(conflict, account(summary={}))
    assert (verdict.cause, first_word(fixes[0])) == ("quota.reached", "leave")


def test_a_user_is_shown_with_what_makes_it_used() -> None:
    marek = user("marek", groups=("crew",))
    steps, _, fixes = run(taken("user", "marek"), account(users=(marek,)), passwords=("marek",))
    assert "console password" in steps["use"].summary
    assert "delete" not in [first_word(fix) for fix in fixes]


def test_terraform_gets_an_import_for_what_nobody_owns() -> None:
    text = (
        "│ Error: creating IAM Role (tide): EntityAlreadyExists: Role with name tide already exists.\n"
        '│   with module.sea["a b"].aws_iam_role.tide,\n'
    ).replace('["a b"]', "")
    _, _, fixes = run(taken("role", "tide", "CreateRole", text), account(roles=(role("tide", attached=()),)))
    assert fixes[0].text == "terraform import module.sea.aws_iam_role.tide tide"
    assert fixes[0].title == "adopt: import role tide into Terraform, if this is the one you want"
    assert not any("alone" in each for each in fixes[0].cautions)
    held = role("tide", inline=(InlinePolicy("anchors", LAMBDA),))
    _, _, fixes = run(taken("role", "tide", "CreateRole", text), account(roles=(held,)))
    [alone] = [each for each in fixes[0].cautions if "imports only the role" in each]
    assert "inline policy anchors and attachment of ReadTides have resources of their own" in alone
    assert "adopt tide --as terraform" in alone
    owned = account(roles=(role("tide", tags={"managed-by": "terraform"}),))
    _, _, fixes = run(taken("role", "tide", "CreateRole", text), owned)
    assert "import" not in fixes[0].text


def test_no_text_is_too_long_for_a_sentence() -> None:
    name = "x" * 5000
    steps, verdict, fixes = run(taken("role", name), account(roles=(role(name, tags={"k" * 999: "v" * 9999}),)))
    assert len(verdict.summary) < 800
    assert all(len(step.summary) < 1200 for step in steps.values())
    assert all(len(fix.title) < 1200 for fix in fixes)


def test_times_are_the_accounts_own() -> None:
    later = account(roles=(role("tide", created=NOW),), now=NOW + timedelta(days=10))
    steps, _, _ = run(taken("role", "tide"), later)
    assert "made 10 days ago" in steps["entity"].summary
