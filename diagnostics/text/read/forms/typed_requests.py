"""Read requests that a person typed instead of an error: a command that creates something, or "create role X"."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from diagnostics.text.read.forms.conflicts import CREATES
from iam.lazy_pattern import regex

_COMMANDS = {
    "create-role": ("role", "--role-name"),
    "create-user": ("user", "--user-name"),
    "create-group": ("group", "--group-name"),
    "create-policy": ("policy", "--policy-name"),
    "create-instance-profile": ("instance-profile", "--instance-profile-name"),
    "create-open-id-connect-provider": ("oidc-provider", "--url"),
    "create-saml-provider": ("saml-provider", "--name"),
    "upload-server-certificate": ("server-certificate", "--server-certificate-name"),
    "create-virtual-mfa-device": ("virtual-mfa-device", "--virtual-mfa-device-name"),
    "create-login-profile": ("login-profile", "--user-name"),
    "create-service-linked-role": ("service-linked-role", "--aws-service-name"),
}
_COMMAND = regex(r"\baws\s+(?:--?[\w-]+(?:[ =](?!-)\S+)?\s+){0,4}iam\s+(?P<verb>[a-z-]+)(?P<rest>[^\n]{0,4000})")
_WORDS = (
    ("service-linked-role", r"service[- ]linked\s+role"),
    ("instance-profile", r"instance[- ]profile"),
    ("oidc-provider", r"(?:oidc|open-?id[- ]connect|openid)(?:\s+identity)?\s+provider"),
    ("saml-provider", r"saml(?:\s+identity)?\s+provider"),
    ("server-certificate", r"server[- ]certificate"),
    ("login-profile", r"login[- ]profile(?:\s+for)?(?:\s+user)?"),
    ("virtual-mfa-device", r"(?:virtual\s+)?mfa[- ]device"),
    ("policy", r"(?:managed\s+)?policy"),
    ("role", r"role"),
    ("user", r"user"),
    ("group", r"group"),
)
_VERBS = ("create", "add", "make", "new")
_SPOKEN = tuple(
    (
        kind,
        regex(
            rf"^\W{{0,4}}(?:{'|'.join(_VERBS)})\s+(?:an?\s+|the\s+)?(?:iam\s+)?{words}\s+(?:named\s+|called\s+|for\s+|with\s+(?:name|url)\s+)?(?:(?P<quote>[\"'`])(?P<quoted>[^\"'`\n]{{1,300}})(?P=quote)|[\"'`]?(?P<name>[^\s\"'`]+)[\"'`]?)(?:\s+(?:with\s+|in\s+)?path\s+(?P<path>/\S*))?\s*$",
            re.IGNORECASE | re.MULTILINE,
        ),
    )
    for kind, words in _WORDS
)

# A kind and a name are a question too; a name that could be a word of a sentence ("policy denied") is none.
_BARE = tuple(
    (
        kind,
        regex(rf"(?:iam\s+)?{words}[\s:]+[\"'`]?(?P<name>(?=[^\s]*[\d._@:/-])[\w+=,.@:/-]{{2,255}})[\"'`]?", re.I),
    )
    for kind, words in _WORDS
)
_BARE_WORDS = 7
"""A number of words that no typed request reaches: iam, an entity type of at most four words, and the name."""


@dataclass(frozen=True, slots=True)
class Creation:
    """A creation that somebody requested. ``path`` is None if none was given."""

    kind: str
    name: str | None
    path: str | None
    text: str

    @property
    def operation(self) -> str:
        return CREATES[self.kind]


def creations(text: str) -> Iterator[Creation]:
    """Yield the creations that a cleaned text requests, command lines first."""
    joined = re.sub(r"[\\`^][ ]*\n[ ]*", " ", text) if "\n" in text else text
    for match in _COMMAND.finditer(joined) if "iam" in joined else ():
        if known := _COMMANDS.get(match["verb"]):
            options = _options(match["rest"])
            yield Creation(known[0], options.get(known[1]), options.get("--path"), match[0].strip())
    if len(text) > 2000:
        return
    lower = joined.lower()
    for kind, pattern in _SPOKEN if any(verb in lower for verb in _VERBS) else ():
        for spoken in pattern.finditer(joined):
            yield Creation(kind, spoken["quoted"] or spoken["name"], spoken["path"], spoken[0].strip())
    for kind, pattern in _BARE if len(text.split()) <= _BARE_WORDS else ():
        if bare := pattern.fullmatch(text.strip()):
            yield Creation(kind, bare["name"], None, bare[0])
            return


def _options(rest: str) -> dict[str, str]:
    try:
        words = shlex.split(rest)
    except ValueError:
        words = rest.split()
    found: dict[str, str] = {}
    for index, word in enumerate(words):
        name, equals, value = word.partition("=")
        if not name.startswith("--"):
            continue
        if equals:
            found[name] = value
        elif index + 1 < len(words) and not words[index + 1].startswith("--"):
            found[name] = words[index + 1]
    return found
