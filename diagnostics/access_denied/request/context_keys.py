"""Condition keys: where their values come from, and which token claims policies can test."""

from __future__ import annotations

from diagnostics.access_denied.request.caller import Caller

_SOURCES = {
    "sts:externalid": "the external ID that the caller sends with AssumeRole",
    "aws:multifactorauthpresent": "whether the calling credentials were issued with an MFA code",
    "aws:multifactorauthage": "how long ago, in seconds, the calling credentials were issued with an MFA code",
    "aws:sourceip": "the public address from which the call came",
    "aws:sourcevpce": "the VPC endpoint through which the call came",
    "aws:sourcevpc": "the VPC from which the call came",
    "aws:requestedregion": "the Region to which the call was sent",
    "aws:sourcearn": "the resource on whose behalf the service calls",
    "aws:sourceaccount": "the account on whose behalf the service calls",
    "aws:principalarn": "the ARN of the caller's role or user",
    "aws:principalaccount": "the account of the caller",
    "aws:principaltype": "the type of the caller",
    "aws:userid": "the unique ID of the caller",
    "aws:username": "the name of the calling user",
    "aws:principalorgid": "the organization of the caller's account",
    "aws:securetransport": "whether the call went over TLS",
    "aws:viaawsservice": "whether an AWS service made the call with the credentials of the caller",
    "aws:tokenissuetime": "when the credentials of the session were issued",
    "aws:currenttime": "the time of the call",
    "iam:passedtoservice": "the service to which the role is passed",
    "iam:permissionsboundary": "the boundary that the request sets on the role or user",
    "saml:aud": "the sign-in endpoint to which the identity provider posts",
    "kms:viaservice": "the service through which the key is used",
    "secretsmanager:versionstage": "the version of the secret that is requested",
}


def no_claim_of(key: str, caller: Caller) -> bool:
    """Return whether a condition key for a token claim has no value for this caller.

    The caller's token lacks the claim, or the token has another issuer, or IAM offers no condition key for the claim.
    """
    if caller.settled and key.startswith(f"{caller.settled.rstrip('/')}:".lower()):
        return True
    return _of_another_provider(key, caller) or bool(unheard_claim(key, caller))


def _of_another_provider(key: str, caller: Caller) -> bool:
    """Return whether a key (in lower case) is a claim of an identity provider other than the caller's.

    No other token contains it (IAM User Guide, "Available keys for AWS OIDC federation").
    """
    prefix, arn = key.rpartition(":")[0].rstrip("/"), (caller.arn or "").lower()
    of_oidc = "." in prefix.partition("/")[0]
    if ":saml-provider/" in arn:
        return of_oidc
    issuer = (arn.partition(":oidc-provider/")[2] or arn).rstrip("/")
    return bool(issuer) and (prefix == "saml" or (of_oidc and prefix != issuer))


def unheard_claim(key: str, caller: Caller) -> str:
    """If ``key`` names a claim that the issuer sends but IAM has no condition key for, return the claim; else ""."""
    issuer = (caller.arn or "").partition(":oidc-provider/")[2]
    prefix, _, claim = key.rpartition(":")
    if not issuer or prefix.rstrip("/").lower() != issuer.rstrip("/").lower():
        return ""
    from diagnostics.text.tokens.jwt import heard_of

    return "" if claim.lower() in {name.lower() for name in heard_of(issuer)} else claim


def source_of(key: str) -> str:
    """Return a clause that says where the value of a condition key comes from."""
    low = key.lower()
    if low in _SOURCES:
        return _SOURCES[low]
    if low.startswith("aws:principaltag/"):
        return f"the caller's tag {key.partition('/')[2]}, on the role, the user or the session"
    if low.startswith("aws:resourcetag/"):
        return f"the resource's tag {key.partition('/')[2]}"
    if low.startswith("aws:requesttag/"):
        return f"the tag {key.partition('/')[2]} that the request sets"
    if low.endswith(":sub"):
        return "the subject (sub) of the caller's token"
    if low.endswith(":aud"):
        return "the audience (aud) of the caller's token"
    if low.endswith(":amr"):
        return "how the token's owner signed in (amr): authenticated or unauthenticated"
    return "a value that only the request itself carries"
