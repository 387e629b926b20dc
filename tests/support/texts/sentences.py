"""Sentences of services that refuse, with what is read from them."""

from __future__ import annotations

from pathlib import Path

from tests.support.texts.json_lines import json_lines
from tests.support.texts.of_application_services import OF_APPLICATION_SERVICES
from tests.support.texts.of_devices_and_accounts import OF_DEVICES_AND_ACCOUNTS
from tests.support.texts.of_operations import OF_OPERATIONS
from tests.support.texts.of_services import OF_SERVICES

CONNECTION = "arn:aws:codeconnections:eu-west-1:444455556666:connection/0c3a1b2d-1111-2222-3333-444455556666"


TEXTS = [
    (
        "An error occurred (InvalidParameterException) when calling the AssociateResourceShare operation: Principal "
        "444455556666 is not in your AWS organization.",
        "RAM does not see this principal in your organization",
        "only RAM's own setting creates it",
    ),
    (
        "An error occurred (InvalidInputException) when calling the CreateJob operation: Role "
        "arn:aws:iam::111122223333:role/etl should be given assume role permissions for Glue Service.",
        "First check whether this is the role that Glue should use",
        "let the role's trust policy name glue.amazonaws.com",
    ),
    (
        "An error occurred (NotAuthorizedException) when calling the GetCredentialsForIdentity operation: Access to "
        "Identity 'eu-west-1:0a1b2c3d-1111-2222-3333-444455556666' is forbidden.",
        "Send a valid token of the identity's login provider",
        "get a new one first",
    ),
    (
        "Error: creating IAM Service Linked Role (OpenSearch.amazonaws.com): InvalidInput: Cannot find Service Linked "
        "Role template for OpenSearch.amazonaws.com",
        "OpenSearch.amazonaws.com is not the service principal",
        "Write the service principal exactly",
    ),
    (
        "Copy job failed because the destination Backup vault is encrypted with the default Backup service managed "
        "key. The contents of this vault cannot be copied.",
        "this vault has AWS Backup's own key",
        "create a vault with a customer managed key",
    ),
    (
        "Copy job failed: Snapshots encrypted with the AWS managed key can't be shared. Specify another snapshot.",
        "The snapshot is encrypted with an AWS managed key",
        "Copy the snapshot with a customer managed key",
    ),
    (
        '{"source":"aws.mediaconvert","detail":{"status":"ERROR","errorCode":1401,"errorMessage":"Unable to open input '
        'file [s3://in/a.mp4]: [Failed probe/open: [Failed to read data: AccessDenied]]"}}',
        "MediaConvert reads and writes with the role of the job",
        "Let the job's role trust mediaconvert.amazonaws.com",
    ),
    (
        "An error occurred (AccessDeniedException) when calling the ListMembers operation: Macie is not enabled.",
        "Macie is not enabled for this account in the Region of the call",
        "enabled separately in each Region",
    ),
    (
        "An error occurred (AccessDeniedException) when calling the ListRegions operation: User: "
        "arn:aws:sts::444455556666:assumed-role/adf/run is not authorized to perform: account:ListRegions (Your "
        "organization must first enable trusted access with AWS Account Management.)",
        "Trusted access for AWS Account Management is not turned on",
        "In the management account, turn on trusted access",
    ),
    (
        "Certificate status FAILED, FailureReason: PCA_ACCESS_DENIED",
        "The private CA does not let ACM",
        "aws acm-pca create-permission",
    ),
    (
        "connector status: FAILED, statusReason: PRIVATECA_ACCESS_DENIED",
        "The connector cannot issue certificates",
        "Then delete the failed connector",
    ),
    (
        "An error occurred (InvalidParameterException) when calling the CreateExportTask operation: GetBucketAcl call "
        "on the given bucket failed. Please check if CloudWatch Logs has been granted permission to perform this "
        "operation.",
        "does not let CloudWatch Logs make GetBucketAcl",
        "Allow logs.REGION.amazonaws.com in the bucket's policy",
    ),
    (
        "$ aws ce get-cost-and-usage --granularity MONTHLY\nAn error occurred (AccessDeniedException) when calling the "
        "GetCostAndUsage operation: User not enabled for cost explorer access",
        "Cost Explorer is not enabled for this account",
        "Open Cost Explorer once in the Billing and Cost Management console",
    ),
    (
        "Query failed with state: FAILED, reason: Insufficient permissions. User is not authorized "
        "to create partitions on Glue catalog . You may need to manually clean the data at location 's3://tmp/1'",
        "it needs glue:CreatePartition, glue:BatchCreatePartition",
        "The S3 location in the message only shows where data may have to be",
    ),
    (
        "Phase PROVISIONING: CLIENT_ERROR: mounting '127.0.0.1:/' failed. permission denied",
        "CodeBuild mounts EFS without IAM authorization",
        "elasticfilesystem:AccessedViaMountTarget",
    ),
    (
        "Phase PROVISIONING: CLIENT_ERROR: mounting '127.0.0.1:/' failed. connection reset by peer",
        "CodeBuild cannot reach the EFS file system",
        "in an Availability Zone that has a mount target",
    ),
    (
        'アクション arn:aws:sns:eu-west-1:444455556666:pager の実行に失敗しました。 "null (Service: AWSKMS; Status '
        'Code: 400; Error Code: AccessDeniedException; Request ID: 1; Proxy: null)"',
        "CloudWatch Alarms is not allowed to use the encryption key of the topic",
        "If the key is the AWS managed one",
    ),
    (
        'Failed to execute action arn:aws:sns:eu-west-1:444455556666:pager. Received error: "null (Service: AWSKMS; '
        "Status Code: 400; Error Code: AccessDeniedException; Request ID: 1)\"\nthe topic's key: alias/aws/sns",
        "encrypted with the AWS managed key alias/aws/sns, whose policy nobody can change",
        "cannot be changed",
    ),
    (
        '"actionState":"Failed","error":"null (Service: AWSKMS; Status Code: 400; Error Code: AccessDeniedException; '
        'Request ID: 1)","notificationResource":"arn:aws:sns:eu-west-1:444455556666:pager"',
        "the key policy must allow cloudwatch.amazonaws.com",
        "kms:GenerateDataKey* and kms:Decrypt",
    ),
    (
        'Resource handler returned message: "Encountered a permissions error performing a tagging operation, please '
        'add required tag permissions. Resource handler returned message: "Access Denied (Service: S3, Status Code: '
        '403, Request ID: 2F)"" (HandlerErrorCode: UnauthorizedTaggingOperation)',
        "the principal that it acts as is not allowed to tag the resource",
        "s3:PutBucketTagging",
    ),
    (
        "Error: The policy's default version was not created by enhanced zero click role creation or was not the most "
        "recent version created by enhanced zero click role creation.",
        "No permission of the caller is missing",
        "clear “Allow CodeBuild to modify this service role",
    ),
    (
        "BUILD_CONTAINER_UNABLE_TO_PULL_IMAGE: Unable to pull customer's container image. "
        "444455556666.dkr.ecr.eu-west-1.amazonaws.com/build:1 AccessDeniedException",
        "CodeBuild cannot pull the build image from ECR",
        "codebuild.amazonaws.com",
    ),
    (
        "Error calling GetBucketAcl: Either the bucket owner has changed or the service role no longer has permission "
        "to called s3:GetBucketAcl",
        "a different owner now",
        "s3:GetBucketLocation",
    ),
    (
        "Could not access the CodeCommit repository shop-web. Make sure that the pipeline IAM role has sufficient "
        "permissions to access the repository.",
        "The pipeline's service role lacks CodeCommit permissions on the repository shop-web",
        "codecommit:UploadArchive",
    ),
    (
        "Failed to pull your application image. Be sure you configure your service with a valid access role to your "
        "ECR repository.",
        "not with the instance role",
        "build.apprunner.amazonaws.com",
    ),
    (
        'ERRORS AUTH_FAILURE Method=publickey User=joe Message="Unable to AssumeRole" SourceIP=192.0.2.8',
        "transfer.amazonaws.com perform sts:AssumeRole",
        "trust policy of the user's role",
    ),
    (
        "ValidationException: Knowledge base role arn:aws:iam::444455556666:role/kb is not able to call specified "
        "bedrock embedding model arn:aws:bedrock:eu-west-1::foundation-model/amazon.titan-embed-text-v2:0: Access "
        "denied",
        "cannot call the embedding model",
        "bedrock:InvokeModel",
    ),
    (
        "InvalidS3ObjectException: Unable to get object metadata from S3. Check object key, region and/or access "
        "permissions.",
        "reads the S3 object with the caller's permissions",
        "s3:GetObject",
    ),
    (
        "InvalidRequestException: Provided Input S3 location could not be accessed by the data access role",
        "The job's data access role",
        "comprehend.amazonaws.com",
    ),
    ("Permission denied on S3 path: s3://lake/x", "is not allowed to read the data at s3://lake/x", "Lake Formation"),
    (
        'HTTP 403 {"message":"Access Denied"} from https://c1.credentials.iot.eu-west-1.amazonaws.com/role-aliases/x',
        "AWS IoT gave the device no credentials",
        "iot:AssumeRoleWithCertificate",
    ),
    (
        "Access was denied. Ensure that the trust policy for the provided IAM role allows Firehose to assume the "
        "role, and "
        "the access policy allows access to the S3 bucket. errorCode S3.AccessDenied",
        "the role of the Firehose stream",
        "firehose.amazonaws.com",
    ),
    (
        "ERROR 63985 (HY000): S3 API returned error: Access Denied: Both aurora_load_from_s3_role and "
        "aws_default_s3_role "
        "are not specified, please see documentation for more details",
        "The Aurora cluster has no role for S3",
        "aws rds add-role-to-db-cluster",
    ),
    (
        "error calling RequestManagedInstanceRoleToken: AccessDeniedException: Systems Manager's instance management "
        "role "
        "is not configured for account: 222233334444",
        "The instance has no role for Systems Manager",
        "AmazonSSMManagedInstanceCore",
    ),
    (
        "Error: creating CloudWatch Logs Log Group (flow): AccessDeniedException: The specified KMS key does not exist "
        "or is not allowed to be used with Arn 'arn:aws:logs:eu-west-2:111122223333:log-group:flow'",
        "add a statement for logs.eu-west-2.amazonaws.com to the key policy",
        "kms:EncryptionContext:aws:logs:arn is arn:aws:logs:eu-west-2:111122223333:log-group:flow",
    ),
    *(
        (
            f"  Conditions:\n    Message:  Controller isn't authorized to call {called}\n"
            f"    Reason:   {called.removeprefix('ec2:')}AuthCheckFailed\n    Type: ValidationSucceeded",
            f"dry run of {called.removeprefix('ec2:')} that Karpenter's controller",
            "to another Karpenter version",
        )
        for called in ("CreateFleet", "ec2:CreateLaunchTemplate", "ec2:RunInstances")
    ),
    (
        "app failed: Error: app: SSM parameter /cdk-bootstrap/hnb659fds/version not found. Has the environment been "
        "bootstrapped? Please run 'cdk bootstrap'",
        "finds no bootstrap stack",
        "never bootstrapped",
    ),
    (
        "current credentials could not be used to assume 'arn:aws:iam::111122223333:role/cdk-hnb659fds-deploy-role-"
        "111122223333-eu-south-2', but are for the right account. Proceeding anyway.\n\n \u274c  Edge failed: SSM "
        "parameter /cdk-bootstrap/hnb659fds/version not found. Has the environment been bootstrapped? Please run 'cdk "
        "bootstrap'",
        "run cdk bootstrap aws://111122223333/eu-south-2. ",
        "the refused AssumeRole needs no other change",
    ),
    (
        "ERROR:  credentials stored with the database cluster can't be accessed\nHINT:  Has the IAM role Amazon "
        'Resource Name (ARN) been associated with the feature-name "s3Export"?',
        "no role that it can use for this feature",
        "its trust policy must let rds.amazonaws.com assume the role",
    ),
    (
        "current credentials could not be used to assume 'arn:aws:iam::111122223333:role/cdk-team7-deploy-role-"
        "111122223333-eu-south-2', but are for the right account. Proceeding anyway.\n\n \u274c  Edge failed: SSM "
        "parameter /cdk-bootstrap/team7/version not found. Has the environment been bootstrapped? Please run 'cdk "
        "bootstrap'",
        "run cdk bootstrap aws://111122223333/eu-south-2 --qualifier team7. ",
        "cdk bootstrap aws://111122223333/eu-south-2 --qualifier team7, with the options",
    ),
    (
        "Api: start: Publishing 8c2f:111122223333-eu-west-1\ncurrent credentials could not be used to assume "
        "'arn:aws:iam::111122223333:role/cdk-hnb659fds-file-publishing-role-111122223333-eu-west-1', but are for the "
        "right account. Proceeding anyway.\nApi: fail: No bucket named 'cdk-hnb659fds-assets-111122223333-eu-west-1'. "
        "Is account 111122223333 bootstrapped?",
        "not bootstrapped in eu-west-1: run cdk bootstrap aws://111122223333/eu-west-1",
        "each account and Region must be bootstrapped separately",
    ),
    (
        "Api: fail: No ECR repository named 'cdk-acme-container-assets-111122223333-us-gov-west-1' in account "
        "111122223333. Is this account bootstrapped?",
        "not bootstrapped in us-gov-west-1",
        "somebody deleted the resources that it created",
    ),
    (
        'Error: This stack uses assets, so the toolkit stack must be deployed to the environment (Run "cdk bootstrap '
        'aws://unknown-account/unknown-region")',
        "finds no bootstrap stack",
        "never bootstrapped",
    ),
    (
        "Switch Role\nAccount ID 111122223333\nIAM role name Finance\n( ! ) Invalid information in one or more fields. "
        "Check your information or contact your administrator.",
        "does not say why",
        "the console sends no external ID",
    ),
    (
        "Could not switch roles using the provided information. Please check your settings and try again.",
        "the role's trust policy does not accept this caller",
        "letter case matters",
    ),
    (
        "An error occurred (ValidationException) when calling the InvokeModel operation: Invocation of model ID "
        "anthropic.m-1 with on-demand throughput isn't supported. Retry your request with the ID or ARN of a "
        "inference profile.",
        "only through an inference profile",
        "Call the inference profile",
    ),
    (
        "An error occurred (ResourceNotFoundException) when calling the InvokeModel operation: Access denied. This "
        "Model is marked by provider as Legacy and you have not been actively using the model in the last 30 days.",
        "marked it Legacy",
        "change the model ID",
    ),
    (
        "ResourceNotFoundException: Model use case details have not been submitted for this account. Fill out the "
        "Anthropic use case details form before using the model.",
        "use-case form",
        "PutUseCaseForModelAccess",
    ),
    (
        "An error occurred (ValidationException) when calling the CreateAgentRuntime operation: Access denied while "
        "validating the image. The execution role requires permissions for ecr:GetAuthorizationToken, "
        "ecr:BatchGetImage, and ecr:GetDownloadUrlForLayer operations.",
        "execution role lacks ecr:GetAuthorizationToken, ecr:BatchGetImage",
        "Allow the execution role ecr:GetAuthorizationToken",
    ),
    (
        "AccessDeniedException: cannot start the job. Your service role must have permission to perform: "
        "s3:GetObject, s3:ListBucket.",
        "service role lacks s3:GetObject, s3:ListBucket",
        "Allow the service role",
    ),
    (
        "AccessDeniedException: Operation is being called from endpoint eu-west-2, but your identity region is "
        "eu-west-1. Please use the eu-west-1 endpoint.",
        "went to eu-west-2",
        "endpoint of eu-west-1",
    ),
    (
        "An error occurred (AccessDeniedException) when calling the ListUsers operation: Operation is being called "
        "from endpoint ap-south-1, but your identity region is us-east-1. Please use the us-east-1 endpoint.",
        "identity Region in this service is us-east-1",
        "do not create this resource in ap-south-1",
    ),
    (
        "Error: putting WAFv2 WebACL Logging Configuration: WAFLogDestinationPermissionIssueException: Unable to "
        "deliver logs to the configured destination. You might need to grant log delivery permissions.",
        "does not let delivery.logs.amazonaws.com write",
        "resource policy of CloudWatch Logs",
    ),
    (
        'CREATE_FAILED | AWS::ApiGateway::Stage | Resource handler returned message: "CloudWatch Logs role ARN must be '
        'set in account settings to enable logging (Service: ApiGateway, Status Code: 400)"',
        "account settings name no CloudWatch Logs role",
        "AmazonAPIGatewayPushToCloudWatchLogs",
    ),
    (
        "sls deploy\nInvalidParameterValueException: The provided execution role does not have permissions to call "
        "GetRecords on Kinesis",
        "execution role lacks",
        "AWSLambdaKinesisExecutionRole",
    ),
    (
        'CREATE_FAILED AWS::Lambda::EventSourceMapping Map Resource handler returned message: "The function execution '
        'role does not have permissions to call SendMessage on SQS (Service: Lambda, Status Code: 400)"',
        "execution role lacks",
        "whoever deploys the function does not need this permission",
    ),
    (
        "Cannot access stream arn:aws:dynamodb:eu-west-1:444455556666:table/t/stream/2026-01-01T00:00:00.000. Please "
        "ensure the role can perform the GetRecords, GetShardIterator, DescribeStream, and ListStreams Actions on "
        "your stream in IAM.",
        "on the stream",
        "own execution role",
    ),
    (
        "Cannot access stream arn:aws:kinesis:eu-west-1:444455556666:stream/s. Please ensure the role can perform the "
        "GetRecords, GetShardIterator, DescribeStream, ListShards, and DescribeStreamSummary Actions on your stream.",
        "kinesis:GetRecords",
        "AWSLambdaKinesisExecutionRole",
    ),
    (
        '{"Message":"Forbidden. For troubleshooting Function URL authorization issues, see: https://docs.aws.example"}',
        "does not allow the caller",
        "lambda:InvokeFunctionUrl and lambda:InvokeFunction",
    ),
    (
        "AccessDeniedException: Model access is denied due to IAM user or service role is not authorized to perform "
        "the required AWS Marketplace actions (aws-marketplace:ViewSubscriptions, aws-marketplace:Subscribe)",
        "aws-marketplace:Subscribe",
        "once for each model",
    ),
    (
        f"[GitHub] Unable to use Connection: {CONNECTION}. The provided role does not have sufficient permissions.",
        "service role of the pipeline",
        "codeconnections:UseConnection",
    ),
    (
        f"OAuthProviderException: User is not authorized to access connection {CONNECTION}",
        "build project's service role",
        "GetConnectionToken",
    ),
    (
        "InvalidArgumentException: Access was denied when calling Glue. Please ensure that the role specified in the "
        "data format conversion configuration has the necessary permissions.",
        "delivery stream's role",
        "format conversion",
    ),
    (
        "Firehose does not have access to the KMS Key used to encrypt/decrypt the Kinesis Stream. Please grant the "
        "Firehose delivery role access to the key.",
        "kms:Decrypt",
        "source stream is encrypted",
    ),
    (
        "AccessDeniedException: The state machine IAM Role is not authorized to access the Log Destination",
        "state machine's role",
        "logs:CreateLogDelivery",
    ),
    (
        "AccessDeniedException: 'arn:aws:iam::444455556666:role/sm' is not authorized to create managed-rule.",
        "state machine's role",
        "events:PutRule",
    ),
    (
        "InvalidRequestException: Unable to verify/create output bucket athena-out-1",
        "output location",
        "s3:GetBucketLocation",
    ),
    ("Access denied when writing output to url: s3://athena-out-1/q/1.csv", "output location", "s3:PutObject"),
    (
        "EntityNotFound: Resource does not exist or requester is not authorized to access requested permissions.",
        "Lake Formation names two possible reasons",
        "Lake Formation protects",
    ),
    (
        '"statusReason": "MISCONFIGURATION:SERVICE_ROLE_PERMISSIONS - Batch service role has a permission issue."',
        "Batch's service role",
        "AWSServiceRoleForBatch",
    ),
    (
        "failed to provision volume: rpc error: code = Unauthenticated desc = Access Denied. Please ensure you have "
        "the right AWS permissions: Access denied",
        "EFS CSI driver's controller",
        "AmazonEFSCSIDriverPolicy",
    ),
    (
        'Could not mount "fs-0123456789abcdef0:/": mount.nfs4: access denied by server while mounting 127.0.0.1:/',
        "EFS refused the mount",
        "tls and iam",
    ),
    (
        "Your backup job failed as AWS Backup does not have permission to describe resource arn:aws:s3:::m. Please "
        "review your IAM policies",
        "role of the backup job",
        "AWSBackupServiceRolePolicyForS3Backup",
    ),
    (
        "An error occurred (InvalidArgument) when calling the PutBucketNotificationConfiguration operation: Unable to "
        "validate the following destination configurations",
        "s3.amazonaws.com",
        "aws:SourceArn",
    ),
    ("RULE_ARN: arn:aws:events:eu-west-1:444455556666:rule/r\nERROR_CODE: NO_PERMISSIONS", "EventBridge", "RoleArn"),
    (
        "AccessDeniedFault: The IAM Role arn:aws:iam::444455556666:role/dms-vpc-role is not configured properly.",
        "dms.amazonaws.com",
        "exactly this name",
    ),
    (
        "AuthFailure.ServiceLinkedRoleCreationNotPermitted: The provided credentials do not have permission to create "
        "the service-linked role for EC2 Spot Instances.",
        "AWSServiceRoleForEC2Spot",
        "spot.amazonaws.com",
    ),
    (
        "modifying arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/web/0a1b attributes: "
        "Access Denied for bucket: lb-logs-2. Please check S3bucket permission",
        "The logs could not be delivered",
        "delivery.logs.amazonaws.com",
    ),
    (
        "InvalidConfigurationRequest: Access Denied for bucket: lb-logs-1. Please check S3bucket permission",
        "Elastic Load Balancing",
        "logdelivery.elasticloadbalancing",
    ),
    (
        "Access Denied for LogDestination: flow-logs-1. Please check LogDestination permission",
        "delivery.logs.amazonaws.com",
        "s3:GetBucketAcl",
    ),
    (
        "InsufficientS3BucketPolicyException: Incorrect S3 bucket policy is detected for bucket: trail-1",
        "CloudTrail",
        "cloudtrail.amazonaws.com",
    ),
    (
        "InsufficientDeliveryPolicyException: Insufficient delivery policy to s3 bucket: config-1, unable to write",
        "AWS Config",
        "config.amazonaws.com",
    ),
    ("The role ARN does not have required permissions set to API Gateway", "CloudWatch role", "PushToCloudWatchLogs"),
    (
        "Execution failed due to configuration error: Invalid permissions on Lambda function",
        "API Gateway is not allowed to invoke",
        "apigateway.amazonaws.com",
    ),
    (
        "Could not execute the lambda function. Make sure you have given CloudWatch Logs permission to execute your "
        "function.",
        "CloudWatch Logs invoke",
        "logs.amazonaws.com",
    ),
    (
        "AccessDeniedException: Secrets Manager cannot invoke the specified Lambda function. Ensure that the function "
        "policy grants access",
        "Secrets Manager invoke",
        "secretsmanager.amazonaws.com",
    ),
    ("ERROR: S3ServiceException:Access Denied,Status 403,Error AccessDenied", "COPY or UNLOAD", "IAM_ROLE"),
    (
        "org.apache.kafka.common.errors.SaslAuthenticationException: [0c3a1b2d-1111-2222-3333-444455556666]: Access "
        "denied",
        "Amazon MSK",
        "kafka-cluster:Connect",
    ),
    ("Role does not have permission to publish with SNS", "sns:Publish", "cognito-idp.amazonaws.com"),
    (
        "The IAM role arn:aws:iam::444455556666:role/cd does not give you permission to perform operations in the "
        "following AWS service: AmazonAutoScaling.",
        "service role lacks",
        "AWSCodeDeployRole",
    ),
    (
        "The IAM role ARN value is invalid or does not include the required permissions for: ENHANCED_MONITORING",
        "passed to RDS for Enhanced Monitoring",
        "monitoring.rds.amazonaws.com",
    ),
    (
        "IAM role ARN value is invalid or does not include the required permissions for: S3_INTEGRATION",
        "passed to RDS for this feature",
        "rds.amazonaws.com",
    ),
    (
        "The caller does not have permissions to create a service-linked role for Amazon OpenSearch Service.",
        "iam:CreateServiceLinkedRole",
        "first time",
    ),
    (
        "An error occurred (AccessDeniedException) when calling the UpdateFunctionCode operation: Lambda does not have "
        "permission to access the ECR image. Check the ECR permissions.",
        "not use the function's execution role",
        'Principal {"Service": "lambda.amazonaws.com"}',
    ),
    (
        "Mounting arguments: -t s3files -o tls fs-0abc:/ /data\nmount.nfs4: access denied by server while mounting "
        "127.0.0.1:/",
        "s3files:ClientMount",
        "AmazonS3FilesClientFullAccess",
    ),
    (
        'failed to provision volume: Could not create volume "pvc-1": IdempotentParameterMismatch: The client token '
        "you "
        "have provided is associated with a resource that is already deleted.",
        "EBS accepted the volume and then deleted it",
        "kms:CreateGrant on the key",
    ),
    (
        "GroupAuthorizationException: Not authorized to access group: billing\n"
        "b-1.hub.kafka.eu-west-1.amazonaws.com:9098\n"
        "AlterGroup, DescribeGroup on arn:aws:kafka:eu-west-1:111122223333:topic/hub/0b1f5c9e-s1/*",
        "never matches",
        "group/CLUSTER/UUID/GROUP",
    ),
    (
        "GroupAuthorizationException: Not authorized to access group: billing\n"
        "AlterGroup on arn:aws:kafka:eu-west-1:111122223333:group/hub/*/bill*",
        "consumer group",
        "kafka-cluster:AlterGroup",
    ),
    (
        "GroupAuthorizationException: Not authorized to access group: billing\nsasl.mechanism=AWS_MSK_IAM",
        "consumer group",
        "kafka-cluster:AlterGroup",
    ),
    (
        '{"status":"FAILURE","delivery":{"destination":"arn:aws:sqs:eu-west-1:444455556666:q","providerResponse":'
        '"{\\"ErrorCode\\":\\"KMS.AccessDeniedException\\"}"}}',
        "KMS refused the delivery",
        "sns.amazonaws.com",
    ),
    (
        '{"status":"FAILURE","delivery":{"destination":"arn:aws:sqs:eu-west-1:444455556666:q","providerResponse":'
        '"{\\"ErrorCode\\":\\"KMS.AccessDeniedException\\"}"}} KmsMasterKeyId: alias/aws/sqs',
        "whose policy nobody can change",
        "SSE-SQS",
    ),
    (
        "AccessDeniedException: Your access has been denied by S3, please make sure your request credentials have "
        "permission to GetObject for build/app.zip. S3 Error Code: AccessDenied.",
        "with the caller's permissions",
        "build/app.zip exists",
    ),
    (
        "Failed to copy snapshot: Given key ID is not accessible. You must have DescribeKey permissions on the default "
        "CMK.",
        "a KMS key: the source's key",
        "kms:CreateGrant",
    ),
    (
        "ValidationException: Could not access model data at s3://models/a.tar.gz. Please ensure that the role exists.",
        "with the model's execution role",
        "s3:GetObject on the file",
    ),
    (
        "Insufficient permissions to execute the query. Principal does not have any privilege on specified resource",
        "Lake Formation has no grant",
        "SELECT and DESCRIBE",
    ),
    (
        'Received error: "CloudWatch Alarms does not have authorization to access the SNS topic encryption key."',
        "not allowed to use the encryption key of the topic",
        "cloudwatch.amazonaws.com",
    ),
    (
        "ClusterAuthorizationException: Cluster authorization failed.\nenable.idempotence=true\n"
        "sasl.mechanism=AWS_MSK_IAM",
        "kafka-cluster:WriteDataIdempotently",
        "enable.idempotence=false",
    ),
    (
        "CREATE_FAILED AWS::Lambda::Function The function does not have permission to access the specified image.",
        "does not let lambda.amazonaws.com pull the image",
        "ecr:GetDownloadUrlForLayer",
    ),
    (
        "accessDeniedException when calling the InvokeAgent operation: Access denied when calling Bedrock. Check your "
        "request permissions and retry the request. (streamFinalResponse=True)",
        "The agent's service role most likely lacks an action",
        "bedrock:InvokeModelWithResponseStream",
    ),
    (
        "InvalidKMSResourceException: The grant for the CMK to this delivery stream might have been revoked or caller "
        "might not have sufficient permissions for the CMK.",
        "grant on it is missing",
        "start-delivery-stream-encryption",
    ),
    (
        "Account 444455556666 should have 'StackSetExec' role with trust relationship to Role 'StackSetAdmin'.",
        "found no role StackSetExec in account 444455556666 that trusts StackSetAdmin",
        "create the role StackSetExec with the permissions that the stack needs",
    ),
    (
        "NonExistentQueue: The specified queue does not exist or you do not have access to it.",
        "Compare the account, the Region and the name in the URL",
        "has the same values as arn:aws:sqs:REGION:ACCOUNT:NAME",
    ),
    (
        "AWS Backup: Your backup job failed. Insufficient privileges to perform this action.",
        "AWS Backup uses the role that the backup plan or job names",
        "AWSBackupServiceRolePolicyForBackup",
    ),
    (
        "You Need Permissions\nYou don't have permission to access billing information for this account.",
        "only the account's root user can activate it",
        "activate “IAM user and role access to Billing information”",
    ),
    (
        "403 AccessDeniedException: Invalid API Key format: Must start with pre-defined prefix",
        "does not begin like a Bedrock API key",
        "bedrock:CallWithBearerToken",
    ),
    (
        "InvalidParameterValue: Unable to create the resource. Verify that you have permission to create service "
        "linked role.",
        "not allowed to create it",
        "iam:CreateServiceLinkedRole",
    ),
    (
        "TargetInvocationFailed: Not allowed to invoke target arn:aws:firehose:eu-west-1:111122223333:deliverystream/a",
        "deliverystream/a is not allowed to: it needs firehose:PutRecord and firehose:PutRecordBatch",
        "Allow the role of the pipe",
    ),
    (
        "The given region has not been bootstrapped. Sign in to console as a Root user or Admin to complete the "
        "bootstrap process.",
        "an administrator must bootstrap it once",
        "npx cdk bootstrap",
    ),
    (
        "An error occurred (InvalidParameter) when calling the ImportImage operation: The service role imp provided "
        "does "
        "not exist or does not have sufficient permissions",
        "could not use the role imp and does not say why",
        "vmie.amazonaws.com",
    ),
    (
        "An error occurred (AccessDeniedException) when calling the ChatSync operation: User is not authorized for "
        "this "
        "service call.",
        "the credentials that the application asks for",
        "--provided-contexts",
    ),
    (
        "operation error CloudWatch Logs: CreateDelivery, AccessDeniedException: Access Denied for this Delivery "
        "Destination",
        "the destination does not accept the logs",
        "delivery.logs.amazonaws.com",
    ),
    (
        "InvalidLambdaFunctionAssociation: The function execution role must be assumable with "
        "edgelambda.amazonaws.com as "
        "well as lambda.amazonaws.com principals. Update the IAM role and try again.",
        "must let edgelambda.amazonaws.com as well as lambda.amazonaws.com assume it",
        "In the trust policy",
    ),
    (
        "An error occurred (InvalidParameterException) when calling the PutSubscriptionFilter operation: Could not "
        "deliver "
        "test message to specified Firehose stream. Check if the given Firehose stream is in ACTIVE state.",
        "could not deliver a test message to the Firehose target",
        "must trust logs.amazonaws.com",
    ),
    (
        "ERROR: HTTP 403. Permission denied. Check bucket arn:aws:s3:::imports\nCONTEXT: SQL function "
        '"table_import_from_s3" statement 1',
        "The role that is attached to the database is not allowed to use the bucket",
        "feature s3Import needs s3:GetObject",
    ),
    (
        '"errorCode":"Lambda.InvokeAccessDenied","errorMessage":"Access was denied. Ensure that the access policy '
        "allows "
        'access to the Lambda function."',
        "The delivery role of the Firehose stream is not allowed to invoke the function",
        "lambda:GetFunctionConfiguration",
    ),
    (
        "An error occurred (InsufficientEncryptionPolicyException) when calling the CreateEventDataStore operation: "
        "Insufficient permissions to access S3 bucket or KMS key arn:aws:kms:eu-west-1:111122223333:key/example",
        "The KMS key of the event data store does not let CloudTrail use it",
        "kms:Decrypt, without aws:SourceArn",
    ),
    (
        "An error occurred (InsufficientEncryptionPolicyException) when calling the CreateTrail operation: "
        "Insufficient "
        "permissions to access S3 bucket trail-logs or KMS key arn:aws:kms:eu-west-1:111122223333:key/1",
        "does not let CloudTrail write",
        "kms:GenerateDataKey*",
    ),
    (
        "sftp kim@s-1.server.transfer.eu-west-1.amazonaws.com\n"
        'remote open("/orders/kim/out/a.edi"): Permission denied\nPolicy: ${transfer:UserName}/*',
        "role and session policy both allow",
        "Write ${transfer:HomeDirectory}/*",
    ),
    (
        "ERROR:  could not upload to Amazon S3\nDETAIL:  Amazon S3 client returned 'Access Denied'.\nCONTEXT:  SQL "
        'function "query_export_to_s3" statement 1',
        "The role that is attached to the database is not allowed to use the bucket",
        "A role for s3Import is not used for exports.",
    ),
    (
        "Copy job 1\nDestination: arn:aws:backup:eu-west-1:444455556666:backup-vault:dr\nStatus message: Access Denied "
        "trying to call AWS Backup service",
        "is not allowed to copy into arn:aws:backup:eu-west-1:444455556666:backup-vault:dr",
        "In account 444455556666, let the access policy",
    ),
    (
        "Copy job failed. Both source and destination account must be a member of the same organization",
        "only between accounts of one organization",
        "turned on cross-account backup",
    ),
    (
        'code=2100 [Unauthorized] message="User arn:aws:sts::444455556666:assumed-role/loader/i-0 has no permissions."',
        "its IAM policies do not allow the call",
        "cassandra:Select on /keyspace/system*",
    ),
    (
        "CreatePodIdentityAssociation: InvalidParameterException: Trust policy of the role provided is invalid",
        "cannot assume this role",
        "Add a statement for pods.eks.amazonaws.com",
    ),
    (
        "Please check the role provided or validity of S3 location you provided. We are unable to get the specified "
        "fileKey: app.jar in the specified bucket: acme-code",
        "cannot read its code app.jar in acme-code",
        "kms:Decrypt on that key",
    ),
    (
        '"message": "Target invocation failed with error from States. Not allowed to invoke '
        'arn:aws:states:eu-west-1:444455556666:stateMachine:orders.", "pipe": "arn:aws:pipes:eu-west-1:4:pipe/p"',
        "arn:aws:states:eu-west-1:444455556666:stateMachine:orders and wait for it",
        "the pipe's role to perform states:StartSyncExecution",
    ),
    (
        'Resource handler returned message: "The specified KMS key does not exist or is not allowed to be used with '
        'LogGroup ..."',
        "add a statement for logs.REGION.amazonaws.com to the key policy",
        "The default key policy",
    ),
    (
        "current credentials could not be used to assume 'arn:aws:iam::xxxxxxxxxxx:role/cdk-hnb659fds-deploy-role-"
        "xxxxxxxxxxx-us-east-1', but are for the right account. Proceeding anyway.\nSSM parameter /cdk-bootstrap/"
        "hnb659fds/version not found. Has the environment been bootstrapped? Please run 'cdk bootstrap'",
        "run cdk bootstrap aws://ACCOUNT/us-east-1",
        "If the bootstrap stack exists",
    ),
    (
        "failed to mount secrets store objects for pod a/b, err: rpc error: code = Unknown desc = us-east-2: Failed to "
        "fetch secret from all regions. Verify secret exists and required permissions are granted for: shop/keys",
        "The secret shop/keys does not exist in us-east-2, or the role",
        "not the node's",
    ),
    (
        "rpc error: code = Unknown desc = Failed to fetch secret from all regions. Verify secret exists and required "
        "permissions are granted for: MySecret",
        "The secret MySecret does not exist in the Region",
        "csi-secrets-store-provider-aws",
    ),
    (
        "Failed: The resource policy for the CloudWatch Logs log group doesn't grant Route 53 permission to create "
        "log streams",
        "The resource policy does not let Route 53 do what it needs (“create log streams”)",
        "aws:SourceAccount",
    ),
    (
        '{"statusReason": "AccessDenied: Amazon Personalize is unable to read bucket data. Check its permissions."}',
        "Amazon Personalize itself could not use bucket data",
        "Allow the role that Amazon Personalize works with",
    ),
    (
        '"DeliverLogsErrorMessage": "Access error", "DeliverLogsStatus": "FAILED"',
        "For a log group, its role lacks permissions",
        "must trust vpc-flow-logs.amazonaws.com",
    ),
    *(
        (
            f"Message returned: AccessDeniedException: Resource is not in the state {state}\nat Object.extractError",
            "The role that waits for the function lacks permissions",
            f"Allow the waiting role to perform {action} on the function",
        )
        for state, action in (
            ("functionActive", "lambda:GetFunctionConfiguration"),
            ("functionUpdatedV2", "lambda:GetFunction"),
        )
    ),
    (
        "QuickSight doesn't have permission to read s3://sales/manifest.json",
        "QuickSight itself lacks the permission",
        "Find the role that QuickSight uses",
    ),
    (
        "Access denied when trying to retrieve the artifact from Amazon S3. Verify that the object exists and that "
        "the pipeline role pipe has permissions.",
        "the object does not exist where the call looked, or a permission is missing",
        "First check whether the object exists",
    ),
    (
        '{"messageType":"TargetInvocationFailed","logLevel":"ERROR","error":{"message":"Target invocation failed with '
        'error from Logs. Not allowed to invoke.","httpStatusCode":400,"awsService":"logs","requestId":"1"}}',
        "The pipe called logs with its execution role, and was refused",
        "logs:PutLogEvents on arn:aws:logs:REGION:ACCOUNT:log-group:NAME:*",
    ),
    (
        '"error": {"httpStatusCode": 400, "awsService": "sqs", "exceptionType": "AccessDenied"}',
        "The pipe called sqs with its execution role",
        "Compare the actions and the Resource of the role's policy",
    ),
    (
        "Unable to create or refresh login credentials due to insufficient permissions. You may be missing permission "
        "for the 'signin:CreateOAuth2Token' action.",
        "attach the AWS managed policy SignInLocalDevelopmentAccess",
        "an SCP or a boundary denies these actions",
    ),
    (
        "[TARGET_LOAD ]E:  Failed to list bucket 'cdc' with error 'AccessDenied' [1001730]  (transfer_client.cpp:592)",
        "DMS could not list the target bucket",
        "Allow the role s3:ListBucket on arn:aws:s3:::BUCKET",
    ),
    (
        'msg="Unable to connect" err="blocks storage: unable to successfully send a request to object storage: '
        'Access Denied"',
        "S3 refused Mimir's check at its start",
        "Allow s3:ListBucket on each bucket",
    ),
    (
        "InternalError: The requested role arn:aws:iam::444455556666:role/rs-s3 is not associated to cluster",
        "associate arn:aws:iam::444455556666:role/rs-s3 with it",
        "aws redshift modify-cluster-iam-roles",
    ),
    (
        "WARNING: Retrying... error=received: 403 Forbidden\nFATAL: received: 403 Forbidden. Request failed with 403",
        "S3 refused the runner's cache",
        "Allow the identity of the runner manager",
    ),
    (
        "The cluster terminated: EMR service role arn:aws:iam::444455556666:role/EMR_DefaultRole is invalid",
        "EMR does not accept the service role arn:aws:iam::444455556666:role/EMR_DefaultRole",
        "aws emr create-default-roles",
    ),
    (
        "Failure using stage area. Cause: [Access Denied (Status Code: 403; Error Code: AccessDenied)]",
        "S3 refused the identity of the stage",
        "Allow the role s3:ListBucket and s3:GetBucketLocation",
    ),
    (
        "PERMISSION_DENIED: AWS IAM role with ARN arn:aws:iam::444455556666:role/uc is non self-assuming.",
        "must also trust the role itself",
        "perform sts:AssumeRole on itself in its own policy",
    ),
    (
        "s3fs: Failed to check bucket and directory for mount point : Invalid "
        "Credentials(host=https://s3.amazonaws.com, "
        "message=AccessDenied: Access Denied)",
        "S3 refused the listing with which s3fs checks the bucket",
        "Allow the identity that mounts the bucket",
    ),
    (
        "[ERROR] Pipeline error {:exception=>#<LogStash::ConfigurationError: Logstash must have the privileges to "
        "write to root bucket `app-logs`, check your credentials or your permissions.>",
        "the root of the bucket app-logs",
        "validate_credentials_on_root_bucket => false leaves the",
    ),
    (
        "error_class=RuntimeError error=\"can't call S3 API. Please check your credentials or s3_region configuration. "
        'error = #<Aws::S3::Errors::Forbidden: >"',
        "S3 refused the listing with which Fluentd checks the bucket",
        "check_apikey_on_start false and check_bucket false",
    ),
    (
        "Datadog is not authorized to perform action sts:AssumeRole Accounts affected: 111122223333 Regions affected: "
        "every region",
        "The integration's role does not let Datadog assume it",
        "Compare the role's name in Datadog's AWS integration",
    ),
    (
        "$ rclone copy f.txt s3:backups/\nERROR : f.txt: Failed to copy: AccessDenied: "
        "Access Denied\n\tstatus code: 403",
        "set no_check_bucket = true",
        "(--s3-no-check-bucket), rclone does not make that call",
    ),
    *OF_SERVICES,
    *OF_APPLICATION_SERVICES,
    (
        "AccessDeniedException: AWS CodeCommit is no longer available to new customers",
        "AWS has closed this service or feature to new customers",
        "it names the alternatives",
    ),
    (
        "AccessDeniedException: Your account isn't registered with AWS Audit Manager.",
        "The account is not registered with the service",
        "Compare the Region of the call",
    ),
    (
        "An error occurred (AccessDeniedException) when calling the DescribeUser operation: no permission\n"
        "Reason: DATA_DISABLED",
        "Access to the directory's data is turned off",
        "IAM_AUTH (a policy of the caller)",
    ),
    (
        "BadRequestException: Feature flag configurations must be accessed via AWS AppConfig Data's "
        "GetLatestConfiguration API",
        "The program calls the old GetConfiguration for feature flags",
        "appconfig:StartConfigurationSession and appconfig:GetLatestConfiguration",
    ),
    (
        "Invalid access token: The access token was previously used and cannot be used again",
        "The tunnel's client access token works only once",
        "--client-mode SOURCE (or DESTINATION, ALL)",
    ),
    (
        '"SSEDescription": {"Status": "ENABLED", "InaccessibleEncryptionDateTime": "2026-11-02T06:00:00+00:00"}',
        "DynamoDB cannot use the table's KMS key since the printed time",
        "Enable the key, cancel its deletion",
    ),
    (
        "GetKey CloudFront KeyValueStore: StatusCode: 403, AccessDeniedException: Authentication failed",
        "CloudFront KeyValueStore did not accept the request's signature or session token",
        "get them from a Regional STS endpoint",
    ),
    (
        "[TARGET_LOAD ]E: Failed to connect to S3 endpoint. Access denied. (of the replication task)",
        "DMS could not use S3 with the role of its endpoint",
        "must trust dms.amazonaws.com",
    ),
    (
        "Enrollment failed: AWS Control Tower is unable to assume the AWSControlTowerExecution role in the account.",
        "Control Tower cannot assume AWSControlTowerExecution in the member account",
        "compare the account in its trust policy with the management account",
    ),
    *((each["text"], each["verdict"], each["cause"]) for each in json_lines(Path(__file__).with_name("of_data.jsonl"))),
    *OF_OPERATIONS,
    *OF_DEVICES_AND_ACCOUNTS,
]
