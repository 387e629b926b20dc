"""Parse the data of an external identity: the claims in a web identity token, or the attributes in a SAML response.

Signatures are not checked: the demo's providers have no keys.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree

from iam.demo.account.facts import NOW
from iam.demo.aws.wire import AwsError, DemoCall
from iam.demo.aws.world import World

_COGNITO = "cognito-identity.amazonaws.com"
_TAGS_CLAIM = "https://aws.amazon.com/tags"
_ATTRIBUTE = "https://aws.amazon.com/SAML/Attributes/"
_MAX_ASSERTION = 100_000  # in characters, as in the API reference


@dataclass(frozen=True, slots=True)
class Identity:
    """An external identity.

    ``principal`` is the provider; ``answer`` contains the fields of the response other than the credentials.
    """

    principal: str
    session_name: str
    context: Mapping[str, tuple[str, ...]]
    answer: Mapping[str, Any]
    tags: Mapping[str, str] = field(default_factory=dict)


def from_web_identity(world: World, call: DemoCall) -> Identity:
    """Return the identity in a web identity token.

    Raises AWS's error if the token is invalid or expired, the issuer is unknown, or the audience does not match.
    """
    claims = _claims(str(call.get("WebIdentityToken")))
    issuer = str(claims.get("iss", ""))
    host = issuer.removeprefix("https://").rstrip("/")
    audiences = [str(one) for one in _listed(claims.get("aud"))]
    if host == _COGNITO:
        principal = _COGNITO
    else:
        provider = next((one for one in world.iam.open_id_providers.values() if one.url.rstrip("/") == host), None)
        if provider is None:
            raise AwsError("InvalidIdentityToken", f"No OpenIDConnect provider found in your account for {issuer}")
        if not set(audiences) & set(provider.client_id_list):
            raise AwsError("InvalidIdentityToken", "Incorrect token audience")
        principal = provider.arn
    expires = claims.get("exp")
    if isinstance(expires, int | float) and expires < NOW.timestamp():
        raise AwsError(
            "ExpiredTokenException",
            f"Token expired: current date/time {int(NOW.timestamp())} must be before the expiration date/time "
            f"{int(expires)}",
        )
    context = {
        f"{host}:{name}": tuple(str(one) for one in _listed(claims[name]))
        for name in ("sub", "aud", "amr", "azp", "job_workflow_ref", "repository", "environment")
        if name in claims
    }
    tags = claims.get(_TAGS_CLAIM, {}).get("principal_tags", {}) if isinstance(claims.get(_TAGS_CLAIM), dict) else {}
    return Identity(
        principal,
        str(call.get("RoleSessionName")),
        context,
        {
            "SubjectFromWebIdentityToken": str(claims.get("sub", "")),
            "Audience": audiences[0] if audiences else "",
            "Provider": principal,
        },
        {key: str(_listed(value)[0]) for key, value in tags.items()},
    )


def _claims(token: str) -> Mapping[str, Any]:
    parts = token.split(".")
    try:
        if len(parts) != 3:
            raise ValueError("not three parts")
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (ValueError, binascii.Error) as error:
        raise AwsError(
            "InvalidIdentityToken",
            "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)",
        ) from error
    if not isinstance(claims, dict):
        raise AwsError("InvalidIdentityToken", "The ID Token provided is not a valid JWT.")
    return claims


def from_saml(world: World, call: DemoCall) -> Identity:
    """Return the identity in a SAML response.

    Raises AWS's error if the provider is unknown or the response is invalid.
    """
    principal = str(call.get("PrincipalArn"))
    if not any(provider.arn == principal for provider in world.iam.saml_providers.values()):
        raise AwsError("InvalidIdentityToken", "Specified provider doesn't exist")
    try:
        text = base64.b64decode(str(call.get("SAMLAssertion"))[:_MAX_ASSERTION], validate=True)
        tree = ElementTree.fromstring(text)
    except (ValueError, ElementTree.ParseError) as error:
        raise AwsError("InvalidIdentityToken", "Invalid SAML response") from error
    recipient, subject, attributes = "", "", {}
    for element in tree.iter():
        tag = element.tag.rpartition("}")[2]
        if tag == "SubjectConfirmationData":
            recipient = element.get("Recipient", recipient)
        elif tag == "NameID":
            subject = (element.text or "").strip()
        elif tag == "Attribute":
            values = [(child.text or "").strip() for child in element]
            attributes[element.get("Name", "")] = values
    session = next(iter(attributes.get(f"{_ATTRIBUTE}RoleSessionName", [])), subject)
    context = {"SAML:aud": (recipient,), "SAML:sub": (subject,), "SAML:iss": ("https://idp.harbor.example/saml",)}
    tags = {
        name.removeprefix(f"{_ATTRIBUTE}PrincipalTag:"): value[0]
        for name, value in attributes.items()
        if name.startswith(f"{_ATTRIBUTE}PrincipalTag:") and value
    }
    answer = {"Subject": subject, "SubjectType": "persistent", "Audience": recipient, "Issuer": context["SAML:iss"][0]}
    return Identity(principal, session or "saml-user", context, answer, tags)


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
