"""What services need in addition to the denied action: rows of `known.Known` by service.

Resources, and whether an action supports any, are those of the Service Authorization Reference; managed policies were
read in their published text.
"""

from __future__ import annotations

from diagnostics.text.causes.denials.known_row import Known, known_row
from diagnostics.who import Who

_DOCS = "https://docs.aws.amazon.com"
_SAR = f"{_DOCS}/service-authorization/latest/reference"
_MANAGED = f"{_DOCS}/aws-managed-policy/latest/reference"

_CONTAINERS: tuple[Known, ...] = (
    known_row(
        r"eks-auth:assumeroleforpodidentity$",
        r"",
        "The Pod Identity agent calls with the node's role: attach AmazonEKSWorkerNodePolicy to it, which has "
        "eks-auth:AssumeRoleForPodIdentity. The pod's own role matters only after that.",
        f"{_MANAGED}/AmazonEKSWorkerNodePolicy.html",
    ),
    known_row(
        r"eks:(?:create|update)podidentityassociation$",
        r"",
        "Creating a Pod Identity association passes a role: allow this action, iam:PassRole and iam:GetRole on that "
        "role, with iam:PassedToService = pods.eks.amazonaws.com.",
        f"{_DOCS}/eks/latest/userguide/pod-id-association.html",
    ),
    known_row(
        r"eks:accesskubernetesapi$",
        r"",
        "The console shows a cluster's resources only with both: eks:AccessKubernetesApi in IAM, and an "
        "access entry with a policy (or a line in aws-auth) in the cluster.",
        f"{_DOCS}/eks/latest/userguide/view-kubernetes-resources.html",
    ),
    known_row(
        r"eks:(?:createaccessentry|associateaccesspolicy)$",
        r"",
        "Two actions give a role access to a cluster: eks:CreateAccessEntry on the cluster, and "
        "eks:AssociateAccessPolicy on the access entry (access-entry/CLUSTER/…). Allow both.",
        f"{_DOCS}/eks/latest/userguide/creating-access-entries.html",
    ),
    known_row(
        r"eks:createnodegroup$",
        r"",
        "Creating a node group also needs iam:PassRole on the node role, iam:GetRole and "
        "iam:ListAttachedRolePolicies, and for the first one iam:CreateServiceLinkedRole.",
        f"{_DOCS}/eks/latest/userguide/create-managed-node-group.html",
    ),
    known_row(
        r"ssm:getparameters?$",
        r"parameter/cdk-bootstrap/",
        "Every CDK deployment reads the version of the bootstrap stack from this parameter. Let the caller assume the "
        "bootstrap roles (sts:AssumeRole on role/cdk-*), which may read it, or allow it this action on "
        "parameter/cdk-bootstrap/*. Without a bootstrap stack in this account and Region there is no such parameter",
        f"{_DOCS}/cdk/v2/guide/bootstrapping-env.html",
    ),
    known_row(
        r"secretsmanager:getsecretvalue$",
        r"\bMWAA\b|airflow/(?:connections|variables)/",
        "Amazon MWAA reads connections and variables with the environment's execution role: allow it "
        "secretsmanager:GetSecretValue on the secrets airflow/connections/* and airflow/variables/*, and kms:Decrypt "
        "for a "
        "customer managed key",
        f"{_DOCS}/mwaa/latest/userguide/connections-secrets-manager.html",
    ),
    known_row(
        r"secretsmanager:getsecretvalue$",
        r"get_?resource_?(?:oauth2_?token|api_?key)|bedrock-agentcore-identity!",
        "AgentCore reads the credential provider's secret with the permissions of whoever calls "
        "GetResourceOauth2Token or "
        "GetResourceApiKey: allow that role secretsmanager:GetSecretValue on the secrets "
        "bedrock-agentcore-identity!default/*, although its own code never reads them.",
        f"{_DOCS}/bedrock-agentcore/latest/APIReference/API_GetResourceOauth2Token.html",
    ),
    known_row(
        r"(?:secretsmanager:getsecretvalue|ssm:getparameters?|kms:decrypt)$",
        r"ResourceInitializationError|unable to pull secrets|retrieve secret from asm",
        "ECS fetches a task definition's secrets with the task's execution role before the container starts: "
        "allow it secretsmanager:GetSecretValue or ssm:GetParameters, and kms:Decrypt for a customer managed "
        "key. The task role is not used for that.",
        f"{_DOCS}/AmazonECS/latest/developerguide/task_execution_IAM_role.html",
    ),
    known_row(
        r"ecr:(?:createrepository|batchimportupstreamimage)$",
        r"BatchImportUpstreamImage|pull[- ]?through|\b(?:docker-hub|quay|ecr-public|ghcr|registry-k8s)/",
        "The first pull through a cache creates the repository: whoever pulls needs ecr:BatchImportUpstreamImage and "
        "ecr:CreateRepository on it. Or a repository creation template lets ECR create the repository.",
        f"{_DOCS}/AmazonECR/latest/userguide/pull-through-cache-iam.html",
    ),
    known_row(
        r"batch:submitjob$",
        r"",
        "AWS Batch checks batch:SubmitJob on the job definition and on the job queue: name both "
        "(job-definition/NAME:*, job-queue/NAME). If the job has tags, also allow batch:TagResource.",
        f"{_SAR}/list_awsbatch.html",
    ),
    known_row(
        r"ecs:(?:runtask|starttask)$",
        r"",
        "ECS checks this on the task definition with its revision (task-definition/NAME:*). It also needs "
        "iam:PassRole on the task role and the execution role, to ecs-tasks.amazonaws.com.",
        f"{_DOCS}/AmazonECS/latest/developerguide/security_iam_id-based-policy-examples.html",
    ),
    known_row(
        r"ec2:(?:createnetworkinterface|describe\w+|deletenetworkinterface)$|ec2:createnetworkinterfacepermission$",
        r"VPC_CLIENT_ERROR|Not authorized to perform Describe|CreateNetworkInterfacePermission",
        "A CodeBuild project in a VPC needs in its service role ec2:CreateNetworkInterface, "
        "ec2:DeleteNetworkInterface and EC2's Describe actions on *, and ec2:CreateNetworkInterfacePermission "
        "on network-interface/* with ec2:AuthorizedService = codebuild.amazonaws.com.",
        f"{_DOCS}/codebuild/latest/userguide/auth-and-access-control-iam-identity-based-access-control.html",
    ),
    known_row(
        r"codebuild:(?:createreportgroup|createreport|updatereport|batchputtestcases|batchputcodecoverages)$",
        r"",
        "Reports are written by the build's service role: allow codebuild:CreateReportGroup, CreateReport, "
        "UpdateReport, BatchPutTestCases and BatchPutCodeCoverages on report-group/PROJECT-*.",
        f"{_DOCS}/codebuild/latest/userguide/test-permissions.html",
    ),
    known_row(
        r"apprunner:createservice$",
        r"",
        "App Runner also needs iam:PassRole on its roles: the access role (for ECR) trusts "
        "build.apprunner.amazonaws.com, and the instance role trusts tasks.apprunner.amazonaws.com. The first "
        "service also needs iam:CreateServiceLinkedRole.",
        f"{_DOCS}/apprunner/latest/dg/security_iam_service-with-iam.html",
    ),
    known_row(
        r"codeartifact:publishpackageversion$",
        r"",
        "Publishing is checked on the package (package/DOMAIN/REPOSITORY/FORMAT/NAMESPACE/NAME), not on the "
        "repository; npm and others also read the repository: codeartifact:ReadFromRepository.",
        f"{_SAR}/list_awscodeartifact.html",
    ),
)
_FUNCTIONS: tuple[Known, ...] = (
    known_row(
        r"lambda:(?:create|update|delete|get|list)eventsourcemapping\w*$",
        r"",
        'For creating and listing event source mappings Resource must be "*"; limit it with the condition '
        "lambda:FunctionArn. The function's execution role needs the permissions on the source.",
        f"{_DOCS}/lambda/latest/dg/lambda-api-permissions-ref.html",
    ),
    known_row(
        r"ec2:(?:createnetworkinterface|describenetworkinterfaces|deletenetworkinterface|describesubnets|assignprivateipaddresses)$",
        r"AWSLambdaVPCAccess|invokedBy\W{1,5}lambda\.amazonaws|execution role does not have permissions to call",
        "A function in a VPC needs these actions in its execution role (AWSLambdaVPCAccessExecutionRole), "
        'with Resource "*". Whoever creates it needs ec2:DescribeSecurityGroups, DescribeSubnets and '
        "DescribeVpcs.",
        f"{_DOCS}/lambda/latest/dg/configuration-vpc.html",
    ),
    known_row(
        r"lambda:getlayerversion$",
        r"",
        "A layer of another account needs both: lambda:GetLayerVersion in the caller's policies on the layer "
        "version's ARN with its number, and the layer version's own policy.",
        f"{_DOCS}/lambda/latest/dg/permissions-layer-cross-account.html",
    ),
    known_row(
        r"lambda:invokefunctionurl$",
        r"",
        "Calling a function URL needs lambda:InvokeFunctionUrl and, for URLs made since October 2025, also "
        "lambda:InvokeFunction. Another account's function must allow both in its own policy.",
        f"{_DOCS}/lambda/latest/dg/urls-auth.html",
    ),
    known_row(
        r"states:invokehttpendpoint$|events:retrieveconnectioncredentials$",
        r"",
        "An HTTP task needs three things in the state machine's role: states:InvokeHTTPEndpoint, "
        "events:RetrieveConnectionCredentials on the connection, and secretsmanager:GetSecretValue and "
        "DescribeSecret on the connection's secret.",
        f"{_DOCS}/step-functions/latest/dg/call-https-apis.html",
    ),
    known_row(
        r"events:(?:putrule|puttargets|describerule)$",
        r"StepFunctionsGetEvents|managed[- ]rule",
        "Step Functions waits for .sync tasks through a rule that it manages: the state machine's role needs "
        "events:PutTargets, events:PutRule and events:DescribeRule on rule/StepFunctionsGetEventsFor….",
        f"{_DOCS}/step-functions/latest/dg/service-integration-iam-templates.html",
    ),
    known_row(
        r"execute-api:invoke$",
        r"\barn:aws[\w-]*:execute-api",
        "The resource is arn:aws:execute-api:REGION:ACCOUNT:API-ID/STAGE/METHOD/PATH. Another account's API "
        "needs both: this action in the caller's policies, and the API's resource policy (deployed again "
        "after a change).",
        f"{_DOCS}/apigateway/latest/developerguide/apigateway-authorization-flow.html",
    ),
    known_row(
        r"appsync:graphql$",
        r"",
        "AppSync checks each field: allow appsync:GraphQL on apis/API-ID/types/Query/fields/NAME (or "
        "apis/API-ID/*), and let the field use IAM (@aws_iam) where the API's default is another mode.",
        f"{_DOCS}/appsync/latest/devguide/security-authz.html",
    ),
    known_row(
        r"bedrock:invokeagent$",
        r"",
        "bedrock:InvokeAgent is checked on the alias: agent-alias/AGENT-ID/ALIAS-ID, and not on agent/….",
        f"{_SAR}/list_amazonbedrock.html",
    ),
    known_row(
        r"bedrock:(?:retrieve|retrieveandgenerate)$",
        r"",
        "Allow bedrock:Retrieve on the knowledge base, and for RetrieveAndGenerate also "
        'bedrock:RetrieveAndGenerate on "*". The model or inference profile that writes the answer may need '
        "bedrock:InvokeModel too.",
        f"{_DOCS}/bedrock/latest/userguide/knowledge-base-prereq-permissions-general.html",
    ),
    known_row(
        r"bedrock:invokemodel(?:withresponsestream)?$",
        r"assumed-role/AmazonBedrockExecutionRoleFor",
        "An agent or knowledge base calls models with its own service role: allow that role "
        "bedrock:InvokeModel on the model, and on the inference profile if it uses one. Its trust policy must "
        "name bedrock.amazonaws.com.",
        f"{_DOCS}/bedrock/latest/userguide/agents-permissions.html",
    ),
    known_row(
        r"sagemaker:createpresigneddomainurl$",
        r"",
        "The URL is for a user profile: allow sagemaker:CreatePresignedDomainUrl on "
        "user-profile/DOMAIN-ID/PROFILE, and not on the domain.",
        f"{_SAR}/list_amazonsagemaker.html",
    ),
    known_row(
        r"sagemaker:addtags$",
        r"",
        "Studio, Canvas and pipelines tag what they create: allow the Create action and sagemaker:AddTags "
        "on the resource.",
        f"{_DOCS}/sagemaker/latest/dg/security_iam_id-based-policy-examples.html",
    ),
)
_DATA: tuple[Known, ...] = (
    known_row(
        r"glue:\w*(?:table|database|partition)\w*$",
        r"",
        "Glue checks a call on the catalog, the database and the table at once: allow it on "
        "arn:aws:glue:REGION:ACCOUNT:catalog, database/NAME and table/NAME/*.",
        f"{_DOCS}/glue/latest/dg/glue-specifying-resource-arns.html",
        gone=r":(?:job|crawler|trigger|workflow|connection|devEndpoint|session|registry|schema)/",
    ),
    known_row(
        r"glue:getconnections?$",
        r"",
        "A connection is checked on the catalog and on connection/NAME: allow both. The job also needs EC2's "
        "Describe and network interface actions in its role to use it in a VPC.",
        f"{_DOCS}/glue/latest/dg/glue-specifying-resource-arns.html",
    ),
    known_row(
        r"lakeformation:getdataaccess$",
        r"",
        'Tables under Lake Formation need two things: lakeformation:GetDataAccess on "*" in the caller\'s '
        "policies, and Lake Formation's own grant (SELECT, DESCRIBE) to the caller.",
        f"{_DOCS}/lake-formation/latest/dg/access-control-underlying-data.html",
    ),
    known_row(
        r"redshift-data:(?:batch)?executestatement$",
        r"",
        "The Data API signs in to the database as well: allow redshift-data:ExecuteStatement and "
        "redshift:GetClusterCredentials (dbuser:, dbname:) or redshift:GetClusterCredentialsWithIAM, for a "
        "workgroup redshift-serverless:GetCredentials, or with a secret secretsmanager:GetSecretValue.",
        f"{_DOCS}/redshift/latest/mgmt/data-api-iam.html",
    ),
    known_row(
        r"redshift-data:(?:getstatementresult|describestatement|cancelstatement)\w*$",
        r"",
        "A statement's result is only for the session that started it: the same role and session name must "
        "ask for it, or the role needs access without the condition redshift-data:statement-owner-iam-userid.",
        f"{_DOCS}/redshift/latest/mgmt/data-api-iam.html",
    ),
    known_row(
        r"(?:s3|athena|kms|secretsmanager|redshift|rds|glue|lambda):",
        r"aws-quicksight-(?:service-role|s3-consumers-role|secretsmanager-role)",
        "QuickSight calls with its own role: choose the buckets and services in QuickSight (Manage QuickSight, "
        "Security & permissions). For a KMS key also let that role use the key in the key policy. Changes made "
        "directly in IAM may be overwritten.",
        f"{_DOCS}/quicksight/latest/user/access-to-aws-resources.html",
    ),
    known_row(
        r"elasticache:connect$",
        r"",
        "IAM authentication needs elasticache:Connect on both the cache (replicationgroup:NAME or "
        "serverlesscache:NAME) and the user (user:ID).",
        f"{_DOCS}/AmazonElastiCache/latest/dg/auth-iam.html",
    ),
    known_row(
        r"memorydb:connect$",
        r"",
        "IAM authentication needs memorydb:Connect on both the cluster (cluster/NAME) and the user (user/NAME).",
        f"{_DOCS}/memorydb/latest/devguide/auth-iam.html",
    ),
    known_row(
        r"dsql:dbconnect\w*$",
        r"",
        "Aurora DSQL checks dsql:DbConnect for the database's own roles and dsql:DbConnectAdmin for the user "
        "admin: each token is for one of the two.",
        f"{_DOCS}/aurora-dsql/latest/userguide/authentication-authorization.html",
    ),
    known_row(
        r"timestream:",
        r"",
        'Every client of Timestream first calls timestream:DescribeEndpoints: allow it on Resource "*" '
        "and this action on the database or table.",
        f"{_DOCS}/timestream/latest/developerguide/security_iam_service-with-iam.html",
    ),
    known_row(
        r"cassandra:",
        r"",
        "Keyspaces also reads the system tables: allow the action on keyspace/NAME/table/NAME and "
        "cassandra:Select on keyspace/system*.",
        f"{_DOCS}/keyspaces/latest/devguide/security_iam_id-based-policy-examples.html",
    ),
    known_row(
        r"dynamodb:conditioncheckitem$",
        r"",
        "TransactWriteItems and TransactGetItems are checked as their parts: dynamodb:PutItem, UpdateItem, "
        "DeleteItem, GetItem, and dynamodb:ConditionCheckItem for conditions on other items.",
        f"{_DOCS}/amazondynamodb/latest/developerguide/transaction-apis-iam.html",
    ),
    known_row(
        r"(?:dynamodb|cloudwatch|kinesis):",
        r"KinesisClientLibrary|\bKCL\b|amazon-kinesis-client|kinesis\.leases",
        "The Kinesis Client Library needs more than the stream: on its DynamoDB lease table dynamodb:CreateTable, "
        "DescribeTable, UpdateTable, Scan, GetItem, PutItem, UpdateItem and DeleteItem, and cloudwatch:PutMetricData "
        "on *. Version 3 has two more tables of metadata, and needs dynamodb:Query on the lease table's index.",
        f"{_DOCS}/streams/latest/dev/kcl-iam-permissions.html",
    ),
    known_row(
        r"kinesis:subscribetoshard$",
        r"",
        "Enhanced fan-out is checked on the consumer (stream/NAME/consumer/CONSUMER:*); registering it needs "
        "kinesis:RegisterStreamConsumer on the stream and DescribeStreamConsumer on the consumer.",
        f"{_SAR}/list_amazonkinesisdatastreams.html",
    ),
    known_row(
        r"aoss:",
        r"",
        "OpenSearch Serverless needs two things: aoss:APIAccessAll on the collection in the caller's policies "
        "(aoss:DashboardsAccessAll for Dashboards), and a data access policy of the collection that names the caller. "
        "A network policy must allow access from the network.",
        f"{_DOCS}/opensearch-service/latest/developerguide/serverless-data-access.html",
    ),
    known_row(
        r"dms:create(?:endpoint|replicationinstance|replicationtask)$|iam:passrole$",
        r"SecretsManagerAccessRoleArn|\bdms\.[a-z0-9-]+\.amazonaws\.com|ServiceAccessRoleArn",
        "DMS is given a role for the secret or target: the caller needs iam:PassRole on it. The secret's role "
        "must trust the Regional principal dms.REGION.amazonaws.com, other roles dms.amazonaws.com.",
        f"{_DOCS}/dms/latest/userguide/security_iam_secretsmanager.html",
    ),
    known_row(
        r"elasticmapreduce:runjobflow$|ec2:",
        r"EMR_DefaultRole_?V2|AmazonEMRServicePolicy_v2|for-use-with-amazon-emr-managed-policies",
        "AmazonEMRServicePolicy_v2 acts only on resources that have the tag "
        "for-use-with-amazon-emr-managed-policies = true: tag the cluster, the VPC's subnet and the security "
        "groups.",
        f"{_DOCS}/emr/latest/ManagementGuide/emr-managed-iam-policies.html",
    ),
    known_row(
        r"emr-serverless:startjobrun$",
        r"",
        "Starting a job also needs iam:PassRole on the job's runtime role, with iam:PassedToService = "
        "emr-serverless.amazonaws.com. The data is read with that role.",
        f"{_DOCS}/emr/latest/EMR-Serverless-UserGuide/security-iam-emr-serverless.html",
    ),
    known_row(
        r"emr-containers:startjobrun$",
        r"",
        "The policy may limit it to certain roles (emr-containers:ExecutionRoleArn), and the execution role's trust "
        "policy must allow the job's service account: aws emr-containers update-role-trust-policy.",
        f"{_DOCS}/emr/latest/EMR-on-EKS-DevelopmentGuide/iam-execution-role.html",
    ),
    known_row(
        r"airflow:(?:createwebloginToken|createweblogintoken|createclitoken)$",
        r"",
        "airflow:CreateWebLoginToken is checked on the Airflow role: "
        "arn:aws:airflow:REGION:ACCOUNT:role/ENVIRONMENT/Admin (User, Viewer, Op, Public); "
        "airflow:CreateCliToken on environment/NAME.",
        f"{_DOCS}/mwaa/latest/userguide/access-policies.html",
    ),
    known_row(
        r"s3:(?:getaccountpublicaccessblock|getbucketpublicaccessblock|getencryptionconfiguration)$|airflow:publishmetrics$|sqs:",
        r"airflow-celery-|\bmwaa\b|AmazonMWAA|airflow:PublishMetrics",
        "An MWAA environment's execution role needs airflow:PublishMetrics, s3:GetObject*, s3:GetBucket* and "
        "s3:List* on its bucket, s3:GetAccountPublicAccessBlock on *, logs on airflow-ENVIRONMENT-*, SQS on "
        "airflow-celery-*, and KMS through sqs.REGION.amazonaws.com.",
        f"{_DOCS}/mwaa/latest/userguide/mwaa-create-role.html",
    ),
    known_row(
        r"iot:(?:connect|publish|subscribe|receive)$",
        r"",
        "IoT's resources differ by action: iot:Connect on client/ID, iot:Publish and iot:Receive on "
        "topic/NAME, iot:Subscribe on topicfilter/FILTER. A device with a certificate needs them in the IoT "
        "policy that is attached to it, not in IAM.",
        f"{_DOCS}/iot/latest/developerguide/iot-policy-actions.html",
    ),
    known_row(
        r"rds:startexporttask$",
        r"",
        "An export to S3 also needs iam:PassRole on its role (export.rds.amazonaws.com), and kms:CreateGrant "
        "and kms:DescribeKey on the key that encrypts it.",
        f"{_DOCS}/AmazonRDS/latest/UserGuide/USER_ExportSnapshot.Setup.html",
    ),
    known_row(
        r"rds:create(?:db|dbcluster)snapshot$",
        r"\bDeleteDB(?:Instance|Cluster)\b|\bdelet(?:e|ing) (?:RDS )?(?:DB )?(?:Instance|Cluster)",
        "The deletion makes a final snapshot, which this action allows. Where nobody needs the snapshot, leave it out: "
        "skip_final_snapshot = true in Terraform, --skip-final-snapshot. Otherwise allow it on the database and on the "
        "snapshot (db:NAME and snapshot:NAME).",
        f"{_DOCS}/AmazonRDS/latest/APIReference/API_DeleteDBInstance.html",
    ),
    known_row(
        r"rds:(?:restoredbinstance\w+|createdbinstance)$",
        r"",
        "RDS checks the instance and what it uses: db:NAME, subgrp:GROUP, and where they are set pg:GROUP and "
        "og:GROUP (restoring also snapshot:NAME). Tags need rds:AddTagsToResource.",
        f"{_SAR}/list_amazonrds.html",
    ),
)
_MESSAGES: tuple[Known, ...] = (
    known_row(
        r"sns:publish$",
        r"(?:resource:?\s*|PhoneNumber\W{1,4})\+\d{7,15}|\bPhoneNumber\b",
        'An SMS to a phone number has no topic: sns:Publish must be allowed on Resource "*"; a statement that names '
        "topics does not cover it.",
        f"{_DOCS}/sns/latest/dg/sns-using-identity-based-policies.html",
    ),
    known_row(
        r"sqs:(?:startmessagemovetask|listmessagemovetasks|cancelmessagemovetask)$",
        r"",
        "A redrive needs sqs:StartMessageMoveTask, ReceiveMessage, DeleteMessage and GetQueueAttributes on "
        "the dead-letter queue, sqs:SendMessage on the destination, and kms:Decrypt and GenerateDataKey for "
        "encrypted queues.",
        f"{_DOCS}/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html",
    ),
    known_row(
        r"events:putevents$",
        r"",
        "PutEvents is checked on the event bus (event-bus/NAME). Another account's bus needs both: this "
        "action in the caller's policies, and the bus's own policy.",
        f"{_DOCS}/eventbridge/latest/userguide/eb-event-bus-perms.html",
    ),
    known_row(
        r"ses:send(?:raw|bulk|templated)?email$",
        r"configuration-set/",
        "The email is sent with a configuration set, perhaps the identity's default one: SES checks the action on "
        "identity/… and on configuration-set/NAME. Allow both.",
        f"{_SAR}/list_amazonsesv2.html",
    ),
    # Directus, "Email" (https://directus.io/docs/configuration/email): EMAIL_VERIFY_SETUP.
    known_row(
        r"ses:send(?:raw)?email$",
        r"identity/invalid@invalid\b(?!\.)",
        "No mail was refused: invalid@invalid is the made-up sender of the program's own test at its start. Real "
        "senders are checked on their own identities. Turn the test off (Directus: EMAIL_VERIFY_SETUP=false), or allow "
        "the action on that identity, too.",
        "https://directus.io/docs/configuration/email",
        who=Who.CALLER,
    ),
    known_row(
        r"ses:sendrawemail$",
        r"",
        "SMTP and most libraries send with ses:SendRawEmail, not with ses:SendEmail: allow both on the identity.",
        f"{_DOCS}/ses/latest/dg/control-user-access.html",
    ),
    known_row(
        r"mediaconvert:createjob$|iam:passrole$",
        r"MediaConvert",
        "A job is given a role for its files: the caller needs mediaconvert:CreateJob and iam:PassRole on "
        "that role, which must trust mediaconvert.amazonaws.com.",
        f"{_DOCS}/mediaconvert/latest/ug/iam-role.html",
    ),
    known_row(
        r"logs:putsubscriptionfilter$",
        r":logs:[\w-]+:\d{12}:destination:",
        "The access policy of the destination does not list the account of the caller: add it there, in the "
        "destination's account (aws logs put-destination-policy, or the parameter of the stack that made it). The "
        "caller's own policies are enough only with that.",
        f"{_DOCS}/AmazonCloudWatch/latest/logs/CrossAccountSubscriptions.html",
        who=Who.RESOURCE_OWNER,
        layers=("", "resource"),
    ),
    known_row(
        r"logs:putsubscriptionfilter$",
        r"",
        "A filter to Kinesis or Firehose also needs iam:PassRole on the role that CloudWatch Logs uses. A "
        "destination of another account needs its destination policy, and the action on the destination too.",
        f"{_DOCS}/AmazonCloudWatch/latest/logs/SubscriptionFilters.html",
        gone=r":logs:[\w-]+:\d{12}:destination:",
    ),
    known_row(
        r"logs:(?:createlogdelivery|putresourcepolicy|describeresourcepolicies|listlogdeliveries|getlogdelivery|updatelogdelivery|deletelogdelivery)$",
        r"",
        "Turning on a service's logs needs the caller to have logs:CreateLogDelivery, GetLogDelivery, "
        "UpdateLogDelivery, DeleteLogDelivery, ListLogDeliveries, PutResourcePolicy, DescribeResourcePolicies "
        'and DescribeLogGroups, all on "*".',
        f"{_DOCS}/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-CWL.html",
    ),
    known_row(
        r"logs:describeloggroups$",
        r"",
        'logs:DescribeLogGroups lists groups: allow it on Resource "*" (or log-group:*), not on a single log group.',
        f"{_SAR}/list_amazoncloudwatchlogs.html",
    ),
)
_NETWORK: tuple[Known, ...] = (
    known_row(
        r"ec2:createvpcendpoint$",
        r"",
        "EC2 checks the VPC, the endpoint and each subnet, security group and route table. With private DNS "
        "also allow route53:AssociateVPCWithHostedZone, and with tags ec2:CreateTags on vpc-endpoint/*.",
        f"{_DOCS}/vpc/latest/privatelink/security_iam_id-based-policy-examples.html",
    ),
    known_row(
        r"ec2:createsecuritygroup$",
        r"",
        "EC2 checks this on the new security group and on its VPC: allow security-group/* and vpc/ID, and "
        "ec2:CreateTags on security-group/* for tags.",
        f"{_SAR}/list_amazonec2.html",
    ),
    known_row(
        r"ec2:(?:attach|detach)volume$",
        r"",
        "EC2 checks this on the volume and on the instance: allow it on both (volume/* and instance/*); a "
        "condition on tags must hold for each.",
        f"{_SAR}/list_amazonec2.html",
    ),
    known_row(
        r"ec2:(?:createimage|createsnapshots?)$",
        r"",
        "EC2 checks what is made and what it is made of: CreateImage on image, instance and snapshot, "
        "CreateSnapshot on snapshot and volume. Tags need ec2:CreateTags on the new resource.",
        f"{_SAR}/list_amazonec2.html",
    ),
    known_row(
        r"kms:",
        r"CopySnapshot|CopyImage|ModifySnapshotAttribute|alias/aws/ebs",
        "A snapshot that the AWS managed key (aws/ebs) encrypts cannot be shared with another account: copy it with a "
        "customer managed key. To copy a shared snapshot, the caller needs kms:Decrypt, DescribeKey, CreateGrant and "
        "ReEncrypt* on its key, in both accounts.",
        f"{_DOCS}/ebs/latest/userguide/ebs-modifying-snapshot-permissions.html",
    ),
    known_row(
        r"ec2-instance-connect:sendsshpublickey$",
        r"",
        "Check the instance's ARN and the condition ec2:osuser, which names the login user (ec2-user, "
        "ubuntu). Through an endpoint also allow ec2-instance-connect:OpenTunnel on it.",
        f"{_DOCS}/AWSEC2/latest/UserGuide/ec2-instance-connect-configure-IAM-role.html",
    ),
    known_row(
        r"route53:associatevpcwithhostedzone$|route53:createvpcassociationauthorization$",
        r"",
        "A zone and a VPC of two accounts need two calls: the zone's account "
        "route53:CreateVPCAssociationAuthorization, then the VPC's account "
        "route53:AssociateVPCWithHostedZone. Both also need ec2:DescribeVpcs.",
        f"{_DOCS}/Route53/latest/DeveloperGuide/hosted-zone-private-associate-vpcs-different-accounts.html",
    ),
    known_row(
        r"route53:getchange$",
        r"",
        "The record was already changed; this call only asks for its state: allow route53:GetChange on "
        "arn:aws:route53:::change/*, and not on the hosted zone.",
        f"{_SAR}/list_amazonroute53.html",
    ),
    known_row(
        r"wafv2:(?:dis)?associatewebacl$|elasticloadbalancing:setwebacl$|apigateway:setwebacl$",
        r"",
        "A web ACL is attached with permissions on both sides: wafv2:AssociateWebACL on the web ACL and the "
        "resource, and the resource's own action (elasticloadbalancing:SetWebAcl, apigateway:SetWebACL, "
        "appsync:SetWebACL, cognito-idp:AssociateWebACL). CloudFront uses cloudfront:UpdateDistribution "
        "instead.",
        f"{_DOCS}/waf/latest/developerguide/security_iam_service-with-iam.html",
    ),
    known_row(
        r"vpc-lattice-svcs:",
        r"",
        "VPC Lattice needs both where the service has an auth policy: that policy must allow the caller, and "
        "so must the caller's own policies (vpc-lattice-svcs:Invoke on SERVICE-ARN/*). The request must be "
        "signed for vpc-lattice-svcs.",
        f"{_DOCS}/vpc-lattice/latest/ug/auth-policies.html",
    ),
)
_KEYS: tuple[Known, ...] = (
    known_row(
        r"kms:(?:create|update|delete)alias$",
        r"",
        "KMS checks an alias action on the alias and on its key (kms:UpdateAlias on the old and the new key): "
        "allow it on alias/NAME in IAM, and on the key in IAM or its key policy.",
        f"{_DOCS}/kms/latest/developerguide/alias-access.html",
    ),
    known_row(
        r"kms:createkey$",
        r"",
        'kms:CreateKey takes Resource "*". With tags also allow kms:TagResource, and with a key policy of '
        "your own kms:PutKeyPolicy for later changes.",
        f"{_DOCS}/kms/latest/developerguide/create-keys.html",
    ),
    known_row(
        r"kms:replicatekey$",
        r"",
        "Replicating needs kms:ReplicateKey on the primary key in its Region and kms:CreateKey in the "
        "replica's Region, and the first time iam:CreateServiceLinkedRole for multi-Region keys.",
        f"{_DOCS}/kms/latest/developerguide/multi-region-keys-auth.html",
    ),
    known_row(
        r"kms:creategrant$",
        r"",
        "Services such as EBS, RDS and Lambda make grants in the caller's name: allow kms:CreateGrant on the key, "
        "preferably with kms:GrantIsForAWSResource = true, and kms:Decrypt, kms:DescribeKey and kms:GenerateDataKey*.",
        f"{_DOCS}/kms/latest/developerguide/grants.html",
    ),
    known_row(
        r"secretsmanager:batchgetsecretvalue$",
        r"",
        'BatchGetSecretValue needs secretsmanager:BatchGetSecretValue on "*", secretsmanager:GetSecretValue '
        'on each secret, and with filters secretsmanager:ListSecrets on "*".',
        f"{_DOCS}/secretsmanager/latest/userguide/retrieving-secrets_batch.html",
    ),
    known_row(
        r"secretsmanager:rotatesecret$",
        r"",
        "Rotation needs three things: lambda:InvokeFunction on the rotation function for the caller, "
        "secretsmanager.amazonaws.com in the function's own policy, and for the function's role DescribeSecret, "
        "GetSecretValue, PutSecretValue and UpdateSecretVersionStage on the secret.",
        f"{_DOCS}/secretsmanager/latest/userguide/rotating-secrets-required-permissions-function.html",
    ),
    known_row(
        r"acm-pca:(?:issue|get)certificate$|acm:requestcertificate$",
        r"certificate-?authority(?:/|Arn)|acm-pca:IssueCertificate",
        "A certificate of a private CA needs acm:RequestCertificate and on the CA acm-pca:IssueCertificate "
        "and acm-pca:GetCertificate. For ACM to renew it, the CA must let acm.amazonaws.com do so (a CA "
        "permission).",
        f"{_DOCS}/privateca/latest/userguide/assign-permissions.html",
    ),
)
_OPERATIONS: tuple[Known, ...] = (
    known_row(
        r"ssm:startsession$",
        r"",
        "StartSession is checked on the instance and on the document: allow instance/ID and "
        "document/SSM-SessionManagerRunShell (or the document that the call names). The instance needs "
        "AmazonSSMManagedInstanceCore, and encrypted sessions kms:GenerateDataKey for the caller and "
        "kms:Decrypt for the instance.",
        f"{_DOCS}/systems-manager/latest/userguide/getting-started-restrict-access-quickstart.html",
    ),
    known_row(
        r"ssm:sendcommand$",
        r"",
        "SendCommand is checked on the document and on each instance: allow both document/NAME (AWS's own as "
        "arn:aws:ssm:REGION::document/AWS-…) and instance/ID. The result needs ssm:GetCommandInvocation on *.",
        f"{_SAR}/list_awssystemsmanager.html",
    ),
    known_row(
        r"ssm:startautomationexecution$",
        r"",
        "An automation is checked on the document (automation-definition/NAME:VERSION) and the execution. "
        "With an assume role the caller needs iam:PassRole on it, to ssm.amazonaws.com; without one the steps "
        "use the caller's permissions.",
        f"{_DOCS}/systems-manager/latest/userguide/automation-setup.html",
    ),
    known_row(
        r"(?:ssm:updateinstanceinformation|ssmmessages:\w+|ec2messages:\w+)$",
        r":instance/i-|amazon-ssm-agent|\bi-[0-9a-f]{8,17}\b",
        "The SSM agent calls with the instance's role: attach AmazonSSMManagedInstanceCore to it, or turn on "
        "Default Host Management Configuration.",
        f"{_MANAGED}/AmazonSSMManagedInstanceCore.html",
    ),
    known_row(
        r"backup:(?:startbackupjob|startrestorejob|createbackupselection|startcopyjob)$",
        r"",
        "AWS Backup is given the job's role: the caller also needs iam:PassRole on it, to "
        "backup.amazonaws.com. Restoring an instance with its profile also needs iam:PassRole for that job's "
        "role on the instance's role.",
        f"{_DOCS}/aws-backup/latest/devguide/access-control.html",
    ),
    known_row(
        r"backup:copyintobackupvault$",
        r"",
        "A copy into another account needs backup:CopyIntoBackupVault in the destination vault's access "
        "policy for the source account. Its KMS key must let that account use it; AWS managed keys cannot be "
        "copied across accounts.",
        f"{_DOCS}/aws-backup/latest/devguide/create-cross-account-backup.html",
    ),
    known_row(
        r"s3:",
        r"DataSync (?:location|bucket) access test|assumed-role/[^/\s]+/AwsSync-",
        "DataSync reads and writes S3 with the location's role, which trusts datasync.amazonaws.com: on the "
        "bucket s3:GetBucketLocation, ListBucket and ListBucketMultipartUploads, on objects GetObject, "
        "PutObject, DeleteObject, GetObjectTagging, PutObjectTagging, AbortMultipartUpload and "
        "ListMultipartUploadParts.",
        f"{_DOCS}/datasync/latest/userguide/create-s3-location.html",
    ),
    known_row(
        r"(?:s3|kms):|^$",
        r"\bserver\.transfer\.[\w-]+\.amazonaws\.com|AWS Transfer Family",
        "Transfer Family uses the user's role, cut down by the user's session policy: both must allow "
        "s3:ListBucket and GetBucketLocation on the bucket and s3:GetObject, PutObject and DeleteObject on "
        "the home folder, and for encrypted buckets KMS.",
        f"{_DOCS}/transfer/latest/userguide/requirements-roles.html",
    ),
    known_row(
        r"workspaces:",
        r"workspaces_DefaultRole",
        "WorkSpaces needs the role workspaces_DefaultRole with exactly this name: it trusts "
        "workspaces.amazonaws.com and has AmazonWorkSpacesServiceAccess and "
        "AmazonWorkSpacesSelfServiceAccess. The console creates it.",
        f"{_DOCS}/workspaces/latest/adminguide/workspaces-access-control.html",
    ),
    known_row(
        r"organizations:",
        r"",
        "Most calls of Organizations work only in the management account or a delegated administrator's: "
        "elsewhere they are refused whatever the policies allow. organizations:DescribeOrganization works in "
        "every member account.",
        f"{_DOCS}/organizations/latest/userguide/orgs_permissions_overview.html",
        layers=("",),
    ),
    known_row(
        r"[\w-]+:",
        r"\bSC-\d{12}-pp-|assumed-role/[^/\s]+/servicecatalog\b",
        "A product with a launch constraint is created with the constraint's role, not with the user's permissions. "
        "That role must trust servicecatalog.amazonaws.com and allow the product's actions, CloudFormation's actions, "
        "and s3:GetObject on the template.",
        f"{_DOCS}/servicecatalog/latest/adminguide/constraints-launch.html",
    ),
    known_row(
        r"s3:putreplicationconfiguration$",
        r"",
        "Replication is given a role: the caller also needs iam:PassRole on it, to s3.amazonaws.com. Both "
        "buckets must have versioning.",
        f"{_DOCS}/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html",
    ),
    known_row(
        r"s3:createjob$",
        r"",
        'S3 Batch Operations: s3:CreateJob takes Resource "*", and the caller needs iam:PassRole on the job\'s '
        "role, which trusts batchoperations.s3.amazonaws.com and reads the manifest and writes the report.",
        f"{_DOCS}/AmazonS3/latest/userguide/batch-ops-iam-role-policies.html",
    ),
    known_row(
        r"s3:bypassgovernanceretention$",
        r"",
        "An object under Object Lock in governance mode is deleted only with s3:BypassGovernanceRetention and "
        "the header x-amz-bypass-governance-retention: true. In compliance mode nobody can.",
        f"{_DOCS}/AmazonS3/latest/userguide/object-lock-managing.html",
    ),
    known_row(
        r"cloudfront:createinvalidation$",
        r"",
        "cloudfront:CreateInvalidation is checked on arn:aws:cloudfront::ACCOUNT:distribution/ID, without a "
        "Region; waiting for it needs cloudfront:GetInvalidation too.",
        f"{_SAR}/list_amazoncloudfront.html",
    ),
    known_row(
        r"xray:puttracesegments$|xray:puttelemetryrecords$",
        r"",
        "X-Ray's write actions take Resource \"*\" (AWSXRayDaemonWriteAccess): a function's execution role, a "
        "task role for a sidecar, or the instance's role needs them.",
        f"{_MANAGED}/AWSXRayDaemonWriteAccess.html",
    ),
    known_row(
        r"aps:",
        r"",
        "Amazon Managed Prometheus is checked on the workspace: aps:RemoteWrite to write "
        "(AmazonPrometheusRemoteWriteAccess), aps:QueryMetrics, GetSeries, GetLabels and GetMetricMetadata to "
        "query. The request must be signed for aps.",
        f"{_DOCS}/prometheus/latest/userguide/AMP-and-IAM.html",
    ),
    known_row(
        r"elasticfilesystem:client(?:mount|write|rootaccess)$",
        r"",
        "Mounting needs elasticfilesystem:ClientMount, writing ClientWrite, and root ClientRootAccess on the file "
        "system, for the mounting role (options tls,iam). They may be in its policies or in the file system policy.",
        f"{_DOCS}/efs/latest/ug/iam-access-control-nfs-efs.html",
    ),
)
SERVICES: tuple[Known, ...] = (*_CONTAINERS, *_FUNCTIONS, *_DATA, *_MESSAGES, *_NETWORK, *_KEYS, *_OPERATIONS)
