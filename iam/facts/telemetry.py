"""Actions that write logs, metrics and traces, or connect to a VPC, and that AWS's own policies allow on ``*``.

They read and delete nothing: a principal that is allowed them on ``*`` can only add entries to any log group and data
points to any metric.
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
"""The actions that each AWS managed policy allows on ``*``."""

TELEMETRY: Mapping[str, str] = {
    action.lower(): f"{_PAGES}{policy}.html" for policy, actions in _POLICIES.items() for action in actions
}
"""The page of the AWS managed policy that allows each action, by the action in lower case."""
