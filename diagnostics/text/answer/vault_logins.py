"""What to do if Vault does not find the role or user that logs in, because it looks in its own account.

Vault, "AWS auth method", "Cross account access" (https://developer.hashicorp.com/vault/docs/auth/aws).
"""

from __future__ import annotations

from dataclasses import dataclass

from iam.lazy_pattern import regex

_LOGIN = regex(
    r"looking up full ARN of entity &\{\S+ (?P<account>\d{12}) (?P<kind>assumed-role|user)\s+(?:\S*/)?"
    r"(?P<name>[\w+=,.@-]+)[^}\n]*\}[\s\S]{0,120}?NoSuchEntity"
)
_BINDING = regex(
    r"resolve ARN \W{0,2}arn:[\w-]+:iam::(?P<account>\d{12}):(?P<kind>role|user)/(?:[\w+=,.@-]+/)*(?P<name>[\w+=,.@-]+)"
    r"\W{0,2} to internal ID:[\s\S]{0,120}?NoSuchEntity"
)


@dataclass(frozen=True, slots=True)
class VaultLookup:
    """What is wrong with Vault's look-up, and what to do: a sentence, a title and steps."""

    sentence: str
    title: str
    steps: str


def vault_lookup(text: str) -> VaultLookup | None:
    """Return what to do if Vault looked for the caller's role or user in an account that has none; else None."""
    found = _LOGIN.search(text)
    logs_in = found is not None
    found = found or _BINDING.search(text)
    if found is None:
        return None
    account, name = found["account"], found["name"]
    kind = "user" if found["kind"] == "user" else "role"
    sts = (
        f"vault write auth/aws/config/sts/{account} sts_role=arn:aws:iam::{account}:role/ROLE. This role must "
        f"trust Vault's own role or user, and needs iam:Get{kind.capitalize()}. Vault's own role or user needs "
        "sts:AssumeRole on this role."
    )
    if logs_in:
        return VaultLookup(
            f"Most likely Vault looked for the {kind} {name} in its own account: the caller is from account {account}. "
            f"Let Vault read account {account}, or bind the {kind}'s ARN without a wildcard.",
            f"Let Vault assume a role in account {account}",
            f"{sts} Or name the full ARN in bound_iam_principal_arn, because Vault looks up the principal at "
            "login only if the ARN has a wildcard.",
        )
    return VaultLookup(
        f"Vault found no {kind} {name} with the credentials of its AWS auth method: these credentials are not of "
        f"account {account}, or the name is wrong. First compare the accounts.",
        f"Let Vault read account {account}, or correct the ARN",
        f"{sts} Or write the Vault role with resolve_aws_unique_ids=false: Vault then compares ARNs without a look-up.",
    )
