"""Name the cause of another system's refusal if the text shows it beside the message: a listing, or two names."""

from __future__ import annotations

import re
from collections.abc import Callable

from diagnostics.text.answer.search_collections import SERVERLESS, too_early
from diagnostics.text.answer.shown_sign_ins import (
    ShownCause,
    of_callback_urls,
    of_scim_user,
    of_the_cli,
    of_vaults_role,
)
from diagnostics.text.read.forms.kubernetes_databases_and_clouds import PASSWORD_LOGIN
from diagnostics.text.read.forms.not_denied.aws_services import COLUMN
from diagnostics.text.read.forms.not_denied.sign_in_tools import SCIM_USER
from diagnostics.text.read.forms.systems import SIGN_IN
from diagnostics.text.read.identities.callers import caller_in
from diagnostics.text.read.layout.tables import cells_of
from iam.arn import identity_of
from iam.lazy_pattern import regex
from iam.words import listing


def shown_cause(system: str | None, text: str) -> ShownCause | None:
    """Return the cause of the system's refusal that the text shows; None if it shows none."""
    return rule(text) if (rule := _RULES.get(system or "")) is not None else None


# PostgreSQL: the message for a password that it did not accept. A member of rds_iam gets another one, of PAM.
_USER = regex(
    r"password authentication failed for user \\?\"(?P<postgres>[\w.@-]+)|Access denied for user '(?P<mysql>[\w.@-]+)'@"
)
_PASSWORD_PLUGINS = ("mysql_native_password", "caching_sha2_password", "sha256_password")


