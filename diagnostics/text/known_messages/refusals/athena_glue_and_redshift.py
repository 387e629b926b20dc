"""Messages of the data lake and warehouse: Athena, Glue and Redshift."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import (
    OwnRequest,
    ServiceSentence,
    UsualCause,
    lacking,
    no_permission,
    row,
)
from diagnostics.who import Who
from iam.claims import Ground

_API = "https://docs.aws.amazon.com"
_GLUE = f"{_API}/glue/latest/dg"
_LAKE = f"{_API}/lake-formation/latest/dg/troubleshooting.html"
# Amazon QuickSight User Guide, "Insufficient permissions when using Athena with Amazon QuickSight"
# (https://docs.aws.amazon.com/quicksight/latest/user/troubleshoot-athena-insufficient-permissions.html).
_QUICKSIGHT = UsualCause(
    "A QuickSight administrator selects the bucket of the data (and the bucket of the results, with write permission "
    "for the Athena workgroup) under Manage QuickSight, Security and permissions. Then allow QuickSight's role "
    "(aws-quicksight-service-role-v0) kms:Decrypt on a customer managed key. With Lake Formation, grant SELECT to the "
    "QuickSight user or group.",
    None,
    Who.ACCOUNT_ADMIN,
    shown_by=r"\bQuick ?Sight\b",
    decides="QuickSight runs the query with its own role, whatever the reader may do in the Athena console: that role "
    "is not allowed to read the data. Select the bucket in QuickSight's settings.",
)
DATA_LAKE: tuple[ServiceSentence, ...] = (
    row(
        "relation that has no columns",
        r"SELECT \* not allowed from relation that has no columns",
        "the caller of the query",
        "the caller sees no column of the table",
        "The caller sees no column of the table: if Lake Formation protects the table, the caller lacks SELECT on it "
        "or its columns; otherwise the table's definition has no columns.",
        UsualCause("Let a data lake administrator grant the caller SELECT on the table or columns (aws lakeformation "
                   "grant-permissions). For another engine (Trino), check the engine's own column privileges.",
                   "aws glue get-table --database-name DATABASE --name TABLE --query "
                   "Table.[StorageDescriptor.Columns,IsRegisteredWithLakeFormation]", Who.RESOURCE_OWNER),
        page="https://repost.aws/knowledge-center/athena-glue-fix-select-error",
    ),
    row(
        "hive_cannot_open_split",
        r"HIVE_CANNOT_OPEN_SPLIT: Error opening Hive split (?P<object>s3://[^\s()]+)(?=[\s\S]{0,600}"
        r"(?:Access ?Denied|Status Code: 403))",
        "whoever runs the query",
        "S3 refuses to let the caller read the data",
        "S3 does not let the caller of the query read the object {object}: Athena reads the data with the permissions "
        "of whoever runs the query.",
        _QUICKSIGHT,
        UsualCause("Allow the caller s3:GetObject on the data and s3:ListBucket on its bucket, in its policies and, "
                   "for a bucket of another account, in the bucket's policy; and kms:Decrypt on the data's key.",
                   "aws sts get-caller-identity", needs=("s3:GetObject", "s3:ListBucket")),
        UsualCause("An object that another account wrote may still belong to that account: set the bucket's Object "
                   "Ownership to BucketOwnerEnforced. Data that Lake Formation protects needs a Lake Formation grant "
                   "instead.",
                   "aws s3api get-bucket-ownership-controls --bucket BUCKET", Who.RESOURCE_OWNER),
        page=f"{_API}/athena/latest/ug/troubleshooting-athena.html",
    ),
    no_permission(
        "no output location provided",
        r"No output location provided\. An output location is required",
        "The query has no location for its results: set a result location in the workgroup or in the call "
        "(OutputLocation). No permission is missing.",
        "In the workgroup's settings set an S3 location to which the caller is allowed to write, or pass "
        "--result-configuration OutputLocation=s3://BUCKET/PREFIX/.",
        f"{_API}/athena/latest/ug/querying.html",
    ),
    row(
        ("permissions in the policies attached to the iam role defined in the crawler", "did not infer schemas"),
        r"Verify the permissions in the policies attached to the IAM role defined in the crawler"
        r"|\bAccess Denied \(Service: (?:Amazon )?S3[^\n()]{0,300}\) retrieving file at s3://[^\n]{1,300}?"
        r"did not infer schemas",
        "the crawler's role",
        "the crawler's role lacks permissions",
        "The role of the Glue crawler lacks permissions; the permissions of whoever starts the crawler do not matter. "
        "Compare the role's policies with what a crawler needs.",
        # AWS Managed Policy Reference Guide, "AWSGlueServiceRole"
        # (https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSGlueServiceRole.html).
        UsualCause("The managed policy AWSGlueServiceRole lets the role list every bucket, but read objects only in "
                   "buckets named aws-glue-*: add s3:GetObject on the objects of this bucket (and kms:Decrypt on "
                   "their key), and check that the bucket's policy denies nothing.",
                   "aws glue get-crawler --name CRAWLER --query Crawler.Role",
                   shown_by=r"\bretrieving file at s3://(?!aws-glue-)", needs_evidence=True),
        UsualCause("The role needs AWSGlueServiceRole, s3:GetObject and s3:ListBucket on the data, kms:Decrypt if the "
                   "data is encrypted, and its trust policy must let glue.amazonaws.com assume it. If a security "
                   "configuration encrypts the logs, the role also needs permission to use that KMS key, and "
                   "logs:AssociateKmsKey.",
                   "aws glue get-crawler --name CRAWLER --query Crawler.Role", needs=("s3:GetObject", "s3:ListBucket")),
        page=f"{_GLUE}/crawler-prereqs.html",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        "launch error",
        r"LAUNCH ERROR \| Error downloading from S3 for bucket: (?P<bucket>[\w.-]+), key: (?P<key>[^\s,]+?)\.?\s*"
        r"Access Denied",
        "the job's role",
        "the job's role cannot read its script",
        "The role of the Glue job is not allowed to read its script {key} in {bucket}: allow that role s3:GetObject on "
        "the script, and kms:Decrypt on the bucket's key.",
        UsualCause("The user who starts the job needs no further permission. If the script does not exist, a role "
                   "without s3:ListBucket gets the same "
                   "message.", "aws glue get-job --job-name JOB --query Job.[Role,Command]"),
        page=f"{_GLUE}/troubleshooting-glue.html",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    no_permission(
        "could not find s3 endpoint or nat gateway",
        r"Could not find S3 endpoint or NAT gateway for subnetId",
        "The subnet of the Glue connection cannot reach S3: add a gateway endpoint for S3 to its route table, or a NAT "
        "gateway. No permission is missing.",
        "Check the route table of that subnet (aws ec2 describe-route-tables).",
        f"{_GLUE}/glue-troubleshooting-errors.html",
    ),
    no_permission(
        "is not registered",
        r"\bThe S3 location: (?P<location>s3://\S+) is not registered",
        "The crawler is set to use Lake Formation's credentials, but {location} is not registered with Lake "
        "Formation: register the location, or let the crawler use its own role.",
        "aws lakeformation register-resource --resource-arn arn:aws:s3:::BUCKET/PREFIX, then give the crawler's role "
        "the data location permission and lakeformation:GetDataAccess.",
        f"{_GLUE}/error-crawler-config-lf.html",
    ),
    row(
        "insufficient glue permissions to access",
        r"Insufficient Glue permissions to access (?P<kind>catalog|database|table)(?: (?P<name>(?!resource)[\w:-]+))?",
        "whoever grants",
        "the grantor lacks Glue's read permissions, or is not a data lake administrator",
        "The grantor lacks a Lake Formation or Glue permission on the {kind}: the grantor must be a data lake "
        "administrator or have the grant option, and be allowed to read the {kind} in Glue.",
        UsualCause("Make the grantor a data lake administrator (aws lakeformation put-data-lake-settings), or grant it "
                   "the permission with the grant option.", "aws lakeformation get-data-lake-settings",
                   Who.RESOURCE_OWNER),
        UsualCause("In IAM, allow the grantor glue:GetCatalog, glue:GetDatabase and glue:GetTable on the resource; a "
                   "resource of another account must also be shared with this one.",
                   needs=("glue:GetCatalog", "glue:GetDatabase", "glue:GetTable")),
        page=_LAKE,
    ),
    row(
        "insufficient encryption key permissions for glue",
        r"Insufficient encryption key permissions for Glue",
        "whoever grants",
        "the caller is not allowed to use the Data Catalog's KMS key",
        "The caller is not allowed to use the KMS key that encrypts the Data Catalog: allow its use in the caller's "
        "policies and in the key policy.",
        UsualCause("Find out which key the catalog uses, and allow kms:Decrypt, kms:Encrypt and kms:GenerateDataKey on "
                   "it.",
                   "aws glue get-data-catalog-encryption-settings",
                   needs=("kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey")),
        page=_LAKE,
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    no_permission(
        ("enablehybrid", "enable-hybrid", "enable_hybrid"),
        r"PutResourcePolicy operation[\s\S]{0,2000}?EnableHybrid",
        "This account has cross-account grants of Lake Formation: repeat the call with EnableHybrid TRUE (aws glue "
        "put-resource-policy --enable-hybrid TRUE).",
        "Read the current policy first, and keep its statement that lets ram.amazonaws.com perform glue:ShareResource: "
        "Lake Formation's grants need it.",
        f"{_API}/lake-formation/latest/dg/hybrid-cross-account.html",
        "aws glue get-resource-policy",
    ),
    row(
        "is invalid",
        r"\b(?:EMR )?service role (?P<role>arn:[\w-]+:iam::\d{12}:role/[\w+=,.@/-]+) is invalid",
        "the EMR service role",
        "EMR does not accept its service role",
        "EMR does not accept the service role {role}: it does not exist, or its trust policy does not let "
        "elasticmapreduce.amazonaws.com assume it.",
        UsualCause("Look the role up. If the role is missing, create it (aws emr create-default-roles) or name "
                   "another role. If the role exists, its trust policy must name elasticmapreduce.amazonaws.com, and "
                   "the role needs AmazonEMRServicePolicy_v2 (or AmazonElasticMapReduceRole). A new role takes a "
                   "moment.",
                   "aws iam get-role --role-name EMR_DefaultRole --query Role.AssumeRolePolicyDocument",
                   Who.RESOURCE_OWNER),
        page=f"{_API}/emr/latest/ManagementGuide/emr-iam-role.html",
        asks=(OwnRequest("elasticmapreduce.amazonaws.com", "sts:AssumeRole"),),
    ),
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
    row(
        "unable to verify existence of default database",
        r"Unable to verify existence of default database[\s\S]{0,300}?Insufficient Lake ?Formation permission",
        "the job's role, in Lake Formation",
        "Lake Formation has no grant on the database default",
        "Spark first looks for the database “default”, and Lake Formation does not let the job's role see it: grant "
        "the role DESCRIBE on default.",
        UsualCause("aws lakeformation grant-permissions --permissions DESCRIBE on the database default; if that "
                   "database does not exist, create it, or grant the role CREATE_DATABASE. Grants on the job's own "
                   "tables are a separate matter.", "aws glue get-database --name default", Who.RESOURCE_OWNER),
        page="https://repost.aws/knowledge-center/glue-insufficient-lakeformation-permissions",
        cause="not-iam",
        ground=Ground.STATED,
    ),
    row(
        ("action is unauthorized", "failed to call ec2:describe"),
        r"\b(?P<operation>Describe(?:VpcEndpoints|RouteTables|Subnets|SecurityGroups|VpcAttribute)) action is "
        r"unauthorized|Failed to call ec2:(?P<called>Describe\w+)",
        "the role that Glue works with",
        "Glue's role lacks ec2:{operation}{called}",
        "The role of the Glue connection or job lacks ec2:{operation}{called}, which Glue needs to prepare its network "
        "interfaces: allow this role the action.",
        UsualCause("Attach AWSGlueServiceRole to that role, which has the EC2 actions (Describe actions only on "
                   'Resource "*", ec2:CreateNetworkInterface, ec2:DeleteNetworkInterface). Whoever starts the job '
                   "needs no further permission.", "aws glue get-job --job-name JOB --query Job.Role",
                   needs=("ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:DescribeNetworkInterfaces",
                          "ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeRouteTables",
                          "ec2:DescribeVpcEndpoints", "ec2:DescribeVpcAttribute")),
        page=f"{_GLUE}/glue-troubleshooting-errors.html",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
        # The network plugin and controllers of clusters print the same words.
        unless=r"\bipamd\b|\baws-node\b|\bvpc-cni\b|\bkube-system\b|\bcontroller\b",
    ),
    no_permission(
        "add caller's principal arn to lake formation data lake admin",
        r"failed to add caller's principal ARN to Lake Formation data lake admin",
        "The list of data lake administrators contains principals that no longer exist: remove them in Lake Formation, "
        "then repeat the call. No permission of the caller is missing.",
        "In Lake Formation, Administrative roles and tasks, clear the administrators labeled “Not found in IAM” and "
        "save.",
        f"{_API}/security-lake/latest/userguide/securitylake-lf-troubleshoot.html",
        "aws lakeformation get-data-lake-settings --query DataLakeSettings.DataLakeAdmins",
    ),
    row(
        "permission denied on s3 path",
        r"Permission denied on S3 path: (?P<path>s3://\S+)",
        "whoever runs the query",
        "the caller is not allowed to read the data at {path}",
        "Whoever runs the query is not allowed to read the data at {path}: Athena reads S3 as the caller, and "
        "athena:* does not include this permission. The text does not show which policy is missing.",
        _QUICKSIGHT,
        UsualCause("Allow the caller s3:GetObject on the objects and s3:ListBucket on the bucket, and kms:Decrypt on "
                   "a customer managed key. A Deny in the bucket's policy refuses the read, too, and so does another "
                   "account's bucket without an Allow.",
                   needs=("s3:GetObject", "s3:ListBucket")),
        UsualCause("If Lake Formation manages the location, its registered role reads the data and needs these "
                   "permissions; the caller needs SELECT on the table there."),
        page="https://docs.aws.amazon.com/athena/latest/ug/s3-permissions.html",
    ),
    # Athena's own sentence; AWS managed policy AmazonAthenaFullAccess: the Glue actions that queries use.
    lacking(
        "create partitions on glue catalog",
        r"not authorized to create partitions on Glue catalog",
        "the caller of the query",
        ("glue:CreatePartition", "glue:BatchCreatePartition"),
        UsualCause("Allow whoever runs the query to perform glue:CreatePartition and glue:BatchCreatePartition (and "
                   "glue:UpdatePartition where partitions are overwritten) on the catalog, the database and the table. "
                   "The S3 location in the message only shows where data may have to be removed before the next "
                   "attempt."),
        page="https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonAthenaFullAccess.html",
        on="on Glue's catalog, database and table",
    ),
    # Amazon Athena API Reference, "GetQueryResults": the caller also needs s3:GetObject on the location of the results.
    row(
        "access to the s3 location of your query results",
        r"do not seem to have access to the S3 location of your query results",
        "the caller of GetQueryResults",
        "the caller cannot read the file with the query's results",
        "Whoever calls GetQueryResults cannot read the results in S3: allow that caller s3:GetObject on the location "
        "of the results. Athena reads them with the caller's permissions; athena:* does not include this permission.",
        UsualCause("The results are encrypted with a KMS key: allow the caller kms:Decrypt on that key, in its "
                   "policies and in the key policy, in addition to s3:GetObject on the results.",
                   "aws athena get-query-execution --query-execution-id ID --query "
                   "QueryExecution.ResultConfiguration",
                   shown_by=r"\b(?:SSE|CSE)[_-]KMS\b|:kms:[\w-]*:\d|\balias/\w|\bkms:[A-Z]",
                   needs_evidence=True),
        UsualCause("Find the location of the results, and allow s3:GetObject on its objects and s3:ListBucket and "
                   "s3:GetBucketLocation on its bucket. A call with ExpectedBucketOwner also fails if another account "
                   "owns the bucket. Every call fails after a lifecycle rule has deleted the file.",
                   "aws athena get-query-execution --query-execution-id ID --query "
                   "QueryExecution.ResultConfiguration",
                   needs=("s3:GetObject", "s3:ListBucket", "s3:GetBucketLocation")),
        page="https://docs.aws.amazon.com/athena/latest/APIReference/API_GetQueryResults.html",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        ("verify/create output bucket", "when writing output to url", "when writing to location"),
        r"Unable to verify/create output bucket(?: (?P<bucket>[a-z0-9][a-z0-9.-]{2,62}))?"
        r"|Access denied when writing (?:output to url|to location): s3://(?P<written>[a-z0-9][a-z0-9.-]{2,62})",
        "the caller of the query",
        "the caller is not allowed to use the query's output location",
        "The caller of the query is not allowed to write its results to the output location, or the bucket does not "
        "exist in this Region. Athena calls S3 with the caller's own permissions.",
        # Amazon QuickSight User Guide, "Insufficient permissions when using Athena with Amazon QuickSight"
        # (https://docs.aws.amazon.com/quicksight/latest/user/troubleshoot-athena-insufficient-permissions.html).
        UsualCause("QuickSight makes the query with its own role: a QuickSight administrator selects the bucket of the "
                   "results, with write permission for the Athena workgroup.", None, Who.ACCOUNT_ADMIN,
                   shown_by=r"\bQuick ?Sight\b",
                   decides="QuickSight runs the query with its own role: select the results' bucket, with write "
                   "permission for the Athena workgroup, under Manage QuickSight, Security and permissions."),
        UsualCause("The workgroup encrypts the results with a KMS key (SSE_KMS): the caller also needs "
                   "kms:GenerateDataKey and kms:Decrypt on that key, in its policies and in the key policy. The "
                   "bucket's own default encryption does not matter for this.",
                   "aws athena list-work-groups --query 'WorkGroups[].Name'",
                   shown_by=r"\b(?:SSE|CSE)[_-]KMS\b", needs_evidence=True),
        UsualCause("The caller lacks s3:GetBucketLocation and s3:ListBucket on the output bucket, or s3:PutObject, "
                   "s3:GetObject, s3:ListMultipartUploadParts and s3:AbortMultipartUpload on its objects, or the use "
                   "of its KMS key. AmazonAthenaFullAccess covers only buckets named aws-athena-query-results-*.",
                   "aws athena list-work-groups --query 'WorkGroups[].Name'"),
        UsualCause("The program assumes the role {role} for the query: give the permissions to that role.", None,
                   needs_evidence=True,
                   shown_by=r"\bassume_?role(?:_?arn)?[\"']?\s*[:=]\s*[\"']?arn:[\w-]+:iam::\d{12}:role/(?P<role>[\w+=,.@/-]+)"),
        UsualCause("The output location names a bucket that does not exist or is in another Region; the work group's "
                   "own location overrides the client's.", "aws athena list-work-groups", Who.CALLER),
        page="https://docs.aws.amazon.com/athena/latest/ug/troubleshooting-athena.html",
        actions=("s3:GetBucketLocation", "s3:ListBucket", "s3:GetObject", "s3:PutObject",
                 "s3:ListMultipartUploadParts", "s3:AbortMultipartUpload"),
    ),
)  # fmt: skip
