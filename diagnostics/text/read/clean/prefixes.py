"""Remove what a log, a terminal or an editor writes before each line of one message from the message's later lines.

No list of formats would be complete, so there is none. Adjacent lines with the same beginning (a time, a name,
``[ERROR]``, ``> ``, a line number; digits may differ) have a prefix. A line continues the message if the words on both
sides of the break belong to a sentence that this package recognizes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from diagnostics.text.read.clean.windows import ABOUT_ACCESS
from iam.lazy_pattern import regex

_LONGEST = 200  # of a prefix
_NARROWEST = 20  # columns
CUT = "\x1c"
"""Marks a break at a column where several lines end: most likely nothing was dropped there."""
_FEW = 200  # lines in which words that a break has parted are looked for
_DIGITS = regex(r"\d+")
_PIECE = regex(r"\d+|\D")
# A mail's or a comment's mark before each of its lines, the outer one first.
_QUOTED = tuple(regex(rf"[ ]{{0,3}}{mark}") for mark in (r"(?:>[ ]?)+", r"#+[ ]", r"//[ ]", r"\*[ ]"))
_OF_A_MAIL = _QUOTED[0]
_MARK = regex(r"[\d\[\]|│#>/+*:;%$-]")
_GOES_ON = regex(
    r"(?:is |was )?not authori|authori[sz]ed to|to perform|perform:|on resource|resource:|because (?:no|public)"
    r"|no (?:identity|resource|permission|session|service|vpc|role)|(?:identity|resource)-based|permissions? boundary"
    r"|with an explicit|an explicit|explicit deny"
    r"|in (?:an?|the) (?:identity|resource|permission|session|service|vpc|role)"
    r"|(?:session|sessions|service|control|endpoint|trust) policy|policy(?:$|:| allows)|boundary(?:$|:| allows)"
    r"|when calling|calling the|\w* ?operation:|operation error|api error|https response|StatusCode:|RequestID:"
    r"|encoded (?:authorization|failure)|(?:authorization )?failure message"
    r"|with (?:OIDC|SAML)|allows the|the [\w-]+:\w+ action|[\w-]+:\w+ action|action\b|cannot be assumed|already exists"
    r"|exists\b|EntityAlreadyExists|with (?:name|url) |(?:Role|User|Group|Provider) with |has been taken|been taken",
    re.IGNORECASE,
)
_UNFINISHED = regex(
    r"(?:^|\s)(?:User:|is|not|authori[sz]ed|to|perform:?|on|resource:|operation:|because|no|(?:identity|resource)-based|permissions?"
    r"|occurred|\(\w+\)|when|calling|api|could|session|service|control|VPC|endpoint|role|trust|policy:?|boundary:|allows"
    r"|the|with|an?|explicit|deny|in"
    r"|[\w]+(?:Denied|Operation|Exception|AlreadyExists):?|message:"
    r"|(?:Role|User|Group|Provider) with|with (?:name|url)|policy called|Instance Profile|already|has been|has)$",
    re.IGNORECASE,
)
# EC2's encoded message: a line that ends in a long piece of it, and one that begins with the next.
_ENCODED = regex(r"encoded\b.{0,40}?message\s*:", re.IGNORECASE)
_BLOB_ENDS = regex(r"(?:^|\s)[A-Za-z0-9_+/=-]{24,}$")
_BLOB_BEGINS = regex(r"[A-Za-z0-9_+/=-]{16,}(?=$|[\s.,;\"')])|[A-Za-z0-9_+/=-]+$")


_BOX = regex(r"^(?P<first>[ \t]{0,8}- \| [^\n]*)(?P<more>(?:\n[ \t]{2,12}\| [^\n]*)+)", re.MULTILINE)
"""A message that SOPS wraps at words: ``- | `` before its first line, ``  | `` before each other."""
_BAR = regex(r"[ \t]*\n[ \t]+\|[ \t]+")


def without_prefixes(text: str) -> str:
    """Return the text with the prefixes removed from continuation lines."""
    text = _BOX.sub(lambda box: f"{box['first'].rstrip()}{_BAR.sub(' ', box['more'])}", text)
    lines = text.split("\n")
    for mark in _QUOTED:
        if len(lines) > 1 and all(mark.match(line) for line in lines if line.strip()):
            lines = [mark.sub("", line, count=1) for line in lines]
            text = "\n".join(lines)
    lines = _without_quotes(lines)
    text = "\n".join(lines)
    speaks = [ABOUT_ACCESS.search(line) is not None for line in lines]
    if len(lines) < 2 or not (any(speaks) or len(lines) < _FEW):
        return text
    return _without_runs(lines, speaks)


@dataclass(frozen=True, slots=True)
class _Break:
    """The end of one line and the beginning of the next, which both have a prefix.

    ``length`` is the length of the prefix in the next line, ``shape`` the prefix without its numbers. ``printed`` is
    the number of letters after the prefix in the line that ended. ``spaced``: there already is a blank at the break.
    """

    before: str
    rest: str
    length: int
    recognized: bool
    printed: int
    spaced: bool
    shape: str


def _without_runs(lines: list[str], speaks: list[bool]) -> str:
    """Return the text without the prefixes of lines that continue a message.

    A break is recognized by the words next to it. Its neighbours are then breaks of the same message, if the next word
    did not fit into the widest line.
    """
    breaks = list(_breaks(lines, speaks))
    joins = {at for at, each in enumerate(breaks) if each.recognized}
    if len(lines) < _FEW:
        joins.update(_inside_words(breaks))
    for at in sorted(joins):
        for step in (1, -1):
            joins.update(_beside(breaks, at, step))
    out, full = lines[0], _full_lines(breaks, joins)
    for at, (each, line) in enumerate(zip(breaks, lines[1:], strict=True)):
        if at not in joins:
            out += f"\n{line}"
        elif at not in full:
            out += f"\n{each.rest}"
        else:
            out += ("" if each.spaced else CUT) + each.rest
    return out


def _full_lines(breaks: list[_Break], joins: set[int]) -> set[int]:
    """Return the breaks at the column where several lines of a message end.

    No character was dropped at these breaks.
    """
    full: set[int] = set()
    for at in joins:
        run = [each for each in _run_around(breaks, at) if each in joins]
        width = _width([breaks[each].printed for each in run])
        if len({breaks[each].before[:_NARROWEST] for each in run if breaks[each].printed == width}) > 1:
            full.update(each for each in run if breaks[each].printed == width)
    return full


def _width(printed: list[int]) -> int:
    """Return the length of the widest line, without the prefixes.

    A first line that is wider than all others does not count: it may contain more, such as a log level.
    """
    rest = max(printed[1:], default=0)
    return rest if rest >= _NARROWEST and printed[0] > rest else max(printed, default=0)


# What every refusal says, without blanks: a break inside is none of the message's own.
_PHRASE = regex(
    r"notauthori[sz]edtoperform|onresource:arn|because(?:no|the)|(?:identity|resource)-basedpolicy|allowsthe"
    r"|anerroroccurred|withanexplicitdeny|permissionsboundary|service(?:control)?policy"
)


def _inside_words(breaks: list[_Break]) -> Iterator[int]:
    """Yield the breaks inside a phrase that no single line contains, in lines with the same prefix."""
    at = 0
    while at < len(breaks):
        run = _run_around(breaks, at)
        at = run.stop
        if breaks[run.start].length == 0:
            continue
        squeezed, ends = "".join(breaks[run.start].before.split()), []
        for each in run:
            ends.append(len(squeezed))
            squeezed += "".join(breaks[each].rest.split())
        inside = [range(found.start() + 1, found.end()) for found in _PHRASE.finditer(squeezed.lower())]
        yield from (each for each, end in zip(run, ends, strict=True) if any(end in place for place in inside))


_ALLOWANCE = 2


def _beside(breaks: list[_Break], start: int, step: int) -> Iterator[int]:
    """Yield the breaks next to a recognized one, in one direction, that were made to fit the same width."""
    run = _run_around(breaks, start)
    width = _width([breaks[each].printed for each in run])
    at = start + step
    while at in run:
        each = breaks[at]
        first = each.rest.split(" ", 1)[0]
        if each.printed + 1 + len(first) + _ALLOWANCE < width or _NEW.match(each.rest):
            return
        yield at
        at += step


def _run_around(breaks: list[_Break], start: int) -> range:
    """Return the range of breaks around this one whose lines have the same prefix."""
    first = last = start
    while first > 0 and breaks[first - 1].shape == breaks[start].shape:
        first -= 1
    while last + 1 < len(breaks) and breaks[last + 1].shape == breaks[start].shape:
        last += 1
    return range(first, last + 1)


# A line that begins a message of its own.
_NEW = regex(r"(?:ERROR|WARN|INFO|DEBUG|TRACE|FATAL|Error|Warning|Traceback|Exception|at )\b|[\[{<$#]|\w+Exception\b")


def _breaks(lines: list[str], speaks: list[bool]) -> Iterator[_Break]:
    """Yield the end of every line with the beginning of the next, and whether the words there belong to one message."""
    before = lines[0]  # the line before as it was printed
    about = -9  # the last line that speaks of access
    encoded = _ENCODED.search(lines[0]) is not None  # it has begun, and goes on as long as lines are of its letters
    for number, line in enumerate(lines[1:], start=1):
        if speaks[number - 1] or speaks[number]:
            about = number
        length = _shared(before, line)
        near = number - about < 4 and not ABOUT_ACCESS.search(line[:length])
        rest, printed = line[length:], before[_shared(line, before) :]
        ended = printed.rstrip()
        goes_on = near and length > 0 and _continues(ended, rest.strip())
        if near and length > 0 and not goes_on and encoded:
            goes_on = _BLOB_ENDS.search(before) is not None and _BLOB_BEGINS.match(rest) is not None
            about = number if goes_on else about
        introduced = f"{before[-60:]} {rest}" if goes_on else line
        encoded = (goes_on and encoded) or _ENCODED.search(introduced) is not None
        spaced = printed[-1:] == " " or rest[:1] == " "
        yield _Break(ended, rest, length, goes_on, len(printed), spaced, _DIGITS.sub("0", line[:length]))
        before = line


def _without_quotes(lines: list[str]) -> list[str]:
    """Return the lines without a mail's quote marks, if several lines in a row have them."""
    marked = [_OF_A_MAIL.match(line) for line in lines]
    beside = [any(marked[near] for near in (at - 1, at + 1) if 0 <= near < len(lines)) for at in range(len(lines))]
    return [
        line[mark.end() :] if mark and near else line for line, mark, near in zip(lines, marked, beside, strict=True)
    ]


def _shared(one: str, other: str) -> int:
    """Return how many characters at the beginning of ``other`` both texts have, up to a blank.

    The result is 0 if they are not a prefix that is written before lines.
    """
    length = end = 0
    for ours, theirs in zip(_PIECE.finditer(one[:_LONGEST]), _PIECE.finditer(other[:_LONGEST]), strict=False):
        if ours[0] != theirs[0] and not (ours[0].isdigit() and theirs[0].isdigit()):
            break
        length = theirs.end()
        if theirs[0] == " ":
            end = length
    return end if _MARK.search(other[:end]) else 0  # a box's border, which is marked already, has none of them


def _continues(before: str, rest: str) -> bool:
    if not before or not rest:
        return False
    if _GOES_ON.match(rest) or _UNFINISHED.search(before):
        return True
    # A name that was cut: the sentence goes on after its other half.
    last, (_, _, after) = before.rsplit(" ", 1)[-1], rest.partition(" ")
    return any(mark in last for mark in ":/") and _GOES_ON.match(after) is not None
