"""The row for the account's support plan."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

SUPPORT_PLANS: tuple[System, ...] = (
    # AWS Support API Reference, "Welcome": SubscriptionRequiredException without a support plan that has the API
    # (https://docs.aws.amazon.com/awssupport/latest/APIReference/Welcome.html).
    made_system(
        "the account's support plan",
        "Change the support plan of the account (Business or higher has the API), make the call in the account that "
        "has one, or open cases for account and billing in the Support Center. No policy can replace the plan, "
        "AWSSupportAccess and AdministratorAccess included.",
        r"(?:Premium\s+)?Support\s+Subscription\s+is\s+required\s+to\s+use"
        r"|SubscriptionRequired\w*[^\n]{0,60}(?:DescribeCases|CreateCase|DescribeTrustedAdvisor\w+|DescribeSeverityLevels)",
        "subscriptionrequired",
        "subscription is required to use",
        verdict="The account has no support plan with the AWS Support API: Basic and Developer plans lack it. No "
        "permission is missing.",
        title="Use an account whose support plan has the API",
    ),
)
