"""OIDC providers shared by many customers, and the claims that trust policies must test for them.

IAM User Guide, "Identity-provider controls for shared OIDC providers". IAM rejects an Allow statement that
trusts such a provider without testing a required claim. Its check is shallow: any value other than a lone ``*`` is
enough.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

GITHUB, COGNITO = "token.actions.githubusercontent.com", "cognito-identity.amazonaws.com"

_BY_SUBJECT = (
    "agent.buildkite.com",
    "app.terraform.io",
    "gitlab.com",
    "oidc-configuration.audit-log.githubusercontent.com",
    "oidc.codefresh.io",
    "proidc.upbound.io",
    "scalr.io",
    "studio.datachain.ai/api",
    "tokens.cloud.shisho.dev",
    "vstoken.actions.githubusercontent.com",
)
_BY_AUDIENCE = ("api.pulumi.com/oidc", COGNITO, "oidc.vercel.com", "sandboxes.cloud")

TELLING_KEYS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        GITHUB: (f"{GITHUB}:sub", f"{GITHUB}:job_workflow_ref"),
        **{issuer: (f"{issuer}:sub",) for issuer in _BY_SUBJECT},
        **{issuer: (f"{issuer}:aud",) for issuer in _BY_AUDIENCE},
    }
)
"""The condition keys that identify the customer, for each issuer. A trust policy must test at least one of them."""

_OPERATORS = ("stringequals", "stringlike", "stringequalsignorecase")


def issuer_of(federated: str) -> str:
    """Return the issuer of a Federated principal, which is a provider's ARN or a domain."""
    return federated.partition(":oidc-provider/")[2] or federated


def untested_keys(federated: str, conditions: Iterable[tuple[str, str, Iterable[str]]]) -> tuple[str, ...]:
    """Return the keys that identify the customer of this provider, if the conditions test none of them.

    Testing any one of them is enough. The result is empty if one of them is tested, or if no test is required.
    ``conditions`` are (operator, key, values).
    """
    wanted = TELLING_KEYS.get(issuer_of(federated).lower(), ())
    for operator, key, values in conditions:
        if key.lower() not in wanted:
            continue
        plain = operator.lower().rpartition(":")[2].removesuffix("ifexists")
        if plain in _OPERATORS and any(value.strip("*") for value in values):
            return ()
    return wanted
