"""Causes for sign-ins with IAM that a database refuses: RDS, ElastiCache, MemoryDB, DocumentDB and MongoDB Atlas."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from diagnostics.diagnosis import FirstLook
from diagnostics.failure import OtherFailure
from diagnostics.text.causes.build_causes import WHO_AM_I, Said, causes_by_words, contains, quoted, reading
from diagnostics.text.causes.not_denied.database_tokens import token_of_too_long_a_lifetime, token_that_ended
from diagnostics.text.causes.not_denied.database_values import differing_value
from diagnostics.text.causes.not_denied.token_connections import of_another_connection
from diagnostics.text.read.resources.database_hosts import INSTANCE_IDS, resource_id_command
from diagnostics.text.tokens.presigned import presigned
from diagnostics.who import Who
from iam.lazy_pattern import regex

_OF_RDS = r"(?:\.rds\.amazonaws\.com|rds_iam|rds-db:|generate-db-auth-token|iam_enabled)"
# Of RDS Proxy: "Troubleshooting RDS Proxy issues with RDS for PostgreSQL"
# (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.troubleshooting.html).
_OF_PROXY = r"IAM authentication failed for (?:the role|user) [\w.@-]+\. Check the IAM token"
_NO_LOGIN = (
    rf"{_OF_PROXY}|"
    r"PAM authentication failed for user|pam_authenticate failed"
    r"|Access denied for user [^\n]{1,80}\(using password: YES\)"
)
# A self-managed PostgreSQL server may use PAM for a directory.
_OTHER_PAM = r"\bpam_(?:sss|ldap|unix|winbind|krb5)|\bActive Directory\b|\bLDAP\b|\bkeytab\b|/etc/pam\.d"
_BY_NAME = (
    r":rds-db:[\w*-]*:[\d*]*:dbuser:(?!(?:(?-i:(?:db|cluster)-[A-Z0-9]{6,})|prx-[a-z0-9]{6,})/)[a-z][\w-]*/[\w.*-]+"
)
_IAM_TOKEN = (
    r"(?:\bIAM[- ](?:auth\w*|tokens?|users?|database|login|based|enabled)|\b(?:elasticache|memorydb):connect\b"
    # The form of a token: HOST/?Action=connect&User=USER&X-Amz-… (the same page as below, "Connecting").
    r"|[?&]Action=connect&|\bIAM\b[^\n.]{0,20}\btokens?\b|\btokens?\b[^\n.]{0,20}\bIAM\b"
    r"|\bAuthenticationMode\b[^\n]{0,20}\biam\b)"
)
_WRONG = r"(?:\bWRONGPASS\b|invalid username-password pair)"
"""Valkey's and Redis' answer; some clients leave the code out."""
_MEMORYDB = r"(?:\.memorydb\.[a-z0-9-]+\.amazonaws|\bmemorydb\b)"
_ATLAS = r"(?:\.mongodb\.net\b|\bAtlasError\b|\bAtlas\b)"
_NO_MONGO = r"Authentication failed"
_DECIDING = (
    # Amazon ElastiCache User Guide, "Authenticating with IAM": its example adds ResourceType for serverless caches
    # (https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth-iam.html).
    Said(
        r"\A(?![\s\S]*ResourceType=ServerlessCache)(?=[\s\S]*(?:\bElastiCache Serverless|:serverlesscache:"
        r"|\bserverless cache))"
        rf"(?=[\s\S]*{_IAM_TOKEN})[\s\S]*?{_WRONG}",
        "Sign the token with ResourceType=ServerlessCache: for a serverless cache the signed URL must contain this "
        "parameter, Action=connect and User. A client without support for serverless caches omits the parameter: "
        "update the client, or create the token yourself. Also check that the user's ID and name are the same, and "
        "that TLS is on.",
        None,
        Who.CALLER,
    ),
    # Amazon RDS User Guide, "Connecting to your DB instance using IAM authentication and the AWS SDK for Go": the
    # endpoint is host:port (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.Connecting.Go.html).
    Said(
        rf"\A(?![\s\S]*(?:%[sv]:%[dsv]|amazonaws\.com:\d{{4,5}}|JoinHostPort))(?=[\s\S]*\bBuildAuthToken\()"
        rf"[\s\S]*?(?:{_NO_LOGIN})",
        "Most likely the token is signed for an endpoint without a port: BuildAuthToken of the AWS SDK for Go takes "
        "HOST:PORT, such as HOST:5432, and not the host alone. Correct its first argument before you change "
        "rds-db:connect or the grant of rds_iam.",
        None,
        Who.CALLER,
    ),
    # Amazon RDS User Guide, "IAM database authentication": a custom DNS record cannot be used for the token
    # (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html).
    Said(
        r"\bgenerate-db-auth-token\b[^\n]*--hostname[ =](?!\S*\.rds\.amazonaws\.com)(?![\"'{<]*\$)[\w.-]+\.[\w-]+"
        rf"(?=[\s\S]*(?:{_NO_LOGIN}))",
        "The token is signed for a host name of your own: the database accepts it only for its own endpoint "
        "(….rds.amazonaws.com), which a CNAME does not replace. Generate the token with that endpoint as --hostname; "
        "the connection may keep the CNAME. Only then check rds-db:connect and the grant of rds_iam.",
        None,
        Who.CALLER,
    ),
    # Amazon RDS User Guide, "Connecting to your DB instance using IAM authentication from the command line: AWS CLI and
    # mysql client" (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.Connecting.AWSCLI.html).
    Said(
        r"mysql_clear_password'? cannot be loaded: plugin not enabled",
        "The client refuses to send the token, because its plug-in for clear-text passwords is off: start mysql with "
        "--enable-cleartext-plugin, and over TLS. The database has not seen the token, so no policy and no grant is "
        "the cause, and waiting does not help.",
        None,
        Who.CALLER,
    ),
    # Amazon ElastiCache User Guide, "Authenticating with IAM", limitations
    # (https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth-iam.html).
    Said(
        rf"--user-id[ =](?P<id>[\w-]+)(?![\w-])[^\n]{{0,200}}?--user-name[ =](?!(?P=id)(?![\w-]))[\w-]+[^\n]*Type=iam"
        rf"(?=[\s\S]*{_WRONG})|{_WRONG}[\s\S]{{0,4000}}?--user-id[ =](?P<name>[\w-]+)(?![\w-])[^\n]{{0,200}}?"
        r"--user-name[ =](?!(?P=name)(?![\w-]))[\w-]+[^\n]*Type=iam",
        "The user's ID and its name differ: with IAM authentication they must be the same, so the cache refuses every "
        "token of this user. Create the user again with one name for both, and sign the token for it.",
        None,
        Who.RESOURCE_OWNER,
    ),
    # Service Authorization Reference, "Actions, resources, and condition keys for Amazon RDS IAM Authentication":
    # dbuser:${DbiResourceId}/${DbUserName}
    # (https://docs.aws.amazon.com/service-authorization/latest/reference/list_rds-db.html).
    Said(
        rf"{_BY_NAME}(?=[\s\S]*(?:{_NO_LOGIN}))|(?:{_NO_LOGIN})[\s\S]{{0,8000}}?{_BY_NAME}",
        "The ARN for rds-db:connect names the database by its name, which matches nothing: after dbuser: comes the "
        "resource ID, db-… of an instance (DbiResourceId), cluster-… of an Aurora cluster (DbClusterResourceId) or "
        "prx-… of an RDS Proxy (the end of its ARN). Write arn:aws:rds-db:REGION:ACCOUNT:dbuser:RESOURCE-ID/USER. Only "
        "then check the grant of rds_iam to the user and the token's age (15 minutes).",
        INSTANCE_IDS,
        Who.ACCOUNT_ADMIN,
    ),
)
"""Messages for which the text also shows the deciding fact. No other cause is named if one of these applies."""
_STATED = (
    # Amazon RDS User Guide, "Troubleshooting for IAM DB authentication"; "Creating and using an IAM policy for IAM
    # database access".
    Said(
        rf"\A(?![\s\S]*permission denied for (?:schema|table|relation|view|sequence|database|function))[\s\S]*?(?:"
        rf"PAM authentication failed for user(?=[\s\S]*{_OF_RDS})|{_OF_RDS}[\s\S]*PAM authentication failed for user"
        r"|\b(?:FATAL|pq):\s+PAM authentication failed for user)",
        "The database did not accept the IAM token. Check rds-db:connect on "
        "arn:aws:rds-db:REGION:ACCOUNT:dbuser:RESOURCE-ID/USER (db-… or cluster-…, not the name), the grant of rds_iam "
        "to the user, and a token younger than 15 minutes for the same host and user.",
        None,
        Who.ACCOUNT_ADMIN,
        _OTHER_PAM,
    ),
    # The page of RDS Proxy above; "Creating and using an IAM policy for IAM database access": prx- of a proxy.
    Said(
        _OF_PROXY,
        "RDS Proxy did not accept the IAM token. Check rds-db:connect on "
        "arn:aws:rds-db:REGION:ACCOUNT:dbuser:prx-ID/USER (the ID at the end of the proxy's ARN, not its name), and "
        "that the token is younger than 15 minutes and was made for the proxy's host, this user and this Region.",
        "aws rds describe-db-proxies --query 'DBProxies[].[DBProxyName,DBProxyArn]' --output text",
        Who.ACCOUNT_ADMIN,
    ),
    # Amazon RDS User Guide, "Troubleshooting for RDS Proxy"
    # (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.troubleshooting.html).
    Said(
        r"RDS proxy has no credentials for the role [\w.@-]+",
        "Add a Secrets Manager secret with this database user's name and password to the proxy's authentication: the "
        "role in the message is the database's, not IAM's. The proxy's own IAM role then needs "
        "secretsmanager:GetSecretValue on the secret, and kms:Decrypt on its key.",
        reading("rds", "describe-db-proxies", query="DBProxies[].[DBProxyName,RoleArn,Auth[].SecretArn]"),
        Who.RESOURCE_OWNER,
    ),
    # Amazon MemoryDB Developer Guide, "Authenticating with IAM"
    # (https://docs.aws.amazon.com/memorydb/latest/devguide/auth-iam.html).
    Said(
        rf"{_WRONG}(?=[\s\S]*{_IAM_TOKEN})(?=[\s\S]*{_MEMORYDB})"
        rf"|{_MEMORYDB}(?=[\s\S]*{_WRONG})(?=[\s\S]*{_IAM_TOKEN})",
        "MemoryDB did not accept the IAM token: the user's authentication mode must be IAM, the token is valid for 15 "
        "minutes and signed for this cluster and user, and the role needs memorydb:Connect on both the cluster and "
        "the user.",
        None,
        Who.CALLER,
    ),
    # Amazon ElastiCache User Guide, "Authenticating with IAM"
    # (https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth-iam.html).
    Said(
        rf"{_WRONG}[\s\S]{{0,900}}?{_IAM_TOKEN}|{_IAM_TOKEN}[\s\S]{{0,300}}?{_WRONG}",
        "ElastiCache did not accept the IAM token: user ID and user name must be the same, the token is valid for 15 "
        "minutes, TLS is required, and the role needs elasticache:Connect on both the cache and the user.",
        None,
        Who.CALLER,
        _MEMORYDB,
    ),
    # MongoDB Atlas, "AWS IAM Authentication": database users for IAM are created in the project first
    # (https://www.mongodb.com/docs/atlas/security/aws-iam-authentication/).
    Said(
        rf"{_ATLAS}(?=[\s\S]*MONGODB-AWS)(?=[\s\S]*{_NO_MONGO})|{_NO_MONGO}(?=[\s\S]*{_ATLAS})(?=[\s\S]*MONGODB-AWS)"
        rf"|MONGODB-AWS(?=[\s\S]*{_ATLAS})(?=[\s\S]*{_NO_MONGO})",
        "The cluster belongs to MongoDB Atlas: its project needs a database user with the authentication method AWS "
        "IAM, whose ARN is that of the role or user that signs in. Compare it with the identity that the program has "
        "(this check). No IAM policy allows the sign-in.",
        WHO_AM_I,
        Who.RESOURCE_OWNER,
    ),
    # Amazon DocumentDB Developer Guide, "Authentication using IAM identity"
    # (https://docs.aws.amazon.com/documentdb/latest/developerguide/iam-identity-auth.html).
    Said(
        r"Authentication failed[\s\S]{0,200}MONGODB-AWS|MONGODB-AWS[\s\S]{0,200}Authentication failed",
        "DocumentDB has no user for this IAM identity: create one in $external whose name is the role's or user's ARN "
        "(without the session), with mechanisms MONGODB-AWS. No IAM policy allows the sign-in.",
        None,
        Who.RESOURCE_OWNER,
        _ATLAS,
    ),
)


def database_logins(failure: OtherFailure) -> Iterator[FirstLook]:
    """Yield the cause that the text's values decide, or else the usual causes."""
    text = failure.text
    decided = token_of_too_long_a_lifetime(text) or _shown_token(text) or token_that_ended(text) or _of_values(text)
    if decided is not None:
        return iter((replace(decided, decides=True),))
    return causes_by_words(text, _STATED)


