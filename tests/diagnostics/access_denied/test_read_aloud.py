"""Sentences of an answer compared with its own steps and with the text: N6, N7, N8, N13 and P14."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from diagnostics.claims.kinds import TextPart, TextStates
from diagnostics.diagnose import collect_offline, read_text
from diagnostics.diagnosis import Confidence, Diagnosis, FirstLook, LookState, Status
from diagnostics.fix import UnreadLayer
from tests.support.accounts import alder
from tests.support.accounts.alder import ID, OTHER, allow, arn, document, role_arn, session
from tests.support.denials.invented import denied, no
from tests.support.denials.read_aloud import BUCKET, Content, account_with, diagnosed

FEEDER = f"arn:aws:sts::{OTHER}:assumed-role/feeder/x"
OWN_ACCOUNT = {"Principal": {"AWS": f"arn:aws:iam::{ID}:root"}}
THEIRS = {"Principal": {"AWS": f"arn:aws:iam::{OTHER}:root"}}


def status(found: Diagnosis, step: str) -> Status:
    return next(each.status for each in found.steps if each.id == step)


# N6: what is said of all layers agrees with each; nothing is allowed without the caller's own side.


def _with_policy(content: Content, resource: str, *statements: Content) -> Content:
    content["Rolescope"]["ResourcePolicies"][resource] = document(*statements)
    return content


N6 = (
    ("a bucket that names its own account", BUCKET, "s3:GetObject", allow("s3:GetObject", f"{BUCKET}/*") | OWN_ACCOUNT),
    ("a bucket that names nobody", BUCKET, "s3:GetObject", allow("s3:PutObject", f"{BUCKET}/*") | THEIRS),
    ("a queue of another role", alder.QUEUE, "sqs:SendMessage", allow("sqs:ReceiveMessage", alder.QUEUE) | THEIRS),
)


@pytest.mark.parametrize(("name", "holder", "action", "statement"), N6, ids=[each[0] for each in N6])
def test_a_layer_that_refuses_is_never_said_not_to(
    name: str, holder: str, action: str, statement: Content, tmp_path: Path
) -> None:
    on = f"{holder}/x" if holder == BUCKET else holder
    found = diagnosed(tmp_path, _with_policy(account_with(), holder, statement), denied(FEEDER, action, f'"{on}"'))
    assert status(found, "resource") is Status.FAIL and status(found, "identity") is Status.UNKNOWN
    assert "do not deny" not in found.verdict.summary


@pytest.mark.parametrize("named", [THEIRS, {"Principal": {"AWS": f"arn:aws:iam::{OTHER}:role/feeder"}}])
@pytest.mark.parametrize(
    ("holder", "on", "action"),
    [
        (BUCKET, f"{BUCKET}/x", "s3:GetObject"),
        (alder.QUEUE, alder.QUEUE, "sqs:SendMessage"),
        (alder.KEY, alder.KEY, "kms:Decrypt"),
    ],
)
def test_nothing_is_allowed_without_the_callers_own_side(
    holder: str, on: str, action: str, named: Content, tmp_path: Path
) -> None:
    """The other account has to allow it too, whatever the resource's policy says; that side is unread."""
    found = diagnosed(
        tmp_path, _with_policy(account_with(), holder, allow("*:*", on) | named), denied(FEEDER, action, on)
    )
    assert not any(fix.verified for fix in found.fixes)
    for fix in found.fixes:
        if fix.hangs_on:
            assert "identity" in {on.layer for on in fix.hangs_on if isinstance(on, UnreadLayer)}


# N7: the resource is asked for only where a layer's answer differs over resources.

