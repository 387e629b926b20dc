"""Messages of aws login."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, row
from iam.claims import Ground

_API = "https://docs.aws.amazon.com"

AWS_LOGIN: tuple[ServiceSentence, ...] = (
    # botocore, exceptions.py, LoginInsufficientPermissions (https://github.com/boto/botocore).
    row(
        "signin:createoauth2token",
        r"refresh login credentials due to insufficient permissions",
        "the identity that signed in with aws login",
        "aws login needs signin:CreateOAuth2Token",
        "The identity that signed in lacks signin:CreateOAuth2Token, which aws login needs: attach the AWS managed "
        "policy SignInLocalDevelopmentAccess to it.",
        UsualCause(
            "SignInLocalDevelopmentAccess allows signin:AuthorizeOAuth2Access and signin:CreateOAuth2Token on "
            "arn:aws:signin:*:*:oauth2/public-client/*. If this policy is attached, an SCP or a boundary denies these "
            "actions. The intended call itself was not refused.",
        ),
        page=f"{_API}/aws-managed-policy/latest/reference/SignInLocalDevelopmentAccess.html",
        actions=("signin:CreateOAuth2Token",),
        cause="identity.no-action",
        ground=Ground.STATED,
    ),
)
