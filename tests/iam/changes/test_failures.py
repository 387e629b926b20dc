"""AWS's own moods and lost answers while a plan is carried out: what is tried again, what is not, what is looked up.

Errors by what they are: `test_troubles`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import EndpointConnectionError

from iam.account import Account, InlinePolicy
from iam.changes.apply import CallOutcome, CallStatus, Writer
from iam.changes.builders.roles import delete_role
from iam.changes.journal import CallProgress, journals
from iam.changes.plan import Plan
from iam.creation.plan import create_role
from iam.creation.spec import RoleSpec
from tests.support.accounts.documents import READ
from tests.support.accounts.over_http import served
from tests.support.faults.troubles import Setting, photo, refusal
from tests.support.gate.let_through import apply, resume, roll_back

if TYPE_CHECKING:
    from iam.demo.aws.world import World
    from iam.sources.aws.reader import AwsReader

SSM = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
NAME = "thumbnail-worker"


@pytest.fixture
def setting(demo_world: World, account: Account, spec: RoleSpec) -> Setting:
    return Setting(demo_world, account, spec)


def quiet(reader: AwsReader) -> Writer:
    return Writer(reader.aws.client("iam"), sleep=lambda seconds: None)


NOT_YET = {
    "throttled": ("PutRolePolicy", refusal("Throttling", "Rate exceeded", 400), "throttling the calls"),
    "somebody else is writing": (
        "CreateRole",
        refusal("ConcurrentModification", "The request was rejected because of concurrent requests.", 409),
        "Somebody else",
    ),
    "the role is not seen yet": (
        "AttachRolePolicy",
        refusal("NoSuchEntity", f"The role with name {NAME} cannot be found.", 404),
        "just created",
    ),
    "the profile is not seen yet": (
        "AddRoleToInstanceProfile",
        refusal("NoSuchEntity", f"Instance Profile {NAME} cannot be found.", 404),
        "just created",
    ),
    "a fresh principal is not seen yet": (
        "CreateRole",
        refusal(
            "MalformedPolicyDocument",
            'Invalid principal in policy: "AWS":"arn:aws:iam::111122223333:role/app/web-frontend-ec2"',
        ),
        "a principal of the policy",
    ),
    "AWS fails": ("CreateRole", refusal("ServiceFailure", "Internal", 500), "an internal failure"),
}


@pytest.mark.parametrize("name", NOT_YET)
def test_what_aws_cannot_do_yet_is_tried_again(setting: Setting, directory: Path, name: str) -> None:
    operation, trouble, said = NOT_YET[name]
    plan = create_role(setting.spec, setting.account)
    setting.mood(operation, trouble, 3)
    waited: list[float] = []
    outcomes = list(apply(plan, setting.reader, writable=False, directory=directory, writer=setting.writer(waited)))
    waits = [each for each in outcomes if each.status is CallStatus.WAITING]
    assert [said in each.sentence for each in waits] == [True] * 3
    assert waited == [1, 2, 4]
    assert outcomes[-1].status is CallStatus.VERIFIED
    assert sum(each.status is CallStatus.DONE for each in outcomes) == len(plan.calls)


def test_it_is_not_tried_for_ever(setting: Setting, directory: Path) -> None:
    setting.mood("CreateRole", refusal("Throttling", "Rate exceeded"), 99)
    waited: list[float] = []
    plan = create_role(setting.spec, setting.account)
    *_, last = apply(plan, setting.reader, writable=False, directory=directory, writer=setting.writer(waited))
    assert last.status is CallStatus.FAILED
    assert 90 < sum(waited) < 120


def test_a_missing_thing_that_nobody_made_is_not_waited_for(setting: Setting, directory: Path) -> None:
    plan = create_role(replace(setting.spec, attached=("arn:aws:iam::aws:policy/x",)), setting.account)
    outcomes = list(apply(plan, setting.reader, writable=False, directory=directory, writer=setting.writer()))
    assert outcomes[-1].status is CallStatus.FAILED
    assert CallStatus.WAITING not in {each.status for each in outcomes}


# Answers that are lost: over HTTP, with real connections that end.

CREDENTIALS = ("ASIAHARBORORGADMIN01", "demo", "demo")


@pytest.fixture
def once() -> Callable[[str], Writer]:
    """A writer whose client sends each call once."""

    def writer(url: str) -> Writer:
        session = boto3.Session(*CREDENTIALS, region_name="us-east-1")
        config = Config(retries={"mode": "standard", "total_max_attempts": 1})
        client = session.client("iam", endpoint_url=url, config=config)
        return Writer(client, sleep=lambda seconds: None)

    return writer


@pytest.mark.parametrize("after", [False, True], ids=["before the call", "after the call"])
@pytest.mark.parametrize("at", [0, 4])
def test_a_call_without_an_answer_is_looked_up(
    setting: Setting, directory: Path, once: Callable[[str], Writer], at: int, after: bool
) -> None:
    plan = create_role(setting.spec, setting.account)
    before = photo(setting.world)
    left = [True]

    def cut(number: int, is_after: bool) -> bool:
        return (number, is_after) == (at, after) and bool(left) and left.pop()

    with served(setting.world, cut) as (url, made):
        writer = once(url)
        *_, last = apply(plan, setting.reader, writable=False, directory=directory, writer=writer)
        assert last.status is CallStatus.FAILED
        assert "first check whether the call was done" in last.sentence
        [record] = journals(directory)
        assert record.states[last.index].progress is CallProgress.STARTED
        *_, last = resume(record.path, setting.reader, writable=False, writer=writer)
        assert last.status is CallStatus.VERIFIED
        assert len(made) == len(plan.calls)
        list(roll_back(record.path, setting.reader, writable=False, writer=writer))
    assert photo(setting.world) == before


def test_a_call_that_the_client_sent_twice_is_still_ours(setting: Setting, directory: Path) -> None:
    """The connection ends after CreateRole was carried out, and botocore sends it again by itself."""
    from iam.sources.aws.reader import AwsReader

    plan = create_role(setting.spec, setting.account)
    before = photo(setting.world)
    with served(setting.world, lambda number, after: (number, after) == (0, True)) as (url, made):
        reader = AwsReader(boto3.Session(*CREDENTIALS, region_name="us-east-1"), endpoint_url=url)
        *_, last = apply(plan, reader, writable=True, directory=directory, writer=quiet(reader))
    assert last.status is CallStatus.VERIFIED
    assert made.count("CreateRole") == 2
    [record] = journals(directory)
    assert record.states[0].progress is CallProgress.DONE
    list(roll_back(record.path, setting.reader, writable=False, writer=setting.writer()))
    assert photo(setting.world) == before


def test_rolling_back_survives_a_lost_answer_too(setting: Setting, directory: Path) -> None:
    plan = create_role(setting.spec, setting.account)
    before = photo(setting.world)
    list(apply(plan, setting.reader, writable=False, directory=directory, writer=setting.writer()))
    [record] = journals(directory)
    setting.mood("DeleteRolePolicy", EndpointConnectionError(endpoint_url="https://iam.amazonaws.com"), 1)
    *_, last = roll_back(record.path, setting.reader, writable=False, writer=setting.writer())
    assert last.status is CallStatus.FAILED
    list(roll_back(record.path, setting.reader, writable=False, writer=setting.writer()))
    assert photo(setting.world) == before


# Who may not, and what is not planned at all.


def test_a_denial_in_the_middle_is_one_that_can_be_diagnosed(
    reader_as: Callable[[str | None], AwsReader], account: Account, spec: RoleSpec, directory: Path
) -> None:
    alice = reader_as("alice")  # may create roles with the boundary, and may not put them into profiles
    plan = create_role(spec, account)
    *_, last = apply(plan, alice, writable=False, directory=directory, writer=quiet(alice))
    assert last.status is CallStatus.FAILED
    assert last.failure is not None
    assert last.failure.way_out == "diagnose"
    assert "iam:CreateInstanceProfile" in last.sentence
    from diagnostics.failure import Denial
    from diagnostics.text.read.parse import parse

    [denial] = parse(last.failure.text)
    assert isinstance(denial, Denial)
    assert denial.action == "iam:CreateInstanceProfile"
    admin = reader_as(None)
    [record] = journals(directory)
    *_, last = resume(record.path, admin, writable=False, writer=quiet(admin))
    assert last.status is CallStatus.VERIFIED


def test_a_service_s_role_is_not_planned_for(account: Account, reader: AwsReader) -> None:
    from iam.changes.builders.roles import disable_role, edit_role
    from iam.changes.plan import PlanError

    role = account.role("AWSServiceRoleForECS")
    assert role is not None
    for build in (lambda: delete_role(role, account), lambda: disable_role(role, account, reader)):
        with pytest.raises(PlanError, match="belongs to an AWS service"):
            build()
    assert edit_role(role, account, tags={"team": "x"}).calls[0].operation == "TagRole"


def outcomes_of(plan: Plan, reader: AwsReader, directory: Path) -> list[CallOutcome]:
    return list(apply(plan, reader, writable=False, directory=directory, writer=quiet(reader)))


def test_nothing_secret_is_in_the_journal(reader: AwsReader, account: Account, spec: RoleSpec, directory: Path) -> None:
    outcomes_of(create_role(spec, account), reader, directory)
    [record] = journals(directory)
    keys: set[str] = set()

    def collect(value: Any) -> None:
        if isinstance(value, Mapping):
            keys.update(value)
            for each in value.values():
                collect(each)
        elif isinstance(value, list):
            for each in value:
                collect(each)

    for line in record.path.read_text().splitlines():
        collect(json.loads(line))
    words = ("secret", "token", "password", "accesskey")
    assert not [key for key in keys if any(word in key.lower() for word in words)]


def test_inline_policies_are_told_apart(reader: AwsReader, account: Account, spec: RoleSpec, directory: Path) -> None:
    two = replace(spec, inline=(InlinePolicy("a", READ), InlinePolicy("b", READ)))
    outcomes = outcomes_of(create_role(two, account), reader, directory)
    assert outcomes[-1].status is CallStatus.VERIFIED
    role = reader.role(NAME).value
    assert role is not None
    assert [each.name for each in role.inline or ()] == ["a", "b"]
