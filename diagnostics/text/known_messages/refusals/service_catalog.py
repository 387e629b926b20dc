"""Messages of AWS Service Catalog."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, row
from diagnostics.who import Who

_DOCS = "https://docs.aws.amazon.com"

SERVICE_CATALOG: tuple[ServiceSentence, ...] = (
    row(
        "no launch paths found",
        r"No launch paths found for resource",
        "the caller, in the portfolio",
        "the portfolio of the product does not list the caller",
        "No portfolio with this product gives the caller access: add the caller's role, user or group to the portfolio "
        "(not the root user). IAM policies do not replace this access.",
        UsualCause("aws servicecatalog associate-principal-with-portfolio --portfolio-id PORTFOLIO --principal-type "
                   "IAM --principal-arn ROLE-ARN; for Control Tower's Account Factory the permission set's role "
                   "(AWSReservedSSO_…) in the Account Factory portfolio.",
                   "aws servicecatalog list-principals-for-portfolio --portfolio-id PORTFOLIO", Who.RESOURCE_OWNER),
        page=f"{_DOCS}/controltower/latest/userguide/troubleshooting.html",
    ),
)  # fmt: skip
