"""Plans that change, adopt, quiet and delete: carried out, they leave what was wanted, and taken back, what was."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from iam.account import Account, InlinePolicy, Role
from iam.changes.apply import Status, apply, roll_back
from iam.changes.builders.instance_profiles import delete_profile, finish_deletion
from iam.changes.builders.policies import (
    add_audience,
    attach,
    delete_policy,
    new_version,
    put_inline,
    set_default_version,
    together,
)
from iam.changes.builders.roles import (
    DISABLE_POLICY,
    REVOKE_POLICY,
    disable_role,
    edit_role,
    enable_role,
    revoke_sessions,
    set_boundary,
    update_trust,
)
from iam.changes.journal import journals
from iam.changes.plan import Answer, Plan, PlanError
from iam.creation.draft import RoleDraft
from iam.creation.plan import create_role
from iam.creation.recipes.recipe import AccountFacts
from iam.policy.decision import Outcome
from iam.simulator import SimulationRequest, SimulationResult
from tests.iam.changes.test_apply import state_of
from tests.support.documents import LOGS, READ, policy, trust

if TYPE_CHECKING:
    from iam.sources.aws.reader import AwsReader

BOUNDARY = "arn:aws:iam::111122223333:policy/DeveloperBoundary"
NAME = "orders-api-lambda"


def role_of(reader: AwsReader, name: str = NAME) -> Role:
    role = reader.role(name).value
    assert role is not None
    return role


def done(plan: Plan, reader: AwsReader, directory: Path) -> None:
    *_, last = apply(plan, reader, writable=False, directory=directory)
    assert last.status is Status.VERIFIED, last.sentence


def undone(reader: AwsReader, directory: Path) -> None:
    record = next(journals(directory))
    assert all(each.status is not Status.FAILED for each in roll_back(record.path, reader, writable=False))


CHANGES: dict[str, Callable[[Role, Account], Plan]] = {
    "trust": lambda role, account: update_trust(role, trust("glue.amazonaws.com").text, account),
    "boundary": lambda role, account: set_boundary(role, BOUNDARY, account),
    "description": lambda role, account: edit_role(role, account, description="new words"),
    "session": lambda role, account: edit_role(role, account, max_session_seconds=7200),
    "tags": lambda role, account: edit_role(role, account, tags={"team": "other", "new": "x"}),
    "everything": lambda role, account: edit_role(
        role, account, description="d", max_session_seconds=43_200, tags={"only": "this"}
    ),
    "a new inline policy": lambda role, account: put_inline(role, "read", READ.text, account),
    "a replaced inline policy": lambda role, account: put_inline(role, "orders-table-rw", READ.text, account),
    "attach": lambda role, account: attach(role, "arn:aws:iam::aws:policy/ReadOnlyAccess", account),
    "detach": lambda role, account: attach(role, LOGS, account, detach=True),
    "disable": disable_role,
    "revoke": lambda role, account: revoke_sessions(role, account, account.now),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_made_and_taken_back(reader: AwsReader, account: Account, directory: Path, name: str) -> None:
    before = state_of(reader, NAME)
    profiles = role_of(reader).instance_profiles
    plan = CHANGES[name](role_of(reader), account)
    assert plan.undoable
    assert not plan.destructive
    done(plan, reader, directory)
    assert (state_of(reader, NAME), role_of(reader).instance_profiles) != (before, profiles)
    undone(reader, directory)
    assert (state_of(reader, NAME), role_of(reader).instance_profiles) == (before, profiles)


@pytest.mark.parametrize("name", ["trust", "description", "tags", "a replaced inline policy", "attach"])
def test_what_is_so_already_is_no_plan(reader: AwsReader, account: Account, directory: Path, name: str) -> None:
    done(CHANGES[name](role_of(reader), account), reader, directory)
    fresh = list(reader.accounts())[-1]
    if name == "trust":
        plan = CHANGES[name](role_of(reader), fresh)
        outcomes = list(apply(plan, reader, writable=False, directory=directory / "again"))
        assert [each.status for each in outcomes] == [Status.ALREADY, Status.VERIFIED]
        return
    with pytest.raises(PlanError, match="nothing to do"):
        CHANGES[name](role_of(reader), fresh)


def test_a_disabled_role_may_nothing_until_enabled(reader: AwsReader, account: Account, directory: Path) -> None:
    role = role_of(reader)
    table = "arn:aws:dynamodb:us-east-1:111122223333:table/orders"
    request = SimulationRequest(role.arn, "dynamodb:GetItem", table, {"aws:RequestedRegion": ("us-east-1",)})
    simulator = reader.simulator()
    assert simulator is not None

    def outcome() -> Outcome:
        answer = simulator.simulate(request)
        assert isinstance(answer, SimulationResult)
        return answer.outcome

    assert outcome() is Outcome.ALLOWED
    done(disable_role(role, account), reader, directory)
    assert outcome() is Outcome.EXPLICIT_DENY
    assert DISABLE_POLICY in {each.name for each in role_of(reader).inline or ()}
    done(enable_role(role_of(reader), account), reader, directory)
    assert outcome() is Outcome.ALLOWED
    with pytest.raises(PlanError, match="not disabled"):
        enable_role(role_of(reader), account)


def test_revoking_denies_older_sessions_only(account: Account, reader: AwsReader) -> None:
    plan = revoke_sessions(role_of(reader), account, account.now)
    assert plan.calls[0].parameters["PolicyName"] == REVOKE_POLICY
    statement = json.loads(plan.calls[0].text("PolicyDocument"))["Statement"][0]
    assert statement["Condition"] == {"DateLessThan": {"aws:TokenIssueTime": "2026-11-20T09:00:30Z"}}


# Copying.


def test_a_role_like_another(reader: AwsReader, account: Account, directory: Path) -> None:
    draft = replace(RoleDraft.like(role_of(reader, "web-frontend-ec2")), name="web-frontend-2")
    copied = draft.spec(AccountFacts.of(account))
    done(create_role(copied, account), reader, directory)
    twin, model = state_of(reader, "web-frontend-2"), state_of(reader, "web-frontend-ec2")
    assert twin[:-1] == model[:-1]
    assert twin[-1] == ("web-frontend-2",)


# Deleting.


def test_a_profile_that_was_left_behind(reader: AwsReader, account: Account, directory: Path) -> None:
    plan = finish_deletion("batch-runner", account, reader)
    assert plan.type_name == "batch-runner"
    done(plan, reader, directory)
    assert reader.instance_profile("batch-runner").absent
    with pytest.raises(PlanError, match="so it stays"):
        finish_deletion("report-worker-profile", account, reader)


def test_a_profile_with_a_role(reader: AwsReader, account: Account, directory: Path) -> None:
    profile = account.instance_profile_ignoring_case("report-worker-profile")
    assert profile is not None
    done(delete_profile(profile, account), reader, directory)
    assert reader.role("report-worker-ec2").found
    undone(reader, directory)
    back = reader.instance_profile("report-worker-profile").value
    assert back is not None
    assert back.roles == ("report-worker-ec2",)


def test_what_could_not_be_seen_is_not_deleted(
    demo_reader_as: Callable[[str | None], AwsReader], account: Account, reader: AwsReader
) -> None:
    with pytest.raises(PlanError, match="denied"):
        finish_deletion("batch-runner", account, demo_reader_as("ci-legacy"))
    from iam.changes.builders.roles import delete_role

    with pytest.raises(PlanError, match="could not be read"):
        delete_role(replace(role_of(reader), inline=None), account)


# Policies.


def test_a_policy_is_deleted_everywhere(reader: AwsReader, account: Account, directory: Path) -> None:
    held = reader.managed_policy("arn:aws:iam::111122223333:policy/app-assets-read").value
    assert held is not None
    plan = delete_policy(held, account)
    assert plan.type_name == "app-assets-read"
    assert [call.operation for call in plan.calls] == ["DetachRolePolicy", *["DeletePolicyVersion"] * 4, "DeletePolicy"]
    done(plan, reader, directory)
    assert reader.managed_policy(held.arn).absent
    undone(reader, directory)
    back = reader.managed_policy(held.arn).value
    assert back is not None
    assert back.document == held.document
    assert len(back.versions) == 5


def test_a_boundary_is_not_taken_off(reader: AwsReader, account: Account) -> None:
    held = reader.managed_policy(BOUNDARY).value
    assert held is not None
    with pytest.raises(PlanError, match="boundary of"):
        delete_policy(held, account)


def test_aws_s_policies_are_not_changed(reader: AwsReader, account: Account) -> None:
    held = reader.managed_policy("arn:aws:iam::aws:policy/ReadOnlyAccess").value
    assert held is not None
    for build in (lambda: new_version(held, READ.text, account), lambda: delete_policy(held, account)):
        with pytest.raises(PlanError, match="AWS's policy"):
            build()


def test_a_version_that_says_the_same_becomes_the_default(reader: AwsReader, account: Account) -> None:
    held = reader.managed_policy("arn:aws:iam::111122223333:policy/app-assets-read").value
    assert held is not None
    third = next(each for each in held.versions if each.id == "v3")
    plan = new_version(held, third.document.text, account)
    assert [call.operation for call in plan.calls] == ["SetDefaultPolicyVersion"]
    assert plan.calls[0].parameters["VersionId"] == "v3"
    with pytest.raises(PlanError, match="nothing to do"):
        set_default_version(held, "v4", account)
    with pytest.raises(PlanError, match="no version v99"):
        set_default_version(held, "v99", account)


def test_plans_together_keep_their_answers(reader: AwsReader, account: Account, directory: Path) -> None:
    held = reader.managed_policy("arn:aws:iam::111122223333:policy/lake-etl").value
    assert held is not None
    provider = (account.oidc_providers or ())[0]
    plan = together("both", [add_audience(provider, "x", account), new_version(held, READ.text, account)])
    assert plan.calls[2].parameters["VersionId"] == Answer(1, "PolicyVersion.VersionId")
    done(plan, reader, directory)
    changed = reader.managed_policy(held.arn).value
    assert changed is not None
    assert changed.document == READ
    undone(reader, directory)
    back = reader.managed_policy(held.arn).value
    assert back is not None
    assert [each.id for each in back.versions] == ["v1"]


def test_users_and_groups_have_policies_too(reader: AwsReader, account: Account, directory: Path) -> None:
    user, group = account.user("dora"), account.group("Auditors")
    assert user is not None
    assert group is not None
    plan = together(
        "both",
        [
            put_inline(user, "assume-as-hr", READ.text, account),
            attach(group, LOGS, account),
            put_inline(group, "read", policy({"Effect": "Deny", "Action": "s3:*", "Resource": "*"}).text, account),
        ],
    )
    done(plan, reader, directory)
    undone(reader, directory)
    back = reader.user("dora").value
    assert back is not None
    assert back.inline == (InlinePolicy("assume-as-hr", (user.inline or ())[0].document),)


@pytest.mark.parametrize("name", ["trust", "description", "a new inline policy", "a replaced inline policy"])
def test_somebody_s_later_change_is_not_lost_by_rolling_back(
    reader: AwsReader, account: Account, directory: Path, name: str
) -> None:
    done(CHANGES[name](role_of(reader), account), reader, directory)
    iam = reader.aws.session.client("iam")
    iam.update_assume_role_policy(RoleName=NAME, PolicyDocument=trust("states.amazonaws.com").text)
    iam.update_role(RoleName=NAME, Description="theirs")
    other = policy({"Effect": "Deny", "Action": "s3:*", "Resource": "*"}).text
    for held in role_of(reader).inline or ():
        iam.put_role_policy(RoleName=NAME, PolicyName=held.name, PolicyDocument=other)
    theirs = state_of(reader, NAME)
    [record] = journals(directory)
    *_, last = roll_back(record.path, reader, writable=False)
    assert last.status is Status.FAILED
    assert "Somebody changed it since" in last.sentence
    assert state_of(reader, NAME) == theirs
    *_, last = roll_back(record.path, reader, writable=False, overwrite=True)
    assert last.status is Status.DONE
    assert state_of(reader, NAME) != theirs
