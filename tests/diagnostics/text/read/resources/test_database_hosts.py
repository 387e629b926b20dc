"""The host's form says which command lists the resource IDs."""

from __future__ import annotations

import pytest

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
