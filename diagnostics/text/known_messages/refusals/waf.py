"""Messages of AWS WAF."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, of_codes, row
from diagnostics.who import Who

_API = "https://docs.aws.amazon.com"

WAF_SERVICE_LINKED_ROLE: tuple[ServiceSentence, ...] = (
    of_codes(
        "WAFServiceLinkedRoleError",
        "AWS WAF",
        "the service-linked role of AWS WAF is locked temporarily",
        "The service-linked role of AWS WAF is locked: a logging configuration was just changed, or the role was "
        "deleted.",
        "Try again after 20 seconds. If the role was deleted, wait 15 minutes or more. Changing a policy does not "
        "help.",
        f"{_API}/waf/latest/APIReference/API_PutLoggingConfiguration.html",
        who=Who.CALLER,
        refuses=False,
    ),
)  # fmt: skip

WAF_LOGS: tuple[ServiceSentence, ...] = (
    row(
        ("waflogdestinationpermissionissue", "deliver logs to the configured destination"),
        r"WAFLogDestinationPermissionIssue(?:Exception)?|Unable to deliver logs to the configured destination",
        "the delivery of AWS WAF's logs",
        "the log destination does not allow the delivery",
        "The log destination does not let delivery.logs.amazonaws.com write the web ACL's logs, or whoever turns these "
        "logs on is not allowed to change the destination's policy.",
        UsualCause(
            "For a log group, the resource policy of CloudWatch Logs must let delivery.logs.amazonaws.com "
            "perform logs:CreateLogStream and logs:PutLogEvents on it. AWS WAF adds that statement automatically until "
            "the policies are full (10 per Region, 5,120 characters each): then create your own policy for this log "
            "group.",
            "aws logs describe-resource-policies",
            Who.RESOURCE_OWNER,
        ),
        UsualCause(
            "For a bucket, its policy must let delivery.logs.amazonaws.com perform s3:PutObject on "
            "AWSLogs/ACCOUNT/* and s3:GetBucketAcl. The destination's name must begin with aws-waf-logs-.",
            None,
            Who.RESOURCE_OWNER,
        ),
        UsualCause(
            "The caller lacks logs:CreateLogDelivery, logs:PutResourcePolicy, logs:DescribeResourcePolicies or "
            "logs:DescribeLogGroups, with which AWS WAF sets that policy.",
            needs=(
                "logs:CreateLogDelivery",
                "logs:PutResourcePolicy",
                "logs:DescribeResourcePolicies",
                "logs:DescribeLogGroups",
            ),
        ),
        page="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-CWL.html",
    ),
)
