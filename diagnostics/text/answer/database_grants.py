"""Return the GRANT that a database's denial requires, if the text names the object and the database's user.

Amazon Redshift API Reference, "GetClusterCredentialsWithIAM": the database user has the prefix IAM: or IAMR:
(https://docs.aws.amazon.com/redshift/latest/APIReference/API_GetClusterCredentialsWithIAM.html). PostgreSQL
documentation, "GRANT" (https://www.postgresql.org/docs/current/sql-grant.html).
"""

from __future__ import annotations

import re

from iam.lazy_pattern import regex

_DENIED = regex(
    r"permission\s+denied\s+for\s+(?P<kind>relation|table|view|schema)\s+\"?(?P<name>[\w$]+)\"?", re.IGNORECASE
)
_CALLER = regex(
    r"arn:[\w-]+:(?:sts::\d{12}:assumed-role/(?P<role>[\w+=,.@-]+)/"
    r"|iam::\d{12}:role/(?:[\w+=,.@-]+/)*(?P<named>[\w+=,.@-]+)"
    r"|iam::\d{12}:user/(?:[\w+=,.@-]+/)*(?P<user>[\w+=,.@-]+))"
)


_NAMED_USER = regex(
    r"(?<![\w:-])(?:db_?)?user(?:name)?[\"']?[ \t]*[:=][ \t]*[\"']?(?!arn:)(?P<user>[a-z_][\w$-]*)", re.IGNORECASE
)
"""The database user that a connection's settings name."""
_CONNECTED = regex(
    r"\b(?:connect(?:ed|s|ing)?|logg?ed in|log(?:s|ging)? in|sign(?:ed|s|ing)? in)\b[^\n.]{0,30}?\bas (?:user |role )?"
    r"[\"'`]?(?P<as>[a-z_][\w$-]*)|\bpsql\b[^\n]*?\s-U[ =]?(?P<option>[a-z_][\w$-]*)"
    r"|:dbuser:[\w-]+/(?P<arn>[a-z_][\w$-]*)|\bpostgres(?:ql)?://(?P<url>[a-z_][\w$-]*)[:@]",
    re.IGNORECASE,
)
_OF_IAM = regex(r"GetClusterCredentials\b|\bmethod[\"']?[ \t]*[:=][ \t]*[\"']?iam\b", re.IGNORECASE)
_WITH_IAM = "GetClusterCredentialsWithIAM"
_STATEMENT = regex(
    r"\b(?:(?P<insert>INSERT\s+INTO)|(?P<update>UPDATE)\s+[\w.\"]+\s+SET|(?P<delete>DELETE\s+FROM))\b", re.I
)


# MySQL Reference Manual, "Server Error Message Reference", ER_TABLEACCESS_DENIED_ERROR
# (https://dev.mysql.com/doc/mysql-errors/8.0/en/server-error-reference.html).
_OF_MYSQL = regex(
    r"\b(?P<privilege>[A-Z ]{4,20}) command denied to user (?P<user>'[^'\s]{1,32}'@'[^'\s]{1,255}') "
    r"for table [`']?(?P<table>[\w$.]+)"
)


def grants(text: str, *, redshift: bool) -> str:
    """Return the SQL statements that give the text's database user what was denied; "" if the user is unknown.

    Only in Amazon Redshift may the database's user be an identity of IAM.
    """
    if not redshift and (mysql := _OF_MYSQL.search(text)):
        return f"GRANT {mysql['privilege'].strip()} ON {mysql['table']} TO {mysql['user']};"
    denied = _DENIED.search(text)
    user = _of_redshift(text) if redshift else _of_the_connection(text)
    if denied is None or not user:
        return ""
    name = denied["name"]
    if denied["kind"].lower() == "schema":
        return f'GRANT USAGE ON SCHEMA {name} TO "{user}";'
    of_schema = re.search(rf"\b(?P<schema>[A-Za-z_][\w$]*)\.\"?{re.escape(name)}\b", text)
    usage = f'GRANT USAGE ON SCHEMA {of_schema["schema"]} TO "{user}"; ' if of_schema else ""
    whole = f"{of_schema['schema']}.{name}" if of_schema else name
    said = _STATEMENT.search(text)
    privilege = (said.lastgroup or "select").upper() if said else "SELECT"
    return f'{usage}GRANT {privilege} ON {whole} TO "{user}";'


def _of_redshift(text: str) -> str:
    """The database user of the only identity in the text; empty if the text names no identity, or several."""
    if _WITH_IAM not in text and _OF_IAM.search(text) and (named := _NAMED_USER.search(text)):
        return named["user"]
    users = {
        f"IAM:{found['user']}" if found["user"] else f"IAMR:{found['role'] or found['named']}"
        for found in _CALLER.finditer(text)
    }
    return users.pop() if len(users) == 1 else ""


def _of_the_connection(text: str) -> str:
    """The only user that the connection's settings, or words about it, name; empty if they name none or several."""
    users = {found["user"] for found in _NAMED_USER.finditer(text)}
    users |= {found["as"] or found["option"] or found["url"] or found["arn"] for found in _CONNECTED.finditer(text)}
    return users.pop() if len(users) == 1 else ""
