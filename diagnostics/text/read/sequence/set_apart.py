"""Find the failures that the text itself sets apart: expected, quoted, over, or somebody else's.

The words that do so are next to the failure: in a line that introduces it, after it in the same line, or in the next
line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from diagnostics.failure import Denial, Failure, OtherFailure
from diagnostics.text.read.sequence.changes import CHANGED
from diagnostics.text.read.sequence.lines_and_commands import Paste
from diagnostics.text.read.sequence.times_of_failures import Kind, of_earlier_times
from iam.lazy_pattern import regex


class Apart(NamedTuple):
    """The words that set a failure apart; ``earlier``: they only say that the failure is from an earlier time."""

    words: str
    earlier: bool = False


def set_apart(found: Sequence[Failure], places: Sequence[int | None], paste: Paste) -> dict[int, Apart]:
    """Return the failures, by index, that the text sets apart, each with its words; empty if it sets all apart.

    ``places`` are the lines of the failures, None where a failure has none.
    """
    timed = {
        index: line
        for index, (each, at) in enumerate(zip(found, places, strict=True))
        if (line := at if at is not None else _first_line(each, paste)) is not None
    }
    earlier_ones = of_earlier_times(timed, {index: _kind(each) for index, each in enumerate(found)}, paste)
    if len(earlier_ones) == len(found):
        earlier_ones = {}
    known = {index: at for index, at in enumerate(places) if at is not None}
    if len(known) < 2:
        return {index: _of_its_time(note) for index, note in earlier_ones.items()}
    out = {index: Apart(words) for index, words in _by_number(known, paste).items()}
    beside = {index: _beside(paste, at, set(known.values())) for index, at in known.items()}
    for index, said in beside.items():
        if words := next(filter(_sets_apart, said), ""):
            out.setdefault(index, Apart(_short(words)))
    if any(_PRESENT.search(said[0]) for index, said in beside.items() if index not in out):
        earlier = {index: said[0] for index, said in beside.items() if _EARLIER.match(said[0])}
        out = {
            **{index: Apart(_short(words).strip("-=#*>[] "), earlier=True) for index, words in earlier.items()},
            **out,
        }
    for index, note in earlier_ones.items():
        out.setdefault(index, _of_its_time(note))
    return out if len(out) < len(timed) else {}


def _sets_apart(words: str) -> bool:
    """Whether the words set a failure apart. A note about a change is about what comes after the note."""
    return not (_KEPT.search(words) or CHANGED.search(words)) and _APART.search(words) is not None


def _of_its_time(note: str) -> Apart:
    return Apart(_short(note).strip("-=#*>[] "), earlier=True)


def _kind(failure: Failure) -> Kind:
    of: object = failure.trouble if isinstance(failure, OtherFailure) else type(failure)
    action = failure.action if isinstance(failure, Denial) else None
    return Kind(of, (failure.operation or (action or "").partition(":")[2]).lower())


def _first_line(failure: Failure, paste: Paste) -> int | None:
    """Return the line with which the failure's own text begins; None if no line does."""
    first = next((line.strip() for line in failure.text.splitlines() if line.strip()), "")
    return next((number for number, line in enumerate(paste.lines) if first and first in line), None)


def _short(words: str) -> str:
    return " ".join(words.split()).strip(" \"'`“«:(")[:_LONGEST].rstrip(").,;:")


