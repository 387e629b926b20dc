"""Causes if a database stops accepting an IAM token: the token, or the credentials that signed it, expired."""

from __future__ import annotations

import re

from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import contains, quoted
from diagnostics.text.read.author.remarks import Remark, remark_of
from diagnostics.who import Who
from iam.lazy_pattern import regex

_REFUSED_BY_RDS = r"PAM authentication failed for user|Access denied for user [^\n]{1,80}\(using password: YES\)"
_IAM_LOGIN = r"\bPAM\b|\biam_enabled\b|generate[-_]db[-_]auth[-_]token|\bIAM (?:auth|token|database)|rds_iam|rds-db:"
_AT_FIRST = (
    r"[^.\n]{0,60}\b(?:(?:after|every) (?:some |about )?(?:15|fifteen) ?min(?:ute)?s?\b|15 minutes (?:after|later)"
    r"|first (?:\w+ ){0,3}works?\b|works? (?:at first|for a while|until)|after each restart)[^\n]{0,40}"
)
_MAKES_TOKEN = r"generate[-_]?db[-_]?auth[-_]?token|generateAuthenticationToken|BuildAuthToken|getAuthToken"
"""The calls of the SDKs that create a token of RDS."""
_MADE_ONCE = (
    rf"\b(?P<token>\w+)\s*:?=\s*[^\n]*(?:{_MAKES_TOKEN})[\s\S]{{0,400}}?"
    r"\b(?:create_engine|create_pool|createPool|new Pool|HikariConfig|HikariDataSource|PooledDB|sql\.Open"
    r"|ConnectionPool|pool_recycle|pool_size)\b"
)
"""Code that puts a token into the settings of a connection pool."""
_MADE_EACH_TIME = (
    r"\bdo_connect\b|\bcreator\s*=|\bevent\.listens_for\b|\bBeforeConnect\b|\bpassword\s*:\s*(?:async\b|\(\))"
)
_LATER_CONNECTION = (
    r"\bpool checkout\b|\b(?:in|around) the middle\b|\bnew connections?\b|\breconnect\w*|\b(?:first|after) (?:about )?"
    r"(?:15|fifteen) min\w*|\b(?:small|short)\w* (?:\w+ ){0,3}(?:run|work|finish|pass)\w*"
)
_HOURS = r"\b(?:hours?|Stunden?|day|night)\b"
"""Words for a time after which a session has ended. A token of RDS is valid for minutes only."""
_REFUSED_BY_DSQL = r"unable to accept connection, access denied"
_DSQL_TOKEN = r"\bDSQL\b(?=[\s\S]*\btokens?\b)|\btokens?\b(?=[\s\S]*\bDSQL\b)"
_REFUSED_BY_CACHE = r"\bWRONGPASS\b"
_CACHE_LOGIN = r"\bIAM\b|\b(?:elasticache|memorydb):connect\b|[?&]Action=connect&"
_WORKED_FIRST = (
    r"[^.\n]{0,40}(?:\b12[ -]?h(?:ours?|rs?)?\b|\b(?:restart|redeploy|reboot|roll)\w*\b[^\n]{0,30}\b(?:heals?|helps?"
    r"|fixes|cures?|solves)\b)[^\n]{0,40}"
)
_NOTHING_MISSING = "neither rds-db:connect nor the grant of rds_iam is missing."
_SIGNED_ANEW = (
    "Create a new IAM token for each new connection, with credentials that are refreshed before (update the SDK): a "
    "token ends with the temporary credentials that signed it, even if its 15 minutes are not over. As most "
    f"connections work, {_NOTHING_MISSING}"
)
_READ_ANEW = (
    "Let the program read its credentials again when they are renewed, or restart the program then: it still signs its "
    "IAM tokens with the temporary credentials that it got at its start, and the tokens end with those credentials. "
    "Use a credential provider that refreshes, not a file that is read once and cached. As it works after a start, "
    f"{_NOTHING_MISSING}"
)
_MADE_ANEW = (
    "Let the program create a new IAM token for each new connection, or update the program: a token is valid for 15 "
    "minutes, and the program keeps sending its first token. Until then keep connections open, or restart the program. "
    f"As it works at first, {_NOTHING_MISSING}"
)
_OF_A_POOL = (
    "Let the pool create a new IAM token for each physical connection: the code makes one token and puts it into the "
    "pool's settings, and a token is valid for 15 minutes, so every connection that the pool opens later sends an old "
    "one. Use the pool's hook (SQLAlchemy: the event do_connect, or creator; node-postgres: password as a function). "
    f"As it works at first, {_NOTHING_MISSING}"
)
# SQLAlchemy 2.0 Documentation, "Engine Configuration", "Generating dynamic authentication tokens"
# (https://docs.sqlalchemy.org/en/20/core/engines.html#generating-dynamic-authentication-tokens).
_ANEW_FOR_CACHE = (
    "Let the client create a new IAM token for each AUTH and each reconnect (a credentials provider, not a fixed "
    "password): ElastiCache and MemoryDB end a connection with IAM after 12 hours, and a token is valid for only 15 "
    "minutes. As the first login works, no permission is missing."
)
_OF_DSQL = (
    "Generate a new token and connect with it at once: a token of Aurora DSQL that was saved has expired (15 minutes "
    "by default, one hour from the console), and it ends with the session that signed it. Let the client generate a "
    "token for each connection. If a new token is refused too, check dsql:DbConnect, or dsql:DbConnectAdmin for the "
    "user admin. SSL is not the cause."
)
_LONGEST = 900
"""Seconds for which a token of RDS is valid."""
_LIFETIME = regex(
    r"\b(?P<go>\d+) ?\* ?time\.(?P<go_unit>Hour|Minute|Second)"
    r"|\b(?:Duration\.of|TimeSpan\.From)(?P<of_unit>Days?|Hours?|Minutes?|Seconds?)\((?P<of>\d+)"
    r"|\btimedelta\((?P<delta_unit>days?|hours?|minutes?|seconds?)=(?P<delta>\d+)"
    r"|(?:X-Amz-Expires|expires_?in|--expires-in)[\"']?(?: ?[:=,(] ?|[ ])[\"']?(?P<plain>\d+)"
    r"(?: ?\* ?(?P<times>60|3600)\b)?"
    r"|\b(?:set|raise|increase|change|extend|sign|make|made|create|generate)\w*[^.\n]{0,60}"
    r"\b(?:lifetime|validity|expir\w*|ttl|valid for)\b[^.\n\d]{0,25}"
    r"\b(?P<said>\d+) ?(?P<said_unit>h(?:ours?)?|min\w*|days?)\b",
    re.IGNORECASE,
)
"""The number and unit of a lifetime, as code or prose gives it."""
_SECONDS = {"d": 86400, "h": 3600, "m": 60, "s": 1}
_SIGNS_TOKEN = regex(r"pre-?sign|X-Amz-Expires|expires_?in|--expires-in|\btokens?\b", re.IGNORECASE)
_OTHER_LIFETIME = regex(
    r"\bs3\b|DurationSeconds|duration[-_]seconds|assume|session|\bSSO\b|\bOIDC\b|\bJWT\b|refresh|amazonaws\.com/[^?\s]+\?"
    r"|\bpool|cache|caching|ConnMax",
    re.IGNORECASE,
)
"""Words for another lifetime: a session's, a connection's, a cache's, or a file link's."""


