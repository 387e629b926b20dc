"""Rows for HashiCorp Vault: its own policies, logins with AWS."""

from __future__ import annotations

import re

from diagnostics.text.known_messages.not_refusals.system_row import System, documented, made_system

VAULT: tuple[System, ...] = (
    made_system(
        "Vault",
        "Check what the token is allowed to do on the path: vault token capabilities PATH. Ask Vault's administrator "
        "to add the path to a policy of the token (read for GET, update for PUT and POST). The token may also have "
        "expired, or belong to a different namespace. No IAM policy is the cause.",
        r"Error\s+making\s+API\s+request[^\x1e]{0,400}/v1/[^\x1e]{0,400}"
        r"permission\s+denied|preflight\s+capability\s+check\s+returned\s+403"
        r"|\bvault\s+(?:kv|read|write|login|token|secrets|policy|auth)\b[^\n]{0,200}permission\s+denied"
        r"|\bvault[^\n]{0,100}/v1/[^\n]{0,200}permission\s+denied|\bCode:\s*403\.\s*Errors:\s*\*?\s*(?:1\s+error\s+occurred:"
        r"\s*\*?\s*)?permission\s+denied",
        "permission denied",
        "preflight capability check",
        flags=re.MULTILINE | re.IGNORECASE,
        subject=r"/v1/([\w./@-]*\w)",
        verdict=(
            "HashiCorp Vault refused the request before AWS was called: the policies of the Vault token do not allow "
            "{name}."
        ),
    ),
)

# Vault, "AWS auth method" (https://developer.hashicorp.com/vault/docs/auth/aws) and its API
# (https://developer.hashicorp.com/vault/api-docs/auth/aws); the messages are those of path_login.go.
VAULT_LOGINS: tuple[System, ...] = (
    documented(
        "the principals of the role in Vault",
        "Vault's role does not list the caller: add its IAM role's ARN (arn:aws:iam::…:role/…, not the session's) to "
        "bound_iam_principal_arn of that role. AWS accepted the caller.",
        "vault read auth/aws/role/NAME shows the list. An IAM role that was deleted and created again has a new unique "
        "ID: write the ARN again, or set resolve_aws_unique_ids=false. If the role has a path, the ARN must contain "
        "it.",
        "IAM Principal {name} does not belong to the role",
        'IAM Principal "{name}" does not belong to the role',
        title="Bind Vault's role to the caller's IAM role",
    ),
    documented(
        "the name of the role in Vault",
        "Vault's AWS auth method has no role {name}: create it in Vault, or name a different role at the login "
        "(role=NAME). AWS accepted the caller.",
        "Without role=, Vault uses the name of the caller's IAM role or user. The command vault list auth/aws/role "
        "shows Vault's roles in this namespace and mount path.",
        "entry for role {name} not found",
        'entry for role "{name}" not found',
        title="Create the role in Vault, or name another",
    ),
    documented(
        "the header that Vault requires",
        "Vault requires the signed header X-Vault-AWS-IAM-Server-ID, but the login sends no value or a wrong one: set "
        "header_value to the value that Vault has.",
        "vault read auth/aws/config/client shows iam_server_id_header_value. With the CLI, run vault login -method=aws "
        "header_value=VALUE.",
        'missing header "X-Vault-AWS-IAM-Server-ID"',
        "missing header X-Vault-AWS-IAM-Server-ID",
        "error validating X-Vault-AWS-IAM-Server-ID header: expected {} but got",
        title="Send the header's value with the login",
    ),
    documented(
        "the type of the role in Vault",
        "The role {name} in Vault is for another kind of login (ec2), but the client logs in with iam: use a role with "
        "auth_type=iam.",
        "vault read auth/aws/role/NAME shows auth_type. The type cannot be changed: create a new role.",
        "auth method iam not allowed for role {name}",
        title="Use a role of Vault with auth_type=iam",
    ),
)
