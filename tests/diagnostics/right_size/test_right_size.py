"""A role cut down to what it used: what stays, what goes, and what nobody can see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnostics.right_size.judgement import Unseen
from diagnostics.right_size.plan import right_size_plan
from diagnostics.right_size.report import cautions, headline, to_json
from diagnostics.right_size.run import RightSized, RightSizeError, right_size
from iam.account import AttachedPolicy, LastUsed, Role
from iam.changes.plan import PlanError
from iam.other_services import ActionLastAccessed, ServiceLastAccessed
from iam.questions.catalogue import catalogue
from iam.service_reference import services
from iam.sources.reader.opened import OpenedAccount
from iam.sources.reader.reading import Reading
from tests.support.accounts.fake_reader import allow, document, managed
from tests.support.accounts.trail_records import ACCOUNT, MemoryTrail, record
from tests.support.history.right_sized import NOW, QUEUE, opened, statements, worker

YESTERDAY, LONG_AGO = NOW - timedelta(days=1), NOW - timedelta(days=300)
TABLE = f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/orders"


def sized(
    role: Role,
    *records: dict[str, Any],
    accessed: Sequence[ServiceLastAccessed] | None = None,
    here: OpenedAccount | None = None,
    trail: bool = True,
) -> RightSized:
    here = here or opened(role)
    call = "iam:GenerateServiceLastAccessedDetails"
    report = Reading(call, why="not allowed.") if accessed is None else Reading(call, tuple(accessed))
    walked = MemoryTrail(records, role, here.account) if trail else None
    return right_size(role, here.account, here.reader, trail=walked, accessed=report)


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def get(bucket: str, key: str) -> dict[str, Any]:
    return record("s3", "GetObject", {"bucketName": bucket, "key": key}, data=True, reads=True)


def send() -> dict[str, Any]:
    return record("sqs", "SetQueueAttributes", {"queueUrl": f"https://sqs.us-east-1.amazonaws.com/{ACCOUNT}/jobs"})


def report(*used: str) -> list[ServiceLastAccessed]:
    """Every service, of which only these were used."""
    return [ServiceLastAccessed(service, YESTERDAY if service in used else None) for service in services()]


def test_what_was_used_stays_on_what_it_was_used_on_and_the_rest_goes() -> None:
    found = sized(
        worker(allow("s3:Get*"), allow(["sqs:Set*", "sqs:CreateQueue"])),
        *(get("b", f"in/{n}") for n in range(9)),
        send(),
    )
    assert (
        statements(found)
        == [
            {"Sid": "S3", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/in/*"},
            {"Sid": "Sqs", "Effect": "Allow", "Action": "sqs:SetQueueAttributes", "Resource": QUEUE},
        ]
        or statements(found)[0]["Action"] != "s3:GetObject"
    )
    assert headline(found).startswith("10 recorded calls still allowed, 0 refused, ")
    assert found.only_narrows
    assert "sqs:CreateQueue" in list(catalogue().actions(found.gone))


def test_data_events_that_the_trail_lacks_are_said_and_kept_as_they_were() -> None:
    found = sized(worker(allow(["s3:GetObject", "s3:PutBucketPolicy"], "arn:aws:s3:::b*")), send())
    assert statements(found) == [allow("s3:GetObject", "arn:aws:s3:::b*")]
    assert [(one.service, one.why) for one in found.judgement.unseen] == [("s3", Unseen.DATA_EVENTS)]


def test_permissions_that_no_call_has_the_name_of_are_kept() -> None:
    role = worker(allow(["s3:GetObject", "s3:GetObjectVersion", "s3:GetObjectVersionForReplication"]))
    found = sized(role, get("b", "k"))
    assert statements(found)[0] == {"Sid": "Unseen", **allow("s3:GetObjectVersionForReplication")}
    assert "s3:GetObjectVersion" in list(catalogue().actions(found.gone))


def test_reading_data_events_say_nothing_of_writing_ones() -> None:
    found = sized(worker(allow(["s3:GetObject", "s3:PutObject"], "*")), get("b", "k"))
    assert statements(found)[0] == {"Sid": "Unseen", **allow("s3:PutObject")}
    assert statements(found)[1]["Resource"] == "arn:aws:s3:::b/k"


def test_what_was_used_and_what_nobody_can_see_are_two_statements_and_strict_keeps_the_first() -> None:
    role = worker(allow(["s3:PutObject", "s3:GetObject", "logs:DeleteLogGroup"], Sid="Data"))
    when = NOW - timedelta(days=1)
    report = [ServiceLastAccessed("s3", when), ServiceLastAccessed("logs", None)]
    found = sized(role, get("b", "k"), accessed=report)
    kept = {each.get("Sid"): (each["Action"], each["Resource"]) for each in statements(found)}
    assert kept == {"DataUnseen": ("s3:PutObject", "*"), "Data": ("s3:GetObject", "arn:aws:s3:::b/k")}
    assert headline(found).endswith(", 1 kept (use unknown)")
    here = opened(role)
    trail = MemoryTrail((get("b", "k"),), role, here.account)
    strict = right_size(role, here.account, here.reader, trail=trail, accessed=Reading("x", tuple(report)), strict=True)
    assert [each["Action"] for each in statements(strict)] == ["s3:GetObject"]
    assert "use unknown" not in headline(strict) and any("Strict: 1 action" in each for each in cautions(strict))
    assert strict.replay.refused_calls == 0 and strict.only_narrows


def test_data_events_of_other_resources_say_nothing_of_these() -> None:
    role = worker(allow("s3:GetObject", ["arn:aws:s3:::logged/*", "arn:aws:s3:::silent/*"]))
    assert not sized(role, get("logged", "k")).draft.changed
    assert statements(sized(worker(allow("s3:GetObject", "arn:aws:s3:::l*/*")), get("logged", "k")))[0]["Resource"] == (
        "arn:aws:s3:::logged/k"
    )


def test_log_groups_are_named_with_what_lies_in_them() -> None:
    groups = f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:"
    made = record("logs", "CreateLogStream", {"logGroupName": "/app/a", "logStreamName": "2026/11/1"})
    found = sized(worker(allow(["logs:CreateLogStream", "logs:DeleteLogGroup"], f"{groups}*")), made)
    assert statements(found) == [{"Sid": "Logs", **allow("logs:CreateLogStream", f"{groups}/app/a:*")}]
    assert found.replay.allowed == 1


def test_conditions_and_denies_stay() -> None:
    condition = {"StringEquals": {"aws:RequestedRegion": "us-east-1"}}
    deny = {
        "Effect": "Deny",
        "Action": "sqs:*",
        "Resource": "*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    found = sized(worker(allow(["sqs:Set*", "sqs:AddPermission"], "*", Condition=condition), deny), send())
    assert statements(found) == [
        {"Sid": "Sqs", **allow("sqs:SetQueueAttributes", QUEUE, Condition=condition)},
        deny,
    ]


def test_an_exception_stays_an_exception() -> None:
    role = worker({"Effect": "Allow", "NotAction": ["iam:*", "s3:*"], "Resource": "*"})
    records = (send(), record("iam", "GetRole", {"roleName": "worker"}, reads=True))
    found = sized(role, *records, accessed=report("sqs", "iam"))
    named = {
        action
        for one in statements(found)
        for action in ([one["Action"]] if isinstance(one["Action"], str) else one["Action"])
    }
    assert "sqs:SetQueueAttributes" in named
    assert not any(each.startswith(("iam:", "s3:")) for each in named)
    assert found.only_narrows
    assert found.replay.not_granted_actions == {"iam:GetRole": 1}


def test_a_not_resource_that_a_call_lies_beside_gives_way_to_the_resource() -> None:
    role = worker({"Effect": "Allow", "Action": "sqs:Set*", "NotResource": f"{QUEUE}-secret"})
    assert statements(sized(role, send())) == [{"Sid": "Sqs", **allow("sqs:SetQueueAttributes", QUEUE)}]


def test_a_policy_variable_stays() -> None:
    own = "arn:aws:s3:::b/${aws:PrincipalTag/team}/*"
    found = sized(worker(allow("s3:GetObject", own)), get("b", "blue/k"))
    assert statements(found) == [allow("s3:GetObject", own)]


def test_services_that_iam_calls_unused_go_and_those_that_it_does_not_track_stay() -> None:
    role = worker(allow(["dynamodb:GetItem", "rds-db:connect", "lambda:InvokeFunction", "lambda:GetFunction"]))
    found = sized(
        role,
        trail=False,
        accessed=[
            ServiceLastAccessed("dynamodb", LONG_AGO),
            ServiceLastAccessed("lambda", YESTERDAY, (ActionLastAccessed("GetFunction", LONG_AGO),)),
        ],
    )
    assert statements(found) == [allow(["rds-db:connect", "lambda:InvokeFunction"])]
    assert headline(found).startswith("no recorded calls to replay, 2 of 4 actions removed")


def test_a_tracked_action_that_was_used_stays_without_a_trail_and_as_it_was_granted() -> None:
    used = ServiceLastAccessed("lambda", YESTERDAY, (ActionLastAccessed("GetFunction", YESTERDAY),))
    found = sized(worker(allow("lambda:GetFunction")), trail=False, accessed=[used])
    assert not found.draft.changed
    with pytest.raises(PlanError, match="nothing to do"):
        right_size_plan(found, opened(found.role))


def test_what_iam_saw_and_the_trail_did_not_is_kept() -> None:
    role = worker(allow(["glue:GetTable", "glue:DeleteTable"]))
    before = NOW - timedelta(days=89)
    for last in (YESTERDAY, before):
        found = sized(role, send(), accessed=[ServiceLastAccessed("glue", last)])
        assert not found.draft.changed
        assert found.judgement.unseen[0].why in (Unseen.NOT_EXPLAINED, Unseen.BEFORE_TRAIL)


def test_an_operation_that_is_not_known_silences_its_service() -> None:
    role = worker(allow(["sqs:SetQueueAttributes", "sqs:AddPermission"]))
    found = sized(role, send(), record("sqs", "SomethingNew"))
    assert not found.draft.changed
    assert found.judgement.unseen[0].why is Unseen.UNKNOWN_OPERATIONS


def test_refused_calls_are_not_in_the_draft() -> None:
    role = worker(allow(["sqs:SetQueueAttributes", "sqs:AddPermission"]))
    refused = record("sqs", "AddPermission", {"queueUrl": "https://sqs/1/jobs"}, error="AccessDenied")
    found = sized(role, send(), refused)
    assert statements(found)[0]["Action"] == "sqs:SetQueueAttributes"
    assert [action for action, _ in found.usage.refused] == ["sqs:AddPermission"]


def test_refused_calls_explain_what_iam_saw_of_a_service() -> None:
    role = worker(allow(["sqs:SetQueueAttributes", "glue:DeleteTable"]))
    found = sized(
        role, send(), record("glue", "GetTable", error="AccessDeniedException"), accessed=report("sqs", "glue")
    )
    assert "glue:DeleteTable" in list(catalogue().actions(found.gone))


def test_a_trail_of_another_account_or_region_takes_nothing_away() -> None:
    role = worker(allow(["sqs:SetQueueAttributes", "sqs:AddPermission", "iam:GetUser", "iam:CreateUser"]))
    theirs = [
        record("ec2", "DescribeVpcs", role="x", role_id="AROAX", account="999988887777", reads=reads)
        for reads in (True, False)
    ]
    here = opened(role)
    trail = MemoryTrail(
        [*theirs, record("sqs", "SetQueueAttributes", account="999988887777")], role, here.account, others=False
    )
    found = right_size(role, here.account, here.reader, trail=trail, accessed=Reading("x", None, why="no"))
    assert not found.draft.changed
    ours = [{**each, "recipientAccountId": ACCOUNT, "awsRegion": "eu-west-1"} for each in (*theirs, send())]
    trail = MemoryTrail(ours, role, here.account, others=False)
    found = right_size(role, here.account, here.reader, trail=trail, accessed=Reading("x", None, why="no"))
    assert {one.why for one in found.judgement.unseen if one.service == "iam"} == {Unseen.OTHER_REGION}


def test_passing_is_held_to_the_roles_that_were_passed_and_kept_where_none_was_seen() -> None:
    role = worker(allow("iam:PassRole"), allow("lambda:*"))
    other = f"arn:aws:iam::{ACCOUNT}:role/app/fn"
    made = record("lambda", "CreateFunction20150331", {"functionName": "f", "role": other})
    found = sized(role, made)
    assert {"Sid": "Iam", **allow("iam:PassRole", other)} in statements(found)
    assert allow("iam:PassRole") in statements(
        sized(role, record("lambda", "DeleteAlias20150331", {"functionName": "f", "name": "a"}))
    )


def test_what_is_made_has_another_name_the_next_time() -> None:
    role = worker(allow(["sqs:CreateQueue", "lambda:DeleteFunction"]))
    found = sized(role, record("lambda", "DeleteFunction20150331", {"functionName": "f1"}))
    assert statements(found)[0]["Resource"] == f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:*"


def test_a_role_without_use_is_not_cut_down_to_nothing() -> None:
    with pytest.raises(RightSizeError, match="It is unknown what"):
        sized(worker(allow("sqs:*")), accessed=[ServiceLastAccessed("sqs", LONG_AGO)])


def test_a_role_that_was_used_just_now_is_not_to_be_deleted_for_a_report_without_its_use() -> None:
    role = replace(worker(allow("sqs:*")), last_used=LastUsed(NOW))
    with pytest.raises(
        RightSizeError, match="The role cannot be right-sized, because the actions that it used are unknown"
    ) as refused:
        sized(role, accessed=[ServiceLastAccessed("sqs", LONG_AGO)])
    assert "delete" not in str(refused.value)


def test_a_trail_that_was_not_read_to_its_end_takes_nothing_away() -> None:
    role = worker(allow(["sqs:SetQueueAttributes", "sqs:AddPermission"]))
    here = opened(role)
    trail = MemoryTrail([send()], role, here.account)
    trail.coverage.whole = False
    found = right_size(role, here.account, here.reader, trail=trail, accessed=Reading("x", None, why="no"))
    assert not found.draft.changed


def test_a_plan_replaces_inline_makes_versions_and_copies_what_is_shared() -> None:
    wide = document(allow(["sqs:SetQueueAttributes", "sqs:AddPermission"]))
    own, shared = (
        managed("own", wide),
        managed("AWSThing", document(allow(["ec2:DescribeVpcs", "ec2:CreateVpc"])), aws=True),
    )
    role = worker(
        allow(["lambda:GetFunction", "lambda:DeleteFunction"]),
        attached=[AttachedPolicy(own.name, own.arn), AttachedPolicy(shared.name, shared.arn)],
    )
    here = opened(role, (own, shared))
    found = sized(
        role,
        send(),
        record("lambda", "GetFunction20150331v2", {"functionName": "f"}, reads=True),
        record("ec2", "DescribeVpcs", reads=True),
        here=here,
    )
    plan = right_size_plan(found, here)
    assert [call.operation for call in plan.calls] == [
        "PutRolePolicy",
        "CreatePolicyVersion",
        "SetDefaultPolicyVersion",
        "CreatePolicy",
        "AttachRolePolicy",
        "DetachRolePolicy",
    ]
    assert all(call.undo is not None for call in plan.calls)
    assert plan.warnings[0].startswith("3 recorded calls still allowed, 0 refused, 3 of 6 actions removed")
    assert to_json(found)["proof"] == {"newly_allowed": [], "loosened": [], "fully_computed": True}


_ACTIONS = ["s3:*", "s3:Get*", "s3:GetObject", "sqs:*", "sqs:Set*", "dynamodb:Query", "*", "lambda:Get*"]
_RESOURCES = [
    "*",
    "arn:aws:s3:::b/*",
    "arn:aws:s3:::b/in/*",
    "arn:aws:s3:::c*",
    QUEUE,
    f"{QUEUE}*",
    TABLE,
    "arn:aws:sqs:*:*:*",
]


_REGIONS = ["us-east-1", "eu-west-1"]


@st.composite
def _statement(draw: st.DrawFn) -> dict[str, Any]:
    effect = draw(st.sampled_from(["Allow", "Allow", "Allow", "Deny"]))
    action = draw(st.sampled_from(["Action", "Action", "NotAction"])) if effect == "Allow" else "Action"
    resource = draw(st.sampled_from(["Resource", "Resource", "NotResource"]))
    actions = st.sampled_from(_ACTIONS[:-2] if action == "NotAction" else _ACTIONS)
    resources = st.sampled_from(_RESOURCES[1:] if resource == "NotResource" else _RESOURCES)
    found: dict[str, Any] = {
        "Effect": effect,
        action: draw(st.lists(actions, min_size=1, max_size=2)),
        resource: draw(st.lists(resources, min_size=1, max_size=2)),
    }
    if draw(st.booleans()):
        found["Condition"] = {"StringEquals": {"aws:RequestedRegion": draw(st.sampled_from(_REGIONS))}}
    return found


_RECORDS = [
    get("b", "in/1"),
    get("b", "in/2"),
    get("b", "in/3"),
    get("c", "k"),
    send(),
    record("dynamodb", "Query", {"tableName": "orders"}, data=True, reads=True),
    record("lambda", "GetFunction20150331v2", {"functionName": "f"}, reads=True),
    record("ec2", "DescribeInstances", reads=True),
]


@settings(max_examples=12, deadline=None)
@given(st.lists(_statement(), min_size=1, max_size=3), st.lists(st.sampled_from(_RECORDS), min_size=1, max_size=6))
def test_the_draft_never_allows_more_and_refuses_no_recorded_call(
    written: list[dict[str, Any]], records: list[dict[str, Any]]
) -> None:
    found = sized(worker(*written), *records, accessed=report("s3", "sqs", "dynamodb", "lambda", "ec2"))
    assert not found.change.newly_allowed
    assert not found.change.loosened
    assert found.replay.refused_calls == 0
    assert found.replay.calls == len(records)
