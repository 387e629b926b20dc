"""Messages of Amazon Q Business."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, row
from diagnostics.who import Who
from iam.claims import Ground

Q_BUSINESS_USERS: tuple[ServiceSentence, ...] = (
    # Amazon Q Business User Guide, "Making authenticated Amazon Q Business API calls using IAM Identity Center".
    row(
        "user is not authorized for this service call",
        r"\b(?:Chat(?:Sync)?|ListConversations|ListMessages|DeleteConversation|PutFeedback)\b[^\n]{0,120}?"
        r"User is not authorized for this service call",
        "the caller, perhaps without the user that the application asks for",
        "Q Business requires the credentials that its application asks for",
        "Call with the credentials that the application asks for. An application with IAM Identity Center requires a "
        "user's identity in the session for Chat, ChatSync, ListConversations, ListMessages, DeleteConversation and "
        "PutFeedback, which no policy replaces.",
        UsualCause("With IAM Identity Center: exchange the user's token (sso-oidc create-token-with-iam), then assume "
                   "a role with its identity context (sts assume-role --provided-contexts). With IAM federation: use "
                   "the credentials of the signed-in user. With anonymous access: a role with qbusiness:Chat, "
                   "ChatSync and PutFeedback, without a user.", None, Who.CALLER),
        page="https://docs.aws.amazon.com/amazonq/latest/qbusiness-ug/making-sigv4-authenticated-api-calls.html",
        cause="not-iam",
        ground=Ground.LIKENESS,
    ),
)  # fmt: skip

Q_BUSINESS_SUBSCRIPTIONS: tuple[ServiceSentence, ...] = (
    row(
        ("license is inactive", "licensenotfound"),
        r"\bLicenseNotFoundException\b(?=[\s\S]{0,200}?license is inactive)|because your license is inactive",
        "the user of Amazon Q Business, who has no active subscription",
        "the user has no active subscription of Amazon Q Business",
        "The user has no active subscription of Amazon Q Business: its administrator assigns one in the application's "
        "settings. No IAM policy is missing.",
        UsualCause("Assign the subscription to the user or a group of theirs in the Amazon Q Business "
                   "console; a new one "
                   "takes some time.", None, Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/amazonq/latest/qbusiness-ug/tiers.html",
        cause="not-iam",
        ground=Ground.STATED,
    ),
)  # fmt: skip
