"""Explain STS's error that the account has no identity provider for a token's issuer."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.diagnosis import Evidence, Status, Step, Verdict
from diagnostics.fix import Fix
from iam.claims import Ground, confidence
from iam.lazy_pattern import regex
from iam.sources.reader.opened import OpenedAccount

_NO_PROVIDER = regex(
    r"No\s+OpenIDConnect\s+provider\s+found\s+in\s+your\s+account\s+for\s+(?:https://)?(?P<url>[^\s\"',]+)"
)


def missing_provider_in(text: str) -> str | None:
    """Return the issuer (without ``https://``) for which the text says that there is no provider, or None."""
    match = _NO_PROVIDER.search(text)
    return match["url"].rstrip("/.") if match else None


def explain_missing_provider(url: str, opened: OpenedAccount) -> Iterator[Step | Verdict | Fix]:
    """Yield whether the provider is still missing, and how to create it."""
    arn = f"arn:{opened.account.partition}:iam::{opened.account.id}:oidc-provider/{url}"
    reading = opened.reader.oidc_provider(arn)
    evidence = (Evidence(text=reading.why or f"{arn}", layer="trust", arn=arn, call=reading.call),)
    if reading.value is not None:
        yield Step("provider", "Identity provider", Status.PASS, f"{arn} exists now", evidence)
        yield Verdict(
            "allowed.now",
            confidence(Ground.LIKENESS),
            f"The identity provider {url} exists in account {opened.account.id} now. It was created after the "
            "call, or the call went to another account.",
        )
        return
    status = Status.UNKNOWN if reading.why else Status.FAIL
    yield Step(
        "provider", "Identity provider", status, reading.why or f"account {opened.account.id} has none", evidence
    )
    yield Verdict(
        "trust.provider-missing",
        confidence(Ground.STATED),
        f"The account has no identity provider for {url}: the token's issuer is not registered in this account, or "
        "this is the wrong account.",
    )
    from diagnostics.access_denied.fixes.create_identity_provider import make_oidc_provider

    yield make_oidc_provider(arn, url)
