"""Failures, by row, of services that run, build and deliver programs, in which no permission is missing."""

from __future__ import annotations

from iam.facts.eks_registries import REGISTRIES

OPERATED_SERVICES = {
    "the owner of an inline policy's name": (
        "UPDATE_FAILED | AWS::IAM::Policy | Policy resource was already managed by another stack or another resource "
        "in the current stack. Found stacks: [shop-dev|Write]",
        "shop-prod failed: Policy resource was already managed by another stack",
        'Resource handler returned message: "Inline policy is already managed by another stack or another resource in '
        'the current stack"',
    ),
    "the account's setting for the EC2 serial console": (
        "An error occurred (SerialConsoleAccessDisabledException) when calling the "
        "SendSerialConsoleSSHPublicKey operation: Account access to EC2 Serial Console has not been "
        "authorized for this account",
        "This account is not authorized to use the EC2 serial console. To authorize your account, run the "
        "EnableSerialConsoleAccess API.",
    ),
    "the instance's one serial console session": (
        "An error occurred (SerialConsoleSessionLimitExceededException) when calling the "
        "SendSerialConsoleSSHPublicKey operation: The instance currently has 1 active serial console "
        "session. Only 1 session is supported at a time.",
    ),
    "the account's block public access for AMIs": (
        "An error occurred (OperationNotPermitted) when calling the ModifyImageAttribute operation: You "
        "can’t publicly share this image because block public access for AMIs is enabled for this account.",
        "Error modify AMI attributes: OperationNotPermitted: You can't publicly share this image because "
        "block public access for AMIs is enabled",
    ),
    "the account's quota for Spot Instances": (
        "An error occurred (MaxSpotInstanceCountExceeded) when calling the RunInstances operation: Max "
        "spot instance count exceeded",
        "Launching a new EC2 instance. Status Reason: MaxSpotInstanceCountExceeded: Max spot instance count exceeded",
    ),
    "the stack's termination protection": (
        "An error occurred (ValidationError) when calling the DeleteStack operation: Stack [prod] cannot "
        "be deleted while TerminationProtection is enabled",
        "cdk destroy: ValidationError: Stack [arn:aws:cloudformation:eu-west-1:111122223333:stack/web/1] "
        "cannot be deleted while TerminationProtection is enabled",
    ),
    "the service that manages the rule": (
        "An error occurred (ManagedRuleException) when calling the DeleteRule operation: This rule was "
        "created by an AWS service on behalf of your account. It is managed by that service.",
    ),
    "the mount options of the instance's file system": (
        "/var/lib/amazon/ssm/i-0a/document/orchestration/abc/PatchLinux/_script.sh: Permission "
        "denied\nfailed to run commands: exit status 126",
    ),
    "the parameter's name, which AWS reserves": (
        "operation error SSM: PutParameter, https response error StatusCode: 400, api error "
        "AccessDeniedException: No access to reserved parameter name: awslab/vpc_id.",
        "An error occurred (ValidationException) when calling the PutParameter operation: Parameter name: "
        'can\'t be prefixed with "ssm" (case-insensitive).',
    ),
    "the program git-remote-codecommit": (
        "Cloning into 'app'...\nfatal: Unable to find remote helper for 'codecommit'",
        "git: 'remote-codecommit' is not a git command. See 'git --help'.",
    ),
    "the Region of the trigger's target": (
        "An error occurred (InvalidRepositoryTriggerRegionException) when calling the "
        "PutRepositoryTriggers operation: The AWS Region for the trigger target does not match.",
    ),
    "the Region of the build's output bucket": (
        "Phase complete: UPLOAD_ARTIFACTS State: FAILED\nFailed to upload artifacts: Invalid arn",
    ),
    "the privileged mode of the build": (
        "[Container] 2026/11/04 10:00:00 Running command docker build .\nCannot connect to the Docker "
        "daemon at unix:/var/run/docker.sock. Is the docker daemon running?",
        "CodeBuild: Cannot connect to the Docker daemon at unix:/var/run/docker.sock. Is the docker daemon running?",
    ),
    "the account's limit of CodeBuild builds": (
        "An error occurred (AccountLimitExceededException) when calling the StartBuild operation: Cannot "
        "have more than 0 builds in queue for the account",
    ),
    "the account's concurrency quota in Lambda": (
        "An error occurred (InvalidParameterValueException) when calling the PutFunctionConcurrency "
        "operation: Specified ConcurrentExecutions for function decreases account's "
        "UnreservedConcurrentExecution below its minimum value of [10].",
    ),
    "the function's environment variables": (
        "An error occurred (InvalidParameterValueException) when calling the UpdateFunctionConfiguration "
        "operation: Lambda was unable to configure your environment variables because the environment "
        "variables you have provided contains reserved keys that are currently not supported for "
        "modification. Reserved keys used in this request: AWS_REGION",
    ),
    "the IaC generator's limit of scans": (
        "An error occurred (ResourceScanLimitExceededException) when calling the StartResourceScan "
        "operation: You must wait 10 minutes before starting a new resource scan",
    ),
    "the Availability Zones of the cluster's subnets": (
        "An error occurred (UnsupportedAvailabilityZoneException) when calling the CreateCluster "
        "operation: Cannot create cluster 'prod' because us-east-1e, the targeted availability zone, does "
        "not currently have sufficient capacity to support the cluster.",
    ),
    "the account's enrollment in Compute Optimizer": (
        "An error occurred (OptInRequiredException) when calling the GetEC2InstanceRecommendations "
        "operation: Aws account 111122223333 is not registered for recommendations",
    ),
    "the Region of the Lightsail call": (
        "An error occurred (InvalidInputException) when calling the CreateDistribution operation: Domain "
        "and distribution APIs are only available in the us-east-1 Region.",
    ),
    "the path of Identity Center's role in the access entry": (
        "creating EKS Access Entry (web:arn:aws:iam::111122223333:role/AWSReservedSSO_Admin_1f9ff11932198c00): "
        "InvalidParameterException: The specified principalArn is invalid: invalid principal.",
    ),
    "the principal of the access entry": (
        "An error occurred (InvalidParameterException) when calling the CreateAccessEntry operation: The "
        "specified principalArn is invalid: invalid principal.",
    ),
    "the fields of the add-on that somebody else set": (
        '{"code":"ConfigurationConflict","message":"Conflicts found when trying to apply. Will not '
        'continue due to resolve conflicts mode. Conflicts: ServiceAccount ebs-csi-controller-sa"}',
    ),
    "the account's quota for Fargate": (
        "service web was unable to place a task. Reason: You've reached the limit on the number of vCPUs "
        "you can run concurrently.",
        "(service api) was unable to place a task. Reason: You've reached the limit on the number of tasks "
        "you can run concurrently",
    ),
    "the account's setting for long ARNs in ECS": (
        "An error occurred (InvalidParameterException) when calling the CreateService operation: The new "
        "ARN and resource ID format must be enabled to add tags to the service. Opt in to the new format "
        "and try again.",
    ),
    "the modes of the files in the function's package": (
        "[ERROR] PermissionError: [Errno 13] Permission denied: '/var/task/function.py'",
        "Error: EACCES: permission denied, open '/var/task/index.js'",
    ),
    "the qualifier of the function's policy": (
        "An error occurred (InvalidParameterValueException) when calling the AddPermission operation: We "
        "currently do not support adding policies for $LATEST.",
    ),
    "the SSH key for CodeCommit": (
        "Cloning into 'app'... "
        "ssh://git-codecommit.us-east-1.amazonaws.com/v1/repos/app\ngit@git-codecommit.us-east-1.amazonaws.c"
        "om: Permission denied (publickey).\nfatal: Could not read from remote repository.",
    ),
    "the setup of the Region or the account in Lightsail": (
        "An error occurred (RegionSetupInProgressException) when calling the GetInstances operation: The "
        "Region is being set up.",
        "An error occurred (AccountSetupInProgressException) when calling the CreateInstances operation: "
        "Your account setup is still in progress",
    ),
    "the connection's credentials at the other service": (
        "ConnectionState: DEAUTHORIZED, StateReason: Failed to authorize the connection",
        '"ConnectionState": "DEAUTHORIZED", events connection crm',
    ),
    **{
        f"EKS's registry in {region}": (
            f"Failed to pull 602401143452.dkr.ecr.{region}.amazonaws.com/eks/coredns:v1: failed: 403 Forbidden",
        )
        for region in REGISTRIES
    },
}
