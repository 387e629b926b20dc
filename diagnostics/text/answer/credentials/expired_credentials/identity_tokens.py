"""Rows for expired identity tokens: of pods, jobs, user pools and SAML."""

from __future__ import annotations

from diagnostics.text.answer.credentials.credential_fault import CredentialFault, fault
from diagnostics.text.read.messages.stated_reasons import SAML_SIGNATURE
from diagnostics.who import Who

# A JWT's middle part is base64url without padding (RFC 7515), which base64 -d does not read.
READ_TOKEN = (
    "python3 -c 'import base64, sys; "
    'print(base64.urlsafe_b64decode(sys.stdin.read().split(".")[1] + "==").decode())\' '
    '< "$AWS_WEB_IDENTITY_TOKEN_FILE"'
)

TOKEN_FILES: tuple[CredentialFault, ...] = (
    # EKS User Guide, "IAM roles for service accounts": kubelet renews the projected token.
    fault(
        r"Expired",
        "The identity token has expired{expired_ago}: the program reads {token_file}, which is not the file that EKS "
        "renews. The role is not the cause.",
        "Point AWS_WEB_IDENTITY_TOKEN_FILE to the projected token, which EKS renews",
        "ls -l /var/run/secrets/eks.amazonaws.com/serviceaccount/token  # the renewed one",
        "{token_file} is a copy of the token, or another file that EKS does not renew: if you copy the token again, "
        "that copy will expire too.",
        speaker=r"WebIdentity(?!\w*Provider)|Token expired: current date/time",
        needs="token_file",
        check=None,
    ),
    # STS API reference, "AssumeRoleWithWebIdentity": one hour unless DurationSeconds asks for more, at most the role's
    # maximum (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html).
    fault(
        r"Expired",
        "The identity token in {own_token_file} has expired{expired_ago}, and nothing renewed the file. The SDK sends "
        "it again each time a session of the role ends. The role is not the cause, and no permission is missing.",
        "Write a new token to the file before the session ends, or ask for a session that lasts as long as the run",
        "aws iam get-role --role-name ROLE --query Role.MaxSessionDuration  # the longest session, 12 hours at most",
        "Request a new token from its issuer and rewrite {own_token_file} periodically. Or assume the role once with "
        "--duration-seconds (one hour unless set, at most the role's MaxSessionDuration), and export that session.",
        speaker=r"WebIdentity(?!\w*Provider)|Token expired: current date/time",
        needs="own_token_file",
        check=None,
    ),
)

USER_POOL_AND_SAML_TOKENS: tuple[CredentialFault, ...] = (
    # API Gateway and Amazon Cognito speak of the application's user, not of AWS credentials.
    fault(
        r"(?:incoming|Access|Refresh|Id(?:entity)?) Token (?:has expired|is expired|has been revoked)",
        "The application user's sign-in has expired. The application uses a user pool's token, not AWS credentials, "
        "and no policy was evaluated.",
        "Refresh the user's token, or sign the user in again",
        "aws cognito-idp initiate-auth --auth-flow REFRESH_TOKEN_AUTH --client-id CLIENT --auth-parameters "
        "REFRESH_TOKEN=TOKEN",
        "A user pool's access and ID tokens expire after an hour unless the app client says otherwise.",
        speaker=r"NotAuthorizedException|cognito|incoming token",
        check=None,
    ),
    # IAM User Guide, "Troubleshoot SAML federation".
    fault(
        r"Response signature invalid|signature[^.\x1e]{0,30}invalid|Invalid SAML signature",
        SAML_SIGNATURE,
        "Update the SAML provider in IAM with the identity provider's current metadata",
        "aws iam list-saml-providers\naws iam update-saml-provider --saml-provider-arn ARN --saml-metadata-document "
        "file://metadata.xml",
        "The identity provider has a new signing certificate, but the SAML provider in IAM still has the metadata with "
        "the old certificate.",
        speaker=r"SAML",
        check="aws iam list-saml-providers",
        who=Who.ACCOUNT_ADMIN,
    ),
    fault(
        r"Expired|must be redeemed within",
        "The SAML response was too old when it reached STS: it must be used within 5 minutes of being issued.",
        "Sign in at the identity provider again, and use the response at once",
        "date -u  # and the identity provider's clock",
        "The response was used late, twice, or the identity provider's clock is wrong.",
        speaker=r"AssumeRoleWithSAML|SAML (?:response|assertion)",
        check=None,
    ),
)

TOKENS_OF_JOBS: tuple[CredentialFault, ...] = (
    # GitLab documentation, "OpenID Connect (OIDC) Authentication Using ID Tokens"
    # (https://docs.gitlab.com/ci/secrets/id_token_authentication/): a token is one job's, and expires with its timeout.
    fault(
        r"Expired",
        "The identity token was issued in an earlier job, passed on to this job, and has expired: declare id_tokens in "
        "the job that makes the call. Neither the trust policy nor anybody's permissions are the cause.",
        "Declare id_tokens in the job that uses the token",
        "id_tokens: { AWS_TOKEN: { aud: AUDIENCE } }  # in that job; keep the token out of artifacts",
        "A token in an artifact is never renewed, and others can read it.",
        speaker=r"(?=[\s\S]*\bid_tokens\b)(?=[\s\S]*\bartifacts\b)[\s\S]*"
        r"(?:WebIdentity(?!\w*Provider)|Token expired: current date)",
        check=None,
    ),
    # STS API reference, "AssumeRoleWithWebIdentity".
    fault(
        r"Expired",
        "The identity token in the call has expired: its issuer must issue a new one. AWS credentials are not the "
        "cause.",
        "Get a new token from its issuer, and read its times (iat, exp)",
        READ_TOKEN,
        "The token was issued once and used for too long: request a new one before the call. Where a platform renews a "
        "token file (EKS), read the file again.",
        speaker=r"WebIdentity(?!\w*Provider)|Token expired: current date/time",
        check=None,
    ),
)