def _user_without_iam(text: str) -> ShownCause | None:
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
            f"The database user {user} is not a member of rds_iam, as the text shows{through}: PostgreSQL takes the "
            f"IAM token for a password. Run as the master user: GRANT rds_iam TO {user};",
            f"Grant rds_iam to {user}",
            f"GRANT rds_iam TO {user}; as the master user. Then sign in again with a new token, over TLS. No policy of "
            "IAM was checked yet. A member of rds_iam can no longer sign in with its password.",
        )
    if (user := found["mysql"]) and set(_listed(text, user, "plugin")) & set(_PASSWORD_PLUGINS):
        return ShownCause(
            f"The database user {user} signs in with a password, as its plugin shows: it does not accept an IAM token. "
            "Let it use AWSAuthenticationPlugin.",
            f"Set up {user} for IAM",
            f"ALTER USER '{user}'@'%' IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS'; with the user's own host in "
            "place of %. Then sign in again with a new token, over TLS. No policy of IAM was checked yet. The user can "
            "then no longer sign in with its password.",
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


_REFUSED_COLUMN = regex(r"Column\s+'(?P<name>[^'\n]{1,128})'\s+cannot\s+be\s+resolved\s+or\s+requester")
_LISTS = regex(
    r"\b(?:glue[ \t]+get-table|DESCRIBE|DESC|SHOW[ \t]+COLUMNS)\b"
    r"(?:[^\n]*?\b(?:shows?|lists?|returns?|prints?)\b|[^\n]*)"
    r"|\bCREATE[ \t]+(?:EXTERNAL[ \t]+)?TABLE\b|\bcolumns?[ \t]+(?:are|is|exists?)\b[^\n]*|\"Columns\"[ \t]*:",
    re.IGNORECASE,
)
_LONGEST_LISTING = 1500
_ENDS_LISTING = regex(r"\n[ \t]*(?:\n|[^\n]{0,40}[$#>][ \t]|FAILED\b|SELECT\b)", re.IGNORECASE)
_TABLE = regex(r"\bfrom\s+[\"`]?(?P<database>\w+)[\"`]?\.[\"`]?(?P<table>\w+)", re.IGNORECASE)


def _ungranted_column(text: str) -> ShownCause | None:
    """Return the cause if the text shows that the table has the column that Athena did not find.

    AWS Lake Formation Developer Guide, "Granting permissions on tables using the named resource method"
    (https://docs.aws.amazon.com/lake-formation/latest/dg/granting-table-permissions.html).
    """
    refused = _REFUSED_COLUMN.search(text)
    if refused is None or not _is_listed(refused["name"], text):
        return None
    name = refused["name"]
    table = _TABLE.search(text)
    of = f" of {table['database']}.{table['table']}" if table else ""
    where = (
        f'"DatabaseName":"{table["database"]}","Name":"{table["table"]}"'
        if table
        else '"DatabaseName":"DATABASE","Name":"TABLE"'
    )
    return ShownCause(
        f"The table has the column {name}, as the text shows, so most likely Lake Formation does not grant SELECT on "
        "it to this caller: a Lake Formation administrator must grant it. No IAM policy can.",
        f"Grant SELECT on the column {name}{of}, if the caller may see it",
        "aws lakeformation grant-permissions --principal DataLakePrincipalIdentifier=ROLE-ARN --permissions SELECT "
        f'--resource \'{{"TableWithColumns":{{{where},"ColumnNames":["{name}"]}}}}\'. A data filter on the table may '
        "leave the column out too: aws lakeformation list-data-cells-filter.",
    )


def _is_listed(column: str, text: str) -> bool:
    """Whether the output of a command that lists a table's columns names the column."""
    for found in _LISTS.finditer(text):
        shown = text[found.end() : found.end() + _LONGEST_LISTING]
        end = _ENDS_LISTING.search(shown, 1)
        if re.search(rf"(?<![\w-]){re.escape(column)}(?![\w-])", shown[: end.start() if end else None], re.IGNORECASE):
            return True
    return False


_PRINCIPALS = regex(r"[\"']?\bPrincipal[\"']?\s*[:=]\s*\[(?P<list>[^\]]{10,2000})\]")
_RULES_BESIDE = regex(r"[\"']?\b(?:ResourceType|Rules)[\"']?\s*[:=]")
_ARN = regex(r"arn:[\w-]+:(?:sts|iam)::(?:\d{12}):[\w+=,.@/*-]+")


def _another_session(text: str) -> ShownCause | None:
    """Return the cause if the data access policy in the text names another session of the caller's role.

    Amazon OpenSearch Service Developer Guide, "Data access control for Amazon OpenSearch Serverless"
    (https://docs.aws.amazon.com/opensearch-service/latest/developerguide/serverless-data-access.html).
    """
    caller = caller_in(text) or ""
    account, _, name = identity_of(caller)
    sessions = f"::{account}:assumed-role/{name}/"
    lists = [each["list"] for each in _PRINCIPALS.finditer(text)] if _RULES_BESIDE.search(text) else []
    named = [each for part in lists for each in _ARN.findall(part) if identity_of(each)[::2] == (account, name)]
    if sessions not in caller or not named or any(sessions not in each or each == caller for each in named):
        return None
    if any(each.endswith("/*") for each in named):
        return None
    own = f"{caller.partition(':sts:')[0]}:iam::{account}:role/{name}"
    return ShownCause(
        f"The data access policy names the session {named[0].partition(':assumed-role/')[2]}, and the call is made by "
        f"{caller.partition(':assumed-role/')[2]}: name the role, {own}, in place of a session.",
        f"Name the role {name} as a principal of the data access policy",
        f"Put {own} (with its path, if it has one) into Principal, with aws opensearchserverless update-access-policy "
        "or where the policy is made: each run's session may have another name. The collection's owner, or an identity "
        "that the policy names now, can do it. Wait about a minute until it has effect.",
    )


def _too_early(text: str) -> ShownCause | None:
    """Return what to do if the collection did not enforce its new policy yet; None if nothing says so."""
    if not (sentence := too_early(text)):
        return None
    return ShownCause(
        sentence,
        "Retry the request until the data access policy is in effect",
        "Let the program, custom resource or provisioner that sends the request retry it on 403 with longer and "
        "longer waits, or wait after the policy is made. A dependency on the policy does not wait until the policy "
        "is in effect. If it never succeeds, the policy's Principal must name the role or user of the request, and "
        "IAM must allow it aoss:APIAccessAll.",
    )


_PUSHED = regex(r"\bsend-ssh-public-key\b[^\n]*--instance-os-user[ =][\"']?(?P<user>[\w.-]+)")
_LOGS_IN = regex(r"(?<![\w.@-])(?P<user>[a-z_][\w.-]*)@[\w.:-]+: Permission denied")


def _another_user(text: str) -> ShownCause | None:
    """Return the cause if an SSH key was pushed for a user of the instance who is not the one that signs in.

    Amazon EC2 User Guide, "Connect using EC2 Instance Connect": the key is for one user and for 60 seconds
    (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-connect-methods.html).
    """
    pushed = {found["user"] for found in _PUSHED.finditer(text)}
    signs_in = {found["user"] for found in _LOGS_IN.finditer(text)}
    if len(pushed) != 1 or len(signs_in) != 1 or pushed == signs_in:
        return None
    (own,), (other,) = pushed, signs_in
    return ShownCause(
        f"The key was sent for the user {own} of the instance, and ssh signs in as {other}: send it for {other} "
        f"(--instance-os-user {other}), and connect within 60 seconds. IAM allowed the call.",
        f"Send the key for {other}, or sign in as {own}",
        "The key that send-ssh-public-key sends is valid for one user of the instance and for 60 seconds. EC2 Instance "
        "Connect must be installed on the instance.",
    )


_NO_KEYS = regex(
    r"Unable to load credentials from any of the providers|Unable to locate credentials|NoCredentialProviders"
    r"|Could not load credentials from any providers|failed to (?:retrieve|refresh cached) credentials"
)
_NO_PASSWORD = regex(r"\(using password: NO\)|fe_sendauth: no password supplied|\bempty password\b")


def _without_a_token(text: str) -> ShownCause | None:
    """Return the cause if the program found no credentials, and then signed in to the database without a password.

    Amazon RDS User Guide, "IAM database authentication": the token, which is signed with the program's credentials, is
    the password (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html).
    """
    if _NO_KEYS.search(text) is None or _NO_PASSWORD.search(text) is None:
        return None
    return ShownCause(
        "Most likely the program made no IAM token: it found no AWS credentials and signed in without a password. Give "
        "it a role, profile or keys first. The database's users and rds-db:connect were not checked yet.",
        "Give the program AWS credentials",
        "Run aws configure list and aws sts get-caller-identity where the program runs (same container, user and "
        "environment). Then sign in again; only if a token is refused, check rds-db:connect and the database user.",
    )


_NO_WALSENDER = regex(
    r"must be superuser or replication role to start walsender|permission denied to start WAL sender"
    r"|must be superuser or replication role to use replication slots"
)


def _not_replicating(text: str) -> ShownCause | None:
    """Return the cause if PostgreSQL refuses logical replication to a database user.

    Amazon RDS User Guide, "Performing logical replication for Amazon RDS for PostgreSQL"
    (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.FeatureSupport.LogicalReplication.html).
    """
    if _NO_WALSENDER.search(text) is None:
        return None
    return ShownCause(
        "The database user is not allowed to replicate. On RDS and Aurora, run GRANT rds_replication TO the user "
        "(elsewhere, ALTER USER … REPLICATION). No IAM policy is involved.",
        "Grant rds_replication to the database user",
        "As the master user: GRANT rds_replication TO USER; and SELECT on the tables. rds.logical_replication must "
        "be 1 in "
        "the parameter group (and the instance rebooted since).",
    )


_AS_ROOT = regex(r"\bsudo (?:touch|mkdir|chown|chmod|cp|mv|tee|rm)\b|\broot@|\bas root\b|\buid=0\b")
_OF_EFS = regex(r"\bmount -t efs\b|elasticfilesystem:Client\w+|\bfs-[0-9a-f]{8,17}\b")
_NOT_WRITTEN = regex(
    r"\b(?:touch|mkdir|chown|chmod|cp|mv|tee|rm|install): [^\n]{0,200}(?:[Pp]ermission denied|not permitted)"
)
_ROOT_ALLOWED = regex(
    r"ClientRootAccess|elasticfilesystem:(?:Client)?\*|AmazonElasticFileSystemClientFullAccess|\bfsap-|accesspoint"
)


def _squashed_root(text: str) -> ShownCause | None:
    """Return the cause if root cannot write to an EFS file system and no policy in the text allows root access.

    Amazon EFS User Guide, "Using IAM to control file system data access": ClientRootAccess
    (https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html).
    """
    if not (_NOT_WRITTEN.search(text) and _AS_ROOT.search(text) and _OF_EFS.search(text)) or _ROOT_ALLOWED.search(text):
        return None
    return ShownCause(
        "Most likely EFS treats root as an ordinary user: with a file system policy or the mount option iam, root "
        "needs "
        "elasticfilesystem:ClientRootAccess, which the text does not allow.",
        "Allow ClientRootAccess, or let the folder's owner write",
        "Add elasticfilesystem:ClientRootAccess beside ClientMount and ClientWrite (file system policy or the client's "
        "own policies). Or create the folder and its owner with an access point, and mount that. For other users the "
        "owner and mode of the folder decide; a new file system belongs to root.",
    )


_RULES: dict[str, Callable[[str], ShownCause | None]] = {
    SIGN_IN: lambda text: _user_without_iam(text) or _without_a_token(text),
    PASSWORD_LOGIN: _without_a_token,
    COLUMN: _ungranted_column,
    "SSH or Git": _another_user,
    "the operating system": _squashed_root,
    "the database": _not_replicating,
    SCIM_USER: of_scim_user,
    "the command of the AWS CLI": of_the_cli,
    "the principals of the role in Vault": of_vaults_role,
    "the callback URLs of the Cognito app client": of_callback_urls,
    SERVERLESS: lambda text: _another_session(text) or _too_early(text),
}
