"""Messages of the features with which RDS and Aurora call AWS: proxies, imports, exports and functions."""

from __future__ import annotations

from diagnostics.text.read.service_messages.service_sentence import (
    OwnRequest,
    ServiceSentence,
    UsualCause,
    no_permission,
    row,
)
from diagnostics.who import Who
from iam.claims import Ground

_RDS = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide"
_AURORA = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide"
_PROXY = f"{_RDS}/rds-proxy.troubleshooting.html"
_CLUSTER_ROLES = "aws rds describe-db-clusters --query 'DBClusters[].[DBClusterIdentifier,AssociatedRoles]'"
_NATIVE = f"{_RDS}/SQLServer.Procedural.Importing.Native.Troubleshooting.html"
_API = "https://docs.aws.amazon.com"
_AT_DSQL = r"(?:\.dsql\.[a-z0-9-]+\.on\.aws|\bdsql:DbConnect)"
# With a word about tokens, the causes of `causes.others.database_tokens` say more.
_NOT_ACCEPTED = r"unable to accept connection, access denied(?![\s\S]*\btokens?\b)"
_DSQL = f"{_API}/aurora-dsql/latest/userguide/troubleshooting.html"
_NATIVE_TASK = r"(?:rds_task_status|rds_backup_database|rds_restore_database|SQLSERVER_BACKUP_RESTORE)"
_FORBIDDEN = r"(?:Access Denied|Error Code Forbidden)"


def _without_role(client: str, parameter: str, page: str) -> ServiceSentence:
    """Return the row for Aurora MySQL's message that the cluster has no role for a service."""
    return row(
        f"cannot instantiate {client.lower()} client",
        rf"Missing Credentials: Cannot instantiate {client} Client",
        "the Aurora cluster",
        f"the cluster has no role for {client}",
        f"The Aurora cluster has no role for {client}: associate a role with the cluster, and set the cluster "
        f"parameter {parameter} to the role's ARN. The database user needs no further permission.",
        UsualCause(
            f"Associate a role that trusts rds.amazonaws.com (aws rds add-role-to-db-cluster), set {parameter} in the "
            "cluster's own parameter group, and reboot the instances if the parameter is pending. The subnet must also "
            "be able to reach the service.",
            _CLUSTER_ROLES,
            Who.RESOURCE_OWNER,
        ),
        # Amazon Aurora User Guide, "Working with parameter groups": a default group cannot be changed
        # (https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_WorkingWithParamGroups.html).
        UsualCause(
            f"Set {parameter} to {{associated}} in a DB cluster parameter group of your own, and give the cluster that "
            "group: a default group (default.…) cannot be changed. Reboot the instances if the parameter is pending.",
            None,
            Who.RESOURCE_OWNER,
            shown_by=r"RoleArn[\"']?\s*[:=]\s*[\"']?(?P<associated>arn:[\w-]+:iam::\d{12}:role/[\w+=,.@/-]+)"
            r"[\s\S]{0,80}?\bACTIVE\b",
            decides=f"The role {{associated}} is associated with the cluster, and most likely no cluster parameter "
            f"names it: set the cluster parameter {parameter} to its ARN. No permission was checked yet.",
        ),
        page=page,
    )


