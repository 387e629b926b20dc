"""Name why HashiCorp Vault refuses the login of an IAM role or user if the text shows what Vault's role lists."""

from __future__ import annotations

from diagnostics.text.answer.shown_causes.shown_cause import ShownCause
from iam.arn import name_of
from iam.lazy_pattern import regex

_LOGGED_IN = regex(
    r"IAM Principal \W{0,3}arn:[\w-]+:(?:sts|iam)::(?P<account>\d{12}):(?:assumed-role|role|user)/(?:\S+?/)*?"
    r"(?P<name>[\w+=,.@-]+)(?:/[\w+=,.@-]+)?\W{0,3} does not belong to the role \W{0,3}(?P<role>[\w.-]+)"
)
_BOUND = regex(r"\bbound_iam_principal_arns?[\"']?\s*[:=]?\s*\[?(?P<list>[^\]\n]+)")
_BOUND_ID = regex(r"\bbound_iam_principal_ids?[\"']?\s*[:=]?\s*\[?(?P<list>[^\]\n]+)")
_PRINCIPAL = regex(r"arn:[\w-]+:iam::(?P<account>\d{12}):(?:role|user)/[\w+=,.@/*-]*[\w+=@*-]")
_ID = regex(r"\bA(?:ROA|IDA)[A-Z0-9]{8,}\b")


def of_vaults_role(text: str) -> ShownCause | None:
    """Return the cause if the text shows which principals Vault's role has; None if it does not.

    Vault, "AWS auth method", API: bound_iam_principal_arn and resolve_aws_unique_ids
    (https://developer.hashicorp.com/vault/api-docs/auth/aws#create-update-role).
    """
    said, bound = _LOGGED_IN.search(text), _BOUND.search(text)
    named = list(_PRINCIPAL.finditer(bound["list"])) if bound else []
    if said is None or not named:
        return None
    account, name, role = said["account"], said["name"], said["role"]
    same = [each[0] for each in named if each["account"] == account and name_of(each[0]) == name]
    if not same:
        listed = ", ".join(each[0] for each in named[:3])
        return ShownCause(
            f"Vault's role {role} lists {listed}, and the caller's role or user is {name} of account {account}: they "
            "differ. Log in with the listed one, or add the caller's. AWS accepted the caller.",
            "Compare the caller with bound_iam_principal_arn",
            "Compare account, path and name letter by letter. Vault needs the ARN of the IAM role (with its path), not "
            f"of the session. vault write auth/aws/role/{role} replaces the list: name every principal.",
        )
    ids = _BOUND_ID.search(text)
    old = set(_ID.findall(ids["list"])) if ids else set()
    new = set(_ID.findall(text)) - old
    differ = f" ({old.pop()} in Vault, {new.pop()} now)" if len(old) == len(new) == 1 else ""
    return ShownCause(
        f"Vault's role {role} already lists {same[0]}, but Vault compares its unique ID: most likely the role or user "
        f"was deleted and created again and has another ID{differ}. Write the ARN to Vault's role again.",
        "Write the same ARN again, so that Vault looks up the new ID",
        f"vault write auth/aws/role/{role} with the same bound_iam_principal_arn and its other settings. With "
        "resolve_aws_unique_ids=false Vault compares the ARN only: then whoever creates a role of this name can log "
        "in. If the ID is the same, compare the path: the ARN must have the role's path.",
    )
