"""Messages of CloudWatch RUM."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, lacking

_API = "https://docs.aws.amazon.com"
_WATCH = f"{_API}/AmazonCloudWatch/latest/monitoring"

CLOUDWATCH_RUM: tuple[ServiceSentence, ...] = (
    lacking(
        "dataplane.rum.",
        r"dataplane\.rum\.[\w-]+\.amazonaws\.com/\S* (?:\S+ ){0,4}?403\b|\b403\b[^\n]{0,80}dataplane\.rum\.",
        "the browser's role (of the app monitor's identity pool)",
        ("rum:PutRumEvents",),
        UsualCause(
            "Allow the unauthenticated role of the identity pool to perform rum:PutRumEvents on this app "
            "monitor's ARN, and let its trust policy name the identity pool. Without an identity pool, the app "
            "monitor's resource policy must allow rum:PutRumEvents.",
            "aws rum get-app-monitor --name MONITOR --query 'AppMonitor.AppMonitorConfiguration'",
        ),
        page=f"{_WATCH}/CloudWatch-RUM-get-started-authorization.html",
    ),
)
