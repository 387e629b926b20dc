"""The identity provider and the condition keys in CloudTrail's record of a call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from diagnostics.access_denied.evidence.history import TrailCall
from diagnostics.access_denied.request.subject import Context
from iam.policy.edits import as_list


def identity_in(call: TrailCall) -> tuple[str | None, Context]:
    """Return the provider and the claims in CloudTrail's userIdentity (CloudTrail guide, "userIdentity element").

    For a web identity, ``principalId`` is ``PROVIDER:AUDIENCE:SUBJECT``. SAML calls have the endpoint in ``recipient``.
    """
    provider = call.identity.get("identityProvider")
    provider = provider if isinstance(provider, str) else None
    context: dict[str, tuple[str, ...]] = {}
    if call.identity.get("type") == "WebIdentityUser" and provider:
        context.update(_token_claims(call.identity, provider))
    if call.identity.get("type") == "SAMLUser" or "saml" in call.event.name.lower():
        # For SAML, the identity provider in the record is the issuer's own name; a parameter contains the provider in
        # IAM.
        arn = call.parameters.get("principalArn")
        provider = arn if isinstance(arn, str) else None
        context.update(_texts(call.parameters, {"recipient": "saml:aud", "audience": "saml:aud"}))
    for source in (call.parameters.get("claims"), call.record.get("additionalEventData")):
        if isinstance(source, dict):
            context.update(_claims(source, provider))
    context.update(call_parameters(call))
    return provider, context


def _token_claims(identity: Mapping[str, Any], provider: str) -> dict[str, tuple[str, ...]]:
    """Return the audience and the subject of a web identity's token."""
    context: dict[str, tuple[str, ...]] = {}
    issuer = provider.partition(":oidc-provider/")[2] or provider
    subject, whole = identity.get("userName"), identity.get("principalId")
    if isinstance(whole, str) and whole.startswith(f"{provider}:"):
        rest = whole[len(provider) + 1 :]
        audience, _, inside = rest.partition(f":{subject}") if isinstance(subject, str) else rest.partition(":")
        if audience and not inside:
            context[f"{issuer}:aud"] = (audience,)
    if isinstance(subject, str) and subject:
        context[f"{issuer}:sub"] = (subject,)
    return context


def _claims(source: dict[str, Any], provider: str | None) -> dict[str, tuple[str, ...]]:
    issuer = provider.partition(":oidc-provider/")[2] or provider if provider else ""
    found = {}
    for key, value in source.items():
        values = tuple(str(entry) for entry in as_list(value) if isinstance(entry, str | int))
        if not values:
            continue
        if ":" in key:
            found[key] = values
        elif issuer and key in ("sub", "aud", "amr"):
            found[f"{issuer}:{key}"] = values
        elif key in ("recipient", "SAMLRecipient", "samlRecipient"):
            found["saml:aud"] = values
    return found


def _texts(source: dict[str, Any], names: dict[str, str]) -> dict[str, tuple[str, ...]]:
    return {key: (source[name],) for name, key in names.items() if isinstance(source.get(name), str)}


def call_parameters(call: TrailCall) -> dict[str, tuple[str, ...]]:
    """Return the condition keys in the parameters of a recorded AssumeRole call.

    They are the external ID, the session name, the source identity and session tags.
    """
    parameters = call.parameters
    found = _texts(
        parameters,
        {
            "externalId": "sts:ExternalId",
            "roleSessionName": "sts:RoleSessionName",
            "sourceIdentity": "sts:SourceIdentity",
        },
    )
    for tag in as_list(parameters.get("tags")):
        if isinstance(tag, dict) and isinstance(tag.get("key"), str):
            found[f"aws:RequestTag/{tag['key']}"] = (str(tag.get("value", "")),)
    return found