def _of_values(text: str) -> FirstLook | None:
    """Return the cause that the text's other values show: the connection's, or those of a row of `_DECIDING`."""
    if quoted(text, _NO_LOGIN) and (other := of_another_connection(text)) is not None:
        return other
    if (differs := differing_value(text) or _other_user_name(text)) is not None:
        return differs
    found = next(causes_by_words(text, _DECIDING), None)
    if found is not None and found.check == INSTANCE_IDS:
        return replace(found, check=resource_id_command(text))
    return found


_USER_ID = regex(r"\bUserId[\"']?\s*[:=]\s*[\"']?(?P<id>[a-zA-Z][\w-]*)")
_USER_NAME = regex(r"\bUserName[\"']?\s*[:=]\s*[\"']?(?P<name>[a-zA-Z][\w-]*)")
_BY_IAM = regex(r"\bType[\"']?\s*[:=]\s*[\"']?iam\b", re.IGNORECASE)


def _other_user_name(text: str) -> FirstLook | None:
    """An ElastiCache user for IAM whose ID and name differ.

    Amazon ElastiCache User Guide, "Authenticating with IAM", limitations
    (https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth-iam.html).
    """
    said, by_iam = quoted(text, _WRONG), _BY_IAM.search(text)
    ids = {each["id"] for each in _USER_ID.finditer(text)}
    names = {each["name"] for each in _USER_NAME.finditer(text)}
    if not said or by_iam is None or "elasticache" not in text.lower() or len(ids) != 1 or len(names) != 1:
        return None
    own, name = ids.pop(), names.pop()
    if own == name:
        return None
    return FirstLook(
        f"Create another user with the same ID and name: for IAM, ElastiCache requires that they are identical, and "
        f"the text has the ID {own} and the name {name}. Log in with that name, and let elasticache:Connect name the "
        "new user.",
        contains(said),
        None,
        Who.RESOURCE_OWNER,
    )


def _shown_token(text: str) -> FirstLook | None:
    """Return the cause if the token in the text had expired before the sign-in; else None."""
    if not (said := quoted(text, rf"{_WRONG}|{_NO_LOGIN}")) or (token := presigned(text)) is None:
        return None
    if not token.expired:
        return None
    return FirstLook(
        f"{token.sentence} Let the program create a token for each new connection (a credential provider, not a fixed "
        "password). If a new one is refused too, check the action that allows the sign-in "
        "(elasticache:Connect on the cache and on the user, memorydb:Connect, rds-db:connect), and that the database's "
        "user is enabled and set up for IAM.",
        contains(said),
        None,
        Who.CALLER,
    )
