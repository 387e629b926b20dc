"""The row for load balancers that answer themselves."""

from __future__ import annotations

import re

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

LOAD_BALANCERS: tuple[System, ...] = (
    # Elastic Load Balancing User Guide, "Troubleshoot your Application Load Balancers", HTTP 403
    # (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html).
    made_system(
        "the load balancer",
        "Look at the sampled requests of the load balancer's web ACL (AWS WAF), and at the fixed responses of its "
        "listener rules. IAM is not involved in this answer.",
        r"\b403\b[\s\S]{0,300}?\bserver:\s*awselb/|\bserver:\s*awselb/[\s\S]{0,300}?\b403\b",
        "awselb/",
        flags=re.IGNORECASE,
        verdict="The load balancer itself answered 403: AWS WAF or a listener rule refused the request. No permission "
        "is missing.",
        title="Look at the web ACL and the listener rules",
    ),
)
