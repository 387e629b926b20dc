"""Rows for Velero and Grafana."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, documented

VELERO_AND_GRAFANA: tuple[System, ...] = (
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
    # Grafana, "Configure Grafana", [aws]
    # (https://grafana.com/docs/grafana/latest/setup-grafana/configure-grafana/#aws).
    documented(
        "Grafana's list of authentication methods",
        "Grafana's configuration does not allow the authentication method {name}: add it to allowed_auth_providers in "
        "[aws], or choose another in the data source.",
        "Set GF_AWS_ALLOWED_AUTH_PROVIDERS=default,keys,credentials,ec2_iam_role in the environment, then restart "
        "Grafana. AWS was not called.",
        "trying to use non-allowed auth method {name}",
        title="Allow the method in Grafana's configuration",
    ),
    documented(
        "Grafana's setting for assumed roles",
        "Grafana's configuration does not allow assuming a role: set assume_role_enabled = true in [aws], or remove "
        "the role from the data source.",
        "Set GF_AWS_ASSUME_ROLE_ENABLED=true in the environment, then restart Grafana. STS was not called.",
        "trying to use assume role but it is disabled in grafana config",
        title="Allow assumed roles in Grafana's configuration",
    ),
)
