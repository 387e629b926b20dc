"""``--athena`` and ``--lake``: which trail, the query and its cost shown, and nothing run without a yes."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from iam.account import Account
from iam.sources.aws.trail_query.records import row_of
from iam.sources.reader.reading import Reading
from iam.sources.reader.trail_queries import (
    TrailEngine,
    TrailQuery,
    TrailQuestion,
    TrailRow,
    TrailSettings,
    TrailTable,
)
from tests.support.accounts.questions import allow, role
from tests.support.accounts.reviewing import snapshot
from tests.support.accounts.trail_records import record
from tests.support.accounts.trail_tables import BY_DAY, answer_rows, question, table
from tests.support.history.trail_calls import Answer, denied
from tui.cli import main
from tui.configuration import ConfigurationError, read_configuration

CALL = record("sqs", "SetQueueAttributes", {"queueUrl": "https://sqs.us-east-1.amazonaws.com/111122223333/jobs"})
OTHERS: dict[str, Any] = {"role": "arn:aws:iam::111122223333:role/other", "role_id": "AROAOTHER"}
RECORDS = [*[CALL] * 3, record("ec2", "DescribeVpcs", reads=True, **OTHERS), record("ec2", "CreateVpc", **OTHERS)]


class Engine:
    """The saved account's reader, with a trail beside it that can be asked."""

    def __init__(self, reader: Any, tables: tuple[TrailTable, ...]) -> None:
        self.reader, self.tables = reader, tables
        self.asked: list[TrailQuery] = []
        self.settings: TrailSettings | None = None
        self.rows: list[TrailRow] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self.reader, name)

    def caller(self) -> Reading[Any]:
        return Reading("", type("Caller", (), {"account": "111122223333"})())

    def trail_tables(self, engine: TrailEngine, name: str = "") -> Reading[tuple[TrailTable, ...]]:
        return Reading("", tuple(each for each in self.tables if each.engine is engine and name in ("", each.name)))

    def trail_query(self, table: TrailTable, question: TrailQuestion, settings: TrailSettings) -> Reading[TrailQuery]:
        self.settings = settings
        return Reading("", TrailQuery(table, question, "SELECT 1", 12_000_000_000, 0.0546, output="s3://results/"))

    def ask_trail(self, query: TrailQuery) -> Answer:
        self.asked.append(query)
        return Answer(self.rows)


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    from iam.sources.snapshot.reader import open_snapshot
    from tui import open_account

    path = tmp_path / "saved.json"
    worker = role("worker", allow(["sqs:SetQueueAttributes", "sqs:DeleteQueue"]), path="/app/")
    path.write_text(json.dumps(snapshot([worker])), encoding="utf-8")
    reader = open_snapshot(path)
    found = Engine(reader, (table(BY_DAY),))
    monkeypatch.setattr(open_account, "open_reader", lambda options, ask_code=None, roles_later=False: found)
    opened: tuple[Account, Engine] = (reader.account, found)
    for command in ("right_size", "what_if"):
        monkeypatch.setattr(f"tui.commands.{command}.open_account", lambda options: opened)
    monkeypatch.setenv("ROLESCOPE_CONFIG", str(tmp_path / "config.toml"))
    found.rows = [row_of(row, TrailQuery(found.tables[0], question(), "")) for row in answer_rows(RECORDS)]
    return found


