"""The plans of a role's menu: what they say is gained, lost and in use, and when they ask for the name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from diagnostics.plans.changes import (
    Attach,
    Change,
    CopyAs,
    Detach,
    Disable,
    Enable,
    RemoveBoundary,
    ReplaceByCopy,
    Revoke,
    SetBoundary,
    SetTags,
)
from diagnostics.plans.effects import effects_between, with_role
from diagnostics.plans.policy_use import version_plan
from diagnostics.plans.rename import Rename
from diagnostics.plans.role_change import ROLE_CHANGES, change_plan, likely_texts, read_texts
from iam.account import InlinePolicy
from iam.changes.plan import NothingToDo, Plan, PlanError
from iam.sources.aws.reader import AwsReader
from iam.sources.reader.opened import OpenedAccount
from iam.sources.reader.reading import Reading

AWS = "arn:aws:iam::aws:policy/"
OWN = "arn:aws:iam::111122223333:policy/"
USED = "web-frontend-ec2"


def opened(reader: AwsReader) -> OpenedAccount:
    *_, account = reader.accounts()
    return OpenedAccount(account, reader)


@pytest.fixture(scope="module")
def demo(demo_reader: AwsReader) -> OpenedAccount:
    return opened(demo_reader)


def plan(demo: OpenedAccount, change: Change, *roles: str) -> Plan:
    return change_plan(roles or [USED], change, demo)


@pytest.mark.parametrize(
    ("change", "says", "asks"),
    [
        (Attach(f"{AWS}AmazonS3ReadOnlyAccess"), "and s3-object-lambda (12)", False),
        (Attach(f"{AWS}AWSDenyAll"), "loses 27 actions", True),
        (Detach(f"{OWN}app-assets-read"), "loses s3:GetObject and s3:GetObjectVersion on ", True),
        (SetBoundary(f"{OWN}DeveloperBoundary"), "loses 25 actions", True),
        (Disable(), "3 instances", True),
        (Revoke(), "3 instances", True),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_gained_and_lost_is_said(demo: OpenedAccount, change: Change, says: str, asks: bool) -> None:
    made = plan(demo, change)
    assert says in " ".join(made.to_read_first)
    assert made.type_name == (USED if asks else None)


def test_revoking_says_whose_sessions_end_and_that_new_ones_work(demo: OpenedAccount) -> None:
    for names, words in (((USED,), USED), ((USED, "orders-api-lambda"), f"{USED} and orders-api-lambda")):
        effects = change_plan(names, Revoke(), demo).effects
        (said,) = effects.said
        assert said.startswith(f"Ends every session of {words} that exists when the call is made or starts")
        assert effects.lost and not effects.gained


def test_what_a_deny_takes_no_resource_gives_back(demo: OpenedAccount) -> None:
    back = "unless a resource's own policy allows this"
    assert back not in plan(demo, Disable()).effects.said[0]
    assert back in plan(demo, Detach(f"{OWN}app-assets-read")).effects.said[0]


def test_without_its_boundary_a_role_gains(demo: OpenedAccount) -> None:
    made = plan(demo, RemoveBoundary(), "ci-pipeline-builder")
    assert "ci-pipeline-builder gains" in made.effects.said[0]
    assert made.type_name is None
    assert {each.who.rpartition("/")[2] for each in made.effects.gained} == {"ci-pipeline-builder"}
    assert not made.effects.lost


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (Attach(f"{OWN}app-assets-read"), "nothing to do"),
        (Attach(f"{OWN}none"), "There is no policy"),
        (Attach("arn:aws-cn:iam::aws:policy/ReadOnlyAccess"), "another partition"),
        (Attach(f"{AWS}aws-service-role/AmazonECSServiceRolePolicy"), "attached only to service-linked roles"),
        (Detach(f"{AWS}AmazonS3ReadOnlyAccess"), "nothing to do"),
        (SetBoundary(f"{OWN}none"), "There is no policy"),
        (RemoveBoundary(), "nothing to do"),
        (Enable(), "was not disabled with rolescope"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_aws_would_refuse_or_is_so_already_is_no_plan(demo: OpenedAccount, change: Change, why: str) -> None:
    with pytest.raises(PlanError, match=why):
        plan(demo, change)


def test_no_more_policies_are_attached_than_the_account_may(
    demo: OpenedAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    role = demo.account.role(USED)
    assert role is not None and role.attached
    summary = {"AttachedPoliciesPerRoleQuota": len(role.attached)}
    monkeypatch.setattr(demo.reader, "account_summary", lambda: Reading("iam:GetAccountSummary", summary))
    with pytest.raises(PlanError, match=f"has {len(role.attached)} managed policies"):
        plan(demo, Attach(f"{AWS}AmazonS3ReadOnlyAccess"))


def test_a_change_that_other_policies_make_good_is_none(demo: OpenedAccount) -> None:
    """Two policies that say the same: without one of them nothing is lost."""
    role = demo.account.role(USED)
    assert role is not None and role.attached is not None
    twice = replace(role, inline=(*(role.inline or ()), *_inline_of(demo, "app-assets-read")))
    less = replace(twice, attached=tuple(each for each in role.attached if each.name != "app-assets-read"))
    found = effects_between(with_role(demo.account, twice), with_role(demo.account, less), demo.reader)
    assert found.said == (f"{USED} gains and loses nothing: no decision changes.",)


def _inline_of(demo: OpenedAccount, name: str) -> tuple[InlinePolicy, ...]:
    policy = demo.account.policy(f"{OWN}{name}")
    assert policy is not None and policy.document is not None
    return (InlinePolicy("same", policy.document),)


def test_layers_that_could_not_be_read_are_said(demo_reader_as: Callable[[str | None], AwsReader]) -> None:
    ben = opened(demo_reader_as("ben"))
    made = plan(ben, Attach(f"{AWS}AmazonS3ReadOnlyAccess"))
    assert any(each.startswith("Not counted: ") for each in made.effects.said)
    assert not made.effects.complete


def test_a_change_is_named_by_what_to_do_and_said_by_what_that_does() -> None:
    for change in ROLE_CHANGES.values():
        assert not change.title.split()[0].endswith("s"), change.title
    detach = ROLE_CHANGES["detach"]
    assert (detach.title, detach.says) == ("detach a policy", "removes what that policy allows")


def test_the_policies_to_choose_from(demo: OpenedAccount) -> None:
    role = demo.account.role(USED)
    assert role is not None
    attached = {each.arn for each in role.attached or ()}
    assert set(likely_texts(ROLE_CHANGES["detach"], role, demo.account)) == attached
    attach = ROLE_CHANGES["attach"]
    offered = {*likely_texts(attach, role, demo.account), *(read_texts(attach, role, demo).value or ())}
    assert f"{AWS}AmazonS3ReadOnlyAccess" in offered
    assert offered.isdisjoint(attached)


def test_a_version_set_back_says_for_whom(demo: OpenedAccount) -> None:
    made = version_plan(f"{OWN}app-assets-read", "v3", demo)
    text = " ".join(made.to_read_first)
    assert f"{USED} gains s3:ListBucket" in text
    assert f"It is attached to {USED}" in text
    assert "not computed" not in text
    assert made.type_name == "app-assets-read"
    with pytest.raises(PlanError, match="has no version v9"):
        version_plan(f"{OWN}app-assets-read", "v9", demo)


def test_tags_of_several_roles(demo: OpenedAccount) -> None:
    """A key is the same in any case, and a role that has it keeps its spelling; one without it is left out."""
    held = next(role for role in demo.account.roles if role.name == USED)
    (key, value), *_ = sorted((held.tags or {}).items())
    made = plan(demo, SetTags.read(f"{key.upper()}=another one, fresh=x"), USED)
    assert sorted(str(sorted(call.parameters["Tags"])) for call in made.calls) == sorted(["['fresh']", f"['{key}']"])
    gone = plan(demo, SetTags(remove=(key.upper(), "nowhere")), USED)
    assert [call.parameters["TagKeys"] for call in gone.calls] == [(key,)]
    with pytest.raises(NothingToDo):
        plan(demo, SetTags(remove=("nowhere",)), USED)
    with pytest.raises(NothingToDo):
        plan(demo, SetTags({key: value}), USED)


@pytest.mark.parametrize("told", ["", " , ", "owner", "=x", "owner=a, Owner=b", "aws:x=1", "owner=<b>"])
def test_what_is_no_tag_is_refused(told: str) -> None:
    with pytest.raises(PlanError):
        SetTags.read(told)


@pytest.mark.parametrize(
    ("change", "part"),
    [
        *(
            (change, part)
            for change in (Rename("x"), CopyAs("x"))
            for part in ("inline", "attached", "instance_profiles")
        ),
        (ReplaceByCopy(f"{AWS}AWSDenyAll"), "attached"),
    ],
)
def test_what_could_not_be_read_is_not_taken_for_none(demo: OpenedAccount, change: Change, part: str) -> None:
    role = demo.reader.role(USED).value
    assert role is not None
    unread: dict[str, None] = {part: None}
    without = OpenedAccount(replace(demo.account, instance_profiles=None), demo.reader)
    with pytest.raises(PlanError, match="could not be read"):
        change.plan(replace(role, **unread), without)
