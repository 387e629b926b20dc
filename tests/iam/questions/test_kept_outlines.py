"""The outlines of all actions are gathered once for each version of the reference, and kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from iam.questions.kept_outlines import Outlines, kept_outlines

OUTLINES = Outlines(["s3:GetObject"], {"Read": "0+1"}, {"s3": [0, 1]}, "0+0", {"s3": "0+1"})

OLD = '{"version": "1", "outlines": {"names": ["s3:GetObject"]}}'


class Maker:
    times = 0

    def __call__(self) -> Outlines:
        self.times += 1
        return OUTLINES


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "rolescope" / "action-sets.json"


def test_they_are_made_once_for_a_version(kept: Path) -> None:
    make = Maker()
    for version in ("1", "1", "2", "2", "1"):
        assert kept_outlines(version, make) == OUTLINES
    assert make.times == 3
    assert kept.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "7",
        "{}",
        '{"version": "1"}',
        '{"version": "1", "other": []}',
        '{"version": "1", "outlines": {"names": []}}',
        "\udcff",
    ],
)
def test_what_is_broken_is_made_again(kept: Path, text: str) -> None:
    kept.parent.mkdir()
    kept.write_text(text, encoding="utf-8", errors="surrogateescape")
    make = Maker()
    assert kept_outlines("1", make) == kept_outlines("1", make) == OUTLINES
    assert make.times == 1


def test_a_cache_that_cannot_be_written_is_none(kept: Path) -> None:
    kept.parent.parent.joinpath("rolescope").write_text("a file where the folder would be")
    make = Maker()
    assert kept_outlines("1", make) == kept_outlines("1", make) == OUTLINES
    assert make.times == 2
