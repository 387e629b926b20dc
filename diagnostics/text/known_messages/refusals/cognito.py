"""Messages of Amazon Cognito about triggers, mail and identity pools."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, assumed_by, row
from diagnostics.who import Who
from iam.claims import Ground

TRIGGERS: tuple[ServiceSentence, ...] = (
    row(
        "invocation failed due to error accessdenied",
        r"(?P<trigger>[A-Z]\w+) invocation failed due to error AccessDenied(?:Exception)?",
        "Cognito, which invokes the trigger's function",
        "the function's policy does not let Cognito invoke it",
        "Cognito is not allowed to invoke the function of the trigger {trigger}: most likely the function's own policy "
        "does not name the user pool.",
        UsualCause(
            "Add a statement to the function's policy: cognito-idp.amazonaws.com, lambda:InvokeFunction, the "
            "user pool's ARN as aws:SourceArn. The console adds this statement, but tools often do not (aws "
            "lambda add-permission).",
            "aws lambda get-policy --function-name FUNCTION",
            Who.RESOURCE_OWNER,
        ),
        page="https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-identity-pools-working-with-aws-lambda-triggers.html",
        actions=("lambda:InvokeFunction",),
    ),
)

_API = "https://docs.aws.amazon.com"

COGNITO_MAIL_AND_POOLS: tuple[ServiceSentence, ...] = (
    row(
        ("invalidemailroleaccesspolicy", "allowed to use your email identity"),
        r"\bInvalidEmailRoleAccessPolicy(?:Exception)?\b|Cognito (?:isn.t|is not) allowed to use your email identity",
        "Cognito, by the email identity in Amazon SES",
        "Cognito is not allowed to send with the email identity",
        "Amazon SES does not let Cognito send with the pool's email identity: change the identity's sending "
        "authorization policy, not the policies of whoever called.",
        UsualCause(
            "The identity's policy in SES must allow email.cognito-idp.amazonaws.com "
            "ses:SendEmail and ses:SendRawEmail, with the pool as aws:SourceArn. The "
            "identity must be verified in the Region that the pool names.",
            "aws ses list-identity-policies --identity IDENTITY",
            Who.RESOURCE_OWNER,
        ),
        page=f"{_API}/cognito/latest/developerguide/user-pool-email.html",
        cause="resource.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        "invalididentitypoolconfiguration",
        r"\bInvalidIdentityPoolConfiguration(?:Exception)?\b",
        "the identity pool, by its role",
        "the identity pool has no role for this kind of user, or its role does not trust the pool",
        "The identity pool has no role for this kind of user (signed in, or guest), or the role's trust policy does "
        "not let cognito-identity.amazonaws.com use it.",
        UsualCause(
            "See which roles the pool has. The role's trust policy must allow sts:AssumeRoleWithWebIdentity to "
            "cognito-identity.amazonaws.com, with the pool's ID as cognito-identity.amazonaws.com:aud and "
            "authenticated or unauthenticated as …:amr. Rules that map users to roles must name roles that "
            "exist.",
            "aws cognito-identity get-identity-pool-roles --identity-pool-id POOL",
            Who.RESOURCE_OWNER,
        ),
        page=f"{_API}/cognitoidentity/latest/APIReference/API_GetCredentialsForIdentity.html",
        cause="trust.principal-mismatch",
        ground=Ground.LIKENESS,
    ),
    row(
        "access to identity",
        r"Access to Identity [\"']?(?P<identity>[\w-]+:[0-9a-f-]{36})[\"']? is forbidden",
        "the identity pool",
        "the request has no valid login for the identity {identity}",
        "Send a valid token of the identity's login provider in Logins: this identity belongs to a user who signed in, "
        "and the request had no such token. No policy of a role decides this call.",
        UsualCause(
            "When the token has expired, get a new one first (with the refresh token, or by signing in again), "
            'and pass it as Logins {"cognito-idp.REGION.amazonaws.com/USER-POOL-ID": ID-TOKEN}. A guest needs '
            "an identity of its own: call GetId without Logins.",
            None,
            Who.CALLER,
        ),
        page=f"{_API}/cognitoidentity/latest/APIReference/API_GetCredentialsForIdentity.html",
        cause="credentials.invalid",
        ground=Ground.LIKENESS,
    ),
)

SMS_ROLES: tuple[ServiceSentence, ...] = (
    row(
        "does not have permission to publish with sns",
        r"Role does not have (?:a )?permission to publish with SNS",
        "the user pool's SMS role",
        "the user pool's SMS role is incomplete",
        "The role with which the user pool sends SMS lacks sns:Publish, or does not trust cognito-idp.amazonaws.com "
        "with the external ID that the pool sends.",
        UsualCause(
            'The SMS role needs sns:Publish on "*", and a trust policy for cognito-idp.amazonaws.com with the '
            "pool's external ID.",
            "aws cognito-idp list-user-pools --max-results 60",
        ),
        page="https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-settings-sms-settings.html",
        asks=assumed_by("cognito-idp.amazonaws.com"),
    ),
)
