"""Plans that change, adopt, quiet and delete: carried out, they leave what was wanted, and taken back, what was."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from iam.account import Account, InlinePolicy, LastUsed, Role
from iam.changes.apply import CallStatus, Writer
from iam.changes.builders.instance_profiles import delete_profile, finish_deletion
from iam.changes.builders.policies import (
    add_audience,
    attach,
    delete_inline,
    delete_policy,
    new_version,
    put_inline,
    set_default_version,
    together,
    whole_policy,
)
from iam.changes.builders.roles import (
    DISABLE_POLICY,
    REVOKE_POLICY,
    disable_role,
    edit_role,
    enable_role,
    revoke_sessions,
)
from iam.changes.journal import journals
from iam.changes.plan import AnswerValue, Plan, PlanError
from iam.creation.draft.role_draft import RoleDraft
from iam.creation.plan import create_role
from iam.creation.recipes.recipe import AccountFacts
from iam.policy.decision import Outcome
from iam.simulator import SimulationRequest, SimulationResult
from iam.sources.reader.reading import Reading
from tests.support.accounts.documents import LOGS, READ, policy, trust
from tests.support.changes.applied import state_of
from tests.support.changes.built import BOUNDARY, CHANGES, NAME, role_of
from tests.support.gate.let_through import apply, roll_back

if TYPE_CHECKING:
    from iam.sources.aws.reader import AwsReader


class Everything:
    """The reader, but for some answers."""

    def __init__(self, reader: AwsReader, **answers: Reading[Any]) -> None:
        self._reader, self._answers = reader, answers

    def __getattr__(self, name: str) -> Any:
        answer = self._answers.get(name)
        return getattr(self._reader, name) if answer is None else lambda *_: answer


def done(plan: Plan, reader: AwsReader, directory: Path) -> None:
    *_, last = apply(plan, reader, writable=False, directory=directory)
    assert last.status is CallStatus.VERIFIED, last.sentence


def undone(reader: AwsReader, directory: Path) -> None:
    record = next(journals(directory))
    assert all(each.status is not CallStatus.FAILED for each in roll_back(record.path, reader, writable=False))


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_made_and_taken_back(reader: AwsReader, account: Account, directory: Path, name: str) -> None:
    before = state_of(reader, NAME)
    profiles = role_of(reader).instance_profiles
    plan = CHANGES[name](role_of(reader), account, reader)
    assert all(call.undo is not None for call in plan.calls)
    done(plan, reader, directory)
    assert (state_of(reader, NAME), role_of(reader).instance_profiles) != (before, profiles)
    undone(reader, directory)
    assert (state_of(reader, NAME), role_of(reader).instance_profiles) == (before, profiles)


@pytest.mark.parametrize("name", ["trust", "description", "tags", "a replaced inline policy", "attach"])
def test_what_is_so_already_is_no_plan(reader: AwsReader, account: Account, directory: Path, name: str) -> None:
    done(CHANGES[name](role_of(reader), account, reader), reader, directory)
    fresh = list(reader.accounts())[-1]
    if name == "trust":
        plan = CHANGES[name](role_of(reader), fresh, reader)
        outcomes = list(apply(plan, reader, writable=False, directory=directory / "again"))
        assert [each.status for each in outcomes] == [CallStatus.ALREADY, CallStatus.VERIFIED]
        return
    with pytest.raises(PlanError, match="nothing to do"):
        CHANGES[name](role_of(reader), fresh, reader)


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
    done(disable_role(role, account, reader), reader, directory)
    assert outcome() is Outcome.EXPLICIT_DENY
    assert DISABLE_POLICY in {each.name for each in role_of(reader).inline or ()}
    done(enable_role(role_of(reader), account), reader, directory)
    assert outcome() is Outcome.ALLOWED
    with pytest.raises(PlanError, match="not disabled"):
        enable_role(role_of(reader), account)


@pytest.mark.parametrize("given", [{"description": "new"}, {"max_session_seconds": 7200}])
def test_description_and_session_length_are_sent_together(
    account: Account, reader: AwsReader, given: dict[str, Any]
) -> None:
    role = replace(role_of(reader), description="old", max_session_seconds=43_200)
    [call] = edit_role(role, account, **given).calls
    before = {"RoleName": NAME, "Description": "old", "MaxSessionDuration": 43_200}
    words = {"description": "Description", "max_session_seconds": "MaxSessionDuration"}
    assert call.parameters == before | {words[name]: value for name, value in given.items()}
    assert call.undo is not None
    assert call.undo.parameters == before
    with pytest.raises(PlanError, match="session length"):
        edit_role(replace(role, max_session_seconds=None), account, **given)


def test_of_a_service_linked_role_the_description_alone_is_sent(account: Account) -> None:
    linked = account.role("AWSServiceRoleForECS")
    assert linked is not None
    [call] = edit_role(linked, account, description="new").calls
    assert call.parameters == {"RoleName": linked.name, "Description": "new"}
    assert call.undo is not None
    assert set(call.undo.parameters) == {"RoleName", "Description"}


def test_revoking_denies_older_sessions_only(account: Account, reader: AwsReader) -> None:
    plan = revoke_sessions(role_of(reader), account, reader, account.now)
    assert plan.calls[0].parameters["PolicyName"] == REVOKE_POLICY
    statement = json.loads(plan.calls[0].text("PolicyDocument"))["Statement"][0]
    assert statement["Condition"] == {"DateLessThan": {"aws:TokenIssueTime": "2026-11-20T09:00:30Z"}}


def test_sessions_that_were_made_while_the_plan_was_read_end_too(
    reader: AwsReader, account: Account, tmp_path: Path
) -> None:
    """The plan was made two minutes before it is carried out; another of its calls has a document of that time."""
    before = account.now - timedelta(minutes=2)
    plan = revoke_sessions(role_of(reader), account, reader, before)
    both = together("two", [plan, revoke_sessions(role_of(reader), account, reader, before - timedelta(seconds=1))])
    writer = Writer(reader.aws.client("iam"), sleep=lambda _: None)
    *_, last = apply(both, reader, writable=False, writer=writer, directory=tmp_path)
    assert last.status is CallStatus.VERIFIED
    (document,) = (each.document.text for each in role_of(reader).inline or () if each.name == REVOKE_POLICY)
    assert "2026-11-20T09:00:30Z" in document and "08:58" not in document
    (record,) = journals(tmp_path)
    assert all("09:00:30Z" in each.why and "08:58" not in each.why for each in record.plan.calls)


# Taking rights from what is in use.

TAKING: dict[str, Callable[[Role, Account, AwsReader], Plan]] = {name: CHANGES[name] for name in ("disable", "revoke")}


@pytest.mark.parametrize("name", CHANGES)
def test_only_what_takes_rights_asks_for_the_name(account: Account, reader: AwsReader, name: str) -> None:
    plan = CHANGES[name](role_of(reader), account, reader)
    assert plan.type_name == (NAME if name in TAKING else None)


@pytest.mark.parametrize("name", TAKING)
def test_who_uses_the_role_is_said_before_its_rights_go(account: Account, reader: AwsReader, name: str) -> None:
    plan = TAKING[name](role_of(reader, "web-frontend-ec2"), account, reader)
    assert plan.type_name == "web-frontend-ec2"
    used, by = plan.in_use[:2]
    assert used.startswith("In use: last used ")
    assert by == "Resources that use it: 3 instances."


@pytest.mark.parametrize("name", TAKING)
def test_a_role_that_nobody_uses_is_quieted_without_its_name(account: Account, reader: AwsReader, name: str) -> None:
    unused = replace(role_of(reader), last_used=LastUsed(None), instance_profiles=())
    quiet = Everything(reader, bindings=Reading("iam:X", ()))
    plan = TAKING[name](unused, account, quiet)
    assert plan.type_name is None
    assert not [each for each in plan.to_read_first if "use" in each]


UNSEEN = {
    "its last use": lambda role: (replace(role, last_used=None), {}),
    "a young role": lambda role: (replace(role, created=role.created.replace(year=2026, month=11, day=20)), {}),
    "instance profiles": lambda role: (replace(role, instance_profiles=None), {}),
    "instances": lambda role: (replace(role, instance_profiles=("p",)), {"instances": Reading("ec2:X", why="denied")}),
    "a region": lambda role: (role, {"bindings": Reading("lambda:X", (), note="eu-west-1 is denied")}),
    "bindings": lambda role: (role, {"bindings": Reading("lambda:X", why="denied")}),
}


@pytest.mark.parametrize("what", UNSEEN)
def test_what_could_not_be_seen_counts_as_used(account: Account, reader: AwsReader, what: str) -> None:
    unused = replace(role_of(reader), last_used=LastUsed(None), instance_profiles=())
    role, answers = UNSEEN[what](unused)
    quiet = Everything(reader, **{"bindings": Reading("iam:X", ()), **answers})
    partial = replace(account, instance_profiles=None) if what == "instance profiles" else account
    plan = disable_role(role, partial, quiet)
    assert plan.type_name == NAME
    assert [each for each in plan.in_use if each.startswith("Not checked: ")]


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
    with pytest.raises(PlanError, match="is kept because it contains"):
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


def test_a_policy_is_not_deleted_where_not_all_that_may_have_it_was_read(reader: AwsReader, account: Account) -> None:
    held = reader.managed_policy("arn:aws:iam::111122223333:policy/app-assets-read").value
    assert held is not None and account.users is not None
    names_alone = tuple(replace(user, attached=None) for user in account.users)
    for unread in (replace(account, users=names_alone), replace(account, incomplete=frozenset({"roles"}))):
        with pytest.raises(PlanError, match="could not be read completely"):
            delete_policy(held, unread)


def test_a_boundary_is_not_taken_off(reader: AwsReader, account: Account) -> None:
    held = reader.managed_policy(BOUNDARY).value
    assert held is not None
    with pytest.raises(PlanError, match="boundary of"):
        delete_policy(held, account)


def test_aws_s_policies_are_not_changed(reader: AwsReader, account: Account) -> None:
    held = reader.managed_policy("arn:aws:iam::aws:policy/ReadOnlyAccess").value
    assert held is not None
    for build in (lambda: new_version(held, READ.text, account), lambda: delete_policy(held, account)):
        with pytest.raises(PlanError, match="AWS managed policy"):
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


def test_what_was_not_read_whole_is_not_changed(reader: AwsReader, account: Account) -> None:
    found = reader.managed_policy(BOUNDARY)
    assert whole_policy(found, BOUNDARY) == found.value
    for reading in (replace(found, note="ListPolicyVersions was denied."), Reading("iam:GetPolicy", why="Denied.")):
        with pytest.raises(PlanError, match=r"[Dd]enied\."):
            whole_policy(reading, BOUNDARY)
    with pytest.raises(PlanError, match="could not be read"):
        delete_inline(replace(role_of(reader), inline=None), "orders-table-rw", account)


def test_plans_together_keep_their_answers(reader: AwsReader, account: Account, directory: Path) -> None:
    held = reader.managed_policy("arn:aws:iam::111122223333:policy/lake-etl").value
    assert held is not None
    provider = (account.oidc_providers or ())[0]
    plan = together("both", [add_audience(provider, "x", account), new_version(held, READ.text, account)])
    assert plan.calls[2].parameters["VersionId"] == AnswerValue(1, "PolicyVersion.VersionId")
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
    done(CHANGES[name](role_of(reader), account, reader), reader, directory)
    iam = reader.aws.session.client("iam")
    iam.update_assume_role_policy(RoleName=NAME, PolicyDocument=trust("states.amazonaws.com").text)
    iam.update_role(RoleName=NAME, Description="theirs")
    other = policy({"Effect": "Deny", "Action": "s3:*", "Resource": "*"}).text
    for held in role_of(reader).inline or ():
        iam.put_role_policy(RoleName=NAME, PolicyName=held.name, PolicyDocument=other)
    theirs = state_of(reader, NAME)
    [record] = journals(directory)
    *_, last = roll_back(record.path, reader, writable=False)
    assert last.status is CallStatus.FAILED
    assert "Somebody has changed this since" in last.sentence
    assert state_of(reader, NAME) == theirs
    *_, last = roll_back(record.path, reader, writable=False, overwrite=True)
    assert last.status is CallStatus.DONE
    assert state_of(reader, NAME) != theirs
