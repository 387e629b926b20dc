"""The row for RDS Proxy's list of secrets."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

RDS_PROXY_SECRETS: tuple[System, ...] = (
    # Amazon RDS User Guide, "Troubleshooting for RDS Proxy"
    # (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.troubleshooting.html).
    made_system(
        "the proxy's list of secrets",
        "Add a Secrets Manager secret with this database user's name and password to the proxy's authentication "
        "settings, and let the proxy's own role read it. The client that connects needs no permission on the secret.",
        r"This\s+RDS\s+proxy\s+has\s+no\s+credentials\s+for\s+the\s+role",
        "rds proxy has no credentials for the role",
        verdict="RDS Proxy has no secret for this database user: “role” here means the database user, not an IAM role.",
        title="Give the proxy a secret for this database user",
    ),
)
