"""The row for a rule of EventBridge that a service manages."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

MANAGED_RULES: tuple[System, ...] = (
    # Amazon EventBridge API Reference, "DeleteRule": ManagedRuleException
    # (https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DeleteRule.html).
    made_system(
        "the service that manages the rule",
        "Change or delete it through the service that made it (ManagedBy in aws events describe-rule). To delete it "
        "all the same: aws events remove-targets and delete-rule with --force; the service may then miss it.",
        r"\bManagedRuleException\b",
        "managedruleexception",
        verdict="An AWS service made this rule and manages it: only that service, or a call with --force, removes it. "
        "No permission is missing.",
        title="Change it through the service that made it",
    ),
)
