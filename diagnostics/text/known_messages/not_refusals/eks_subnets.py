"""The row for Availability Zones that EKS does not support."""

from __future__ import annotations

import re

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

EKS_SUBNETS: tuple[System, ...] = (
    # Amazon EKS User Guide, "Troubleshoot problems with Amazon EKS clusters and nodes": insufficient capacity; "Subnet
    # requirements" (https://docs.aws.amazon.com/eks/latest/userguide/troubleshooting.html).
    made_system(
        "the Availability Zones of the cluster's subnets",
        "Create the cluster with subnets in other zones: the message, or the page on EKS's subnet requirements, names "
        "them. No permission is missing.",
        r"Cannot\s+create\s+cluster[^\n]{0,200}?targeted\s+availability\s+zone",
        "targeted availability zone",
        flags=re.IGNORECASE,
        verdict="EKS cannot use one of the Availability Zones of the given subnets: name subnets in other zones.",
        title="Use subnets in other Availability Zones",
    ),
)
