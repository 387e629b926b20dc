"""Rows for IAM Identity Center: its Region, start URL, sign-in, assignments, permission sets."""

from __future__ import annotations

import re

from diagnostics.text.known_messages.not_refusals.system_row import System, documented, made_system

_SSO_REGION = r"\bSSO[_ -]?Region\b"
_SIGN_IN_FAILED = r"(?:It['’]s\s+not\s+you,\s+it['’]s\s+us|couldn['’]t\s+complete\s+your\s+request\s+right\s+now)"
_OF_IDENTITY_CENTER = (
    r"(?:\bIdentity\s+Center\b|\bAWS\s+SSO\b|\bawsapps\.com\b|\bOkta\b|\bSAML\b|\bEntra\b|\bAzure\s+AD\b|\bIdP\b"
    r"|\b[Aa]uthentik\b|\bKeycloak\b|\bExternalIdPDirectoryLogin\b)"
)

REGION_AND_START_URL: tuple[System, ...] = (
    # AWS CLI User Guide, "Configuring IAM Identity Center authentication": sso_region is the Region of the portal
    # (https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sso.html).
    made_system(
        "the Region of IAM Identity Center",
        "Set sso_region to the Region in which IAM Identity Center is enabled (its console shows it), and run aws sso "
        "login again. The setting region, for the calls themselves, may be a different Region. No permission and no "
        "assignment is checked before that.",
        rf"\bInvalid grant provided\b(?=[\s\S]*{_SSO_REGION})|{_SSO_REGION}[\s\S]*?\bInvalid grant provided\b",
        "invalid grant provided",
        flags=re.IGNORECASE,
        subject=rf"{_SSO_REGION}(?:\s+\[[^\]\n]*\])?\s*[=: ]\s*[\"']?([a-z]{{2}}(?:-[a-z]+)+-\d)",
        verdict="IAM Identity Center does not accept the sign-in: most likely sso_region ({name}) is not the Region of "
        "its instance. No permission is missing.",
        title="Correct sso_region",
        sure=False,
        regional=True,
    ),
    # What it turned out to be (https://github.com/aws/aws-cli/issues/7129, https://github.com/aws/aws-cli/issues/5058).
    made_system(
        "the start URL of IAM Identity Center",
        "Compare sso_start_url (https://….awsapps.com/start, or the issuer URL, without # and anything after it) and "
        "sso_region with the settings in IAM Identity Center's console; if the URL is a custom one, try the URL that "
        "begins with d-…. No permission and no assignment is checked before that.",
        r"Invalid(?:Request|Client|Grant)Exception\)\s+when\s+calling\s+the\s+(?:StartDeviceAuthorization|RegisterClient)"
        r"\s+operation",
        "when calling the startdeviceauthorization",
        "when calling the registerclient",
        verdict="IAM Identity Center did not accept the sign-in's request: most likely it does not know the start URL "
        "in this Region. No permission is missing.",
        title="Correct sso_start_url or sso_region",
        sure=False,
    ),
)

SIGN_IN_FROM_PROVIDER: tuple[System, ...] = (
    # CloudTrail's event of such a sign-in (https://github.com/goauthentik/authentik/issues/4554,
    # https://repost.aws/questions/QUYCjsWLSISQeKlw917G2QZg/it-s-not-you-it-s-us-with-okta-as-idp-for-aws-sso).
    made_system(
        "the sign-in from the identity provider to IAM Identity Center",
        "Look up the event ExternalIdPDirectoryLogin in CloudTrail, in the Region of IAM Identity Center: errorMessage "
        "gives the reason. Usual reasons are a NameID in the wrong format, changed metadata or a changed certificate, "
        "a user who is not provisioned under this name, and a wrong clock. Permission sets are not read "
        "until the sign-in succeeds.",
        rf"{_SIGN_IN_FAILED}[\s\S]*?{_OF_IDENTITY_CENTER}|{_OF_IDENTITY_CENTER}[\s\S]*?{_SIGN_IN_FAILED}",
        "not you, it",
        "complete your request right now",
        verdict="IAM Identity Center did not accept the sign-in of the identity provider, and its page does not say "
        "why. CloudTrail does. A missing permission is not the cause.",
        title="Read the reason in CloudTrail",
        sure=False,
    ),
)

