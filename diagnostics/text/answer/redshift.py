"""Return the GRANT that Amazon Redshift's refusal requires, if the text names the relation and the role or user.

Amazon Redshift API Reference, "GetClusterCredentialsWithIAM": the database user has the prefix IAM: or IAMR:
(https://docs.aws.amazon.com/redshift/latest/APIReference/API_GetClusterCredentialsWithIAM.html).
"""

from __future__ import annotations

import re

from iam.lazy_pattern import regex

_DENIED = regex(r"permission\s+denied\s+for\s+(?P<kind>relation|table|schema)\s+\"?(?P<name>[\w$]+)\"?", re.IGNORECASE)
_CALLER = regex(
    r"arn:[\w-]+:(?:sts::\d{12}:assumed-role/(?P<role>[\w+=,.@-]+)/"
    r"|iam::\d{12}:role/(?:[\w+=,.@-]+/)*(?P<named>[\w+=,.@-]+)"
    r"|iam::\d{12}:user/(?:[\w+=,.@-]+/)*(?P<user>[\w+=,.@-]+))"
)


_NAMED_USER = regex(
    r"(?<![\w-])(?:db_?)?user(?:name)?[\"']?[ \t]*[:=][ \t]*[\"']?(?!arn:)(?P<user>[a-z_][\w$-]*)", re.IGNORECASE
)
"""The database user that a connection's settings name."""
_OF_IAM = regex(r"GetClusterCredentials\b|\bmethod[\"']?[ \t]*[:=][ \t]*[\"']?iam\b", re.IGNORECASE)
_WITH_IAM = "GetClusterCredentialsWithIAM"


def grants(text: str) -> str:
    """Return the SQL statements that let the database user of the text's role or user read; "" if one is unknown."""
    denied = _DENIED.search(text)
    users = {
        f"IAM:{found['user']}" if found["user"] else f"IAMR:{found['role'] or found['named']}"
        for found in _CALLER.finditer(text)
    }
    if _WITH_IAM not in text and _OF_IAM.search(text) and (named := _NAMED_USER.search(text)):
        users = {named["user"]}
    if denied is None or len(users) != 1:
        return ""
    user, name = users.pop(), denied["name"]
    if denied["kind"].lower() == "schema":
        return f'GRANT USAGE ON SCHEMA {name} TO "{user}";'
    of_schema = re.search(rf"\b(?P<schema>[A-Za-z_][\w$]*)\.\"?{re.escape(name)}\b", text)
    usage = f'GRANT USAGE ON SCHEMA {of_schema["schema"]} TO "{user}"; ' if of_schema else ""
    whole = f"{of_schema['schema']}.{name}" if of_schema else name
    return f'{usage}GRANT SELECT ON {whole} TO "{user}";'
