"""Errors of STS, IAM, IAM Identity Center and Cognito about tokens, sessions, users and reports."""

from __future__ import annotations

from diagnostics.text.answer.error_meanings.meaning import API, meaning

_STS = f"{API}/STS/latest/APIReference"
_IAM = f"{API}/IAM/latest/APIReference"
_OIDC = f"{API}/singlesignon/latest/OIDCAPIReference/API_CreateToken.html"
_POOL = f"{API}/cognito-user-identity-pools/latest/APIReference"
IDENTITIES = (
    meaning(
        "OutboundWebIdentityFederationDisabled FeatureDisabled",
        "Outbound web identity federation is not enabled for this account: enable it once with aws iam "
        "enable-outbound-web-identity-federation, then ask for the token again.",
        f"{_STS}/API_GetWebIdentityToken.html",
    ),
    meaning(
        "FeatureEnabled",
        "Outbound web identity federation is enabled already: aws iam get-outbound-web-identity-federation-info shows "
        "its issuer.",
        f"{_IAM}/API_EnableOutboundWebIdentityFederation.html",
    ),
    meaning(
        "SessionDurationEscalation InsufficientSessionLifetime",
        "The requested duration is longer than the rest of the caller's own session: request less (DurationSeconds), "
        "or start a new session first.",
        f"{_STS}/API_GetWebIdentityToken.html",
    ),
    meaning(
        "JWTPayloadSizeExceeded",
        "The token that was asked for is too large: send fewer or shorter tags in the request.",
        f"{_STS}/API_GetWebIdentityToken.html",
    ),
    meaning(
        "IDPRejectedClaim",
        "The identity provider rejected the claim: it is invalid, has expired or was revoked. Get a new token from "
        "the provider and use it at once.",
        f"{_STS}/API_AssumeRoleWithWebIdentity.html",
    ),
    meaning(
        "InvalidContextAssertion",
        "The context assertion is malformed, has expired, or does not fit the context provider: get a new one (aws "
        "sso-oidc create-token-with-iam), and pass it at once, unchanged.",
        f"{_STS}/API_AssumeRole.html",
    ),
    meaning(
        "ExpiredTradeInToken",
        "The trade-in token has expired and cannot be exchanged for credentials: ask for a new one.",
        f"{_STS}/API_GetDelegatedAccessToken.html",
    ),
    meaning(
        "PolicyNotAttachable",
        "This managed policy belongs to a service-linked role, and cannot be attached to another role: choose a policy "
        "that is not under aws-service-role/, or write your own.",
        f"{_IAM}/API_AttachRolePolicy.html",
    ),
    meaning(
        "PolicyEvaluation",
        "The simulation could not evaluate its input: correct the ARN or the policy that the message names. A failed "
        "simulation does not mean that access is denied.",
        f"{_IAM}/API_SimulatePrincipalPolicy.html",
    ),
    meaning(
        "ReportNotPresent CredentialReportNotPresent ReportExpired CredentialReportExpired",
        "There is no current credential report: run aws iam generate-credential-report, wait until it "
        "says COMPLETE, then get it.",
        f"{_IAM}/API_GetCredentialReport.html",
    ),
    meaning(
        "ReportInProgress CredentialReportNotReady",
        "The credential report is still being made: wait a few seconds and get it again.",
        f"{_IAM}/API_GetCredentialReport.html",
    ),
    meaning(
        "PasswordPolicyViolation",
        "The new password does not meet the account's password policy: aws iam get-account-password-policy shows the "
        "rules.",
        f"{_IAM}/API_ChangePassword.html",
    ),
    meaning(
        "InvalidUserType",
        "Only an IAM user can change its own password: the caller is a role or the root user.",
        f"{_IAM}/API_ChangePassword.html",
        of=r"ChangePassword",
    ),
    meaning(
        "InvalidAuthenticationCode",
        "The codes do not fit the device: enter two consecutive codes, each once, and correct the device's clock "
        "(aws iam resync-mfa-device if it has drifted).",
        f"{_IAM}/API_EnableMFADevice.html",
    ),
    meaning(
        "InvalidRequestRegion",
        "The token is from another Region's Identity Center endpoint: call the endpoint that issued the token "
        "(sso_region).",
        _OIDC,
    ),
    meaning(
        "InvalidClient",
        "The client's registration is unknown or has expired: register it again (aws sso login does so; delete the "
        "files under ~/.aws/sso/cache if it does not).",
        _OIDC,
        of=r"^(?:CreateToken|StartDeviceAuthorization)",
    ),
    meaning(
        "NotAuthorized InvalidParameter",
        "The app client has a secret, and the call came without SECRET_HASH, or with a wrong one: compute it from "
        "username, client ID and secret, or use a client without a secret.",
        f"{_POOL}/API_InitiateAuth.html",
        said=r"SECRET_HASH|secret hash",
    ),
    meaning(
        "InvalidParameter NotAuthorized",
        "The app client does not allow this flow: add it to the client's ExplicitAuthFlows (ALLOW_USER_PASSWORD_AUTH, "
        "ALLOW_USER_SRP_AUTH …), or use a flow that the client allows.",
        f"{_POOL}/API_InitiateAuth.html",
        said=r"flow (?:is )?not enabled for this client",
    ),
    meaning(
        "NotAuthorized",
        "The access token lacks the scope aws.cognito.signin.user.admin: sign in with a client and a request that have "
        "this scope, and pass the access token (not the ID token).",
        f"{_POOL}/API_GetUser.html",
        said=r"required scopes",
    ),
    meaning(
        "NotAuthorized",
        "The refresh token was used, revoked or has expired: let the user sign in again.",
        f"{_POOL}/API_InitiateAuth.html",
        said=r"refresh token has (?:expired|been revoked)|invalid refresh token",
    ),
    meaning(
        "RefreshTokenReuse",
        "The refresh token was replaced by rotation: use the newest one, or let the user sign in again.",
        f"{_POOL}/API_GetTokensFromRefreshToken.html",
    ),
    meaning(
        "UserLambdaValidation",
        "A Lambda trigger of the user pool refused the request: its own code threw this error, so read the function's "
        "log.",
        f"{_POOL}/API_SignUp.html",
    ),
    meaning(
        "InvalidLambdaResponse",
        "A Lambda trigger of the user pool returned something that Cognito cannot read: the trigger must return the "
        "complete event, with its response.",
        f"{_POOL}/API_InitiateAuth.html",
    ),
    meaning(
        "Forbidden",
        "AWS WAF blocked the request: the web ACL of the user pool has a rule that matches it. Its logs name the rule.",
        f"{_POOL}/API_InitiateAuth.html",
        said=r"\bWAF\b",
    ),
)
