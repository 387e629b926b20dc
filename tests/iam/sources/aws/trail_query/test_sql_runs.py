"""The query over an organization's trail, run by DuckDB: which records are whole, and which are counted."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from diagnostics.right_size.trail import Coverage
from iam.sources.aws.trail_query.records import row_of
from iam.sources.aws.trail_query.sql import query
from iam.sources.reader.trail_queries import PartitionKey, QueryPurpose, TrailQuery, TrailRow
from tests.support.accounts.trail_records import record
from tests.support.accounts.trail_tables import BY_DAY, TEXTS, question, table

CI, APP, OTHER = "111122223333", "444455556666", "777788889999"
TABLE = table(PartitionKey("account", "string", "injected"), BY_DAY)
_MACROS = (
    "CREATE MACRO json_format(value) AS CAST(value AS varchar)",
    "CREATE MACRO json_extract_scalar(value, path) AS json_extract_string(value, path)",
)
_COLUMNS = {
    "useridentity": "STRUCT(type VARCHAR, principalid VARCHAR, arn VARCHAR, accountid VARCHAR, username VARCHAR, "
    "invokedby VARCHAR, sessioncontext STRUCT(sessionissuer STRUCT(type VARCHAR, arn VARCHAR, principalid VARCHAR, "
    "username VARCHAR), attributes STRUCT(mfaauthenticated VARCHAR)))",
    "resources": "STRUCT(arn VARCHAR)[]",
    "tlsdetails": "STRUCT(tlsversion VARCHAR)",
    **dict.fromkeys(TEXTS, "VARCHAR"),
    "account": "VARCHAR",
    "timestamp": "VARCHAR",
}


def lowered(value: Any) -> Any:
    """A record as Athena's SerDe stores it: lower-case names, everything below the parameters as text."""
    if not isinstance(value, dict):
        return str(value).lower() if isinstance(value, bool) else value
    texts = ("requestParameters",)
    return {key.lower(): json.dumps(each) if key in texts else lowered(each) for key, each in value.items()}


def session(account: str, name: str) -> dict[str, Any]:
    """The identity of a session of a role of an account."""
    arn = f"arn:aws:iam::{account}:role/{name}"
    found = record("s3", "GetObject", role=arn, role_id=f"AROA{name.upper()}")["userIdentity"]
    return {**found, "arn": f"arn:aws:sts::{account}:assumed-role/{name}/job", "accountId": account}


def call(account: str, name: str, recipient: str, **more: Any) -> dict[str, Any]:
    found = record("s3", "GetObject", {"bucketName": "data"}, account=recipient, data=True, reads=True, **more)
    day = found["eventTime"][:10].replace("-", "/")
    return {**found, "userIdentity": session(account, name), "account": recipient, "timestamp": day}


def test_each_accounts_roles_are_whole_and_everything_else_is_counted_by_account(tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb", reason="DuckDB is a dependency of the tests alone")
    at = {"time": "2026-11-26T10:00:00Z"}
    records = [
        *[call(CI, "deploy", CI, **at)] * 2,
        call(APP, "web", APP, **at),
        call(CI, "deploy", APP, **at),  # the copy for the bucket's owner
        call(OTHER, "far", OTHER, **at),  # an account that is not asked about
        {**call(APP, "web", APP, **at), "userIdentity": {"type": "AWSService", "invokedBy": "ec2.amazonaws.com"}},
        call(CI, "deploy", CI, time="2026-11-01T10:00:00Z"),  # before the time
    ]
    file = tmp_path / "records.json"
    file.write_text("\n".join(json.dumps(lowered(each)) for each in records))
    database = duckdb.connect()
    for macro in _MACROS:
        database.execute(macro)
    database.execute("SET lambda_syntax = 'ENABLE_SINGLE_ARROW'")
    database.execute("CREATE SCHEMA security")
    columns = ", ".join(f"{name}: '{kind}'" for name, kind in _COLUMNS.items())
    database.execute(
        f"CREATE TABLE security.cloudtrail_logs AS SELECT * FROM read_json('{file}', columns={{{columns}}}, "
        "format='newline_delimited')"
    )
    asked = replace(question(QueryPurpose.ALL_ROLES_CALLS, account=None), accounts=(CI, APP))
    sql = query(TABLE, asked)
    answer = database.execute(sql.replace("transform(", "list_transform("))  # DuckDB's name of it
    names = [column[0] for column in answer.description]
    rows = [
        row_of({name: None if value is None else str(value) for name, value in zip(names, each, strict=True)},
               TrailQuery(TABLE, asked, sql))
        for each in answer.fetchall()
    ]  # fmt: skip
    assert sorted(_role(row) for row in rows if row.whole) == [f"{CI}/deploy", f"{APP}/web"]
    coverage = Coverage(CI, others=frozenset({APP}))
    for row in rows:
        coverage.take(row.record, row.events)
    # Records that are the same in everything are one row: a real one has an ID of its own.
    assert coverage.accounts == {CI: 1, APP: 3} and coverage.first == at["time"]
    assert all(row.record["recipientAccountId"] in (CI, APP) for row in rows)


def _role(row: TrailRow) -> str:
    return "/".join(row.record["userIdentity"]["sessionContext"]["sessionIssuer"]["arn"].split(":")[4:]).replace(
        "role/", ""
    )
