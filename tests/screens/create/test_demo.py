"""Roles created in the demo account through the screens, by keys alone, and proved by boto3's reads of the result."""

from __future__ import annotations

import json
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING

import pytest

from diagnostics.failure import NewRole
from screens.create.steps import CreateStep
from screens.diagnose.screen import DiagnoseScreen
from screens.messages import CreateNewRole
from tests.support.driving.creating import ACCOUNT, NARROW, WIDE, Session, role_of, statement_of, wizard
from tests.support.driving.diagnosing import paste, seen, until, until_seen

if TYPE_CHECKING:
    from iam.account import ManagedPolicy
    from iam.demo.aws.world import World
    from iam.sources.reader import Reading


@pytest.fixture(autouse=True)
def _own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["120x40", "80x24"])
async def test_ec2_that_reads_a_bucket(demo_world: World, demo_session: Session, size: tuple[int, int]) -> None:
    async with wizard(demo_world, size) as w:
        await w.press("enter")
        await w.type("ec2")
        await w.on(CreateStep.MAY)
        await w.choose("Read a bucket")
        await w.press("enter")
        await w.type("harbor-ass")
        await w.press("down", "enter")
        await w.on(CreateStep.DETAILS)
        await w.type("image-reader-ec2")
        await w.fill(path="/app/", **{"tags.0": "team=ferry"})
        await w.made()
        w.assert_tried(4)
        assert "associate-iam-instance-profile" in seen(w.app)
    iam = demo_session().client("iam")
    role = role_of(demo_session, "image-reader-ec2")
    assert statement_of(role)["Principal"] == {"Service": "ec2.amazonaws.com"}
    assert (role["Path"], role["Tags"]) == ("/app/", [{"Key": "team", "Value": "ferry"}])
    profile = iam.get_instance_profile(InstanceProfileName="image-reader-ec2")["InstanceProfile"]
    assert [each["RoleName"] for each in profile["Roles"]] == ["image-reader-ec2"]
    document = iam.get_role_policy(RoleName="image-reader-ec2", PolicyName="read-bucket")["PolicyDocument"]
    actions = {action for each in document["Statement"] for action in [each["Action"]] if isinstance(action, str)}
    assert actions == {"s3:GetObject"}
    resources = json.dumps(document)
    assert "arn:aws:s3:::harbor-assets/*" in resources and '"*"' not in resources


async def test_ec2_with_the_managed_policy_of_the_console(demo_world: World, demo_session: Session) -> None:
    async with wizard(demo_world) as w:
        await w.press("enter")
        await w.type("ec2")
        await w.on(CreateStep.MAY)
        await w.fill(**{"perm.managed.0": "AmazonS3ReadOnlyAccess"})
        await until_seen(w.pilot, "on every resource")
        await until_seen(w.pilot, "Amazon S3")
        await w.on(CreateStep.DETAILS)
        await w.type("bucket-browser-ec2")
        await w.made()
        w.assert_tried()
        tried = {each.request.action: each.request.allowed for each in w.screen.result.tries}
        # As `aws s3 ls` works with it, and a put does not.
        assert (tried["s3:ListBucket"], tried["s3:PutObject"]) == (True, False)
    attached = demo_session().client("iam").list_attached_role_policies(RoleName="bucket-browser-ec2")
    assert [each["PolicyName"] for each in attached["AttachedPolicies"]] == ["AmazonS3ReadOnlyAccess"]


