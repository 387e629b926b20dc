"""A role created in the demo account through the screens, by keys alone, and what happens on the way.

What each kind of role becomes is in ``tests/diagnostics/check/test_drafts.py``.
"""

from __future__ import annotations

import json
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING

import pytest

from diagnostics.new_role import NewRole
from screens.create.steps import CreateStep
from screens.diagnose.screen import DiagnoseScreen
from screens.messages import CreateNewRole
from tests.support.driving.creating import ACCOUNT, NARROW, Session, role_of, statement_of, wizard
from tests.support.driving.diagnosing import paste, seen, until, until_seen

if TYPE_CHECKING:
    from iam.account import ManagedPolicy
    from iam.demo.aws.world import World
    from iam.sources.reader.reading import Reading


@pytest.fixture(autouse=True)
def _own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


async def test_ec2_that_reads_a_bucket(demo_world: World, demo_session: Session) -> None:
    async with wizard(demo_world, NARROW) as w:
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
        await until_seen(w.pilot, "not assumed: The role cannot be tested from here")
        await w.press("f2")
        await until(w.pilot, lambda: w.screen.step is CreateStep.WHO and w.cursor == "trust.kind", "another role")
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


async def test_a_role_like_another_one(demo_world: World) -> None:
    async with wizard(demo_world) as w:
        await w.press("1")
        await w.press("colon", *"role", "space", *"orders-api-lambda", "enter")
        await until_seen(w.pilot, "instance profiles")
        await w.press("n")
        await until(w.pilot, lambda: w.app.screen is w.screen and w.screen.step is CreateStep.DETAILS, "the name")
        await w.type("returns-api-lambda")
        plan = (await w.planned()).plan
    old = w.screen.session.role("orders-api-lambda")
    assert old is not None and old.trust is not None
    assert plan.calls[0].operation == "CreateRole" and plan.calls[0].text("Path") == old.path
    assert json.loads(plan.calls[0].text("AssumeRolePolicyDocument")) == old.trust.value


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


async def test_a_provider_that_is_missing_is_told_before_anything_is_called(demo_world: World) -> None:
    async with wizard(demo_world) as w:
        await w.choose("GitLab CI")
        await w.fill(group="harbor/platform", project="site")
        await w.on(CreateStep.MAY)
        await w.on(CreateStep.DETAILS)
        await w.type("gitlab-deploy")
        await w.checked()
        [finding] = [each for each in w.screen.check.findings if each.code == "provider.missing"]
        assert "aws iam create-open-id-connect-provider --url https://gitlab.com" in finding.way_out
        await until_seen(w.pilot, "1 error")
        await until_seen(w.pilot, "Create the provider first")


async def test_bad_names_and_tags_are_refused_at_their_fields(demo_world: World) -> None:
    async with wizard(demo_world, NARROW) as w:
        await w.press("enter")
        await w.type("lambda")
        await w.on(CreateStep.MAY)
        await w.on(CreateStep.DETAILS)
        await w.type("or ders")  # which names are bad: tests/iam/test_field_rules.py
        await w.told("name", "The name contains a space")
        await w.press("ctrl+r")
        assert w.screen.step is CreateStep.DETAILS and w.cursor == "name"
        await w.type("tagged-lambda")
        await w.fill(**{"tags.0": "team=ferry", "tags.1": "Team=dock"})
        await w.told("tags.1", "The tags team and Team have the same key")
        await w.press("ctrl+r")
        assert w.screen.step is CreateStep.DETAILS and w.cursor == "tags.1"


DOCUMENTS = [
    (json.dumps(CUSTOM).replace('"AWS"', "“AWS”"), "Write straight quotes"),
    (json.dumps(CUSTOM).replace("user/ben", "user/nobody"), "There is no user"),
]
"""One fault of the text, one of the account: which there are is in tests/iam/test_field_rules.py."""


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
