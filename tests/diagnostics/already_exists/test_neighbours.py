"""Errors that stand beside a name conflict: a refused deletion, two writers, quotas of one entity."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from diagnostics.already_exists.neighbours import explain_other
from diagnostics.diagnose import read_text
from diagnostics.diagnosis import Confidence, Status, Step, Verdict
from diagnostics.failure import OtherFailure, Trouble
from diagnostics.fix import Fix, Wait
from iam.account import Account, AttachedPolicy
from iam.changes.builders.identities import delete_group
from iam.changes.plan import PlanError
from iam.sources.reader.entities import AccessKey, Credential, MfaDevice, ServerCertificate
from iam.sources.reader.opened import OpenedAccount
from tests.support.accounts.conflict_memory import (
    ID,
    MemoryReader,
    account,
    arn,
    asleep,
    group,
    inline,
    policy,
    profile,
    role,
    user,
)
from tests.support.driving.conflict_run import first_word, sort_out, stack


def run_other(failure: OtherFailure, seen: Account, **reader: Any) -> tuple[dict[str, Step], Verdict, list[Fix]]:
    return sort_out(list(explain_other(failure, OpenedAccount(seen, MemoryReader(seen, **reader)))))  # type: ignore[arg-type]  # it has the reads that conflicts need


def refused(operation: str, name: str | None, text: str = "") -> OtherFailure:
    text = text or f"(DeleteConflict) when calling the {operation} operation: Cannot delete entity"
    return OtherFailure(text, Trouble.DELETE_CONFLICT, "DeleteConflict", operation, name=name)


READ = AttachedPolicy("read", arn("policy/read"))

DELETIONS: tuple[tuple[str, str, Account, list[str]], ...] = (
    (
        "DeleteRole",
        "tide",
        account(roles=(asleep("tide", attached=(READ,), instance_profiles=("p",)),)),
        [
            "aws iam remove-role-from-instance-profile --instance-profile-name p --role-name tide",
            f"aws iam detach-role-policy --role-name tide --policy-arn {arn('policy/read')}",
            "aws iam delete-role --role-name tide",
        ],
    ),
    (
        "DeleteUser",
        "jo",
        account(users=(user("jo", attached=(READ,), inline=(inline("x"),), groups=("crew",)),)),
        [
            f"aws iam detach-user-policy --user-name jo --policy-arn {arn('policy/read')}",
            "aws iam delete-user-policy --user-name jo --policy-name x",
            "aws iam remove-user-from-group --group-name crew --user-name jo",
            "aws iam delete-user --user-name jo",
        ],
    ),
    (
        "DeleteGroup",
        "crew",
        account(groups=(group("crew"),), users=(user("jo", groups=("crew",)),)),
        [
            "aws iam remove-user-from-group --group-name crew --user-name jo",
            "aws iam delete-group --group-name crew",
        ],
    ),
    (
        "DeletePolicy",
        "read",
        account(
            policies=(policy("read", versions=2),),
            roles=(role("keeper", attached=(READ,)),),
        ),
        [
            f"aws iam detach-role-policy --role-name keeper --policy-arn {arn('policy/read')}",
            f"aws iam delete-policy-version --policy-arn {arn('policy/read')} --version-id v1",
            f"aws iam delete-policy --policy-arn {arn('policy/read')}",
        ],
    ),
    (
        "DeleteInstanceProfile",
        "p",
        account(instance_profiles=(profile("p", "tide"),)),
        [
            "aws iam remove-role-from-instance-profile --instance-profile-name p --role-name tide",
            "aws iam delete-instance-profile --instance-profile-name p",
        ],
    ),
)


@pytest.mark.parametrize(("operation", "name", "seen", "lines"), DELETIONS, ids=[each[0] for each in DELETIONS])
def test_a_refused_deletion_is_taken_apart_in_order(operation: str, name: str, seen: Account, lines: list[str]) -> None:
    _, verdict, fixes = run_other(refused(operation, name), seen)
    assert (verdict.cause, verdict.confidence) == ("deletion.unfinished", Confidence.CERTAIN)
    used = operation in ("DeleteGroup", "DeletePolicy")
    assert [first_word(fix) for fix in fixes] == (["leave", "delete"] if used else ["delete"])
    assert fixes[-1].text.splitlines() == lines


def test_a_user_goes_with_all_that_it_signs_in_with() -> None:
    serial = arn("mfa/jo")
    seen = account(users=(user("jo"),))
    others = (Credential("ssh-key", "APKA1", True), Credential("service-credential", "ACCA1", True))
    reader: dict[str, Any] = {
        "passwords": ("jo",),
        "keys": (AccessKey("AKIA1", "jo", True),),
        "devices": (MfaDevice(serial, "jo"), MfaDevice("GAHT1234", "jo"), MfaDevice(arn("mfa/other"), "mo")),
        "credentials_": (*others, Credential("signing-certificate", "TA1", False)),
    }
    _, _, fixes = run_other(refused("DeleteUser", "jo"), seen, **reader)
    assert [line.split(" ", 2)[2] for line in fixes[0].text.splitlines()] == [
        "delete-login-profile --user-name jo",
        "delete-access-key --user-name jo --access-key-id AKIA1",
        f"deactivate-mfa-device --user-name jo --serial-number {serial}",
        f"delete-virtual-mfa-device --serial-number {serial}",
        "deactivate-mfa-device --user-name jo --serial-number GAHT1234",
        "delete-ssh-public-key --user-name jo --ssh-public-key-id APKA1",
        "delete-service-specific-credential --user-name jo --service-specific-credential-id ACCA1",
        "delete-signing-certificate --user-name jo --certificate-id TA1",
        "delete-user --user-name jo",
    ]
    assert "Permanently lost, even after a roll-back: its password; the access keys AKIA1" in fixes[0].cautions[0]
    for part in ("login_profile", "access_keys", "mfa_devices", "credentials"):
        _, _, fixes = run_other(refused("DeleteUser", "jo"), seen, **reader, denied=frozenset({part}))
        assert first_word(fixes[0]) == "leave"
        assert part in fixes[0].change.no_plan


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        (account(groups=(replace(group("crew"), attached=None),)), "depend on crew"),
        (account(groups=(replace(group("crew"), inline=None),)), "depend on crew"),
        (account(groups=(group("crew"),), users=None), "The members of the group crew"),
        (account(groups=(group("crew"),), incomplete=frozenset({"users"})), "The members of the group crew"),
        (account(groups=(group("crew"),), users=(user("jo", groups=None),)), "The members of the group crew"),
    ],
)
def test_a_group_of_which_something_is_unread_is_not_deleted(seen: Account, said: str) -> None:
    with pytest.raises(PlanError, match=said):
        delete_group(seen.groups[0] if seen.groups else group("crew"), seen)
    _, _, fixes = run_other(refused("DeleteGroup", "crew"), seen)
    assert all(isinstance(fix.change, Wait) or fix.change.no_plan or first_word(fix) == "leave" for fix in fixes)
    assert not any("delete-group" in (fix.text or "") for fix in fixes)


def test_a_certificate_that_is_served_stays_and_where_to_look_is_said() -> None:
    listener = f"arn:aws:elasticloadbalancing:eu-west-1:{ID}:loadbalancer/app/sea/1"
    held: dict[str, Any] = {"certificates": (ServerCertificate("quay", arn("server-certificate/quay")),)}
    text = (
        f"(DeleteConflict) when calling DeleteServerCertificate: Certificate: ASCA1 is currently in use by {listener}."
    )
    steps, _, fixes = run_other(refused("DeleteServerCertificate", "quay", text), account(), **held)
    assert first_word(fixes[0]) == "leave"
    assert listener in fixes[0].text
    for call in ("elasticloadbalancing:DescribeListeners", "cloudfront:ListDistributions"):
        assert call in steps["use"].summary
        assert call in {each.call for each in steps["use"].evidence}
    assert steps["use"].status is Status.UNKNOWN
    _, _, fixes = run_other(refused("DeleteServerCertificate", "quay"), account(), **held)
    assert [first_word(fix) for fix in fixes] == ["leave", "delete"]
    assert fixes[1].text == "aws iam delete-server-certificate --server-certificate-name quay"
    assert "IAM does not show what uses the certificate" in fixes[0].text


def test_a_boundary_is_not_taken_off_to_delete_its_policy() -> None:
    seen = account(policies=(policy("read"),), roles=(role("fenced", boundary_arn=arn("policy/read")),))
    _, _, fixes = run_other(refused("DeletePolicy", "read"), seen)
    assert [first_word(fix) for fix in fixes] == ["leave"]
    assert "boundary of role fenced" in fixes[0].title


def test_the_name_stands_in_the_command_line() -> None:
    text = f"aws iam delete-policy --policy-arn {arn('policy/a/read')}\n(DeleteConflict) DeletePolicy: Cannot delete"
    seen = account(policies=(policy("read", "/a/"),))
    _, verdict, fixes = run_other(refused("DeletePolicy", None, text), seen)
    assert verdict.confidence is Confidence.CERTAIN
    assert "delete-policy" in fixes[0].text


@pytest.mark.parametrize(
    ("seen", "reader"),
    [
        (account(roles=(asleep("tide"),)), {"stacks": (stack("sea", "tide"),)}),
        (account(roles=(asleep("tide"),)), {"denied": frozenset({"bindings"})}),
        (account(roles=(role("tide", path="/aws-service-role/x.amazonaws.com/"),)), {}),
    ],
)
def test_a_deletion_that_would_hurt_is_not_planned(seen: Account, reader: dict[str, Any]) -> None:
    _, _, fixes = run_other(refused("DeleteRole", "tide"), seen, **reader)
    assert [first_word(fix) for fix in fixes] == ["leave"]


def test_a_deletion_of_what_is_not_named_or_gone() -> None:
    _, verdict, _ = run_other(refused("DeleteRole", None), account())
    assert verdict.cause == "deletion.unfinished"
    _, verdict, _ = run_other(refused("DeleteRole", "tide"), account(roles=(role("x"),)))
    assert "no longer exists" in verdict.summary


def test_two_writers_wait_and_look() -> None:
    text = "aws iam create-role --role-name tide\n(ConcurrentModification) when calling CreateRole"
    failure = OtherFailure(text, Trouble.CONCURRENT, "ConcurrentModification", "CreateRole")
    _, verdict, fixes = run_other(failure, account(roles=(role("tide"),)))
    assert "tide exists now" in verdict.summary
    assert first_word(fixes[0]) == "wait"


def quota(text: str) -> OtherFailure:
    return OtherFailure(f"(LimitExceeded) {text}", Trouble.QUOTA, "LimitExceeded", "CreateRole")


def test_a_profile_that_holds_a_role_is_a_question_of_the_profile() -> None:
    text = "aws iam add-role-to-instance-profile --instance-profile-name p --role-name tide\n"
    text += "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1"
    _, verdict, fixes = run_other(quota(text), account(instance_profiles=(profile("p", "other"),)))
    assert (verdict.cause, first_word(fixes[0])) == ("profile.other-role", "rename")


def test_a_policy_with_five_versions_gets_room_for_one_more() -> None:
    text = (
        f"aws iam create-policy-version --policy-arn {arn('policy/read')}\nA managed policy can have up to 5 versions."
    )
    _, verdict, fixes = run_other(quota(text), account(policies=(policy("read", versions=5),)))
    assert (verdict.cause, first_word(fixes[0])) == ("quota.reached", "new-version")
    assert "delete" not in [first_word(fix) for fix in fixes], "nobody has looked what uses it"
    assert "--version-id v1" in fixes[0].text


def test_a_quota_of_another_service_is_not_mistaken_for_one_of_iam() -> None:
    failure = OtherFailure(
        "VpcLimitExceeded: The maximum number of VPCs", Trouble.QUOTA, "VpcLimitExceeded", "CreateVpc"
    )
    _, verdict, fixes = run_other(failure, account())
    assert (verdict.cause, verdict.confidence) == ("quota.reached", Confidence.LIKELY)
    assert "--service-code iam" not in fixes[0].text


def test_a_quota_that_the_text_does_not_name_is_the_one_that_the_service_usually_has() -> None:
    text = (
        "Error: putting CloudWatch Logs Resource Policy (search-logs): operation error CloudWatch Logs: "
        "PutResourcePolicy, https response error StatusCode: 400, LimitExceededException: Resource limit exceeded."
    )
    (failure,) = read_text(text)
    assert isinstance(failure, OtherFailure)
    _, verdict, _ = run_other(failure, account())
    assert verdict.cause == "quota.reached"
    assert "at most 10 resource policies of CloudWatch Logs" in verdict.summary
