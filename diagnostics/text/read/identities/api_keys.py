"""Read requests that an API key of Amazon Location Service authorizes, in place of an IAM identity.

Amazon Location Service API Reference, "UpdateKey" and "ApiKeyRestrictions"
(https://docs.aws.amazon.com/location/previous/APIReference/API_UpdateKey.html).
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

from iam.lazy_pattern import regex

_KEY = regex(r"[?&]key=v1\.public\.")
_REFUSED = regex(r"not authorized|explicit deny|\b403\b", re.IGNORECASE)
_ALLOWED_PAGES = regex(r"AllowReferers[\"']?\s*[:=]?\s*(?P<values>[^\n]{3,300})")
_URL = regex(r"https?://[\w.*-]+(?:/[\w./*%-]*)?")
_PAGE = regex(
    r"\b(?:page|site|app|origin|referrer|referer|served|runs|opened|moved)\b[^\n]{0,60}?(?P<url>https?://[\w.-]+(?:/[\w./%-]*)?)",
    re.IGNORECASE,
)


def has_api_key(text: str) -> bool:
    """Return whether a refused request in the text carries an API key of Amazon Location Service."""
    return _KEY.search(text) is not None and _REFUSED.search(text) is not None


def other_page(text: str) -> tuple[str, tuple[str, ...]] | None:
    """Return the page of the request and the pages that the key allows, if none of them covers it; else None."""
    allowed = tuple(
        dict.fromkeys(url for each in _ALLOWED_PAGES.finditer(text) for url in _URL.findall(each["values"]))
    )
    pages = [
        each["url"] for each in _PAGE.finditer(_ALLOWED_PAGES.sub("", text)) if ".amazonaws.com" not in each["url"]
    ]
    if not allowed or not pages or any(fnmatchcase(page, pattern) for page in pages for pattern in allowed):
        return None
    return pages[-1], allowed
