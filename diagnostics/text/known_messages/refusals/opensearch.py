"""Messages of OpenSearch Service: roles for Cognito and snapshots, Dashboards users, and index blocks."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import (
    ServiceSentence,
    UsualCause,
    no_permission,
    row,
)
from diagnostics.who import Who
from iam.claims import Ground

_OPENSEARCH = "https://docs.aws.amazon.com/opensearch-service/latest/developerguide"
SEARCH: tuple[ServiceSentence, ...] = (
    row(
        "must be allowed to use the passed role",
        r"(?:OpenSearch Service|Elasticsearch) must be allowed to use the passed role",
        "OpenSearch Service",
        "the role for Cognito does not trust OpenSearch Service",
        "The role for Cognito authentication does not trust OpenSearch Service: its trust policy must let "
        "opensearchservice.amazonaws.com (older domains: es.amazonaws.com) assume it.",
        UsualCause("Correct the trust policy of CognitoAccessForAmazonOpenSearch (or the role in the options), and "
                   "attach AmazonOpenSearchServiceCognitoAccess to it. The caller also needs iam:PassRole on this "
                   "role.",
                   None,
                   Who.RESOURCE_OWNER),
        page=f"{_OPENSEARCH}/cognito-auth.html",
        cause="trust.principal-mismatch",
        ground=Ground.STATED,
    ),
    no_permission(
        "no roles available for this user",
        r"No roles available for this user, please contact your system administrator",
        "The sign-in worked, but the user and its backend roles are mapped to no OpenSearch security role: map them to "
        "a role. IAM does not decide this.",
        "Add the user name or backend role under Security, Roles, Mapped users; letter case matters. For SAML, compare "
        "the assertion's subject and roles with the keys in the domain's options; for Cognito map the IAM role.",
        f"{_OPENSEARCH}/saml.html",
    ),
    no_permission(
        ("forbidden/12/", "forbidden/8/", "forbidden/10/", "forbidden/5/"),
        r"\[?FORBIDDEN/(?:12/index read-only|8/index write|10/cluster (?:create-index )?block|5/index read-only)",
        "OpenSearch blocks writing to the index, usually because the disk is nearly full: free storage first. The 403 "
        "does not mean a missing permission.",
        "Look at FreeStorageSpace and JVMMemoryPressure, delete indices or add storage, then remove the block (PUT "
        "INDEX/_settings with index.blocks.read_only_allow_delete: null). An index or cluster that was set to "
        "read-only manually gives the same answer.",
        f"{_OPENSEARCH}/handling-errors.html",
    ),
    # Elasticsearch Guide, "S3 repository", "Using IAM roles for Kubernetes service accounts for authentication"
    # (https://www.elastic.co/guide/en/elasticsearch/reference/current/repository-s3.html).
    row(
        ("repository_exception", "repository_verification_exception"),
        r"\A(?=[\s\S]*(?:eks\.amazonaws\.com/|AWS_WEB_IDENTITY_TOKEN_FILE|\bIRSA\b|\bservice ?account\b))"
        r"(?=[\s\S]*\b(?:elastic\w*|ECK)\b)"
        r"[\s\S]*?\brepository_(?:verification_)?exception\b[\s\S]{0,4000}?\b(?:amazon_)?s_?3_exception\b[\s\S]{0,200}?"
        r"Access Denied",
        "the identity of Elasticsearch's nodes",
        "S3 refuses the identity with which Elasticsearch writes its snapshots",
        "S3 refuses Elasticsearch's nodes. With a service account's role (IRSA), the plugin reads its token only from "
        "the configuration folder: most likely the symlink is missing there, and the plugin calls with the node's "
        "role.",
        UsualCause("In each Elasticsearch pod, link the token into the configuration folder: mkdir -p "
                   "config/repository-s3, and ln -s $AWS_WEB_IDENTITY_TOKEN_FILE "
                   "config/repository-s3/aws-web-identity-token-file (an initContainer, or a projected volume). Set no "
                   "keys in the keystore. Then restart the pods.", None, Who.CALLER),
        UsualCause("If the role is used, it needs s3:ListBucket on the bucket, and s3:GetObject, s3:PutObject and "
                   "s3:DeleteObject on its objects."),
        page="https://www.elastic.co/guide/en/elasticsearch/reference/current/repository-s3.html",
    ),
    row(
        ("repository_exception", "repository_verification_exception"),
        r"\brepository_(?:verification_)?exception\b[\s\S]{0,4000}?\b(?:amazon_)?s_?3_exception\b[\s\S]{0,200}?"
        r"Access Denied",
        "the snapshot role",
        "S3 refuses the role of the snapshot repository",
        "S3 refuses the role of the snapshot repository (role_arn): allow that role the actions on the bucket. The "
        "user who sends the request needs no further permission.",
        UsualCause("The role must trust es.amazonaws.com, and needs s3:ListBucket on the bucket, and s3:GetObject, "
                   "s3:PutObject and s3:DeleteObject on its objects. A bucket policy must not deny the role; for a "
                   "KMS key add kms:Decrypt and kms:GenerateDataKey.",
                   needs=("s3:ListBucket", "s3:GetObject", "s3:PutObject", "s3:DeleteObject")),
        page=f"{_OPENSEARCH}/managedomains-snapshots.html",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
)  # fmt: skip

OPENSEARCH_LOGS: tuple[ServiceSentence, ...] = (
    row(
        "resource access policy specified for the cloudwatch logs",
        r"Resource Access Policy specified for the CloudWatch Logs log group (?:(?P<group>\S+) )?does not grant "
        r"sufficient permissions",
        "OpenSearch Service, which writes the logs",
        "the resource policy of CloudWatch Logs does not allow OpenSearch Service",
        "The resource policy of CloudWatch Logs does not let OpenSearch Service write to the log group.",
        UsualCause(
            "A resource policy must allow es.amazonaws.com to perform logs:PutLogEvents and "
            "logs:CreateLogStream on the log group's ARN with :* at its end. If the same deployment creates the "
            "resource policy, make the domain depend on that policy.",
            "aws logs describe-resource-policies",
            Who.RESOURCE_OWNER,
        ),
        page="https://docs.aws.amazon.com/opensearch-service/latest/developerguide/audit-logs.html",
    ),
)
