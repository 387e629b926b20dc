"""Sentences of the services that run, build and deliver programs, with what is read from each."""

from __future__ import annotations

OF_OPERATIONS = [
    (
        'ClusterHealth issue: code: KMS_KEY_DISABLED message: "The KMS key '
        'arn:aws:kms:us-east-1:111122223333:key/abcd associated with the cluster is disabled." resourceIds: '
        "[arn:aws:kms:...]",
        "The KMS key that encrypts the EKS cluster's secrets is disabled.",
        "Run aws kms enable-key --key-id KEY in the",
    ),
    (
        "aws eks describe-cluster: health issue KMS_KEY_NOT_FOUND We couldn't find the AWS KMS key "
        "associated with your cluster. You must delete and recreate the cluster.",
        "The KMS key that encrypts the EKS cluster's secrets was deleted.",
        "If the key is only pending deletion, cancel the",
    ),
    (
        "aws eks describe-cluster --name c1 --query "
        'cluster.health\n{"issues":[{"code":"KMS_GRANT_REVOKED","message":"The grant for the KMS key has been '
        'revoked","resourceIds":["grant-1"]}]}',
        "The grants with which EKS uses the cluster's KMS key were",
        "A statement in the key policy does not replace",
    ),
    (
        '"code": "STS_REGIONAL_ENDPOINT_DISABLED", "message": "STS regional endpoint is disabled for '
        'ap-south-1" (aws eks describe-cluster health)',
        "The account has deactivated AWS STS in this Region, which EKS",
        "An administrator activates it in the IAM console,",
    ),
    (
        "health issue OPT_IN_REQUIRED of the cluster: Your account doesn't have an Amazon EC2 service subscription.",
        "The account is not subscribed to Amazon EC2, which the EKS",
        "Check the account's settings and its",
    ),
    (
        "aws eks describe-cluster: health KmsKeyMarkedForDeletion: the KMS key of the cluster prod",
        "The KMS key that encrypts the EKS cluster's secrets is",
        "Run aws kms cancel-key-deletion --key-id KEY,",
    ),
    (
        '"health": {"issues": [{"code": "IamRoleNotFound", "message": "The IAM role of the cluster could not '
        'be found", "resourceIds": ["arn:aws:iam::111122223333:role/eks-cluster"]}]}',
        "The EKS cluster's role was deleted: create it again with the same",
        "The role must trust eks.amazonaws.com",
    ),
    (
        "ASSUME_ROLE_ACCESS_DENIED: We couldn't assume the role associated with your cluster to perform "
        "required Amazon EKS management operations. Check the role exists and has the required trust policy.",
        "EKS cannot assume the cluster's role: it was deleted, or its",
        "Check whether the role still exists; if not,",
    ),
    (
        "code: PERMISSION_ACCESS_DENIED (health of the cluster prod)",
        "The role of the EKS cluster lacks permissions that EKS needs",
        "Attach AmazonEKSClusterPolicy to the cluster's",
    ),
    (
        "$ aws eks describe-nodegroup --cluster-name prod --nodegroup-name ng1 --query nodegroup.health\n{\n  "
        '"issues": [\n    {\n      "code": "IamNodeRoleNotFound",\n      "message": "The role with name '
        'eks-ng1-role cannot be found.",\n      "resourceIds": ["eks-ng1-role"]\n    }\n  ]\n}',
        "The IAM role of the managed node group was deleted, or renamed.",
        "Create the IAM role again with the same name and",
    ),
    (
        "IamInstanceProfileNotFound: We couldn't find the IAM instance profile for your managed node group.",
        "The instance profile of the managed node group was deleted, or",
        "Create the instance profile again with the same",
    ),
    (
        "NodeCreationFailure: Instances failed to join the kubernetes cluster. nodegroup ng-1 CREATE_FAILED",
        "The nodes started and did not join the EKS cluster: most often",
        "The node's role needs AmazonEKSWorkerNodePolicy",
    ),
    (
        "An error occurred (ExpiredTokenException) when calling the AssumeRoleForPodIdentity operation: The "
        "specified Kubernetes service account token is expired.",
        "The pod's Kubernetes service account token has expired, so EKS",
        "Kubernetes renews the token in its file: the",
    ),
    (
        "An error occurred (InvalidTokenException) when calling the AssumeRoleForPodIdentity operation: The "
        "specified Kubernetes service account token is invalid.",
        "EKS does not accept the pod's Kubernetes service account token:",
        "Let the Pod Identity webhook mount the token",
    ),
    (
        'eks-pod-identity-agent: level=error msg="Error fetching credentials" error="error getting '
        "credentials to cache: unable to fetch credentials from EKS Auth: operation error EKS Auth: "
        "AssumeRoleForPodIdentity, https response error StatusCode: 404, ResourceNotFoundException: "
        'Requested resource not found"',
        "The pod's service account has no Pod Identity association in this",
        "aws eks create-pod-identity-association",
    ),
    (
        'time="2026-11-04T10:11:12Z" level=error msg="Failed to initiate eks-connector: InvalidActivation: '
        '"\npod eks-connector-0 init container connector-init CrashLoopBackOff',
        "AWS does not accept the EKS Connector's activation: the ID or",
        "Compare activationId and activationCode in the",
    ),
    (
        "Error: creating EKS Fargate Profile (prod:fp): operation error EKS: CreateFargateProfile, https "
        "response error StatusCode: 400, RequestID: x, InvalidParameterException: Misconfigured "
        "PodExecutionRole Trust Policy; Please add the eks-fargate-pods.amazonaws.com Service Principal",
        "The pod execution role's trust policy does not let Fargate assume",
        'Principal {"Service":',
    ),
    (
        "Warning  FailedScheduling  pod/app-7d9  Misconfigured Fargate Profile: fargate profile fp-default "
        "blocked for new launches due to: Pod execution role is not found in auth config or does not have "
        "all required permissions for launching fargate pods.",
        "The cluster does not know the pod execution role of the Fargate",
        "Restore the role's line in aws-auth (username",
    ),
    (
        "2026-03-11 09:12:44 ERROR Instance deployment failed: could not download the source bundle: AccessDenied: "
        "Access Denied status code: 403",
        "The instances of the environment read the source bundle with their instance profile",
        "Attach AWSElasticBeanstalkWebTier",
    ),
    (
        "eb-engine.log: [ERROR] An error occurred during execution of command [app-deploy] - [Download Source]. Stop "
        "running the command. Error: AccessDenied: Access Denied",
        "The instances of the environment read the source bundle with their instance profile",
        "Attach AWSElasticBeanstalkWebTier",
    ),
    (
        "An error occurred (InvalidRequest) when calling the CopyImage operation: You do not have permission to access "
        "the storage of this ami",
        "The image is shared, but the snapshots behind it are not",
        "In the owner's account: aws ec2 modify-snapshot-attribute",
    ),
    (
        "[AppRunner] Failed to copy the image from ECR to App Runner. Reason: Access Denied.",
        "App Runner pulls a private ECR image with the service's access role",
        "Give the service an access role",
    ),
    (
        "ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: stderr: b'mount.nfs4: "
        'access denied by server while mounting 127.0.0.1:/\'\n"authorizationConfig": {"accessPointId": '
        '"fsap-0123456789abcdef0", "iam": "DISABLED"}',
        "The task mounts without its role (iam DISABLED in authorizationConfig)",
        "The task definition mounts without the task role",
    ),
    (
        "InvalidRequestException: Following required service principals [ec2.amazonaws.com] were not found in the "
        "trust relationships of nodeRole role arn:aws:iam::111122223333:role/ng",
        "The trust policy of arn:aws:iam::111122223333:role/ng (nodeRole) must let ec2.amazonaws.com assume it",
        "If the role belongs to something else",
    ),
    (
        "An error occurred (ValidationError) when calling the CreateAutoScalingGroup operation: You are not authorized "
        "to use launch template: lt-0aa11bb22cc33dd44\npolicy: ec2:RunInstances on *; IamInstanceProfile: web",
        "The caller may start instances, and the template has an instance profile",
        "most likely it lacks iam:PassRole on the role",
    ),
    (
        "CreateFileSystem failed: BadRequest: Amazon FSx is unable to validate access to the S3 bucket. Ensure the IAM "
        "role or user you are using has s3:Get*, s3:List* and s3:PutObject permissions to the S3 bucket prefix.",
        "FSx checks the bucket with the permissions of whoever creates the file system",
        "Allow that identity s3:Get*",
    ),
    (
        "An error occurred (InvalidParameterException) when calling the CreateService operation: Unable to assume role "
        "and validate the specified targetGroupArn.",
        "ECS could not look at the target group with the service's role",
        "If the service names no role",
    ),
    (
        "NodeCreationFailure: Instances failed to join the kubernetes cluster\nmapRoles: |\n  - rolearn: "
        "arn:aws:iam::111122223333:role/eks/nodes\n    username: system:node",
        "aws-auth needs the ARN of the nodes' role without its path",
        "In aws-auth, write the role's ARN without its path",
    ),
    (
        "InvalidRequestException: You are not authorized to launch instances with this launch template. Encoded "
        "authorization failure message: WFBz",
        "The caller is not allowed to launch with this launch template",
        "The caller lacks ec2:RunInstances on one of the resources",
    ),
    (
        "CLIENT_ERROR - Your compute environment has been INVALIDATED and scaled down because none of the instances "
        "joined the underlying ECS Cluster. Common issues preventing instances joining are the following: …",
        "The instances start but do not join the ECS cluster",
        "The instances need a way to ECS",
    ),
    (
        "CLIENT_ERROR - Not authorized to perform sts:AssumeRole (Service: AWSSecurityTokenService; Status "
        "Code: 403; Error Code: AccessDenied; Request ID: dc0e2d28-2e99-11e7-b372-7fcc6fb65fe7)\ncompute "
        "environment ce-1 status INVALID",
        "AWS Batch cannot assume the compute environment's service role:",
        "Give the compute environment the role's full ARN",
    ),
    (
        '"status": "INVALID", "statusReason": "CLIENT_ERROR - Parameter: SpotFleetRequestConfig.IamFleetRole '
        "is invalid. (Service: AmazonEC2; Status Code: 400; Error Code: InvalidSpotFleetRequestConfig; "
        'Request ID: 331205f0)"',
        "EC2 cannot use the Spot Fleet role: its name or ARN is wrong, it",
        "Use the role's full ARN (in AWS Batch,",
    ),
    (
        "Unable to download certificate from S3. AccessDenied",
        "The build cannot read the certificate that the project installs",
        "Compare “Bucket of certificate” and “Object key",
    ),
    (
        "AccessDenied: The bucket owner for the report group does not match the owner of the S3 bucket my-reports",
        "The report group names the wrong account as owner of its bucket:",
        "Set bucketOwner of the report group's S3 export",
    ),
    (
        "Unable to verify JobWorker identity",
        "The role that opens the CodeBuild console has a tag with the key",
        "Give the tag a different key, such as jobIdentifier:",
    ),
    (
        "VPC_CLIENT_ERROR: Unexpected EC2 error: UnauthorizedOperation. Build PROVISIONING FAILED",
        "The build project's service role lacks EC2 permissions that a",
        "Allow the project's service role",
    ),
    (
        'CodePipeline service role "arn:aws:iam::111122223333:role/service-role/cp" is getting S3 access '
        'denied for the S3 bucket "codepipeline-us-east-2-1234567890"',
        "S3 does not let the pipeline's service role use the",
        "Allow the service role s3:ListBucket on",
    ),
    (
        "The service role or action role doesn't have the permissions required to access the Amazon S3 "
        "bucket named codepipeline-eu-west-1-60418273915. Update the IAM role permissions, and then try "
        "again.",
        "The role of this action, or else the pipeline's service role, is",
        "Find the role: the action's own roleArn, else the",
    ),
    (
        "Insufficient permissions: Unable to access the artifact with Amazon S3 object key "
        "'app/SourceArti/abc' located in the Amazon S3 artifact bucket 'artifacts'. The provided role does "
        "not have sufficient permissions.",
        "The role of this action (or else the pipeline's service role) is",
        "Find the role: the action's own roleArn, else the",
    ),
    (
        "Deployment failed. The provided role does not have sufficient permissions: Service:AmazonElasticLoadBalancing",
        "The pipeline's service role lacks permissions in",
        "Add the actions of this service to the policy of",
    ),
    (
        "The action failed because either the artifact or the Amazon S3 bucket could not be found. Name of "
        "artifact bucket: art. Verify that this bucket exists. If it exists, check the life cycle policy, "
        "then try releasing a change. InternalError JobFailed",
        "The artifact or its bucket does not exist where the pipeline",
        "Check that the bucket exists in the pipeline's",
    ),
    (
        "Exception while trying to read the task definition artifact file from: SourceArtifact",
        "The pipeline finds no task definition in the artifact, or the",
        "Put the task definition file (taskdef.json) under",
    ),
    (
        "InstanceAgent::Plugins::CodeDeployPlugin::CommandPoller: Missing credentials - please check if this "
        "instance was started with an IAM instance profile",
        "The CodeDeploy agent has no credentials: the instance has no",
        "Attach an instance profile whose role is",
    ),
    (
        "DownloadBundle failed: UnknownError: not opened for reading",
        "The instance could not download the revision: its instance",
        "Allow the instance profile's role s3:GetObject on",
    ),
    (
        "The overall deployment failed because too many individual instances failed deployment, too few "
        "healthy instances are available for deployment, or some instances in your deployment group are "
        "experiencing problems. (Error code: HEALTH_CONSTRAINTS)",
        "Too many instances failed, and this message does not say why. If",
        "Read the failed instance's events: aws deploy",
    ),
    (
        "Launching a new EC2 instance i-0a1b2c3d. Status Reason: Instance failed to complete user's "
        "Lifecycle Action: Lifecycle Action with token 1a2b was abandoned: Heartbeat Timeout",
        "The lifecycle hook's action was not completed before its timeout,",
        "List the group's hooks, and delete those that",
    ),
    (
        "EncryptionKeyAccessDeniedException: User is not authorized for the KMS default master key for "
        "CodeCommit 'aws/codecommit' in your account",
        "CodeCommit could not use the repository's KMS key for this",
        "An SCP, permissions boundary or policy denies",
    ),
    (
        "Deployment d-1 FAILED ErrorInformation: code IAM_ROLE_MISSING, message: The deployment failed "
        "because no service role exists with the service role name specified",
        "CodeDeploy cannot use the deployment group's service role: it was",
        "Check whether the role of the deployment group",
    ),
    (
        "An error occurred (InvalidApprovalTokenException) when calling the PutApprovalResult operation: The "
        "approval request already received a response or has expired.",
        "Somebody has already answered the approval, or the approval has expired.",
        "Take the token of the present approval from aws",
    ),
    (
        "An error occurred (BlockedException) when calling the RunTask operation: Your AWS account was "
        "blocked. For more information, contact AWS Support.",
        "AWS has blocked the account for this service. Only AWS Support",
        "Write to AWS Support (account and billing), which",
    ),
    (
        "PROBLEM: Cluster failed to authorize Lambda.",
        "The Kafka cluster does not let Lambda use the topic or the",
        "IAM access control: allow the execution role",
    ),
    (
        "LastProcessingResult: PROBLEM: Lambda failed to authenticate with the Kafka cluster: SASL "
        "authentication failed. (event source mapping, self-managed Kafka)",
        "Lambda could not sign in to the Kafka cluster: with SASL/SCRAM",
        "SASL/SCRAM or PLAIN: correct username and",
    ),
    (
        "Last processing result: PROBLEM: Server failed to authenticate Lambda. (self managed Kafka trigger)",
        "The Kafka brokers do not accept Lambda's client certificate: none",
        "Set the secret with the client certificate",
    ),
    (
        "Last processing result: PROBLEM: Provided certificate or private key is invalid.",
        "Lambda cannot use the certificate or private key in the secret:",
        "Write certificate and privateKey (and",
    ),
    (
        "An error occurred (InvalidParameterValueException) when calling the CreateEventSourceMapping "
        "operation: Cannot access secret manager value "
        "arn:aws:secretsmanager:eu-west-1:111122223333:secret:mq-abc. Please ensure the role can perform the "
        "'secretsmanager:GetSecretValue' action on your broker in IAM.",
        "The function's execution role is not allowed to read the secret",
        "Add the action to the execution role's policy,",
    ),
    (
        "An error occurred (CodeVerificationFailedException) when calling the UpdateFunctionCode operation: "
        "Lambda cannot deploy the function. The function or layer might be signed using a signature that the "
        "client is not configured to accept. Check the provided signature for "
        "arn:aws:lambda:eu-west-1:111122223333:function:f.",
        "The function's code signing configuration blocks this code: it is",
        "Sign the package (and each layer) with AWS Signer",
    ),
    (
        "InvalidCodeSignatureException: The code signature failed the integrity check (CreateFunction)",
        "The package was changed after it was signed: sign it again, and",
        "Do not unpack, rename or add files after signing.",
    ),
    (
        "An error occurred (PublicPolicyException) when calling the AddPermission operation: The "
        "resource-based policy you tried to add to the Lambda resource would grant public access to it, "
        "which isn't allowed.",
        "The statement would give everybody access to the function, and public",
        "Name the account, role or service (with",
    ),
    (
        "PreconditionFailedException: The RevisionId provided does not match the latest RevisionId. Call the "
        "GetPolicy API to retrieve the latest RevisionId (AddPermission)",
        "Somebody changed the function or its policy since the RevisionId",
        "For AddPermission and RemovePermission the ID",
    ),
    (
        "KmsAccessDeniedException: Either your KMS key policy or API caller does not have the required "
        "permissions. (StartExecution)",
        "The state machine is encrypted with a KMS key, and the caller is",
        "Calls through Step Functions can be limited",
    ),
    (
        '"error": "States.Runtime", "cause": "An error occurred while executing the state \'Call\': '
        'States.Permissions"\nExecutionFailed error: States.Permissions',
        "The state machine's own role lacks permissions for this task;",
        "Read the failed task's event: its cause names the",
    ),
    (
        "TaskTimedOut: Task Timed Out: 'Provided task does not exist anymore' when calling SendTaskSuccess",
        "Step Functions does not accept the task token: it expired, its",
        "Send exactly the token of $$.Task.Token, to the",
    ),
    (
        "Pipe state: CREATE_FAILED StateReason: Pipes does not have required permissions to perform Queue "
        "operations (sqs:ReceiveMessage, sqs:DeleteMessage and sqs:GetQueueAttributes)",
        "The pipe's execution role lacks the actions that the message",
        "Add these actions to the policy of the pipe's role, which",
    ),
    (
        "FailedResourceAccessException: Failed access to resources caused an exception "
        "(application-autoscaling PutScalingPolicy)",
        "Application Auto Scaling could not read the policy's alarms: the",
        "Use the service-linked role (leave out",
    ),
    (
        "Environment must have instance profile associated with it.\n2026-11-01 ERROR Failed to launch environment.",
        "The environment names no instance profile, and Elastic Beanstalk",
        "Create a role for ec2.amazonaws.com with",
    ),
    (
        "ERROR: 2.0+ Platforms require a service role. You can provide one with --service-role option\n$ eb "
        "create my-env",
        "The environment names no service role, which Elastic Beanstalk",
        "With the EB CLI, run eb create without an",
    ),
    (
        "WARN Access denied while accessing Auto Scaling and Elastic Load Balancing using role "
        '"arn:aws:iam::111122223333:role/aws-elasticbeanstalk-service-role". Verify the role policy.',
        "The environment's service role lacks the read permissions on Auto",
        "Attach AWSElasticBeanstalkEnhancedHealth and",
    ),
    (
        "None of the instances are sending data.\nCommand failed on all instances / [Instance: i-0abc] Failed "
        "to download authentication credentials repo from my-bucket",
        "The instances could not read the registry's credentials",
        "Compare Authentication.Bucket and Key in",
    ),
    (
        "ERROR: ServiceError - The specified S3 bucket does not belong to the S3 region in which the service "
        "is running (S3LocationNotInServiceRegionException)",
        "The bucket is not in the Region in which Elastic Beanstalk was",
        "Copy the source bundle into a bucket of the",
    ),
    (
        "Image build failed: SSM execution '1234' failed with status = 'TimedOut' ... 'Step timed out while "
        "step is verifying the Systems Manager Agent availability on the target instance(s)'",
        "The build instance did not report to Systems Manager: its subnet",
        "A private subnet needs NAT, or endpoints for ssm,",
    ),
    (
        "Workflow step DistributeImage failed: Not authorized to perform: sts:AssumeRole on "
        "EC2ImageBuilderDistributionCrossAccountRole in account 444455556666",
        "Image Builder could not assume",
        "The role's trust policy names the root of the",
    ),
    (
        "ProvisionProduct failed: No launch paths found for resource: prod-abcd1234",
        "No portfolio with this product gives the caller access: add the",
        "aws servicecatalog",
    ),
    (
        "botocore.errorfactory.AuthException: An error occurred (AuthException) when calling the "
        "SendSSHPublicKey operation: Either your AWS credentials are not valid or you do not have access to "
        "the EC2 instance.",
        "EC2 Instance Connect refuses the caller: its credentials are not",
        "Allow the caller",
    ),
    (
        "$ aws autoscaling create-auto-scaling-group --auto-scaling-group-name web --launch-template "
        "LaunchTemplateId=lt-0123456789abcdef0,Version=1 ...\n\nAn error occurred (ValidationError) when "
        "calling the CreateAutoScalingGroup operation: You must use a valid fully-formed launch template. "
        "You are not authorized to perform this operation. Encoded authorization failure message: abcd",
        "The template itself may be valid: the caller is not allowed to",
        "if it is encoded, aws sts",
    ),
    (
        "AccessDenied: Access Denied status code: 403 (Image Builder pipeline build, step UploadLogs s3://ib-logs)",
        "The role of the build instance lacks a permission: most often",
        "Allow the role of the infrastructure",
    ),
    (
        "InsufficientPrivilegesException: Access Denied: S3Bucket=elasticbeanstalk-eu-west-1-111122223333, "
        "S3Key=app/v1.zip (CreateApplicationVersion)",
        "Elastic Beanstalk could not read the source bundle",
        "First check whether the object exists: without",
    ),
    (
        "An error occurred (InvalidInstanceId) when calling the SendCommand operation: Instances "
        "[[i-0a1b2c3d4e5f60718]] not in a valid state for account 111122223333",
        "Systems Manager cannot reach this instance as a managed node: the",
        "Check whether the node is listed and online.",
    ),
    (
        "failed to run commands: exit status 156 Unable to download file from S3: "
        "https://s3.eu-west-1.amazonaws.com/aws-ssm-eu-west-1/patchbaselineoperations/linux/payloads/patch-ba"
        "seline-operations-1.60.tar.gz. failed to run commands",
        "The node could not download Patch Manager's payload from AWS's S3",
        "Give the subnet access to S3 (gateway endpoint,",
    ),
    (
        "[ssm-session-worker] [jo-0abc] ERROR Fetching data key failed: Unable to retrieve data key, Error "
        "when decrypting data key AccessDeniedException",
        "The session is encrypted with a KMS key that the target's own",
        "Session Manager's preferences name the key. Allow",
    ),
    (
        "Task invocation FAILED: The provided role does not contain the correct SSM permissions.",
        "The maintenance window's service role lacks permissions for this",
        "Also allow the role the calls that the task itself makes: for",
    ),
    (
        "The format of the supplied assume role ARN is invalid. (InvalidAutomationExecutionParametersException)",
        "The value of AutomationAssumeRole is not a valid role ARN: write",
        "Look for a parameter that was not replaced ({{",
    ),
    (
        "Automation Step Execution fails when it is launching the instance(s). Get Exception from "
        "RunInstances API of ec2 Service. Exception Message from RunInstances API: [You are not authorized "
        "to perform this operation. Encoded authorization failure message: AbCd (Service: AmazonEC2; Status "
        "Code: 403; Error Code: UnauthorizedOperation; Request ID: x)]. Please refer to Automation Service "
        "Troubleshooting Guide for more diagnosis details.",
        "The automation's role (AutomationAssumeRole or, without one,",
        "Decode the message (aws sts",
    ),
    (
        "An error occurred (OpsItemAccessDeniedException) when calling the CreateOpsItem operation: You "
        "don't have permission to view OpsItems in the specified account. Verify that your account is "
        "configured either as a Systems Manager delegated administrator or that you are logged into the "
        "Organizations management account.",
        "This account is not allowed to work with OpsItems of another account: call",
        "Sign in to that account, or have this account",
    ),
    (
        "UnsupportedOperationException: This operation is not supported for the current account. You must "
        "first enable the Systems Manager integrated experience in your account. (ListNodes)",
        "The account has not enabled Systems Manager's integrated",
        "Enable the integrated experience once in the Systems Manager console",
    ),
    (
        "Registration failed due to error registering the instance with AWS SSM. InvalidActivation: The "
        "activation ID or activation code is invalid / expired",
        "Systems Manager does not accept the activation: its ID and code",
        "Make a new activation (aws ssm create-activation",
    ),
    (
        "ERROR Registration failed due to error registering the instance with AWS SSM. ActivationExpired:",
        "The activation has expired, by default after 24 hours: make a new",
        "Make a new activation (aws ssm create-activation",
    ),
    (
        "ERROR [Registration] Registration failed due to error registering the instance with AWS SSM. "
        "RegistrationLimitExceeded: Registration limit of 5 is reached.",
        "The limit of registrations for this activation, or for the",
        "Make a new activation (aws ssm create-activation",
    ),
    (
        "An error occurred (InvalidRole) when calling the SendCommand operation: ServiceRoleArn "
        "arn:aws:iam::111122223333:role/ssm-sns is not a valid role / role not passable",
        "Systems Manager does not accept the role for the command's",
        "Give the ARN of a role that trusts",
    ),
    (
        "An error occurred (InvalidDocument) when calling the SendCommand operation: Document with name "
        "arn:aws:ssm:eu-west-1:444455556666:document/shared does not exist.",
        "Systems Manager finds no such document for this account: account",
        "In account 444455556666: aws ssm",
    ),
    (
        "Error response from daemon: repository "
        "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/amazonlinux/amazonlinux not found: name "
        "unknown: The repository with name 'ecr-public/amazonlinux/amazonlinux' does not exist in the "
        "registry with id '111122223333'",
        "ECR has no such repository yet. If the name begins with the prefix",
        "Whoever pulls (on EKS the node's role, on ECS the",
    ),
    (
        "Error response from daemon: manifest for "
        "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/amazonlinux/amazonlinux:latest not found: "
        "manifest unknown: Requested image not found",
        "The cache has no such image: it does not exist in the upstream",
        "Whoever pulls (on EKS the node's role, on ECS the",
    ),
    (
        "An error occurred (UnableToDecryptSecretValueException) when calling the "
        "ValidatePullThroughCacheRule operation: The secret is accessible but is unable to be decrypted. "
        "Verify the resource permisisons and try again.",
        "ECR is allowed to read the secret of the pull through cache rule",
        "Encrypt the secret with the AWS managed key",
    ),
    (
        "An error occurred (UnableToGetUpstreamImageException) when calling the BatchGetImage operation: The "
        "image or images were unable to be pulled using the pull through cache rule.",
        "The upstream registry did not give ECR the image: usually the",
        "Check the secret of the rule (its",
    ),
    (
        "An error occurred (KmsException) when calling the CreateRepository operation: KMS key "
        "'arn:aws:kms:eu-west-1:111122223333:key/aaaa' is not accessible: AccessDeniedException",
        "ECR could not use the KMS key of the repository: the key is",
        "Whoever creates the repository needs",
    ),
    (
        "An error occurred (BlockedByOrganizationPolicyException) when calling the "
        "PutRegistryScanningConfiguration operation: The operation did not succeed because the account is "
        "managed by a organization policy.",
        "A policy of the organization (Amazon Inspector's or another)",
        "Ask the organization's administrator, who sets this",
    ),
    (
        "$ docker push public.ecr.aws/a1b2c3d4/app:latest\ndenied: requested access to the resource is denied",
        "ECR Public rejected the push: log in to public.ecr.aws with a",
        "aws ecr-public get-login-password --region",
    ),
    (
        "An error occurred (ValidationError) when calling the CreateStack operation: S3 error: Access "
        "Denied\nFor more information check http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html",
        "CloudFormation cannot read the template in S3: the object does",
        "Compare bucket, key and Region of the URL with",
    ),
    (
        "Resource handler returned message: \"Access denied for operation 'AWS::ECS::Service'.\" "
        "(HandlerErrorCode: AccessDenied)",
        "The stack's service role, or without one whoever deploys",
        "Find the refused call in CloudTrail (errorCode",
    ),
    (
        "No transform named 111122223333::MyMacro found.. Rollback requested by user.",
        "This account has no macro 111122223333::MyMacro in this",
        "Create the macro (AWS::CloudFormation::Macro) in",
    ),
    (
        "CREATE_FAILED Custom::Seed CloudFormation did not receive a response from your Custom Resource. "
        "Please check your logs for requestId [abc].",
        "The custom resource's function sent no answer in time: it failed",
        "Read the function's log at that time: it shows an",
    ),
    (
        "UPDATE_ROLLBACK_FAILED The following resource(s) failed to update: [Fn]. The security token "
        "included in the request is expired (Service: AmazonEC2; Status Code: 400; Error Code: "
        "InvalidClientTokenId)",
        "The credentials with which the update was started expired",
        "Sign in again, then run aws",
    ),
    (
        "DOWNLOAD_SOURCE FAILED: Parameter does not exist: /app/db/password\nCodeBuild buildspec env.parameter-store",
        "The build's service role is not allowed to perform",
        "Compare the name with its leading slash, and the",
    ),
    (
        "OAuthProviderException: User is not authorized / Access token not found in CodeBuild project for "
        "server type github",
        "A webhook needs credentials for the source provider, and CodeBuild",
        "Run aws codebuild import-source-credentials (a",
    ),
    (
        "An error occurred (AccessDeniedException) when calling the CreateNotificationRule operation: "
        "CodeStar Notifications can't create the notification rule because you do not have sufficient "
        "permissions.",
        "The caller lacks permissions for the notification rule, for",
        "Allow the caller",
    ),
    (
        "operation error CloudFront KeyValueStore: ListKeys, https response error StatusCode: 403, RequestID: 1, "
        "AccessDeniedException: Authentication failed",
        "no permission is missing",
        "get them from a Regional STS endpoint",
    ),
    (
        '"controllerGroup":"source.toolkit.fluxcd.io" could not fetch tags for "oci://444455556666.dkr.ecr.eu-west-1.'
        'amazonaws.com/a": response status code 401: Unauthorized',
        "ECR got no login from Flux",
        "Set spec.provider: aws",
    ),
    (
        "InstanceAgent::Plugins::CodeDeployPlugin::CommandPoller: Error during perform: Aws::S3::Errors::AccessDenied "
        "- Access Denied",
        "downloads the revision with the role of the instance profile",
        "s3:GetObject, s3:GetObjectVersion and s3:ListBucket",
    ),
    (
        "CustomDashresourceDashexistingDashs3LambdaFunction - The role defined for the function cannot be assumed by "
        "Lambda. cfnRole: arn:aws:iam::444455556666:role/deploy",
        "The function is Serverless's own",
        "name lambda.amazonaws.com in addition",
    ),
    (
        'Could not locate deployment bucket: "acme-artifacts". Error: Access Denied',
        "asks where the bucket acme-artifacts is before it uploads",
        "s3:GetBucketLocation and s3:ListBucket on the bucket's ARN",
    ),
]
