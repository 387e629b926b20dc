"""Messages of DynamoDB Accelerator (DAX)."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, no_permission

_DYNAMODB = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide"
DAX: tuple[ServiceSentence, ...] = (
    no_permission(
        "norouteexception",
        r"\bdaxs?\b[\s\S]{0,2000}?\bNoRouteException\b|\bNoRouteException\b(?=[\s\S]{0,2000}?\bdaxs?\b)",
        "The client cannot reach the DAX cluster: the client must run in the cluster's VPC, and the security group "
        "must allow the client's connections on port 8111 (9111 with encryption). No permission is missing.",
        "Compare the endpoint's name, its port and the subnet of the client; IAM is checked only after the connection "
        "is made.",
        f"{_DYNAMODB}/DAX.troubleshooting.html",
    ),
)
