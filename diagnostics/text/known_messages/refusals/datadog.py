"""Messages of Datadog about the role that it assumes."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, row
from diagnostics.who import Who
from iam.claims import Ground

DATADOG: tuple[ServiceSentence, ...] = (
    row(
        "datadog is not authorized to perform",
        r"Datadog is not authorized to perform (?:the )?action sts:AssumeRole(?:[^\n]{0,40}?(?P<account>\d{12}))?",
        "Datadog, by the role's trust policy",
        "the integration's role in the account does not let Datadog assume it",
        "The integration's role does not let Datadog assume it: its trust policy must name Datadog's account with the "
        "integration's external ID, and the role's name must match the name in Datadog.",
        UsualCause(
            "Compare the role's name in Datadog's AWS integration with the role in the account that the message names "
            "(also for spaces), then the trust policy: Datadog's account as Principal, Action sts:AssumeRole, and "
            "sts:ExternalId as the integration shows it.",
            "aws iam get-role --role-name DatadogIntegrationRole --query Role.AssumeRolePolicyDocument",
            Who.RESOURCE_OWNER,
        ),
        page="https://docs.datadoghq.com/integrations/faq/error-datadog-not-authorized-sts-assume-role",
        actions=("sts:AssumeRole",),
        cause="trust.principal-mismatch",
        ground=Ground.LIKENESS,
    ),
)