_LONGEST = 80
_PLACE_SAID = {"first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "last": -1, "latter": -1, "former": 0}
_REMARK = regex(
    rf"\b(?P<which>{'|'.join(_PLACE_SAID)})(?: (?:one|error|call|command|denial|refusal|line|message|failure))?"
    r"(?:(?:['’]s| is| was)(?! not\b))?(?: (?:only|just|merely|really|known to be))?"
    r" (?:to look around|looking around|a look around|out of curiosity|curiosity|for fun|a test|noise|harmless"
    r"|unrelated|irrelevant|expected|cosmetic|me (?:looking around|testing|checking|being curious))\b"
    r"[^\n?]{0,40}(?![^\n]*\?)",
    re.IGNORECASE,
)


def _by_number(known: dict[int, int], paste: Paste) -> dict[int, str]:
    """Return the failures that the author calls unimportant, as in "the second one is a test".

    The keys are the failures' numbers, the values the author's words.
    """
    inorder = sorted((at, index) for index, at in known.items())
    out: dict[int, str] = {}
    for line in paste.lines:
        said = _REMARK.search(line)
        place = _PLACE_SAID[said["which"].lower()] if said is not None else len(inorder)
        if said is not None and place < len(inorder):
            out[inorder[place][1]] = said[0].strip(" ).,;")
    return out


_BEGINS = regex(
    r"\bAn error occurred|\bUser: |[\"“«`]|[\w.]*(?:Exception|Error|Denied)\b|\b(?i:error|denied|forbidden)\b"
    r"|not authori"
)
_INTRODUCES = regex(
    r"(?::|\b(?:was|is|had|got|gave|said|says|same as))[\s\"'`“«]*$|^\s{0,3}(?:-{2,}|={2,}|\*{2,}|#{1,4}|\[)\s?\w"
)
"""A line that ends like an introduction, or is marked as a heading."""
_FENCE = regex(r"\s*(?:```\w*|~~~\w*)?\s*$")
_FARTHEST = 4
_BEHIND = regex(
    r"(?:<-+|[-=]+>|~~|\|\s*(?=\w+\s*\|\s*$)|←|<<+|\s#|\s//|\s--+|\s[—–]|\(|;|\bstatus:)[^\n()]{0,80}\)?\s*$"
)
_POINTS = regex(
    r"(?:\W*[\w.-]{1,20}(?: \[[\d:]+\])?: )?(?:ok(?:ay)?,? )?\W*(?:\^|(?:this|that|it|the (?:one )?above|above)\b)"
    r"|\s*\([^()]*\)\s*$",
    re.IGNORECASE,
)


def _beside(paste: Paste, at: int, failures: set[int]) -> tuple[str, str, str]:
    """Return the words before a failure, after it in its line, and in the next line; each may be empty."""
    line = paste.lines[at]
    begins = _BEGINS.search(line)
    before = line[: begins.start()] if begins else ""
    if not before.strip(" -*>#:|│\t"):
        before = _introduction(paste, at, failures)
    behind = _BEHIND.search(line)
    following = paste.lines[at + 1] if at + 1 < len(paste.lines) and at + 1 not in failures else ""
    return before, behind[0] if behind else "", following if _POINTS.match(following) else ""


def _introduction(paste: Paste, at: int, failures: set[int]) -> str:
    """Return the line that introduces the failure, or several in a row, below it; "" if other text is between."""
    for number in range(at - 1, max(-1, at - 1 - _FARTHEST), -1):
        line = paste.lines[number]
        if number in failures:
            return _introduction(paste, number, failures) if number == at - 1 else ""
        if _INTRODUCES.search(line):
            return line
        if not (_FENCE.match(line) or number in paste.prompts or _RAW_COMMAND.match(line)):
            return ""
    return ""


_RAW_COMMAND = regex(r"\s*(?:aws|terraform|kubectl|docker|cdk|sam) ")
_SOURCE = r"(?:docs?|documentation|manual|run ?book|wiki|blog(?: post)?|forum|stack ?overflow|re:Post|faq|read ?me)"
_APART = regex(
    # expected
    r"\b(?:is|was|are|['’]s|<-+|←|#|\(|known|totally|just) ?(?:all )?(?:expected|intended|intentional|deliberate|normal"
    r"|noise|harmless|unrelated|irrelevant|cosmetic)\b"
    r"|(?:<-+|←|#|\() ?(?:expected|intended|noise|harmless|ignore|normal)\b"
    r"|\bknown (?:noise|issue)\b|\bon purpose\b|\b(?:by design|as designed)\b|\b(?:ignore|disregard) (?:it|this|that)\b"
    r"|\balways (?:been )?(?:there|like that)\b|\bist (?:so )?(?:erwartet|gewollt|normal|Absicht)\b|\babsichtlich\b"
    # over
    r"|\b(?:this|that)(?: one)?(?: is|['’]s| was| has been| we| I)?(?: already| since)? "
    r"(?:fixed|solved|resolved)\b|\b(?:that|this) was before\b"
    r"|\b(?:already|meanwhile|since|long) (?:been )?(?:fixed|solved|resolved|sorted|dealt with)\b"
    r"|(?:<-+|←|#)[^\n]{0,30}\b(?:fixed|solved|resolved|old|from (?:yesterday|last \w+|\d{1,2} [A-Z][a-z]{2,8}))\b"
    r"|\b(?:schon|bereits|inzwischen) (?:behoben|gelöst|erledigt)\b"
    r"|(?:[-=]+>|\|) ?(?:fixed|solved|resolved|done|closed)\b|^\W{0,3}\[[xX]\]|^\s*~~"
    r"|\[(?:DONE|CLOSED|RESOLVED|FIXED|SOLVED)\]|\bstatus\W{1,3}(?:done|closed|resolved|fixed|solved)\b"
    r"|\b(?i:similar|related|see also)\b\W{1,3}(?:[A-Z]{2,9}-|#)\d+"
    # quoted
    rf"|\b(?:the|from|in|official|AWS(?:['’]s)?)(?: \w+)? {_SOURCE}\b"
    r"(?! (?:bucket|role|stack|repo|site|project|job|folder)\b)"
    rf"|\b{_SOURCE} (?:says?|shows?|gives?|lists?|example)\b"
    r"|\b(?:AWS|help|support|troubleshooting|docs?)(?:['’]s)? (?:\w+ )?page\b"
    r"|\b(?:chat ?gpt|copilot|gemini|claude|amazon q|assistant|(?:chat ?|AI )bot|LLM)\b[^\n]{0,40}"
    r"\b(?:says?|said|told|thinks?|guess\w*|suggest\w*|wrote|answer\w*|claim\w*|gave)\b"
    r"|\bbot\b[^\n]{0,40}\b(?:told me|thinks?|guess\w*|suggest\w*|claim\w*)\b"
    r"|^\W{0,3}(?:chat ?gpt|copilot|gemini|claude|amazon q)\W{1,3}$"
    # somebody else's
    r"|\bcolleague\b|\b(?:just )?(?:to compare|for comparison)\b"
    r"|\b[A-Z][a-z]+['’]s (?:output|error|log|message|paste)(?: (?:was|is))?\W*$",
    re.IGNORECASE,
)
"""Words that say that a failure is expected, over, quoted, or somebody else's."""
_KEPT = regex(
    r"\b(?:not|never|isn|wasn|un(?:expected|intended)|thought|should|supposed|maybe|perhaps|still|again|also)\b"
    r"|n['’]t\b|\b(?:nicht|noch|wieder)\b|\?|\bfollow(?:ed|ing)?\b|\bper (?:the|our)\b|\blike (?:in|the)\b",
    re.IGNORECASE,
)
"""Words that make this uncertain, so that the failure is not set apart."""
_EARLIER = regex(
    r"(?:PS[^>\n]{0,60}>)?\W*(?:yesterday|gestern|vorher|früher|letzte \w+"
    r"|last (?:week|month|night|time|year)|earlier|previously|before|formerly|old(?:er)?"
    r"|(?:on )?(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|(?:this|that|the first)(?: one)?(?: is|['’]s| was) (?:an? )?(?:older|old|earlier|from "
    r"(?:before|earlier|yesterday|this morning|last \w+)))\b(?![^\n]*\b(?:since|until|till)\b)",
    re.IGNORECASE,
)
_PRESENT = regex(
    r"\b(?:now|jetzt|heute|nun|after|today|tonight|currently|this (?:morning|evening|time)|mine|ours"
    r"|the (?:real|actual|failing)|new|what (?:I|we) get)\b",
    re.IGNORECASE,
)
