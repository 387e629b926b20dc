"""Failed sign-ins to the console and to pages of user pools: no policy is evaluated before a person is signed in."""

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
