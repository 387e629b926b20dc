"""Turn any pasted text into plain records: undo escapes, remove boxes and line breaks, make one record per message.

A pasted text was printed by one program (JSON, XML, colours), framed by another (Terraform's box, a log's prefix) and
wrapped by a third (a terminal). Each layer is removed before the words are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby, pairwise

from diagnostics.text.read.clean.known_words import BEGINNINGS, VOCABULARY
from diagnostics.text.read.clean.prefixes import CUT as _CUT
from diagnostics.text.read.clean.prefixes import without_prefixes
from diagnostics.text.read.clean.windows import PROMPT, RECORD_START, windows
from iam.lazy_pattern import regex
from iam.service_reference import action_names, resource_types

# Between pieces that cannot belong to one value (an XML tag stood here). Rules never match across it.
HARD = "\x1e"
# A line break that a program or a terminal made to fit a width: the words around it may be one.
WRAP = "\r"
_BOX = "\x1d"
_END = "\x1f"  # an XML error body ended here

_ESCAPE = regex(r"\\[\x1c\r]?(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(033|e(?=\[))|([\"'/\\nrtbf`]))")
_SIMPLE = {"n": "\n", "r": "\n", "t": " ", "b": "", "f": " "}
_ENTITY = regex(r"&(?:(quot|apos|lt|gt|amp|nbsp)|#(\d{1,7})|#x([0-9a-fA-F]{1,6}));", re.IGNORECASE)
_NAMED = {"quot": '"', "apos": "'", "lt": "<", "gt": ">", "amp": "&", "nbsp": " "}
_ANSI = regex(
    r"(?:\x1b|\^\[|\x9b)(?:\[[0-?]{0,40}[ -/]{0,4}[@-~]|\][^\x07\x1b\n]{0,400}(?:\x07|\x1b\\)?|[@-Z\\-_=>])"
    r"|\[\d{1,3}(?:;\d{1,3}){0,5}m(?!\])"
)
_CONTROL = regex("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffd]")
_NEWLINE = regex("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "\xa0": " ", "\t": " ", "\u202f": " "})

# Left border of a box, after what a log writes before each line (a time, a name in brackets).
_BORDER = regex(
    r"^(?:[ ]*(?:\[[^\]\n]{1,60}\]|\S{0,60}\d\S{0,60}))?[ ]*(?:[│┃║▏┆╎][ ]?|\|(?=$)|\|[ ](?![^|\n]*\|))", re.MULTILINE
)
_LONGEST_RECORD = 16_000
_AFTER_MESSAGE = regex(r"\s*(?:status code:|request id:|with \w+\.|on \S+ line \d|at \S+\.|Error: )")
_FRAME = regex(r"^[^\n\w]{0,40}[╷╵┌└╭╰├][^\n\w]*$", re.MULTILINE)
_RIGHT_BORDER = regex(r"[ ]*[│┃║][ ]*$", re.MULTILINE)

_PROMPT = regex(PROMPT)
_NARROWEST_CUT = 20  # columns
_DIGITS = regex(r"\d+")

_SPLIT = regex(rf"\n[ ]*\n\s*|\n(?={RECORD_START})|(?<=[}}\]])\n(?=[{{\[])|{_END}")

# What may follow a value inside a message, or after it, written without spaces.
_FOLLOWS = regex(
    r"(?:is|are)not(?:authori|allowed)|isinvalidor|isunable|onresource|onthe(?:resource|specified|following)|with(?:an)?explicit"
    r"|because(?:no(?:$|identity|resource|permission|session|service|vpc|role|trust)|public|the)"
    r"|inan?(?:identity|resource|permission|session|service|vpc)|transitively|allowsthe|action(?:$|[.\s(\"'\\]|status)|alreadyexist|hasbeentaken|operation:|encodedauthorization"
    r"|cannotbeassumed|couldnotbe|wasnotable|thatwasprovided",
    re.IGNORECASE,
)
# What programs print after a message. Any word may stand before it, which is then no part of a value.
_APPENDED = regex(
    r"statuscode|,?requestid|\(service|forcomplete|toassume|errorcode|withaws_|onmain|withmodule|arn:aws|sourcelocation",
    re.IGNORECASE,
)
_PLAIN_WORD = regex(r"[A-Z]?[a-z]+|[A-Z]+")
_LEVEL = regex(
    r"\W*(?:error|err|warn|warning|info|debug|trace|notice|severe|critical|fatal|panic)\b(?![-/])", re.IGNORECASE
)
_ACTION_END = regex(r"^[\"'`]?[a-z0-9-]+:[A-Z]\w*$")
_BEFORE_ACTION = frozenset(
    (
        "the",
        "perform",
        "perform:",
        "to",
        "execute",
        "api",
        "api:",
        "action",
        "permission",
        "permissions",
        "call",
        "for",
        "on",
    )
)
_FORM = frozenset(("User:", "Action:", "Context:", "Service:", "Resource:"))  # the console's own form
_LABEL = regex(r"[A-Z][A-Za-z]+:")
# A label with its value, in any language: "Contexte : no …".
_LABELLED_LINE = regex(r"(?![a-z])[^\W\d_][^\s:\uff1a]{1,30}(?: [^\s:\uff1a]{1,20}){0,3} ?[:\uff1a] ")
_FIELD = regex(r"[a-z]{2,20}: \S")  # the next field of a record, below a sentence that ends: "code: 30000"
_SETTING = regex(r"[a-z]+(?:[-_][a-z]+)+[:=]")  # a workflow's "role-to-assume:"
_ACCOUNT_PART = regex(r"arn:[^:]*:[^:]*:[^:]*:(?:\d{12}|aws|[^\d:]\S*|\d*[*xX<]\S*|):\S")


@dataclass(frozen=True, slots=True)
class LogRecord:
    """One message, with what was printed around it.

    ``text`` has its line breaks resolved as far as possible; `WRAP` marks a break that may or may not represent a
    space, and counts as white space. ``start`` is its position in the cleaned text.
    """

    text: str
    start: int


def clean(text: str) -> str:
    """Return the text without escapes, colours, control characters, entities, tags and boxes. Line ends are kept."""
    return "".join(map(_clean, windows([text])))


def _clean(text: str) -> str:
    for _ in range(4):
        plain = _strip_marks(_unescape(text))
        if plain == text:
            break
        text = plain
    text = _strip_tags(text.translate(_QUOTES))
    text = _join_lines(without_prefixes(_mark_boxes(text)))
    text = _unescape(text.replace(_BOX, ""))  # again: a break may have parted an escape
    text = re.sub(r"[ ]{2,}", " ", text)
    return re.sub(r"\n{3,}", "\n\n", text)


def records(cleaned: str) -> Iterator[LogRecord]:
    """Yield the messages of a cleaned text, in order."""
    start = 0
    for cut in _SPLIT.finditer(cleaned):
        if cut.start() > start:
            yield from _pieces(cleaned, start, cut.start())
        start = cut.end()
    if start < len(cleaned):
        yield from _pieces(cleaned, start, len(cleaned))


def _pieces(cleaned: str, start: int, end: int) -> Iterator[LogRecord]:
    """Yield one record, or several if it is longer than any message; it is cut before a sentence or between words."""
    while end - start > _LONGEST_RECORD:
        half, limit = start + _LONGEST_RECORD // 2, start + _LONGEST_RECORD
        cut = max(cleaned.rfind("User:", half, limit), cleaned.rfind("An error occurred", half, limit))
        cut = cut if cut > half else cleaned.rfind(" ", half, limit)
        cut = cut if cut > half else limit
        yield LogRecord(cleaned[start:cut], start)
        start = cut
    yield LogRecord(cleaned[start:end], start)


def squeezed(text: str) -> str:
    """Return the text in lower case without white space.

    It is used to test quickly whether a text can contain a phrase, even a broken one.
    """
    return "".join(text.split()).lower()


def spelled(text: str, phrases: Iterable[str]) -> str:
    """Return ``text`` without line breaks inside a word of one of the phrases."""
    if "\n" not in text and WRAP not in text and _CUT not in text:
        return text
    for phrase in phrases:
        text = _broken(phrase).sub(lambda match, phrase=phrase: _respelled(match, phrase), text)  # type: ignore[misc]  # the default binds it
    return text


@cache
def _broken(phrase: str) -> re.Pattern[str]:
    inside = r"(?:[ ]*[\n\r\x1c][ ]*)?"
    words = (inside.join(map(re.escape, word)) for word in phrase.split(" "))
    return regex(r"\s+".join(words), re.IGNORECASE)


def _respelled(match: re.Match[str], phrase: str) -> str:
    within_word = match.string[: match.start()][-1:].isalnum()
    breaks = (match.start() + each.start() for each in _BREAK.finditer(match[0]))
    if any(_parts_messages(match.string, at, within_word=within_word) for at in breaks):
        return match[0]
    letters = iter("".join(match[0].split()))
    return "".join(" " if letter == " " else next(letters) for letter in phrase)


_BREAK = regex(r"(?<=\S)[ ]*[\n\r\x1c][ ]*(?=\S)")
_SMALL_LETTER = regex(r"[a-z]\Z")
_CAPITALS = regex(r"[A-Z]{2,}\b")


def _parts_messages(text: str, at: int, *, within_word: bool) -> bool:
    """Return whether the break at ``at`` ends a message, so that the phrase around the break is none.

    It ends one if it follows a complete action, or if a word in capitals follows small letters. If the phrase began
    within a word, a level of a log ("error") begins the next message, too.
    """
    left, right = text[max(0, at - 300) : at], text[at:].lstrip(" \n\r\x1c")[:80]
    if _ends_with_an_action(_last_token(left), right) or (within_word and _LEVEL.match(right)):
        return True
    return _CAPITALS.match(right) is not None and _SMALL_LETTER.search(left) is not None


def unwrap(text: str) -> str:
    """Resolve each line break of a record: join broken words and names, put a space between complete ones."""
    if "\n" not in text and WRAP not in text and _CUT not in text:
        return text
    pieces = re.split(r"[ ]*([\n\r\x1c])[ ]*", text)
    out = [pieces[0]]
    last = _last_token(pieces[0])
    for index in range(1, len(pieces), 2):
        mark, piece = pieces[index], pieces[index + 1]
        rest = piece[:80]
        if len(piece) < 80 and index + 3 < len(pieces):
            rest = piece + pieces[index + 2] + pieces[index + 3][:80]
        joint = _joint(last, piece, rest, mark) if last and piece else " "
        out += (joint, piece)
        last = _last_token(piece) if " " in piece or joint else last + piece
    return "".join(out)


_ACTION_AT_END = regex(r"(?:^|[\"'(\[])(?P<action>[a-z0-9-]{2,30}:[A-Z]\w+)$")


def _ends_with_an_action(left: str, right: str) -> bool:
    """Return whether the line ends with a complete action, which the letters of the next line would break."""
    found = _ACTION_AT_END.search(left)
    letters = re.match(r"[A-Za-z]+", right)
    if found is None or letters is None:
        return False
    service, _, name = found["action"].lower().partition(":")
    known = action_names(service)
    return name in known and name + letters[0].lower() not in known


def _completes_an_action(left: str, right: str) -> bool:
    """Return whether the end of ``left`` is a known action only when joined to the beginning of ``right``."""
    found = _ACTION_AT_END.search(left)
    letters = re.match(r"[A-Za-z]+", right)
    if found is None or letters is None:
        return False
    service, _, name = found["action"].lower().partition(":")
    known = action_names(service)
    return name not in known and name + letters[0].lower() in known


def _joint(left: str, piece: str, rest: str, mark: str) -> str:
    """Return what belongs between two lines: nothing, a space, or the undecided `WRAP`."""
    right = piece.split(" ", 1)[0]
    ended = " " not in piece  # the right token reaches to the next break, so it may be broken again
    low_left, low_right = left.lower().lstrip("\"'([{"), right.lower()
    both = low_left + low_right
    if mark == "\n" and _begins_a_message(left, rest):
        return mark
    if right[0] in ":,.;)" or (right[0] == "/" and _is_identifier(left)):
        return ""
    if left.count("<") > left.count(">"):  # a redacted value with a space in it
        return "" if left.endswith("-") or mark == _CUT else " "
    if left[-1] == "." and right[0].islower() and _FOLLOWS.match("".join(rest.split())):
        return " "
    if mark != _CUT and left[-1] == "." and _FIELD.match(rest):
        return "\n"
    if left[-1] == "." and right[0].islower() and any(letter in "@/.:" for letter in left[:-1]):
        return ""
    if not ended and _ends_with_an_action(left, right):
        return " "
    if _completes_an_action(left, right) or _completes_a_type(left, right):
        return ""
    left_word, right_word = low_left in VOCABULARY, low_right.rstrip(".,:;") in VOCABULARY
    whole = both in VOCABULARY or both.rstrip(".,:;)\"'}]") in VOCABULARY
    after = "".join(rest[len(right) :].split())
    if whole and mark == _CUT:
        return ""
    if left_word and low_left not in _BEFORE_ACTION and re.match(r"[a-z0-9-]+:[A-Z]\w", right):
        return ""
    if left_word and (right_word or low_left.endswith(":")):
        return " "
    if whole or (ended and both in BEGINNINGS and not left_word):
        return ""
    if mark == "\n" and _LABELLED_LINE.match(rest):
        return mark
    if (_LABEL.match(right) and (mark == "\n" or right in _FORM)) or _SETTING.fullmatch(right):
        return " "
    if low_left in ("a", "ar", "arn") and both.startswith("arn:"):
        return ""
    if left.endswith(":AssumeRole") and right.startswith("With"):
        return ""
    if re.fullmatch(r"[\"'(]*[A-Z]\w+:", left):  # an error code or a label; or SNS's own spelling of its prefix
        return "" if len(left) == 4 and _FOLLOWS.match(after) else " "
    if _ACTION_END.search(left) and low_right.rstrip(".\"'") == "action":
        return " "
    if _LEVEL.match(right):
        return " "
    if right in ("You", "Your") or (_SHOUTED.fullmatch(left) and re.fullmatch(r"[A-Z][a-z]+:?", right)):
        return " "  # a sentence begins, and no name goes on
    squeezed_rest = "".join(rest.split())
    follows = (_FOLLOWS.match(squeezed_rest) or _APPENDED.match(squeezed_rest)) is not None
    if mark == _CUT:
        return " " if follows or (left_word and len(left) > 2) else ""
    if left_word or left[-1] in ".,;)]}>\"'" or left.endswith("):") or follows:
        return " "
    if _is_identifier(left):
        following_word = "".join(rest[len(right) :].split(maxsplit=1)[:1]).lower().rstrip(".,:;")
        return _identifier_joint(
            left, right, after, mark, ended=ended, right_word=right_word, following_word=following_word
        )
    return mark


# An error code on a line of its own: SERVICE_EXCEPTION.
_SHOUTED = regex(r"[A-Z]{3,}(?:_[A-Z]{2,})+")


def _identifier_joint(
    left: str, right: str, after: str, mark: str, *, ended: bool, right_word: bool, following_word: str
) -> str:
    """Return what `_joint` returns, for a line that ends with an ARN, an action or another name.

    The next line may continue that name.
    """
    goes_on = _FOLLOWS.match(after) is not None
    if mark == "\n" and after.startswith("arn:") and left[-1] not in "-/:_" and not _incomplete_arn(left):
        return mark  # the next row of a list: a name, a Region or an account's number, and an ARN of its own
    if not goes_on and _APPENDED.match(after):
        if _PLAIN_WORD.fullmatch(right.rstrip(".,:;")) and not left.endswith("-"):
            return mark
        goes_on = True
    if after.lower().startswith("alreadyexist"):
        return mark  # CloudFormation's rows put the name on a line of its own: the rules for names decide
    if mark == WRAP:
        if right_word and len(right) > 1 and not goes_on and following_word in VOCABULARY:
            return " "
        looks_like_prose = right[0].isupper() and right.isalpha() and len(right) > 1 and not ended
        return WRAP if looks_like_prose and not goes_on else ""
    if left.endswith("-") or _incomplete_arn(left) or (goes_on and not after.lower().startswith("already")):
        return ""
    if left.endswith(("/", ":", "_")) and not right_word:
        return ""
    if right_word and not ended and not _incomplete_arn(left) and left.startswith("arn:"):
        return " "
    alone = ended and not after
    if (
        _ACTION_END.search(left)
        and re.match(r"[a-z]+(?:(?:[A-Z][a-z]+)+\W*)?$", right)
        and (alone or not right.islower())
    ):
        return ""
    return "" if alone and left.startswith("arn:") and re.fullmatch(r"[\w+=,.@-]+/[\w+=,.@/-]+", right) else mark


def _is_identifier(token: str) -> bool:
    return len(token) > 20 or any(mark in token for mark in ":/_-=.@") or any(letter.isdigit() for letter in token)


def _incomplete_arn(token: str) -> bool:
    start = token.find("arn:")
    return start >= 0 and not _ACCOUNT_PART.match(token[start:])


_PLAIN_ARN = regex(r"arn:[\w-]+:(?P<service>[a-z0-9-]+):[\w-]*:\d{12}:(?P<rest>[A-Za-z-]+)$")


def _completes_a_type(left: str, right: str) -> bool:
    """Return whether the end of an ARN becomes a type of its service only with the beginning of the next line."""
    found = _PLAIN_ARN.search(left)
    letters = re.match(r"([A-Za-z-]+)[:/]", right)
    if found is None or letters is None:
        return False
    types = _written_types(found["service"])
    return found["rest"].lower() not in types and (found["rest"] + letters[1]).lower() in types


@cache
def _written_types(service: str) -> frozenset[str]:
    """Return the resource types that come before the name in a service's ARNs (Service Authorization Reference)."""
    kinds = (_TYPE_OF_TEMPLATE.match(each.arn) for each in resource_types(service).values())
    return frozenset(each["type"].lower() for each in kinds if each is not None)


