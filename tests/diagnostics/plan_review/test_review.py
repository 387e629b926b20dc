"""Reviews of plans: escalation paths fail, good policies pass, strangers and policy tests decide."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from diagnostics.plan_review.files.read import read_planned
from diagnostics.plan_review.report import MOST_CHARACTERS, to_annotations, to_json, to_markdown, to_sarif
from diagnostics.plan_review.review import PlanReview, located, review_plan
from diagnostics.policy_tests.read import read_tests
from diagnostics.review.finding import Acceptance
from iam.policy.lint import PolicyKind
from iam.risks.risk import Severity
from tests.support.accounts.plan_files import assembly, pulumi_preview, template, terraform_plan
from tests.support.accounts.questions import (
    ID,
    OTHER,
    allow,
    document,
    managed,
    opened,
    role,
    scps,
    snapshot,
    trust,
    user,
)
from tests.support.accounts.review_cases import ESCALATION_GROUPS, ESCALATION_POLICIES, WAYS, group
from tests.support.gate.pages import PAGES
from tests.support.oracles.plan_gains import Generator, differences

QUEUE_URL = f"https://sqs.eu-west-1.amazonaws.com/{ID}/q"
GUARD = {**scps([allow("*")]), "ResourceControlPolicies": []}


def reviewed(tmp_path: Path, file: Any, before: dict[str, Any] | None = None, **more: Any) -> PlanReview:
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(file), encoding="utf-8")
    account, reader = opened(tmp_path, before or snapshot([], organization=GUARD))
    return review_plan(read_planned(path, account, "eu-west-1"), account, reader, **more)


def rules(review: PlanReview) -> set[str]:
    return {one.rule for one in review.problems() if one.fails}


SLICE = sorted(WAYS)[::7]
"""Of the published paths; `tests.support.oracles.plan_paths` takes all of them."""


@pytest.mark.parametrize("way", SLICE)
def test_an_escalation_path_in_a_plan_fails(tmp_path: Path, way: str) -> None:
    roles, users = WAYS[way]
    before = snapshot([], organization=GUARD, policies=ESCALATION_POLICIES, GroupDetailList=ESCALATION_GROUPS)
    review = reviewed(tmp_path, terraform_plan(roles, users), before)
    assert review.failed and "escalation.path" in rules(review)
    (path,) = (one for one in review.problems() if one.rule == "escalation.path" and one.subject.endswith("/doer"))
    assert any(address.endswith(".doer") for address in path.addresses)


GROUPS = [group("devs", allow("sqs:ListQueues")), group("ops", allow("sns:ListTopics"))]
IDENTITY = [name for name in PAGES if "trust" not in name]


@pytest.mark.parametrize("page", IDENTITY[::4])
def test_a_policy_of_awss_pages_passes(tmp_path: Path, page: str) -> None:
    inline = [{"PolicyName": "page", "PolicyDocument": PAGES[page].value}]
    review = reviewed(tmp_path, terraform_plan([role("app-worker", RolePolicyList=inline)]))
    assert not review.failed, rules(review)


@pytest.mark.parametrize("cdk", [False, True])
def test_gains_and_losses_are_those_of_the_specification(tmp_path: Path, cdk: bool) -> None:
    """A slice of `python -m tests.support.oracles.plan_gains`."""
    count, wrong = differences(Generator(3200 + cdk), tmp_path, cdk=cdk)
    assert count and wrong == []


@pytest.mark.parametrize(
    ("principal", "stranger"),
    [
        ({"AWS": f"arn:aws:iam::{OTHER}:root"}, True),
        ({"AWS": "*"}, True),
        ({"AWS": f"arn:aws:iam::{ID}:root"}, False),
        ({"AWS": "arn:aws:iam::999988887777:root"}, False),  # the organization's management account
        ({"Service": "lambda.amazonaws.com"}, False),
    ],
)
def test_a_strangers_gain_fails(tmp_path: Path, principal: dict[str, str], stranger: bool) -> None:
    plan = terraform_plan([role("app-worker", AssumeRolePolicyDocument=trust(principal))])
    review = reviewed(tmp_path, plan, fail_on=Severity.CRITICAL)
    assert ("stranger" in rules(review)) is stranger


def test_a_condition_on_ones_own_organization_keeps_strangers_out(tmp_path: Path) -> None:
    for organization, stranger in (("o-1", False), ("o-2", True)):
        condition = {"StringEquals": {"aws:PrincipalOrgID": organization}}
        policy = trust({"AWS": "*"}, Condition=condition)
        review = reviewed(tmp_path, terraform_plan([role("app-worker", AssumeRolePolicyDocument=policy)]))
        assert bool(review.strangers) is stranger


@pytest.mark.parametrize(
    ("type", "values", "resource"),
    [
        ("aws_s3_bucket_policy", {"bucket": "b"}, "arn:aws:s3:::b"),
        ("aws_sqs_queue_policy", {"queue_url": QUEUE_URL}, f"arn:aws:sqs:eu-west-1:{ID}:q"),
        ("aws_sns_topic_policy", {"arn": f"arn:aws:sns:eu-west-1:{ID}:t"}, f"arn:aws:sns:eu-west-1:{ID}:t"),
    ],
)  # fmt: skip
def test_a_stranger_in_a_resource_policy_fails(tmp_path: Path, type: str, values: Any, resource: str) -> None:
    action = f"{resource.split(':')[2]}:*"
    given = {"Principal": {"AWS": f"arn:aws:iam::{OTHER}:role/x"}}
    on = f"{resource}/*" if ":s3:" in resource else resource
    text = json.dumps(document({**allow(action, on), **given}))
    review = reviewed(tmp_path, terraform_plan(shared=(type, {**values, "policy": text})))
    assert (resource, f"arn:aws:iam::{OTHER}:role/x") in review.strangers
    assert review.addresses(resource) == (f"{type}.shared",)


def test_a_function_permission_is_a_statement_of_its_policy(tmp_path: Path) -> None:
    for principal, stranger in ((OTHER, True), ("events.amazonaws.com", False)):
        given = {"FunctionName": "f", "Action": "lambda:InvokeFunction", "Principal": principal}
        permission = {"Type": "AWS::Lambda::Permission", "Properties": given}
        review = reviewed(tmp_path, {"Resources": {"Invoke": permission}})
        assert bool(review.strangers) is stranger


@pytest.mark.parametrize(
    ("references", "strangers", "unknown"),
    [
        (["aws_api_gateway_rest_api.api.execution_arn"], False, False),
        (["var.source"], False, True),
        (None, True, False),
    ],
    ids=["a resource of the plan", "a variable", "no source at all"],
)
def test_a_source_that_is_known_only_after_the_change(
    tmp_path: Path, references: list[str] | None, strangers: bool, unknown: bool
) -> None:
    values = {"function_name": "f", "action": "lambda:InvokeFunction", "principal": OTHER}
    plan = terraform_plan(invoke=("aws_lambda_permission", values))
    if references is not None:
        plan["resource_changes"][0]["change"]["after_unknown"] = {"source_arn": True}
        expressions = {"source_arn": {"references": references}}
        plan["configuration"] = {
            "root_module": {"resources": [{"address": "aws_lambda_permission.invoke", "expressions": expressions}]}
        }
    review = reviewed(tmp_path, plan)
    assert bool(review.strangers) is strangers
    assert any("source_arn" in each and "is known only after" in each for each in review.notes) is unknown


def test_other_statements_of_a_function_stay_unknown_where_its_policy_was_not_read(tmp_path: Path) -> None:
    permission = {"function_name": "f", "principal": "events.amazonaws.com", "region": "eu-west-1"}
    plan = terraform_plan(invoke=("aws_lambda_permission", permission))
    arn = f"arn:aws:lambda:eu-west-1:{ID}:function:f"
    review = reviewed(tmp_path, plan)
    assert any(f"It is unknown what else {arn} allows" in each for each in review.notes)
    assert review.applied.reader.resource_policy(arn).value is None
    known = {**snapshot([], organization=GUARD)}
    known["Rolescope"]["ResourcePolicies"] = {
        arn: document({**allow("lambda:InvokeFunction", arn), "Principal": {"AWS": ID}})
    }
    review = reviewed(tmp_path, plan, known)
    assert not any("is unknown what else" in each for each in review.notes)
    after = review.applied.reader.resource_policy(arn).value
    assert after is not None and len(after.statements) == 2


@pytest.mark.parametrize("tool", ["template", "assembly"])
def test_a_nested_stack_beside_its_parent_is_reviewed(tmp_path: Path, tool: str) -> None:
    boss: dict[str, Any] = {
        "Type": "AWS::IAM::Role",
        "Properties": {"AssumeRolePolicyDocument": trust({"AWS": OTHER}), "Policies": []},
    }
    boss["Properties"]["RoleName"] = {"Ref": "Name"}
    (tmp_path / "child.json").write_text(json.dumps({"Parameters": {"Name": {}}, "Resources": {"Boss": boss}}))
    loop = {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "parent.json"}}
    stack: dict[str, Any] = {
        "Type": "AWS::CloudFormation::Stack",
        "Properties": {"Parameters": {"Name": "nested-boss"}},
    }
    if tool == "template":
        stack["Properties"]["TemplateURL"] = "./child.json"
        path = tmp_path / "parent.json"
        path.write_text(json.dumps({"Resources": {"Child": stack, "Loop": loop, "Far": {**loop, "Properties": {
            "TemplateURL": "https://example.s3.amazonaws.com/far.json"}}}}))  # fmt: skip
    else:
        stack["Metadata"] = {"aws:asset:path": "child.json"}
        stack["Properties"]["TemplateURL"] = {"Fn::Sub": "https://s3.amazonaws.com/x"}
        path = assembly(tmp_path, Parent={"Resources": {"Child": stack}})
    account, reader = opened(tmp_path, snapshot([], organization=GUARD))
    review = review_plan(read_planned(path, account, "eu-west-1"), account, reader)
    arn = f"arn:aws:iam::{ID}:role/nested-boss"
    assert arn in {what for what, _ in review.strangers}
    assert "Boss" in review.addresses(arn)[0]
    unread = [each for each in review.notes if "a separate template" in each]
    assert bool(unread) is (tool == "template")  # what is far away, and the loop in the end


@pytest.mark.parametrize("tool", ["terraform", "template"])
def test_who_may_change_a_planned_functions_code_gets_its_role(tmp_path: Path, tool: str) -> None:
    boss = role("app-boss", allow("*"))
    doer = role("app-doer", allow(["lambda:UpdateFunctionCode", "lambda:InvokeFunction"]))
    before = snapshot([boss], organization=GUARD)
    given = {"FunctionName": "jobs", "Role": boss["Arn"]}
    stack = template([doer])
    stack["Resources"]["Jobs"] = {"Type": "AWS::Lambda::Function", "Properties": given}
    plan = terraform_plan([doer], jobs=("aws_lambda_function", {"function_name": "jobs", "role": boss["Arn"]}))
    review = reviewed(tmp_path, plan if tool == "terraform" else stack, before)
    assert ("escalation.path", doer["Arn"]) in {(one.rule, one.subject) for one in review.problems() if one.fails}


def test_only_new_findings_count(tmp_path: Path) -> None:
    wide = role("app-worker", allow("*"))
    before = snapshot([wide], organization=GUARD)
    assert not reviewed(tmp_path, terraform_plan([wide]), before).failed
    assert "permissions.admin" in rules(reviewed(tmp_path, terraform_plan([wide])))


def test_an_accepted_finding_does_not_fail_until_its_day(tmp_path: Path) -> None:
    plan = terraform_plan([role("app-worker", allow("*"))])
    arn = f"arn:aws:iam::{ID}:role/app-worker"
    for day, failed in ((date(2999, 1, 1), False), (date(2020, 1, 1), True)):
        accepted = [Acceptance("permissions.admin", arn, "known", "ops", day)]
        assert ("permissions.admin" in rules(reviewed(tmp_path, plan, accepted=accepted))) is failed


def test_a_failed_policy_test_fails(tmp_path: Path) -> None:
    entry = "tests: [{principal: app-worker, action: 'sqs:SendMessage', expect: denied}]"
    tests = read_tests(entry, "tests.yaml")
    for action, failed in (("sqs:SendMessage", True), ("sqs:ListQueues", False)):
        plan = terraform_plan([role("app-worker", allow(action, f"arn:aws:sqs:eu-west-1:{ID}:q"))])
        before = snapshot([], organization=GUARD, resources={f"arn:aws:sqs:eu-west-1:{ID}:q": document()})
        review = reviewed(tmp_path, plan, before, tests=tests)
        assert ("policy-test" in rules(review)) is failed


def test_what_is_unknown_is_said_and_not_guessed(tmp_path: Path) -> None:
    plan = terraform_plan([role("app-worker", allow("s3:GetObject"))])
    (policy,) = (one for one in plan["resource_changes"] if one["type"] == "aws_iam_role_policy")
    policy["change"]["after"].pop("policy")
    policy["change"]["after_unknown"]["policy"] = True
    review = reviewed(tmp_path, plan)
    assert any("known only after the change" in note for note in review.notes)
    assert all(not one.change.newly_allowed for one in review.difference.access.found)


def test_an_unknown_part_of_a_resource_is_no_bucket_of_any_name(tmp_path: Path) -> None:
    given = document(allow("s3:GetObject", {"Fn::Sub": "arn:aws:s3:::${Bucket}/*"}))
    stack = template([role("app-worker", RolePolicyList=[{"PolicyName": "p", "PolicyDocument": given}])])
    stack["Resources"]["Bucket"] = {"Type": "AWS::S3::Bucket"}
    review = reviewed(tmp_path, stack)
    assert any("depends on Bucket" in note for note in review.notes)
    in_action = document({**allow({"Ref": "Action"}), "Resource": "*"})
    stack = template([role("app-worker", RolePolicyList=[{"PolicyName": "p", "PolicyDocument": in_action}])])
    (found,) = reviewed(tmp_path, stack).difference.access.found
    assert "known only after the deployment" in found.trouble


def test_a_document_that_aws_refuses_fails(tmp_path: Path) -> None:
    review = reviewed(tmp_path, terraform_plan([role("app-worker", {**allow("s3:GetObject"), "Efect": "Allow"})]))
    assert "refused" in rules(review)


@pytest.mark.parametrize("tool", ["terraform", "template", "change-set", "pulumi"])
def test_every_file_says_the_same(tmp_path: Path, tool: str) -> None:
    roles = [role("app-worker", allow("s3:GetObject", "arn:aws:s3:::b/*"))]
    stack = template(roles)
    changes = [
        {
            "Type": "Resource",
            "ResourceChange": {
                "Action": "Add",
                "LogicalResourceId": logical,
                "ResourceType": each["Type"],
                "AfterContext": json.dumps({"Properties": each["Properties"]}),
            },
        }
        for logical, each in stack["Resources"].items()
    ]
    files = {
        "terraform": terraform_plan(roles),
        "template": stack,
        "change-set": {"ChangeSetName": "c", "StackName": "s", "Changes": changes},
        "pulumi": pulumi_preview(roles),
    }
    review = reviewed(tmp_path, files[tool])
    (found,) = review.difference.access.found
    assert found.arn == f"arn:aws:iam::{ID}:role/app-worker"
    assert [each.names() for each in found.change.newly_allowed] == [("s3:GetObject",)]
    assert review.addresses(found.arn)


def test_a_deleted_policy_is_a_loss(tmp_path: Path) -> None:
    held = role("app-worker", allow("s3:GetObject", "arn:aws:s3:::b/*"))
    plan = terraform_plan([held])
    plan["resource_changes"] = [one for one in plan["resource_changes"] if one["type"] == "aws_iam_role_policy"]
    change = plan["resource_changes"][0]["change"]
    change.update(actions=["delete"], before=change["after"], after=None, after_unknown={})
    (found,) = reviewed(tmp_path, plan, snapshot([held], organization=GUARD)).difference.access.found
    assert [each.names() for each in found.change.newly_denied] == [("s3:GetObject",)]


def test_a_renamed_role_and_a_left_group_are_losses(tmp_path: Path) -> None:
    held = role("app-worker", allow("s3:GetObject", "arn:aws:s3:::b/*"))
    plan = terraform_plan([role("app-other", allow("s3:GetObject", "arn:aws:s3:::b/*"))])
    (changed,) = (one for one in plan["resource_changes"] if one["type"] == "aws_iam_role")
    changed["change"].update(actions=["delete", "create"], before={"name": "app-worker"})
    found = reviewed(tmp_path, plan, snapshot([held], organization=GUARD)).difference.access.found
    lost = {one.arn.rpartition("/")[2]: bool(one.change.newly_denied) for one in found}
    assert lost == {"app-other": False, "app-worker": True}
    before = snapshot([], [user("ben", GroupList=["devs", "ops"])], organization=GUARD, GroupDetailList=GROUPS)
    plan = terraform_plan(ben=("aws_iam_user_group_membership", {"user": "ben", "groups": ["ops"]}))
    plan["resource_changes"][0]["change"].update(actions=["update"], before={"user": "ben", "groups": ["devs", "ops"]})
    (found_ben,) = reviewed(tmp_path, plan, before).difference.access.found
    assert [each.names() for each in found_ben.change.newly_denied] == [("sqs:ListQueues",)]


def test_documents_are_linted_by_what_they_are_for(tmp_path: Path) -> None:
    account, _ = opened(tmp_path, snapshot([]))
    path = tmp_path / "t.json"
    path.write_text(json.dumps(template([role("app-worker", allow("s3:GetObject"))], [managed("p", allow("*"))])))
    kinds = [kind for one in read_planned(path, account, None).resources for _, kind, _ in one.documents()]
    assert kinds == [PolicyKind.IDENTITY, PolicyKind.TRUST, PolicyKind.IDENTITY]


def test_an_assembly_of_another_account_is_left_out(tmp_path: Path) -> None:
    folder = assembly(tmp_path / "cdk.out", Shop=template([role("app-worker", allow("*"))]))
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["artifacts"]["Shop"]["environment"] = f"aws://{OTHER}/eu-west-1"
    (folder / "manifest.json").write_text(json.dumps(manifest))
    account, _ = opened(tmp_path, snapshot([]))
    changes = read_planned(folder, account, None)
    assert not changes.resources and OTHER in changes.notes[0]


def many(tmp_path: Path) -> PlanReview:
    outside = trust({"AWS": f"arn:aws:iam::{OTHER}:root"})
    roles = [role(f"app-{number}", allow("*"), AssumeRolePolicyDocument=outside) for number in range(30)]
    return reviewed(tmp_path, terraform_plan(roles))


def test_a_comment_fits_and_folds_its_details(tmp_path: Path) -> None:
    text = to_markdown(many(tmp_path))
    assert len(text.encode()) < MOST_CHARACTERS
    assert text.count("<details>") == text.count("</details>") > 0
    assert "more." in text and text.startswith("### ❌")


def test_annotations_and_sarif_name_the_place(tmp_path: Path) -> None:
    review = many(tmp_path)
    lines = {"aws_iam_role.app-0": ("infra/main.tf", 7)}
    shown = replace(review, changes=located(review.changes, lines))
    said = list(to_annotations(shown))
    assert any(line.startswith("::error file=infra/main.tf,line=7,title=") for line in said)
    document = to_sarif(shown, "1.2.3", "plan.json")
    (run,) = document["runs"]
    places = [one["locations"][0]["physicalLocation"] for one in run["results"]]
    assert {"artifactLocation": {"uri": "infra/main.tf"}, "region": {"startLine": 7}} in places
    assert all(one["partialFingerprints"]["primaryLocationLineHash"] for one in run["results"])
    assert to_json(shown)["failed"] is True
