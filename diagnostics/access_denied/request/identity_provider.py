"""The identity provider behind a web identity or SAML call."""

from __future__ import annotations

from dataclasses import dataclass

from diagnostics.access_denied.case import Case
from diagnostics.access_denied.judge import DenialFinding
from diagnostics.access_denied.request.caller import WELL_KNOWN_PROVIDERS
from diagnostics.access_denied.request.subject import Context
from diagnostics.diagnosis import Evidence, Status, Step
from iam.account import OIDCProvider
from iam.claims import Ground, confidence
from iam.sources.reader.opened import OpenedAccount
from iam.words import listing

TITLE = "Identity provider"


def provider_missing() -> DenialFinding:
    return DenialFinding("trust.provider-missing", confidence(Ground.READ), "trust")


@dataclass(frozen=True, slots=True)
class ProviderFound:
    """The result of looking up an identity provider.

    ``missing``: it is known not to exist. If the provider does not list the token's audiences, ``presented`` are the
    token's and ``audiences`` are those that it lists: STS answers "Incorrect token audience".
    """

    step: Step
    missing: bool = False
    audiences: tuple[str, ...] = ()
    presented: tuple[str, ...] = ()


def provider_step(case: Case) -> tuple[Step, bool]:
    """Return the step that says whether the provider exists and lists the token's audience.

    The second value is True if the provider is known not to exist.
    """
    found = find_provider(case.caller.arn or "", case.request.context, case.opened)
    return found.step, found.missing


def find_provider(arn: str, context: Context, opened: OpenedAccount) -> ProviderFound:
    """Look up the provider, and whether it lists the audience in ``context``."""
    if ":oidc-provider/" in arn:
        reading = opened.reader.oidc_provider(arn)
        if reading.value is None:
            return _without(arn, reading.call, reading.why)
        return _with_audiences(reading.value, arn, reading.call, context)
    if ":saml-provider/" in arn:
        saml = opened.reader.saml_provider(arn)
        if saml.value is None:
            return _without(arn, saml.call, saml.why)
        until = saml.value.valid_until
        expired = until is not None and until <= opened.account.now
        said = f"exists, its metadata {'expired' if expired else 'expires'} {until:%Y-%m-%d}" if until else "exists"
        evidence = Evidence(text=said, layer="trust", arn=arn, call=saml.call)
        return ProviderFound(Step("provider", TITLE, Status.FAIL if expired else Status.PASS, said, (evidence,)))
    if arn in WELL_KNOWN_PROVIDERS:
        return ProviderFound(Step("provider", TITLE, Status.PASS, f"{arn} needs no provider in the account"))
    return ProviderFound(Step("provider", TITLE, Status.UNKNOWN, "which provider was requested is unknown"))


def _with_audiences(provider: OIDCProvider, arn: str, call: str, context: Context) -> ProviderFound:
    listed = provider.client_ids
    key = f"{provider.url}:aud".lower()
    presented = next((values for name, values in context.items() if name.lower() == key), ())
    wrong = bool(presented) and listed is not None and not set(presented) & set(listed)
    said = f"exists, for audiences {listing(listed)}" if listed else "exists"
    if wrong:
        said += f"; the provider does not list the token's audience {listing(presented)}"
    evidence = Evidence(text=said, layer="trust", arn=arn, call=call)
    step = Step("provider", TITLE, Status.FAIL if wrong else Status.PASS, said, (evidence,))
    return ProviderFound(step, audiences=listed or (), presented=presented) if wrong else ProviderFound(step)


def _without(arn: str, call: str, why: str) -> ProviderFound:
    evidence = (Evidence(text=why or "there is no such provider", layer="trust", arn=arn, call=call),)
    if why:
        said = f"{arn}: cannot be read from here: {why}"
        return ProviderFound(Step("provider", TITLE, Status.UNKNOWN, said, evidence))
    return ProviderFound(Step("provider", TITLE, Status.FAIL, f"{arn} does not exist", evidence), missing=True)
