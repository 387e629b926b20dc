"""The same reading however the text was carried: boxed, broken into lines, coloured, escaped, repeated, huge."""

from __future__ import annotations

import json
import textwrap
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnostics.failure import Denial, Failure, OtherFailure
from diagnostics.text.read.parse import parse
from tests.support.timing import in_proportion

ROLE = "arn:aws:sts::111122223333:assumed-role/orders-api-lambda/orders-api"
TABLE = "arn:aws:dynamodb:us-east-1:111122223333:table/orders/index/by-customer"
DENIAL = (
    f"An error occurred (AccessDeniedException) when calling the Query operation: User: {ROLE} is not authorized to "
    f"perform: dynamodb:Query on resource: {TABLE} because no identity-based policy allows the dynamodb:Query action"
)
EXPLICIT = (
    f"AccessDenied: User: {ROLE} is not authorized to perform: s3:CreateBucket on resource: arn:aws:s3:::lake-ap "
    "with an explicit deny in an identity-based policy: arn:aws:iam::111122223333:policy/guard-region (Service: S3, "
    "Status Code: 403, Request ID: 1B2C)"
)
TAKEN = (
    "Error: creating IAM Role (port-ocean-ld_ocean): operation error IAM: CreateRole, https response error "
    "StatusCode: 409, RequestID: 277306c3-5a41-457c-bb14-6b6165485cdb, EntityAlreadyExists: Role with name "
    "port-ocean-ld_ocean already exists."
)

TEXTS = pytest.mark.parametrize("text", [DENIAL, EXPLICIT, TAKEN], ids=["implicit", "explicit", "taken"])


def facts(text: str) -> list[Failure]:
    """What was read, without what may differ: the text itself and how often it stood there."""
    return [replace(failure, text="", count=1) for failure in parse(text)]


def boxed(lines: list[str]) -> str:
    return "\n".join(["╷", *(f"│ {line}" for line in lines), "╵"])


def cut(text: str, width: int) -> list[str]:
    return [text[start : start + width] for start in range(0, len(text), width)]


@TEXTS
@pytest.mark.parametrize("width", [30, 44, 60, 72, 79, 80, 97, 120])
def test_a_box_that_cuts_at_a_column(text: str, width: int) -> None:
    assert facts(boxed(cut(text, width))) == facts(text)


@TEXTS
@pytest.mark.parametrize("width", [44, 60, 72, 79, 80, 97, 120])
def test_a_box_that_wraps_words(text: str, width: int) -> None:
    assert facts(boxed(textwrap.wrap(text, width))) == facts(text)


@TEXTS
@pytest.mark.parametrize("width", [44, 60, 80, 97, 120])
def test_lines_without_a_box(text: str, width: int) -> None:
    assert facts("\n".join(textwrap.wrap(text, width))) == facts(text)
    assert facts("\n".join(cut(text, width))) == facts(text)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(20, 90), min_size=30, max_size=30))
def test_a_box_that_cuts_anywhere(widths: list[int]) -> None:
    lines, start = [], 0
    for width in widths:
        lines.append(DENIAL[start : start + width])
        start += width
    read = facts(boxed([line for line in lines if line]))
    assert [failure.action for failure in read if isinstance(failure, Denial)] == ["dynamodb:Query"]
    assert [(f.principal, f.resource, f.stated_reason) for f in read if isinstance(f, Denial)] == [
        (ROLE, TABLE, "implicit:identity")
    ]


@TEXTS
def test_json_xml_and_colours(text: str) -> None:
    once = json.dumps({"message": text})
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    assert facts(once) == facts(text)
    assert facts(json.dumps({"cause": once})) == facts(text)
    assert facts(f"<Response><Message>{escaped}</Message></Response>") == facts(text)
    assert facts(" ".join(f"\x1b[1;31m{word}\x1b[0m" for word in text.split(" "))) == facts(text)
    assert facts(text.replace("error", "er\u200bror").replace("User", "Us\x00er")) == facts(text)


def test_several_failures_keep_their_order_and_equal_ones_are_counted() -> None:
    first, second, third = parse("\n".join([DENIAL, EXPLICIT, DENIAL, TAKEN, DENIAL]))
    assert [first.count, second.count, third.count] == [3, 1, 1]
    assert isinstance(first, Denial)
    assert isinstance(second, Denial)
    assert (first.action, second.action) == ("dynamodb:Query", "s3:CreateBucket")


def test_a_text_is_kept_as_it_was_pasted() -> None:
    (failure,) = parse(f"\x1b[31m{DENIAL}\x1b[0m")
    assert failure.text == f"\x1b[31m{DENIAL}\x1b[0m"