EVERYTHING = allow("*")
ONE_BUCKET = allow("s3:*", [BUCKET, f"{BUCKET}/*"])
N7 = (
    ("an administrator starts an instance", "ec2:RunInstances", (EVERYTHING,), False),
    ("an administrator runs a query", "athena:StartQueryExecution", (EVERYTHING,), False),
    ("an administrator reads an object", "s3:GetObject", (EVERYTHING,), True),  # a bucket's policy may refuse it
    ("one bucket is allowed", "s3:GetObject", (ONE_BUCKET,), True),
    ("some instances are allowed", "ec2:StopInstances", (allow("ec2:*", arn("ec2", "instance/i-1")),), True),
    (
        "a tag decides, and is asked for",
        "ec2:StopInstances",
        (allow("ec2:*", StringEquals={"aws:ResourceTag/team": "a"}),),
        False,
    ),
)


@pytest.mark.parametrize(("name", "action", "statements", "asked"), N7, ids=[each[0] for each in N7])
def test_the_resource_is_asked_for_only_where_it_matters(
    name: str, action: str, statements: tuple[Content, ...], asked: bool, tmp_path: Path
) -> None:
    content = account_with(*statements)
    levels = content["Rolescope"]["Organization"]["ServiceControlPolicies"]
    for level in levels:
        level["Policies"] = levels[0]["Policies"]
    found = diagnosed(tmp_path, content, denied(session("worker"), action, None))
    assert any(question.key == "resource" for question in found.verdict.questions) is asked
    assert ("on every resource" in found.verdict.summary) is (asked and statements == (EVERYTHING,))


# N8: the layer that the text names stays the suspect where it cannot be read.

N8 = (
    ("VPC endpoint policy", "vpce"),
    ("resource-based policy", "resource"),
    ("service control policy", "scp"),
    ("resource control policy", "rcp"),
)


@pytest.mark.parametrize(("kind", "layer"), N8, ids=[each[1] for each in N8])
def test_the_layer_that_the_text_names_is_not_ruled_out(kind: str, layer: str, tmp_path: Path) -> None:
    content = account_with(EVERYTHING, organization=False)
    content["Rolescope"]["VpcEndpoints"] = []
    text = denied(session("worker"), "s3:GetObject", f'"{BUCKET}-gone/x"', no(kind, "s3:GetObject"))
    found = diagnosed(tmp_path, content, text)
    assert found.verdict.cause == "unreadable" and layer in found.verdict.unread
    assert f"The text says that no {kind} allows" in found.verdict.summary
    assert status(found, layer) is Status.UNKNOWN
    assert not any("try again" in fix.title.lower() for fix in found.fixes)
    ruled_out = [look for look in found.first_look if look.state is LookState.RULED_OUT]
    assert not any(kind.split()[0] in look.because.text for look in ruled_out)


# N13: a line of the first look agrees with what was read, and asks for nothing that was.


@dataclass(frozen=True)
class Looked:
    """A denial, words of one line of its first look, and what was read says of that line (None: not shown)."""

    name: str
    content: Callable[[], Content]
    action: str
    on: str
    words: str
    state: LookState | None
    reason: str = ""
    who: str = field(default_factory=lambda: session("worker"))


ABSENT_OBJECT, BUCKET_ONLY = "The object may not exist", "The policy names the bucket's ARN"


def _listing(*statements: Content) -> Content:
    content = _with_policy(account_with(*statements), BUCKET)
    levels = content["Rolescope"]["Organization"]["ServiceControlPolicies"]
    for level in levels:
        level["Policies"] = levels[0]["Policies"]
    return content


