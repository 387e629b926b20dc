"""Rows for servers outside AWS that refuse a request or give no answer."""

from __future__ import annotations

import re

from diagnostics.text.known_messages.not_refusals.kubeconfig import NO_KUBECONFIG
from diagnostics.text.known_messages.not_refusals.system_row import NONE_MISSING, System, made_system

OTHER_SERVER = "another server"

# Hosts that are not AWS's: what AWS calls endpoints, consoles and distributions ends with one of these.
NOT_AWS = (
    r"(?![\w.-]*(?:amazonaws\.c|\.aws\b|aws\.amazon|awsapps\.com|cloudfront\.net|awsstatic|elasticbeanstalk|on\.aws"
    r"|localhost|127\.0\.0\.1|169\.254|example\.))"
)
_SERVER = rf"https?://{NOT_AWS}([a-z0-9][\w-]*(?:\.[\w-]+)+)"
NO_ANSWER = "the network to the server"

OTHER_SERVERS: tuple[System, ...] = (
    # RFC 9110, "HTTP Semantics", 401 and 403: the server that is named in the request answers.
    made_system(
        OTHER_SERVER,
        "Check what {name} itself requires: its token, its user, its own permissions. If it forwards AWS responses, an "
        "AWS error has a code and a request ID.",
        r"(?:\b(?:GET|POST|PUT|DELETE|PATCH|HEAD)\s+\"?|\b(?:for\s+url|calling|fetching|from|request\s+to"
        r"|url)[\s:'\"]{1,3})"
        rf"{_SERVER}[^\s\"]{{0,200}}[\s,\"][^\n]{{0,120}}?(?:\b40[13]\b|\bforbidden\b|\bunauthorized\b)"
        rf"|(?:\b40[13]\b|\bforbidden\b|\bunauthorized\b)[\s:,(][^\n]{{0,60}}?{_SERVER}",
        *("401", "403", "forbidden", "unauthorized"),
        flags=re.IGNORECASE,
        unless=r"authorized\s+to\s+perform|x-amz|x-amzn|amazonaws|AccessDenied|aws4_request|Missing\s+Authentication"
        r"|could\s+not\s+be\s+satisfied"
        r"|calling\s+the\s+\w+\s+operation|\(Service:|execute-api|\bvault\b|/v1/sys|\bapi\s+error\b|StatusCode:",
        subject=_SERVER,
        verdict="{name} answered 401 or 403, and is not an AWS endpoint: no refusal by IAM was recognized in the text.",
        title="Check the credentials and permissions of the server that refused",
        sure=False,
    ),
)

UNANSWERED: tuple[System, ...] = (
    # Amazon VPC User Guide, "Control traffic to your AWS resources using security groups".
    made_system(
        NO_ANSWER,
        "{name} could not be reached: check security groups, routes, and whether the server runs. " + NONE_MISSING,
        r"dial\s+tcp\s+[\d.]+:(?!443\b|80\b)\d+:\s+(?:i/o\s+timeout|connect:\s+connection\s+(?:refused|timed\s+out))"
        r"|connection\s+to\s+server\s+at\s+\"[^\"]+\"[^\n]{0,80}(?:timed\s+out|refused)"
        r"|Communications\s+link\s+failure",
        "dial tcp",
        "connection to server at",
        "communications link failure",
        unless=NO_KUBECONFIG,
        subject=r"dial\s+tcp\s+([\d.]+:\d+)|server\s+at\s+\"([\w.-]+)\"",
        verdict="{name} could not be reached: the network or the server failed, and no permission was checked.",
    ),
)
