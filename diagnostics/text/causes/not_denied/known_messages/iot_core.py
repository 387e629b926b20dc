"""A connection that AWS IoT Core closes without a reason."""

from __future__ import annotations

from diagnostics.text.causes.build_causes import Said
from diagnostics.who import Who

IOT_MESSAGES = (
    # AWS IoT Core Developer Guide, "Thing policy variables": the client ID of the connection is the thing's name
    # (https://docs.aws.amazon.com/iot/latest/developerguide/thing-policy-variables.html).
    Said(
        r"\A(?=[\s\S]*(?:MQTT_UNEXPECTED_HANGUP|connection was closed|not authori[sz]ed|AUTHORIZATION_FAILURE))"
        r"(?=[\s\S]*\bclient[-_ ]?id[\"']?\s*[=:]\s*[\"']?(?P<id>[\w:-]+)(?![\w:$-]))"
        r"(?=[\s\S]*\bthing(?:[-_ ]?name)?[\"']?\s*[=:]\s*[\"']?(?!(?P=id)(?![\w:-]))[\w:-]+)"
        r"[\s\S]*?client/\$\{iot:Connection\.Thing\.ThingName\}",
        "Connect with the thing's name as client ID: the policy allows iot:Connect only for that name, and the text "
        "has another client ID. To use that client ID, let the policy's Resource name it (client/NAME).",
        None,
        Who.CALLER,
    ),
)
