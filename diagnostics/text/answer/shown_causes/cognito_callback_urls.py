"""Name how redirect_uri differs from the callback URLs of the Cognito app client."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from diagnostics.text.answer.shown_causes.shown_cause import ShownCause
from iam.lazy_pattern import regex

_ASKED = regex(
    r"[?&]redirect_uri=(?P<uri>[^&\s\"'<>]+)|\bredirect_uri[\"']?\s*[:=]\s*[\"']?(?P<plain>https?[^\s\"',;&<>]+)"
)
_CALLBACKS = regex(r"\bcallback[ _-]?urls?[\"']?\s*(?:are|is|[:=])?\s*[\[(]?(?P<list>[^\])]{0,1500})", re.IGNORECASE)
_URL = regex(r"[a-z][\w+.-]*://[^\s\"',;<>\])]+")


def of_callback_urls(text: str) -> ShownCause | None:
    """Return how redirect_uri differs from the app client's callback URLs; None if the text does not show both.

    Amazon Cognito Developer Guide, "App client settings": the URLs are compared exactly
    (https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-client-apps.html).
    """
    asked, listed = _ASKED.search(text), _CALLBACKS.search(text)
    if asked is None or listed is None:
        return None
    uri = unquote(asked["uri"] or asked["plain"]).rstrip(".")
    urls = [
        each.rstrip(".") for each in _URL.findall(listed["list"].partition("\n\n")[0]) if "redirect_uri=" not in each
    ]
    if not urls or uri in urls:
        return None
    near = min(urls, key=lambda each: len(_differences(uri, each)))
    differ = _differences(uri, near)
    how = f": {' and '.join(differ)}" if len(differ) < 3 else ""
    return ShownCause(
        f"The request has redirect_uri {uri}, but the app client's callback URLs in the text have {near}{how}. Both "
        "must be the same, letter by letter. No permission is missing.",
        "Make redirect_uri and the callback URL the same",
        f"Add {uri} to the callback URLs of the app client, or let the program send {near}. update-user-pool-client "
        "resets settings that it does not name: send them all.",
    )


def _differences(one: str, other: str) -> list[str]:
    """Return how two URLs differ, in words; every part if little of them agrees."""
    first, second = urlsplit(one), urlsplit(other)
    if one.rstrip("/") == other.rstrip("/"):
        return [f"the slash at the end{' is missing' if other.endswith('/') else ' is too much'} in redirect_uri"]
    if one.lower() == other.lower():
        return ["upper and lower case differ"]
    parts = (
        ("scheme", first.scheme, second.scheme),
        ("host", first.hostname, second.hostname),
        ("port", first.netloc.partition(":")[2], second.netloc.partition(":")[2]),
        ("path", first.path, second.path),
        ("query", first.query, second.query),
    )
    return [f"the {name} differs" for name, mine, own in parts if mine != own]
