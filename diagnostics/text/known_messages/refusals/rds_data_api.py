"""Messages of the RDS Data API."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, no_permission

_AURORA = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide"
RDS_DATA_API: tuple[ServiceSentence, ...] = (
    no_permission(
        "httpendpoint is not enabled",
        r"HttpEndpoint is not enabled for (?:resource|cluster)",
        "The Data API is not turned on for this cluster: turn on its HTTP endpoint. No permission is missing.",
        "aws rds enable-http-endpoint --resource-arn CLUSTER (Serverless v1: modify-db-cluster "
        "--enable-http-endpoint). Check first that the ARN is the cluster's, and that its version supports the Data "
        "API.",
        f"{_AURORA}/data-api.troubleshooting.html",
    ),
)
