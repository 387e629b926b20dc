"""Find the action that a mistyped, scanned or otherwise garbled name means.

A name is garbled if one of its words occurs in no action of its service. A name of complete words is not garbled: it
may be newer than AWS's list, or the name of an API operation. The names are those of the Service Authorization
Reference (https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache

from iam.api_operations import actions_behind
from iam.lazy_pattern import regex
from iam.service_reference import action_names, services
from iam.services import iam_prefix

_WORDS = regex(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_VERSION = regex(r"v|\d+")
_SHORT, _LONG = 7, 14
"""In names up to the first length, one letter may differ; from the second length on, three letters may."""
_LIKE_PREFIX = 0.8


def meant_action(written: str) -> str | None:
    """Return the only action that ``written`` can mean (``s3:GetObject`` for ``S3:Getobjct``).

    None if AWS lists it as written, if it consists of complete words, or if no single action is similar.
    """
    prefix, _, name = written.partition(":")
    service = _service(prefix.lower(), name)
    if service is None or not name.isalnum():
        return None
    known = action_names(service)
    if name.lower() in known:
        return None if service == prefix.lower() else f"{service}:{known[name.lower()]}"
    if actions_behind(f"{service}:{name}") or _is_of_words(name, service):
        return None
    found = _nearest(name, known)
    return f"{service}:{known[found]}" if found else None


def begins_an_action(written: str) -> bool:
    """Return whether ``written`` is a truncated action.

    A truncated action is not listed itself, but is the beginning of actions that differ only within their last word.
    """
    prefix, _, name = written.partition(":")
    known = action_names(prefix.lower()) if name.isalnum() else {}
    low = name.lower()
    if not known or low in known or actions_behind(written):
        return False
    if _is_of_words(name, prefix.lower()) and len(_split(name)) > 1:
        return False
    return any(each.startswith(low) for each in known)


def only_action_begun(written: str) -> str | None:
    """Return the only action that starts with this truncated name; None if none or several do."""
    if not begins_an_action(written):
        return None
    prefix, _, name = written.lower().partition(":")
    begun = [each for low, each in action_names(prefix).items() if low.startswith(name)]
    return f"{prefix}:{begun[0]}" if len(begun) == 1 else None


def _service(prefix: str, name: str) -> str | None:
    """Return the listed service prefix that ``prefix`` means.

    It is ``prefix`` itself, the prefix for another name of the service, or the nearest prefix whose service has the
    action.
    """
    if prefix in services():
        return prefix
    spoken = "s3" if prefix == "s3api" else iam_prefix(prefix)
    folded = [each for each in services() if _folded(each) == _folded(prefix)]
    near = get_close_matches(prefix, services(), n=3, cutoff=_LIKE_PREFIX)
    having = [
        each
        for each in dict.fromkeys((*filter(None, (spoken,)), *folded, *near))
        if name.lower() in action_names(each) or _nearest(name, action_names(each))
    ]
    return having[0] if having else None


def _nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the only name that looks the same, or else the only one that differs in the fewest letters.

    Names are in lower case.
    """
    folded = _folded(name)
    same = [each for each in known if _folded(each) == folded]
    if same:
        return same[0] if len(same) == 1 else None
    most = 1 if len(folded) <= _SHORT else 2 if len(folded) < _LONG else 3
    measured = sorted(
        (distance, each)
        for each in known
        if abs(len(each) - len(folded)) <= most and (distance := _distance(folded, _folded(each), most)) <= most
    )
    if not measured or (len(measured) > 1 and measured[0][0] == measured[1][0]):
        return None
    return measured[0][1]


_LOOKALIKES = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("0", "o"), ("1", "l"), ("|", "l"), ("i", "l"), ("5", "s"))


@cache
def _folded(name: str) -> str:
    """Return the name with characters that look alike in print replaced by one of them."""
    low = name.lower()
    for one, other in _LOOKALIKES:
        low = low.replace(one, other)
    return low


def _is_of_words(name: str, service: str) -> bool:
    known = _words_of(service)
    return all({word, word.rstrip("s"), f"{word}s"} & known or _VERSION.fullmatch(word) for word in _split(name))


@cache
def _words_of(service: str) -> frozenset[str]:
    return frozenset(word for name in action_names(service).values() for word in _split(name))


def _split(name: str) -> list[str]:
    return [word.lower() for word in _WORDS.findall(name)]


def _distance(one: str, other: str, most: int) -> int:
    """Return how many letters differ (left out, added, exchanged, or swapped with the next).

    The result is more than ``most`` if that many differ.
    """
    before, row = [0] * (len(other) + 1), list(range(len(other) + 1))
    for at, letter in enumerate(one, start=1):
        older, before, row = before, row, [at]
        for index, theirs in enumerate(other, start=1):
            cost = min(before[index] + 1, row[-1] + 1, before[index - 1] + (letter != theirs))
            if at > 1 < index and letter == other[index - 2] and theirs == one[at - 2]:
                cost = min(cost, older[index - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]


def with_action(text: str, written: str, meant: str) -> str:
    """Return the text with ``written`` replaced by ``meant`` in sentences about a denial; policies are not changed."""
    name = re.escape(written)
    around = re.compile(
        rf"(?P<before>\b(?:perform|execute|allows?|the|calling)[ \t:]{{1,4}}[\"'`]?){name}(?=[\"'`.,;)\s]|$)",
        re.IGNORECASE,
    )
    return around.sub(lambda found: found["before"] + meant, text)
