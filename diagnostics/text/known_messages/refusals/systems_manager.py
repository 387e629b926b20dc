"""Sentences of AWS Systems Manager about nodes, sessions, automations and documents."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import (
    ServiceSentence,
    UsualCause,
    assumed_by,
    of_codes,
    row,
)
from diagnostics.who import Who
from iam.claims import Ground

_DOCS = "https://docs.aws.amazon.com"
_SSM = f"{_DOCS}/systems-manager/latest"
_PROFILE_OF = (
    "aws ec2 describe-instances --instance-ids INSTANCE --query 'Reservations[].Instances[].IamInstanceProfile'"
)

MANAGED_NODES: tuple[ServiceSentence, ...] = (
    # AWS Systems Manager API Reference, "SendCommand": InvalidInstanceId.
    row(
        "not in a valid state for account",
        r"\bInstances \[\[?[\w, -]+\]?\] not in a valid state for account",
        "the managed node, or the caller",
        "Systems Manager does not know the instance as a managed node that is ready",
        "Systems Manager cannot reach this instance as a managed node: the agent is not running or registered, its "
        "role lacks permissions, or the instance was terminated or is in another account or Region.",
        UsualCause("Check whether the node is listed and online. If not, attach an instance profile with "
                   "AmazonSSMManagedInstanceCore (or turn on Default Host Management Configuration), and let the "
                   "subnet reach ssm, ssmmessages and ec2messages.",
                   "aws ssm describe-instance-information --query "
                   "'InstanceInformationList[].[InstanceId,PingStatus]'", Who.RESOURCE_OWNER),
        UsualCause("Compare the Region and account of the call with the instance's.", None, Who.CALLER),
        UsualCause("If the node is online, the caller is not allowed to access the node (ssm:SendCommand on the "
                   "instance's ARN, or a condition on the instance's tags)."),
        page=f"{_SSM}/APIReference/API_SendCommand.html",
    ),
    # AWS Systems Manager User Guide, "Troubleshooting Patch Manager": Unable to download payload.
    row(
        ("patch-baseline-operations", "patchbaselineoperations", "unable to download payload"),
        r"(?:Unable to download|Failed to download|download error)[^\n]{0,240}?patch-?baseline-?operations"
        r"|Unable to download payload",
        "the managed node, at AWS's own S3 bucket",
        "the node could not download Patch Manager's payload from S3",
        "The node could not download Patch Manager's payload from AWS's S3 bucket: its network cannot reach S3, or the "
        "S3 endpoint's policy or the role's policy does not allow aws-ssm-REGION.",
        UsualCause("Give the subnet access to S3 (gateway endpoint, NAT). The endpoint's policy must allow "
                   "s3:GetObject on arn:aws:s3:::aws-ssm-REGION/* and arn:aws:s3:::patch-baseline-snapshot-REGION/*.",
                   "aws ec2 describe-vpc-endpoints --query 'VpcEndpoints[].[ServiceName,PolicyDocument]'",
                   Who.RESOURCE_OWNER),
        UsualCause("The instance profile's role needs the same permissions if a boundary or SCP restricts S3.",
                   _PROFILE_OF),
        page=f"{_SSM}/userguide/ssm-agent-minimum-s3-permissions.html",
        actions=("s3:GetObject",),
    ),
    row(
        "fetching data key failed",
        r"Fetching data key failed:(?=[\s\S]{0,200}?(?:[Dd]ata key|KMS|AccessDenied|ciphertext))"
        r"(?![\s\S]{0,600}?authorized to perform)",
        "the target's role, at the session's KMS key",
        "the target is not allowed to use the KMS key of Session Manager",
        "The session is encrypted with a KMS key that the target's own role is not allowed to use: allow the "
        "instance's (or task's) role kms:Decrypt on it, and whoever starts the session kms:GenerateDataKey.",
        UsualCause("Session Manager's preferences name the key. Allow the instance profile's role kms:Decrypt on it. "
                   "The key policy must allow this role and the user who starts the session, or leave the decision to "
                   "IAM. A key that is deleted or in another Region causes the same message.",
                   "aws ssm get-document --name SSM-SessionManagerRunShell --query Content"),
        page=f"{_SSM}/userguide/getting-started-create-iam-instance-profile.html",
        actions=("kms:Decrypt",),
    ),
    row(
        "does not contain the correct ssm permissions",
        r"provided role does not contain the correct SSM permissions",
        "the maintenance window's service role",
        "the maintenance window's role lacks permissions for its task",
        "The maintenance window's service role lacks permissions for this task; whoever made the window does not need "
        "them.",
        UsualCause("Also allow the role the calls that the task itself makes: for an Automation runbook its calls "
                   "(ec2:CreateSnapshot, cloudformation:CreateStack), for Run Command ssm:SendCommand. The role must "
                   "trust ssm.amazonaws.com.",
                   "aws ssm describe-maintenance-window-tasks --window-id WINDOW --query "
                   "'Tasks[].[TaskArn,ServiceRoleArn]'"),
        page=f"{_SSM}/userguide/troubleshooting-maintenance-windows.html",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        "format of the supplied assume role arn",
        r"format of the supplied assume role ARN (?:is invalid|isn.t valid)",
        "the runbook's AutomationAssumeRole",
        "the runbook's role is not a valid ARN",
        "The value of AutomationAssumeRole is not a valid role ARN: write arn:aws:iam::ACCOUNT:role/PATH/NAME in full. "
        "No permission is missing.",
        UsualCause("Look for a parameter that was not replaced ({{ AutomationAssumeRole }}, an empty string), a role "
                   "name instead of the ARN, or an instance profile's ARN.", None, Who.CALLER),
        page=f"{_SSM}/userguide/automation-troubleshooting.html",
        cause="not-iam",
        ground=Ground.STATED,
    ),
    row(
        "automation step execution fails",
        r"Automation Step Execution fails[\s\S]{0,300}?Exception Message from (?P<call>\w+) API: "
        r"\[You (?:are not|aren.t) authorized",
        "the runbook's role",
        "the role of the automation lacks permissions for {call}",
        "The automation's role (AutomationAssumeRole or, without one, whoever started the automation) lacks the "
        "permission for {call}, on one of the resources that this step uses.",
        UsualCause("Decode the message (aws sts decode-authorization-message --encoded-message …): it names the action "
                   "and the resource. Then allow the runbook's role that action, and iam:PassRole for an instance "
                   "profile's role.", "aws ssm get-automation-execution --automation-execution-id EXECUTION --query "
                   "AutomationExecution.Parameters"),
        page=f"{_SSM}/userguide/automation-troubleshooting.html",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    of_codes(
        "OpsItemAccessDeniedException",
        "the account that calls",
        "the account is not allowed to see OpsItems of the other account",
        "This account is not allowed to work with OpsItems of another account: call from Systems Manager's delegated "
        "administrator, or from the organization's management account.",
        "Sign in to that account, or have this account registered as delegated administrator for Systems Manager. For "
        "OpsItems of your own account, leave the account ID out.",
        f"{_SSM}/APIReference/API_CreateOpsItem.html",
        check="aws organizations list-delegated-administrators --service-principal ssm.amazonaws.com",
        who=Who.ORG_ADMIN,
    ),
    row(
        "first enable the systems manager integrated experience",
        r"must first enable the Systems Manager integrated experience",
        "the account",
        "Systems Manager's unified console is not set up in the account",
        "The account has not enabled Systems Manager's integrated experience, which this operation needs. No "
        "permission is missing.",
        UsualCause("Enable the integrated experience once in the Systems Manager console (for an organization from "
                   "its delegated administrator account), then repeat the call.", None, Who.ACCOUNT_ADMIN),
        page=f"{_SSM}/APIReference/API_ListNodes.html",
        cause="not-iam",
        ground=Ground.STATED,
    ),
    # AWS Systems Manager API Reference, "CreateActivation"; User Guide, "Create a hybrid activation to register nodes".
    *(
        row(
            signal,
            rf"error registering the instance with AWS SSM\. {code}",
            "the node's activation",
            reason,
            summary,
            UsualCause("Make a new activation (aws ssm create-activation --iam-role ROLE --registration-limit N "
                       "--expiration-date …) and register with its ID and code, in the Region in which it was made. "
                       "The node needs no credentials for that.",
                       "aws ssm describe-activations --query "
                       "'ActivationList[].[ActivationId,RegistrationsCount,RegistrationLimit,Expired]'",
                       Who.RESOURCE_OWNER),
            page=f"{_SSM}/userguide/hybrid-activation-managed-nodes.html",
            cause="not-iam",
            ground=Ground.STATED,
        )
        for signal, code, reason, summary in (
            ("with aws ssm. invalidactivation", "InvalidActivation", "the activation is not valid",
             "Systems Manager does not accept the activation: its ID and code do not match, it was deleted, or it "
             "belongs to another Region. No IAM policy is the cause."),
            ("with aws ssm. activationexpired", "ActivationExpired", "the activation has expired",
             "The activation has expired, by default after 24 hours: make a new activation. No IAM policy is the "
             "cause."),
            ("with aws ssm. registrationlimitexceeded", "RegistrationLimitExceeded", "the activation is used up",
             "The limit of registrations for this activation, or for the account, is reached: make an activation with "
             "a higher limit, or deregister old nodes."),
        )
    ),
    row(
        "(invalidrole) when calling the sendcommand",
        r"\(InvalidRole\) when calling the SendCommand",
        "the role for the command's notifications",
        "Systems Manager cannot use the role for notifications",
        "Systems Manager does not accept the role for the command's notifications (ServiceRoleArn): its ARN is wrong, "
        "or it does not trust ssm.amazonaws.com.",
        UsualCause("Give the ARN of a role that trusts ssm.amazonaws.com and has sns:Publish on the topic; the caller "
                   "needs iam:PassRole on it. This role is not the instances' role.",
                   "aws iam get-role --role-name ROLE --query Role.AssumeRolePolicyDocument", Who.RESOURCE_OWNER),
        page=f"{_SSM}/userguide/monitoring-sns-notifications.html",
        cause="trust.principal-mismatch",
        ground=Ground.LIKENESS,
        asks=assumed_by("ssm.amazonaws.com"),
    ),
    row(
        "(invaliddocument) when calling",
        r"\(InvalidDocument\) when calling[\s\S]{0,120}?Document with name "
        r"(?P<resource>arn:[\w-]+:ssm:[\w-]+:(?P<owner>\d{12}):document/\S*[\w-])\.? does not exist",
        "the document's owner",
        "the document is not shared with this account, or does not exist",
        "Systems Manager finds no such document for this account: account {owner} has not shared it, or has no "
        "document of that name in this Region.",
        UsualCause("In account {owner}: aws ssm modify-document-permission --name DOCUMENT --permission-type Share "
                   "--account-ids-to-add ACCOUNT. Each Region has its own documents. A policy of the caller does not "
                   "replace the sharing.", None, Who.RESOURCE_OWNER),
        page=f"{_SSM}/userguide/documents-ssm-sharing.html",
    ),
)  # fmt: skip

HOST_MANAGEMENT: tuple[ServiceSentence, ...] = (
    row(
        "instance management role is not configured",
        r"Systems Manager's instance management role is not configured for account",
        "the instance",
        "the instance has no role for Systems Manager",
        "The instance has no role for Systems Manager: neither an instance profile, nor the account's default role in "
        "this Region.",
        UsualCause(
            "Attach an instance profile whose role has AmazonSSMManagedInstanceCore, or turn on Default Host "
            "Management Configuration in this Region. Allowing this action in a policy does not help.",
            "aws ssm get-service-setting --setting-id /ssm/managed-instance/default-ec2-instance-management-role",
        ),
        page="https://docs.aws.amazon.com/systems-manager/latest/userguide/fleet-manager-default-host-management-configuration.html",
        cause="instance-profile.missing",
    ),
)
