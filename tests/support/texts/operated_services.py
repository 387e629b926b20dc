"""Failures of the services that run, build and deliver programs in which no permission is missing, by their rows."""

from __future__ import annotations

OPERATED_SERVICES = {
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
}
