"""Read single values from a record: principals, actions, resources, ARNs, names."""

from __future__ import annotations

import re

from diagnostics.text.read.clean.records import HARD, WRAP
from iam.lazy_pattern import regex
from iam.services import principal_short_name

ACTION = r"[A-Za-z][A-Za-z0-9-]*:[A-Za-z0-9_*]+"
# What somebody put in the place of a part: <account>, {id}, ${AWS::AccountId}, [bucket name]. It may contain spaces.
MASK = r"(?:<[^<>\n]{1,60}>|\{[\w .:-]{1,60}\}|(?<=[:/])\[[\w .-]{1,60}\])"
ARN = rf"arn:(?:{MASK}|[^\s\"'`{{}}|\\,\x1e])+"
_LONGEST_VALUE = 2200

# Words that AWS puts before a resource's name where it has no ARN; they are part of the value.
_KINDS = (
    r"(?:role|policy|user|group|instance profile|access key|key|server certificate|login profile|MFA device|"
    r"SAML provider|OIDC provider|signing certificate)"
)
_KINDED = regex(rf"{_KINDS}\s+\S+", re.IGNORECASE)


def one_value(raw: str) -> str | None:
    """Return the single value in ``raw``, with broken lines joined; None if ``raw`` contains more than one value."""
    value = raw.strip().strip("\"'`").strip()
    if not value or HARD in value or len(value) > _LONGEST_VALUE:
        return None
    if _KINDED.fullmatch(value):
        kind, name = re.match(rf"({_KINDS})\s+(.*)", value, re.IGNORECASE | re.DOTALL).groups()  # type: ignore[union-attr]  # it matched above
        return f"{kind} {join_breaks(name)}".strip("\"'`")
    joined = join_breaks(value)
    if " " not in joined:
        return joined
    kinded = re.match(rf"({_KINDS})\s+(.*)", joined, re.IGNORECASE | re.DOTALL)
    inner = kinded[2] if kinded else joined
    bare = re.sub(MASK, "", inner)
    if " " not in bare.strip():
        return joined
    return None


def join_breaks(value: str) -> str:
    """Remove line breaks, and marks of possible line breaks (`WRAP`), from inside a value."""
    return value.replace(WRAP, "").replace("\n", "")


def first_value(text: str) -> str | None:
    """Return the value that ``text`` begins with: a quoted string, ``role NAME``, or a word; None if there is none."""
    text = text.lstrip().removeprefix("[")
    if text[:1] in ('"', "'", "`"):
        end = text.find(text[0], 1)
        if 0 < end <= _LONGEST_VALUE:
            return join_breaks(text[1:end]).strip() or None
        text = text[1:]
    if kinded := re.match(rf"{_KINDS}\s+[^\s\"'`{HARD}]+", text, re.IGNORECASE):
        return trimmed(kinded[0])
    word = re.match(rf"(?:{MASK}|[^\s\"`{{}}{HARD}])+", text)
    return trimmed(word[0]) if word else None


def trimmed(value: str) -> str | None:
    """Return the value without the punctuation of its sentence. The mark of a truncated value is kept."""
    if cut := re.search(r"(?:…|\.{3,})(?=[\"'`)\]}]*$)", value):
        return value[: cut.end()]
    while value and value[-1] in ".,;:)]}'\"`\\":
        opens = _OPENS.get(value[-1])
        if opens and value.count(opens) >= value.count(value[-1]):
            break  # a bracket that the value itself opened
        value = value[:-1]
    return value or None


_OPENS = {")": "(", "]": "[", "}": "{"}


def last_word(text: str) -> str | None:
    """Return the word that ``text`` ends with, without quotes and brackets; None if there is none."""
    words = re.search(rf"[^\s{HARD}]+\s*$", text[-_LONGEST_VALUE:])
    if words is None:
        return None
    word = words[0].strip().strip("\"'`([{,:")
    # Written against what stands before it: Some("NAME, message=("NAME.
    return re.split(r"[\"'`(\[{]", word)[-1] or None


def find_arn(text: str) -> str | None:
    found = re.search(ARN, text)
    return trimmed(found[0]) if found else None


_MARKED = regex(r"[\d:/_.@+=,-]|[a-z][A-Z]")  # what no English word has inside
_LABELLED = regex(
    r"(?:\b(?:user|role|group|principal|caller|identity)(?:\s+(?:named|called|name))?\s*[:=]?\s*)$", re.IGNORECASE
)
# Words for whoever called, in the place of a name; and a sentence's own words.
_NO_NAMES = frozenset(
    re.findall(
        r"\w+",
        "you user users caller account it role roles principal client and but are is not he she service "
        "identity session requester requestor request group function application app program process job task "
        "agent instance server credentials token access key anonymous everyone somebody operation action api "
        "was were has have be been this that the an a one which who they currently also still therefore "
        "administrator operator owner customer tenant ",
    )
)


def name_before(text: str) -> str | None:
    """Return the name at the end of ``text``, where a sentence has its subject; None if it is no ARN and no name.

    A word that could be English is a name only if it is quoted or follows a label (``User:``, ``role``).
    """
    word = last_word(text)
    if word is None or is_no_name(word):
        return None
    before = text[: text.rindex(word)]
    quoted = before.endswith(('"', "'", "`"))
    if _MARKED.search(word) or quoted or _LABELLED.search(before):
        return word
    return word if principal_short_name(word) else None


def is_no_name(word: str) -> bool:
    """Return whether the word is not a name but only a word for the caller."""
    return word.lower().strip(".,;:()") in _NO_NAMES
