"""What a log, a terminal or an editor writes before each line of one message: taken off the lines that go on with it.

No list of formats is complete, so none is kept. Adjacent lines with the same beginning (a time, a name, ``[ERROR]``,
``> ``, a line's number; digits may differ) have a prefix, and a line goes on with the message where the words on both
sides of the break belong to a sentence that the rules of this package read.
"""

from __future__ import annotations

import re

from diagnostics.messages.clean.windows import ABOUT_ACCESS
from iam.lazy_pattern import regex

_LONGEST = 200  # of a prefix
_PIECE = regex(r"\d+|\D")
# A mail's or a comment's mark before each of its lines, the outer one first.
_QUOTED = tuple(regex(rf"[ ]{{0,3}}{mark}") for mark in (r"(?:>[ ]?)+", r"#+[ ]", r"//[ ]", r"\*[ ]"))
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


def without_prefixes(text: str) -> str:
    """The text with the prefixes removed from continuation lines."""
    lines = text.split("\n")
    for mark in _QUOTED:
        if len(lines) > 1 and all(mark.match(line) for line in lines if line.strip()):
            lines = [mark.sub("", line, count=1) for line in lines]
            text = "\n".join(lines)
    speaks = [ABOUT_ACCESS.search(line) is not None for line in lines]
    if len(lines) < 2 or not any(speaks):
        return text
    out = [lines[0]]
    before = lines[0]  # the line before as it was printed
    about = -9  # the last line that speaks of access
    encoded = _ENCODED.search(lines[0]) is not None  # it has begun, and goes on as long as lines are of its letters
    for number, line in enumerate(lines[1:], start=1):
        if speaks[number - 1] or speaks[number]:
            about = number
        length = _shared(before, line) if number - about < 4 else 0
        if ABOUT_ACCESS.search(line[:length]):
            length = 0  # two sentences about one caller begin alike: that is no prefix
        goes_on = length > 0 and _continues(before[_shared(line, before) :].rstrip(), line[length:].strip())
        if length > 0 and not goes_on and encoded:
            goes_on = _BLOB_ENDS.search(before) is not None and _BLOB_BEGINS.match(line[length:]) is not None
            about = number if goes_on else about
        introduced = f"{before[-60:]} {line[length:]}" if goes_on else line
        encoded = (goes_on and encoded) or _ENCODED.search(introduced) is not None
        out.append(line[length:] if goes_on else line)
        before = line
    return "\n".join(out)


def _shared(one: str, other: str) -> int:
    """The length, in ``other``, of the beginning that both have, up to a blank: 0 where it is none that is written
    before lines.
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
