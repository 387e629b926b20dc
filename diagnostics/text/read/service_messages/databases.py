"""Sentences about databases and backups."""

from __future__ import annotations

from diagnostics.text.read.service_messages.service_sentence import (
    OwnRequest,
    ServiceSentence,
    UsualCause,
    assumed_by,
    row,
)
from diagnostics.who import Who
from iam.claims import Ground

_NO_ROLE = UsualCause(
    "Associate a role with the database (aws rds add-role-to-db-instance, for Aurora add-role-to-db-cluster): with "
    "--feature-name s3Import for imports, s3Export for exports. The role must trust rds.amazonaws.com.",
    None,
    Who.RESOURCE_OWNER,
    shown_by=r"AssociatedRoles\W{1,6}\[\s*\]",
    decides="The text shows that the database has no role at all, but it needs its own role to use S3.",
)
DATABASES: tuple[ServiceSentence, ...] = (
    # AWS CloudFormation, "AWS::RDS::DBCluster DBClusterRole": a role is associated with a cluster for a named feature
    # (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-rds-dbcluster-dbclusterrole.html).
    row(
        "credentials stored with the database",
        r"credentials stored with the database (?:cluster|instance) can['’]t be accessed",
        "the database",
        "the database has no role that it can use for this feature",
        "The database has no role that it can use for this feature: first associate a role for the feature with the "
        "cluster or instance. The role's permissions in S3 were not checked.",
        _NO_ROLE,
        UsualCause("Check whether the role is associated for the feature that the message's hint names (s3Import for "
                   "imports), with the status ACTIVE. If not, associate it (aws rds add-role-to-db-cluster or "
                   "add-role-to-db-instance, with --feature-name). If it is associated, its trust policy must let "
                   "rds.amazonaws.com assume the role, and a condition on aws:SourceArn or aws:SourceAccount must "
                   "name this database.",
                   "aws rds describe-db-clusters --query 'DBClusters[].[DBClusterIdentifier,AssociatedRoles]'",
                   Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-rds-dbcluster-dbclusterrole.html",
        asks=assumed_by("rds.amazonaws.com"),
        ground=Ground.LIKENESS,
    ),
    row(
        "failed to connect to s3 endpoint",
        r"Failed to connect to S3 endpoint(?=[\s\S]*(?:\bDMS\b|:dms:|Error Level|replication task))",
        "the role of the DMS endpoint",
        "the endpoint's own role is refused",
        "DMS could not use S3 with the role of its endpoint (ServiceAccessRoleArn): change that role, not the caller's "
        "policies.",
        UsualCause("The endpoint's role must trust dms.amazonaws.com and be allowed s3:ListBucket on the bucket, and "
                   "on its objects s3:PutObject, s3:PutObjectTagging and s3:DeleteObject (for a source endpoint, "
                   "s3:GetObject instead).",
                   "aws dms describe-endpoints --query 'Endpoints[].S3Settings.ServiceAccessRoleArn'",
                   Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Target.S3.html",
        asks=assumed_by("dms.amazonaws.com"),
    ),
    row(
        "are not specified, please see documentation",
        r"(?:Both |Neither )?(?P<role>aurora_\w+_role) and aws_default_s3_role are not specified",
        "the Aurora cluster",
        "the cluster has no role for S3",
        "The Aurora cluster has no role for S3: attach a role to the cluster, and name the role in the cluster's "
        "parameter group. The database user lacks no permission.",
        UsualCause("Attach a role that trusts rds.amazonaws.com (aws rds add-role-to-db-cluster), and set {role} or "
                   "aws_default_s3_role in the cluster's parameter group to its ARN.",
                   "aws rds describe-db-clusters --query 'DBClusters[].[DBClusterIdentifier,AssociatedRoles]'"),
        page="https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Integrating.Authorizing.IAM.AddRoleToDBCluster.html",
    ),
    row(
        "aws backup does not have permission",
        r"AWS Backup does not have permission to (?:\w+ ){1,4}(?P<resource>arn:[^\s,;]*[\w*])",
        "the backup job's role",
        "the backup job's role lacks permissions",
        "The role of the backup job lacks permissions on the resource. The permissions of the person in the console "
        "and of AWS Backup's service-linked role are not the cause.",
        UsualCause("The job's role lacks the policy for this kind of resource: for S3 "
                   "AWSBackupServiceRolePolicyForS3Backup and AWSBackupServiceRolePolicyForS3Restore, which the "
                   "default role does not have.", "aws backup list-backup-plans", shown_by=r"arn:[\w-]+:s3:::",
                   needs_evidence=True),
        UsualCause("The job's role lacks the policy for the resource (AWSBackupServiceRolePolicyForBackup covers most "
                   "resources; S3 has its own policy), or a service control policy denies "
                   "it.", "aws backup list-backup-plans"),
        page="https://repost.aws/articles/ARt46qw01wR9OiksidJR0fMg",
        asks=assumed_by("backup.amazonaws.com"),
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    # Amazon RDS User Guide, "Exporting data from an RDS for PostgreSQL DB instance to Amazon S3".
    row(
        ("query_export_to_s3", "could not upload to amazon s3"),
        r"HTTP 403\. Permission denied[\s\S]{0,400}?(?P<call>query_export_to_s3)"
        r"|aws_s3\.(?P<asked_call>query_export_to_s3)[\s\S]{0,400}?HTTP 403\. Permission denied"
        r"|could not upload to Amazon S3[\s\S]{0,200}?Access ?Denied",
        "the role of the database",
        "the database's role is not allowed to use the bucket",
        "The role that is attached to the database is not allowed to use the bucket: change that role, not the "
        "caller's policies or the database's grants.",
        UsualCause("Associate a role with the database: aws rds add-role-to-db-instance (for Aurora "
                   "add-role-to-db-cluster) with --feature-name s3Export. The role must trust rds.amazonaws.com and "
                   "be allowed s3:PutObject and s3:AbortMultipartUpload on the bucket's objects, and the use of the "
                   "bucket's KMS key. A role for {feature} is not used for exports.",
                   None, Who.RESOURCE_OWNER,
                   shown_by=r"AssociatedRoles(?![\s\S]*s3Export)[\s\S]{0,400}?\bFeatureName\W{1,6}(?P<feature>\w+)",
                   decides="The text shows a role for {feature} only. An export to S3 uses the database's role with "
                   "the feature s3Export. Neither the database's grants nor the permissions of whoever runs the query "
                   "are the cause."),
        _NO_ROLE,
        UsualCause("The database's role with the feature s3Export needs s3:PutObject and s3:AbortMultipartUpload on "
                   "the objects, and with a KMS key kms:GenerateDataKey and kms:Decrypt. A role for s3Import is not "
                   "used for exports.",
                   "aws rds describe-db-instances --query 'DBInstances[].[DBInstanceIdentifier,AssociatedRoles]'",
                   needs=("s3:PutObject", "s3:AbortMultipartUpload")),
        page="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/postgresql-s3-export.html",
        asks=assumed_by("rds.amazonaws.com"),
    ),
    row(
        "table_import_from_s3",
        r"HTTP 403\. Permission denied[\s\S]{0,400}?(?P<call>table_import_from_s3)"
        r"|aws_s3\.(?P<asked_call>table_import_from_s3)[\s\S]{0,400}?HTTP 403\. Permission denied",
        "the role of the database",
        "the database's role is not allowed to use the bucket",
        "The role that is attached to the database is not allowed to use the bucket: change that role, not the "
        "caller's policies or the database's grants.",
        _NO_ROLE,
        UsualCause("The database's role with the feature s3Import needs s3:GetObject on the objects and s3:ListBucket "
                   "on the bucket, and with a KMS key kms:Decrypt.",
                   "aws rds describe-db-instances --query 'DBInstances[].[DBInstanceIdentifier,AssociatedRoles]'",
                   needs=("s3:GetObject", "s3:ListBucket")),
        page="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PostgreSQL.S3Import.html",
    ),
    row(
        "is not configured properly",
        r"IAM Role (?P<resource>arn:[\w-]+:iam::\d{12}:role/(?:\S+/)?dms-[\w+=,.@-]+) is not configured properly",
        "DMS's service role",
        "the role that DMS needs is missing or incomplete",
        "The role that DMS needs by this name is missing, does not trust dms.amazonaws.com, or lacks its policy.",
        # AWS DMS User Guide, "Using secrets to access AWS Database Migration Service endpoints"
        # (https://docs.aws.amazon.com/dms/latest/userguide/security_iam_secretsmanager.html).
        UsualCause("The role with which an endpoint reads its secret trusts DMS's regional principal, "
                   "dms.REGION.amazonaws.com, in place of dms.amazonaws.com. This role needs "
                   "secretsmanager:GetSecretValue on the secret and kms:Decrypt on the secret's key.",
                   None, Who.RESOURCE_OWNER,
                   shown_by=r"(?i)\bSecretsManager(?:AccessRoleArn|SecretId)\b|\bregional service principal\b"
                   r"|:role/(?:\S+/)?dms-[\w-]*secret",
                   decides="The role reads the endpoint's secret, so its trust policy must name DMS's regional "
                   "principal, dms.REGION.amazonaws.com: dms.amazonaws.com is not enough."),
        UsualCause("Create the role with exactly this name, trust for dms.amazonaws.com and its managed policy "
                   "(AmazonDMSVPCManagementRole for dms-vpc-role, AmazonDMSCloudWatchLogsRole for "
                   "dms-cloudwatch-logs-role); then try again after a few seconds.",
                   "aws iam list-roles --query \"Roles[?starts_with(RoleName,'dms-')].RoleName\"",
                   shown_by=r"The role with name dms-[\w+=,.@-]+ cannot be found",
                   decides="The role that DMS needs by this name does not exist in the account: create it with exactly "
                   "this name, trust for dms.amazonaws.com and its managed policy."),
        UsualCause("The role must have exactly this name, trust dms.amazonaws.com and have its managed policy "
            "(AmazonDMSVPCManagementRole for dms-vpc-role).",
                   "aws iam list-roles --query \"Roles[?starts_with(RoleName,'dms-')].RoleName\""),
        UsualCause("The role was created a moment ago, by the same stack or deployment. A new role can take a few "
                   "seconds to become usable: make the DMS resource depend on the role's policy attachment, and try "
                   "again.", None, Who.CALLER),
        page="https://docs.aws.amazon.com/dms/latest/userguide/security-iam.html",
        asks=(OwnRequest("dms.amazonaws.com", "sts:AssumeRole"),),
    ),
    row(
        "s3serviceexception",
        r"S3ServiceException:\s*Access\s*Denied(?:,\s*Status\s*403|(?=[\s\S]{0,2000}\b(?:redshift|UNLOAD|COPY)\b))"
        r"|\b(?:redshift|UNLOAD|COPY)\b[\s\S]{0,2000}S3ServiceException:\s*Access\s*Denied",
        "the role of the COPY or UNLOAD command",
        "the role of the COPY or UNLOAD command is not allowed to use the bucket",
        "The role that the COPY or UNLOAD command names is not allowed to read or write the bucket; the permissions of "
        "the database user and of the person at the client are not the cause.",
        UsualCause("Two policies must allow the access: those of {role} (s3:GetObject and s3:ListBucket, for UNLOAD "
                   "s3:PutObject, and the KMS key), and the bucket's policy in account {other}, with {role} as "
                   "principal. Objects that a third account wrote must belong to the bucket's owner (Object Ownership "
                   "BucketOwnerEnforced).",
                   None, Who.RESOURCE_OWNER,
                   shown_by=r"\A(?=[\s\S]*?(?:IAM_ROLE\s+'|aws_iam_role=)(?P<role>arn:[\w-]+:iam::(?P<own>\d{12}):role/"
                   r"[\w+=,.@/-]*\w))(?=[\s\S]*?\bbucket\b[^\n]{0,60}?\b"
                   r"(?:belongs to|is (?:owned by|in|of)|lives in|owner)\b[^\d\n]{0,30}"
                   r"(?!(?P=own))(?P<other>\d{12})\b)",
                   decides="The bucket belongs to account {other}, and the command's role to {own}: in addition to "
                   "the role's own policies, the bucket's policy in {other} must allow {role}."),
        UsualCause("The role in the command (IAM_ROLE) lacks s3:GetObject and s3:ListBucket (for UNLOAD, "
                   "s3:PutObject) or permission to use the bucket's KMS key, or the bucket policy denies the role "
                   "access.",
                   "aws redshift describe-clusters --query 'Clusters[].[ClusterIdentifier,IamRoles]'"),
        page="https://docs.aws.amazon.com/redshift/latest/dg/s3serviceexception-error.html",
        cause="unreadable",
    ),
    row(
        "does not include the required permissions",
        r"IAM role ARN value is invalid or does not include the required permissions for:? ENHANCED_MONITORING\b",
        "the role that is passed to the database",
        "the role for Enhanced Monitoring is missing or incomplete",
        "The role that is passed to RDS for Enhanced Monitoring does not exist, does not trust "
        "monitoring.rds.amazonaws.com, or lacks AmazonRDSEnhancedMonitoringRole.",
        UsualCause("Enhanced Monitoring's role trusts monitoring.rds.amazonaws.com and has "
                   "AmazonRDSEnhancedMonitoringRole; other features' roles trust rds.amazonaws.com.",
                   "aws iam list-roles --query 'Roles[].[RoleName,AssumeRolePolicyDocument]'"),
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
        UsualCause("The feature's role trusts rds.amazonaws.com and has the feature's permissions.",
                   "aws iam list-roles --query 'Roles[].[RoleName,AssumeRolePolicyDocument]'"),
        UsualCause("The role is new: A new role can take a few seconds to become usable. Try again.", None, Who.CALLER),
        page="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Monitoring.OS.Enabling.html",
    ),
    # AWS Backup Developer Guide, "IAM service roles".
    row(
        "insufficient privileges to perform this action",
        r"\b(?:backup|copy|restore) job failed[\s\S]{0,200}?Insufficient privileges to perform this action"
        # In the answer to a call, the caller lacks them.
        r"|\A(?![\s\S]*\bwhen calling the \w+ operation)[\s\S]*?Insufficient privileges to perform this action"
        r"(?=[\s\S]{0,300}\b(?-i:AWS Backup)\b)",
        "the backup job's role",
        "the backup job's role lacks permissions",
        "AWS Backup uses the role that the backup plan or job names, and that role lacks permissions. The permissions "
        "of whoever starts the job do not matter.",
        UsualCause("Attach AWSBackupServiceRolePolicyForBackup to the job's role, for restores "
                   "AWSBackupServiceRolePolicyForRestores, and for S3 the policies for S3 backups. The role must trust "
                   "backup.amazonaws.com.", "aws backup list-backup-jobs --by-state FAILED"),
        UsualCause("Or the vault's access policy, an SCP or the key's policy denies the role.", None,
                   Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/aws-backup/latest/devguide/iam-service-roles.html",
        asks=assumed_by("backup.amazonaws.com"),
    ),
    row(
        "access denied trying to call aws backup service",
        r"Access Denied trying to call AWS Backup service",
        "AWS Backup's copy into the destination vault",
        "the destination vault, or the copy's role, does not allow the copy",
        "AWS Backup is not allowed to copy into the destination vault: the vault's access policy does not allow the "
        "source account, or the copy's role lacks the action. The permissions of the person at the console are not the "
        "cause.",
        UsualCause("In account {account}, let the access policy of {vault} allow the source account (or its "
                   "organization, with aws:PrincipalOrgID) to perform backup:CopyIntoBackupVault. To read the policy "
                   "there: aws backup get-backup-vault-access-policy. The copy's role needs the same action in its "
                   "own policies.",
                   None,
                   Who.RESOURCE_OWNER,
                   # AWS Backup API Reference, "CopyJob"
                   # (https://docs.aws.amazon.com/aws-backup/latest/devguide/API_CopyJob.html).
                   shown_by=r"(?:\bDestination(?: ?(?:Backup)? ?Vault(?: ?Arn)?)?\W{1,8}"
                   r"|\A(?![\s\S]*\bSource ?(?:Backup)? ?Vault)[\s\S]*?)\b(?P<vault>"
                   r"arn:[\w-]+:backup:[\w-]+:(?P<account>\d{12}):backup-vault:[\w-]+)",
                   decides=(
                       "AWS Backup is not allowed to copy into {vault}: most likely the vault's access policy does "
                       "not allow the source account, or the copy's role lacks the action."
                   )),
        UsualCause("In the destination account, let the vault's access policy allow the source account (or its "
                   "organization, with aws:PrincipalOrgID) to perform backup:CopyIntoBackupVault. The copy's role "
                   "needs the same action in its own policies.",
                   "aws backup get-backup-vault-access-policy --backup-vault-name VAULT", Who.RESOURCE_OWNER),
        page="https://repost.aws/knowledge-center/backup-resolve-access-denied-error",
        actions=("backup:CopyIntoBackupVault",),
        asks=(OwnRequest("{only_role}", "backup:CopyIntoBackupVault"),),
    ),
    row(
        "must be a member of the same organization",
        r"Both source and destination account must be a member of the same organization",
        "the copy job",
        "AWS Backup copies only between accounts of one organization",
        "AWS Backup copies a backup only between accounts of one organization. A missing permission is not the cause.",
        UsualCause("Check that both accounts are in the same organization, and that the management account has turned "
                   "on cross-account backup in AWS Backup's settings.", "aws organizations describe-organization",
                   Who.ORG_ADMIN),
        page="https://repost.aws/knowledge-center/backup-troubleshoot-cross-account-copy",
        cause="not-iam",
        ground=Ground.STATED,
    ),
    # Cassandra's protocol has the code 2100 (0x2100) for Unauthorized; IAM decides for Amazon Keyspaces.
    row(
        "has no permissions",
        r"User (?P<user>arn:[\w-]+:(?:iam|sts)::\d{12}:[\w+=,.@/-]*[\w+=@-]) has no permissions",
        "{user} in Amazon Keyspaces",
        "the caller {user} lacks an action of Amazon Keyspaces",
        "Amazon Keyspaces refused {user}: its IAM policies do not allow the call. The message names neither the action "
        "nor the table.",
        UsualCause("If calls to {called} are intended, add {called} to the aws:RequestedRegion condition. Otherwise "
                   "connect to the endpoint of {accepted}. Every driver also reads /keyspace/system*: allow "
                   "cassandra:Select on it.",
                   shown_by=r"\bcassandra\.(?P<called>[a-z]{2}-[a-z-]+-\d)\.(?:[\s\S](?!\bDeny\b)){0,1500}?"
                   r"StringEquals\W{1,12}aws:RequestedRegion\W{1,12}(?!(?P=called))(?P<accepted>[a-z]{2}-[a-z-]+-\d)"
                   r"(?![\w-]|[\"' ]*,)",
                   decides="The policy of {user} allows calls only where aws:RequestedRegion is {accepted}, and the "
                   "call went to {called}."),
        UsualCause("Allow the caller to perform cassandra:Select (and cassandra:Modify to write) on "
                   "/keyspace/{keyspace}/table/{table}, and cassandra:Select on /keyspace/system*, which every driver "
                   "reads. Check the policy's conditions. A GRANT in CQL has no effect: IAM decides.", None,
                   shown_by=r"\bkeyspace[\s=:\"'`]+(?P<keyspace>\w+)[^\n]{0,20}\btable[\s=:\"'`]+(?P<table>\w+)",
                   decides="Amazon Keyspaces refused {user}: its IAM policies do not allow the call. The message names "
                   "neither the action nor the table."),
        UsualCause("Allow the caller to perform cassandra:Select (and cassandra:Modify to write) on "
                   "/keyspace/NAME/table/NAME, and cassandra:Select on /keyspace/system*, which every driver reads. "
                   "Check the policy's conditions. A GRANT in CQL has no effect: IAM decides.",
                   needs=("cassandra:Select",)),
        page="https://docs.aws.amazon.com/keyspaces/latest/devguide/security_iam_id-based-policy-examples.html",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
)  # fmt: skip
