"""Sizes of policies outside IAM, as their services limit them. IAM's own quotas are in `iam.facts.quotas`."""

from __future__ import annotations

from dataclasses import dataclass

_DOCS = "https://docs.aws.amazon.com"


@dataclass(frozen=True, slots=True)
class PolicySize:
    """The maximum size of a kind of policy.

    ``kind`` names the policy within a sentence. ``limit`` is the size in words. ``helps`` are sentences that say how to
    make it smaller. ``raised`` is whether Service Quotas can raise the limit.
    """

    kind: str
    limit: str
    helps: str
    page: str
    raised: bool = False


LAMBDA = PolicySize(
    "resource-based policy of a Lambda function",
    "20 KB",
    "Each permission adds a statement. Replace the permissions of one service with a single permission that has a "
    "source ARN with a wildcard (for log groups arn:aws:logs:REGION:ACCOUNT:log-group:*, with the source account), and "
    "remove the old statements first (aws lambda get-policy, remove-permission).",
    "https://repost.aws/knowledge-center/lambda-resource-based-policy-size-error",
)
LOG_GROUPS = PolicySize(
    "resource policy of CloudWatch Logs",
    "5,120 characters",
    "An account has at most 10 such policies in a Region, and services add each log group to which they deliver. Give "
    "the log group a name that begins with /aws/vendedlogs/ (Step Functions: /aws/vendedlogs/states/): such log "
    "groups add nothing to these policies. Or remove stale entries and join the others with a wildcard (aws logs "
    "describe-resource-policies, put-resource-policy).",
    f"{_DOCS}/step-functions/latest/dg/bp-cwl.html",
)
SESSION = PolicySize(
    "session policy",
    "2,048 characters",
    "Do not list every object or resource: allow a common prefix (BUCKET/PREFIX/*), request credentials for smaller "
    "batches, or use presigned URLs. The role's own policies are not the cause.",
    f"{_DOCS}/STS/latest/APIReference/API_AssumeRole.html",
)
EVENT_BUS = PolicySize(
    "policy of an event bus",
    "10,240 characters by default",
    "Replace the statements for single accounts with one statement for the organization (aws:PrincipalOrgID), and "
    "remove the old ones (aws events remove-permission).",
    f"{_DOCS}/eventbridge/latest/userguide/eb-quota.html",
    raised=True,
)
QUEUE = PolicySize(
    "policy of an SQS queue",
    "8,192 bytes, 20 statements, 50 principals and 10 conditions",
    "Join the statements: list several sources in one condition, or match them with a wildcard in aws:SourceArn.",
    f"{_DOCS}/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html",
)
BUCKET = PolicySize(
    "bucket policy",
    "20 KB",
    "Join statements and principals (aws:PrincipalOrgID, aws:PrincipalArn with a wildcard), or give each consumer an "
    "S3 access point, which has a policy of its own.",
    f"{_DOCS}/AmazonS3/latest/userguide/using-iam-policies.html",
)
TABLE = PolicySize(
    "resource-based policy of a DynamoDB table",
    "20 KB, with white space",
    "Join statements and principals, and leave out white space.",
    f"{_DOCS}/amazondynamodb/latest/developerguide/rbac-considerations.html",
)
