"""An expression that is not compiled yet finds what the compiled one finds."""

from __future__ import annotations

import gc
import pkgutil
import re
import re._parser as sre  # type: ignore[import-not-found]
from functools import cache
from importlib import import_module
from typing import Any

import pytest

import diagnostics
from iam.lazy_pattern import Words, _LazyPattern, needed_words, regex, with_any_space
from tests.support.texts.conformance import CONFLICTS, DENIALS


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        (r"with\s+(?:an\s+)?explicit\s+deny", [("with",), ("explicit",), ("deny",)]),
        (r"\bUser:\s*(?P<principal>\S+)\s+Action:", [("user:",), ("action:",)]),
        (r"Roles\s+may\s+(?:not|never)", [("roles",), ("may",), ("not", "never")]),
        (r"accounts?\b", [("account",)]),
        (r"accounts{0,1}|none", [("account", "none")]),
        (
            r"Access denied|not (?:a|b) authorized|(?:forbidden|no) entry",
            [("access denied", " authorized", " entry")],
        ),
        (r"forbidden|\d{3}", []),
        (r"forbidden|(?:refused|rejected)", [("forbidden", "refused", "rejected")]),
        (r"forbidden(?:refused|rejected|to)", [("forbidden",)]),
        (r"(?:refused|rejected)?(?:never){0,2}(?:abc)+(?:def|(?:ghi|jkl)*)", [("abc",)]),
        (r"(?:denied(?: (?:by|in) (?:SCP|policy))|not allowed)", [("denied", "not allowed")]),
        (r"[Ff]atal(?:ity)?\x1eabc\u2019def", [("atal",), ("abc",), ("def",)]),
        (r"[^](]none|(?:a|b)", []),
        (r"(?=assume)\(role\)(?!user)(?<=group)(?i:name)(?-i:Path)", [("assume",), ("role",), ("path",)]),
        (r"(?P<one>abc)(?P=one)(?P<two>def)?", [("abc",)]),
    ],
)
def test_the_words_that_a_match_needs(pattern: str, words: list[Words]) -> None:
    assert needed_words(pattern, re.IGNORECASE) == words


@cache
def patterns() -> list[_LazyPattern]:
    """Those of all modules that know what a failure may say."""
    for module in pkgutil.walk_packages(diagnostics.__path__, "diagnostics."):
        import_module(module.name)
    gc.unfreeze()  # what an application has set aside is not told
    found = [each for each in gc.get_objects() if type(each) is _LazyPattern]
    gc.freeze()
    return found


def ways(parsed: Any) -> int:
    """In how many ways a match can choose between branches and characters, as far as one choice depends on another."""
    most = 1
    for kind, value in parsed:
        if kind is sre.BRANCH:
            most = max(most, len(value[1]) * max(map(ways, value[1])))
        elif kind is sre.IN:
            most = max(most, len(value))
        elif (inner := required(kind, value)) is not None:
            most = max(most, ways(inner))
    return most


def required(kind: Any, value: Any) -> Any:
    """What a group contains that no match can leave out; None for what is no group, or may be left out."""
    if kind in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
        return value[2] if value[0] else None
    if kind is sre.ATOMIC_GROUP:
        return value
    return value[-1] if kind is sre.SUBPATTERN or (kind is sre.ASSERT and value[0] > 0) else None


def shortest(parsed: Any, way: int) -> str:
    """What a match contains at the least that chooses this way; a sign for what is no literal."""
    text = ""
    for kind, value in parsed:
        if kind is sre.LITERAL:
            text += chr(value)
        elif kind is sre.IN and all(each is sre.LITERAL for each, _ in value):
            text += chr(value[way % len(value)][1])
        elif kind is sre.BRANCH:
            text += shortest(value[1][way % len(value[1])], way // len(value[1]))
        elif (inner := required(kind, value)) is not None:
            text += shortest(inner, way)
        else:
            text += "\0"
    return text


def test_every_match_has_a_word_of_each() -> None:
    several = patterns()
    assert len(several) > 150
    for each in several:
        needed = needed_words(each.pattern, each._flags)
        parsed = sre.parse(each.pattern, each._flags)
        assert bool(parsed.state.flags & re.IGNORECASE) == each._any_case, each.pattern
        for way in range(min(ways(parsed), 200) if needed else 0):
            match = shortest(parsed, way)
            told = match.lower() if each._any_case else match
            assert all(any(word in told for word in words) for words in needed), each.pattern


def test_it_asks_the_compiled_one_of_each_text_that_it_finds_something_in() -> None:
    texts = [str(case["message"]) for case in (*DENIALS, *CONFLICTS)]
    for number, each in enumerate(patterns()):
        compiled = re.compile(each.pattern, each._flags)
        for text in texts[number % 4 :: 4]:
            assert each._may_match(text) or not compiled.search(text), (each.pattern, text)


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


def test_an_optional_blank_stays_optional() -> None:
    pattern = regex(with_any_space(r"Access ?Denied by Lake ?Formation"))
    assert pattern.search("Access Denied by\n  LakeFormation") and pattern.search("AccessDenied by Lake Formation")
    assert not pattern.search("AccessDeniedby LakeFormation")
