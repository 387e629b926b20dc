"""Compare what an IAM token for a database was made for with the connection that sends it.

Amazon RDS User Guide, "Connecting to your DB instance using IAM authentication from the command line"
(https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.Connecting.AWSCLI.html): the token is
made for one host name, port, Region and database user.
"""

from __future__ import annotations

import re

from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import contains
from diagnostics.who import Who
from iam.lazy_pattern import regex
from iam.regions import REGION_NAME

_MADE = regex(r"\bgenerate-db-auth-token\b(?:[^\n)]|\\\n)*")
_HOST = r"[\w.-]+\.rds\.amazonaws\.com(?:\.cn)?"
_OF_TOKEN = {
    "host name": regex(rf"--hostname[ =][\"']?(?P<value>{_HOST})"),
    "port": regex(r"--port[ =][\"']?(?P<value>\d{2,5})\b"),
    "database user": regex(r"--username[ =][\"']?(?P<value>[\w.@-]+)"),
    "Region": regex(rf"--region[ =][\"']?(?P<value>{REGION_NAME})\b"),
}
_OF_CONNECTION = {
    "host name": regex(
        rf"(?:(?<![\w-])-h[ ]*|--host(?:name)?[ =]|\bhost[\"']?[ ]*[:=][ ]*|//(?:[^\s@/]*@)?|@)[\"']?"
        rf"(?P<value>{_HOST})",
        re.IGNORECASE,
    ),
    "port": regex(rf"(?:(?<![\w-])-P[ ]*|--port[ =]|\bport[\"']?[ ]*[:=][ ]*|{_HOST}:)[\"']?(?P<value>\d{{4,5}})\b"),
    "database user": regex(
        r"(?:(?<![\w-])-[uU][ ]*|--user(?:name)?[ =]|\buser(?:name)?[\"']?[ ]*[:=][ ]*)[\"']?"
        r"(?P<value>[A-Za-z][\w.@-]*)"
    ),
    "Region": regex(rf"\.(?P<value>{REGION_NAME})\.rds\.amazonaws\.com"),
}


def of_another_connection(text: str) -> FirstLook | None:
    """Return the cause if the text's only token was made for a value other than the connection's; None otherwise."""
    made = _MADE.findall(text)
    if len(made) != 1:
        return None
    around = text.replace(made[0], " ")
    for noun, pattern in _OF_TOKEN.items():
        token, connection = _values(pattern, made[0]), _values(_OF_CONNECTION[noun], around)
        if len(token) != 1 or len(connection) != 1 or token == connection:
            continue
        of_token, of_connection = token.pop(), connection.pop()
        return FirstLook(
            f"The token is made for the {noun} {of_token}, and the connection has {of_connection}: most likely the "
            "database refuses the token for that reason. Make the token with the connection's own values. Only then "
            "check rds-db:connect and the database user.",
            contains(of_token, of_connection),
            None,
            Who.CALLER,
        )
    return None


def _values(pattern: re.Pattern[str], text: str) -> set[str]:
    return {found["value"] for found in pattern.finditer(text)}
