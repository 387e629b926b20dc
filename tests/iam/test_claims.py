"""Claims are computed from sources: a guess is never certain, and a change that rests on one is never verified."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

from iam.claims import (
    AskedValues,
    Confidence,
    Ground,
    Keys,
    Source,
    Sourced,
    at_most_likely,
    confidence,
    degraded,
    nobody,
    nothing_limits,
    only,
    ruled_out,
    sensitive,
    sourced,
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
    assert [nobody("may", complete=each) for each in (True, False)] == [
        "Nobody may",
        ("Nobody among those that could be read may"),
    ]


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
    assert Asked(None, keys).context == {"aws:SourceIp": ("192.0.2.1",)}


@dataclass(frozen=True)
class Asked(AskedValues):
    who: Sourced[str] | None
    keys: Keys


def test_a_request_gives_the_engine_its_values() -> None:
    asked = Asked(FACT, {})
    assert (asked.principal, asked.action, asked.resource, asked.context) == (FACT.words, None, None, {})


@pytest.mark.parametrize("source", list(Source))
def test_what_is_made_of_a_value_has_its_source(source: Source) -> None:
    made = Sourced("a", source, "read", ("b", "c")).into(str.upper)
    assert made == Sourced("A", source, "read", ("B", "C"))
    assert Sourced("a", source).into(str.upper).others is None
    assert made.satisfies(str.isupper) and not made.satisfies(str.islower)


def _takes_the_value(tree: ast.AST) -> list[int]:
    """The lines that take a value out of its `Sourced`."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if (isinstance(node, ast.Attribute) and node.attr == "_value")
        or (isinstance(node, ast.Constant) and node.value == "_value")
    ]


def test_no_other_module_takes_a_value_without_its_source() -> None:
    """What imports nothing of `iam.claims` has no `Sourced`; the policy engine gets its values from here."""
    for path in MODULES:
        text = path.read_text("utf-8")
        if "iam.claims" in text:
            assert not _takes_the_value(ast.parse(text)), path
    assert _takes_the_value(ast.parse("found = subject.on._value")) == [1]
    assert _takes_the_value(ast.parse('found = getattr(subject.on, "_value")')) == [1]


ROOT = Path(__file__).parents[2]
MODULES = tuple(
    path
    for package in ("iam", "diagnostics", "screens", "tui")
    for path in sorted((ROOT / package).rglob("*.py"))
    if path != ROOT / "iam" / "claims.py"
)


def _written(tree: ast.AST) -> list[int]:
    """The lines that write a certainty instead of computing it; to compare with one writes nothing."""
    compared = {id(part) for node in ast.walk(tree) if isinstance(node, ast.Compare) for part in ast.walk(node)}
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in Confidence.__members__
        and isinstance(node.value, ast.Name)
        and node.value.id == "Confidence"
        and id(node) not in compared
    ]


def test_only_this_module_writes_how_sure_a_verdict_is() -> None:
    """A verdict's confidence comes from `confidence`, whatever module makes the verdict."""
    found = {
        f"{path.relative_to(ROOT).as_posix()}:{line}"
        for path in MODULES
        if "Confidence" in (text := path.read_text("utf-8"))
        for line in _written(ast.parse(text))
    }
    assert not found
    for level in Confidence.__members__:
        assert _written(ast.parse(f"Verdict(cause, Confidence.{level}, said)")) == [1]
    assert not _written(ast.parse("verdict.confidence is Confidence.UNKNOWN"))


COMPLETE = re.compile(
    r"\bnobody (?:may|gains|loses|has the|was found)|\bnothing else (?:newly|is|gains)|, nothing else$"
    r"|\bas before\b|\bruled out\b",
    re.IGNORECASE,
)
"""Words that claim a complete list, as they begin or end a sentence about what was read."""
_GAP = r"[\s\"'f]+"
MAY_CLAIM = re.compile(
    rf"\bnobody\b|\bnothing{_GAP}else\b|\bas{_GAP}before\b|\bruled{_GAP}out\b"
    rf"|\bonly{_GAP}(?:the{_GAP})?\{{(?:listing|joined)\(",
    re.IGNORECASE,
)
"""Each of these as source, where a string may go on in the next line: a module without one need not be parsed."""

NO_CLAIM = {
    "diagnostics/review/rules/care.py": "the title of a rule, which runs where groups and users were read",
}


def _claims_completeness(tree: ast.AST) -> list[int]:
    """Return the lines with such words in a string, docstrings apart, or with *only* before a computed list."""
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    found = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in docstrings
        and COMPLETE.search(node.value)
    ]
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            for before, after in pairwise(node.values):
                if isinstance(before, ast.Constant) and isinstance(after, ast.FormattedValue):
                    listed = isinstance(after.value, ast.Call) and ast.unparse(after.value.func) in (
                        "listing",
                        "joined",
                    )
                    if listed and re.search(r"\bonly (?:the )?$", str(before.value), re.IGNORECASE):
                        found.append(node.lineno)
    return found


def test_only_this_module_writes_that_a_list_is_complete() -> None:
    found = {
        f"{path.relative_to(ROOT).as_posix()}:{line}"
        for path in MODULES
        if path.relative_to(ROOT).as_posix() not in NO_CLAIM
        if MAY_CLAIM.search(text := path.read_text("utf-8"))
        for line in _claims_completeness(ast.parse(text))
    }
    assert not found
    for wrong in (
        'f"Nobody may assume {name}."',
        '"evaluated, nothing else"',
        '"trust: the same principals as before"',
        '"ruled out: x"',
        'f"You cannot: only {listing(names)} can"',
        '(f"You cannot: only the "\n    f"{joined(names)} can")',
        '("before that, nothing "\n    "else is allowed")',
    ):
        assert MAY_CLAIM.search(wrong) and _claims_completeness(ast.parse(f"said = {wrong}")) == [1], wrong


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
        if "verified" in (text := path.read_text("utf-8")):
            assert not _passes_true(ast.parse(text)), path
    assert _passes_true(ast.parse("Fix(title, who, change, verified=True)")) == [1]


def test_what_was_not_read_may_still_limit_an_access() -> None:
    assert nothing_limits(()) == "no boundary, SCP or Deny limits that"
    assert nothing_limits(("SCPs", "boundary")) == "nothing that was read limits that; not read: SCPs, boundary"
