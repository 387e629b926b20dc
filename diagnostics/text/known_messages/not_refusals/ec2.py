"""Rows for EC2: the serial console, public images, the quota of Spot Instances."""

from __future__ import annotations

import re

from diagnostics.text.known_messages.not_refusals.system_row import NONE_MISSING, System, made_system

EC2: tuple[System, ...] = (
    # Amazon EC2 User Guide, "Configure access to the EC2 Serial Console"
    # (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configure-access-to-serial-console.html).
    made_system(
        "the account's setting for the EC2 serial console",
        "An administrator turns it on for the account and Region: aws ec2 enable-serial-console-access (which needs "
        "ec2:EnableSerialConsoleAccess). In an organization a declarative policy may set it. Then the caller needs "
        "ec2-instance-connect:SendSerialConsoleSSHPublicKey.",
        r"\bSerialConsoleAccessDisabledException\b"
        r"|account\s+is\s+not\s+authorized\s+to\s+use\s+the\s+EC2\s+serial\s+console",
        "serialconsoleaccessdisabled",
        "use the ec2 serial console",
        flags=re.IGNORECASE,
        verdict="The EC2 serial console is turned off for this account in this Region: enable it in that Region. No "
        "policy of the caller refused it.",
        title="Turn on the EC2 serial console for the account",
    ),
    made_system(
        "the instance's one serial console session",
        "End the other session, or wait a few seconds after it was closed. The limit of one session cannot be raised.",
        r"\bSerialConsoleSessionLimitExceededException\b"
        r"|instance\s+currently\s+has\s+1\s+active\s+serial\s+console\s+session",
        "serialconsolesessionlimit",
        "active serial console session",
        verdict="Somebody is already connected to the instance's serial console, and only one session is possible at a "
        "time. No permission is missing.",
        title="End the other session",
    ),
    # Amazon EC2 User Guide, "Understand block public access for AMIs"
    # (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/block-public-access-to-amis.html).
    made_system(
        "the account's block public access for AMIs",
        "Share the image with accounts, an organization or an OU instead. If it is meant to be public, run aws ec2 "
        f"disable-image-block-public-access in this Region, unless a declarative policy forbids this. {NONE_MISSING}",
        r"block\s+public\s+access\s+for\s+AMIs\s+is\s+enabled",
        "public access for amis is enabled",
        flags=re.IGNORECASE,
        verdict="Block public access for AMIs is on in this account and Region, so nobody can share the image with "
        "everybody. No permission is missing.",
        title="Share the image with named accounts",
    ),
    # Amazon EC2 User Guide, "Spot Instance quotas"
    # (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-spot-limits.html).
    made_system(
        "the account's quota for Spot Instances",
        "In Service Quotas, Amazon EC2, raise “All … Spot Instance Requests” of the instance family. The quota counts "
        "the vCPUs of running instances and open requests in each Region. Or end some of these, or use On-Demand "
        "instances.",
        r"\bMaxSpotInstanceCountExceeded\b",
        "maxspotinstancecountexceeded",
        verdict="The account's quota of Spot Instances in this Region is used up. No permission is missing.",
        title="Raise the quota, or end Spot Instances",
    ),
)
