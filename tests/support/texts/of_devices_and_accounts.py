"""Sentences about devices, models, accounts and monitoring, with what is read from each."""

from __future__ import annotations

OF_DEVICES_AND_ACCOUNTS = [
    (
        "com.aws.greengrass.tes.CredentialRequestHandler: Error in retrieving AwsCredentials from TES (HTTP 403)",
        "does not allow iot:AssumeRoleWithCertificate",
        "Allow iot:AssumeRoleWithCertificate on the ARN of",
    ),
    (
        "com.aws.greengrass.tes.CredentialRequestHandler: Error in retrieving AwsCredentials from TES. "
        "{credentialData=TES responded with status code: 400. Caching response.}",
        "lacks credentials.iot.amazonaws.com",
        "See which role the role alias",
    ),
    (
        "SkipSyncRequestException: software.amazon.awssdk.services.iotdataplane.model.IotDataPlaneException: "
        "null (Service: IotDataPlane, Status Code: 403, Request ID: 1)",
        "does not allow the device to sync the shadow",
        "Allow iot:GetThingShadow, iot:UpdateThingShadow and iot:DeleteThingShadow on",
    ),
    (
        "deploymentStatus: FAILED errorCodes: [DEPLOYMENT_FAILURE, RESOLVE_COMPONENT_CANDIDATES_ACCESS_DENIED]",
        "does not allow greengrass:ResolveComponentCandidates",
        "Allow greengrass:ResolveComponentCandidates in an AWS IoT",
    ),
    (
        "PackageDownloadException: Failed to download artifact name: 's3://b/app.zip'\nCaused by: "
        "software.amazon.awssdk.services.s3.model.S3Exception: null (Service: S3, Status Code: 403, Request "
        "ID: null)",
        "lacks s3:GetObject on the component's artifact",
        "Allow the token exchange role (the",
    ),
    (
        "errorStack: [S3_GET_BUCKET_LOCATION_ACCESS_DENIED]",
        "lacks s3:GetBucketLocation",
        "Allow the token exchange role (the",
    ),
    (
        "awsiot.greengrass_discovery.DiscoveryException: ('Error during discover call: response_code=403', 403)",
        "does not allow greengrass:Discover",
        "Allow greengrass:Discover on the thing's ARN",
    ),
    (
        "Error: Discovery failed (headers: [object Object]) { response_code: 403 }",
        "does not allow greengrass:Discover",
        "Allow greengrass:Discover on the thing's ARN",
    ),
    (
        "awsiot.greengrasscoreipc.model.UnauthorizedError: Principal com.example.App is not authorized to "
        "perform aws.greengrass.ipc.pubsub:aws.greengrass#PublishToTopic on resource a/b",
        "add it to accessControl",
        "Under accessControl name the service (aws.greengrass.ipc.mqttproxy",
    ),
    (
        '{"logLevel":"ERROR","status":"Failure","eventType":"RuleExecution","ruleAction":"KinesisAction",'
        '"details":"Unable to assume role, role arn: arn:aws:iam::111122223333:role/iot-kinesis"}',
        "its trust policy must let iot.amazonaws.com perform sts:AssumeRole",
        "Check whether the role arn:aws:iam::111122223333:role/iot-kinesis exists",
    ),
    (
        "Unable to upload artifacts to S3. Exception: Unable to fetch S3 bucket location: Access Denied",
        "The canary's role lacks s3:GetBucketLocation",
        "Allow the canary's role s3:GetBucketLocation on",
    ),
    (
        "E! [processors.ec2tagger] ec2tagger: Unable to describe ec2 tags for initial retrieval: "
        "UnauthorizedOperation: You are not authorized to perform this operation.",
        "ec2:DescribeTags",
        "Allow that role to perform ec2:DescribeTags",
    ),
    (
        "POST https://dataplane.rum.eu-west-1.amazonaws.com/appmonitors/1a2b 403 (Forbidden)",
        "rum:PutRumEvents",
        "Allow the unauthenticated role of the",
    ),
    (
        '{"Error": {"Code": "400", "Message": "LogDestination acme-flow is undeliverable"}}',
        "The default encryption of the bucket acme-flow",
        "In the bucket's default encryption (SSE-KMS)",
    ),
    (
        "An error occurred (LogDestinationPermissionException) when calling the UpdateLoggingConfiguration "
        "operation: Unable to send logs to a configured logging destination.",
        "Network Firewall cannot send logs",
        "For a bucket, its policy must let",
    ),
    (
        '"KeySigningKeys": [{"Name": "ksk", "Status": "ACTION_NEEDED"}]',
        "dnssec-route53.amazonaws.com",
        "Enable the key or cancel its",
    ),
    (
        "The Lambda function associated with the CloudFront distribution is invalid or doesn't have the "
        "required permissions.",
        "edgelambda.amazonaws.com",
        "The function's execution role must trust",
    ),
    (
        "AWS Control Tower failed: AWSControlTowerExecution role can't be assumed on the account.",
        "the account was closed or suspended",
        "If the account is closed: have",
    ),
    (
        'Serverless Error: Could not locate deployment bucket: "acme-deploys". Error: Access Denied',
        "whoever deploys lacks s3:GetBucketLocation",
        "Allow whoever deploys s3:GetBucketLocation",
    ),
    (
        "Last Error Failed to connect to S3 endpoint. Access Denied. Error Level FATAL; replication task of DMS",
        "DMS could not use S3 with the role of its endpoint",
        "The endpoint's role must trust dms.amazonaws.com",
    ),
    (
        "AWS Control Tower is unable to assume the AWSControlTowerExecution role.",
        "its trust policy does not name the management account",
        "If the role exists in the member account: compare",
    ),
    (
        "The account must have the AWSControlTowerExecution role. Enroll failed",
        "create it there",
        "After a first attempt that failed",
    ),
    (
        "AWS Control Tower cannot create an AWS Config configuration recorder because one already exists.",
        "delete both there",
        "Turning AWS Config off in the",
    ),
    (
        "You can't delete/modify/remove/assign access to permission sets provisioned in the management account",
        "This permission set is assigned in the management account",
        "Make the change with credentials of",
    ),
    (
        "Attributes for access control failed to enable",
        "iam:UpdateAssumeRolePolicy",
        "Allow this action on roles under aws-reserved/sso.amazonaws.com/",
    ),
    (
        "Error: Invalid MFA credentials",
        "SCIM",
        "Look for the user in IAM",
    ),
    (
        "An error occurred (InvalidEmailRoleAccessPolicyException) when calling the SignUp operation: Not allowed.",
        "sending authorization",
        "The identity's policy in SES must",
    ),
    (
        "An error occurred (InvalidIdentityPoolConfigurationException) when calling the "
        "GetCredentialsForIdentity operation: Invalid identity pool configuration. Check assigned IAM roles "
        "for this pool.",
        "The identity pool has no role for this kind of user",
        "See which roles the pool has",
    ),
    (
        "An error occurred (OrganizationAccessDeniedException) when calling the PutOrganizationConfigRule "
        "operation: Only by the administrator.",
        "a delegated administrator of AWS Config",
        "The service principal of the delegation",
    ),
    (
        "An error occurred (InsufficientPermissionsException) when calling the PutRemediationConfigurations "
        "operation: Insufficient.",
        "lacks iam:PassRole on the role of the automation",
        "Allow iam:PassRole on that role with",
    ),
    (
        "An error occurred (DependencyAccessDeniedException) when calling the RequestServiceQuotaIncrease "
        "operation: A dependency has no access.",
        "AWS Support, Organizations, or the creation",
        "A request for a quota needs",
    ),
    (
        "An error occurred (AuthorizationException) when calling the CreateLicense operation: Service role not "
        "found. Consult setup procedures.",
        "License Manager is not set up",
        "Or create the role: aws iam create-service-linked-role",
    ),
    (
        "An error occurred (KmsAccessDenied) when calling the SendMessage operation: The caller doesn't have "
        "the required KMS access.",
        "kms:GenerateDataKey and kms:Decrypt to send",
        "An AWS managed key (alias/aws/sqs) cannot",
    ),
    (
        "Broker status: Critical action required RABBITMQ_INVALID_KMS_KEY",
        "Amazon MQ can no longer use",
        "Enable the key (or cancel its",
    ),
    (
        "Status: Failed, failure reason: CAA_ERROR",
        "CAA record",
        "The record may be on the",
    ),
    (
        "An error occurred (ValidationException) when calling the CreateAgent operation: Failed to assume "
        "agent role. Please check your role permission and trust policy: arn:aws:iam::111122223333:role/agent",
        "its trust policy must let bedrock.amazonaws.com",
        "Compare the conditions of the trust",
    ),
    (
        "An error occurred (accessDeniedException) when calling the InvokeAgent operation: Access denied while "
        "invoking Lambda function arn:aws:lambda:us-east-1:111122223333:function:f. Check the permissions on "
        "the Lambda function and retry your request.",
        "The function's resource-based policy does not let Bedrock invoke it",
        "aws lambda add-permission --function-name FUNCTION --statement-id",
    ),
    (
        "Insufficient permissions for bedrock service role arn:aws:iam::111122223333:role/kb to access S3 "
        "bucket acme-kb. (Service: S3, Status Code: 403)",
        "s3:ListBucket or s3:GetObject on acme-kb",
        "Allow the role arn:aws:iam::111122223333:role/kb to perform",
    ),
    (
        "ClientError: Data download failed: Access denied to s3://acme/train.csv",
        "the job's execution role",
        "Allow the execution role s3:ListBucket on",
    ),
    (
        "An error occurred (KmsKeyValidationException) when calling the StartEntitiesDetectionJob operation: "
        "It cannot be validated.",
        "Comprehend could not validate the KMS key",
        "Check the key first (enabled, symmetric",
    ),
    (
        "An error occurred (LicenseNotFoundException) when calling the Chat operation: You don't have "
        "permissions to perform the action because your license is inactive.",
        "no active subscription of Amazon Q Business",
        "Assign the subscription to the user",
    ),
    (
        "The provided IAM Role (arn:aws:iam::111122223333:role/kendra-s3) could not be assumed. Please make "
        "sure Amazon Kendra is a trusted entity that is allowed to assume the role.",
        "cannot assume the role arn:aws:iam::111122223333:role/kendra-s3",
        "Add that statement to the trust",
    ),
    (
        "Failed to create log group for job. Please make sure that the IAM role provided has sufficient permissions.",
        "for log groups the index's",
        "The data source's role needs s3:GetObject",
    ),
    (
        "S3_GET_OBJECT_ACCESS_DENIED",
        "lacks s3:GetObject",
        "Allow the token exchange role (the",
    ),
    (
        "GET_DEPLOYMENT_CONFIGURATION_ACCESS_DENIED",
        "greengrass:GetDeploymentConfiguration",
        "Allow greengrass:GetDeploymentConfiguration in an AWS IoT",
    ),
    (
        "GET_COMPONENT_VERSION_ARTIFACT_ACCESS_DENIED",
        "greengrass:GetComponentVersionArtifact",
        "Allow greengrass:GetComponentVersionArtifact in an AWS IoT",
    ),
    (
        "ResolveComponentCandidates failed: GreengrassV2DataException: (Service: GreengrassV2Data, Status Code: 403)",
        "greengrass:ResolveComponentCandidates",
        "Allow greengrass:ResolveComponentCandidates, and greengrass:ListThingGroupsForCoreDevice in an",
    ),
    (
        "An error occurred (InsufficientPermissionsException) when calling the PutConformancePack operation: "
        "Insufficient permissions.",
        "The caller is not allowed to create AWS Config's service-linked role",
        "A custom rule: the function's policy",
    ),
    (
        "An error occurred (InvalidVPCId) when calling the AssociateVPCWithHostedZone operation: The VPC "
        "vpc-0123456789abcdef0 in region eu-west-1 that you provided is not authorized to make the association.",
        "must first authorize vpc-0123456789abcdef0",
        "Both calls also need ec2:DescribeVpcs. Compare",
    ),
    (
        "Invalid Bot configuration: Access denied while invoking lambda function "
        "arn:aws:lambda:eu-west-1:111122223333:function:book from Amazon Lex. Please check the policy on this "
        "function.",
        "does not let Lex invoke it",
        "aws lambda add-permission",
    ),
    (
        "The Lex V2 bot says: Amazon Lex does not have permission to invoke the Lambda function book.",
        "does not let Lex invoke it",
        "--principal lexv2.amazonaws.com",
    ),
    (
        "Bot of lex-models: Access denied while invoking lambda function "
        "arn:aws:lambda:eu-west-1:111122223333:function:book from Amazon Lex.",
        "does not let Lex invoke it",
        "--principal lex.amazonaws.com",
    ),
    (
        "An error occurred (AccessDeniedException) when calling the SendTextMessage operation: "
        "Reason: INSUFFICIENT_ACCOUNT_REPUTATION",
        "ask AWS Support",
        "whatever the caller's policies allow",
    ),
    (
        '"StatusMessage": "Replication failed: Secret name simple/db already exists in region eu-west-1."',
        "exists in eu-west-1 already",
        "overwriting it replaces its value",
    ),
]
