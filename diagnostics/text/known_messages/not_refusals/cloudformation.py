"""Rows for CloudFormation: termination protection, the IaC generator."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

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
