"""Advice about what may go, and about deletions that are half done or under way."""

from __future__ import annotations

from diagnostics.failure import Conflict
from iam.account import AttachedPolicy, LastUsed
from iam.sources.reader.resources import KeyGrant
from tests.support.accounts.conflict_memory import (
    ID,
    account,
    ago,
    arn,
    asleep,
    event,
    inline,
    permissions,
    profile,
    role,
    trust,
)
from tests.support.driving.conflict_run import first_word, run, stack, taken


def test_the_deletion_plan_is_in_the_order_that_iam_asks_for() -> None:
    there = asleep(
        "tide",
        attached=(AttachedPolicy("A", arn("policy/A")), AttachedPolicy("B", "arn:aws:iam::aws:policy/B")),
        inline=(inline("x"), inline("y z")),
        instance_profiles=("tide", "old"),
    )
    naming = role("other", trust=trust(AWS=arn("role/tide")))
    seen = account(roles=(there, naming), instance_profiles=(profile("tide", "tide"), profile("old", "tide")))
    _, _, fixes = run(taken("role", "tide"), seen)
    disable, delete = [fix for fix in fixes if first_word(fix) == "delete"]
    assert disable.text == "aws iam attach-role-policy --role-name tide --policy-arn arn:aws:iam::aws:policy/AWSDenyAll"
    assert delete.text.splitlines() == [
        "aws iam remove-role-from-instance-profile --instance-profile-name tide --role-name tide",
        "aws iam remove-role-from-instance-profile --instance-profile-name old --role-name tide",
        f"aws iam detach-role-policy --role-name tide --policy-arn {arn('policy/A')}",
        "aws iam detach-role-policy --role-name tide --policy-arn arn:aws:iam::aws:policy/B",
        "aws iam delete-role-policy --role-name tide --policy-name x",
        "aws iam delete-role-policy --role-name tide --policy-name 'y z'",
        "aws iam delete-role --role-name tide",
        "aws iam delete-instance-profile --instance-profile-name tide",
    ]
    assert "new unique ID" in delete.cautions[0]
    assert "the trust policy of role other" in delete.cautions[1]
    assert [first_word(fix) for fix in fixes[:2]] == ["adopt", "rename"]


def test_policies_and_grants_that_name_the_role_are_found() -> None:
    bucket, key = "arn:aws:s3:::tides", f"arn:aws:kms:eu-west-1:{ID}:key/1"
    policies = {bucket: trust(AWS=arn("role/tide")), key: trust(AWS=arn("role/tide-2"))}
    grants = (KeyGrant("g1", arn("role/tide"), ("Decrypt",)),)
    for denied in (frozenset[str](), frozenset({"resource_policies"})):
        steps, _, _ = run(
            taken("role", "tide"),
            account(roles=(asleep("tide"),)),
            policies_of_resources=policies,
            grants=grants,
            denied=denied,
        )
        assert f"the policy of {bucket}" in steps["use"].summary
        assert "grant g1" in steps["use"].summary
        assert f"the policy of {key}" not in steps["use"].summary


def test_beyond_forty_resources_it_is_said_what_was_not_looked_through() -> None:
    buckets = {f"arn:aws:s3:::tides-{number:02}": permissions() for number in range(45)}
    queues = {f"arn:aws:sqs:eu-west-1:{ID}:gauge-{number}": permissions() for number in range(3)}
    reader = {"policies_of_resources": {**buckets, **queues}, "denied": frozenset({"resource_policies"})}
    steps, _, fixes = run(taken("role", "ebb"), account(roles=(asleep("ebb"),)), **reader)
    assert "the policies of 8 resources: 5 of s3 and 3 of sqs (too many to read one by one)" in steps["use"].summary
    deleting = [
        fix for fix in fixes if first_word(fix) == "delete" and fix.text.endswith("delete-role --role-name ebb")
    ]
    assert "these were not searched: the policies of 8 resources" in deleting[0].cautions[-1]


def test_a_half_done_deletion_shows_what_is_left_and_goes_on_from_there() -> None:
    there = asleep("tide", attached=(), instance_profiles=("tide",))
    seen = account(roles=(there,), instance_profiles=(profile("tide", "tide"),))
    trail = (
        event("DeleteRole", ago(minutes=4), errorCode="DeleteConflictException"),
        event("DetachRolePolicy", ago(minutes=5)),
    )
    steps, verdict, fixes = run(taken("role", "tide"), seen, trail=trail)
    assert verdict.cause == "deletion.unfinished"
    assert "instance profile tide" in verdict.summary
    assert "DeleteConflictException" in steps["deletion"].evidence[0].text
    assert fixes[0].text.splitlines() == [
        "aws iam remove-role-from-instance-profile --instance-profile-name tide --role-name tide",
        "aws iam delete-role --role-name tide",
        "aws iam delete-instance-profile --instance-profile-name tide",
    ]
    assert "new unique ID" in fixes[0].cautions[0]


def test_an_old_removal_is_no_deletion_under_way() -> None:
    there = role("tide", attached=())
    _, verdict, _ = run(
        taken("role", "tide"), account(roles=(there,)), trail=(event("DetachRolePolicy", ago(days=60)),)
    )
    assert verdict.cause == "name.taken"


def test_a_role_that_was_built_up_again_is_not_being_deleted() -> None:
    trail = (
        event("DeleteRole", ago(minutes=9), errorCode="DeleteConflictException"),
        event("AttachRolePolicy", ago(minutes=1)),
    )
    _, verdict, _ = run(taken("role", "tide"), account(roles=(role("tide"),)), trail=trail)
    assert verdict.cause == "name.taken"


def test_what_was_done_to_an_earlier_bearer_of_the_name_does_not_count() -> None:
    young = account(roles=(role("tide", created=ago(hours=1), attached=()),))
    _, verdict, _ = run(taken("role", "tide"), young, trail=(event("DeleteRole", ago(hours=2)),))
    assert verdict.cause == "name.taken"


def test_a_stack_that_is_gone_and_left_the_role_is_no_owner() -> None:
    left = account(roles=(asleep("tide"),))
    _, verdict, fixes = run(taken("role", "tide"), left, stacks=(stack("sea", "tide", "DELETE_COMPLETE"),))
    assert verdict.cause == "name.taken"
    assert "delete" in [first_word(fix) for fix in fixes]


def test_a_stack_being_deleted_is_waited_for_by_its_arn() -> None:
    gone = stack("sea prod", "tide", "DELETE_IN_PROGRESS")
    _, _, fixes = run(taken("role", "tide"), account(roles=(role("tide"),)), stacks=(gone,))
    assert fixes[0].text == ("aws cloudformation wait stack-delete-complete --stack-name 'sea prod' --region eu-west-1")


def test_roles_that_could_go_are_listed_when_the_account_is_full() -> None:
    seen = account(
        roles=(
            asleep("dusty", created=ago(days=3000)),
            asleep("newer", last_used=LastUsed(ago(days=500))),
            asleep("in-a-profile", instance_profiles=("x",)),
            asleep("unknown", last_used=None),
            asleep("AWSServiceRoleForX", "/aws-service-role/x.amazonaws.com/"),
            role("busy"),
        ),
        summary={"Roles": 1000, "RolesQuota": 1000},
    )
    conflict = Conflict("Cannot exceed quota for RolesPerAccount: 1000", "LimitExceeded", None, None, "CreateRole")
    _, _, fixes = run(conflict, seen)
    stale = next(fix for fix in fixes if first_word(fix) == "delete")
    assert [line.split(",")[0] for line in stale.text.splitlines()] == ["dusty", "newer"]
