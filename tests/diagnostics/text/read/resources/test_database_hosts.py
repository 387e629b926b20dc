"""The host's form says which command lists the resource IDs."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.text.read.resources.database_hosts import resource_id_command


@pytest.mark.parametrize(
    ("host", "command"),
    (
        ("core.cluster-cx1y2z3a4b5c.us-east-2.rds.amazonaws.com", "describe-db-clusters"),
        ("core.cluster-ro-cx1y2z3a4b5c.us-east-2.rds.amazonaws.com", "describe-db-clusters"),
        ("few.cluster-custom-cx1y2z3a4b5c.us-east-2.rds.amazonaws.com", "describe-db-clusters"),
        ("pool.proxy-cx1y2z3a4b5c.us-east-2.rds.amazonaws.com", "describe-db-proxies"),
        ("cluster-db.cx1y2z3a4b5c.us-east-2.rds.amazonaws.com", "describe-db-instances"),
        ("localhost", "describe-db-instances"),
    ),
)
def test_by_the_form_of_the_host(host: str, command: str) -> None:
    assert command in resource_id_command(f'connection to server at "{host}" failed')


PROXY = (
    'connection to server at "pool.proxy-c3d4e5f6.eu-west-2.rds.amazonaws.com" (10.0.1.8), port 5432 failed: FATAL:  '
    "The IAM authentication failed for the role app. Check the IAM token for this role and try again.\n"
)


@pytest.mark.parametrize(
    ("policy", "said"),
    (
        (
            "Allow rds-db:connect arn:aws:rds-db:eu-west-2:444455556666:dbuser:pool/app",
            "names the database by its name",
        ),
        ("", "dbuser:prx-ID/USER"),
        (
            "Allow rds-db:connect arn:aws:rds-db:eu-west-2:444455556666:dbuser:prx-0b7d3e915c6fa2844/app",
            "RDS Proxy did not accept the IAM token",
        ),
    ),
)
def test_a_proxy_is_asked_for_its_own_id(policy: str, said: str) -> None:
    look = collect_offline(read_text(f"{PROXY}{policy}")[0]).first_look[0]
    assert said in look.cause
    assert "describe-db-proxies" in (look.check or "")
