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
    # AWS IoT Core Developer Guide, "Diagnosing connectivity issues"
    # (https://docs.aws.amazon.com/iot/latest/developerguide/diagnosing-connectivity-issues.html).
    Said(
        r"AWS_ERROR_MQTT_UNEXPECTED_HANGUP",
        "AWS IoT closed the connection without giving a reason: its log in CloudWatch has one. Most often the "
        "certificate's policy does not allow iot:Connect for this client ID, or a publish or subscribe on this topic; "
        "or another device uses the same client ID.",
        None,
        Who.RESOURCE_OWNER,
    ),
)
