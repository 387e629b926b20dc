"""What the program takes, as multiples of what Textual and Python take at the least."""

from __future__ import annotations

from pathlib import Path

from tests.bench.against_floor import Result, big_account, bytes_written, commands, first_frame, walks


def judged(*results: Result) -> None:
    print("", *results, sep="\n")
    assert not [str(each) for each in results if not each.good]


def test_the_first_frame(tmp_path: Path) -> None:
    judged(first_frame(tmp_path, 5))


def test_keys_pages_and_openings_and_the_memory_of_a_big_account(tmp_path: Path) -> None:
    judged(*walks(big_account(tmp_path), tmp_path, 3))


def test_commands(tmp_path: Path) -> None:
    judged(*commands(tmp_path, 5))


def test_bytes_of_a_big_account(tmp_path: Path) -> None:
    written = bytes_written(big_account(tmp_path), tmp_path, (80, 24))
    print(f"\nbytes at 80x24: {written}")
    assert written["key"] < 600 and written["opening"] < 3_000 and written["page of it"] < 1_500
