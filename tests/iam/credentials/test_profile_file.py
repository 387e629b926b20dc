"""A profile put into the AWS configuration: nothing else in the file changes, and it is taken back."""

from __future__ import annotations

from pathlib import Path

import pytest

from iam.credentials.profile_file import ProfileFileError, profile_change

LINES = "[profile deployer]\nrole_arn = arn:aws:iam::111122223333:role/deployer\nsource_profile = default"
BLOCK = "role_arn = arn:aws:iam::111122223333:role/deployer\nsource_profile = default\n"


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "aws/config"))
    return tmp_path / "aws/config"


@pytest.mark.parametrize(
    ("before", "after", "replaces"),
    [
        (None, f"[profile deployer]\n{BLOCK}", False),
        ("[default]\nregion = a", f"[default]\nregion = a\n\n[profile deployer]\n{BLOCK}", False),
        (
            "[profile a]\n# mine\n\n[ profile 'deployer' ]\nold = 1\nnested =\n  a = [b]\n\n[profile z]\ny = 2\n",
            f"[profile a]\n# mine\n\n[profile deployer]\n{BLOCK}\n[profile z]\ny = 2\n",
            True,
        ),
        ("[sso-session deployer]\nx = 1\n", f"[sso-session deployer]\nx = 1\n\n[profile deployer]\n{BLOCK}", False),
        ("[default]\r\nx = 1\r\n", f"[default]\nx = 1\n\n[profile deployer]\n{BLOCK}".replace("\n", "\r\n"), False),
    ],
)
def test_the_file_before_and_after(path: Path, before: str | None, after: str, replaces: bool) -> None:
    if before is not None:
        path.parent.mkdir()
        path.write_bytes(before.encode())
        path.chmod(0o640)
    change = profile_change("deployer", LINES)
    assert (change.after, change.replaces) == (after, replaces)
    change.write()
    assert path.read_bytes().decode() == after
    assert path.stat().st_mode & 0o777 == (0o600 if before is None else 0o640)
    assert [each.name for each in path.parent.iterdir()] == ["config"]
    change.take_back()
    assert (path.read_bytes().decode() if path.exists() else None) == before


def test_a_file_that_somebody_else_changed_is_left(path: Path) -> None:
    change = profile_change("deployer", LINES)
    change.write()
    path.write_text("[default]\n")
    with pytest.raises(ProfileFileError, match="not what it was"):
        change.take_back()
    assert path.read_text() == "[default]\n"
    for name in ("a]\nb", "", "ä b"):
        with pytest.raises(ProfileFileError, match="letters, digits"):
            profile_change(name, LINES)
