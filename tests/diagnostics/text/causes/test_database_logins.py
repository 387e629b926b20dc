"""Sign-ins to databases with an IAM token: what the client did wrong comes before policies and grants."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

TOKEN = "export PGPASSWORD=$(aws rds generate-db-auth-token --hostname {} --port 5432 --username app)\n"
REFUSED = 'psql: FATAL:  PAM authentication failed for user "app"\nmy role has rds-db:connect, app has rds_iam\n'
OWN = "prod.cluster-c9xkqz1abcde.eu-central-1.rds.amazonaws.com"
NO_PLUGIN = "ERROR 2059 (HY000): Authentication plugin 'mysql_clear_password' cannot be loaded: plugin not enabled"
WRONG = "redis.exceptions.AuthenticationError: invalid username-password pair or user is disabled."
USER = "aws elasticache create-user --user-id {} --user-name {} --engine valkey --authentication-mode Type=iam"


@pytest.mark.parametrize(
    ("text", "said", "applies"),
    [
        (TOKEN.format("db.int.acme.io") + REFUSED, "signed for a host name of your own", True),
        (TOKEN.format("127.0.0.1") + REFUSED, "signed for a host name of your own", True),
        (TOKEN.format(OWN) + REFUSED, "signed for a host name of your own", False),
        (TOKEN.format("$DB_HOST") + REFUSED, "signed for a host name of your own", False),
        (f"mysql -h x.rds.amazonaws.com -u app\n{NO_PLUGIN}", "--enable-cleartext-plugin", True),
        ("ERROR 1045 (28000): Access denied for user 'app'@'10.0.0.1'", "--enable-cleartext-plugin", False),
        (f"{WRONG}\n{USER.format('cart-app', 'cart')}", "user's ID and its name differ", True),
        (f"{USER.format('cart', 'cart-app')}\n{WRONG}", "user's ID and its name differ", True),
        (f"{WRONG}\n{USER.format('cart', 'cart')}", "user's ID and its name differ", False),
        (f"{WRONG}\nElastiCache, AuthenticationMode Type=iam", "ElastiCache did not accept the IAM token", True),
        (WRONG, "IAM token", False),
    ],
)
def test_the_clients_own_mistake_is_named(text: str, said: str, applies: bool) -> None:
    assert (said in collect_offline(read_text(text)[0]).verdict.summary) is applies


PAM = 'error: PAM authentication failed for user "app"\n'
MYSQL = "ERROR 1045 (28000): Access denied for user 'app'@'10.0.1.5' (using password: YES)\n"
GRANT = "arn:aws:rds-db:eu-west-1:111122223333:dbuser:db-ABCDEFGHIJKLMNOPQRSTUVWX/{}\n"
SIGNER = 'new Signer({{ hostname: "db.cx1.eu-west-1.rds.amazonaws.com", port: 5432, username: "app", region: "{}" }})\n'
CLI = "aws rds generate-db-auth-token --hostname db.cx1.eu-west-1.rds.amazonaws.com --username app --region {}\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (PAM + SIGNER.format("us-east-1"), "Make the token for eu-west-1"),
        (MYSQL + CLI.format("eu-central-1"), "Make the token for eu-west-1"),
        (PAM + SIGNER.format("eu-west-1") + GRANT.format("App"), "as App, and app signs in"),
        (MYSQL + CLI.format("eu-west-1") + GRANT.format("application"), "as application, and app signs in"),
        (PAM + SIGNER.format("eu-west-1") + GRANT.format("app"), ""),
        (PAM + SIGNER.format("eu-west-1") + GRANT.format("*"), ""),
    ],
)
def test_the_tokens_region_and_the_policys_user_are_compared(text: str, words: str) -> None:
    summary = collect_offline(read_text(text)[0]).verdict.summary
    assert words in summary
    assert words or ("Make the token for" not in summary and "signs in:" not in summary)