DATABASE_FEATURES: tuple[ServiceSentence, ...] = (
    no_permission(
        "allowed only with ssl connections",
        r"IAM (?:authentication )?is allowed only with SSL connections",
        "RDS Proxy accepts IAM authentication only over TLS: configure the client to connect with sslmode=require or "
        "stricter. No permission is missing.",
        "Set sslmode=require (or verify-full with the certificate bundle) in the client; the token need not change.",
        _PROXY,
    ),
    no_permission(
        "supports only iam",
        r"RDS(?: Proxy)? supports only IAM(?:,| or) [^\n]{0,30}authentication",
        "The client offers an authentication method that RDS Proxy does not support for this user: use IAM, or the "
        "password method that the message names. No permission is missing.",
        "Set the proxy's client password type, or the database's password_encryption, so that both agree; an old "
        "driver may have to be updated.",
        _PROXY,
    ),
    no_permission(
        "password that was provided for the role",
        r"password that was provided for the role (?P<role>[\w.@-]+) is wrong",
        "The password for the database user {role} differs from the password in the proxy's secret. In this message, "
        "“role” does not mean an IAM role.",
        "Compare three passwords: the client's, the database's, and the one in the secret that is registered with the "
        "proxy for this user.",
        _PROXY,
    ),
    row(
        "proxy does not have any registered credentials",
        r"Proxy does not have any registered credentials",
        "RDS Proxy",
        "the proxy has no usable secret",
        "RDS Proxy has no database credentials: no secret is registered with it, or its own role is not allowed to "
        "read the secret.",
        UsualCause("Check which secrets the proxy has (Auth) and which role: register a secret for each database user "
                   "(aws rds modify-db-proxy --auth), and allow the role secretsmanager:GetSecretValue on the secrets "
                   "and kms:Decrypt on their key. The role must trust rds.amazonaws.com.",
                   "aws rds describe-db-proxies --query 'DBProxies[].[DBProxyName,RoleArn,Auth[].SecretArn]'",
                   needs=("secretsmanager:GetSecretValue", "kms:Decrypt")),
        page=_PROXY,
    ),
    no_permission(
        "httpendpoint is not enabled",
        r"HttpEndpoint is not enabled for (?:resource|cluster)",
        "The Data API is not turned on for this cluster: turn on its HTTP endpoint. No permission is missing.",
        "aws rds enable-http-endpoint --resource-arn CLUSTER (Serverless v1: modify-db-cluster "
        "--enable-http-endpoint). Check first that the ARN is the cluster's, and that its version supports the Data "
        "API.",
        f"{_AURORA}/data-api.troubleshooting.html",
    ),
    row(
        "export.rds.amazonaws.com isn't allowed to assume",
        r"principal export\.rds\.amazonaws\.com isn['’]t allowed to assume the IAM role (?P<principal>arn:\S+)",
        "the export task's service",
        "the export role does not trust export.rds.amazonaws.com, or does not exist",
        "The role of the export task must trust export.rds.amazonaws.com (not rds.amazonaws.com): correct its trust "
        "policy, or its ARN if there is no such role.",
        UsualCause("Read the role's trust policy; the ARN needs the role's path. Then the role needs s3:PutObject*, "
                   "s3:GetObject*, s3:DeleteObject*, s3:ListBucket and s3:GetBucketLocation on the bucket.", None,
                   Who.RESOURCE_OWNER,
                   needs=("s3:PutObject", "s3:GetObject", "s3:DeleteObject", "s3:ListBucket", "s3:GetBucketLocation")),
        page=f"{_RDS}/USER_ExportSnapshot.Setup.html",
        cause="trust.principal-mismatch",
        ground=Ground.LIKENESS,
    ),
    _without_role("S3", "aws_default_s3_role", f"{_AURORA}/AuroraMySQL.Integrating.LoadFromS3.html"),
    _without_role("Lambda", "aws_default_lambda_role", f"{_AURORA}/AuroraMySQL.Integrating.Lambda.html"),
    no_permission(
        ("load from s3 privilege", "select into s3 privilege", "invoke lambda privilege"),
        r"need \(at least one of\) the (?P<privilege>LOAD FROM S3|SELECT INTO S3|INVOKE LAMBDA) privilege",
        "The database user lacks the database privilege {privilege}: grant it in MySQL. IAM roles do not decide this.",
        "Version 3 of Aurora MySQL: GRANT AWS_LOAD_S3_ACCESS (AWS_SELECT_S3_ACCESS, AWS_LAMBDA_ACCESS) TO user, and "
        "let the session activate it (SET ROLE, or activate_all_roles_on_login). Version 2: GRANT {privilege} ON *.* "
        "TO user.",
        f"{_AURORA}/AuroraMySQL.Integrating.LoadFromS3.html",
    ),
    no_permission(
        "aws lambda client returned",
        r"Lambda client returned ['\"]Unable to connect to endpoint",
        "The database cannot reach Lambda's endpoint: its network blocks the connection, not IAM. Give its subnet "
        "access to port 443 of Lambda.",
        "Allow outbound traffic to port 443 in the database's security group, and give the VPC a NAT gateway or an "
        "interface endpoint for Lambda (com.amazonaws.REGION.lambda).",
        f"{_AURORA}/PostgreSQL-Lambda-errors.html",
    ),
    row(
        "backup/restore option is not enabled yet",
        r"Database backup/restore option is not enabled yet",
        "the DB instance",
        "the instance lacks the option SQLSERVER_BACKUP_RESTORE",
        "The DB instance lacks the option SQLSERVER_BACKUP_RESTORE, or the option is still being applied: add it to "
        "the option group, with a role for S3.",
        UsualCause("Add SQLSERVER_BACKUP_RESTORE with IAM_ROLE_ARN to the instance's option group (aws rds "
                   "add-option-to-option-group --apply-immediately). The role must trust rds.amazonaws.com, and be "
                   "allowed to read and write the bucket.", "aws rds describe-option-groups", Who.RESOURCE_OWNER),
        page=_NATIVE,
        cause="not-iam",
        ground=Ground.STATED,
    ),
    row(
        ("rds_task_status", "rds_backup_database", "rds_restore_database", "sqlserver_backup_restore"),
        rf"{_NATIVE_TASK}[\s\S]{{0,4000}}?{_FORBIDDEN}|{_FORBIDDEN}[\s\S]{{0,4000}}?{_NATIVE_TASK}",
        "the role of the option SQLSERVER_BACKUP_RESTORE",
        "S3 refuses the role of native backup and restore",
        "S3 refuses the role of the option SQLSERVER_BACKUP_RESTORE, or the S3 ARN names the wrong bucket or file. "
        "The SQL login is not the cause.",
        UsualCause("Compare the ARN in the call first: arn:aws:s3:::BUCKET/FILE, in the Region of the DB instance. "
                   "Then the role (IAM_ROLE_ARN of the option) needs s3:ListBucket and s3:GetBucketLocation on the "
                   "bucket, and s3:GetObject, s3:GetObjectAttributes, s3:PutObject, s3:ListMultipartUploadParts and "
                   "s3:AbortMultipartUpload on its objects, with a KMS key also kms:DescribeKey, kms:GenerateDataKey, "
                   "kms:Encrypt and kms:Decrypt.",
                   "aws rds describe-option-groups --query 'OptionGroupsList[].Options[]'",
                   needs=("s3:ListBucket", "s3:GetBucketLocation")),
        page=_NATIVE,
    ),
    row(
        ("failed to list bucket", "failed to connect to s3 target", "failed to connect to target s3"),
        r"[Ff]ailed to list bucket ['\"]?(?P<bucket>[a-z0-9][\w.-]{1,61}[a-z0-9])(?=[\s\S]{0,600}(?:TARGET_|1001730"
        r"|1020912))"
        r"|(?:TARGET_|1020912)[\s\S]{0,600}?[Ff]ailed to list bucket ['\"]?(?P<of>[a-z0-9][\w.-]{1,61}[a-z0-9])",
        "the role of the DMS endpoint (ServiceAccessRoleArn)",
        "DMS could not list the target bucket with the role of its endpoint",
        "DMS could not list the target bucket: the role of the S3 endpoint needs s3:ListBucket on the bucket itself "
        "(its "
        "ARN without /*), and the bucket must be in the replication instance's Region.",
        UsualCause("Allow the role s3:ListBucket on arn:aws:s3:::BUCKET, and s3:PutObject, s3:DeleteObject and "
                   "s3:PutObjectTagging on arn:aws:s3:::BUCKET/*; with a KMS key also kms:GenerateDataKey and "
                   "kms:Decrypt. Its trust policy must let dms.amazonaws.com assume it.",
                   "aws dms describe-endpoints --query "
                   "'Endpoints[].[EndpointIdentifier,S3Settings.ServiceAccessRoleArn]'"),
        UsualCause("If the role has this permission, check the network: a replication instance that cannot reach S3 "
                   "(no S3 gateway endpoint in its route table, or an endpoint policy without the bucket) fails with "
                   "the same message.", None),
        page="https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Target.S3.html",
        actions=("s3:ListBucket",),
        cause="identity.no-action",
        ground=Ground.LIKENESS,
        asks=(OwnRequest("", "s3:ListBucket"),),
    ),
    row(
        "add the s3_integration role",
        r"doesn['’]t have credentials to access the specified Amazon S3 bucket",
        "the DB instance",
        "the instance has no role for S3_INTEGRATION",
        "The Oracle DB instance has no role for S3: associate one with the feature S3_INTEGRATION. The database user "
        "needs no further permission.",
        UsualCause("aws rds add-role-to-db-instance --feature-name S3_INTEGRATION --role-arn ROLE. The role must trust "
                   "rds.amazonaws.com; the instance also needs the option S3_INTEGRATION.",
                   "aws rds describe-db-instances --query 'DBInstances[].[DBInstanceIdentifier,AssociatedRoles]'",
                   Who.RESOURCE_OWNER),
        page=f"{_RDS}/oracle-s3-integration.preparing.html",
    ),
    row(
        "iam role provided is not valid",
        r"IAM role provided is not valid\. Check that the role exists and has the correct policies",
        "RDS",
        "the role for the directory is missing or incomplete",
        "RDS does not accept the role for the domain: it must exist, trust directoryservice.rds.amazonaws.com and "
        "rds.amazonaws.com, and have AmazonRDSDirectoryServiceAccess.",
        UsualCause("Compare the role's name (--domain-iam-role-name takes the name, not the ARN), its trust policy "
                   "and its managed policy.", "aws iam get-role --role-name ROLE", Who.RESOURCE_OWNER),
        page=f"{_RDS}/USER_SQLServerWinAuth.html",
    ),
    no_permission(
        "exceeded its grant limit",
        r"encryption key has exceeded its grant limit",
        "The KMS key has reached its quota of grants: retire grants that nobody uses, or encrypt with another key. No "
        "permission is missing.",
        "List the grants (aws kms list-grants --key-id KEY) and retire or revoke those of clusters and volumes that no "
        "longer exist; the quota is “Grants per KMS key” in Service Quotas.",
        "https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html",
    ),
    row(
        "invalids3bucketfault",
        r"\bInvalidS3BucketFault\b",
        "the ingestion role",
        "RDS cannot read the bucket with the ingestion role, or the bucket's name is wrong",
        "RDS cannot use the bucket: the bucket's name is wrong, or the ingestion role (S3IngestionRoleArn) is not "
        "allowed to read the bucket. The caller's own S3 permissions do not matter.",
        UsualCause("Check whether the bucket exists in the Region of the database. Then the role must trust "
                   "rds.amazonaws.com, and needs s3:ListBucket and s3:GetBucketLocation on the bucket, s3:GetObject on "
                   "its objects, and kms:Decrypt on their key.", "aws s3api get-bucket-location --bucket BUCKET",
                   needs=("s3:ListBucket", "s3:GetBucketLocation", "s3:GetObject")),
        page="https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RestoreDBClusterFromS3.html",
    ),
    row(
        "kmsaccessdeniedfault",
        r"\bKMSAccessDeniedFault\b",
        "DMS or the caller",
        "the KMS key does not exist in this Region, or its policy does not allow its use",
        "The KMS key of the DMS resource does not exist in this Region, or its key policy does not let the caller and "
        "DMS use it.",
        # Amazon SNS Developer Guide, "Key management": event sources and encrypted topics
        # (https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html).
        UsualCause("The policy of the topic's KMS key must allow dms.amazonaws.com to perform kms:GenerateDataKey* "
                   "and kms:Decrypt, and the topic's own policy must allow this service sns:Publish.",
                   None, Who.RESOURCE_OWNER,
                   shown_by=r"SNS topic",
                   decides="The KMS key of the SNS topic does not let DMS use it: its key policy must allow the "
                   "principal dms.amazonaws.com, in the account that owns the key."),
        UsualCause("Compare the key's ARN and Region, then allow the caller kms:DescribeKey, kms:CreateGrant, "
                   "kms:Encrypt and kms:Decrypt on it. If the key is in another account, its key policy must also "
                   "allow these actions.",
                   "aws kms describe-key --key-id KEY",
                   needs=("kms:DescribeKey", "kms:CreateGrant", "kms:Encrypt", "kms:Decrypt")),
        page="https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Security.html",
    ),
    no_permission(
        "wrong user to action mapping",
        r"Wrong user to action mapping\. user: (?P<user>admin), action: DbConnect\b",
        "The token is of the wrong kind for the user admin: generate it with generate-db-connect-admin-auth-token. The "
        "message is not about a missing permission.",
        "aws dsql generate-db-connect-admin-auth-token --hostname HOST; the caller needs dsql:DbConnectAdmin on the "
        "cluster.",
        _DSQL,
    ),
    no_permission(
        "wrong user to action mapping",
        r"Wrong user to action mapping\. user: (?P<user>[\w$-]+), action: DbConnectAdmin\b",
        "The token is for the user admin, but the user is {user}: generate the token with "
        "generate-db-connect-auth-token. The message is not about a missing permission.",
        "aws dsql generate-db-connect-auth-token --hostname HOST; the caller needs dsql:DbConnect on the cluster, and "
        "{user} must be granted to the caller's IAM role (AWS IAM GRANT).",
        _DSQL,
    ),
    no_permission(
        "permission denied to grant iam trust with role",
        r"permission denied to grant IAM trust with role",
        "Only the database's admin role can link an IAM role to a database role: connect as admin to run AWS IAM "
        "GRANT. No IAM policy decides this.",
        "Connect with a token of generate-db-connect-admin-auth-token, then repeat the statement.",
        f"{_API}/aurora-dsql/latest/userguide/using-database-and-iam-roles.html",
    ),
    no_permission(
        "sni was not received",
        r"unable to accept connection, sni was not received",
        "The client sends no server name (SNI), which Aurora DSQL requires: use psql 14 or newer. No permission is "
        "missing.",
        "Check psql --version, or the version of libpq behind the driver.",
        _DSQL,
    ),
    row(
        "unable to accept connection, access denied",
        rf"{_AT_DSQL}[\s\S]{{0,4000}}?{_NOT_ACCEPTED}|{_NOT_ACCEPTED}(?=[\s\S]{{0,4000}}?{_AT_DSQL})",
        "the identity that signed the token",
        "Aurora DSQL refuses the token's identity",
        "Aurora DSQL refuses the identity that signed the token: it lacks dsql:DbConnect on the cluster (for the user "
        "admin, dsql:DbConnectAdmin), or the token has expired or is for another Region.",
        UsualCause("The token has expired: make a new one for each connection.", None, Who.CALLER,
                   shown_by=r"Signature expired",
                   decides=(
                       "The token for Aurora DSQL has expired: generate a new token for each connection. A token also "
                       "expires with the session that signed it. No permission is missing."
                   )),
        UsualCause("The message's hint names the identity: compare this identity with the intended one (the "
                   "profile), and allow the identity dsql:DbConnect or dsql:DbConnectAdmin on "
                   "arn:aws:dsql:REGION:ACCOUNT:cluster/ID. A custom database role must also be granted to that "
                   "identity (AWS IAM GRANT in the database).",
                   "aws sts get-caller-identity"),
        page=_DSQL,
    ),
)  # fmt: skip
