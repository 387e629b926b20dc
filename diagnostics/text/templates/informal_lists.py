"""Read the actions and resources that a person lists: ``dynamodb:PutItem, GetItem``, ``a/*, b/*``."""

from __future__ import annotations

import re

from iam.lazy_pattern import regex
from iam.service_reference import action_names, condition_keys, services

VERB = r"[A-Z][A-Za-z0-9]{2,60}(?:\*[A-Za-z0-9]{1,60})?\*?"
FIRST = rf"[a-z][a-z0-9-]{{1,30}}:(?:{VERB}|\*)(?![\w:/*])"
SPLIT = regex(r"[\"'`]?\s*(?:,|;|\band\b|\bAND\b|\bund\b|\by\b|\+|&|\s?/\s?)\s*[\"'`]?")
_ITEM = regex(
    r"[\[(\"'`]{0,3}(?P<item>arn:[^\s\"'`,;()\[\]]+|\*(?![\w/])|/\*|[\w.${}<>*-]+[/:][\w*./:${}<>?-]*|/[\w*./${}-]+"
    r"|[\w.*]*[\w*][-_][\w.*-]*|catalog(?![\w-]))[\"'`)\]]{0,3}"
)
_MORE = regex(r"[ \t]*(?:,[ \t]*(?:(?:and|or)\b[ \t]*)?|\b(?:and|or|und|y|o|e)\b[ \t]*|[&+;][ \t]*|[ \t](?=arn:))")

_GOES_ON = regex(
    rf"(?<![\w:/.-])(?P<service>[a-z][a-z0-9-]{{1,30}}):{VERB}(?:[ \t]*,[ \t]*(?:[a-z][a-z0-9-]{{1,30}}:)?{VERB})*"
    r"[ \t]*(?:,|[ \t]and)[ \t]*(?P<end>\n)[ \t]*(?:(?P<next>[a-z][a-z0-9-]{1,30}):)?(?P<name>[A-Z]\w{2,60})(?![\w:/])"
)
"""A list of actions that continues on the next line."""
_RESOURCE_BELOW = regex(
    rf"(?<![\w:/.-]){FIRST}[ \t]*(?:\bon[ \t]*)?(?P<end>\n)[ \t]+(?:(?:on|[Rr]esources?:?)[ \t]+)?(?=arn:)"
)
_ON_LINES = regex(
    rf"^[ \t]*{FIRST}[ \t]*(?:\n[ \t]*{FIRST}[ \t]*)+(?=\n[ \t]+(?:(?:on|[Rr]esources?:?)[ \t]+)?arn:)", re.MULTILINE
)
"""Actions on a line each, above the resource of all of them."""
_SPACED = regex(rf"(?<![\w:/.\"'-])(?:{FIRST})(?P<space>[ \t])(?=[ \t]*{FIRST})")
"""Two actions with only spaces between them."""
_SLASHED = regex(rf"(?<![\w:/.-])(?P<service>[a-z][a-z0-9-]{{1,30}}):(?P<names>{VERB}(?:/{VERB})+)(?![\w:/*]|\.\w)")
"""Actions of one service with a slash between them: ``s3:GetObject/PutObject``."""

_RESOURCE_BEFORE = regex(
    r",?(?P<on>[ \t]+on)[ \t]+(?P<word>[Rr]esources?[ \t:=]+)?(?P<resource>[\"'`]?(?:\*|arn:[^\s\"'`,;]+?)[\"'`]?)"
    rf"(?P<colon>[ \t]*:)\s+(?P<actions>[\"'`]?{FIRST}(?:[\"'`]?[ \t]*(?:,|\band\b)\s*[\"'`]?{FIRST})*[\"'`]?)"
)
"""A resource before the actions: ``has, on Resource "*": sqs:SendMessage, sqs:PurgeQueue``."""