def told(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    status = main(words)
    out, err = capsys.readouterr()
    return status, out, err


def test_right_size_by_a_query_that_was_agreed_to(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = told(capsys, "right-size", "worker", "--athena", "--run-query", "--json")
    found = json.loads(out)
    assert status == 0 and found["summary"] == "3 recorded calls still allowed, 0 refused, 1 of 2 actions removed"
    assert found["look_again"] == "rolescope right-size worker --days 90 --athena security.cloudtrail_logs"
    assert found["evidence"]["trail"]["from"] == "Athena security.cloudtrail_logs"
    assert found["evidence"]["trail"]["query"]["bytes_scanned"] == 10
    assert "Scans about 11.2 GB, about 0.05 USD." in err and "SELECT 1" in err and "s3://results/" in err
    assert len(engine.asked) == 1 and engine.asked[0].question.role is not None


def test_nothing_runs_without_a_yes(
    engine: Engine, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())
    status, out, err = told(capsys, "right-size", "worker", "--athena")
    assert (status, out) == (2, "") and "SELECT 1" in err and "No query was run: --run-query runs" in err
    for word, runs in (("n", 0), ("", 0), ("Yes", 1)):
        typed = io.StringIO(f"{word}\n")
        typed.isatty = lambda: True  # type: ignore[method-assign]
        monkeypatch.setattr("sys.stdin", typed)
        status, out, err = told(capsys, "right-size", "worker", "--athena", "--json")
        assert status == 0 and len(engine.asked) == runs
        assert runs or "No query was run." in err


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("--lake",), 3, "There is no event data store in the Regions in use."),
        (("--athena", "a.b"), 3, "There is no table of a trail in Athena's catalog named a.b"),
        (("--athena", "--lake"), 2, "not both"),
        (("--athena", "--days", "0"), 2, "--days takes a number of days"),
        (("--athena", "--days", "99999999"), 2, "give fewer days"),
    ],
)
def test_which_trail(
    engine: Engine, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], status: int, said: str
) -> None:
    found = told(capsys, "right-size", "worker", *words, "--run-query")
    assert found[0] == status and said in found[2] and not engine.asked


def test_the_trail_may_lie_in_another_account(
    engine: Engine, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from iam.sources.aws import reader

    other = Engine(engine.reader, (table(BY_DAY),))
    other.rows = engine.rows
    asked: list[str] = []

    def source(own: object, settings: TrailSettings) -> Engine:
        asked.append(settings.profile)
        return other

    monkeypatch.setattr(reader, "trail_source", source)
    words = ("right-size", "worker", "--athena", "--run-query", "--json", "--trail-profile", "archive")
    status, out, _ = told(capsys, *words)
    assert status == 0 and json.loads(out)["evidence"]["trail"]["of_role"] == 3
    assert asked == ["archive"] and len(other.asked) == 1 and not engine.asked


def test_of_several_one_has_to_be_named(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    engine.tables = (table(BY_DAY), table(BY_DAY, region="eu-west-1"))
    status, _, err = told(capsys, "right-size", "worker", "--athena", "--run-query")
    assert status == 2 and "Choose one: --athena NAME" in err and "(eu-west-1)" in err


def test_an_organizations_denials(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    engine.rows = [denied("444455556666"), denied("111122223333")]
    status, out, err = told(capsys, "diagnose", "--recent", "--athena", "--organization", "--run-query")
    assert status == 0 and engine.asked[0].question.account is None
    assert "444455556666, us-east-1" in out and "has 2 refused calls since" in out and "every account" in err
    told(capsys, "diagnose", "--recent", "--athena", "--run-query")
    assert engine.asked[1].question.account == "111122223333"
    status, _, err = told(capsys, "diagnose", "--recent", "--organization")
    assert status == 2 and "--organization needs --athena or --lake" in err


def test_what_if_asks_the_trail_what_would_have_been_refused(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    arn = "arn:aws:iam::111122223333:role/app/worker"
    status, out, _ = told(
        capsys, "what-if", "--at", arn, "--policy", "inline", "--remove", "--athena", "--run-query", "--json"
    )
    assert status == 0 and json.loads(out)["recorded"]["calls"] == 3
    assert json.loads(out)["recorded"]["refused"] == 3


def test_a_snapshot_has_no_trail_to_ask(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "saved.json"
    path.write_text(json.dumps(snapshot([role("worker", allow("sqs:*"))])), encoding="utf-8")
    status, _, err = told(capsys, "right-size", "worker", "--snapshot", str(path), "--athena")
    assert status == 3 and "A snapshot has no trail that can be queried" in err


def test_the_configuration_says_workgroup_output_and_prices(
    engine: Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[trail]\nathena_workgroup = "audit"\nathena_output = "s3://mine/"\nathena_usd_per_tb = 6\n')
    told(capsys, "right-size", "worker", "--athena", "--run-query")
    assert engine.settings == TrailSettings("", "audit", "s3://mine/", 6)
    for text, said in (
        ("trail = 3", "trail must be a table"),
        ("[trail]\nathena_price = 3", "no key 'trail.athena_price'"),
        ("[trail]\nathena_output = 'mine'", "must be a place in S3"),
        ("[trail]\nlake_usd_per_gb = -1", "must be a price in USD"),
        ("[trail]\nathena_workgroup = ''", "must be a string"),
    ):
        path.write_text(text)
        with pytest.raises(ConfigurationError, match=said):
            read_configuration(path)
