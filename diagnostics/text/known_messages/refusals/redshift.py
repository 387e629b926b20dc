"""Messages of Amazon Redshift: roles, COPY and UNLOAD, external schemas, sign-in, audit logs."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, no_permission, row
from diagnostics.who import Who
from iam.claims import Ground

_API = "https://docs.aws.amazon.com"

REDSHIFT_ROLES_AND_USERS: tuple[ServiceSentence, ...] = (
    row(
        "is not associated to cluster",
        r"requested role (?P<role>arn:[^\s\"']+?:role/[\w+=,.@/-]+) is not associated to cluster",
        "the Redshift cluster",
        "the role is not associated with the cluster",
        "Redshift uses only roles that are associated with the cluster: associate {role} with it. Its policies "
        "were not checked yet.",
        UsualCause("Run aws redshift modify-cluster-iam-roles --cluster-identifier CLUSTER --add-iam-roles {role} "
                   "(for a namespace aws redshift-serverless update-namespace --iam-roles, with the roles that it "
                   "already has). The role must trust redshift.amazonaws.com.",
                   "aws redshift describe-clusters --query 'Clusters[].[ClusterIdentifier,IamRoles]'",
                   Who.RESOURCE_OWNER),
        page=f"{_API}/redshift/latest/mgmt/copy-unload-iam-role.html",
        cause="not-iam",
        ground=Ground.STATED,
    ),
    row(
        ("s3 query exception (fetch)", "spectrum scan error"),
        r"(?:S3 Query Exception \(Fetch\)|Spectrum Scan Error)[\s\S]{0,400}?(?:\b403\b|Access ?Denied|Forbidden)",
        "the role of the external schema",
        "S3 refuses the role of the external schema",
        "S3 refuses the role of the external schema (IAM_ROLE): Redshift Spectrum reads the files with this role, not "
        "with the database user's permissions.",
        UsualCause("Allow that role s3:GetObject and s3:ListBucket on the data (and kms:Decrypt); a bucket of "
                   "another account or a bucket policy with conditions must allow the role, too. If Lake Formation "
                   "protects the data, the role needs SELECT in Lake Formation.",
                   "select esoptions from svv_external_schemas",
                   needs=("s3:GetObject", "s3:ListBucket")),
        page=f"{_API}/redshift/latest/dg/c-spectrum-troubleshooting.html",
    ),
    row(
        "secretmanager error",
        r"Failed to incorporate external table[^\n]{0,120}into local catalog[\s\S]{0,60}?SecretManager error",
        "the role of the external schema",
        "the external schema's role cannot read the secret",
        "The role of the external schema (IAM_ROLE) is not allowed to read the secret of the other database: allow "
        "this role secretsmanager:GetSecretValue. The database user needs no further permission.",
        UsualCause("Also allow kms:Decrypt if a customer managed key encrypts the secret. The role must be associated "
                   "with the cluster or namespace.", "select esoptions from svv_external_schemas"),
        page=f"{_API}/redshift/latest/dg/federated-create-secret-iam-role.html",
        actions=("secretsmanager:GetSecretValue",),
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        ('user "iam:', 'user "iamr:'),
        r"user \"(?P<user>IAMR?:[^\"\n]{1,128})\" does not exist",
        "the sign-in with IAM",
        "the database has no user {user}",
        "The database has no user {user}: let the sign-in create the user (AutoCreate, with "
        "redshift:CreateClusterUser), or create the user in SQL.",
        UsualCause("With GetClusterCredentials set AutoCreate=true and allow redshift:CreateClusterUser on dbuser:…; "
                   'or CREATE USER "{user}" PASSWORD DISABLE. GetClusterCredentialsWithIAM creates the user '
                   "automatically.",
                   "select usename from pg_user", Who.RESOURCE_OWNER),
        page=f"{_API}/redshift/latest/mgmt/generating-iam-credentials-steps.html",
        cause="not-iam",
        ground=Ground.LIKENESS,
    ),
    no_permission(
        "default iam role",
        r"(?:No default IAM role is set|Default IAM role (?:is )?not (?:found|set)|(?:does not|doesn't) have a default "
        r"IAM role)[^\n]{0,60}",
        "The cluster or namespace has no default role, which IAM_ROLE default needs: set a default role, or use a "
        "role's ARN in the command.",
        "aws redshift modify-cluster-iam-roles --default-iam-role-arn ROLE (aws redshift-serverless update-namespace "
        "--default-iam-role-arn ROLE); the role must be associated there, too.",
        f"{_API}/redshift/latest/mgmt/default-iam-role.html",
    ),
)  # fmt: skip

AUDIT_LOGS: tuple[ServiceSentence, ...] = (
    row(
        "insufficients3bucketpolicyfault",
        r"\bInsufficientS3BucketPolicyFault\b",
        "Amazon Redshift, which writes the audit logs",
        "the bucket does not let Redshift write its logs",
        "The bucket's policy does not let Redshift write the cluster's audit logs.",
        UsualCause(
            "The bucket's policy must allow redshift.amazonaws.com to perform s3:GetBucketAcl on the bucket "
            "and s3:PutObject on "
            "its objects.",
            "aws s3api get-bucket-policy --bucket BUCKET",
            Who.RESOURCE_OWNER,
        ),
        page="https://docs.aws.amazon.com/redshift/latest/APIReference/API_EnableLogging.html",
    ),
)

COPY_AND_UNLOAD: tuple[ServiceSentence, ...] = (
    row(
        "s3serviceexception",
        r"S3ServiceException:\s*Access\s*Denied(?:,\s*Status\s*403|(?=[\s\S]{0,2000}\b(?:redshift|UNLOAD|COPY)\b))"
        r"|\b(?:redshift|UNLOAD|COPY)\b[\s\S]{0,2000}S3ServiceException:\s*Access\s*Denied",
        "the role of the COPY or UNLOAD command",
        "the role of the COPY or UNLOAD command is not allowed to use the bucket",
        "The role that the COPY or UNLOAD command names is not allowed to read or write the bucket; the permissions of "
        "the database user and of the person at the client are not the cause.",
        UsualCause(
            "Two policies must allow the access: those of {role} (s3:GetObject and s3:ListBucket, for UNLOAD "
            "s3:PutObject, and the KMS key), and the bucket's policy in account {other}, with {role} as "
            "principal. Objects that a third account wrote must belong to the bucket's owner (Object Ownership "
            "BucketOwnerEnforced).",
            None,
            Who.RESOURCE_OWNER,
            shown_by=r"\A(?=[\s\S]*?(?:IAM_ROLE\s+'|aws_iam_role=)(?P<role>arn:[\w-]+:iam::(?P<own>\d{12}):role/"
            r"[\w+=,.@/-]*\w))(?=[\s\S]*?\bbucket\b[^\n]{0,60}?\b"
            r"(?:belongs to|is (?:owned by|in|of)|lives in|owner)\b[^\d\n]{0,30}"
            r"(?!(?P=own))(?P<other>\d{12})\b)",
            decides="The bucket belongs to account {other}, and the command's role to {own}: in addition to "
            "the role's own policies, the bucket's policy in {other} must allow {role}.",
        ),
        UsualCause(
            "The role in the command (IAM_ROLE) lacks s3:GetObject and s3:ListBucket (for UNLOAD, "
            "s3:PutObject) or permission to use the bucket's KMS key, or the bucket policy denies the role "
            "access.",
            "aws redshift describe-clusters --query 'Clusters[].[ClusterIdentifier,IamRoles]'",
        ),
        page="https://docs.aws.amazon.com/redshift/latest/dg/s3serviceexception-error.html",
        cause="unreadable",
    ),
)
