"""An expression that is not compiled yet finds what the compiled one finds."""

from __future__ import annotations

import gc
import pkgutil
import re
import re._parser as sre  # type: ignore[import-not-found]
from importlib import import_module

import pytest

import diagnostics
from iam.lazy_pattern import _LazyPattern, needed_words, regex
from tests.support.texts.conformance import CONFLICTS, DENIALS


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        (r"with\s+(?:an\s+)?explicit\s+deny", [["with", "explicit", "deny"]]),
        (r"\bUser:\s*(?P<principal>\S+)\s+Action:", [["user", "action"]]),
        (r"Roles\s+may\s+(?:not|never)", [["roles", "may"]]),
        (r"accounts?\b", [["account"]]),
        (r"accounts{0,1}|none", [["account"], ["none"]]),
        (
            r"Access denied|not (?:a|b) authorized|(?:forbidden|no) entry",
            [["access", "denied"], ["not", "authorized"], ["entry"]],
        ),
        (r"forbidden|\d{3}", []),
        (r"forbidden|(?:refused|rejected)", []),
        (r"[Ff]atal(?:ity)?\x1eabc\u2019def", [["atal", "abc", "def"]]),
        (r"[^](]none|(?:a|b)", []),
        (r"(?=assume)\(role\)", [["role"]]),
    ],
)
def test_the_words_that_each_branch_needs(pattern: str, words: list[list[str]]) -> None:
    assert needed_words(pattern, re.IGNORECASE) == words


def patterns() -> list[_LazyPattern]:
    """Those of all modules that know what a failure may say."""
    for module in pkgutil.walk_packages(diagnostics.__path__, "diagnostics."):
        import_module(module.name)
    gc.unfreeze()  # what an application has set aside is not told
    return [each for each in gc.get_objects() if type(each) is _LazyPattern]


def required(parsed: object) -> list[str]:
    """For each branch the literals that every match has, with a sign between those that are not side by side."""
    kept = [""]
    for kind, value in parsed:  # type: ignore[attr-defined]
        if kind is sre.LITERAL:
            ends = [chr(value)]
        elif kind is sre.MAX_REPEAT and value[0] > 0:
            ends = [f"\0{each}\0" for each in required(value[2])]
        elif kind is sre.BRANCH:
            ends = [end for branch in value[1] for end in required(branch)]
        else:
            ends = ["\0"]
        kept = [begin + end for begin in kept for end in ends]
    return kept


def test_every_match_has_all_words_of_a_branch() -> None:
    several = patterns()
    assert len(several) > 150
    for each in several:
        branches = needed_words(each.pattern, each._flags)
        for whole in required(sre.parse(each.pattern, each._flags)) if branches else ():
            told = whole.lower() if each._flags & re.IGNORECASE else whole
            assert any(all(word in told for word in words) for words in branches), each.pattern


def test_it_finds_what_the_compiled_one_finds() -> None:
    texts = [str(case["message"]) for case in (*DENIALS, *CONFLICTS)]
    for number, each in enumerate(patterns()):
        compiled = re.compile(each.pattern, each._flags)
        for text in texts[number % 4 :: 4]:
            lazy = regex(each.pattern, each._flags)
            assert [match.span() for match in lazy.finditer(text)] == [
                match.span() for match in compiled.finditer(text)
            ]


def test_each_method_gives_what_the_compiled_one_gives() -> None:
    for text in ("no explicit allow", "an explicit  deny in a"):
        for name, given in (
            *((name, (text,)) for name in ("findall", "split")),
            *((name, ("x", text)) for name in ("sub", "subn")),
        ):
            assert getattr(regex(r"explicit\s+deny"), name)(*given) == getattr(re.compile(r"explicit\s+deny"), name)(
                *given
            )
        for name in ("search", "match", "fullmatch"):
            assert bool(getattr(regex(r"explicit\s+deny"), name)(text)) == bool(
                getattr(re.compile(r"explicit\s+deny"), name)(text)
            )
