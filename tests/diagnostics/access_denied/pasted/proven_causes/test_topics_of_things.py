"""A device whose client ID is not its thing's name, and the topics that contain the name."""

from __future__ import annotations

import json

import pytest

from tests.support.denials.pasted import allow, diagnosed, policy

ARN = "arn:aws:iot:us-east-2:111122223333"
THING = "${iot:Connection.Thing.ThingName}"
LOG = json.dumps(
    {"logLevel": "ERROR", "status": "Failure", "eventType": "Connect", "protocol": "MQTT", "clientId": "pump9",
     "principalId": "0a1b2c3d4e5f" * 5, "reason": "AUTHORIZATION_FAILURE", "details": "Authorization Failure"}
)  # fmt: skip
THINGS = '$ aws iot list-principal-things --principal cert\n{ "things": [ "site-pump9" ] }\n'


def _text(sends: str, topics: str) -> str:
    shown = policy(allow("iot:Connect", f"{ARN}:client/{THING}"), allow("iot:Publish", f"{ARN}:topic/{topics}"))
    return f"{sends}\n{LOG}\n{THINGS}\npolicy of the certificate:\n{shown}\n"


@pytest.mark.parametrize(
    ("sends", "topics", "said"),
    [
        (
            "mosquitto_pub -i pump9 -t dt/pump9/flow -m 1",
            f"dt/{THING}/flow",
            "dt/site-pump9/flow and not dt/pump9/flow",
        ),
        ("client.publish('dt/eu/pump9', b'1')", f"dt/*/{THING}", "dt/eu/site-pump9 and not dt/eu/pump9"),
        ("the device connects", f"dt/{THING}/flow", "Use it in the topics as well"),
    ],
)
def test_the_things_name_has_to_be_in_the_topics_too(sends: str, topics: str, said: str) -> None:
    fix = diagnosed(_text(sends, topics)).fixes[0]
    assert fix.title == "Connect with the client ID site-pump9, not pump9" and said in str(fix.change)


def test_topics_without_the_things_name_do_not_change() -> None:
    fix = diagnosed(_text("mosquitto_pub -i pump9 -t dt/pump9/flow -m 1", "dt/*/flow")).fixes[0]
    assert "as well" not in str(fix.change)
