"""Find an identity provider of another account in a trust policy. A role trusts only its own account's providers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.failure import Denial
from diagnostics.fix import Fix, Note
from diagnostics.who import Who
from iam.arn import account_of
from iam.lazy_pattern import regex
from iam.policy.decision import Fault
from iam.policy.document import Document

_ROLE = regex(r"\barn:[\w-]+:iam::(?P<account>\d{12}):role/(?!aws-service-role/)[\w+=,.@/-]+")
_ACCOUNT = regex(r"(?<![\w.-])(?<!:)(?P<account>\d{12})(?![\w-])(?!:)")
_ACROSS = regex(r"\b[Cc]ross[- ]account|\b(?:target|other|second|workload|spoke|member|destination) accounts?\b")
"""Words that show that the role and the cluster or pipeline are in different accounts."""


def of_another_accounts_provider(denial: Denial, documents: Iterable[Document]) -> Finding | None:
    """Return the finding that the trust policy names a provider from an account other than the role's; else None.

    IAM User Guide, "Create a role for OpenID Connect federation": the provider is created in the role's account
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html).
    """
    if not (denial.action or "").lower().startswith("sts:assumerolewith"):
        return None
    providers = [*_providers(documents, denial.pasted or denial.text)]
    accounts = {account_of(each) for each in providers} - {None}
    homes = _homes(denial, accounts)
    if len(accounts) != 1 or len(homes) != 1 or homes & accounts:
        return None
    (named,), (home,) = accounts, homes
    meant = providers[0].replace(f"::{named}:", f"::{home}:")
    sure = account_of(denial.resource or "") == home
    where = f"the role is in account {home}" if sure else f"most likely the role is in account {home}"
    said = f"the trust policy names a provider of account {named}, and {where}"
    change = f"Write {meant} in place of {providers[0]}, and create that provider if account {home} has none."
    note = Note("the trust policy in the text", change)
    return Finding(
        f"trust.{Fault.PRINCIPAL_MISMATCH.value}",
        said,
        f"In the text, {said}: a role can trust only a provider of its own account. Use the ARN of the provider in the "
        "role's account as Federated.",
        fix=Fix(f"Name the provider of account {home} in the trust policy", Who.RESOURCE_OWNER, note),
    )


def _providers(documents: Iterable[Document], text: str) -> Iterator[str]:
    """Yield the providers that the trust policies name with an account that the text shows."""
    for document in documents:
        for each in document.statements:
            if each.effect == "Allow":
                yield from (
                    value
                    for kind, value in each.principal or ()
                    if kind == "Federated" and "-provider/" in value and (account_of(value) or "-") in text
                )


def _homes(denial: Denial, providers: set[str | None]) -> set[str | None]:
    """Return the accounts that may contain the role.

    That is the account in its ARN, or else the account of the text's roles, or else the only other account in the text.
    The only other account counts if the text says that two accounts take part.
    """
    text = denial.pasted or denial.text
    if own := account_of(denial.resource or ""):
        return {own}
    if roles := {found["account"] for found in _ROLE.finditer(text)}:
        return {*roles}
    if not _ACROSS.search(text):
        return set()
    return {found["account"] for found in _ACCOUNT.finditer(text)} - providers
