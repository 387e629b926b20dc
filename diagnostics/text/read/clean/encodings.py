"""Decode texts that a mail program, a form or an editor encoded, before anything is parsed.

Sources: RFC 2045, section 6.7, "Quoted-Printable Content-Transfer-Encoding"; RFC 3986, section 2.1, "Percent-Encoding";
Unicode Standard Annex 15, "Fullwidth forms".
"""

from __future__ import annotations

import base64
import binascii
import re
from itertools import groupby
from urllib.parse import unquote_plus

from diagnostics.text.read.author.permission_tests import begins_trials
from iam.lazy_pattern import regex

_LONGEST = 100_000
_ABOUT = regex(r"authori[sz]|denied|arn:|allows|error", re.IGNORECASE)
_SOFT_BREAK = regex(r"(?<=\S)=[ \t]*\r?\n(?=\S)")
_ANY_SOFT_BREAK = regex(r"=[ \t]*\r?\n(?=[^\n])")
_NO_YEAR = r"(?<!=20(?=\d\d-\d\d-))"  # "time=2026-12-01" is a field of a log
_QUOTED = regex(rf"=(?:3D|20{_NO_YEAR}|09|0A|0D|22|27|C3=|E2=80=)")
_HEADER = regex(r"quoted-printable", re.IGNORECASE)
_BYTES = regex(rf"(?:=[0-9A-Fa-f]{{2}}{_NO_YEAR})+")
_ENCODED_MARK = regex(r"arn%(?:25)?3Aaws|not(?:\+|%(?:25)?20)authori[sz]ed", re.IGNORECASE)
_BASE64 = regex(r"(?<![\w+/=.:-])[A-Za-z0-9+/]{80,}={0,2}(?![\w+/=])")
# A full-width colon also labels a line in Chinese and Japanese: it is kept unless it joins two names.
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if code not in (0xFF1A, 0xFF08, 0xFF09, 0xFF0C)}
_WIDE_COLON = regex("(?<=[A-Za-z0-9:\uff1a])\uff1a(?=[A-Za-z0-9:\uff1a*])")
_WIDE_ARN = regex("[aA\uff41][rR\uff52][nN\uff4e][\uff1a:][\uff1a:A-Za-z0-9\uff21-\uff5a]")
_MOST_LAYERS = 3
# A name between a backtick and an apostrophe, as older Unix programs quote.
_OLD_QUOTES = regex(r"(?<![\w`])`([^`'\s]{1,300})'(?!\w)")


def decoded(text: str) -> str:
    """Return the text without encodings that apply to all of it; unchanged if there are none."""
    if len(text) > _LONGEST:
        return text
    text = _without_quoted_printable(text)
    text = _without_percents(text)
    text = _without_base64(text)
    text = _without_columns(_with_whole_cells(_without_marks(text)))
    text = _OLD_QUOTES.sub(r"'\1'", text) if "`" in text else text
    return _without_wide_letters(text)


def _without_quoted_printable(text: str) -> str:
    soft = len(_SOFT_BREAK.findall(text))
    headed = _HEADER.search(text) is not None
    if not (soft or headed or _QUOTED.search(text)):
        return text
    if not (headed or soft > 1 or (soft and _QUOTED.search(text)) or len(_QUOTED.findall(text)) > 2):
        return text
    breaks = _ANY_SOFT_BREAK if headed or soft > 1 else _SOFT_BREAK
    return _BYTES.sub(_bytes, breaks.sub("", text))


def _bytes(found: re.Match[str]) -> str:
    try:
        return bytes.fromhex(found[0].replace("=", "")).decode("utf-8")
    except UnicodeDecodeError:
        return found[0]


def _without_percents(text: str) -> str:
    for _ in range(_MOST_LAYERS):
        if not _ENCODED_MARK.search(text):
            break
        words = re.split(r"(\s+)", text)
        text = "".join(unquote_plus(word) if _ENCODED_MARK.search(word) else word for word in words)
    return text


def _without_base64(text: str) -> str:
    """Return the text with each blob decoded that contains a text about access.

    Examples are a log line of Kinesis or CloudWatch, an SNS record, or a Kubernetes secret.
    """
    if _ABOUT.search(text) and re.search(r"authori[sz]ed to perform|AccessDenied", text):
        return text
    return _BASE64.sub(_plain, text)


