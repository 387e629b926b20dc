"""Actions that write logs, metrics and traces, or connect to a VPC, and that AWS's own policies grant on ``*``.

They read nothing and take nothing away: who has them on ``*`` can add entries to any log group, points to any metric.
"""

from __future__ import annotations

from collections.abc import Mapping

_PAGES = "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/"
_POLICIES: Mapping[str, tuple[str, ...]] = {
    "AWSLambdaBasicExecutionRole": ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"),
    "CloudWatchAgentServerPolicy": ("cloudwatch:PutMetricData",),
    "AWSXRayDaemonWriteAccess": ("xray:PutTraceSegments", "xray:PutTelemetryRecords"),
    "AWSLambdaVPCAccessExecutionRole": ("ec2:CreateNetworkInterface",),
}
"""By the policy of AWS that grants them on ``*``."""

TELEMETRY: Mapping[str, str] = {
    action.lower(): f"{_PAGES}{policy}.html" for policy, actions in _POLICIES.items() for action in actions
}
"""Action in lower case → the page of that policy."""
