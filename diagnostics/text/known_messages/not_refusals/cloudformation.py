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
