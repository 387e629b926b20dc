"""Rows for OpenSearch Service's service-linked role, and for access strings of ElastiCache."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

OPENSEARCH_ROLE: tuple[System, ...] = (
    # Amazon OpenSearch Service developer guide, "Using service-linked roles"
    # (https://docs.aws.amazon.com/opensearch-service/latest/developerguide/slr.html).
    made_system(
        "the service-linked role of OpenSearch Service",
        "Create it once: aws iam create-service-linked-role --aws-service-name opensearchservice.amazonaws.com (the "
        "caller needs iam:CreateServiceLinkedRole). Then make the call again: the call passes no role, and a role with "
        "the old Elasticsearch name is not needed.",
        r"you\s+must\s+enable\s+a\s+service-linked\s+role\s+to\s+give\s+Amazon\s+(?:OpenSearch|ES|Elasticsearch)",
        "must enable a service-linked role",
        unless=r"perform:?\s+iam:CreateServiceLinkedRole",
        verdict="The call is allowed, but the account has no service-linked role for OpenSearch Service, which a "
        "domain in a VPC needs: create it once.",
        title="Create the service-linked role",
    ),
)

ACCESS_STRINGS: tuple[System, ...] = (
    # ElastiCache User Guide, "Authenticating with IAM" and "Role-Based Access Control (RBAC)": access strings
    # (https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html).
    made_system(
        "the access string of the cache's user",
        "Use a user whose access string allows the command and the key, or change the access string of this user "
        "(ElastiCache: aws elasticache describe-users, modify-user --access-string; MemoryDB: aws memorydb "
        "describe-users, update-user --access-string; Redis: ACL GETUSER). IAM decides who may connect, but not "
        "which commands and keys they may use.",
        r"\bNOPERM\b[^\n]{0,200}",
        "noperm",
        subject=r"\bNOPERM\b:?\s+([^\n\"]{5,120})",
        verdict="The user's access string, not IAM, is why the cache refused the command: “{name}”.",
        title="Correct the user's access string",
    ),
)
