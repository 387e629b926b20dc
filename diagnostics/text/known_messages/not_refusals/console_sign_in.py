"""Failed sign-ins to the console: no policy is evaluated before a person is signed in."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

_NOT_SIGNED_IN = r"Failed\s+authentication|ConsoleLogin[\\\"']*\s*[:=]\s*[\\\"']*Failure"
_EVENT = r"event_?[nN]ame[\\\"']*\s*[:=]\s*[\\\"']*ConsoleLogin\b"

CONSOLE_SIGN_IN: tuple[System, ...] = (
    # CloudTrail User Guide, "AWS Management Console sign-in events"
    # (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-aws-console-sign-in-events.html).
    made_system(
        "a sign-in to the console",
        "The event's sourceIPAddress, userAgent and additionalEventData show from where it was tried, and whether with "
        "MFA. If nobody of yours did, treat it as an attack: protect the user with a new password and MFA, and delete "
        "the root user's password and keys in member accounts that do not need them. No policy refused anything, so "
        "there is no access to correct.",
        rf"{_EVENT}[\s\S]{{0,2000}}?(?:{_NOT_SIGNED_IN})|(?:{_NOT_SIGNED_IN})[\s\S]{{0,2000}}?{_EVENT}",
        "consolelogin",
        verdict="A sign-in to the AWS console failed, most likely with a wrong password or MFA code: find out who "
        "tried it. No policy was evaluated, so no permission is missing.",
        title="Find out who tried to sign in",
    ),
    # AWS Sign-In User Guide, "Troubleshooting AWS account sign-in issues"
    # (https://docs.aws.amazon.com/signin/latest/userguide/troubleshooting-sign-in-issues.html).
    made_system(
        "the user name and password of the console",
        "Compare the account ID or alias and the user name, and check whether people now sign in elsewhere, such as at "
        "an access portal of IAM Identity Center. An administrator sees with aws iam get-login-profile --user-name "
        "NAME whether the user still has a password. No policy refused anything.",
        r"[Yy]our\s+authentication\s+information\s+is\s+incorrect",
        "authentication information is incorrect",
        verdict="The console did not accept the sign-in: the account, the user name or the password is wrong, or the "
        "IAM user has no password any longer. The page does not say which, and no permission is missing.",
        title="Check account, user name and password, or sign in where people sign in now",
    ),
)
