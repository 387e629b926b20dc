"""Sentences and error codes of services about roles, keys and targets, with what is read from them."""

from __future__ import annotations

OF_SERVICES = [
    (
        "Lambda.AccessDeniedException",
        "The state machine's execution role most likely lacks lambda:InvokeFunction",
        "FUNCTION:ALIAS",
    ),
    (
        "lambda invoke: KMSAccessDeniedException: null",
        "The function's execution role most likely lacks kms:Decrypt",
        "that renews the grant",
    ),
    (
        "KMSAccessDeniedException when calling the PutRecords operation: null",
        "kms:GenerateDataKey to write, kms:Decrypt to read",
        "Another account cannot use the AWS managed key aws/kinesis",
    ),
    (
        "An error occurred (KMSAccessDenied) when calling the Publish operation: null",
        "The sender most likely lacks kms:GenerateDataKey and kms:Decrypt",
        "A service that sends (such as SNS or S3) must be named",
    ),
    (
        "Kms.KMSAccessDeniedException: null",
        "The use of a KMS key was refused, not the service's own action",
        "CloudTrail shows the refused event of kms.amazonaws.com",
    ),
    (
        "RDS Export can't write the export task metadata because it can't assume the IAM role "
        "arn:aws:iam::111122223333:role/exp.",
        "RDS cannot assume the role of the export task. The",
        "The role of the export task must trust",
    ),
    (
        "RDS Export failed to write the export task metadata to the S3 bucket acme using the IAM role "
        "arn:aws:iam::111122223333:role/exp with the KMS key 1234. Error code: AccessDenied",
        "The role of the export task is not allowed to write to the",
        "The role of the export task must trust",
    ),
    (
        "KMS key check failed. Check the credentials on your KMS key and try again.",
        "The export task failed its check: its role is not allowed to use the",
        "The role of the export task must trust",
    ),
    (
        "Failure reasons: Reading the manifest is forbidden: AccessDenied",
        "The role of the S3 Batch Operations job is not allowed to read the",
        "The job's role must trust",
    ),
    (
        "An error occurred (InvalidS3ConfigurationException) when calling the CreateReceiptRule "
        "operation: Could not write to bucket: acme-mail",
        "Amazon SES could not write to the bucket of the receipt",
        "The bucket's policy must allow ses.amazonaws.com",
    ),
    (
        "An error occurred (InvalidSnsTopicException) when calling the CreateReceiptRule operation: Could"
        " not publish to SNS topic: arn:aws:sns:us-east-1:111122223333:mail",
        "Amazon SES could not publish to the topic: most likely the topic's",
        "A topic of another account must allow",
    ),
    (
        "An error occurred (InvalidLambdaFunctionException) when calling the CreateReceiptRule operation:"
        " Could not invoke Lambda function: arn:aws:lambda:us-east-1:111122223333:function:mail",
        "Amazon SES could not invoke the function of the receipt",
        "Add a statement to the function's policy:",
    ),
    (
        "An error occurred (BadRequestException) when calling the CreatePublishingDestination operation: "
        "The request failed because the GuardDuty service principal does not have permission to the KMS "
        "key or the resource specified by the destinationArn parameter.",
        "GuardDuty is not allowed to write its findings: the bucket's policy,",
        "The key's policy must allow",
    ),
    (
        "Access error. The IAM role for your flow log does not have sufficient permissions to send flow "
        "log records to the log group.",
        "The role of the flow log is not allowed to write to the log group, or",
        "The role must trust vpc-flow-logs.amazonaws.com,",
    ),
    (
        "An error occurred (InvalidParameterValue) when calling the CopySnapshot operation: ElastiCache "
        "has not been granted READ_ACP permissions on the S3 Bucket.",
        "The bucket does not let ElastiCache export the snapshot:",
        "In its policy or ACL, the bucket must grant",
    ),
    (
        "ValidationException: The Resource Access Policy specified for the CloudWatch Logs log group "
        "/aws/search does not grant sufficient permissions for Amazon OpenSearch Service to create a log "
        "stream.",
        "The resource policy of CloudWatch Logs does not let",
        "A resource policy must allow es.amazonaws.com",
    ),
    (
        "An error occurred (InsufficientCloudWatchLogsResourcePolicy) when calling the "
        "CreateQueryLoggingConfig operation: The resource policy that you're using does not allow it.",
        "The resource policy of CloudWatch Logs does not let Route",
        "A resource policy in us-east-1 must allow",
    ),
    (
        "ValidationError: Unable to publish test message to notification target "
        "arn:aws:sqs:us-east-1:111122223333:q using IAM role arn:aws:iam::111122223333:role/hook. Please "
        "check your target and role configuration.",
        "Auto Scaling could not publish a test message with the role",
        "The hook's role must trust",
    ),
    (
        "InvalidInputException: Insufficient privileges for accessing data in S3. Please fix bucket "
        "policy on acme-data.",
        "Amazon Personalize is not allowed to read the data in S3: the",
        "The bucket's policy must allow",
    ),
    (
        "An error occurred (InsufficientS3BucketPolicyFault) when calling the EnableLogging operation: "
        "The cluster cannot write to the bucket acme-audit",
        "The bucket's policy does not let Redshift write the",
        "The bucket's policy must allow",
    ),
    (
        "An error occurred (InsufficientSnsTopicPolicyException) when calling the CreateTrail operation: "
        "SNS Topic does not exist or the topic policy is incorrect!",
        "The topic's policy does not let CloudTrail publish to it,",
        "The topic's policy must allow",
    ),
    (
        "An error occurred (UnexpectedLambdaException) when calling the SignUp operation: PreSignUp "
        "invocation failed due to error AccessDeniedException.",
        "Cognito is not allowed to invoke the function of the trigger",
        "Add a statement to the function's policy:",
    ),
    (
        "An error occurred (ValidationException) when calling the RunJobFlow operation: User account is "
        "not authorized to call EC2",
        "Whoever creates the EMR cluster lacks permissions in EC2,",
        "Allow whoever creates the cluster to perform iam:PassRole on the service role and on",
    ),
    (
        "An error occurred (InvalidInputException) when calling the UpdateProject operation: Not authorized to perform "
        "DescribeSecurityGroups",
        "CodeBuild makes this call with the project's service role, not with the caller",
        "The service role needs ec2:DescribeSecurityGroups",
    ),
    (
        "Terminated with errors: Service role arn:aws:iam::111122223333:role/EMR_DefaultRole has "
        "insufficient EC2 permissions",
        "The service role",
        "With AmazonEMRServicePolicy_v2 the cluster must be created with the tag",
    ),
    (
        "An error occurred (ValidationException) when calling the RunJobFlow operation: Invalid "
        "InstanceProfile: EMR_EC2_DefaultRole.",
        "EMR does not accept the instance profile",
        "Give EMR an instance profile that has the same",
    ),
    (
        "Account 111122223333 should have 'AWSCloudFormationStackSetAdministrationRole' role with trust "
        "relationship to CloudFormation service.",
        "CloudFormation found no role",
        "In the administrator account, create the role",
    ),
    (
        "AccessDenied: The default Service-Linked Role for Auto Scaling could not be created.",
        "This account has no service-linked role for Auto Scaling",
        "Somebody with iam:CreateServiceLinkedRole must",
    ),
    (
        "An error occurred (InvalidParameterException) when calling the CreateCluster operation: The "
        "provided role doesn't have the Amazon EKS Managed Policies associated with it. Please ensure the"
        " following policies [arn:aws:iam::aws:policy/AmazonEKSClusterPolicy] are attached",
        "The role that is passed to EKS lacks the managed policies",
        "Attach these policies: AmazonEKSClusterPolicy to a",
    ),
    (
        "AccessDenied: Amazon EKS or one or more of your managed nodes is failing to authenticate or "
        "authorize with your Kubernetes cluster API server.",
        "The Kubernetes API does not accept the nodes' role, or",
        "Give the node's role an access entry of type",
    ),
    (
        "PERMISSION_ACCESS_DENIED: The role associated with your cluster does not grant sufficient "
        "permissions for Amazon EKS to perform required management operations.",
        "The role of the EKS cluster lacks permissions that EKS",
        "Attach AmazonEKSClusterPolicy to the cluster's",
    ),
    (
        '"DBInstanceStatus": "inaccessible-encryption-credentials-recoverable"\nError: the database cannot be started',
        "The database stopped because it can no longer use its KMS",
        "Check the key's state and policy now: enable the",
    ),
    (
        "An error occurred (AccessDeniedForDependencyException) when calling the CreateOrganization "
        "operation: The request failed because your credentials do not have permission to create the "
        "service-linked role required by AWS Organizations.",
        "The caller lacks iam:CreateServiceLinkedRole for",
        "Allow this action with the condition iam:AWSServiceName =",
    ),
    (
        "An error occurred (InvalidCloudWatchLogsRoleArnException) when calling the UpdateTrail "
        "operation: Access denied. Check the permissions for your role.",
        "CloudTrail cannot use the role for CloudWatch Logs: it does",
        "The role must trust cloudtrail.amazonaws.com, and",
    ),
    (
        "An error occurred (InsufficientDependencyServiceAccessPermissionException) when calling the "
        "CreateTrail operation: You do not have the permission.",
        "An organization's trail needs permissions in Organizations",
        "Allow the caller",
    ),
    (
        "An error occurred (CloudTrailAccessNotEnabledException) when calling the CreateTrail operation: "
        "CloudTrail is not enabled for trusted access.",
        "Trusted access for the service is not turned on in",
        "In the management account, turn on trusted access: aws",
    ),
    (
        "An error occurred (KMSKeyNotAccessibleFault) when calling the CreateDBInstance operation: The "
        "specified KMS key [alias/db] does not exist, is not enabled or you do not have permissions to "
        "access it.",
        "The KMS key cannot be used: it does not exist in this",
        "Check the key's ARN, Region and state. The caller",
    ),
    (
        "An error occurred (SNSNoAuthorization) when calling the CreateEventSubscription operation: The "
        "topic refused the subscription.",
        "The topic's policy does not let the service, or the caller, publish",
        "The topic's policy must allow sns:Publish",
    ),
    (
        "An error occurred (S3AccessDeniedFault) when calling the CreateReplicationTask operation: Access"
        " to the object is denied",
        "DMS is not allowed to use the S3 object with the role that it was",
        "The role must trust dms.amazonaws.com, and needs",
    ),
    (
        "An error occurred (EC2AccessDeniedException) when calling the Invoke operation: Lambda was refused by EC2",
        "Lambda is not allowed to set up the function's network interface with",
        "Attach AWSLambdaVPCAccessExecutionRole to the",
    ),
    (
        "An error occurred (EFSMountFailureException) when calling the Invoke operation: The function "
        "couldn't mount the EFS file system.",
        "The function could not mount its file system: a permission",
        "Allow the execution role",
    ),
    (
        "An error occurred (WAFServiceLinkedRoleErrorException) when calling the PutLoggingConfiguration "
        "operation: AWS WAF is not able to access the service linked role.",
        "The service-linked role of AWS WAF is locked: a logging",
        "Try again after 20 seconds. If the role was",
    ),
    (
        "An error occurred (ServiceLinkedRoleFailure) when calling the CreateAutoScalingGroup operation: "
        "The service-linked role is not yet ready for use.",
        "The service-linked role was created a moment ago and is not",
        "Make the call again after a minute. Changing a",
    ),
    (
        "An error occurred (ServiceLinkedRoleNotFoundFault) when calling the CreateReplicationGroup "
        "operation: The specified role was not found.",
        "The service-linked role that the service needs does not",
        "Somebody with iam:CreateServiceLinkedRole must",
    ),
    (
        "An error occurred (WorkspacesDefaultRoleNotFoundException) when calling the "
        "RegisterWorkspaceDirectory operation: The role workspaces_DefaultRole could not be found.",
        "The account has no role workspaces_DefaultRole, which the",
        "Create the role with exactly this name: it must",
    ),
    (
        "An error occurred (UnableToAccessSecretException) when calling the CreatePullThroughCacheRule "
        "operation: The secret is unable to be accessed.",
        "Amazon ECR is not allowed to read the secret of the pull through",
        "The secret's name must begin with",
    ),
    (
        "An error occurred (UnmatchedPolicyPermissionException) when calling the "
        "PromoteResourceShareCreatedFromPolicy operation: There is no managed permission.",
        "RAM has no managed permission with the permissions of the",
        "First run aws ram",
    ),
    (
        "An error occurred (InvalidCiphertextException) when calling the Decrypt operation: ",
        "KMS cannot decrypt the data: the key or the encryption",
        "Leave out the key's ID (unless the key is asymmetric), or name",
    ),
    (
        "An error occurred (InvalidKMSKeyException) when calling the StartDocumentAnalysis operation: The"
        " key cannot be used",
        "The KMS key was entered wrongly, or the caller has no",
        "Check the key's ARN and Region, and allow the",
    ),
    (
        "An error occurred (InsufficientPermissionsException) when calling the PutConfigRule operation: "
        "The AWS Lambda function arn:aws:lambda:us-east-1:111122223333:function:r cannot be invoked. "
        "Check the specified function ARN, and check the function's permissions.",
        "AWS Config cannot invoke the function of the rule: the",
        "Add a statement to the function's policy:",
    ),
    (
        "Access denied when accessing /serverless-framework/state/s3-bucket SSM parameter and b S3 bucket.",
        "in us-east-1 whatever the service's Region",
        "Allow ssm:GetParameter on the parameter in us-east-1",
    ),
    (
        'Access denied when storing the parameter "/serverless-framework/deployment/s3-bucket". Please check',
        "names the deployment bucket of the Region",
        "provider.deploymentBucket",
    ),
    (
        "npm ERR! 403 403 Forbidden - GET https://dev-111122223333.d.codeartifact.eu-west-1.amazonaws.com/npm/r/lib",
        "CodeArtifact refused the request to the repository r",
        "A login needs only the domain",
    ),
    (
        "CommandPoller: Cannot reach InstanceService: Aws::CodeDeployCommand::Errors::AccessDeniedException",
        "CodeDeploy refused the agent",
        "Restart the agent",
    ),
]
