"""The change after which a request was refused, and its reversal."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from diagnostics.diagnose import collect, read_text
from diagnostics.diagnosis import Diagnosis, Step
from diagnostics.fix import Calls, Fix, FixKind, Revert
from diagnostics.past_changes import Since
from diagnostics.plans.fix import plan_for_fix
from iam.account import Account
from iam.changes.account_after import account_after
from iam.event import Event
from iam.history.trail import NO_TRAIL, Trail
from iam.organization.levels import Organization, OrganizationLevel, OrganizationPolicy
from iam.policy.document import Document
from iam.sources.reader.opened import OpenedAccount
from tests.support.accounts.fake_reader import ACCOUNT_ID, NOW, allow, document, role
from tests.support.history.recorded_account import S3_READ, RecordedReader

DENIED = (
    f"User: arn:aws:sts::{ACCOUNT_ID}:assumed-role/mover/run is not authorized to perform: s3:GetObject on resource: "
    "arn:aws:s3:::crates/a because no identity-based policy allows the s3:GetObject action"
)
READ = document(allow("s3:GetObject", "arn:aws:s3:::crates/*", Sid="Read"))
WRITE = document(allow("s3:PutObject", "arn:aws:s3:::crates/*", Sid="Write"))
BOTH = document(
    allow("s3:GetObject", "arn:aws:s3:::crates/*", Sid="Read"),
    allow("s3:PutObject", "arn:aws:s3:::crates/*", Sid="Write"),
)


def event(
    hours: float, name: str, *, source: str = "iam", error: str = "", via: str = "aws-cli/2", **given: Any
) -> Event:
    at: datetime = NOW - timedelta(hours=hours)
    record = {
        "eventTime": f"{at:%Y-%m-%dT%H:%M:%SZ}",
        "eventSource": f"{source}.amazonaws.com",
        "eventName": name,
        "awsRegion": "us-east-1",
        "recipientAccountId": ACCOUNT_ID,
        "userIdentity": {"arn": f"arn:aws:iam::{ACCOUNT_ID}:user/otto"},
        "userAgent": via,
        "eventID": f"{name}-{hours}",
        "requestParameters": {"roleName": "mover", **given},
        **({"errorCode": error} if error else {}),
    }
    return Event(name, at, "otto", ("mover", *map(str, given.values())), via, json.dumps(record))


def put(hours: float, policy: Document, **more: Any) -> Event:
    return event(hours, "PutRolePolicy", policyName="read", policyDocument=policy.stored or policy.text, **more)


def explained(
    *events: Event, inline: Document | None = None, text: str = DENIED, trail: Trail = NO_TRAIL, **fields: Any
) -> Diagnosis:
    from iam.account import InlinePolicy

    policies = (InlinePolicy("read", inline),) if inline is not None else ()
    mover = role("mover", inline=policies, **fields)
    account = Account(ACCOUNT_ID, "test", NOW, roles=(mover,), users=(), groups=(), policies=(), in_organization=False)
    opened = OpenedAccount(account, RecordedReader(account, events))
    return collect(read_text(text)[0], opened, trail=trail)


def since(diagnosis: Diagnosis) -> Since:
    assert diagnosis.verdict.since is not None
    return diagnosis.verdict.since


def step(diagnosis: Diagnosis) -> Step:
    return next(each for each in diagnosis.steps if each.id == "since")


def reverts(diagnosis: Diagnosis) -> list[Fix]:
    return [fix for fix in diagnosis.fixes if fix.kind is FixKind.REVERT]


def test_the_change_that_took_the_allow_is_named() -> None:
    found = explained(put(30, READ), put(5, WRITE), inline=WRITE)
    assert (since(found).event_id, since(found).before) == ("PutRolePolicy-5", "allowed")
    assert since(found).certainty.value == "certain"
    assert since(found).by == f"arn:aws:iam::{ACCOUNT_ID}:user/otto"
    assert "otto changed inline policy read of role mover" in step(found).summary


def test_its_reversal_is_a_fix_that_keeps_later_statements() -> None:
    later = document(
        allow("s3:PutObject", "arn:aws:s3:::crates/*", Sid="Write"), allow("sqs:SendMessage", "*", Sid="Later")
    )
    found = explained(put(30, BOTH), put(5, WRITE), put(2, later), inline=later)
    (fix,) = reverts(found)
    assert fix.verified is True
    assert fix.after is not None
    assert {each.sid for each in fix.after.statements} == {"Read", "Write", "Later"}
    assert any("kept" in each for each in fix.cautions)


def test_what_was_detached_is_attached_again_first_of_all() -> None:
    arn = S3_READ.arn
    found = explained(event(4, "DetachRolePolicy", policyArn=arn, via="HashiCorp Terraform/1.13"))
    first = found.fixes[0]
    assert isinstance(first.change, Revert) and isinstance(first.change.change, Calls)
    assert first.change.change.calls[0].operation == "AttachRolePolicy"
    assert first.verified is True
    assert any("Terraform" in each for each in first.cautions)


def test_a_revert_is_a_plan_after_which_the_request_is_allowed() -> None:
    arn = S3_READ.arn
    found = explained(event(4, "DetachRolePolicy", policyArn=arn))
    account = Account(ACCOUNT_ID, "test", NOW, roles=(role("mover"),), users=(), groups=(), policies=())
    plan = plan_for_fix(found.fixes[0], OpenedAccount(account, RecordedReader(account, ())))
    mover = account_after(plan, account).role("mover")
    assert mover is not None and arn in {each.arn for each in mover.attached or ()}


def test_an_unrecorded_policy_before_is_likely_at_most() -> None:
    found = explained(put(5, WRITE), inline=WRITE)
    assert since(found).event_id == "PutRolePolicy-5"
    assert since(found).certainty.value == "likely"
    assert since(found).hangs_on
    assert step(found).summary.startswith("probably")
    assert not reverts(found)


def test_a_failed_call_is_not_named() -> None:
    found = explained(put(30, READ), put(5, WRITE), put(3, WRITE, error="AccessDenied"), inline=WRITE)
    assert since(found).event_id == "PutRolePolicy-5"


def test_never_allowed_says_back_to_when() -> None:
    found = explained(
        put(30, WRITE), put(5, WRITE), event(60, "CreateRole", assumeRolePolicyDocument="{}"), inline=WRITE
    )
    assert (since(found).event_id, since(found).before) == (None, "denied")
    assert "since the caller was created" in step(found).summary


def test_a_re_created_role_is_refused_since_it_was_created() -> None:
    found = explained(
        put(40, READ),
        event(30, "DeleteRolePolicy", policyName="read"),
        event(29, "DeleteRole"),
        event(28, "CreateRole", assumeRolePolicyDocument="{}"),
    )
    assert since(found).event_id is None
    assert since(found).back_to == NOW - timedelta(hours=28)


def test_the_latest_of_two_breaks_counts_and_what_mended_the_first_is_said() -> None:
    found = explained(put(30, READ), put(20, WRITE), put(10, READ), put(5, WRITE), inline=WRITE)
    assert since(found).event_id == "PutRolePolicy-5"


def test_a_dated_text_is_answered_for_its_time_and_is_not_certain() -> None:
    at = NOW - timedelta(hours=15)
    found = explained(
        put(30, READ), put(20, WRITE), put(10, READ), inline=READ, text=f"{at:%Y-%m-%dT%H:%M:%SZ} {DENIED}"
    )
    assert since(found).event_id == "PutRolePolicy-20"
    assert [each.then for each in since(found).after] == ["allowed"]
    assert found.verdict.confidence.value != "certain"


def test_a_text_from_before_the_change_was_not_refused_by_it() -> None:
    at = NOW - timedelta(hours=25)
    found = explained(put(30, READ), put(20, WRITE), inline=WRITE, text=f"{at:%Y-%m-%dT%H:%M:%SZ} {DENIED}")
    assert found.verdict.since is None
    assert "allowed then" in step(found).summary


def test_of_two_changes_that_each_refuse_the_other_is_named_too() -> None:
    deny = document({"Effect": "Deny", "Action": "s3:*", "Resource": "*", "Sid": "Stop"})
    second = event(3, "PutRolePolicy", policyName="stop", policyDocument=deny.text)
    from iam.account import InlinePolicy

    mover = role("mover", inline=(InlinePolicy("read", WRITE), InlinePolicy("stop", deny)))
    account = Account(ACCOUNT_ID, "test", NOW, roles=(mover,), users=(), groups=(), policies=(), in_organization=False)
    created = event(60, "CreateRole", assumeRolePolicyDocument="{}")
    opened = OpenedAccount(account, RecordedReader(account, (created, put(30, READ), put(5, WRITE), second)))
    found = collect(read_text(DENIED)[0], opened)
    assert since(found).event_id == "PutRolePolicy-5"
    (fix,) = reverts(found)
    assert fix.verified is False
    assert any("This change is not enough alone, because PutRolePolicy" in each for each in fix.cautions)


def test_a_gap_that_refuses_is_said_and_nobody_is_blamed() -> None:
    arn = S3_READ.arn
    attached = event(9, "AttachRolePolicy", policyArn=arn)
    noise = event(2, "TagRole", tags=[{"key": "a", "value": "b"}])
    found = explained(attached, noise, tags={"a": "b"})
    assert found.verdict.since is None or found.verdict.since.event_id is None
    assert "not recorded" in step(found).summary


@pytest.mark.parametrize("known", [True, False])
def test_the_past_of_an_organizations_policies_is_not_taken_for_known(known: bool) -> None:
    from iam.account import InlinePolicy

    full = OrganizationPolicy(
        "arn:aws:organizations::aws:policy/p-FullAWSAccess", "FullAWSAccess", document(allow("*"))
    )
    organization = Organization("o-1", "999988887777", scps=(OrganizationLevel("r-1", (full,)),), rcps=())
    mover = role("mover", inline=(InlinePolicy("read", WRITE),))
    account = Account(
        ACCOUNT_ID, "test", NOW, roles=(mover,), users=(), groups=(), policies=(), organization=organization
    )
    if not known:
        account = replace(account, organization=None, in_organization=False)
    opened = OpenedAccount(account, RecordedReader(account, (put(30, READ), put(5, WRITE))))
    found = since(collect(read_text(DENIED)[0], opened))
    assert found.certainty.value == ("likely" if known else "certain")


def test_without_records_there_is_no_step() -> None:
    found = explained(inline=WRITE)
    assert found.verdict.since is None
    assert not [each for each in found.steps if each.id == "since"]


def test_a_change_that_only_added_is_not_named_where_a_later_one_is_not_recorded() -> None:
    diagnosis = explained(put(30, READ), put(5, BOTH), inline=WRITE)
    step = next(step for step in diagnosis.steps if step.id == "since")
    assert "not recorded, after" in step.summary
    assert not any(isinstance(fix.change, Calls) and "otto" in fix.title for fix in diagnosis.fixes)


def test_other_roles_changes_leave_nothing_in_doubt(tmp_path: Path) -> None:
    """Of a trail of the account: a role that is gone, of which nothing is known, has no say in another's request."""
    others = [
        event(7, "AttachRolePolicy", roleName="another", policyArn=f"arn:aws:iam::{ACCOUNT_ID}:policy/other"),
        event(6, "DeleteRole", roleName="gone"),
        event(
            5, "PutRolePolicy", roleName="another", policyName="read", policyDocument="HIDDEN_DUE_TO_SECURITY_REASONS"
        ),
    ]
    alone = (event(60, "CreateRole", assumeRolePolicyDocument="{}"), put(30, READ), put(20, WRITE))
    wanted = explained(*alone, inline=WRITE).verdict.since
    assert wanted is not None and wanted.event_id == "PutRolePolicy-20"
    records = [json.loads(each.detail or "") for each in (*alone, *others)]
    (tmp_path / "trail.json").write_text(json.dumps({"Records": records}))
    found = since(explained(inline=WRITE, trail=Trail((tmp_path,))))
    assert (found.event_id, found.hangs_on) == (wanted.event_id, wanted.hangs_on)
