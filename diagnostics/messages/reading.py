"""From whatever was pasted to plain records: escapes undone, boxes and line breaks resolved, one record a message.

A pasted text was printed by some program (JSON, XML, colours), drawn by another (Terraform's box, a log's prefix) and
broken into lines by a third (a terminal). Each layer is taken off before any rule looks at the words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

# Between pieces that cannot belong to one value (an XML tag stood here). Rules never match across it.
HARD = "\x1e"
# A line break that a program or a terminal made to fit a width: the words around it may be one.
WRAP = "\r"
_BOX = "\x1d"
_END = "\x1f"  # an XML error body ended here

_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(033|e(?=\[))|([\"'/\\nrtbf`]))")
_SIMPLE = {"n": "\n", "r": "\n", "t": " ", "b": "", "f": " "}
_ENTITY = re.compile(r"&(?:(quot|apos|lt|gt|amp|nbsp)|#(\d{1,7})|#x([0-9a-fA-F]{1,6}));", re.IGNORECASE)
_NAMED = {"quot": '"', "apos": "'", "lt": "<", "gt": ">", "amp": "&", "nbsp": " "}
_ANSI = re.compile(
    r"(?:\x1b|\^\[|\x9b)(?:\[[0-?]{0,40}[ -/]{0,4}[@-~]|\][^\x07\x1b\n]{0,400}(?:\x07|\x1b\\)?|[@-Z\\-_=>])"
    r"|\[\d{1,3}(?:;\d{1,3}){0,5}m(?!\])"
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffd]")
_NEWLINE = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "\xa0": " ", "\t": " ", "\u202f": " "})

# Left border of a box, after what a log writes before each line (a time, a name in brackets).
_BORDER = re.compile(
    r"^(?:[ ]*(?:\[[^\]\n]{1,60}\]|\S{0,60}\d\S{0,60}))?[ ]*(?:[│┃║▏┆╎][ ]?|\|(?=$)|\|[ ](?![^|\n]*\|))", re.MULTILINE
)
_FRAME = re.compile(r"^[^\n\w]{0,40}[╷╵┌└╭╰├][^\n\w]*$", re.MULTILINE)
_RIGHT_BORDER = re.compile(r"[ ]*[│┃║][ ]*$", re.MULTILINE)

_RECORD_START = (
    r"(?:\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d|\[\d{4}-\d\d-\d\d|\[?\d{1,2}:\d\d:\d\d|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d"
    r"|(?:[Ff]atal )?[Ee]rror: |An error occurred \(|A client error \(|\* \S+[:.]|(?:upload|download|copy|move|delete) failed: "
    r"|fatal error: |##\[error\]|::error|Traceback \(most)"
)
_SPLIT = re.compile(rf"\n[ ]*\n\s*|\n(?={_RECORD_START})|(?<=[}}\]])\n(?=[{{\[])|{_END}")

# Every word that a rule of this package reads, so that a broken line can be told from a broken word.
_VOCABULARY = frozenset(
    """
    user: users role roles group policy policies principal identity is are was not authorized authorised unauthorized to perform perform:
    on resource resource: resources resources: the this specified following because no identity-based resource-based permissions permission
    boundary session sessions service control vpc endpoint trust allows allow action action. with an a explicit deny in transitively through
    encoded authorization failure message message: for complete details or call api following id id: go
    an error occurred when calling operation operation: client denied access denied. accessdenied: accessdenied accessdeniedexception
    accessdeniedexception: you do does have allowed assume assumed assuming cannot can be could unable must provide provided that by
    was regional global neither nor one principal defined function execution already exists exists. exist name names called duplicate
    are allowed. instance profile login provider url server certificate entity entityalreadyexists: entityalreadyexists at same path and has
    been taken account account, please try different suffix. stack type identifier https response statuscode: requestid: status code code:
    request id host service: error: user arn public acls policies prevented setting s3 block ciphertext refers customer master key
    exceed quota limit exceeded number managed versions versions. up token expired expired. security included invalid signature
    calculated match credentials locate unable modifiable only protected must detach delete all first rate from it must as its credentials
    creating create iam requested durationseconds exceeds hour roles chaining maxsessionduration set
    """.split()
)
_BEGINNINGS = frozenset(word[:end] for word in _VOCABULARY for end in range(1, len(word)))
# What may follow a value inside a message, or after it, written without spaces.
_FOLLOWS = re.compile(
    r"(?:is|are)not(?:authori|allowed)|isunable|onresource|onthe(?:resource|specified|following)|because(?:no|public|the)|with(?:an)?explicit"
    r"|inan?(?:identity|resource|permission|session|service|vpc)|transitively|allowsthe|action(?:$|[.\s(\"'\\]|status)|alreadyexist|hasbeentaken"
    r"|cannotbeassumed|couldnotbe|wasnotable|thatwasprovided|status(?:code)|requestid|\(service|,requestid|forcomplete|toassume|errorcode"
    r"|operation:|withaws_|onmain|withmodule|arn:aws|encodedauthorization|sourcelocation",
    re.IGNORECASE,
)
_LABEL = re.compile(r"[A-Z][A-Za-z]+:")
_ACCOUNT_PART = re.compile(r"arn:[^:]*:[^:]*:[^:]*:(?:\d{12}|aws|[^\d:]\S*|\d*[*xX<]\S*|):\S")


@dataclass(frozen=True, slots=True)
class Record:
    """One message with what was printed around it. ``text`` has its line breaks resolved as far as they can be told;
    what stays undecided is `WRAP`, which counts as white space. ``start`` is its place in the cleaned paste."""

    text: str
    start: int


def clean(text: str) -> str:
    """The paste without escapes, colours, control characters, entities, tags and boxes. Lines stay lines."""
    for _ in range(4):
        plain = _strip_marks(_unescape(text))
        if plain == text:
            break
        text = plain
    text = _strip_tags(text.translate(_QUOTES))
    text = _mark_terminal_wraps(text)
    return _strip_boxes(text)


def records(cleaned: str) -> Iterator[Record]:
    """The messages of a cleaned paste, in order."""
    start = 0
    for cut in _SPLIT.finditer(cleaned):
        if cut.start() > start:
            yield Record(cleaned[start : cut.start()], start)
        start = cut.end()
    if start < len(cleaned):
        yield Record(cleaned[start:], start)


def squeezed(text: str) -> str:
    """The text in lower case without white space: for asking quickly whether it may hold a phrase, however broken."""
    return "".join(text.split()).lower()


def unwrap(text: str) -> str:
    """Resolve each line break of a record: join broken words and names, put a space between whole ones."""
    if "\n" not in text and WRAP not in text:
        return text
    pieces = re.split(r"[ ]*([\n\r])[ ]*", text)
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


def _joint(left: str, piece: str, rest: str, mark: str) -> str:
    """What belongs between two lines: nothing, a space, or the undecided `WRAP`."""
    right = piece.split(" ", 1)[0]
    ended = " " not in piece  # the right token reaches to the next break, so it may be broken again
    low_left, low_right = left.lower().lstrip("\"'([{"), right.lower()
    both = low_left + low_right
    if right[0] in ":,.;)" and len(right) < 60:
        return ""
    left_word, right_word = low_left in _VOCABULARY, low_right.rstrip(".,:;") in _VOCABULARY
    if left_word and (right_word or low_left.endswith(":")):
        return " "
    if both in _VOCABULARY or both.rstrip(".,:;)\"'") in _VOCABULARY:
        return ""
    if ended and both in _BEGINNINGS and not left_word:
        return ""
    if low_left in ("a", "ar", "arn") and both.startswith("arn:"):
        return ""
    if left_word or left[-1] in ".,;)]}>\"'":
        return " "
    follows = _FOLLOWS.match("".join(rest.split()))
    if follows:
        return " "
    if mark == "\n" and _LABEL.match(right):
        return mark
    if _is_identifier(left):
        if mark == WRAP:
            looks_like_prose = right[0].isupper() and right.isalpha() and len(right) > 1 and not ended
            after = "".join(rest[len(right) :].split())
            return WRAP if looks_like_prose and not _FOLLOWS.match(after) else ""
        after = "".join(rest[len(right) :].split())
        goes_on = _FOLLOWS.match(after) and not after.lower().startswith("already")
        return "" if low_left.endswith(("-", "/", ":", "_")) or _incomplete_arn(left) or goes_on else mark
    return mark


def _is_identifier(token: str) -> bool:
    return len(token) > 20 or any(mark in token for mark in ":/_-=.@") or any(letter.isdigit() for letter in token)


def _incomplete_arn(token: str) -> bool:
    start = token.find("arn:")
    return start >= 0 and not _ACCOUNT_PART.match(token[start:])


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
    """Put `HARD` in place of XML tags. ``<region>`` may be a redacted value: only names that are closed are tags."""
    closed = set(re.findall(r"</([A-Za-z][\w:.-]{0,80})\s{0,20}>", text)) if "</" in text else set()
    if not closed:
        return text

    def replace(tag: re.Match[str]) -> str:
        if tag[2] not in closed:
            return tag[0]
        return _END if tag[1] and tag[2] in ("Error", "ErrorResponse") else HARD

    return re.sub(r"<(/?)([A-Za-z][\w:.-]{0,80})(?:\s[^<>\n]{0,300})?>", replace, text)


def _mark_terminal_wraps(text: str) -> str:
    """Where several lines end at exactly the same, greatest column, a terminal broke them: mark these ends."""
    if len(text) > 200_000 or text.count("\n") < 2:
        return text
    lines = text.split("\n")
    width = max(map(len, lines))
    if width < 40 or sum(len(line) == width for line in lines) < 2:
        return text
    out: list[str] = []
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        wrapped = len(line) == width and line[-1:] != " " and following[:1].strip()
        out += (line, WRAP if wrapped else "\n")
    return "".join(out[:-1])


def _strip_boxes(text: str) -> str:
    text = _FRAME.sub("", text)
    if any(mark in text for mark in "│┃║▏┆╎|"):
        text = _BORDER.sub(_BOX, _RIGHT_BORDER.sub("", text))
        text = re.sub(rf"(?<=[^\s{_BOX}])[\n{WRAP}]{_BOX}(?=\S)", WRAP, text)
        text = text.replace(_BOX, "")
    text = re.sub(r"[ ]{2,}", " ", text)
    return re.sub(r"\n{3,}", "\n\n", text)