def token_of_too_long_a_lifetime(text: str) -> FirstLook | None:
    """Return the cause if the program signs its token for longer than RDS accepts it; else None.

    Amazon RDS User Guide, "Connecting to your DB instance using IAM authentication": a token is valid for 15 minutes
    (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.Connecting.html).
    """
    if not (quoted(text, _REFUSED_BY_RDS) and quoted(text, _IAM_LOGIN)):
        return None
    for line in text.splitlines():
        if not _SIGNS_TOKEN.search(line) or _OTHER_LIFETIME.search(line):
            continue
        found = _LIFETIME.search(line)
        if found is not None and _seconds(found) > _LONGEST:
            return FirstLook(
                "Sign the IAM token for at most 15 minutes (X-Amz-Expires 900): RDS most likely refuses the token "
                "because it is signed for longer, and no policy or grant changes that. Create a new token for each "
                "new connection; an open connection stays valid after the token expires. If a token for 15 minutes is "
                "refused too, check rds-db:connect and the grant of rds_iam.",
                contains(found[0]),
                None,
                Who.CALLER,
            )
    return None


def _seconds(found: re.Match[str]) -> int:
    """Return the lifetime of a match of `_LIFETIME` in seconds."""
    if found["plain"]:
        return int(found["plain"]) * int(found["times"] or 1)
    name = next(each for each in ("go", "of", "delta", "said") if found[each])
    return int(found[name]) * _SECONDS[found[f"{name}_unit"][0].lower()]


