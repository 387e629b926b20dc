"""Causes for devices that AWS IoT does not authorize, by its log."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import contains
from diagnostics.text.causes.denials.parts_of_the_denial import Signs
from diagnostics.who import Who
from diagnostics.words import DEVICE_CODES, THING_VARIABLES


def device(signs: Signs) -> Iterator[FirstLook]:
    """Yield where the permissions of a device are defined, if AWS IoT's log says that it was not authorized.

    AWS IoT Core Developer Guide, "AWS IoT Core policies" and "AWS IoT Core action resources"
    (https://docs.aws.amazon.com/iot/latest/developerguide/iot-policies.html,
    https://docs.aws.amazon.com/iot/latest/developerguide/iot-action-resources.html).
    """
    denial = signs.denial
    if denial.code not in DEVICE_CODES:
        return
    yield FirstLook(
        f"Compare the default version of the IoT policy on the device's certificate with {denial.action} on "
        f"{denial.resource or 'its resource'}: iot:Connect is checked on client/CLIENT-ID, iot:Publish and iot:Receive "
        "on topic/TOPIC, iot:Subscribe on topicfilter/FILTER. Variables of the thing (iot:Connection.Thing.ThingName) "
        f"{THING_VARIABLES}. TLS and "
        "the certificate itself are accepted, and IAM policies do not matter here.",
        contains(denial.code or ""),
        "aws iot list-attached-policies --target CERTIFICATE-ARN",
        Who.RESOURCE_OWNER,
    )
