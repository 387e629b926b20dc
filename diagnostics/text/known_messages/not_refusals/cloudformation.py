"""Rows for CloudFormation: stacks, capabilities, exports, stack sets, the IaC generator."""

from __future__ import annotations

import re

from diagnostics.text.known_messages.not_refusals.system_row import NONE_MISSING, System, made_system

TERMINATION_PROTECTION: tuple[System, ...] = (
    # AWS CloudFormation User Guide, "Protect CloudFormation stacks from being deleted"
    # (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-protect-stacks.html).
    made_system(
        "the stack's termination protection",
        "If the stack shall really go: aws cloudformation update-termination-protection --stack-name STACK "
        "--no-enable-termination-protection (for a nested stack on its root stack), then delete it. That needs "
        "cloudformation:UpdateTerminationProtection.",
        r"cannot\s+be\s+deleted\s+while\s+TerminationProtection\s+is\s+enabled",
        "while terminationprotection is enabled",
        subject=r"Stack \[([^\]\s]{1,128})\] cannot be deleted",
        verdict="Termination protection of the stack {name} is on: no permission is missing for the deletion.",
        title="Turn off the stack's termination protection, if it shall be deleted",
    ),
)

IAC_GENERATOR: tuple[System, ...] = (
    # AWS CloudFormation API Reference, "StartResourceScan"
    # (https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StartResourceScan.html).
    made_system(
        "the IaC generator's limit of scans",
        "Wait: 10 minutes after a scan that failed, 24 hours after one that failed with more than 100,000 resources, "
        "or until the next day's scans are available.",
        r"\bResourceScanLimitExceededException\b",
        "resourcescanlimitexceeded",
        verdict="CloudFormation starts no resource scan now: the day's number of scans is used up, or a scan failed a "
        "moment ago. No permission is missing.",
        title="Wait, then start the scan again",
    ),
)

ORGANIZATIONS_ACCESS: tuple[System, ...] = (
    # AWS CloudFormation User Guide, "Activate trusted access for StackSets with AWS Organizations"
    # (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-activate-trusted-access.html).
    made_system(
        "CloudFormation's trusted access in the organization",
        "In the organization's management account, as an administrator, run aws cloudformation "
        "activate-organizations-access (describe-organizations-access shows the state). aws organizations "
        "enable-aws-service-access alone is not enough. Then create the stack set again. " + NONE_MISSING,
        r"You\s+must\s+enable\s+organizations\s+access\s+to\s+operate\s+a\s+service\s+managed\s+stack\s+set",
        "enable organizations access",
        flags=re.IGNORECASE,
        verdict="A service-managed stack set needs trusted access to the organization: the management account must "
        "activate it once for StackSets.",
        title="Activate trusted access for StackSets in the management account",
    ),
)

CAPABILITIES: tuple[System, ...] = (
    # AWS CloudFormation API Reference, "CreateStack": Capabilities
    # (https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html).
    made_system(
        "the stack's capabilities",
        "Send the capability with the call: --capabilities {name} (CAPABILITY_NAMED_IAM covers CAPABILITY_IAM; macros "
        "and nested stacks need CAPABILITY_AUTO_EXPAND). In the console, select the check box. " + NONE_MISSING,
        r"\bRequires\s+capabilities\s*:\s*\[CAPABILITY_\w+|\bInsufficientCapabilities(?:Exception)?\b",
        "requires capabilities",
        "insufficientcapabilities",
        subject=r"Requires\s+capabilities\s*:\s*\[(CAPABILITY_\w+(?:,\s*CAPABILITY_\w+)*)",
        verdict="The template creates IAM resources or uses macros, but the call does not acknowledge that: "
        "CloudFormation requires {name}. No permission is missing.",
        title="Acknowledge the capability in the call",
    ),
)

INLINE_POLICY_OWNERS: tuple[System, ...] = (
    # AWS CloudFormation Template Reference, "AWS::IAM::Policy": an inline policy, embedded under its PolicyName
    # (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-policy.html).
    made_system(
        "the owner of an inline policy's name",
        "Put the environment or the stack into PolicyName (CDK: an iam.Policy with its own policyName, in place of a "
        "grant to an imported role or user), or give each stack its own role or user. Until January 2026, stacks "
        "with the same policy name overwrote each other's policy: compare what the policy allows now. Deleting it "
        "does not help.",
        r"Policy resource was already managed by another stack\b"
        r"|\balready managed by another stack or another resource in the current stack",
        "already managed by another stack",
        flags=re.IGNORECASE,
        verdict="Give this stack's inline policy a PolicyName of its own: another stack or resource already manages an "
        "inline policy of that name on the same role, user or group. No permission is missing.",
        title="Give the inline policy another name in each stack",
    ),
)
EXPORTS: tuple[System, ...] = (
    # AWS CloudFormation User Guide, "Outputs": names of exports are unique in an account and Region.
    made_system(
        "an export of another CloudFormation stack",
        "Change the export's name in one of the stacks: an export's name can exist only once in an account and Region "
        "(aws cloudformation list-exports shows which stack has it). A missing permission is not the cause.",
        r"Export\s+with\s+name\s+\S+\s+is\s+already\s+exported\s+by\s+stack",
        "is already exported by stack",
        subject=r"Export\s+with\s+name\s+(\S+)\s+is\s+already",
        verdict="Another CloudFormation stack already exports the name {name}: this stack cannot export it again.",
    ),
)

STACK_SETS: tuple[System, ...] = (
    # AWS CloudFormation API Reference, "CreateStackSet", CallAs: SELF by default, DELEGATED_ADMIN in a delegated
    # administrator's account (https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStackSet.html).
    made_system(
        "the stack set's CallAs",
        "From an account that is registered as a delegated administrator of StackSets: CallAs: DELEGATED_ADMIN in the "
        "template (AWS::CloudFormation::StackSet), --call-as DELEGATED_ADMIN in the AWS CLI, call_as in Terraform. "
        "From any other account: call from the management account, or first register the account from the management "
        "account.",
        r"(?:management|master)\s+account\s+or\s+(?:a\s+)?delegated\s+admin\w*\s+account[^\n]{0,80}SERVICE_MANAGED",
        "account or delegated admin",
        "account or a delegated admin",
        verdict="CloudFormation treats this call as the account's own (CallAs SELF, the default), which only the "
        "management account is allowed to make: a delegated administrator must send CallAs DELEGATED_ADMIN.",
        title="Send CallAs DELEGATED_ADMIN from a delegated administrator",
        sure=False,
    ),
)

STACK_POLICIES: tuple[System, ...] = (
    # AWS CloudFormation User Guide, "Prevent updates to stack resources"
    # (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/protect-stack-resources.html).
    made_system(
        "the stack's own stack policy",
        "First decide whether the change is wanted (a change set shows what is replaced, which gives a new, empty "
        "resource). If it is, update the stack with a temporary policy (aws cloudformation update-stack "
        "--stack-policy-during-update-body), or change the policy (aws cloudformation get-stack-policy, "
        "set-stack-policy). If not, undo the change of the property that requires it.",
        r"\bAction\s+(?:denied|not\s+allowed)\s+by\s+stack\s+policy\b",
        "by stack policy",
        subject=r"by\s+stack\s+policy\b[^\n]{0,120}?\bLogicalResourceId/([\w-]+)",
        verdict="The stack's own stack policy forbids this update of {name}, even for administrators. IAM policies "
        "neither cause nor solve this.",
        title="Decide whether the update is wanted, then override the stack policy for it",
    ),
)
