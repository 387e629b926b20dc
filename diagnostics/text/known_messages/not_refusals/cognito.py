"""Rows for Amazon Cognito: user pools, app clients, identity pools."""

from __future__ import annotations

import re

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system
from iam.regions import REGION_NAME

_NONE_MISSING = "No AWS permission is missing."

USER_POOLS: tuple[System, ...] = (
    # Amazon Cognito user pools API reference, "InitiateAuth": NotAuthorizedException
    # (https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_InitiateAuth.html).
    made_system(
        "the Cognito user pool",
        "Check name, password and state of the user in the pool. " + _NONE_MISSING,
        r"NotAuthorizedException[^\n]{0,60}(?:Incorrect\s+username\s+or\s+password|User\s+is\s+disabled|Password\s+attempts"
        r"\s+exceeded)",
        "incorrect username or password",
        "user is disabled",
        "password attempts exceeded",
        verdict="The Cognito user pool refused the sign-in: no IAM policy was evaluated.",
    ),
    # Amazon Cognito developer guide, "Signing up and confirming user accounts": "Computing secret hash values"
    # (https://docs.aws.amazon.com/cognito/latest/developerguide/signing-up-users-in-your-app.html).
    made_system(
        "the app client's secret hash",
        "Give the program the ID and the secret of the same app client: a client created again has a new "
        "ID and a new secret. SECRET_HASH is made from the user name and the client ID, with the client's secret as "
        f"the key. A client without a secret needs no hash. {_NONE_MISSING}",
        r"Unable\s+to\s+verify\s+secret\s+hash\s+for\s+client",
        "verify secret hash",
        flags=re.IGNORECASE,
        verdict="SECRET_HASH does not fit the app client: compute it from the user name and this client's ID, with "
        "this client's secret. Cognito decides this without IAM.",
        title="Use the ID and the secret of the same app client",
    ),
    # Amazon Cognito developer guide, "Ending user sessions with token revocation"
    # (https://docs.aws.amazon.com/cognito/latest/developerguide/token-revocation.html).
    made_system(
        "the user's token of the Cognito user pool",
        "Let the user sign in again: a token that was revoked or has expired cannot be used or refreshed (the app "
        f"client sets how long each is valid). {_NONE_MISSING}",
        r"NotAuthorizedException[^\n]{0,60}(?:Refresh|Access)\s+Token\s+has\s+(?:been\s+revoked|expired)",
        "token has been revoked",
        "refresh token has expired",
        "access token has expired",
        flags=re.IGNORECASE,
        verdict="The user's token was revoked or has expired: let the user sign in again. No IAM policy was evaluated.",
        title="Sign in again",
    ),
)

APP_CLIENTS: tuple[System, ...] = (
    # Amazon Cognito Developer Guide, "The token issuer endpoint": examples of negative responses
    # (https://docs.aws.amazon.com/cognito/latest/developerguide/token-endpoint.html).
    made_system(
        "the secret of the Cognito app client",
        "Send the secret as Authorization: Basic base64(CLIENT-ID:CLIENT-SECRET), or client_id and client_secret in "
        "the body. A program in a browser or on a phone keeps no secret: give it an app client without one. aws "
        "cognito-idp describe-user-pool-client shows whether the client has a secret. No permission is missing.",
        r"(?:amazoncognito\.com|\b[Cc]ognito\b|/oauth2/token)[\s\S]{0,600}?\binvalid_client\b"
        r"|\binvalid_client\b[\s\S]{0,600}?(?:amazoncognito\.com|\b[Cc]ognito\b)",
        "invalid_client",
        verdict="Cognito's token endpoint did not accept the app client: the client ID is wrong, or the client has a "
        "secret and the request sends none or another one. No permission is missing.",
        title="Send the ID and the secret of the app client",
    ),
    # Amazon Cognito Developer Guide, "The redirect and authorization endpoint"
    # (https://docs.aws.amazon.com/cognito/latest/developerguide/authorization-endpoint.html).
    made_system(
        "the callback URLs of the Cognito app client",
        "Copy redirect_uri, decoded, from the address of /oauth2/authorize or /login, and compare it with aws "
        "cognito-idp describe-user-pool-client --query UserPoolClient.[CallbackURLs,LogoutURLs]: scheme, host, port, "
        "path, upper case and a slash at the end count. At /logout, compare with the sign-out URLs too. HTTP is "
        "possible only for localhost. The page comes from the user pool, so no permission is missing.",
        r"\bredirect_mismatch\b",
        "redirect_mismatch",
        verdict="Cognito does not know this redirect_uri: it must be among the callback URLs of the app client, letter "
        "by letter. Add it there, or correct it in the program. No permission is missing.",
        title="Make redirect_uri and a callback URL of the app client the same",
    ),
)
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
IDENTITY_POOLS: tuple[System, ...] = (
    made_system(
        "Cognito",
        "Give the identity pool its providers and roles, or correct its ID: no policy was evaluated yet.",
        r"does\s+not\s+have\s+identity\s+providers\s+configured",
        "identity providers configured",
    ),
)