def test_cloudtrail_events() -> None:
    event = {
        "userIdentity": {"arn": ROLE},
        "eventSource": "s3.amazonaws.com",
        "eventName": "HeadObject",
        "errorCode": "AccessDenied",
        "errorMessage": "Access Denied",
        "resources": [{"type": "AWS::S3::Object", "ARN": "arn:aws:s3:::b/k"}, {"ARN": "arn:aws:s3:::b"}],
    }
    wanted = (ROLE, "s3:GetObject", "arn:aws:s3:::b/k", "HeadObject")
    shapes: list[object] = [
        event,
        [event],
        {"Records": [event, {**event, "errorCode": None}]},
        {"Events": [{"EventId": "1", "CloudTrailEvent": json.dumps(event)}]},
    ]
    for shape in shapes:
        (failure,) = parse(json.dumps(shape, indent=2))
        assert isinstance(failure, Denial)
        assert (failure.principal, failure.action, failure.resource, failure.operation) == wanted


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400) | st.binary(max_size=400).map(lambda raw: raw.decode("utf-8", "replace")))
def test_no_text_makes_it_fail(text: str) -> None:
    assert parse(text)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from([*DENIAL.split(" "), *TAKEN.split(" "), "\n", "│", '"', "<a>", "</a>", "\\n", "{"])))
def test_no_shuffled_message_makes_it_fail(words: list[str]) -> None:
    assert parse(" ".join(words))