def lists_in_lines(text: str) -> str:
    """Return the text, of the same length, with each list of actions on one line and its items separated by commas.

    A resource in the line below a list becomes part of the list's line.
    """
    text = _RESOURCE_BEFORE.sub(_resource_last, text)
    text = _SPACED.sub(lambda found: f"{found[0][:-1]},", text)
    text = _SLASHED.sub(_with_commas, text)
    text = _ON_LINES.sub(lambda found: found[0].replace("\n", ","), text)
    at = 0
    while found := _GOES_ON.search(text, at):
        service = found["next"] or found["service"]
        known = service in services() and found["name"].lower().rstrip("*") in action_names(service)
        at = found.start() if known else found.end()
        text = f"{text[: found.start('end')]} {text[found.end('end') :]}" if known else text
    return _RESOURCE_BELOW.sub(lambda found: found[0].replace("\n", " "), text)


def _resource_last(found: re.Match[str]) -> str:
    """Return the list on one line, with its resource after its actions, in as many characters."""
    actions = found["actions"].replace("\n", " ")
    line = f"{found['colon'].strip()} {actions}{found['on']} {found['resource']}"
    return line.ljust(len(found[0]))


def _with_commas(found: re.Match[str]) -> str:
    """Return the slashed actions with commas; unchanged if a part is not an action of the service."""
    names = found["names"].lower().split("/")
    if not all("*" in each or each in action_names(found["service"]) for each in names):
        return found[0]
    return found[0].replace("/", ",")


def actions_in(written: str, service: str = "") -> list[str] | None:
    """Return the actions of a list; None if a word is not an action of a service, or is one of its condition keys."""
    actions = []
    for word in SPLIT.split(written):
        prefix, colon, name = word.rpartition(":")
        service = prefix if colon else service
        if service not in services() or (not colon and name.lower() not in action_names(service)):
            return None
        if f"{service}:{name}".lower() in condition_keys(service) and name.lower() not in action_names(service):
            return None
        actions.append(f"{service}:{name}")
    return actions


def resources_at(line: str, at: int) -> tuple[list[str], int]:
    """Return the resources of a list, and the position of their end."""
    named: list[str] = []
    next_ = at
    while (found := _ITEM.match(line, next_)) and not _is_action(found["item"]):
        item = found["item"] if found["item"].endswith("...") else found["item"].rstrip(".:")
        item = _completed(item, named)
        named.append(f"{named[0]}/*" if item == "/*" and named and not named[0].endswith("*") else item)
        at = found.end()
        more = _MORE.match(line, at)
        if more is None:
            break
        next_ = more.end()
    return [part for each in named for part in _as_patterns(each)], at


def _completed(item: str, named: list[str]) -> str:
    """Return the item with its leading dots replaced by the beginning of the ARN before it."""
    first = named[0].split(":", 5) if named and item.startswith((".../", "...:")) else []
    if first[:1] != ["arn"] or len(first) < 6:
        return item
    rest = item.removeprefix("...")
    begins = _PART.match(rest)
    same = re.search(rf"{re.escape(begins[0])}(?=[:/*]|$)", first[5]) if begins else None
    # ".../web:*" after "log-group:/ci/web" is the same log group; otherwise only the kind and the account are the same.
    return ":".join([*first[:5], first[5][: same.start()] + rest if same else rest.lstrip(":/")])


_PART = regex(r"[/:][\w.-]+")


def _is_action(word: str) -> bool:
    return re.fullmatch(FIRST, word.rstrip(".,")) is not None and word.partition(":")[0] in services()


def _as_patterns(name: str) -> list[str]:
    """Return the ARN, or patterns for the ARNs that end with the name: after the type, in a bucket, or as a name."""
    if name == "*" or name.startswith("arn:"):
        return [name]
    if name.startswith("s3://"):
        return [f"...:::{name.removeprefix('s3://')}"]
    if name.startswith("/"):
        return [f"...{name}"]
    inner = (
        [] if name == "catalog" or re.search(r"[/:*]", name) else [f"...:::{name}/*"]
    )  # a bucket's name also means its objects
    return [f"...:{name}", f".../{name}", *inner]