def token_that_ended(text: str) -> FirstLook | None:
    """Return the cause if a token, or the credentials that signed it, most likely expired; else None.

    Amazon RDS User Guide, "IAM database authentication": a token is valid for 15 minutes
    (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html). IAM User Guide, "Using
    temporary credentials with AWS resources": what is signed with credentials that have expired fails
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_use-resources.html). Aurora DSQL User Guide,
    "Generate an authentication token" and "Troubleshooting": it also refuses a token once the role session that
    signed it has ended (https://docs.aws.amazon.com/aurora-dsql/latest/userguide/SECTION_authentication-token.html,
    https://docs.aws.amazon.com/aurora-dsql/latest/userguide/troubleshooting.html). Amazon ElastiCache User Guide and
    Amazon MemoryDB Developer Guide, "Authenticating with IAM": 12 hours of a connection
    (https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth-iam.html,
    https://docs.aws.amazon.com/memorydb/latest/devguide/auth-iam.html).
    """
    if (first := _of_a_cache(text)) is not None:
        return FirstLook(_ANEW_FOR_CACHE, contains(first), None, Who.CALLER)
    if quoted(text, _REFUSED_BY_DSQL) and (said := quoted(text, _DSQL_TOKEN)):
        return FirstLook(_OF_DSQL, contains(said), None, Who.CALLER)
    if not (quoted(text, _REFUSED_BY_RDS) and quoted(text, _IAM_LOGIN)):
        return None
    if (rare := remark_of(text, Remark.NOW_AND_THEN)) is not None:
        return FirstLook(_SIGNED_ANEW, contains(rare.words), None, Who.CALLER)
    restarted = remark_of(text, Remark.AFTER_RESTART)
    if restarted is not None and quoted(text, _HOURS):
        return FirstLook(_READ_ANEW, contains(restarted.words), None, Who.CALLER)
    if (kept := _kept_token(text)) is not None:
        return kept
    said = quoted(text, _AT_FIRST) or (restarted.words if restarted is not None else "")
    return FirstLook(_MADE_ANEW, contains(said), None, Who.CALLER) if said else None


def _kept_token(text: str) -> FirstLook | None:
    """Return the cause if code gives a pool one token, and a connection that the pool opens later is refused."""
    if quoted(text, _MADE_EACH_TIME) or not quoted(text, _MADE_ONCE):
        return None
    if not (later := quoted(text, _LATER_CONNECTION)):
        return None
    return FirstLook(_OF_A_POOL, contains(quoted(text, _MAKES_TOKEN), later), None, Who.CALLER)


def _of_a_cache(text: str) -> str | None:
    """Return the words saying that a cache's IAM login works at first; None if the text is not about such a login."""
    if not (quoted(text, _REFUSED_BY_CACHE) and quoted(text, _CACHE_LOGIN)):
        return None
    restarted = remark_of(text, Remark.AFTER_RESTART)
    return quoted(text, _WORKED_FIRST) or (restarted.words if restarted is not None else None)
