"""Rows for Systems Manager: activations, the agent's file system, reserved names of parameters."""

from __future__ import annotations

import re

from diagnostics.text.known_messages.not_refusals.system_row import System, documented, made_system

SYSTEMS_MANAGER: tuple[System, ...] = (
    # AWS Systems Manager User Guide, "Troubleshooting Patch Manager"
    # (https://docs.aws.amazon.com/systems-manager/latest/userguide/patch-manager-troubleshooting.html).
    made_system(
        "the mount options of the instance's file system",
        "Mount the file systems of /var/lib/amazon and /var/log/amazon with exec: SSM Agent downloads its scripts to "
        "/var/lib/amazon/ssm and runs them there. AWS refused nothing.",
        r"/var/lib/amazon/ssm/\S+?\.sh:\s+Permission\s+denied",
        "/var/lib/amazon/ssm/",
        flags=re.IGNORECASE,
        verdict="The instance's own system refused to run the agent's script: /var/lib/amazon is most likely mounted "
        "with noexec. No IAM permission is missing.",
        title="Mount /var/lib/amazon with exec",
        sure=False,
    ),
    # AWS Systems Manager User Guide, "Creating Parameter Store parameters": constraints of names
    # (https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html).
    made_system(
        "the parameter's name, which AWS reserves",
        "Choose a name whose first part does not begin with aws or ssm, in any letter case (/app/…). No policy can "
        "allow these names, not even for an administrator.",
        r"No\s+access\s+to\s+reserved\s+parameter\s+name|Parameter\s+name:\s+can't\s+be\s+prefixed\s+with",
        "no access to reserved parameter name",
        "can't be prefixed with",
        subject=r"reserved parameter name: ?([\w./-]*[\w/-])",
        verdict="Parameter Store reserves names that begin with aws or ssm: choose another name for the parameter. No "
        "permission is missing.",
        title="Choose another name",
    ),
)

ACTIVATION_ROLES: tuple[System, ...] = (
    # AWS Systems Manager API Reference, "CreateActivation", IamRole
    # (https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_CreateActivation.html).
    documented(
        "the role of the activation",
        "Systems Manager finds no role of this name: give --iam-role the role's name, with its path but without the "
        "ARN before it (service-role/NAME).",
        "The role must exist in this account and trust ssm.amazonaws.com. Whoever creates the activation needs "
        "iam:PassRole on it.",
        "Not existing role: {name}",
        title="Name the role without its ARN",
        unless=r"AccessDenied",
    ),
)  # fmt: skip
