"""Messages of RDS about roles for Enhanced Monitoring and other features."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import OwnRequest, ServiceSentence, UsualCause, row
from diagnostics.who import Who

MONITORING_ROLES: tuple[ServiceSentence, ...] = (
    row(
        "does not include the required permissions",
        r"IAM role ARN value is invalid or does not include the required permissions for:? ENHANCED_MONITORING\b",
        "the role that is passed to the database",
        "the role for Enhanced Monitoring is missing or incomplete",
        "The role that is passed to RDS for Enhanced Monitoring does not exist, does not trust "
        "monitoring.rds.amazonaws.com, or lacks AmazonRDSEnhancedMonitoringRole.",
        UsualCause(
            "Enhanced Monitoring's role trusts monitoring.rds.amazonaws.com and has "
            "AmazonRDSEnhancedMonitoringRole; other features' roles trust rds.amazonaws.com.",
            "aws iam list-roles --query 'Roles[].[RoleName,AssumeRolePolicyDocument]'",
        ),
        UsualCause("The role is new: A new role can take a few seconds to become usable. Try again.", None, Who.CALLER),
        page="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Monitoring.OS.Enabling.html",
        asks=(OwnRequest("monitoring.rds.amazonaws.com", "sts:AssumeRole"),),
    ),
    row(
        "does not include the required permissions",
        r"IAM role ARN value is invalid or does not include the required permissions for:? (?P<feature>\w+)",
        "the role that is passed to the database",
        "the role that is passed to the database is missing or incomplete",
        "The role that is passed to RDS for this feature does not exist, does not trust RDS's service, or lacks the "
        "feature's permissions.",
        UsualCause(
            "The feature's role trusts rds.amazonaws.com and has the feature's permissions.",
            "aws iam list-roles --query 'Roles[].[RoleName,AssumeRolePolicyDocument]'",
        ),
        UsualCause("The role is new: A new role can take a few seconds to become usable. Try again.", None, Who.CALLER),
        page="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Monitoring.OS.Enabling.html",
    ),
)
