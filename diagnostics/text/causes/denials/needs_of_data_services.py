"""Further permissions that data services need, in addition to the denied action: rows of `known.Known`.

The Service Authorization Reference lists the resources that an action supports. The contents of managed policies are
from their published text.
"""

from __future__ import annotations

from diagnostics.text.causes.denials.service_fact_row import DOCS, SAR, Known, known_row
from diagnostics.who import Who

DATA: tuple[Known, ...] = (
    known_row(
        r"glue:\w*(?:table|database|partition)\w*$",
        r"",
        "Glue checks a call on the catalog, the database and the table at once: allow it on "
        "arn:aws:glue:REGION:ACCOUNT:catalog, database/NAME and table/NAME/*.",
        f"{DOCS}/glue/latest/dg/glue-specifying-resource-arns.html",
        gone=r":(?:job|crawler|trigger|workflow|connection|devEndpoint|session|registry|schema)/",
    ),
    known_row(
        r"glue:getconnections?$",
        r"",
        "A connection is checked on the catalog and on connection/NAME: allow both. To use the connection in a VPC, "
        "the job's role also needs the Describe and network interface actions of EC2.",
        f"{DOCS}/glue/latest/dg/glue-specifying-resource-arns.html",
    ),
    known_row(
        r"lakeformation:getdataaccess$",
        r"",
        'Tables under Lake Formation need two things: lakeformation:GetDataAccess on "*" in the caller\'s '
        "policies, and Lake Formation's own grant (SELECT, DESCRIBE) to the caller.",
        f"{DOCS}/lake-formation/latest/dg/access-control-underlying-data.html",
    ),
    known_row(
        r"redshift-data:(?:batch)?executestatement$",
        r"",
        "The Data API also signs in to the database. Allow redshift-data:ExecuteStatement, and one of these: "
        "redshift:GetClusterCredentials (dbuser:, dbname:) or redshift:GetClusterCredentialsWithIAM for a cluster, "
        "redshift-serverless:GetCredentials for a workgroup, secretsmanager:GetSecretValue for a secret.",
        f"{DOCS}/redshift/latest/mgmt/data-api-iam.html",
    ),
    known_row(
        r"redshift-data:(?:getstatementresult|describestatement|cancelstatement)\w*$",
        r"",
        "Only the session that started a statement can get its result: get the result with the same role and session "
        "name, or give the role access without the condition redshift-data:statement-owner-iam-userid.",
        f"{DOCS}/redshift/latest/mgmt/data-api-iam.html",
    ),
    known_row(
        r"(?:s3|athena|kms|secretsmanager|redshift|rds|glue|lambda):",
        r"aws-quicksight-(?:service-role|s3-consumers-role|secretsmanager-role)",
        "QuickSight calls with its own role: choose the buckets and services in QuickSight "
        "(Manage QuickSight, Security & permissions). If a KMS key is involved, its key policy "
        "must also allow that role to use the key. Changes made directly in IAM may be "
        "overwritten.",
        f"{DOCS}/quicksight/latest/user/access-to-aws-resources.html",
    ),
    known_row(
        r"elasticache:connect$",
        r"",
        "IAM authentication needs elasticache:Connect on both the cache (replicationgroup:NAME or "
        "serverlesscache:NAME) and the user (user:ID).",
        f"{DOCS}/AmazonElastiCache/latest/dg/auth-iam.html",
    ),
    known_row(
        r"memorydb:connect$",
        r"",
        "IAM authentication needs memorydb:Connect on both the cluster (cluster/NAME) and the user (user/NAME).",
        f"{DOCS}/memorydb/latest/devguide/auth-iam.html",
    ),
    known_row(
        r"s3-object-lambda:writegetobjectresponse$",
        r"",
        "The function behind the S3 Object Lambda access point makes this call: allow its execution role "
        's3-object-lambda:WriteGetObjectResponse (on Resource "*"). Whoever reads the object does not need this '
        "permission.",
        f"{DOCS}/AmazonS3/latest/userguide/olap-policies.html",
    ),
    known_row(
        r"s3:(?:get|put|delete|list)\w+$",
        r":accesspoint/\w+\.mrap\b|\.accesspoint\.s3-global\.",
        "A request through a Multi-Region Access Point is checked three times. The caller's policies and the access "
        "point's own policy must allow the action on the access point's ARN. The bucket to which the request is "
        "routed must allow the action, too.",
        f"{DOCS}/AmazonS3/latest/userguide/MultiRegionAccessPointPermissions.html",
        layers=("", "identity", "resource"),
    ),
    known_row(
        r"s3tables:",
        r"",
        "S3 Tables has separate actions and ARNs: statements with s3: actions do not cover it. Allow the action on "
        "arn:aws:s3tables:REGION:ACCOUNT:bucket/NAME, and for tables on bucket/NAME/table/*.",
        f"{DOCS}/AmazonS3/latest/userguide/s3-tables-setting-up.html",
    ),
    known_row(
        r"glue:getuserdefinedfunctions?$",
        r"no resource-based policy|RAM|cross-account",
        "On a resource that another account shares, an old AWS RAM permission lacks this action. The account that "
        "shares the resource must update the share to version 3 of the RAM managed permissions for Glue, or revoke the "
        "grant and create it again.",
        f"{DOCS}/lake-formation/latest/dg/troubleshooting.html",
        who=Who.RESOURCE_OWNER,
        layers=("resource",),
    ),
    known_row(
        r"(?:s3|glue|kms|lambda|kinesis|kafka|secretsmanager|athena|lakeformation):",
        r"RedshiftIamRoleSession|\biam_role\s+(?:'arn:|default\b)",
        "Redshift makes this call with the role of the external schema, function or command (IAM_ROLE, or the default "
        "role of the cluster): allow that role the action. The database user and whoever runs the SQL need no further "
        "permission.",
        f"{DOCS}/redshift/latest/mgmt/authorizing-redshift-service.html",
    ),
    known_row(
        r"s3:(?:get|put|delete|list)\w+$",
        r"\bNetworkOrigin\W{1,6}VPC\b",
        "The access point's network origin is VPC: S3 refuses every request that does not come through an endpoint of "
        "that VPC, whatever the policies allow. Make the call from that VPC, or use another access point or the bucket "
        "itself.",
        f"{DOCS}/AmazonS3/latest/userguide/access-points-vpc.html",
        who=Who.CALLER,
        layers=("", "resource"),
    ),
    known_row(
        r"(?:mgn|drs):\w*(?:for(?:mgn|drs)|agent\w*)$",
        r"",
        "Whoever installs the replication agent makes this call. Attach AWSApplicationMigrationAgentInstallationPolicy "
        "to the user or role whose keys the installer uses. For Elastic Disaster Recovery, attach "
        "AWSElasticDisasterRecoveryAgentInstallationPolicy. The source server itself needs no further permission.",
        f"{DOCS}/mgn/latest/ug/credentials.html",
    ),
    known_row(
        r"dsql:dbconnect\w*$",
        r"",
        "Aurora DSQL checks dsql:DbConnect for the database's own roles and dsql:DbConnectAdmin for the user "
        "admin: each token is for one of the two.",
        f"{DOCS}/aurora-dsql/latest/userguide/authentication-authorization.html",
    ),
    known_row(
        r"timestream:",
        r"",
        'Every client of Timestream first calls timestream:DescribeEndpoints: allow it on Resource "*" '
        "and this action on the database or table.",
        f"{DOCS}/timestream/latest/developerguide/security_iam_service-with-iam.html",
    ),
    known_row(
        r"cassandra:",
        r"",
        "Keyspaces also reads the system tables: allow the action on keyspace/NAME/table/NAME and "
        "cassandra:Select on keyspace/system*.",
        f"{DOCS}/keyspaces/latest/devguide/security_iam_id-based-policy-examples.html",
    ),
    known_row(
        r"dynamodb:conditioncheckitem$",
        r"",
        "IAM checks TransactWriteItems and TransactGetItems by the operations that they contain: dynamodb:PutItem, "
        "UpdateItem, DeleteItem, GetItem, and dynamodb:ConditionCheckItem for conditions on other items.",
        f"{DOCS}/amazondynamodb/latest/developerguide/transaction-apis-iam.html",
    ),
    known_row(
        r"(?:dynamodb|cloudwatch|kinesis):",
        r"KinesisClientLibrary|\bKCL\b|amazon-kinesis-client|kinesis\.leases",
        "If the Kinesis Client Library makes the call, the caller needs more than the stream: on the library's "
        "DynamoDB lease table dynamodb:CreateTable, DescribeTable, UpdateTable, Scan, GetItem, PutItem, UpdateItem "
        "and DeleteItem, and cloudwatch:PutMetricData on *. Version 3 has two more tables of metadata, and needs "
        "dynamodb:Query on the lease table's index.",
        f"{DOCS}/streams/latest/dev/kcl-iam-permissions.html",
    ),
    known_row(
        r"kinesis:subscribetoshard$",
        r"",
        "Enhanced fan-out is checked on the consumer (stream/NAME/consumer/CONSUMER:*); registering it needs "
        "kinesis:RegisterStreamConsumer on the stream and DescribeStreamConsumer on the consumer.",
        f"{SAR}/list_amazonkinesisdatastreams.html",
    ),
    known_row(
        r"aoss:(?:(?:api|dashboards)accessall|\w*(?:document|index|collectionitems)\w*)$",
        r"",
        "OpenSearch Serverless needs two things: aoss:APIAccessAll on the collection in the caller's policies "
        "(aoss:DashboardsAccessAll for Dashboards), and a data access policy of the collection that names the caller. "
        "A network policy must allow access from the network.",
        f"{DOCS}/opensearch-service/latest/developerguide/serverless-data-access.html",
    ),
    known_row(
        r"dms:create(?:endpoint|replicationinstance|replicationtask)$|iam:passrole$",
        r"SecretsManagerAccessRoleArn|\bdms\.[a-z0-9-]+\.amazonaws\.com|ServiceAccessRoleArn",
        "DMS is given a role for the secret or target: the caller needs iam:PassRole on that role. The secret's role "
        "must trust the Regional principal dms.REGION.amazonaws.com, other roles dms.amazonaws.com.",
        f"{DOCS}/dms/latest/userguide/security_iam_secretsmanager.html",
    ),
    known_row(
        r"elasticmapreduce:runjobflow$|ec2:",
        r"assumed-role/EMR_DefaultRole_?V2/|AmazonEMRServicePolicy_v2|for-use-with-amazon-emr-managed-policies",
        "AmazonEMRServicePolicy_v2 acts only on resources that have the tag "
        "for-use-with-amazon-emr-managed-policies = true: tag the cluster, the VPC's subnet and the security "
        "groups.",
        f"{DOCS}/emr/latest/ManagementGuide/emr-managed-iam-policies.html",
    ),
    known_row(
        r"emr-serverless:startjobrun$",
        r"",
        "Starting a job also needs iam:PassRole on the job's runtime role, with iam:PassedToService = "
        "emr-serverless.amazonaws.com. The data is read with that role.",
        f"{DOCS}/emr/latest/EMR-Serverless-UserGuide/security-iam-emr-serverless.html",
    ),
    known_row(
        r"emr-containers:startjobrun$",
        r"",
        "The policy can restrict the action to certain execution roles (condition key "
        "emr-containers:ExecutionRoleArn). The execution role's trust policy must allow the job's service account: aws "
        "emr-containers update-role-trust-policy.",
        f"{DOCS}/emr/latest/EMR-on-EKS-DevelopmentGuide/iam-execution-role.html",
    ),
    known_row(
        r"airflow:(?:createwebloginToken|createweblogintoken|createclitoken)$",
        r"",
        "airflow:CreateWebLoginToken is checked on the Airflow role: "
        "arn:aws:airflow:REGION:ACCOUNT:role/ENVIRONMENT/Admin (User, Viewer, Op, Public); "
        "airflow:CreateCliToken on environment/NAME.",
        f"{DOCS}/mwaa/latest/userguide/access-policies.html",
    ),
    known_row(
        r"s3:(?:getaccountpublicaccessblock|getbucketpublicaccessblock|getencryptionconfiguration)$|airflow:publishmetrics$|sqs:",
        r"airflow-celery-|\bmwaa\b|AmazonMWAA|airflow:PublishMetrics",
        "An MWAA environment's execution role needs airflow:PublishMetrics, s3:GetObject*, s3:GetBucket* and "
        "s3:List* on its bucket, s3:GetAccountPublicAccessBlock on *, logs on airflow-ENVIRONMENT-*, SQS on "
        "airflow-celery-*, and KMS through sqs.REGION.amazonaws.com.",
        f"{DOCS}/mwaa/latest/userguide/mwaa-create-role.html",
    ),
    known_row(
        r"iot:(?:connect|publish|subscribe|receive)$",
        r"",
        "IoT's resources differ by action: iot:Connect on client/ID, iot:Publish and iot:Receive on topic/NAME, "
        "iot:Subscribe on topicfilter/FILTER. A device with a certificate needs these actions in the IoT policy that "
        "is attached to the certificate, not in IAM.",
        f"{DOCS}/iot/latest/developerguide/iot-policy-actions.html",
    ),
    known_row(
        r"rds:startexporttask$",
        r"",
        "An export to S3 also needs iam:PassRole on its role (export.rds.amazonaws.com), and kms:CreateGrant "
        "and kms:DescribeKey on the key that encrypts it.",
        f"{DOCS}/AmazonRDS/latest/UserGuide/USER_ExportSnapshot.Setup.html",
    ),
    known_row(
        r"rds:create(?:db|dbcluster)snapshot$",
        r"\bDeleteDB(?:Instance|Cluster)\b|\bdelet(?:e|ing) (?:RDS )?(?:DB )?(?:Instance|Cluster)",
        "The deletion makes a final snapshot, which needs this action. If nobody needs the snapshot, turn it off: "
        "skip_final_snapshot = true in Terraform, --skip-final-snapshot in the AWS CLI. Otherwise allow the action on "
        "the database and on the snapshot (db:NAME and snapshot:NAME).",
        f"{DOCS}/AmazonRDS/latest/APIReference/API_DeleteDBInstance.html",
    ),
    known_row(
        r"rds:(?:restoredbinstance\w+|createdbinstance)$",
        r"",
        "RDS checks the instance and the resources that it uses: db:NAME, subgrp:GROUP, and where they are set "
        "pg:GROUP and og:GROUP (restoring also snapshot:NAME). Tags need rds:AddTagsToResource.",
        f"{SAR}/list_amazonrds.html",
    ),
)
