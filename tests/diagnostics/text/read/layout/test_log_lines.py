"""Lines of logs: their order, their speaker, and how grave they are."""

from __future__ import annotations

import pytest

from diagnostics.text.read.layout.log_lines import aside, continues, grave, oldest_first, speaker

NEWEST = [
    "list, newest first",
    "",
    "2026-01-02 10:00:03 c",
    "2026-01-02 10:00:02 b",
    "  more of b",
    "2026-01-02 10:00:01 a",
]


def test_a_list_that_shows_the_newest_first_is_turned_around() -> None:
    assert oldest_first([*NEWEST, "", "ok now?"]) == [
        *NEWEST[:2], NEWEST[5], NEWEST[3], NEWEST[4], NEWEST[2], "", "ok now?"
    ]  # fmt: skip
    assert oldest_first(["10:00:03 c", "10:00:02 b", "10:00:01 a"]) == ["10:00:01 a", "10:00:02 b", "10:00:03 c"]


@pytest.mark.parametrize(
    "lines",
    [
        ["2026-01-02 10:00:01 a", "2026-01-02 10:00:03 c"],
        ["2026-01-02 10:00:03 c", "2026-01-02 10:00:01 a", "2026-01-02 10:00:02 b"],
        ["23:59:59 a", "00:00:01 b"],  # past midnight
        ["2026-01-02 10:00:03 c", "$ aws s3 ls", "2026-01-02 10:00:01 a"],
        ["10:00:01 a", "2026-01-02 09:00:01 b", "08:00:01 c"],
    ],
)
def test_other_lines_are_as_they_are(lines: list[str]) -> None:
    assert oldest_first(lines) == lines


def test_a_list_of_ages_is_turned_around_where_the_youngest_is_first() -> None:
    head, new, old = "LAST SEEN   TYPE", "12s         Normal  Pulled", "9m          Warning  Failed"
    assert oldest_first([head, new, old, "", "ok?"]) == [head, old, new, "", "ok?"]
    assert oldest_first([head, old, new]) == [head, old, new]


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("02:12:03  mailer: sent", "mailer"),
        ("02:12:03 cron(host b): sent", "cron(host b)"),
        ("2026-01-02T10:00:00Z ERROR app: bad", "app"),
        ("[api] 04:02:18 WARN bad", "api"),
        ("02:12:03 AccessDenied: bad", ""),
        ("02:12:03 An error occurred: bad", ""),
        ("mailer: sent", ""),
        ("May  2 10:00:01 host-b mailer[881]: sent", "host-b mailer"),
    ],
)
def test_the_speaker_is_the_program_that_the_line_names(line: str, name: str) -> None:
    assert speaker(line) == name


def test_levels_and_words_say_how_grave_a_line_is() -> None:
    assert aside("WARN x")
    assert aside("level=warning msg=x")
    assert not aside("ERROR x, continuing")
    assert grave("FATAL x")
    assert grave("exit status 1")
    assert grave('{"level":"fatal"}')
    assert grave("backup[8]: error: No space left on device")
    assert grave("Main process exited, code=exited, status=1/FAILURE")
    assert not grave("warning: could not tag: error: denied, continuing")
    assert aside('{"level":"warn","err":"x"}')
    assert aside('{"level":40,"err":"x"}')
    assert not grave("ERRORS: 0")
    assert not grave("exit 0")
    assert continues("WARN x -- dropping 3, continuing").endswith("dropping")
    said = "metrics were not written to the bucket, continuing"
    assert continues(f"WARN of {said}") == said
    assert continues(f"WARN a{said}") == said.removeprefix("metrics ")
    assert not continues("WARN x")
