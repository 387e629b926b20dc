"""Find a tag that the request, the resource or the caller has in another spelling than a condition."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from diagnostics.text.near_pairs.deciding_policies import layer_of
from diagnostics.text.near_pairs.difference_and_advice import Basis, NearPair
from diagnostics.text.near_pairs.named_values import Paste
from diagnostics.text.near_pairs.request_or_policy import Side
from diagnostics.text.near_pairs.similarity import slip
from iam.lazy_pattern import regex
from iam.policy.match import compile_glob
from iam.words import listing

_SENT_TAG = regex(
    r"[\"']?Key[\"']?\s*[=:]\s*[\"']?(?P<key>[\w:/.-]{1,60})[\"']?\s*,\s*"
    r"[\"']?Value[\"']?\s*[=:]\s*[\"']?(?P<value>[\w .:/=+@-]{1,80}\w)"
    r"|\btags?\b[\"']?[ \t]*(?:[:=({]|\bis\b)?[ \t]*[\"'{ ]*"
    r"(?P<name>[\w-]{2,40})[\"']?[ \t]*[=:][ \t]*[\"']?(?P<had>[\w.@+-]{2,80})",
    re.IGNORECASE,
)
_ASKED_TAG = regex(
    r"\b[a-z0-9-]+:(?P<of>[Rr]equest|[Pp]rincipal|[Rr]esource)Tag/(?P<key>[\w.-]{1,60})[\"']?\s*"
    r"(?:[:=]{1,2}|is|to be|in)\s*(?P<values>\[[^\]]{1,400}\]|[\"'][^\"'\n]{1,80}[\"']|[\w.@+-]{2,80})",
)
_OPERATOR_WITHIN = 120
"""The maximum number of characters between an operator and the condition key that follows it in the same line."""
_VALUE = regex(r"[\w .:/=+@*?-]*[\w*?]")


def of_tags(paste: Paste) -> Iterator[NearPair]:
    """A tag that the request spells differently from the condition on that tag."""
    asked: dict[str, list[tuple[str, int, str]]] = {}
    bases: dict[str, Basis] = {}
    for found in _ASKED_TAG.finditer(paste.text):
        from iam.policy.operators import operator  # most texts have no condition

        listed = (
            _VALUE.findall(found["values"].strip("[]\"'"))
            if found["values"][0] == "["
            else [found["values"].strip("\"'")]
        )
        named = [each.strip(" \"'") for each in listed]
        before = paste.text[max(0, found.start() - _OPERATOR_WITHIN) : found.start()].rpartition("\n")[2]
        kind = next((word for word in reversed(re.findall(r"\w+", before)) if operator(word)), "")
        bases[found["key"].lower()] = Basis.SENT if found["of"].lower() == "request" else Basis.TAGGED
        asked.setdefault(found["key"].lower(), []).extend((each, found.start("key"), kind) for each in named if each)
    if not asked:
        return  # the other search takes long in a long text
    sent = list(_sent(paste, asked))
    met = {key.lower() for key, had, _ in sent if any(_meets(had, *each[::2]) for each in asked.get(key.lower(), ()))}
    for key, had, at_had in sent:
        wanted = () if key.lower() in met else asked.get(key.lower(), ())
        values = listing(list(dict.fromkeys(value for value, _, _ in wanted)), "or")
        for value, at, _ in wanted:
            if difference := slip(had, value):
                place = paste.at(at_had).place
                rule = paste.at(at).place if paste.at(at).side is Side.RULE else "the policy"
                code = layer_of(paste, "condition")
                yield NearPair(
                    "tag", f"{key}={had}", place, f"{key}={values}", rule, difference, bases[key.lower()], code
                )


def _sent(paste: Paste, keys: Iterable[str]) -> Iterator[tuple[str, str, int]]:
    """Yield key, value and position of each tag outside the policies, in the notations of calls and settings."""
    any_of = "|".join(map(re.escape, keys))
    of_settings = re.compile(
        rf"(?<![\w:/.-])(?P<key>{any_of})[\"']?[ \t]*[=:][ \t]*[\"']?(?P<value>[\w.@+-]{{2,80}})", re.IGNORECASE
    )
    for form in (_SENT_TAG, of_settings):
        for found in form.finditer(paste.text):
            if paste.at(found.start()).side is not Side.RULE or "Value" in found[0]:
                had = found.groupdict()
                yield had["key"] or had["name"], had["value"] or had["had"], found.start()


def _meets(had: str, value: str, kind: str) -> bool:
    if "IgnoreCase" in kind:
        return had.lower() == value.lower()
    return had == value or ("Like" in kind and compile_glob(value)(had))
