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
        "enable-outbound-web-identity-federation, then request the token again.",
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
        "The requested duration is longer than the remaining time of the caller's own session: request less "
        "(DurationSeconds), or first start a new session.",
        f"{_STS}/API_GetWebIdentityToken.html",
    ),
    meaning(
        "JWTPayloadSizeExceeded",
        "The requested token is too large: send fewer or shorter tags in the request.",
        f"{_STS}/API_GetWebIdentityToken.html",
    ),
    meaning(
        "IDPRejectedClaim",
        "The identity provider rejected the claim: it is invalid, has expired or was revoked. Get a new token from "
        "the provider and use it immediately.",
        f"{_STS}/API_AssumeRoleWithWebIdentity.html",
    ),
    meaning(
        "InvalidContextAssertion",
        "The context assertion is malformed, has expired, or does not match the context provider: get a new "
        "assertion (aws sso-oidc create-token-with-iam), and pass it immediately and unchanged.",
        f"{_STS}/API_AssumeRole.html",
    ),
    meaning(
        "ExpiredTradeInToken",
        "The trade-in token has expired and cannot be exchanged for credentials: request a new token.",
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
        "The codes do not match the device: enter two consecutive codes, each once, and correct the device's clock "
        "(if the clock has drifted, run aws iam resync-mfa-device).",
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
        "The client's registration is unknown or has expired: register the client again with aws sso login. If "
        "that does not help, delete the files under ~/.aws/sso/cache.",
        _OIDC,
        of=r"^(?:CreateToken|StartDeviceAuthorization)",
    ),
    meaning(
        "NotAuthorized InvalidParameter",
        "The app client has a secret, but the call has no SECRET_HASH or a wrong one: compute it from the "
        "username, the client ID and the secret, or use a client without a secret.",
        f"{_POOL}/API_InitiateAuth.html",
        said=r"SECRET_HASH|secret hash",
    ),
    meaning(
        "InvalidParameter NotAuthorized",
        "The app client does not allow this flow: add the flow to the client's ExplicitAuthFlows "
        "(ALLOW_USER_PASSWORD_AUTH, ALLOW_USER_SRP_AUTH …), or use a flow that the client allows.",
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
        "Token rotation has replaced this refresh token: use the newest token, or let the user sign in again.",
        f"{_POOL}/API_GetTokensFromRefreshToken.html",
    ),
    meaning(
        "UserLambdaValidation",
        "A Lambda trigger of the user pool refused the request: the function's own code threw this error, so read "
        "the function's log.",
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