LOOKS = (
    Looked(
        "S3 answers 404 for a missing object to a caller that may list the bucket",
        lambda: _listing(allow("s3:ListBucket", BUCKET)),
        "s3:GetObject",
        f"{BUCKET}/x",
        ABSENT_OBJECT,
        LookState.RULED_OUT,
    ),
    Looked(
        "who may not list it is not",
        lambda: _listing(allow("s3:PutObject", f"{BUCKET}/*")),
        "s3:GetObject",
        f"{BUCKET}/x",
        ABSENT_OBJECT,
        LookState.READ,
    ),
    Looked(
        "the bucket is allowed where its objects are wanted",
        lambda: _listing(allow("s3:GetObject", BUCKET)),
        "s3:GetObject",
        f"{BUCKET}/x",
        BUCKET_ONLY,
        LookState.FOUND,
    ),
    Looked(
        "the action is not allowed at all",
        lambda: _listing(allow("s3:PutObject", f"{BUCKET}/*")),
        "s3:GetObject",
        f"{BUCKET}/x",
        BUCKET_ONLY,
        LookState.RULED_OUT,
    ),
    Looked(
        "the table is allowed where its index is wanted",
        lambda: _listing(allow("dynamodb:Query", alder.TABLE)),
        "dynamodb:Query",
        f"{alder.TABLE}/index/by-day",
        "An index is a separate resource",
        LookState.FOUND,
    ),
    Looked(
        "neither table nor index is allowed",
        lambda: _listing(allow("s3:PutObject", f"{BUCKET}/*")),
        "dynamodb:Query",
        f"{alder.TABLE}/index/by-day",
        "An index is a separate resource",
        LookState.RULED_OUT,
    ),
    Looked(
        "a role whose trust was read exists",
        account_with,
        "sts:AssumeRole",
        role_arn("auditor"),
        "There is no such role",
        None,
    ),
)


def _line(found: Diagnosis, words: str) -> FirstLook | None:
    return next((look for look in found.first_look if words in look.cause), None)


@pytest.mark.parametrize("case", LOOKS, ids=lambda case: case.name)
def test_a_line_of_the_first_look_agrees_with_what_was_read(case: Looked, tmp_path: Path) -> None:
    text = denied(case.who, case.action, f'"{case.on}"', case.reason)
    look = _line(diagnosed(tmp_path, case.content(), text), case.words)
    assert (look.state if look is not None else None) is case.state
    assert look is None or (look.check is None) is (case.state is not LookState.OPEN)


def test_a_line_is_left_out_where_the_bucket_s_policy_is_unread(tmp_path: Path) -> None:
    content = _listing(allow("s3:ListBucket", BUCKET))
    content["Rolescope"]["ResourcePolicies"].pop(BUCKET)
    look = _line(
        diagnosed(tmp_path, content, denied(session("worker"), "s3:GetObject", f'"{BUCKET}/x"')), ABSENT_OBJECT
    )
    assert look is None


# P14: no claim that the text, or what was read, does not bear out.


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (
            "You are not authorized to perform this operation. You need s3:PutObject and kms:GenerateDataKey.",
            "s3:PutObject",
        ),
        ("AccessDenied: your role is missing the iam:PassRole permission required to create it", "iam:PassRole"),
        ("Access denied. The role needs permission to ecr:GetAuthorizationToken", "ecr:GetAuthorizationToken"),
    ],
)
def test_a_text_that_names_actions_does_not_state_nothing(text: str, named: str) -> None:
    found = collect_offline(read_text(text)[0])
    assert named in found.verdict.summary and "no reason" not in found.verdict.summary
    claims = [claim for sentence in found.verdict.sentences for claim in sentence.claims]
    assert TextStates(TextPart.REASON, False) not in claims


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        (
            "Value (app-new) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name",
            "missing",
        ),
        ("Value (arn) for parameter iamInstanceProfile.arn is invalid. Invalid IAM Instance Profile ARN", "missing"),
        ("IAM Instance Profile arn:aws:iam::222233334444:instance-profile/a has no associated IAM Roles", "empty"),
    ],
)
def test_a_profile_that_was_never_made_is_not_called_empty(text: str, cause: str) -> None:
    text = f"An error occurred (InvalidParameterValue) when calling the RunInstances operation: {text}"
    found = collect_offline(read_text(text)[0])
    assert found.verdict.cause == f"instance-profile.{cause}"


@pytest.mark.parametrize(
    "text",
    [
        "AuthFailure: The image 'ami-123' is not authorized for account",
        "An error occurred (AuthFailure) when calling the AssociateAddress operation: You do not own this address",
        "An error occurred (AuthFailure) when calling the CreateVpcPeeringConnection operation: not authorized",
    ],
)
def test_an_auth_failure_alone_is_not_certain(text: str) -> None:
    assert collect_offline(read_text(text)[0]).verdict.confidence is not Confidence.CERTAIN