_TYPE_OF_TEMPLATE = regex(r"(?:[^:]*:){5}(?P<type>[A-Za-z-]+)[:/]")


def _last_token(text: str) -> str:
    return text[text.rfind(" ") + 1 :][-300:]


def _unescape(text: str) -> str:
    if "\\" in text:
        text = _ESCAPE.sub(_unescaped, text)
    if "&" in text:
        text = _ENTITY.sub(_entity, text)
    return text


def _unescaped(match: re.Match[str]) -> str:
    if code := match[1] or match[2]:
        return chr(int(code, 16))
    if match[3]:
        return "\x1b"
    return _SIMPLE.get(match[4], match[4])


def _entity(match: re.Match[str]) -> str:
    if match[1]:
        return _NAMED[match[1].lower()]
    number = int(match[2]) if match[2] else int(match[3], 16)
    return chr(number) if 0 < number < 0x110000 else ""


def _strip_marks(text: str) -> str:
    if "\x1b" in text or "[" in text:
        text = _ANSI.sub("", text)
    return _CONTROL.sub("", _NEWLINE.sub("\n", text))


def _strip_tags(text: str) -> str:
    """Replace XML tags with `HARD`. Only names with a closing tag are tags: ``<region>`` may be a redacted value.

    The name of a SAML assertion's attribute is kept, because only its tag contains it.
    """
    closed = set(re.findall(r"</([A-Za-z][\w:.-]{0,80})\s{0,20}>", text)) if "</" in text else set()
    if not closed:
        return text

    def replace(tag: re.Match[str]) -> str:
        if tag[2] not in closed:
            return tag[0]
        if tag[2].endswith("Attribute") and (name := re.search(r"\bName=(\"[^\"<>]*\"|'[^'<>]*')", tag[0])):
            return f"{HARD}{name[0]}{HARD}"
        return _END if tag[1] and tag[2] in ("Error", "ErrorResponse") else HARD

    return re.sub(r"<(/?)([A-Za-z][\w:.-]{0,80})(?:\s[^<>\n]{0,300})?>", replace, text)


