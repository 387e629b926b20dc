"""Answer who may do something, or whether a named role or user may. The text alone cannot decide either question."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from diagnostics.commands import Untypable, aws
from diagnostics.text.read.author.managed_policy_questions import of_managed_policies
from iam.api_operations import action_for
from iam.arn import Arn
from iam.lazy_pattern import regex
from iam.own_command import own_command
from iam.service_reference import action as action_of
from iam.service_reference import action_names
from iam.services import iam_prefix

_ASKS_WHETHER = regex(
    r"\b(?:can|may|could)\s+(?:the|our|my|this|these|all|any|every|his|her|their)\b[^\n?]{1,200}\?", re.IGNORECASE
)
_ASKS_WHO = regex(
    r"\b(?:who|whoever|which (?:roles?|users?|principals?|identit(?:y|ies)|people|team))\b[^\n?]{0,40}"
    r"\b(?:can|may|could|has|have|is (?:able|allowed)|are (?:able|allowed))\b"
    r"|\b(?:can|may|could)\s+(?:(?:the|our|my|this)\s+)?(?:(?:IAM\s+)?(?:role|user)[ /:]+[\w+=,.@-]+"
    r"|arn:[\w-]+:iam::\d{12}:(?:role|user)/\S+)",
    re.IGNORECASE,
)
_WHO = regex(
    r"\barn:(?P<partition>[\w-]+):iam::(?P<account>\d{12}):(?P<type>role|user)/(?P<path>[\w+=,.@/-]*[\w+=@-])"
    r"|\b(?P<kind>role|user)[ /:]+[\"'`]?(?P<name>[\w+=,.@-]*[\w+=@-])",
    re.IGNORECASE,
)
_ACCOUNT = regex(r"\baccount(?: id)?\W{1,3}(?P<account>\d{12})\b", re.IGNORECASE)
_ACTION = regex(r"(?<![\w:/-])(?P<name>[a-z][a-z0-9-]{1,40}:[A-Z][A-Za-z0-9]{2,60})(?![\w*:])")
_CLI = regex(r"\baws[ ]+(?P<service>[a-z0-9-]+)[ ]+(?P<call>[a-z]+(?:-[a-z0-9]+)+)")
_ARN = regex(r"\barn:[\w-]+:(?!iam:|sts:)[\w-]+:[\w-]*:\d*:[\w${}.:/*+=,@-]*[\w*}]")
_VERBS = {
    "delete": ("Delete", "Terminate"),
    "remove": ("Delete", "Terminate"),
    "read": ("Get", "Describe"),
    "get": ("Get", "Describe"),
    "see": ("Get", "Describe"),
    "download": ("Get",),
    "write": ("Put", "Update"),
    "upload": ("Put",),
    "change": ("Update", "Modify", "Put"),
    "update": ("Update", "Modify"),
    "modify": ("Modify", "Update"),
    "list": ("List",),
    "invoke": ("Invoke",),
    "start": ("Start",),
    "stop": ("Stop",),
    "terminate": ("Terminate",),
    "reboot": ("Reboot",),
}
_VERB = regex(rf"\b(?:{'|'.join(_VERBS)})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class WhoAnswer:
    """A sentence, the words of the text that ask for it, and the command that shows more; empty if there is none."""

    sentence: str
    quote: str
    check: str = ""


def of_who(text: str) -> Iterator[WhoAnswer]:
    """Yield what decides the question, and for a named role or user the command that simulates it."""
    asked = _ASKS_WHO.search(text) or _ASKS_WHETHER.search(text)
    if asked is None:
        return
    arn = next((found[0] for found in _ARN.finditer(text)), "")
    action = _action(text, arn, asked.start())
    if action is None:
        return
    if arn.startswith("arn:") and ":s3:::" in arn and action.endswith("Object") and "/" not in arn:
        arn = f"{arn}/*"
    on = f" on {arn}" if arn else ""
    quote = " ".join(asked[0].split())[:60]
    for said, name in of_managed_policies(text, (action,)):
        yield WhoAnswer(f"{said} Other policies of the same caller apply too.", name)
    shown = own_command("who-can", action, *([arn] if arn else ()))
    yield WhoAnswer(
        f"The text has no error, and does not show who may {action}{on}: that depends on the policies of the account's "
        "roles and users, the resource's own policy, SCPs and permissions boundaries. Where the account can be read, "
        f"{shown} lists who may.",
        quote,
    )
    who = _WHO.search(text)
    if who is None:
        return
    account = _ACCOUNT.search(text)
    number = who["account"] or (account["account"] if account is not None else "")
    name = who["name"] or who["path"]
    if not number or name.lower() in _NO_NAMES:
        return
    kind = (who["kind"] or who["type"]).lower()
    options = [
        ("policy-source-arn", f"arn:{who['partition'] or 'aws'}:iam::{number}:{kind}/{name}"),
        ("action-names", action),
    ]
    try:
        check = aws("iam", "simulate-principal-policy", *options, *([("resource-arns", arn)] if arn else []))
    except Untypable:
        return
    yield WhoAnswer(
        f"For the {kind} {name} this check evaluates its own policies, its boundary and the SCPs. It does not read the "
        "resource's policy, which can also deny the request.",
        quote,
        check,
    )


_NO_NAMES = frozenset(
    {"or", "and", "can", "may", "who", "that", "policy", "have", "has", "with", "in", "of", "to", "is"}
)


def _action(text: str, arn: str, begin: int) -> str | None:
    """Return the action of the question at ``begin``: its name, a command, or a verb with the resource's type."""
    for found in _ACTION.finditer(text):
        if (action := action_of(found["name"])) is not None:
            return action.name
    if (command := _CLI.search(text)) is not None:
        operation = "".join(part.capitalize() for part in command["call"].split("-"))
        service = "s3" if command["service"] == "s3api" else iam_prefix(command["service"])
        return action_for(operation, service) if service else None
    parsed = Arn.parse(arn)
    verb = _VERB.search(text, begin)
    if parsed is None or verb is None:
        return None
    kind = re.sub(r"[^a-z]", "", _kind(parsed).lower())
    kind = "object" if kind == "bucket" and _OBJECTS.search(text[begin:].partition("?")[0]) else kind
    names = action_names(parsed.service)
    known = (names.get(f"{begins.lower()}{kind}{end}") for begins in _VERBS[verb[0].lower()] for end in ("", "s"))
    name = next(filter(None, known), None) if kind else None
    return f"{parsed.service}:{name}" if name else None


_OBJECTS = regex(r"\b(?:objects?|files?)\b(?! lock)(?![^\n]*\bbuckets?\b)", re.IGNORECASE)
_ONLY_KINDS = {"sqs": "queue", "sns": "topic"}
"""The resource type of services that have only one type and omit it in their ARNs."""


def _kind(arn: Arn) -> str:
    """Return the type of the resource, as in the names of actions; "" if its ARN does not contain the type."""
    if arn.service == "s3":
        return "object" if "/" in arn.resource else "bucket"
    kind, *names = re.split(r"[:/]", arn.resource)
    return kind if names else _ONLY_KINDS.get(arn.service, "")
