"""Find the AWS endpoint that an unsigned request was sent to, and the service name to sign its requests for."""

from __future__ import annotations

import re

from iam.lazy_pattern import regex

_HOST = regex(
    r"(?<![\w.@-])(?P<host>(?:[a-z0-9-]+\.)+(?:amazonaws\.com(?:\.cn)?|on\.aws|api\.aws))(?![\w.-])", re.IGNORECASE
)
_GATEWAY = regex(r"\bexecute-api\b|\bAPI Gateway\b|\bapigateway\b", re.IGNORECASE)
# The signing name of endpoints that people call without an SDK:
# Amazon Neptune User Guide, "Connecting … using IAM authentication from the command line"
# (https://docs.aws.amazon.com/neptune/latest/userguide/iam-auth-connect-command-line.html); Amazon OpenSearch Service
# Developer Guide, "Signing HTTP requests"
# (https://docs.aws.amazon.com/opensearch-service/latest/developerguide/request-signing.html); AWS Lambda Developer
# Guide, "Invoking Lambda function URLs" (https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html).
_SIGNED_AS = (
    (regex(r"\.neptune\."), "neptune-db"),
    (regex(r"\.aoss\."), "aoss"),
    (regex(r"\.es\."), "es"),
    (regex(r"\.lambda-url\."), "lambda"),
    (regex(r"aps-workspaces\."), "aps"),
    (regex(r"\.appsync-api\."), "appsync"),
)


def unsigned_host(text: str) -> tuple[str, str] | None:
    """Return the one AWS endpoint in the text and its signing name, "SERVICE" if unknown.

    None if the text names no endpoint or several, or API Gateway, which gives the same answer for an unknown path.
    """
    if _GATEWAY.search(text):
        return None
    hosts = list(dict.fromkeys(found["host"].lower() for found in _HOST.finditer(text)))
    if len(hosts) != 1:
        return None
    return hosts[0], next((name for words, name in _SIGNED_AS if words.search(f".{hosts[0]}")), "SERVICE")