@pytest.mark.parametrize(
    "piece",
    [
        DENIAL + "\n",
        "2026-11-24T10:00:00Z INFO handled GET /orders in 12 ms\n",
        "not authorized to perform ",
        "Role with name x already exists. ",
        "a",
        "│ a b c\n",
        "Encoded authorization failure message: AAAA",
        "arn:aws:iam::1:role/",
        '{"eventSource":[',
    ],
)
def test_time_grows_no_faster_than_the_text(piece: str) -> None:
    assert in_proportion(lambda size: parse(piece * (size // len(piece))), 8_000, 48_000)


def test_half_a_megabyte_with_one_denial_at_the_end() -> None:
    line = "2026-11-24T10:00:00Z INFO handled GET /orders in 12 ms for user kim\n"
    failures = parse(line * (500_000 // len(line)) + DENIAL)
    assert [type(failure) for failure in failures] == [Denial]


@pytest.mark.parametrize(("text", "word"), [("", "empty"), (" \n\t", "empty"), ("\x00\x01\x02" * 50, "binary")])
def test_nothing_to_read(text: str, word: str) -> None:
    (failure,) = parse(text)
    assert isinstance(failure, OtherFailure)
    assert failure.detail == word


def test_sentences_about_one_caller_in_lines_of_their_own_are_several() -> None:
    who, table = "arn:aws:sts::222233334444:assumed-role/api/job", "arn:aws:dynamodb:eu-central-1:222233334444:table/t"
    lines = [
        f"User: {who} is not authorized to perform: dynamodb:Query{number} on resource: {table} because no "
        f"identity-based policy allows the dynamodb:Query{number} action"
        for number in range(5)
    ]
    found = [failure.action for failure in parse("\n".join(lines)) if isinstance(failure, Denial)]
    assert found == [f"dynamodb:Query{number}" for number in range(5)]


PASSED = (
    "User: arn:aws:sts::111122223333:assumed-role/ci/run is not authorized to perform: iam:PassRole on resource: "
    "arn:aws:iam::111122223333:role/deploy-prod"
)
OTHER_PASSED = PASSED.replace("deploy-prod", "deploy-test")


@pytest.mark.parametrize(
    "text",
    [
        f"{PASSED}\n{PASSED}\nRolling back",
        f"{PASSED}\n{PASSED}\n{PASSED}\nretrying in 5s",
        f"Attempt 1: {PASSED}\nAttempt 2: {PASSED}\nGiving up",
        f"{PASSED}\n{OTHER_PASSED}\nFailed",
        f"> {PASSED}\n> {PASSED}\nStack",
        f"| {PASSED}\n| {PASSED}\n| Stopped",
    ],
    ids=["pasted twice", "retried", "numbered retries", "one form", "quoted", "boxed"],
)
def test_a_message_that_is_printed_again_is_not_glued_to_the_next_line(text: str) -> None:
    found = [failure.resource for failure in parse(text) if isinstance(failure, Denial)]
    assert found[0] == "arn:aws:iam::111122223333:role/deploy-prod"
    assert all(
        each in ("arn:aws:iam::111122223333:role/deploy-prod", OTHER_PASSED.rpartition(" ")[2]) for each in found
    )


def test_an_arn_ends_before_a_line_that_begins_with_a_word() -> None:
    """The next line is a sentence of its own, and no rest of the name."""
    secret = "arn:aws:secretsmanager:us-east-1:900800700600:secret:shared/db-Ab12Cd"
    text = f"User: {ROLE} is not authorized to perform: secretsmanager:GetSecretValue on resource: {secret}"
    (found,) = parse(f"{text}\nresource policy on secret: Allow 200100300400:role/app secretsmanager:GetSecretValue")
    assert isinstance(found, Denial)
    assert found.resource == secret


@pytest.mark.parametrize(
    ("end", "name"),
    [
        ("role/copy.\n  code:      30000\n", "role/copy"),
        ("role/crawl.\n  time: 12:00\n", "role/crawl"),
        ("role/team.\nlast", "role/team.last"),
    ],
)
def test_a_field_below_a_sentence_is_no_part_of_the_name(end: str, name: str) -> None:
    (denial,) = parse(f"Redshift is unable to assume role arn:aws:iam::111122223333:{end}")
    assert isinstance(denial, Denial)
    assert denial.resource == f"arn:aws:iam::111122223333:{name}"


@pytest.mark.parametrize(
    ("action", "cut_action", "on", "cut_arn"),
    [
        ("bedrock:InvokeModel", "Model", "arn:aws:bedrock:us-west-2::foundation-model/amazon.nova-pro-v1:0", ""),
        (
            "states:UpdateStateMachine",
            "tateMachine",
            "arn:aws:states:eu-west-1:111122223333:stateMachine:flow",
            "Machine",
        ),
        ("rds:DeleteDBCluster", "DBCluster", "arn:aws:rds:eu-west-1:111122223333:cluster:tide", "ster"),
        ("ecs:UpdateService", "Service", "arn:aws:ecs:eu-west-1:111122223333:service/a/b", ""),
    ],
)
def test_a_break_in_an_action_or_a_resource_type(action: str, cut_action: str, on: str, cut_arn: str) -> None:
    text = f"User: {ROLE} is not authorized to perform: {action} on resource: {on} because no policy\nnext line"
    text = text.replace(f"{cut_action} on", f"\n{cut_action} on", 1)
    text = text.replace(f"{cut_arn}:", f"\n{cut_arn}:", 1) if cut_arn else text
    (found,) = (each for each in parse(text) if isinstance(each, Denial))
    assert (found.action, found.resource) == (action, on)


def test_a_whole_action_and_a_whole_arn_end_at_a_line_end() -> None:
    topic = "arn:aws:sns:eu-west-1:111122223333:state"
    text = f"User: {ROLE} is not authorized to perform: sns:Publish\non resource: {topic}\nMachine: host-1"
    (found,) = (each for each in parse(text) if isinstance(each, Denial))
    assert (found.action, found.resource) == ("sns:Publish", topic)


@pytest.mark.parametrize(
    "after", ["Build 'amazon-ebs.base' errored after 2 seconds", "Retrying: attempt 2", "status code: 403"]
)
def test_the_next_line_of_a_log_is_no_part_of_an_encoded_message(after: str) -> None:
    blob = "Zr0pYb7KqXn2VtH5wLcS8dMfGjEa3uRi9oTx6CvBs1QzPkWy"
    (failure, *_) = parse(f"UnauthorizedOperation: Encoded authorization failure message: {blob}\n{after}")
    assert isinstance(failure, Denial)
    assert failure.encoded_message == blob


@pytest.mark.parametrize(
    "after", ["ERROR: Job failed: exit code 254", "Errors: 1, warnings: 0", "ERR! step deploy failed"]
)
def test_the_line_after_a_complete_action_is_no_part_of_it(after: str) -> None:
    said = (
        "An error occurred (AccessDenied) when calling the AssumeRoleWithWebIdentity operation: Not authorized to "
        "perform "
    )
    (found,) = (each for each in parse(f"{said}sts:AssumeRoleWithWebIdentity\n{after}") if isinstance(each, Denial))
    assert found.action == "sts:AssumeRoleWithWebIdentity"


def test_a_code_that_a_break_parts_is_read_as_one_word() -> None:
    refused = "AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity"
    (found, *_) = parse(f"caused by: WebIdent\nityErr: failed to retrieve credentials\ncaused by: {refused}")
    assert isinstance(found, Denial)
    assert found.action == "sts:AssumeRoleWithWebIdentity"
