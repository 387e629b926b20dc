"""Messages of the developer tools' notification rules (CodeStar Notifications)."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, row

NOTIFICATION_RULES: tuple[ServiceSentence, ...] = (
    # AWS CodeStar Notifications API Reference, "CreateNotificationRule".
    row(
        "can't create the notification rule because you do not have sufficient",
        r"CodeStar Notifications can't create the notification rule because you do not have sufficient permissions",
        "the caller",
        "the caller lacks permissions for the rule, its resource or its target",
        "The caller lacks permissions for the notification rule, for reading the resource, or for creating the "
        "service-linked role AWSServiceRoleForCodeStarNotifications.",
        UsualCause("Allow the caller codestar-notifications:CreateNotificationRule (with its condition on "
                   "codestar-notifications:NotificationsForResource), the resource's Get and List actions, and, once, "
                   "iam:CreateServiceLinkedRole for codestar-notifications.amazonaws.com.",
                   "aws iam get-role --role-name AWSServiceRoleForCodeStarNotifications"),
        page="https://docs.aws.amazon.com/dtconsole/latest/userguide/security-iam.html",
    ),
)  # fmt: skip