def _plain(found: re.Match[str]) -> str:
    try:
        plain = base64.b64decode(found[0], validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return found[0]
    return plain if re.search(r"authori[sz]ed to perform|AccessDenied|explicit deny", plain) else found[0]


# What a page or a chat puts inside a sentence to format it.
_INLINE_TAG = regex(
    r"</?(?:b|i|u|em|strong|code|span|a|font|p|div|tt|samp|kbd|mark)(?:\s[^<>\n]{0,300})?>", re.IGNORECASE
)
_BREAK_TAG = regex(r"\s*<br\s*/?>\s*", re.IGNORECASE)
_BOLD = regex(r"(?<![\w*:/])\*\*(?=[A-Za-z])([^*\n]{1,300}?)(?<=\w)\*\*(?![\w*:/])")
_DASH = regex("(?<=[\\w:/])[\u2010-\u2013](?=\\w)")
_ABOUT_ACCESS = regex(r"arn:|authori[sz]ed|denied|based", re.IGNORECASE)


def _without_marks(text: str) -> str:
    """Return the text without the markup that a web page or a chat adds.

    In lines about access, tags and asterisks are removed, and typographic dashes become hyphens.
    """
    if not re.search("<[a-zA-Z/]|\\*\\*|[\u2010-\u2013]", text):
        return text
    return "\n".join(_plain_line(line) if _ABOUT_ACCESS.search(line) else line for line in text.split("\n"))


def _plain_line(line: str) -> str:
    line = _INLINE_TAG.sub("", _BREAK_TAG.sub(" ", line)) if "<" in line else line
    return _DASH.sub("-", _BOLD.sub(r"\1", line))


_ROW = regex(r"[ \t]*\|(?:[^|\n]*\|)*?[ ]?(?P<cell>[^|\n]*)\|[ \t]*")
_SENTENCES = ("notauthorizedtoperform", "onresource:arn:", "identity-basedpolicy", "explicitdeny")
_FEWEST_ROWS = 3
_NARROWEST = 20  # columns


def _with_whole_cells(text: str) -> str:
    """Join the lines of a table cell that reports a denial, if the row continues in that column alone."""
    if text.count("|") < _FEWEST_BORDERS or not _REFUSES.search(text.replace("|", "")):
        return text
    out: list[str] = []
    for line in text.split("\n"):
        cells, above = _cells(line), _cells(out[-1]) if out else []
        filled = [at for at, cell in enumerate(cells) if cell.strip()]
        if len(filled) == 1 and filled[0] > 1 and len(cells) == len(above) and above[filled[0]].strip():
            at = filled[0]
            cell = above[at]
            goes_on = cells[at].removeprefix(" ")
            above[at] = f"{cell.rstrip()} {goes_on.lstrip()}" if cell.endswith(" ") else cell + goes_on
            out[-1] = "|".join(above)
        else:
            out.append(line)
    return "\n".join(out)


_FEWEST_BORDERS = 6
_REFUSES = regex(r"not\s+authori[sz]ed", re.IGNORECASE)


def _cells(line: str) -> list[str]:
    """Return the parts of a table row between its borders, with an empty part at each end; empty for any other line."""
    row = line.strip()
    return row.split("|") if len(row) > 1 and row[0] == row[-1] == "|" else []


def _without_columns(text: str) -> str:
    """Return the text with a table reduced to its last column, if that column has one message in several rows."""
    if text.count("\n") < _FEWEST_ROWS - 1 or "|" not in text:
        return text
    out: list[str] = []
    for is_row, run in groupby(text.split("\n"), key=lambda line: _ROW.fullmatch(line) is not None):
        lines = list(run)
        cells = [found["cell"] for line in lines if (found := _ROW.fullmatch(line))] if is_row else []
        squeezed = ["".join(cell.split()).lower() for cell in cells]
        said = [phrase for phrase in _SENTENCES if phrase in "".join(squeezed)]
        inside = any(not any(phrase in cell for cell in squeezed) for phrase in said)
        full = {cell for cell in cells if len(cell) > _NARROWEST and not cell[:-1].endswith(" ") and cell.strip("-")}
        parted = len(cells) >= _FEWEST_ROWS and said and (inside or len(full) > 1) and not begins_trials(lines[0])
        out += [cell[:-1] if cell.endswith(" ") else cell for cell in cells] if parted else lines
    return "\n".join(out)


def _without_wide_letters(text: str) -> str:
    if _WIDE_ARN.search(text) and re.search("[\uff21-\uff5a]", text):
        return text.translate(_WIDE | {0xFF1A: ":"})
    if not re.search("[\uff10-\uff5a]", text) and not _WIDE_ARN.search(text):
        return text
    return _WIDE_COLON.sub(":", text.translate(_WIDE))
