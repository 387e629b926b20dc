"""Read the action and the caller of a denied request from the words around a text's policies."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from diagnostics.access_denied.request.command import commands_in
from diagnostics.failure import Denial
from diagnostics.text.read.messages.additions_to_message import prose_in
from iam.api_operations import action_for
from iam.arn import names_a_service
from iam.facts.service_principals import short_principal
from iam.lazy_pattern import regex
from iam.policy.statements import Statement
from iam.service_reference import action as known_action
from iam.service_reference import action_names, services
from iam.services import service_name

_REFUSED = regex(
    r"access ?denied|not authori[sz]ed|unauthori[sz]ed|forbidden|\b403\b|\bden(?:y|ied|ials?|ies)\b|refus|\bfails?\b"
    r"|\bfailed\b|NO_PERMISSIONS|\berrors?\b",
    re.IGNORECASE,
)
_SPELLED = regex(r"(?<![\w:/.-])(?P<action>[a-z][a-z0-9-]{1,30}:[A-Z][A-Za-z0-9]{2,60})(?![\w:*])")
_OPERATION = regex(r"(?<![\w:/\"'$-])(?P<name>[A-Z][a-z]+(?:[A-Z0-9][A-Za-z0-9]*)+)(?![\w:])")
_CLASS = regex(r"\bnew\s+(?P<name>[A-Z]\w{3,60})Command\(")
_METHOD = regex(r"\b[\w\])]{1,60}\.(?P<name>[a-z]{2,20}(?:(?:_[a-z0-9]{1,30}){1,8}|(?:[A-Z][a-z0-9]{1,30}){1,8}))\(")
_SERVICE = regex(r"(?<![\w.-])(?P<name>[a-z][a-z0-9.-]{1,50}\.amazonaws\.com(?:\.cn)?)(?![\w.-])")
_NEAR = 160
"""The maximum number of characters between the words of a denial and the operation to which they refer."""


def without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Return the text without these spans, which may overlap."""
    parts, at = [], 0
    for start, end in sorted(spans):
        if end > at:
            parts.append(text[at : max(at, start)])
            at = end
    return "\n".join((*parts, text[at:]))


def as_asked(denial: Denial, outside: str, statements: Sequence[Statement]) -> Denial:
    """Return the denial with the action that ``outside``, the text around the policies, names.

    An action from IAM's own message is kept. An action that only the policies name was not necessarily denied. It is
    replaced by an action from the code, from a command or near the words of a denial. If there is none, it is removed.
    """
    action = denial.missing_action or denial.action or ""
    if action and not (denial.stated_reason or denial.claims_trust) and not _is_named(action, denial, outside):
        denial = replace(denial, action=None, missing_action=None)
        action = ""
    if not action:
        prefixes = {name.partition(":")[0].lower() for each in statements for name in each.action or ()}
        if prose_in(denial.text) is not None:
            outside = _READS.sub("", outside)  # a service made the refused call; these commands only show its setup
        denial = replace(denial, action=next(_called(outside, prefixes & services().keys()), None))
    return denial


_READS = regex(r"\baws +[a-z0-9-]+ +(?:list|describe|get)-[^\n]*")


def known_caller(denial: Denial) -> str | None:
    """Return the caller's ARN or service principal; None if the text contains neither."""
    caller = denial.principal or ""
    return caller if caller.startswith("arn:") or names_a_service(caller) else None


def with_service(denial: Denial, outside: str, statements: Sequence[Statement]) -> Denial:
    """Return the denial with the service that makes the call, if no caller is known.

    The service is the only one that the statements allow and the text mentions; the statements must allow services
    only. If a service says that it was refused, that service is the caller, even if the text names another principal.
    """
    if known_caller(denial) is not None and prose_in(denial.text) is None:
        return denial
    callers = _services_of(statements)
    named = {each["name"] for each in _SERVICE.finditer(outside)} & callers
    only = named or {each for each in callers if _is_spoken_of(each, outside)}
    return replace(denial, principal=next(iter(only))) if len(only) == 1 else denial


_SHORTEST = 3


def _is_spoken_of(principal: str, outside: str) -> bool:
    """Whether the text contains the service's name: ``GuardDuty`` for guardduty.amazonaws.com."""
    short = short_principal(principal).rpartition(".")[2]
    display = service_name(principal) or services().get(short, "")
    names = [name for name in (short, re.sub(r"^(?:Amazon|AWS) ", "", display)) if len(name) >= _SHORTEST]
    return any(re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w-])", outside, re.IGNORECASE) for name in names)


def _is_named(action: str, denial: Denial, outside: str) -> bool:
    name = action.partition(":")[2]
    if denial.operation:
        return True
    said = prose_in(denial.text)
    if said is not None and said.row.action == action:
        return True  # the service's message is about this action
    return re.search(rf"(?<![\w]){re.escape(name)}(?!\w)", outside, re.IGNORECASE) is not None


def _called(outside: str, prefixes: Iterable[str]) -> Iterator[str]:
    """Yield the actions that commands and code call, then those that the words of a denial name.

    If the text shows which commands failed, the other commands only inspect something and are ignored.
    """
    prefixes = tuple(prefixes)
    commands = list(commands_in(outside))
    for command in [each for each in commands if each.failed] or commands:
        name = "".join(part[:1].upper() + part[1:] for part in command.operation.split("-"))
        if command.service in prefixes and (found := _action_of(name, (command.service,))):
            yield found
    for pattern in (_CLASS, _METHOD):
        for call in pattern.finditer(outside):
            if found := _action_of(call["name"].replace("_", ""), prefixes):
                yield found
    for refusal in _REFUSED.finditer(outside):
        start, end = max(0, refusal.start() - _NEAR), refusal.end() + _NEAR
        near = outside[start:end]
        for each in _SPELLED.finditer(near):
            if known_action(each["action"]) is not None and each["action"].partition(":")[0] in prefixes:
                yield each["action"]
        for each in _OPERATION.finditer(near):
            if found := _action_of(each["name"], prefixes):
                yield found


def _action_of(operation: str, prefixes: Sequence[str]) -> str | None:
    """Return the action of an operation of one of the services; None if several of them have that operation."""
    low = operation.lower()
    found = {f"{each}:{action_names(each)[low]}" for each in prefixes if low in action_names(each)}
    if not found:
        found = {each for prefix in prefixes if (each := action_for(operation, prefix)) is not None}
    return found.pop() if len(found) == 1 else None


def _services_of(statements: Iterable[Statement]) -> set[str]:
    """Return the service principals that the Allow statements name, if they name no other kind of principal."""
    pairs = {pair for each in statements if each.effect == "Allow" for pair in each.principal or ()}
    return {value for _, value in pairs} if pairs and all(kind == "Service" for kind, _ in pairs) else set()
