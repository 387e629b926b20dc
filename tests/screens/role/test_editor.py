"""The operator's own editor on a private file, which is gone afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest

from screens.role.editor import LARGEST, EditorError, edit, editor_of


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A script that is the editor; its first argument after its own is the file."""
    script = tmp_path / "editor"
    monkeypatch.setenv("EDITOR", f"sh '{script}'")
    monkeypatch.delenv("VISUAL", raising=False)
    return script


def test_what_it_saves_comes_back_and_nothing_is_left(editor: Path, tmp_path: Path) -> None:
    told = tmp_path / "told"
    editor.write_text(f'stat -c "%a %n" "$(dirname "$1")" "$1" > "{told}"; cp "$1" "$1~"; echo more >> "$1"')
    assert edit("{}", "Trust policy of a/../b $(x)") == "{}\nmore\n"
    (folder, file), names = zip(*(line.split(" ", 1) for line in told.read_text().splitlines()), strict=True)
    assert (folder, file) == ("700", "600")
    assert not any(Path(name).exists() for name in names)
    assert Path(names[1]).name == "Trust-policy-of-a-..-b---x-.json"


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("exit 3", "ended with status 3"),
        (r'printf "\377" > "$1"', "not UTF-8"),
        ('rm "$1"', "could not be read"),
        (f'head -c {LARGEST + 2} /dev/zero > "$1"', "larger than 1 MB"),
    ],
)
def test_what_it_leaves_otherwise_is_not_taken(editor: Path, script: str, why: str) -> None:
    editor.write_text(script)
    with pytest.raises(EditorError, match=why):
        edit("{}", "x")


def test_which_editor() -> None:
    assert editor_of({"VISUAL": "code -w", "EDITOR": "nano"}) == ["code", "-w"]
    assert editor_of({"VISUAL": " ", "EDITOR": "nano"}) == ["nano"]
    assert editor_of({}) == ["vi"]
    with pytest.raises(EditorError, match="is not a valid command"):
        editor_of({"EDITOR": "'nano"})


def test_an_editor_that_is_missing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISUAL", "/nowhere/editor")
    with pytest.raises(EditorError, match="could not be started"):
        edit("{}", "x")
