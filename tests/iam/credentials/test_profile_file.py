"""A profile put into the AWS configuration: nothing else in the file changes, and it is taken back."""

from __future__ import annotations

from pathlib import Path

import pytest

from iam.credentials.profile_file import ProfileFileError, profile_change, written_profiles

LINES = "[profile deployer]\nrole_arn = arn:aws:iam::111122223333:role/deployer\nsource_profile = default"
BLOCK = "role_arn = arn:aws:iam::111122223333:role/deployer\nsource_profile = default\n"


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "aws/config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "aws/config"


@pytest.mark.parametrize(
    ("before", "after", "replaces"),
    [
        (None, f"[profile deployer]\n{BLOCK}", False),
        ("[default]\nregion = a", f"[default]\nregion = a\n\n[profile deployer]\n{BLOCK}", False),
        (
            "[profile a]\n# mine\n\n[ profile 'deployer' ]\nold = 1\nnested =\n  a = [b]\n\n; z\n[profile z]\ny = 2\n",
            f"[profile a]\n# mine\n\n[profile deployer]\n{BLOCK}\n; z\n[profile z]\ny = 2\n",
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
    assert change.puts is not None
    assert (change.after, bool(change.puts.replaced)) == (after, replaces)
    written = change.write()
    assert written is not None
    assert path.read_bytes().decode() == after
    assert path.stat().st_mode & 0o777 == (0o600 if before is None else 0o640)
    assert [each.name for each in path.parent.iterdir()] == ["config"]
    written.taken_back().write()
    assert (path.read_bytes().decode() if path.exists() else None) == before


def test_a_later_run_takes_it_back_while_the_rest_of_the_file_has_changed(path: Path, tmp_path: Path) -> None:
    path.parent.mkdir()
    path.write_text("[default]\nregion = a\n")
    for name, lines in (("deployer", LINES), ("deployer", "role_arn = other"), ("reader", "role_arn = third")):
        profile_change(name, lines).write()
    records = list((tmp_path / "state/rolescope/profiles").iterdir())
    assert [each.stat().st_mode & 0o777 for each in records] == [0o600] * 3
    path.write_text(path.read_text().replace("region = a", "region = b") + "\n[profile mine]\nx = 1\n")
    # The first of deployer's two is under the second, and can be taken back after it.
    assert [each.name for each in written_profiles()] == ["reader", "deployer"]
    written_profiles()[1].taken_back().write()
    assert [each.name for each in written_profiles()] == ["reader", "deployer"]
    for _ in range(2):
        written_profiles()[0].taken_back().write()
    assert written_profiles() == () and not list((tmp_path / "state/rolescope/profiles").iterdir())
    left = path.read_text()
    assert "[default]\nregion = b\n" in left and left.endswith("\n[profile mine]\nx = 1\n")
    assert "deployer" not in left and "reader" not in left and "role_arn" not in left


def test_a_profile_that_was_changed_since_is_left(path: Path) -> None:
    profile_change("deployer", LINES).write()
    path.write_text(path.read_text() + "region = mine\n")
    before = path.read_text()
    assert written_profiles() == ()
    written = profile_change("other", LINES).write()
    assert written is not None
    path.write_text(before)
    with pytest.raises(ProfileFileError, match="was changed after it was written"):
        written.taken_back()
    assert path.read_text() == before


@pytest.mark.parametrize(
    "setting",
    [
        "aws_secret_access_key = canary",
        "credential_process = /bin/keys --password canary",
        "# canary",
        "s3 =\n  a = canary",
    ],
)
def test_what_may_be_secret_is_kept_nowhere_and_taken_back_in_this_run_alone(
    path: Path, tmp_path: Path, setting: str
) -> None:
    path.parent.mkdir()
    path.write_text(f"[profile deployer]\nregion = a\n{setting}\noutput = json\n")
    before = path.read_text()
    written = profile_change("deployer", LINES).write()
    assert written is not None and written.unkept and "canary" not in " ".join(written.unkept)
    assert "canary" not in path.read_text() and not list((tmp_path).rglob("*.json"))
    written.taken_back().write()
    assert path.read_text() == before


def test_nothing_is_written_that_could_not_be_taken_back_or_that_would_ask_itself(path: Path, tmp_path: Path) -> None:
    (tmp_path / "state").write_text("no folder")
    with pytest.raises(ProfileFileError, match="nothing was written"):
        profile_change("deployer", LINES).write()
    assert not path.exists()
    for lines in ("role_arn = a\nsource_profile = deployer", "credential_process = rolescope use a --profile deployer"):
        with pytest.raises(ProfileFileError, match="give the new profile another name"):
            profile_change("deployer", lines)
    for name in ("a]\nb", "", "ä b"):
        with pytest.raises(ProfileFileError, match="letters, digits"):
            profile_change(name, LINES)


def test_a_file_that_changed_after_it_was_shown_is_left_and_nothing_is_kept(path: Path) -> None:
    change = profile_change("deployer", LINES)
    path.parent.mkdir()
    path.write_text("[default]\n")
    with pytest.raises(ProfileFileError, match="was changed in the meantime"):
        change.write()
    assert path.read_text() == "[default]\n" and written_profiles() == ()
