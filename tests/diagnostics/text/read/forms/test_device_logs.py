"""Devices that AWS IoT's log says were not authorized: the action, its resource, and the IoT policy decide."""

from __future__ import annotations

import json

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.diagnosis import Diagnosis
from diagnostics.failure import Denial

ARN = "arn:aws:iot:eu-west-1:111122223333"


def entry(event: str, reason: str = "AUTHORIZATION_FAILURE", **more: str) -> str:
    fields = {"accountId": "111122223333", "status": "Failure", "eventType": event, "clientId": "van-7", **more}
    return json.dumps({**fields, "reason": reason})


def policy(action: str, resource: str) -> str:
    return json.dumps({"Effect": "Allow", "Action": action, "Resource": f"{ARN}:{resource}"})


def diagnosed(text: str) -> tuple[Denial, Diagnosis]:
    (failure,) = read_text(text)
    assert isinstance(failure, Denial)
    return failure, collect_offline(failure)


@pytest.mark.parametrize(
    ("text", "action", "resource"),
    [
        (entry("Connect"), "iot:Connect", "client/van-7"),
        (entry("Publish-In", topicName="fleet/7/state"), "iot:Publish", "topic/fleet/7/state"),
        (entry("Publish-Out", topicName="fleet/7/cmd"), "iot:Receive", "topic/fleet/7/cmd"),
        (entry("Subscribe", topicName="fleet/+/cmd"), "iot:Subscribe", "topicfilter/fleet/+/cmd"),
    ],
)
def test_the_entry_names_the_action_and_its_resource(text: str, action: str, resource: str) -> None:
    denial, diagnosis = diagnosed(f"{text}\nhost a1b2-ats.iot.eu-west-1.amazonaws.com:8883")
    assert denial.action == action
    assert denial.resource == f"{ARN}:{resource}"
    assert "the IoT policy of the device's certificate does not allow this" in diagnosis.verdict.summary
    assert "get-caller-identity" not in str(diagnosis.first_look[0].check)


@pytest.mark.parametrize(
    ("text", "action", "resource", "said"),
    [
        (entry("Publish-In", topicName="p/7/t"), "iot:Publish", "topicfilter/p/7/*", "topicfilter/p/7/*, not"),
        (entry("Subscribe", topicName="p/+/t"), "iot:Subscribe", "topic/p/+/t", "topic/p/+/t, not"),
        (entry("Connect"), "iot:Connect", "client/van-8", "client/van-8, not"),
        (entry("Connect"), "iot:Publish", "client/van-7", "names iot:Publish, not iot:Connect"),
    ],
)
def test_the_iot_policy_in_the_text_is_compared(text: str, action: str, resource: str, said: str) -> None:
    _, diagnosis = diagnosed(f"{text}\npolicy: {policy(action, resource)}")
    assert said in diagnosis.verdict.summary
    assert "not an IAM policy" in diagnosis.verdict.summary


def test_a_thing_without_a_certificate_has_no_variables() -> None:
    shown = policy("iot:Connect", "client/${iot:Connection.Thing.ThingName}")
    listed = '$ aws iot list-thing-principals --thing-name van-7\n{ "principals": [] }'
    _, diagnosis = diagnosed(f"{entry('Connect')}\n{shown}\n{listed}")
    assert "no certificate is attached to the thing van-7" in diagnosis.verdict.summary
    _, unknown = diagnosed(f"{entry('Connect')}\n{shown}")
    assert "only if the certificate is attached" in unknown.verdict.summary


@pytest.mark.parametrize(("things", "said"), [('"van-8"', "client/van-8, not"), ('"van-7"', ""), ('"van-8", "x"', "")])
def test_the_thing_that_a_command_printed_is_that_of_the_connection(things: str, said: str) -> None:
    shown = policy("iot:Connect", "client/${iot:Connection.Thing.ThingName}")
    listed = f'$ aws iot list-principal-things --principal CERT\n{{ "things": [{things}] }}'
    _, diagnosis = diagnosed(f"{entry('Connect')}\n{shown}\n{listed}")
    assert ("client/van-8, not" in diagnosis.verdict.summary) is bool(said)
    assert any("client ID van-8" in each.title for each in diagnosis.fixes) is bool(said)


@pytest.mark.parametrize(
    "text",
    [
        entry("Publish-In", topicName="a/b", status="Success"),
        '{"eventType": "login", "status": "Failure", "reason": "AUTHORIZATION_FAILURE", "user": "bob"}',
        entry("Connect", reason="SERVER_INITIATED_DISCONNECT"),
    ],
)
def test_other_entries_are_no_refusal(text: str) -> None:
    assert not any(isinstance(each, Denial) for each in read_text(text))


@pytest.mark.parametrize(
    "line",
    [
        "eventType=Publish-In status=Failure reason=AUTHORIZATION_FAILURE clientId=van-7 topicName=fleet/7/pos",
        "logLevel ERROR  eventType Publish-In  status Failure  topicName fleet/7/pos  reason AUTHORIZATION_FAILURE",
        "12:00 ... eventType Publish-In, topicName fleet/7/pos, status Failure, reason AUTHORIZATION_FAILURE",
        "eventType: Publish-In | topicName: fleet/7/pos | status: Failure | reason: AUTHORIZATION_FAILURE",
    ],
)
def test_the_fields_of_an_entry_in_a_line_are_read(line: str) -> None:
    denial, diagnosis = diagnosed(f"{line}\npolicy: {policy('iot:Publish', 'topicfilter/fleet/*')}")
    assert (denial.action, denial.resource) == ("iot:Publish", f"{ARN}:topic/fleet/7/pos")
    assert diagnosis.verdict.cause == "identity.resource-mismatch"


def test_an_entry_of_another_status_is_no_denial() -> None:
    line = "eventType=Connect status=Success clientId=van-7\nreason=AUTHORIZATION_FAILURE was yesterday"
    assert not any(isinstance(each, Denial) and each.action == "iot:Connect" for each in read_text(line))


@pytest.mark.parametrize(
    ("shown", "attached"),
    [
        ('list-principal-things\n{ "things": [] }', False),
        ("list-thing-principals van-7 -> only cert/c81f...", False),
        ("list-thing-principals van-7\n  cert/7d1b03ce5f00\n  cert/c81f", True),
    ],
)
def test_the_certificate_of_the_entry_is_compared_with_the_attached_ones(shown: str, attached: bool) -> None:
    line = "eventType Connect status Failure clientId van-7 principalId 7d1b03ce5f reason AUTHORIZATION_FAILURE"
    statement = {"Effect": "Allow", "Action": "iot:Connect", "Resource": f"{ARN}:client/van-*"}
    statement |= {"Condition": {"Bool": {"iot:Connection.Thing.IsAttached": "true"}}}
    _, diagnosis = diagnosed(f"{line}\n{json.dumps(statement)}\n{shown}")
    assert ("attached to the thing van-7, but the IoT policy uses" in diagnosis.verdict.summary) is not attached


def test_an_entry_with_the_reason_and_its_details_is_one_request() -> None:
    failure, _ = diagnosed(f"{ARN}:policy/vans\n{entry('Connect', details='Authorization Failure')}")
    assert failure.count == 1
