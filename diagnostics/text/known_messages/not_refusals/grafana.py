"""Rows for Grafana."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, documented, made_system

GRAFANA_AUTHENTICATION: tuple[System, ...] = (
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
GRAFANA: tuple[System, ...] = (
    # Grafana documentation, "Roles and permissions" (https://grafana.com/docs/grafana/latest/administration/roles-and-permissions/).
    made_system(
        "Grafana",
        "Check the role of the user or service account in Grafana (Viewer, Editor, Admin), also on Amazon Managed "
        "Grafana: the workspace's IAM role is only for data sources.",
        r"\baccessErrorId\b|Permissions\s+needed:\s+\w+:",
        "accesserrorid",
        "permissions needed:",
    ),
)
