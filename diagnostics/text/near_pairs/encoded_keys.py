"""Find an object key that a call has in URL-encoded form, if the text also shows the unencoded key."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import unquote_plus

from diagnostics.failure import Denial
from diagnostics.text.near_pairs.difference_and_advice import Basis, NearPair
from diagnostics.text.near_pairs.named_values import Paste
from iam.lazy_pattern import regex

_OF_OBJECTS = regex(
    r"\bfrom S3\b|\bS3 object\b|\bInvalidS3ObjectException\b|\bS3Object\b|\bNoSuchKey\b|\bHeadObject\b|\bGetObject\b"
    r"|\bs3:GetObject\b",
)
_KEY = regex(r"(?<![\w/%+.-])(?P<key>[\w./!()-]*(?:\+|%[0-9A-Fa-f]{2})[\w./!()+%-]*\w)(?![\w/])")
_SHORTEST = 4


def of_encoded_keys(paste: Paste) -> Iterator[NearPair]:
    """Yield the encoded key of the call and the unencoded key in the text.

    Amazon S3 User Guide, "Event message structure": the key in an event is URL-encoded
    (https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html).
    """
    pair = encoded_key(paste.text)
    if pair is None or not _OF_OBJECTS.search(paste.text):
        return
    code = "resource.not-found" if isinstance(paste.failure, Denial) else "not-iam"
    difference = "the first is its URL-encoded form, as S3's events contain it"
    yield NearPair("object key", pair[0], "the call", pair[1], "the text also", difference, Basis.ENCODED, code)


def encoded_key(text: str) -> tuple[str, str] | None:
    """Return a URL-encoded key and the key itself, if the text has both; else None."""
    for found in _KEY.finditer(text):
        key = unquote_plus(found["key"])
        name = key.rpartition("/")[2]
        if len(name) > _SHORTEST and name != found["key"].rpartition("/")[2] and _is_shown(name, text):
            return found["key"], key  # a list shows only the part after the last slash
    return None


def _is_shown(key: str, text: str) -> bool:
    """Whether the text contains the key between quotes, spaces or slashes."""
    at = text.find(key)
    return at >= 0 and not text[at - 1 : at].isalnum() and not text[at + len(key) : at + len(key) + 1].isalnum()
