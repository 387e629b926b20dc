"""Compare the issuer of a token with the identity providers that the text lists for the account."""

from __future__ import annotations

from diagnostics.text.read.identities.token_conditions import token_issuers
from iam.lazy_pattern import regex

_LISTED = regex(r"\barn:(?P<partition>[\w-]+):iam::\d{12}:oidc-provider/(?P<host>[\w.-]+\.[\w./-]*\w)")
_LIST = regex(r"\blist-open-id-connect-providers\b|\bOPENIDCONNECTPROVIDERLIST\b|\"OpenIDConnectProviderList\"")
_OF_CLUSTER = regex(r"\bhttps://(?P<host>oidc\.eks\.[\w.-]+/id/\w+)")


def of_listed_providers(text: str) -> dict[str, str]:
    """Return the token's issuer as ``unlisted_issuer`` if the text lists the account's providers without it.

    The issuer is that of the token, or that of the only cluster. Amazon EKS User Guide, "Create an IAM OIDC provider
    for your cluster" (https://docs.aws.amazon.com/eks/latest/userguide/enable-iam-roles-for-service-accounts.html).
    """
    listed = {each["host"].lower() for each in _LISTED.finditer(text)}
    if not listed or not _LIST.search(text):
        return {}
    issuers = set(token_issuers(text)) or {each["host"].lower() for each in _OF_CLUSTER.finditer(text)}
    if len(issuers) != 1 or issuers <= listed:
        return {}
    (issuer,) = issuers
    shown = next((each["host"] for each in _OF_CLUSTER.finditer(text) if each["host"].lower() == issuer), issuer)
    return {"unlisted_issuer": shown}
