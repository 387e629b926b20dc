"""Rows for the own logins and grants of databases: PostgreSQL, MySQL, SQL Server."""

from __future__ import annotations

import re

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

PASSWORD_LOGIN = "the database's user and password"
_NO_LOGIN = r"(?:Access\s+denied\s+for\s+user|password\s+authentication\s+failed)"
_IAM_LOGIN = (
    r"(?:rds-db:|generate-?(?:db-)?auth-?token|generate_db_auth_token|AWSAuthenticationPlugin|rds_iam|rds-signer"
    r"|iam_database_authentication|IAMDatabaseAuthentication)"
)
"""Signs that a sign-in uses an IAM token: the action, a library, or the database's plugin or setting."""

DATABASE_LOGINS: tuple[System, ...] = (
    # Amazon RDS User Guide, "IAM database authentication", "Troubleshooting for IAM DB authentication"
    # (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html).
    made_system(
        "the database's sign-in",
        "To sign in with IAM, send a token as the password (aws rds generate-db-auth-token, valid for 15 minutes), "
        "over TLS, as a database user that is created for it (MySQL: AWSAuthenticationPlugin; PostgreSQL: GRANT "
        "rds_iam). rds-db:connect names that user and the DbiResourceId (db-… or cluster-…). To sign in with a "
        "password, correct the password or the user's host.",
        rf"{_IAM_LOGIN}[\s\S]{{0,2000}}?{_NO_LOGIN}|{_NO_LOGIN}[\s\S]{{0,2000}}?{_IAM_LOGIN}",
        "access denied for user",
        "password authentication failed",
        flags=re.IGNORECASE,
        verdict="The database refused the sign-in: the password or token is not valid for this user, the user is not "
        "set up for IAM, or rds-db:connect names a different user or resource ID.",
        title="Check how the program signs in to the database",
        sure=False,
    ),
    # MySQL 8.0 Reference Manual, "Causes of Access-Denied Errors"
    # (https://dev.mysql.com/doc/refman/8.0/en/error-access-denied.html); PostgreSQL documentation, "Authentication
    # Problems" (https://www.postgresql.org/docs/current/client-authentication-problems.html).
    made_system(
        PASSWORD_LOGIN,
        "Compare the user and password that the program sends with the database's: a rotated secret, an old variable "
        "or a cached value is the usual cause. In MySQL a user also belongs to a host: SELECT user, host FROM "
        "mysql.user. IAM policies such as rds:* have no effect here. rds-db:connect matters only if the program signs "
        "in with an IAM token instead of a password.",
        r"Access\s+denied\s+for\s+user\s+['\"`][^\n]{1,120}?\(using\s+password:\s+(?:YES|NO)\)"
        r"|password\s+authentication\s+failed\s+for\s+user|\bORA-01017\b|Login\s+failed\s+for\s+user",
        "using password:",
        "password authentication failed for user",
        "ora-01017",
        "login failed for user",
        flags=re.IGNORECASE,
        verdict="The database itself refused the sign-in: its user, password or host is wrong. No IAM policy decides "
        "this.",
        title="Check the user, password and host of the database's sign-in",
    ),
    made_system(
        "an object of the database that has the name",
        "Look for the object in the database: use it, drop it first, or create only what is missing (IF NOT EXISTS). "
        "It is not an IAM name.",
        r"\bERROR:\s+(?:role|user|group|schema|relation|database|type|extension)\s+\"[^\"]{1,200}\"\s+already\s+exists"
        r"|\bERROR\s+1396\b|Operation\s+CREATE\s+(?:USER|ROLE)\s+failed|'\s?@\s?'[^\n]{1,100}already\s+exists"
        r"|already\s+exists\s+in\s+the\s+current\s+database|(?:Server"
        r"|Database)\s+principal\s+'[^']{1,200}'\s+already\s+exists"
        r"|SQL\s+compilation\s+error:\s+Object[^\n]{1,200}already\s+exists|DuplicateObject|\bORA-01920\b",
        "already exists",
        "error 1396",
        "operation create user failed",
        "operation create role failed",
        "duplicateobject",
        "ora-01920",
        flags=re.MULTILINE | re.IGNORECASE,
        verdict="The database already has an object of this name. A missing permission is not the cause.",
        title="Use or drop the existing object",
    ),
)

DATABASE_GRANTS: tuple[System, ...] = (
    made_system(
        "the database",
        "Check the database's own users and grants, not IAM: \\du and \\dp in PostgreSQL (a table also needs USAGE on "
        "its schema), SHOW GRANTS in MySQL.",
        r"Access\s+denied\s+for\s+user\s+['\"`]|password\s+authentication\s+failed\s+for\s+user"
        r"|permission\s+denied\s+(?:for|to)\s+(?:table|relation|schema|database|sequence|function|view|create|alter|start|use)"
        r"|Login\s+failed\s+for\s+user|ORA-0(?:1017|1031|1921)"
        r"|insufficient\s+privileges\s+to\s+operate|must\s+be\s+superuser|no\s+pg_hba\.conf\s+entry|command\s+denied\s+to\s+user|\bNOPERM\s+this\s+user"
        r"|Not\s+enough\s+privileges"
        r"|User\s+\S+\s+has\s+no\s+\w+\s+permission\s+on|Database\s+access\s+is\s+not\s+allowed\s+for\s+user"
        # SQLSTATE classes 28 (invalid authorization) and 42501 (insufficient privilege); Snowflake's sentence.
        r"|\bSQLSTATE\W{1,3}(?:28\d{3}|42501)\b|SQL\s+compilation\s+error:[\s\S]{0,200}not\s+authorized",
        "access denied for user",
        "password authentication failed for user",
        "permission denied for",
        "permission denied to",
        "login failed for user",
        "ora-0",
        "insufficient privileges to operate",
        "sqlstate",
        "sql compilation error",
        "must be superuser",
        "no pg_hba.conf entry",
        "command denied to user",
        "noperm this user",
        "not enough privileges",
        "permission on",
        "database access is not allowed for user",
        flags=re.MULTILINE | re.IGNORECASE,
        # libpq tries again without TLS after a sign-in that was refused: its first line decides.
        unless=r"\A(?![\s\S]*permission\s+denied\s+for)[\s\S]*?PAM\s+authentication\s+failed\s+for\s+user"
        r"[\s\S]*?no\s+pg_hba",
    ),
)
