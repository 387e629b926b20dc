"""The row for nodes of EKS without an access entry."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.cluster_role_and_stack_setups import (
    MODE_API,
    NODES_REFUSED,
    UNREGISTERED,
)
from diagnostics.text.known_messages.not_refusals.system_row import NONE_MISSING, System, made_system

NODE_ACCESS_ENTRIES: tuple[System, ...] = (
    # Amazon EKS User Guide, "Grant IAM users access to Kubernetes with EKS access entries": with the mode API only
    # access entries are used (https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html).
    made_system(
        "the access entry of the nodes' role",
        "aws eks create-access-entry --cluster-name CLUSTER --principal-arn NODE-ROLE-ARN --type EC2_LINUX (Windows: "
        f"EC2_WINDOWS). aws-auth is not read in this mode. {NONE_MISSING}",
        rf"(?:{NODES_REFUSED}|{UNREGISTERED})[\s\S]*?{MODE_API}|{MODE_API}[\s\S]*?(?:{NODES_REFUSED}|{UNREGISTERED})",
        "worker nodes do not have access",
        "register node with api server",
        verdict="The cluster's authentication mode is API, so a line in aws-auth has no effect: the role of the nodes "
        "needs an access entry.",
        title="Create an access entry for the role of the nodes",
    ),
)
