"""The queries of the manual over `--format jsonl`, run by DuckDB."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.support.organizations.generate import document, generate, role
from tui.cli import main

PAGE = Path(__file__).parents[3] / "docs" / "manual" / "organization.md"
CI, APP = "200000000001", "200000000002"


def test_the_manual_s_queries_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    duckdb = pytest.importorskip("duckdb", reason="DuckDB is a dependency of the tests alone")
    made = generate(0)
    may = document({"Effect": "Allow", "Action": "*", "Resource": "*"})
    for account, service in ((CI, "ec2"), (APP, "lambda")):
        trust = document(
            {"Effect": "Allow", "Principal": {"Service": f"{service}.amazonaws.com"}, "Action": "sts:AssumeRole"}
        )
        made.roles[account] = [role(account, "twin", trust, {"own": may})]
    allow = {"Effect": "Allow", "Principal": {"AWS": CI}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::data/*"}
    made.resources[APP] = {"arn:aws:s3:::data": document(allow)}
    folder = str(made.write(tmp_path / "it"))
    for name, command in (
        ("roles", ["roles"]),
        ("findings", ["review"]),
        ("able", ["who-can", "s3:GetObject", "arn:aws:s3:::data/x"]),
    ):
        assert main([*command, "--snapshot", folder, "--format", "jsonl"]) in (0, 1)
        (tmp_path / f"{name}.jsonl").write_text(capsys.readouterr().out)
    database = duckdb.connect()
    for name in ("roles", "findings", "able"):
        database.execute(f"CREATE VIEW {name} AS FROM '{tmp_path / name}.jsonl'")
    queries = re.findall(r"```sql\n(.*?)```", PAGE.read_text(), re.DOTALL)
    found: list[list[Any]] = [database.execute(query).fetchall() for query in queries]
    by_account, rules, twins, unused, able = ([tuple(map(str, row)) for row in rows] for rows in found)
    assert by_account == [(CI, "1", "1"), (APP, "1", "1")]
    assert ("permissions.admin", "2", "2") in [(rule, accounts, count) for rule, _, accounts, count in rules]
    assert twins == [("twin", "2", "2")]
    assert [row[:2] for row in unused] == [(CI, "twin"), (APP, "twin")]
    assert able == [(CI, "role", "1"), (APP, "role", "1")]
