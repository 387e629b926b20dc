"""Explain STS's error that the identity provider does not list the token's audience."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from diagnostics.access_denied.token.roles import provider_arn
from diagnostics.diagnosis import Step, Verdict
from diagnostics.fix import Fix, ShellCommand, calls_or_note, iam_call
from diagnostics.text.answer.credentials.pasted_tokens import good_tokens, token_step
from diagnostics.text.tokens.token import Token
from diagnostics.who import Who
from iam.account import Account
from iam.claims import Ground, confidence
from iam.lazy_pattern import regex
from iam.sources.reader.opened import OpenedAccount
from iam.words import listing

if TYPE_CHECKING:
    from diagnostics.access_denied.request.identity_provider import ProviderFound

_AUDIENCE = regex(r"Incorrect\s+token\s+audience", re.IGNORECASE)


def audience_refused(text: str) -> bool:
    return _AUDIENCE.search(text) is not None


def explain_audience(tokens: tuple[Token, ...], opened: OpenedAccount) -> Iterator[Step | Verdict | Fix]:
    """Yield the token's audience and those that the provider lists.

    Without a token, yield those that the account's providers list.
    """
    from diagnostics.access_denied.request.identity_provider import find_provider

    if tokens:
        yield token_step(tokens)
    for token in good_tokens(tokens)[:1]:
        found = find_provider(provider_arn(token, opened.account), token.context, opened)
        yield found.step
        if found.presented:
            yield Verdict("credentials.invalid", confidence(Ground.STATED), audience_words(token, found))
            yield list_audience(token, found, opened.account)
            return
    yield Verdict(
        "credentials.invalid",
        confidence(Ground.STATED),
        "The identity provider does not list the token's audience, so STS refuses the token before it evaluates "
        "any trust policy.",
    )
    yield _list_some(opened.account)


def audience_words(token: Token, found: ProviderFound) -> str:
    return (
        f"The identity provider {token.issuer} does not list the token's audience {listing(found.presented)} (it lists "
        f'{listing(found.audiences) or "none"}): STS answers "Incorrect token audience" before it evaluates any trust '
        "policy."
    )


def list_audience(token: Token, found: ProviderFound, account: Account) -> Fix:
    """Return the fix to request a token for a listed audience, or to add the token's audience to the provider."""
    arn = provider_arn(token, account)
    wanted = found.audiences[0] if found.audiences else "sts.amazonaws.com"
    return Fix(
        f"Request a token for the audience {wanted}, or add {found.presented[0]} to the provider's list",
        Who.ACCOUNT_ADMIN,
        calls_or_note(
            arn,
            iam_call("AddClientIDToOpenIDConnectProvider", OpenIDConnectProviderArn=arn, ClientID=found.presented[0]),
        ),
    )


def _list_some(account: Account) -> Fix:
    listed = [
        f"{provider.url}: {', '.join(provider.client_ids or ()) or 'none'}" for provider in account.oidc_providers or ()
    ]
    known = f"\n# The account's providers accept: {'; '.join(listed)}." if listed else ""
    return Fix(
        "Request the token for an audience that the identity provider lists, or add the token's audience to the list",
        Who.ACCOUNT_ADMIN,
        ShellCommand(
            "the identity provider",
            "aws iam add-client-id-to-open-id-connect-provider --open-id-connect-provider-arn PROVIDER-ARN "
            f"--client-id AUDIENCE{known}",
        ),
    )
