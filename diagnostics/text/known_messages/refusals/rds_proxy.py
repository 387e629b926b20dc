"""Messages of Amazon RDS Proxy."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, no_permission, row

_RDS = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide"
_PROXY = f"{_RDS}/rds-proxy.troubleshooting.html"

RDS_PROXY: tuple[ServiceSentence, ...] = (
    no_permission(
        "allowed only with ssl connections",
        r"IAM (?:authentication )?is allowed only with SSL connections",
        "RDS Proxy accepts IAM authentication only over TLS: configure the client to connect with sslmode=require or "
        "stricter. No permission is missing.",
        "Set sslmode=require (or verify-full with the certificate bundle) in the client; the token need not change.",
        _PROXY,
    ),
    no_permission(
        "supports only iam",
        r"RDS(?: Proxy)? supports only IAM(?:,| or) [^\n]{0,30}authentication",
        "The client offers an authentication method that RDS Proxy does not support for this user: use IAM, or the "
        "password method that the message names. No permission is missing.",
        "Set the proxy's client password type, or the database's password_encryption, so that both agree; an old "
        "driver may have to be updated.",
        _PROXY,
    ),
    no_permission(
        "password that was provided for the role",
        r"password that was provided for the role (?P<role>[\w.@-]+) is wrong",
        "The password for the database user {role} differs from the password in the proxy's secret. In this message, "
        "“role” does not mean an IAM role.",
        "Compare three passwords: the client's, the database's, and the one in the secret that is registered with the "
        "proxy for this user.",
        _PROXY,
    ),
    row(
        "proxy does not have any registered credentials",
        r"Proxy does not have any registered credentials",
        "RDS Proxy",
        "the proxy has no usable secret",
        "RDS Proxy has no database credentials: no secret is registered with the proxy, or the proxy's role is not "
        "allowed to read the secret.",
        UsualCause(
            "Check which secrets the proxy has (Auth) and which role: register a secret for each database user "
            "(aws rds modify-db-proxy --auth), and allow the role secretsmanager:GetSecretValue on the secrets "
            "and kms:Decrypt on their key. The role must trust rds.amazonaws.com.",
            "aws rds describe-db-proxies --query 'DBProxies[].[DBProxyName,RoleArn,Auth[].SecretArn]'",
            needs=("secretsmanager:GetSecretValue", "kms:Decrypt"),
        ),
        page=_PROXY,
    ),
)
