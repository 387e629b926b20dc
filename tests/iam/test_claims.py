"""Claims are computed from sources: a guess is never certain, and a change that rests on one is never verified."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from iam.claims import (
    Confidence,
    Ground,
    Source,
    Sourced,
    at_most_likely,
    confidence,
    degraded,
    nobody,
    nothing_limits,
    only,
    plain,
    ruled_out,
    sensitive,
    sourced,
    value_of,
    verified,
)

FACT = Sourced("arn:aws:iam::111122223333:role/api", Source.TEXT, "role api")
ASSUMED = (Source.DEFAULT, Source.GUESS)


@pytest.mark.parametrize("source", list(Source))
@pytest.mark.parametrize("ground", list(Ground))
def test_certain_needs_a_sure_ground_and_known_values(ground: Ground, source: Source) -> None:
    found = confidence(ground, rests_on=(FACT, degraded(FACT, source)))
    sure = ground.sure and source not in ASSUMED
    assert (found is Confidence.CERTAIN) is sure
    assert (found is Confidence.UNKNOWN) is (ground is Ground.NOTHING)


@pytest.mark.parametrize("ground", list(Ground))
def test_an_open_question_is_never_certain(ground: Ground) -> None:
    assert confidence(ground, rests_on=(FACT,), hangs_on=("aws:SourceIp",)) is not Confidence.CERTAIN


@pytest.mark.parametrize("source", list(Source))
def test_a_change_that_rests_on_a_guess_is_never_verified(source: Source) -> None:
    value = degraded(FACT, source)
    assert verified(True, rests_on=(value,)) is (None if source in ASSUMED else True)
    assert verified(False, rests_on=(value,)) is False
    assert verified(True, rests_on=(FACT,), hangs_on=("scp",)) is None


def test_confidence_is_lowered_and_never_raised() -> None:
    assert [at_most_likely(each) for each in Confidence] == [Confidence.LIKELY, Confidence.LIKELY, Confidence.UNKNOWN]


def test_only_and_nobody_need_a_complete_list() -> None:
    assert (only("api", complete=True), only("api", complete=False)) == ("only api", "api")
    assert (nobody(complete=True), nobody(complete=False)) == ("Nobody", "Nobody who could be read")


@pytest.mark.parametrize("source", list(Source))
def test_nothing_is_ruled_out_by_a_guess(source: Source) -> None:
    assert ruled_out(True, rests_on=(degraded(FACT, source),)) is (source not in ASSUMED)
    assert not ruled_out(False, rests_on=(FACT,))


def test_a_guess_that_changes_nothing_is_not_sensitive() -> None:
    values = {
        "known": Sourced("a", Source.TEXT, others=("b",)),
        "matters": Sourced("a", Source.GUESS, others=("a", "b")),
        "does not": Sourced("a", Source.GUESS, others=("c",)),
        "anything": Sourced("a", Source.DEFAULT),
    }

    def outcome(name: str, other: str | None) -> str:
        return "denied" if other in ("b", None) else "allowed"

    assert list(sensitive(values, outcome, "allowed")) == ["matters", "anything"]


def test_keys_keep_their_sources_and_give_the_engine_plain_values() -> None:
    keys = sourced({"aws:SourceIp": ("192.0.2.1",)}, Source.OPERATOR)
    assert keys["aws:SourceIp"].as_json == {"value": ["192.0.2.1"], "source": "operator", "from": "192.0.2.1"}
    assert plain(keys) == {"aws:SourceIp": ("192.0.2.1",)}
    assert value_of(FACT) == FACT.as_json["value"]


UNWRAP = {
    "iam/claims.py",
    # What builds the engine's requests, and finds the role that is asked for among the account's.
    "diagnostics/access_denied/request/subject.py",
    "diagnostics/access_denied/request/target.py",
}
"""The modules that may take a value without its source."""


def test_only_these_modules_take_a_value_without_its_source() -> None:
    root = Path(__file__).parents[2]
    found = set()
    for package in ("iam", "diagnostics", "screens", "tui"):
        for path in (root / package).rglob("*.py"):
            text = path.read_text("utf-8")
            if "iam.claims" not in text and path.name != "claims.py":
                continue
            imported = {
                name.name
                for node in ast.walk(ast.parse(text))
                if isinstance(node, ast.ImportFrom) and node.module == "iam.claims"
                for name in node.names
            }
            if imported & {"value_of", "plain"} or "._value" in text:
                found.add(path.relative_to(root).as_posix())
    assert found == UNWRAP


CLAIMS = frozenset({"CERTAIN"})


def _written(tree: ast.AST) -> list[int]:
    """The lines that write a certainty instead of computing it; to compare with one writes nothing."""
    compared = {id(part) for node in ast.walk(tree) if isinstance(node, ast.Compare) for part in ast.walk(node)}
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in CLAIMS
        and isinstance(node.value, ast.Name)
        and node.value.id == "Confidence"
        and id(node) not in compared
    ]


def test_only_this_module_writes_that_something_is_certain() -> None:
    """A verdict's confidence comes from `confidence`, whatever module makes the verdict."""
    root = Path(__file__).parents[2]
    found = {
        f"{path.relative_to(root).as_posix()}:{line}"
        for package in ("iam", "diagnostics", "screens", "tui")
        for path in (root / package).rglob("*.py")
        if path != root / "iam" / "claims.py"
        for line in _written(ast.parse(path.read_text("utf-8")))
    }
    assert not found
    assert _written(ast.parse("Verdict(cause, Confidence.CERTAIN, said)")) == [1]


def _passes_true(tree: ast.AST) -> list[int]:
    return [
        keyword.value.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg == "verified" and isinstance(keyword.value, ast.Constant) and keyword.value.value is True
    ]


def test_no_fix_is_verified_by_its_own_word() -> None:
    """``verified`` comes from `verified`, or from an evaluation of the changed policies."""
    root = Path(__file__).parents[2]
    for path in (root / "diagnostics").rglob("*.py"):
        assert not _passes_true(ast.parse(path.read_text("utf-8"))), path
    assert _passes_true(ast.parse("Fix(title, who, change, verified=True)")) == [1]


def test_what_was_not_read_may_still_limit_an_access() -> None:
    assert nothing_limits(()) == "no boundary, SCP or Deny limits that"
    assert nothing_limits(("SCPs", "boundary")) == "nothing that was read limits that; not read: SCPs, boundary"
