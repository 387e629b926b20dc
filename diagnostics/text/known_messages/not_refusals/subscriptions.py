"""The row for the subscription of a service."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

SUBSCRIPTIONS: tuple[System, ...] = (
    made_system(
        "the service's subscription",
        "If the call is needed, do what the message says: accept the terms of the AWS Marketplace product, sign the "
        "account up for the service, or change the support plan. A program that scans the account can skip this call. "
        "No policy can replace the subscription, not even AdministratorAccess.",
        r"SubscriptionRequired\w*|\bOptInRequired\b|needs\s+a\s+subscription\s+for\s+the\s+service"
        r"|Subscription\s+is\s+required\s+to\s+use",
        "subscriptionrequired",
        "optinrequired",
        "needs a subscription for the service",
        "subscription is required to use",
        verdict="The account lacks the subscription that this call needs (the service, an AWS Marketplace product or a "
        "support plan): subscribe, or leave the call out. No permission is missing.",
        title="Subscribe, or leave the call out",
    ),
)
