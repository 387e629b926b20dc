"""Rows for OpenSearch Serverless."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

OPENSEARCH_SERVERLESS: tuple[System, ...] = (
    # Amazon OpenSearch Service Developer Guide, "Data access control for Amazon OpenSearch Serverless"
    # (https://docs.aws.amazon.com/opensearch-service/latest/developerguide/serverless-data-access.html).
    made_system(
        "OpenSearch Serverless",
        "Name the role or user that makes the call as a principal of the collection's data access policy (for "
        "indexes: aoss:CreateIndex, aoss:DescribeIndex, aoss:UpdateIndex, aoss:DeleteIndex, aoss:ReadDocument, "
        "aoss:WriteDocument), and allow it to perform aoss:APIAccessAll on the collection in IAM. Both are needed. "
        "If both exist, or the call works later, the data access policy only needed time to take effect: wait, and "
        "try again.",
        r"\bauthorization_exception\b|\.aoss\.amazonaws\.com[\s\S]{0,300}\b(?:403|Forbidden)\b"
        r"|\b(?:403|Forbidden)\b[\s\S]{0,300}\.aoss\.amazonaws\.com"
        r"|\"status\"\s*:\s*403\s*,\s*\"request-id\"[\s\S]{0,120}\"reason\"\s*:\s*\"403\s+Forbidden\""
        r"|\bAuthorizationException\(403\b(?=[\s\S]{0,2000}\baoss\b)|\baoss\b[\s\S]{0,2000}?\bAuthorizationException\(403\b",
        "authorization_exception",
        "authorizationexception(403",
        ".aoss.amazonaws.com",
        '"request-id"',
        # A domain's own access control has this word, too.
        unless=r"authorized\s+to\s+perform|\A(?![\s\S]*\.aoss\.amazonaws\.com)[\s\S]*?security_exception",
        title="Compare the identity that makes the call with both sides",
        sure=False,
    ),
)
