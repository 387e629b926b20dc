"""Messages of Aurora DSQL about tokens and roles."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, no_permission, row
from diagnostics.who import Who

_API = "https://docs.aws.amazon.com"

_AT_DSQL = r"(?:\.dsql\.[a-z0-9-]+\.on\.aws|\bdsql:DbConnect)"

# With a word about tokens, the causes of `causes.others.database_tokens` say more.
_NOT_ACCEPTED = r"unable to accept connection, access denied(?![\s\S]*\btokens?\b)"

_DSQL = f"{_API}/aurora-dsql/latest/userguide/troubleshooting.html"

DSQL: tuple[ServiceSentence, ...] = (
    no_permission(
        "wrong user to action mapping",
        r"Wrong user to action mapping\. user: (?P<user>admin), action: DbConnect\b",
        "The token is of the wrong kind for the user admin: generate it with generate-db-connect-admin-auth-token. The "
        "message is not about a missing permission.",
        "aws dsql generate-db-connect-admin-auth-token --hostname HOST; the caller needs dsql:DbConnectAdmin on the "
        "cluster.",
        _DSQL,
    ),
    no_permission(
        "wrong user to action mapping",
        r"Wrong user to action mapping\. user: (?P<user>[\w$-]+), action: DbConnectAdmin\b",
        "The token is for the user admin, but the user is {user}: generate the token with "
        "generate-db-connect-auth-token. The message is not about a missing permission.",
        "aws dsql generate-db-connect-auth-token --hostname HOST; the caller needs dsql:DbConnect on the cluster, and "
        "{user} must be granted to the caller's IAM role (AWS IAM GRANT).",
        _DSQL,
    ),
    no_permission(
        "permission denied to grant iam trust with role",
        r"permission denied to grant IAM trust with role",
        "Only the database's admin role can link an IAM role to a database role: connect as admin to run AWS IAM "
        "GRANT. No IAM policy decides this.",
        "Connect with a token of generate-db-connect-admin-auth-token, then repeat the statement.",
        f"{_API}/aurora-dsql/latest/userguide/using-database-and-iam-roles.html",
    ),
    no_permission(
        "sni was not received",
        r"unable to accept connection, sni was not received",
        "The client sends no server name (SNI), which Aurora DSQL requires: use psql 14 or newer. No permission is "
        "missing.",
        "Check psql --version, or the version of libpq behind the driver.",
        _DSQL,
    ),
    row(
        "unable to accept connection, access denied",
        rf"{_AT_DSQL}[\s\S]{{0,4000}}?{_NOT_ACCEPTED}|{_NOT_ACCEPTED}(?=[\s\S]{{0,4000}}?{_AT_DSQL})",
        "the identity that signed the token",
        "Aurora DSQL refuses the token's identity",
        "Aurora DSQL refuses the identity that signed the token: it lacks dsql:DbConnect on the cluster (for the user "
        "admin, dsql:DbConnectAdmin), or the token has expired or is for another Region.",
        UsualCause(
            "The token has expired: make a new one for each connection.",
            None,
            Who.CALLER,
            shown_by=r"Signature expired",
            decides=(
                "The token for Aurora DSQL has expired: generate a new token for each connection. A token also "
                "expires with the session that signed it. No permission is missing."
            ),
        ),
        UsualCause(
            "The message's hint names the identity: compare this identity with the intended one (the "
            "profile), and allow the identity dsql:DbConnect or dsql:DbConnectAdmin on "
            "arn:aws:dsql:REGION:ACCOUNT:cluster/ID. A custom database role must also be granted to that "
            "identity (AWS IAM GRANT in the database).",
            "aws sts get-caller-identity",
        ),
        page=_DSQL,
    ),
)
