"""The names of roles that completion offers: those of the last reading of the same account of AWS."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

import pytest

from iam.account import Account, Role
from tui.arguments.parser import GROUPS, build_parser
from tui.role_names import MOST_CHOICES, complete_names, keep_names


def _account(*names: str, incomplete: frozenset[str] = frozenset()) -> Account:
    roles = tuple(Role(name, f"arn:aws:iam::111122223333:role/{name}") for name in names)
    now = datetime(2026, 11, 1, tzinfo=UTC)
    return Account(id="111122223333", source="aws", now=now, roles=roles, incomplete=incomplete)


def _options(**given: object) -> argparse.Namespace:
    return argparse.Namespace(**{"demo": False, "snapshot": None, "profile": None, "endpoint_url": None, **given})


def _offered(dest: str, prefix: str, options: argparse.Namespace) -> list[str]:
    parser = build_parser()
    complete_names(parser)
    inside = next(each for each in parser._actions if isinstance(each, argparse._SubParsersAction))
    found = [action for each in inside.choices.values() for action in each._actions if action.dest == dest]
    assert found
    return list(found[0].completer(prefix=prefix, parsed_args=options))  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("tui.role_names._path", lambda: tmp_path / "made" / "role-names.json")
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    return tmp_path / "made" / "role-names.json"


@pytest.mark.parametrize("dest", ["role_name", "use_role", "change_role", "adopt_role", "right_size_role"])
def test_each_argument_that_is_a_role_offers_the_names_of_its_account(dest: str) -> None:
    keep_names(_options(profile="prod"), _account("orders-api", "orders-job", "web"))
    assert _offered(dest, "orders", _options(profile="prod")) == ["orders-api", "orders-job"]
    assert _offered(dest, "", _options()) == []
    assert _offered(dest, "", _options(profile="prod", demo=True)) == []


def test_only_the_owner_may_read_the_file_and_the_oldest_choice_goes(_cache: Path) -> None:
    for number in range(MOST_CHOICES + 2):
        keep_names(_options(profile=f"p{number}"), _account(f"role-{number}"))
    assert _cache.stat().st_mode & 0o777 == 0o600
    assert _offered("role_name", "", _options(profile="p0")) == []
    assert _offered("role_name", "", _options(profile=f"p{MOST_CHOICES + 1}")) == [f"role-{MOST_CHOICES + 1}"]


def test_a_list_with_gaps_and_names_that_no_terminal_shows_are_not_kept() -> None:
    keep_names(_options(), _account("a", incomplete=frozenset({"roles"})))
    assert _offered("role_name", "", _options()) == []
    keep_names(_options(), _account("fine", "\x1b[2J"))
    assert _offered("role_name", "", _options()) == ["fine"]


@pytest.mark.parametrize("content", ["", "[1]", "{", '{"profile default": 7}', '{"profile default": [1, null]}'])
def test_a_broken_file_offers_nothing(content: str, _cache: Path) -> None:
    _cache.parent.mkdir()
    _cache.write_text(content, encoding="utf-8")
    assert _offered("role_name", "", _options()) == []


def test_the_help_has_every_command_in_one_group_and_says_none_nowhere() -> None:
    parser = build_parser()
    inside = next(each for each in parser._actions if isinstance(each, argparse._SubParsersAction))
    listed = [name for names in GROUPS.values() for name in names]
    assert sorted(listed) == sorted(inside.choices)
    text = parser.format_help()
    assert all(f"\n  {name} " in text for name in inside.choices)
    assert "examples:" in text and "others:" not in text
    for shown in (text, *(each.format_help() for each in inside.choices.values())):
        assert "None" not in shown and "SUPPRESS" not in shown
