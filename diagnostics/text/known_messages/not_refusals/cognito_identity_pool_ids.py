"""Rows for identity pools of Cognito: providers, logins, guests."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system
from iam.regions import REGION_NAME

_NO_POLICY = "No permission is missing: no role was assumed yet."
_NO_GUESTS = r"Unauthenticated\s+access\s+is\s+not\s+supported\s+for\s+this\s+identity\s+pool"
_SIGNED_IN_ONLY_THERE = (
    r"(?=[\s\S]*(?:(?i:\bsign(?:ed)?[ -]?in\b|\blogged in\b|\bsession is valid\b)|\bid_?[Tt]oken\b|fetchAuthSession))"
    rf"(?=[\s\S]*\b{REGION_NAME}_\w{{6,}})(?![\s\S]*(?i:\blogins[\"']?\s*[:=({{]))"
)
"""A text with a user pool's sign-in, whose call to the identity pool sends no Logins."""

IDENTITY_POOL_IDS: tuple[System, ...] = (
    # Amazon Cognito identity pools: what each of its sentences turned out to mean
    # (https://github.com/aws-amplify/amplify-js/issues/2067,
    # https://github.com/amazon-archives/amazon-cognito-identity-js/issues/153 and /7).
    made_system(
        "the identity pool's list of providers",
        "Compare aws cognito-identity describe-identity-pool --identity-pool-id POOL (CognitoIdentityProviders, "
        "SupportedLoginProviders) with the token's iss and aud, and with the key in Logins: "
        f"cognito-idp.REGION.amazonaws.com/USER-POOL-ID, in the user pool's own Region. {_NO_POLICY}",
        r"Token\s+is\s+not\s+from\s+a\s+supported\s+provider\s+of\s+this\s+identity\s+pool",
        "not from a supported provider",
        verdict="The identity pool does not know who issued this token. Either the pool lists a different user pool or "
        "app client ID (often after one of them was created again), or the key in Logins names a different issuer.",
        title="Compare the pool's providers with the token",
    ),
    made_system(
        "the token in the identity pool's Logins",
        "Send the ID token of the user pool, not its access token (which has no aud), and a fresh one: it expires "
        "after an hour unless the app client sets another time. The key in Logins must be the token's issuer without "
        f"https://. {_NO_POLICY}",
        r"Invalid\s+login\s+token\.(?!\s+(?:Not\s+authorized\s+to\s+perform|Token\s+is\s+not\s+from\s+a\s+supported))",
        "invalid login token",
        verdict="The identity pool did not accept the token that was sent to it, and its message says what is wrong "
        "with it.",
        title="Send the ID token, while it is valid",
    ),
    made_system(
        "the login that the call to the identity pool lacks",
        "Pass the session's ID token: Logins: {'cognito-idp.REGION.amazonaws.com/{name}': idToken}, in GetId and in "
        "GetCredentialsForIdentity alike (in the SDK: fromCognitoIdentityPool with logins). The user pool and its app "
        f"client must be among the identity pool's providers. Do not allow guests for this. {_NO_POLICY}",
        _NO_GUESTS,
        "unauthenticated access is not supported",
        unless=rf"\A(?!{_SIGNED_IN_ONLY_THERE})",
        subject=rf"\b({REGION_NAME}_\w{{6,}})",
        verdict="The user is signed in to the user pool {name}, but the call to the identity pool has no Logins, so it "
        "came as a guest, and the pool allows no guests.",
        title="Pass the ID token in Logins",
        sure=False,
    ),
    made_system(
        "the identity pool's guests",
        "Let the user sign in first and pass the ID token in Logins (or wait for the session before the first call). "
        f"Or allow guest access in the identity pool and give its guests a role. {_NO_POLICY}",
        _NO_GUESTS,
        "unauthenticated access is not supported",
        unless=rf"\A{_SIGNED_IN_ONLY_THERE}",
        verdict="The call came without a login, and the identity pool allows no guests.",
        title="Pass the user's login, or allow guests",
    ),
    made_system(
        "the login of the pool's identity",
        "Pass a login with which this identity was created, or ask GetId for the identity of the current login: the "
        f"identity ID that the app stored belongs to a different user or provider. {_NO_POLICY}",
        r"Logins\s+don['’]t\s+match\.\s+Please\s+include|NotAuthorizedException\b[^\n]{0,120}Logins\s+don['’]t\s+match",
        "logins don",
        verdict="The identity ID belongs to different logins from those that the call sends.",
        title="Use the identity of the current login",
    ),
)
