"""What is kept of what was typed: for seven days, for the user alone, and never a secret."""

from __future__ import annotations

import json
import stat
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from diagnostics.drafts import KEPT, Draft, label_of, read_drafts, secret, texts_path, write_drafts
from screens.typed import Typed
from tests.support.timing import in_proportion

NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
JWT = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJodHRwcyJ9.c2lnbmF0dXJlLTEyMzQ"


@pytest.mark.parametrize(
    "text",
    [
        "AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "AKIAIOSFODNN7EXAMPLE was denied",
        f"token {JWT}",
        "psql postgres://app:hunter2@db/x failed",
        "aws sts assume-role --role-arn arn --external-id hl-77-audit",
        '{"Condition": {"StringEquals": {"sts:ExternalId": "partner-4711"}}}',
        "--token-code 123456",
        "mfa code: 654321",
    ],
)
def test_a_secret_is_never_written(tmp_path: Path, text: str) -> None:
    path = tmp_path / "drafts" / "x.json"
    write_drafts([Draft("Diagnose", {"text": text}, NOW), Draft("form", {"description": "kept"}, NOW)], path)
    written = path.read_text()
    assert text not in written and "kept" in written
    typed = Typed()
    typed.open("demo", {})
    typed.put("Diagnose", {"text": text})
    assert len(typed.lost()) == 1 and typed.farewell() == ""
    assert typed.left("Diagnose", "2").startswith("Your text is kept until you quit, because it contains a credential")
    typed.put("Diagnose", {"text": ""})
    assert typed.lost() == () and typed.left("Diagnose", "2") == ""


@pytest.mark.parametrize(
    "text",
    [
        "User: arn:aws:iam::111122223333:user/ben is not authorized to perform: s3:GetObject",
        '{"Version": "2012-10-17", "Statement": []}',
        "the external ID is required",
        "a token is missing",
    ],
)
def test_what_is_no_secret_is_kept(text: str) -> None:
    assert not secret({"text": text})


def test_drafts_are_private_and_end_after_seven_days(tmp_path: Path) -> None:
    path = tmp_path / "drafts" / "x.json"
    young, old = Draft("a", {"text": "x"}, NOW), Draft("b", {"text": "y"}, NOW - KEPT + timedelta(seconds=1))
    write_drafts([young, old], path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 and stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert set(read_drafts(path, NOW)) == {"a", "b"}
    assert set(read_drafts(path, NOW + timedelta(seconds=2))) == {"a"}
    for damaged in ("", "[]", '{"drafts": [1]}', '{"drafts": [{"place": "a", "values": {"x": 1}, "time": "now"}]}'):
        path.write_text(damaged)
        assert not read_drafts(path, NOW)
    write_drafts([Draft("a", {"text": " "}, NOW)], path)
    assert not path.exists()


def test_the_document_a_text_began_from_is_kept_unless_it_contains_a_secret(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    secret_one = '{"Condition": {"StringEquals": {"sts:ExternalId": "partner-4711"}}}'
    listed = [Draft("a", {"text": "x"}, NOW, "{}"), Draft("b", {"text": "y"}, NOW, secret_one)]
    write_drafts(listed, path)
    assert {place: each.began for place, each in read_drafts(path, NOW).items()} == {"a": "{}", "b": None}
    assert "partner-4711" not in path.read_text()
    path.write_text(json.dumps({"drafts": [{"place": "a", "values": {"text": "x"}, "time": NOW.isoformat()}]}))
    assert read_drafts(path, NOW)["a"].began is None  # of an earlier release


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


def test_drafts_that_are_off_read_and_write_nothing(state: None) -> None:
    path = texts_path("demo")
    write_drafts([Draft("a", {"text": "x"}, NOW)], path)
    typed = Typed(on=False)
    typed.open("demo", read_drafts(path, NOW))
    typed.put("b", {"text": "y"})
    typed.save()
    assert set(read_drafts(path, NOW)) == {"a"} and set(typed.drafts) == {"b"} and typed.lost() == ()
    assert typed.farewell() == "" and typed.left("b", "t") == "Your text is kept until you quit: t restores it."


def test_the_demo_a_snapshot_and_an_account_have_drafts_of_their_own(state: None) -> None:
    number = "111122223333"
    labels = [label_of(source, number) for source in ("aws", "demo", "snapshot")]
    for label in labels:
        typed = Typed()
        typed.open(label, {})
        typed.put("the form of x", {"description": label})
        typed.unfinished = ("night-report",)
        typed.save()
        assert typed.left("the form of x", "t") == "Your text is kept as a draft: t restores it."
        assert typed.farewell() == (
            "Kept for 7 days (2 drafts): the form of x and the new role night-report. Each draft is restored where you "
            "typed it; Start (0) lists all drafts."
        )
        typed.unfinished = ("", "")
        assert "(3 drafts): the form of x and 2 new roles without a name." in typed.farewell()
    found = [read_drafts(texts_path(label), datetime.now(UTC))["the form of x"].values for label in labels]
    assert [each["description"] for each in found] == labels == [number, "demo", f"snapshot-{number}"]


def test_the_search_for_secrets_takes_linear_time() -> None:
    for part in ("token-code ", "external id ", "mfa code:", "otp otp "):
        assert in_proportion(partial(searched, part), 500, 4_000)


def searched(part: str, times: int) -> None:
    secret({"text": part * times})
