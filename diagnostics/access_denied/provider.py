"""The identity provider behind a web identity or SAML call."""

from __future__ import annotations

from diagnostics.access_denied.case import Case
from diagnostics.access_denied.judge import Finding
from diagnostics.diagnosis import Confidence, Evidence, Status, Step


def provider_missing() -> Finding:
    return Finding("trust.provider-missing", Confidence.CERTAIN, "trust")


def provider_step(case: Case) -> tuple[Step, bool]:
    """Whether the provider exists and knows the token's audience. The second value is True where it is known not to
    exist."""
    arn = case.caller.arn or ""
    title = "Identity provider"
    if ":oidc-provider/" in arn:
        reading = case.reader.oidc_provider(arn)
        call = reading.call
        if reading.value is not None:
            provider = reading.value
            audiences = provider.client_ids
            told = next(
                (
                    values
                    for key, values in case.request.context.items()
                    if key.lower() == f"{provider.url}:aud".lower()
                ),
                None,
            )
            wrong = told and audiences is not None and not set(told) & set(audiences)
            said = f"exists, for audiences {', '.join(audiences)}" if audiences else "exists"
            if wrong:
                said += f"; the token's audience {', '.join(told or ())} is not among them"
            evidence = Evidence(text=said, layer="trust", arn=arn, call=call)
            return Step("provider", title, Status.FAIL if wrong else Status.PASS, said, (evidence,)), False
        return _without(title, arn, call, reading.why)
    if ":saml-provider/" in arn:
        saml = case.reader.saml_provider(arn)
        if saml.value is not None:
            until = saml.value.valid_until
            expired = until is not None and until <= case.account.now
            said = f"exists, its metadata {'expired' if expired else 'expires'} {until:%Y-%m-%d}" if until else "exists"
            evidence = Evidence(text=said, layer="trust", arn=arn, call=saml.call)
            return Step("provider", title, Status.FAIL if expired else Status.PASS, said, (evidence,)), False
        return _without(title, arn, saml.call, saml.why)
    return Step("provider", title, Status.PASS, f"{arn} needs none in the account"), False


def _without(title: str, arn: str, call: str, why: str) -> tuple[Step, bool]:
    evidence = (Evidence(text=why or "there is none", layer="trust", arn=arn, call=call),)
    if why:
        return Step("provider", title, Status.UNKNOWN, f"{arn}: cannot be read from here: {why}", evidence), False
    return Step("provider", title, Status.FAIL, f"{arn} does not exist", evidence), True
