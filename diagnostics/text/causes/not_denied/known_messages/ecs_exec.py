"""ECS Exec's TargetNotConnected and other failures of execute-command."""

from __future__ import annotations

from diagnostics.text.causes.build_causes import Said, reading
from diagnostics.who import Who

EXEC_FAILED = r"(?:ExecuteCommand operation|[Ee]xecute command failed)"
_KEYS_OF_CONTAINER = (
    r"(?:^|[\n{\[,-])[ \t]*(?:[\"']?[Nn]ame[\"']?\s*[:=]\s*)?[\"']?AWS_(?:ACCESS_KEY_ID|SECRET_ACCESS_KEY)"
    r"(?:[\"']?\s*[=:,](?!\s*(?:not defined|undefined|unset|\\?\"\\?\"|''|$))|\s+\|"
    r"|[\"']?\s*\n\s*[\"']?[Vv]alue(?:From)?\b)"
)

ECS_EXEC_MESSAGES = (
    # Amazon ECS Developer Guide, "Monitor Amazon ECS containers with ECS Exec": the interface endpoint of Session
    # Manager (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html); the words of the checker
    # (https://github.com/aws-containers/amazon-ecs-exec-checker).
    Said(
        rf"(?=[\s\S]*{EXEC_FAILED})(?=[\s\S]*TargetNotConnected)(?=[\s\S]*OpenDataChannel: allowed)"
        r"[\s\S]*?SSM PrivateLink \"com\.amazonaws\.[\w-]+\.ssmmessages\" not found",
        "The task role has the four ssmmessages actions, and the VPC has no endpoint ssmmessages, as the checker "
        "prints: unless the task's subnet has a route to the internet, create the endpoint "
        "(com.amazonaws.REGION.ssmmessages, private DNS, port 443 open to the task's security group). Then start new "
        "tasks.",
        reading("ec2", "describe-vpc-endpoints", query="VpcEndpoints[].[VpcId,ServiceName,PrivateDnsEnabled,State]"),
        Who.ACCOUNT_ADMIN,
        r"\bssmmessages:\w+: (?!allowed)",
    ),
    # AWS SDKs and Tools Reference Guide, "Standardized credential providers": the environment comes before the
    # container's role (https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html).
    Said(
        rf"(?=[\s\S]*{EXEC_FAILED})[\s\S]*?TargetNotConnected[\s\S]*?{_KEYS_OF_CONTAINER}"
        rf"|(?=[\s\S]*{EXEC_FAILED})[\s\S]*?{_KEYS_OF_CONTAINER}[\s\S]*?TargetNotConnected",
        "Most likely ECS Exec's agent uses the access keys in the container's environment, and not the task role: it "
        "takes AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY first. Remove these keys from the task definition (the "
        "task role replaces them), or allow their user the four ssmmessages actions. Then start new tasks.",
        None,
        Who.RESOURCE_OWNER,
    ),
    # Amazon ECS Developer Guide, "Troubleshoot Amazon ECS Exec issues", and its task role's permissions
    # (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html).
    Said(
        r"TargetNotConnected(?=[\s\S]*(?:ExecuteCommand operation|[Ee]xecute command failed))",
        "ECS Exec's agent in the task has no connection. Usually the task role (not the caller's, and not the "
        "execution role) lacks the four ssmmessages actions: CreateControlChannel, CreateDataChannel, "
        "OpenControlChannel and OpenDataChannel. Or the task's network cannot reach the endpoint ssmmessages. Start "
        "new tasks after the change.",
        None,
        Who.ACCOUNT_ADMIN,
    ),
    # Amazon ECS Developer Guide, "Troubleshoot Amazon ECS Exec issues".
    Said(
        r"execute command was not enabled when the task was run",
        "Start a new task with ECS Exec enabled (for a service: update-service --enable-execute-command "
        "--force-new-deployment), and allow its task role the four ssmmessages actions (CreateControlChannel, "
        "CreateDataChannel, OpenControlChannel, OpenDataChannel).",
        None,
        Who.ACCOUNT_ADMIN,
    ),
)
