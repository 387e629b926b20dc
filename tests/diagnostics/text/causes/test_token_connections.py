"""A token for a database is compared with the connection that sends it."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

HOST = "shop.cluster-c1abc.eu-west-1.rds.amazonaws.com"
OTHER = "shop.cluster-ro-c1abc.eu-west-1.rds.amazonaws.com"
REFUSED = "ERROR 1045 (28000): Access denied for user 'app'@'10.0.1.2' (using password: YES)\n"
TOKEN = "TOKEN=$(aws rds generate-db-auth-token --hostname {} --port {} --username {} --region {})\n"
MYSQL = f"mysql -h {HOST} -P 3306 -u app --password=$TOKEN --enable-cleartext-plugin\n"
POSTGRES = (
    'FATAL: PAM authentication failed for user "app"\n'
    f'psql "host={HOST} port=5432 user=app dbname=shop sslmode=require password=$TOKEN"\n'
)


@pytest.mark.parametrize(
    ("text", "noun"),
    [
        (REFUSED + TOKEN.format(OTHER, 3306, "app", "eu-west-1") + MYSQL, "host name"),
        (REFUSED + TOKEN.format(HOST, 3306, "admin", "eu-west-1") + MYSQL, "database user admin"),
        (REFUSED + TOKEN.format(HOST, 3306, "app", "us-east-1") + MYSQL, "Region us-east-1"),
        (TOKEN.format(HOST, 3306, "app", "eu-west-1") + POSTGRES, "port 3306"),
        (REFUSED + TOKEN.format(HOST, 3306, "app", "eu-west-1") + MYSQL, ""),
        (REFUSED + TOKEN.format("$HOST", 3306, "app", "eu-west-1") + MYSQL, ""),
        (REFUSED + MYSQL, ""),
    ],
)
def test_the_token_is_made_for_the_connection(text: str, noun: str) -> None:
    summary = collect_offline(read_text(text)[0]).verdict.summary
    assert ("The token is made for" in summary) is bool(noun) and noun in summary