def _mark_boxes(text: str) -> str:
    """Replace the left border of each line with `_BOX`.

    The right border and the lines that are only a frame are removed.
    """
    text = _FRAME.sub("", text)
    if any(mark in text for mark in "│┃║▏┆╎|"):
        text = _BORDER.sub(_BOX, _RIGHT_BORDER.sub("", text))
    return text


def _join_lines(text: str) -> str:
    """Mark the breaks that were made to fit a width, judging by where the lines end and whether they keep spaces.

    A program that cuts text into pieces of one width keeps the spaces at the cuts; one that wraps at words drops them.
    """
    lines = text.split("\n")
    out: list[str] = []
    for boxed, group in groupby(lines, key=lambda line: line.startswith(_BOX)):
        contents = [line.removeprefix(_BOX) for line in group]
        if out:
            out.append("\n")
        out += _join_group(contents, boxed=boxed)
    return "".join(out)


def _join_group(lines: list[str], *, boxed: bool) -> list[str]:
    """Return the lines of one box, or outside any box, with a mark between them that says what each break is."""
    width = _cut_width(lines)
    keeps_spaces = boxed and any(len(line) > 1 and line[0] == " " and line[1] != " " for line in lines)
    out, before = [lines[0]], ""
    for line, following in pairwise(lines):
        # A message that is printed twice in a row takes one line: nothing of it stands on the next.
        is_whole = len(line) >= _NARROWEST_CUT and _form(line) in (_form(before), _form(following))
        mark = "\n" if is_whole else _break_between(line, following, width, boxed=boxed, keeps_spaces=keeps_spaces)
        out += (mark, following)
        before = line
    return out