async def test_lambda_with_one_table(demo_world: World, demo_session: Session) -> None:
    async with wizard(demo_world) as w:
        await w.press("enter")
        await w.type("lambda")
        await w.on(CreateStep.MAY)
        await w.choose("Read and write a table and its indexes")
        await w.fill(table="orders")
        await w.field("perm.recipe.1")
        await w.choose("Write the logs of a function")
        await w.fill(function="stock-sync")
        await w.on(CreateStep.DETAILS)
        await w.type("stock-sync-lambda")
        await w.made()
        w.assert_tried(8)
        assert "update-function-configuration" in seen(w.app)
    iam = demo_session().client("iam")
    names = iam.list_role_policies(RoleName="stock-sync-lambda")["PolicyNames"]
    assert sorted(names) == ["function-logs", "write-table"]
    document = json.dumps(iam.get_role_policy(RoleName="stock-sync-lambda", PolicyName="write-table"))
    assert f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/orders/index/*" in document


async def test_another_account_with_external_id_and_mfa(demo_world: World, demo_session: Session) -> None:
    async with wizard(demo_world, NARROW) as w:
        await w.choose("AWS account")
        await w.fill(account="999988887777", external_id="hl-9-cost", mfa="yes")
        await w.on(CreateStep.MAY)
        await w.choose("Read a bucket")
        await w.fill(bucket="harbor-reports", prefix="cost/")
        await w.on(CreateStep.DETAILS)
        await w.type("vendor-cost-reader")
        await w.fill(path="/vendor/", session="2 h")
        await w.made()
        w.assert_tried()
    role = role_of(demo_session, "vendor-cost-reader")
    assert statement_of(role)["Principal"] == {"AWS": "arn:aws:iam::999988887777:root"}
    assert statement_of(role)["Condition"] == {
        "StringEquals": {"sts:ExternalId": "hl-9-cost"},
        "Bool": {"aws:MultiFactorAuthPresent": "true"},
    }
    assert role["MaxSessionDuration"] == 7200


async def test_github_deploys_with_a_boundary(demo_world: World, demo_session: Session) -> None:
    boundary = f"arn:aws:iam::{ACCOUNT}:policy/DeveloperBoundary"
    async with wizard(demo_world) as w:
        await w.choose("GitHub Actions")
        await w.fill(organization="harbor-demo", repository="tracker", environment="production")
        await w.on(CreateStep.MAY)
        await w.choose("Read and write a bucket")
        await w.fill(bucket="harbor-tracker-site")
        await w.on(CreateStep.DETAILS)
        await w.type("gha-deploy-tracker")
        await w.fill(path="/ci/")
        await w.field("boundary")
        await w.type("DeveloperB")
        await w.press("down", "enter")
        await w.made()
        w.assert_tried()
        assert "role-to-assume" in seen(w.app)
    role = role_of(demo_session, "gha-deploy-tracker")
    assert role["PermissionsBoundary"]["PermissionsBoundaryArn"] == boundary
    assert statement_of(role)["Condition"]["StringEquals"] == {
        "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
        "token.actions.githubusercontent.com:sub": "repo:harbor-demo/tracker:environment:production",
    }


async def test_a_role_like_another_one(demo_world: World, demo_session: Session) -> None:
    async with wizard(demo_world) as w:
        await w.press("1")
        await w.press("colon", *"role", "space", *"orders-api-lambda", "enter")
        await until_seen(w.pilot, "instance profiles")
        await w.press("n")
        await until(w.pilot, lambda: w.app.screen is w.screen and w.screen.step is CreateStep.DETAILS, "the name")
        await w.type("returns-api-lambda")
        await w.made()
        assert "aws lambda update-function-configuration" in w.next_steps
    iam = demo_session().client("iam")
    old, new = role_of(demo_session, "orders-api-lambda"), role_of(demo_session, "returns-api-lambda")
    for key in ("AssumeRolePolicyDocument", "Path", "MaxSessionDuration", "Tags"):
        assert new.get(key) == old.get(key), key
    for operation, key in (("list_attached_role_policies", "AttachedPolicies"), ("list_role_policies", "PolicyNames")):
        call = getattr(iam, operation)
        assert call(RoleName=new["RoleName"])[key] == call(RoleName=old["RoleName"])[key]


CUSTOM = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:user/ben"},
            "Action": "sts:AssumeRole",
            "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
        }
    ],
}


async def test_a_trust_document_of_ones_own(demo_world: World, demo_session: Session) -> None:
    async with wizard(demo_world) as w:
        await w.choose("Custom trust policy")
        await w.press("enter")
        await paste(w.pilot, json.dumps(CUSTOM, indent=1))
        await w.on(CreateStep.MAY)
        await w.on(CreateStep.DETAILS)
        await w.type("ben-inspects")
        await w.made()
        assert "[profile ben-inspects]" in w.next_steps and "mfa_serial" in w.next_steps
    assert role_of(demo_session, "ben-inspects")["AssumeRolePolicyDocument"] == CUSTOM


async def test_a_taken_name_is_refused_at_the_field_and_explained_by_the_check(demo_world: World) -> None:
    async with wizard(demo_world) as w:
        await w.press("enter")
        await w.type("states")
        await w.on(CreateStep.MAY)
        await w.on(CreateStep.DETAILS)
        await w.type("reportexporter")
        await w.told("name", "spelled ReportExporter: IAM ignores case when it compares names")
        await w.press("ctrl+g")
        await until_seen(w.pilot, "name.taken-other-case")
        diagnosis = w.app.screen
        assert isinstance(diagnosis, DiagnoseScreen)
        await until(w.pilot, lambda: diagnosis.run_shown and diagnosis.run_shown.ended, "its end")
        await w.press("escape")
        await until(w.pilot, lambda: w.app.screen is w.screen, "the screen again")
        assert w.cursor == "name"


BAD = [
    ("x" * 65, "The name has 65 characters, and a role's may have 64."),
    ("or ders", "The name contains a space"),
    ("AWSServiceRoleForMine", "AWS's own"),
]


async def test_bad_names_and_tags_are_refused_at_their_fields(demo_world: World) -> None:
    async with wizard(demo_world, NARROW) as w:
        await w.press("enter")
        await w.type("lambda")
        await w.on(CreateStep.MAY)
        await w.on(CreateStep.DETAILS)
        for name, sentence in BAD:
            await w.type(name)
            await w.told("name", sentence)
            await w.press("ctrl+r")
            assert w.screen.step is CreateStep.DETAILS and w.cursor == "name"
        await w.type("tagged-lambda")
        await w.fill(**{"tags.0": "team=ferry", "tags.1": "Team=dock"})
        await w.told("tags.1", "The tags team and Team have the same key")
        await w.press("ctrl+r")
        assert w.screen.step is CreateStep.DETAILS and w.cursor == "tags.1"


def _long() -> str:
    keys = {f"aws:PrincipalTag/{number:04}": "x" * 60 for number in range(34)}
    document = json.loads(json.dumps(CUSTOM))
    document["Statement"][0]["Condition"] = {"StringEquals": keys}
    return json.dumps(document)


DOCUMENTS = [
    (json.dumps(CUSTOM).replace('"AWS"', "“AWS”"), "Write straight quotes"),
    (_long(), "characters without white space, and may have 2,048"),
    (json.dumps(CUSTOM).replace("user/ben", "user/nobody"), "There is no user"),
    (json.dumps(CUSTOM).replace('"Condition"', '"Resource": "*", "Condition"'), "a trust policy has none"),
    (json.dumps(CUSTOM).replace("sts:AssumeRole", "s3:GetObject"), "may allow the sts:AssumeRole actions only"),
    ('{"Version": "2012-10-17", "Statement": [', "not JSON"),
]


async def test_bad_trust_documents_are_refused_at_the_field(demo_world: World) -> None:
    async with wizard(demo_world, NARROW) as w:
        await w.choose("Custom trust policy")
        await w.press("enter")
        for text, sentence in DOCUMENTS:
            await w.press("ctrl+a", "f7", "delete")
            await paste(w.pilot, text)
            await w.told("trust.custom", sentence)
            await w.press("ctrl+r")
            assert w.screen.step is CreateStep.WHO


async def test_nothing_is_lost_by_looking_elsewhere(demo_world: World) -> None:
    async with wizard(demo_world) as w:
        await w.choose("GitHub Actions")
        await w.fill(organization="harbor-demo")
        await w.press("escape", "1")
        await w.press("2")
        await until(w.pilot, lambda: isinstance(w.app.screen, DiagnoseScreen), "another screen")
        await w.press("escape")
        await w.press("3")
        await until(w.pilot, lambda: w.app.screen is w.screen, "the screen again")
        await until_seen(w.pilot, "repo:harbor-demo/*:*")
        await w.press("i")
        await w.choose("AWS account")
        await w.choose("GitHub Actions")
        await until_seen(w.pilot, "repo:harbor-demo/*:*")


async def test_keys_that_come_in_one_packet_go_where_each_leads(demo_world: World) -> None:
    async with wizard(demo_world) as w:
        await w.choose("AWS account")
        keys = ["enter", *"999988887777", "enter", "enter", *"hl-12", "tab", "right", "escape", "1", "/", *"orders"]
        await w.press(*keys)
        await until_seen(w.pilot, "of 32 roles")
        assert w.screen.creation.draft.answers_to_trust == {
            "account": "999988887777",
            "external_id": "hl-12",
            "mfa": "yes",
        }


async def test_policies_that_are_not_there_are_looked_for_once(
    demo_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing, asked = [f"arn:aws:iam::aws:policy/NoSuchThing{number}" for number in range(2)], []
    async with wizard(demo_world) as w:
        reader = w.screen.session.reader
        assert reader is not None
        read = reader.managed_policy

        def managed_policy(arn: str) -> Reading[ManagedPolicy]:
            if arn in missing[1:]:
                sleep(0.2)  # what was read before it has come to every screen
            asked.append(arn)
            return read(arn)

        monkeypatch.setattr(reader, "managed_policy", managed_policy)
        role = w.screen.session.role("orders-api-lambda")
        assert role is not None
        w.screen.post_message(CreateNewRole(NewRole("new", trust=role.trust, attached=tuple(missing))))
        await until(w.pilot, lambda: w.screen.step is CreateStep.DETAILS, "the name")
        await w.screen.action_previous()
        await until(
            w.pilot, lambda: w.screen.creation.together or asked.count(missing[0]) > 3, "what the permissions grant"
        )
        assert [asked.count(arn) for arn in missing] == [1, 1]
