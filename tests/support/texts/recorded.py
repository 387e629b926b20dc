"""Recorded messages and what is read from them."""

from __future__ import annotations

import json
from typing import Any

WHO = "arn:aws:iam::111122223333:role/app/web"


SCP = "arn:aws:organizations::1:policy/o-x/service_control_policy/p-1"


def printed(effect: str = "EXPLICIT_DENY", **changes: Any) -> str:
    evaluation = {
        "action": "s3:PutObject",
        "resource": "arn:aws:s3:::b/x",
        "context": {},
        "evaluatedEffect": effect,
        "checks": [
            {"checkType": "PRINCIPAL", "evaluatedEffect": "IMPLICIT_DENY"},
            {
                "checkType": "SERVICE_CONTROL_POLICY",
                "evaluatedEffect": "EXPLICIT_DENY",
                "matchedPolicies": [{"uri": SCP, "matchedStatements": [{"sid": "S", "evaluatedEffect": "DENY"}]}],
            },
            {"checkType": "A_NEWER_ONE", "evaluatedEffect": "ALLOW"},
        ],
    }
    answer = {
        "requestContext": {"aws:PrincipalArn": WHO},
        "evaluations": [evaluation],
        "policies": [{"type": "SERVICE_CONTROL_POLICY", "inline": False, "uri": SCP}],
        **changes,
    }
    return json.dumps(answer, indent=4)
