"""``change --keep-within --undo-profile``: who is locked out is let in again by a second profile, over HTTP.

The account enforces policies. Where nobody could take the change back, no way back is promised and nothing is called.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from iam.changes.journal import End, journals
from iam.demo.open import _keys, reader
from tests.support.accounts.over_http import served
from tui.cli import main

if TYPE_CHECKING:
    from iam.demo.aws.world import World

Output = pytest.CaptureFixture[str]
EVERYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}
GUARD = {"Effect": "Deny", "Action": "iam:*", "Resource": "*"}
# What the role that calls does to itself.
LOCK_OUTS: dict[str, list[str]] = {
    "disable": ["disable"],
    "deny oneself IAM": ["inline", "guard", "guard.json"],
    "detach the own policy": ["detach", "arn:aws:iam::aws:policy/AdministratorAccess"],
}


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


@pytest.fixture
def endpoint(demo_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The account's URL, with profiles of the caller (``me``), of an administrator (``rescue``) and of a user who may
    only read (``guest``)."""
    iam = reader(demo_world).aws.client("iam")
    iam.put_user_policy(UserName="alice", PolicyName="rescue", PolicyDocument=policy(EVERYTHING))
    keys = _keys()
    (tmp_path / "credentials").write_text(
        "[me]\naws_access_key_id = ASIAHARBORORGADMIN01\naws_secret_access_key = demo\naws_session_token = demo\n"
        f"[rescue]\naws_access_key_id = {keys['alice']}\naws_secret_access_key = demo\n"
        f"[guest]\naws_access_key_id = {keys['ben']}\naws_secret_access_key = demo\n"
    )
    (tmp_path / "config").write_text("")
    (tmp_path / "guard.json").write_text(policy(GUARD))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    with served(demo_world, lambda number, after: False) as (url, _):
        yield url


def held(world: World) -> tuple[set[str], set[str]]:
    """The inline and attached policies of the caller's role."""
    role = reader(world, as_user="alice").role("saml-admin").value
    assert role is not None
    return {each.name for each in role.inline or ()}, {each.arn for each in role.attached or ()}


def change(endpoint: str, *words: str) -> int:
    own = ["--apply", "--write", "--confirm", "saml-admin", "--keep-within", "1s", "--profile", "me"]
    return main(["change", "saml-admin", *words, *own, "--endpoint-url", endpoint])


@pytest.mark.parametrize("way", LOCK_OUTS)
def test_the_second_profile_takes_back_what_locks_the_first_out(
    way: str, endpoint: str, demo_world: World, capsys: Output
) -> None:
    words = LOCK_OUTS[way]
    before = held(demo_world)
    change(endpoint, *words, "--undo-profile", "rescue")
    said = capsys.readouterr()
    [record] = journals()
    assert record.end is End.ROLLED_BACK, said
    assert (record.undo_profile, held(demo_world)) == ("rescue", before)


@pytest.mark.parametrize(
    ("way", "profile"),
    [(way, ("--undo-profile", "guest") if number % 2 else ()) for number, way in enumerate(LOCK_OUTS)],
)
def test_where_nobody_at_hand_could_undo_it_no_way_back_is_promised(
    way: str, profile: tuple[str, ...], endpoint: str, demo_world: World, capsys: Output
) -> None:
    words = LOCK_OUTS[way]
    before = held(demo_world)
    assert change(endpoint, *words, *profile) == 2
    assert "An undo cannot be guaranteed." in capsys.readouterr().err
    assert not list(journals())
    assert held(demo_world) == before
