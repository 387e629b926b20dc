"""Questions for the command's MCP server."""

from __future__ import annotations

from typing import Any

from tui.arguments.parser import build_parser
from tui.commands.mcp.tools import Tools

ROLE = "web-frontend-ec2"


DENIED = (
    f"User: arn:aws:sts::111122223333:assumed-role/{ROLE}/i-0a1 is not authorized to perform: s3:PutObject on "
    'resource: "arn:aws:s3:::harbor-assets/a.png" because no identity-based policy allows the s3:PutObject action'
)


DENY_S3 = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}]}


def questions_of(role: str) -> list[tuple[str, dict[str, Any]]]:
    return [
        ("explain_denial", {"text": DENIED}),
        ("who_can", {"action": "s3:GetObject", "context": {"aws:RequestedRegion": "us-east-1"}}),
        ("can", {"principal": role, "action": "s3:PutObject", "resource": "arn:aws:s3:::harbor-assets/a.png"}),
        ("role", {"name": role}),
        ("review", {}),
        ("what_if", {"at": role, "policy": DENY_S3}),
        ("history", {"target": role, "since": "90d"}),
        ("plan_change", {"role": role, "change": "disable"}),
    ]


def tools_of(*arguments: str) -> Tools:
    given = ["mcp", *arguments]
    return Tools(build_parser(given).parse_args(given))
