"""What a plan changes is looked at before its first call and, whole, after its last one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from iam.account import Account
from iam.changes.apply import CallOutcome, CallStatus, Writer
from iam.changes.builders.roles import delete_role, edit_role
from iam.changes.entity_effects import expected
from iam.changes.entity_facts import facts_of
from iam.changes.journal import journals
from iam.changes.plan import Plan, PlanError, plan_from_value, plan_to_value
from tests.support.accounts.documents import READ, trust
from tests.support.changes.applied import Counting, Killed
from tests.support.changes.built import CHANGES, NAME, role_of
from tests.support.changes.undone import KINDS
from tests.support.gate.let_through import apply, resume

if TYPE_CHECKING:
    from iam.creation.spec import RoleSpec
    from iam.sources.aws.reader import AwsReader

Change = Callable[[Any], object]
OTHERS: dict[str, tuple[Change, str]] = {
    "trust policy": (
        lambda iam: iam.update_assume_role_policy(RoleName=NAME, PolicyDocument=trust("states.amazonaws.com").text),
        "trust policy is a different one",
    ),
    "a tag": (
        lambda iam: iam.tag_role(RoleName=NAME, Tags=[{"Key": "team", "Value": "theirs"}]),
        "tag team is “theirs”, and was “",
    ),
    "a new tag": (lambda iam: iam.tag_role(RoleName=NAME, Tags=[{"Key": "x", "Value": "y"}]), "tag x is new"),
    "a tag taken": (lambda iam: iam.untag_role(RoleName=NAME, TagKeys=["team"]), "tag team is gone"),
    "description": (
        lambda iam: iam.update_role(RoleName=NAME, Description="theirs", MaxSessionDuration=3600),
        "description is ",
    ),
    "session length": (
        lambda iam: iam.update_role(RoleName=NAME, MaxSessionDuration=7200),
        "session length is “7200”, and was “3600”",
    ),
    "inline policy": (
        lambda iam: iam.put_role_policy(RoleName=NAME, PolicyName="theirs", PolicyDocument=READ.text),
        "inline policy theirs is new",
    ),
    "a replaced inline policy": (
        lambda iam: iam.put_role_policy(RoleName=NAME, PolicyName="orders-table-rw", PolicyDocument=READ.text),
        "inline policy orders-table-rw is a different one",
    ),
    "attached policy": (
        lambda iam: iam.attach_role_policy(RoleName=NAME, PolicyArn="arn:aws:iam::aws:policy/PowerUserAccess"),
        "attached policy arn:aws:iam::aws:policy/PowerUserAccess is new",
    ),
    "boundary": (
        lambda iam: iam.put_role_permissions_boundary(
            RoleName=NAME, PermissionsBoundary="arn:aws:iam::111122223333:policy/DeveloperBoundary"
        ),
        "permissions boundary is new",
    ),
    "instance profile": (
        lambda iam: (
            iam.create_instance_profile(InstanceProfileName="theirs"),
            iam.add_role_to_instance_profile(InstanceProfileName="theirs", RoleName=NAME),
        ),
        "instance profile theirs is new",
    ),
}


def quiet(reader: AwsReader, client: Any = None) -> Writer:
    return Writer(client or reader.aws.client("iam"), sleep=lambda seconds: None)


def started(plan: Plan, reader: AwsReader, directory: Path, client: Any = None) -> Iterator[CallOutcome]:
    return apply(plan, reader, writable=False, directory=directory, writer=quiet(reader, client))


@pytest.mark.parametrize("other", OTHERS)
def test_a_plan_over_a_changed_role_stops_with_the_difference(
    reader: AwsReader, account: Account, directory: Path, other: str
) -> None:
    change, said = OTHERS[other]
    plan = plan_from_value(plan_to_value(delete_role(role_of(reader), account, reader)))
    iam = reader.aws.session.client("iam")
    change(iam)
    client = Counting(reader.aws.client("iam"))
    with pytest.raises(PlanError) as stopped:
        started(plan, reader, directory, client)
    assert said in str(stopped.value)
    assert "Make the plan again" in str(stopped.value)
    assert client.made == []
    assert not directory.exists()


def test_a_role_that_is_gone_or_another_of_its_name_stops_too(
    reader: AwsReader, account: Account, directory: Path
) -> None:
    plan = CHANGES["trust"](role_of(reader), account, reader)
    *_, last = apply(
        delete_role(role_of(reader), account, reader), reader, writable=False, directory=directory / "deletion"
    )
    assert last.status is CallStatus.VERIFIED
    with pytest.raises(PlanError, match=f"The role {NAME} no longer exists"):
        started(plan, reader, directory)
    reader.aws.session.client("iam").create_role(
        RoleName=NAME, Path="/app/", AssumeRolePolicyDocument=trust("lambda.amazonaws.com").text
    )
    with pytest.raises(PlanError, match="unique ID is a different one"):
        started(plan, reader, directory)


@pytest.mark.parametrize("name", ["trust", "tags", "a new inline policy", "attach", "boundary", "description"])
def test_what_somebody_made_just_so_is_there_already(
    reader: AwsReader, account: Account, directory: Path, name: str
) -> None:
    plan, twin = (CHANGES[name](role_of(reader), account, reader) for _ in range(2))
    list(started(twin, reader, directory / "twin"))
    outcomes = list(started(plan, reader, directory))
    assert {each.status for each in outcomes} == {CallStatus.ALREADY, CallStatus.VERIFIED}


def test_a_deletion_that_was_begun_goes_on_whatever_is_gone(
    reader: AwsReader, account: Account, directory: Path
) -> None:
    plan = delete_role(role_of(reader, "web-frontend-ec2"), account, reader)
    with pytest.raises(Killed):
        list(started(plan, reader, directory, Counting(reader.aws.client("iam"), 2)))
    [record] = journals(directory)
    *_, last = resume(record.path, reader, writable=False, writer=quiet(reader))
    assert last.status is CallStatus.VERIFIED


def test_a_plan_that_failed_at_its_first_call_is_looked_at_again(
    reader: AwsReader, reader_as: Callable[[str | None], AwsReader], account: Account, directory: Path
) -> None:
    plan = edit_role(role_of(reader), account, description="new")
    *_, last = started(plan, reader_as("ci-legacy"), directory)
    assert last.status is CallStatus.FAILED
    [record] = journals(directory)
    OTHERS["a new tag"][0](reader.aws.session.client("iam"))
    for _ in range(2):  # and its journal is let go of
        with pytest.raises(PlanError, match="tag x is new"):
            resume(record.path, reader, writable=False, writer=quiet(reader))


class Meddling(Counting):
    """Somebody changes something right after the first call, or AWS itself does."""

    def __init__(self, client: Any, meddle: Callable[[], object]) -> None:
        super().__init__(client)
        self._meddle = meddle

    def __getattr__(self, name: str) -> Callable[..., Any]:
        call = super().__getattr__(name)

        def meddled(**parameters: Any) -> Any:
            answer = call(**parameters)
            if len(self.made) == 1:
                self._meddle()
            return answer

        return meddled


@pytest.mark.parametrize("other", [name for name in OTHERS if name != "description"])
def test_the_whole_role_is_compared_after(reader: AwsReader, account: Account, directory: Path, other: str) -> None:
    change, said = OTHERS[other]
    plan = edit_role(role_of(reader), account, description="new")
    iam = reader.aws.session.client("iam")
    client = Meddling(
        reader.aws.client("iam"),
        lambda: change(iam) if other != "session length" else iam.update_role(RoleName=NAME, MaxSessionDuration=7200),
    )
    *_, last = started(plan, reader, directory, client)
    if other == "session length":  # it was sent: it is the plan's own
        assert last.status is CallStatus.FAILED
        return
    assert last.status is CallStatus.VERIFIED
    assert "the effect of every call was found. But the role orders-api-lambda differs in other ways" in last.sentence
    assert said.replace("was “", "should be “") in last.sentence


@pytest.mark.parametrize("kind", KINDS)
def test_what_calls_make_of_an_entity_is_foretold(
    reader: AwsReader, account: Account, spec: RoleSpec, directory: Path, kind: str
) -> None:
    plan = KINDS[kind](reader, account, spec)
    assert plan_from_value(json.loads(json.dumps(plan_to_value(plan)))) == plan
    assert plan.found or kind == "create"
    *_, last = started(plan, reader, directory)
    assert last.sentence == "Read back from AWS: everything is as planned."
    for facts in plan.found:
        goal = expected(facts, plan.calls)
        if facts.kind == "role":
            now = reader.role(facts.name).value
            assert (goal is None) == (now is None)
            assert goal is None or now is None or goal.parts == facts_of(now).parts


@pytest.mark.parametrize("hours", [25, -25])
def test_a_plan_that_takes_something_away_does_not_wait_for_a_day(
    reader: AwsReader, account: Account, directory: Path, hours: int
) -> None:
    """Nor does one over which the clock was set back."""
    made = datetime.now(UTC) - timedelta(hours=hours)
    client = Counting(reader.aws.client("iam"))
    plan = replace(delete_role(role_of(reader), account, reader), made=made)
    with pytest.raises(PlanError, match="make the plan again"):
        started(plan, reader, directory, client)
    assert client.made == [] and not directory.exists()
    role = role_of(reader)
    added = replace(edit_role(role, account, tags={**(role.tags or {}), "new": "tag"}), made=made)
    *_, last = started(added, reader, directory)
    assert last.status is CallStatus.VERIFIED
