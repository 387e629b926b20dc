"""A database's refusal is answered with the GRANT for the user that the text names."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.text.answer.database_grants import grants


@pytest.mark.parametrize(
    ("text", "granted"),
    [
        ("ERROR: permission denied for table shipments\nconnected as etl_user with an IAM token",
         'GRANT SELECT ON shipments TO "etl_user";'),
        ("permission denied for table invoices\nconn: host=x user=svc_report",
         'GRANT SELECT ON invoices TO "svc_report";'),
        ("permission denied for table a\nSTATEMENT: INSERT INTO a VALUES (1)\npsql -h x -U loader",
         'GRANT INSERT ON a TO "loader";'),
        ("permission denied for schema raw\npostgresql://dbt@host/db", 'GRANT USAGE ON SCHEMA raw TO "dbt";'),
        ("permission denied for schema s\nrds-db:connect on arn:aws:rds-db:eu-west-1:111122223333:dbuser:cluster-A/app",
         'GRANT USAGE ON SCHEMA s TO "app";'),
        ("ERROR 1142: INSERT command denied to user 'rep'@'10.1.2.3' for table 'orders'",
         "GRANT INSERT ON orders TO 'rep'@'10.1.2.3';"),
        ("permission denied for table a\nuser=one\nuser=two", ""),
        ("permission denied for table a\nrole arn:aws:iam::111122223333:role/app", ""),
    ],
)  # fmt: skip
def test_the_connections_user_gets_what_was_refused(text: str, granted: str) -> None:
    assert grants(text, redshift=False) == granted


def test_the_first_sentence_has_the_statement() -> None:
    text = "psycopg2.errors.InsufficientPrivilege: permission denied for table invoices\nuser=svc_report (IAM token)"
    summary = collect_offline(read_text(text)[0]).verdict.summary
    assert (
        summary == 'The database refused this, not IAM. Ask the owner to run: GRANT SELECT ON invoices TO "svc_report";'
    )
