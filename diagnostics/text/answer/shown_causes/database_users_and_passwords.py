"""Name why a database refuses a user: the user is not set up for IAM, or the program made no token."""

from __future__ import annotations

from diagnostics.text.answer.shown_causes.shown_cause import ShownCause
from diagnostics.text.read.layout.tables import cells_of
from iam.lazy_pattern import regex
from iam.words import listing

# PostgreSQL: the message for a password that it did not accept. A member of rds_iam gets another one, of PAM.
_USER = regex(
    r"password authentication failed for user \\?\"(?P<postgres>[\w.@-]+)|Access denied for user '(?P<mysql>[\w.@-]+)'@"
)
_PASSWORD_PLUGINS = ("mysql_native_password", "caching_sha2_password", "sha256_password")


def user_without_iam(text: str) -> ShownCause | None:
    """Return the cause if a listing shows that the database's user is not set up for IAM.

    Amazon RDS User Guide, "Creating a database account using IAM authentication"
    (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.DBAccounts.html).
    """
    found = _USER.search(text)
    if found is None:
        return None
    if (user := found["postgres"]) and (groups := _groups(user, text)) is not None:
        if "rds_iam" in groups:
            return None
        unlisted = sorted(each for each in groups if not each.startswith("pg_") and _listed(text, each) == [])
        through = f" (unless it is one through {listing(unlisted, 'or')})" if unlisted else ""
        return ShownCause(
            f"The text shows that the database user {user} is not a member of rds_iam{through}, so PostgreSQL "
            f"treats the IAM token as a password. Run as the master user: GRANT rds_iam TO {user};",
            f"Grant rds_iam to {user}",
            f"GRANT rds_iam TO {user}; as the master user. Then sign in again with a new token, over TLS. No IAM "
            "policy was checked yet. A member of rds_iam can no longer sign in with its password.",
        )
    if (user := found["mysql"]) and set(_listed(text, user, "plugin")) & set(_PASSWORD_PLUGINS):
        return ShownCause(
            f"The database user {user} does not accept an IAM token: the user's plugin shows that it signs in with "
            "a password. Let the user use AWSAuthenticationPlugin.",
            f"Set up {user} for IAM",
            f"ALTER USER '{user}'@'%' IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS'; with the user's own host "
            "instead of %. Then sign in again with a new token, over TLS. No IAM policy was checked yet. The user "
            "can then no longer sign in with its password.",
        )
    return None


def _groups(user: str, text: str) -> set[str] | None:
    """Return the roles of which the user is a member, also through others; None if no listing has the user."""
    if not (rows := _listed(text, user)):
        return None
    found: set[str] = set()
    left = _NAME.findall(" ".join(rows))
    while left:
        if (name := left.pop()) not in found:
            found.add(name)
            left += _NAME.findall(" ".join(_listed(text, name)))
    return found


_NAME = regex(r"[\w$-]+")


def _listed(text: str, user: str, column: str = "Member of") -> list[str]:
    """Return the cells of a user's rows under the column of a table; empty if the text has no such row."""
    at: int | None = None
    found: list[str] = []
    for line in text.split("\n"):
        cells = cells_of(line)
        heads = [each.lower() for each in cells]
        if column.lower() in heads and len(cells) > 1:
            at = heads.index(column.lower())
        elif at is not None and len(cells) > at and user in cells[:at]:
            found.append(cells[at])
    return found


_NO_KEYS = regex(
    r"Unable to load credentials from any of the providers|Unable to locate credentials|NoCredentialProviders"
    r"|Could not load credentials from any providers|failed to (?:retrieve|refresh cached) credentials"
)
_NO_PASSWORD = regex(r"\(using password: NO\)|fe_sendauth: no password supplied|\bempty password\b")


def without_a_token(text: str) -> ShownCause | None:
    """Return the cause if the program found no credentials, and then signed in to the database without a password.

    Amazon RDS User Guide, "IAM database authentication": the token, which is signed with the program's credentials, is
    the password (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html).
    """
    if _NO_KEYS.search(text) is None or _NO_PASSWORD.search(text) is None:
        return None
    return ShownCause(
        "First give the program a role, a profile or keys: most likely it created no IAM token, because it found "
        "no AWS credentials, and signed in without a password. The database's users and rds-db:connect were not "
        "checked yet.",
        "Give the program AWS credentials",
        "Run aws configure list and aws sts get-caller-identity where the program runs (same container, user and "
        "environment). Then sign in again. Only if the database refuses a token, check rds-db:connect and the "
        "database user.",
    )