ACCOUNTS_WITHOUT_ASSIGNMENT: tuple[System, ...] = (
    # IAM Identity Center User Guide, "Assign user or group access to AWS accounts"
    # (https://docs.aws.amazon.com/singlesignon/latest/userguide/assignusers.html).
    made_system(
        "IAM Identity Center's assignments",
        "Ask whoever manages IAM Identity Center to assign this person, or a group of theirs, a permission set in the "
        "account. No policy in an account replaces the assignment.",
        r"You\s+(?:don't|do\s+not)\s+have\s+access\s+to\s+(?:any\s+)?AWS\s+accounts|You\s+do\s+not\s+have\s+any\s+applications"
        r"|switchboard\.portal#ForbiddenException",
        "access to aws accounts",
        "access to any aws accounts",
        "any applications",
        "switchboard.portal#forbidden",
        flags=re.IGNORECASE,
        verdict="IAM Identity Center refused: it has no assignment for this person in the account, or the names in the "
        "profile are wrong.",
    ),
)

POLICIES_OF_PERMISSION_SETS: tuple[System, ...] = (
    # IAM Identity Center User Guide, "Custom permissions": customer managed policies have the same name and path in
    # every account (https://docs.aws.amazon.com/singlesignon/latest/userguide/permissionsetcustom.html).
    made_system(
        "the customer managed policy in that account",
        "Create the policy {name} in that account, with this name and path: a permission set finds a customer managed "
        "policy by both, in every account. A policy's path cannot be changed. Then provision again.",
        r"Received\s+a\s+404\s+status\s+error:\s+Not\s+supported\s+policy\s+arn:",
        "not supported policy",
        subject=r"Not\s+supported\s+policy\s+(arn:[\w-]+:iam::\d{12}:policy/[\w+=,.@/-]*\w)",
        verdict="The account has no policy {name}, which the permission set names. No permission is missing in IAM "
        "Identity Center.",
        title="Create the customer managed policy in that account",
    ),
)

ASSIGNMENTS: tuple[System, ...] = (
    # AWS IAM Identity Center User Guide, "Assign user or group access to AWS accounts"
    # (https://docs.aws.amazon.com/singlesignon/latest/userguide/assignusers.html).
    made_system(
        "the assignments of IAM Identity Center",
        "Ask an administrator of IAM Identity Center to assign a permission set to this user, or to one of their "
        "groups, in the account. Check that the person signed in as the right user and at the right start URL.",
        r"[Tt]here\s+are\s+no\s+AWS\s+accounts\s+available\s+to\s+you",
        "no aws accounts available to you",
        verdict="The sign-in worked, but IAM Identity Center has no account assigned to this user. No IAM policy "
        "decides this.",
        title="Assign a permission set in the account to this user",
    ),
)
SCIM_USER = "the user's attributes in the SCIM request"

CACHED_SIGN_INS: tuple[System, ...] = (
    # AWS Toolkit for Visual Studio Code, its SSO cache
    # (https://github.com/aws/aws-toolkit-vscode/blob/master/packages/core/src/auth/sso/cache.ts).
    documented(
        "the cached sign-in of IAM Identity Center",
        "The cached sign-in (~/.aws/sso/cache) lacks {name}, which this version of the toolkit requires: sign out and "
        "in again. AWS refused nothing.",
        "If that does not help, this version has a bug: update the program, or go back to the previous version. AWS "
        "issues a refresh token only to a profile whose sso-session has the scope sso:account:access; aws configure "
        "sso writes one.",
        'SSO cache data unexpectedly missing props: ["{name}"]',
        title="Sign out and in again, or change the toolkit's version",
    ),
)

SCIM_USERS: tuple[System, ...] = (
    # IAM Identity Center User Guide, "Troubleshooting IAM Identity Center issues": users that fail to synchronize
    # (https://docs.aws.amazon.com/singlesignon/latest/userguide/troubleshooting.html).
    documented(
        SCIM_USER,
        "IAM Identity Center did not accept this user from the identity provider (SCIM): most likely a required "
        "attribute is empty (first name, last name, display name, user name), or one has several values.",
        "Fill in the user's first name, last name, display name and user name at the identity provider, send only one "
        "e-mail address, phone number and address, and provision the user again. The attribute mapping must not send "
        "an empty value. No permission is missing.",
        "Request is unparsable, syntactically incorrect, or violates schema",
        title="Complete the user's attributes at the identity provider",
        sure=False,
    ),
)
