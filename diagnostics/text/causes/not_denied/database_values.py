"""Compare what the text shows of a database sign-in with IAM: the user of the policy, and the Region of the token."""

from __future__ import annotations

from fnmatch import fnmatchcase

from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import contains
from diagnostics.who import Who
from iam.lazy_pattern import regex
from iam.regions import REGION_NAME
from iam.words import listing

_REFUSED = regex(
    r"PAM authentication failed for user \\?\"(?P<postgres>[\w.@-]+)"
    r"|Access denied for user '(?P<mysql>[\w.@-]+)'@\S{1,100} \(using password: YES\)"
)
_GRANTED = regex(r":rds-db:[\w*-]*:[\d*]*:dbuser:[\w*-]+/(?P<user>[\w.@*?+-]+)")
_HOST = regex(rf"\b[\w.-]+\.(?P<region>{REGION_NAME})\.rds\.amazonaws\.com")
_TOKEN = regex(
    rf"\bgenerate-db-auth-token\b[^\n]*?--region[ =](?P<cli>{REGION_NAME})"
    rf"|\b(?:Signer|generate_db_auth_token|BuildAuthToken|generateAuthToken"
    rf"|RdsUtilities)\b[^;]{{0,400}}?\b[Rr]egion(?:Name)?\b"
    rf"\W{{1,12}}(?:Region\.)?(?P<sdk>{REGION_NAME})"
)


def differing_value(text: str) -> FirstLook | None:
    """Return the cause if the policy names another database user, or the token was made for another Region; else None.

    Amazon RDS User Guide, "Creating and using an IAM policy for IAM database access": the ARN ends with the database
    user (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.IAMPolicy.html); "Connecting to
    your DB instance using IAM authentication": the token is signed for host, port, Region and user.
    """
    refused = _REFUSED.search(text)
    if refused is None:
        return None
    hosts = {each["region"] for each in _HOST.finditer(text)}
    if (token := _TOKEN.search(text)) is not None and len(hosts) == 1:
        (region,), made = hosts, token["cli"] or token["sdk"]
        if made != region:
            return FirstLook(
                f"Make the token for {region}: the database's host is in {region}, and the text makes the token for "
                f"{made}. A token of another Region is never accepted. Neither rds-db:connect nor rds_iam is shown "
                f"to be "
                "missing.",
                contains(token[0][-60:].strip(), refused[0][:80]),
                None,
                Who.CALLER,
            )
    user = refused["postgres"] or refused["mysql"]
    granted = list(dict.fromkeys(each["user"] for each in _GRANTED.finditer(text)))
    if not granted or any(fnmatchcase(user, each) for each in granted):
        return None
    return FirstLook(
        f"The policy allows rds-db:connect as {listing(granted, 'or')}, and {user} signs in: write {user} at the end "
        f"of the "
        "ARN (dbuser:RESOURCE-ID/USER; letter case counts), or sign in as the user that the policy names, also in the "
        "token.",
        contains(f"/{granted[0]}", refused[0][:80]),
        None,
        Who.ACCOUNT_ADMIN,
    )
