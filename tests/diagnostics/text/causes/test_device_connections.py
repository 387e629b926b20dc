"""AWS IoT hangs up: the policy in the text allows no connection, or two devices have one client ID."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import allow, causes, policy

HANGUP = "AWS_ERROR_MQTT_UNEXPECTED_HANGUP: The connection was closed unexpectedly.\n"
IOT = "arn:aws:iot:eu-west-3:111122223333"
ALONE = "Connection resumed. return_code: 0 session_present: True\n"
SHARED = "Give each device its own client ID"
REFUSED = "The IoT policy in the text does not allow the connection"


@pytest.mark.parametrize(
    ("document", "around", "said"),
    [
        (policy(allow("iot:*", f"{IOT}:topic/line/*")), "", f"Allow iot:Connect on {IOT}:client/CLIENT-ID"),
        (policy(allow(["iot:Publish", "iot:Receive"], "*")), "", "the policy allows it nowhere"),
        (policy(allow("iot:Connect", f"{IOT}:client/press-1")), "--client_id press-2 --topic a", "client/press-2"),
    ],
)
def test_a_policy_without_the_client_does_not_allow_the_connection(document: str, around: str, said: str) -> None:
    (only,) = causes(f"{HANGUP}{around}\n{document}")
    assert only.startswith(REFUSED) and said in only


@pytest.mark.parametrize(
    ("document", "around"),
    [
        (policy(allow("iot:*", "*")), ""),
        (policy(allow("iot:Connect", f"{IOT}:client/${{iot:Connection.Thing.ThingName}}")), "--client_id press-2 "),
        (policy(allow("iot:Connect", f"{IOT}:client/press-*")), "--client_id press-2 "),
        (policy(allow("s3:GetObject", "*")), ""),
        ("", ""),
    ],
)
def test_a_policy_that_may_allow_the_client_leaves_the_reason_open(document: str, around: str) -> None:
    assert causes(f"{HANGUP}{around}\n{document}")[0].startswith("AWS IoT closed the connection without giving")


@pytest.mark.parametrize(
    "around",
    [
        'Two sensors run the same image. "clientId": "press-1"',
        "The second device was cloned from the first. client_id=press-1",
        "Both boards: client-id: press-1 on one, client-id: press-1 on the other",
    ],
)
def test_devices_that_share_a_client_id_end_each_others_connection(around: str) -> None:
    assert causes(f"{HANGUP}{ALONE}{around}\n")[0].startswith(SHARED)


@pytest.mark.parametrize(
    "around",
    ["Two sensors: client_id=press-1, client_id=press-2", "client_id=press-1", "Two sensors, client_id=press-1 on one"],
)
def test_other_devices_do_not(around: str) -> None:
    assert not any(each.startswith(SHARED) for each in causes(f"{HANGUP}{ALONE}{around}\n"))
