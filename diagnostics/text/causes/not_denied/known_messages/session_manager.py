"""Session Manager's TargetNotConnected for an instance, and its encrypted logs."""

from __future__ import annotations

from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import Said, contains, quoted, reading
from diagnostics.text.causes.not_denied.known_messages.ecs_exec import EXEC_FAILED
from diagnostics.text.read.identities.instance_profiles import has_no_profile
from diagnostics.who import Who

SESSION_MANAGER_MESSAGES = (
    # AWS Systems Manager User Guide, "Improve the security of EC2 instances by using VPC endpoints for Systems Manager"
    # (https://docs.aws.amazon.com/systems-manager/latest/userguide/setup-create-vpc.html).
    Said(
        r"\A(?![\s\S]*(?:ssmmessages|ExecuteCommand operation|[Ee]xecute command failed))"
        r"(?=[\s\S]*\bcom\.amazonaws\.[a-z0-9-]+\.ssm(?![\w.-]*\w))[\s\S]*?TargetNotConnected",
        "The text names the VPC endpoint ssm, but not ssmmessages: without internet access, Session Manager needs both "
        "(an older agent also ec2messages), with private DNS and port 443 open. The caller's own policies "
        "are not the cause. Then check the instance's role (AmazonSSMManagedInstanceCore) and its agent.",
        reading("ec2", "describe-vpc-endpoints", query="VpcEndpoints[].[VpcId,ServiceName,PrivateDnsEnabled,State]"),
        Who.ACCOUNT_ADMIN,
    ),
    # AWS Systems Manager User Guide, "Troubleshooting Session Manager"
    # (https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-troubleshooting.html).
    Said(
        r"TargetNotConnected(?![\s\S]*(?:ExecuteCommand operation|[Ee]xecute command failed))"
        r"|\bm?i-[0-9a-f]{8,17} is not connected\.",
        "Systems Manager cannot reach the instance: its SSM agent does not run, its network cannot reach the "
        "endpoints ssm, ssmmessages and ec2messages, or its role lacks AmazonSSMManagedInstanceCore. Or the call is "
        "for a Region or account other than the instance's. The caller's own policies are not the cause.",
        reading("ssm", "describe-instance-information", query="InstanceInformationList[].[InstanceId,PingStatus]"),
        Who.ACCOUNT_ADMIN,
    ),
)

SESSION_LOG_MESSAGES = (
    # The agent's own sentence (https://github.com/aws/amazon-ssm-agent, agent/appconfig); Amazon ECS Developer Guide,
    # "Monitor Amazon ECS containers with ECS Exec": the task role's permissions for logs and for the KMS key
    # (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html).
    Said(
        r"encryption is not set up on the selected CloudWatch Logs log group",
        'The role of the target (on ECS the task role, on EC2 the instance\'s) needs logs:DescribeLogGroups on "*", '
        "and logs:DescribeLogStreams, logs:CreateLogStream and logs:PutLogEvents on the log group. The agent uses this "
        "role to read whether the log group is encrypted, and prints the same message if it is not allowed to read "
        "that. Only then encrypt the log group, or turn the requirement off. Whoever starts the session needs no "
        "further permission.",
        reading("logs", "describe-log-groups", query="logGroups[].[logGroupName,kmsKeyId]"),
        Who.ACCOUNT_ADMIN,
    ),
)


def no_profile(text: str) -> FirstLook | None:
    """An instance without an instance profile, to which Session Manager cannot connect.

    AWS Systems Manager User Guide, "Configure instance permissions required for Systems Manager"
    (https://docs.aws.amazon.com/systems-manager/latest/userguide/setup-instance-permissions.html).
    """
    said = quoted(text, r"TargetNotConnected")
    if not said or quoted(text, EXEC_FAILED) or not has_no_profile(text):
        return None
    return FirstLook(
        "The instance has no instance profile, as the text shows, so its SSM agent has no permissions: attach a "
        "profile whose role has AmazonSSMManagedInstanceCore (or turn on Default Host Management Configuration), and "
        "wait a few minutes or restart the agent. The caller's own policies are not the cause.",
        contains(said),
        reading("ssm", "describe-instance-information", query="InstanceInformationList[].[InstanceId,PingStatus]"),
        Who.ACCOUNT_ADMIN,
    )