def _form(line: str) -> str:
    """Return a line without its numbers, so that two printings of one message are equal."""
    return _DIGITS.sub("0", line)


_WITHIN_QUOTES = regex(r"['\"]arn:[^'\"\s]*$")
_NEXT_MESSAGE = regex(r"[\w.-]{1,60}: [^'\"]*$")


def _begins_a_message(line: str, following: str) -> bool:
    """Whether a line was truncated within quotes and the next line begins another message."""
    return _WITHIN_QUOTES.search(line) is not None and _NEXT_MESSAGE.match(following) is not None


def _break_between(line: str, following: str, width: int | None, *, boxed: bool, keeps_spaces: bool) -> str:
    """Return the text to insert where two lines are joined: "", a newline, or the mark of a cut or wrapped line."""
    if not line.strip() or not following.strip() or following.startswith("  ") or _PROMPT.match(following):
        return "\n"
    if _begins_a_message(line, following):
        return "\n"
    spaced = line[-1] == " " or following[0] == " "
    if len(line) == width or (keeps_spaces and not _AFTER_MESSAGE.match(following)):
        return "" if spaced else _CUT
    return WRAP if boxed and not spaced else "\n"


def _cut_width(lines: list[str]) -> int | None:
    """Return the width at which the lines were cut, or None if nothing shows that they were.

    Two full lines show that the lines were cut. They do not if they are one message printed twice, by a retry or
    because a text was pasted twice: such lines end at the same column anyway. They begin alike except for their
    numbers.
    """
    width = max(map(len, lines))
    if width < _NARROWEST_CUT:
        return None
    beginnings = {_form(line)[:_NARROWEST_CUT] for line in lines if len(line) == width}
    return width if len(beginnings) > 1 else None
