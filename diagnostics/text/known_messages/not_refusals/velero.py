"""The row for Velero."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, documented

VELERO: tuple[System, ...] = (
    # Velero plugin for AWS, README, "Install and start Velero" (https://github.com/vmware-tanzu/velero-plugin-for-aws).
    documented(
        "Velero's credentials file",
        "Velero has no file with credentials: create its secret (--secret-file), or install it with --no-secret and "
        "give its service account a role. AWS was not called.",
        "In the chart: credentials.useSecret: false with a role, or credentials.existingSecret. The secret's key is "
        "cloud.",
        "open /credentials/cloud: no such file or directory",
        title="Give Velero a secret or a role",
    ),
)
