"""Write policy tests: propose them from what roles have used, or append one made from a diagnosis."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from diagnostics.policy_tests.policy_test import Expectation
from iam.account import Role
from iam.arn import Arn
from iam.claims import Sourced
from iam.policy.request import Policies
from iam.questions.access_question import AccessQuestion
from iam.questions.answers import AccessVerdict
from iam.questions.catalogue import catalogue
from iam.questions.index import AccountIndex
from iam.questions.principal_answer import answer
from iam.sources.reader.account_reader import AccountReader

MOST_ACTIONS, MOST_RESOURCES = 20, 10
"""The maximum numbers of actions and resources in a proposed test."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A test to be written. ``note`` becomes a comment above it."""

    principal: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    expect: Expectation
    context: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    name: str = ""
    note: str = ""


def file_text(proposals: Iterable[Proposal], heading: str = "") -> str:
    """Return a test file. Without proposals, its list is empty, which ``rolescope test`` rejects."""
    lines = [f"# {heading}"] if heading else []
    return "\n".join((*lines, "tests:", *(entry_text(each).rstrip("\n") for each in proposals), ""))


def entry_text(one: Proposal) -> str:
    """Return one entry of the list ``tests``, in the form in which it is appended to a file."""
    lines = [f"  # {one.note}"] if one.note else []
    pairs: list[tuple[str, str]] = [("name", _value(one.name))] if one.name else []
    pairs += [("principal", _value(one.principal)), ("action", _one_or_list(one.actions))]
    pairs.append(("resource", _one_or_list(one.resources)))
    if one.context:
        pairs.append(
            ("context", "{" + ", ".join(f"{_value(k)}: {_one_or_list(v)}" for k, v in one.context.items()) + "}")
        )
    pairs.append(("expect", one.expect.value))
    first, *others = (f"{key}: {value}" for key, value in pairs)
    return "\n".join((*lines, f"  - {first}", *(f"    {each}" for each in others), ""))


def _one_or_list(values: tuple[str, ...]) -> str:
    return _value(values[0] if len(values) == 1 else list(values))


def _value(value: Any) -> str:
    """Return the value as JSON, which is valid YAML whatever characters it contains."""
    return json.dumps(value)


def appended(text: str, entry: str) -> str:
    """Return a test file's text with ``entry`` (from `entry_text`) added at its end.

    Raises `ValueError` with a sentence if the file's format does not allow it.
    """
    if not text.strip():
        return f"tests:\n{entry}"
    lines = text.rstrip("\n").split("\n")
    if not any(line.rstrip() == "tests:" for line in lines):
        raise ValueError("The file is not a list of policy tests in YAML blocks, so nothing was appended.")
    entries = [len(line) - len(line.lstrip()) for line in lines if line.lstrip().startswith("- ")]
    indent = " " * min(entries, default=2)
    return "\n".join((*lines, *(indent + line[2:] for line in entry.rstrip("\n").split("\n")), ""))


def proposal_of(request: Mapping[str, Sourced[Any]], cause: str) -> Proposal | None:
    """Return a test for the denied request of a diagnosis, which passes once the request is allowed.

    None if the principal or action is missing. Guessed values are left out, so that the test does not depend on them.
    """
    values = {name: sourced.as_json["value"] for name, sourced in request.items() if sourced.known}
    principal, action = values.get("principal"), values.get("action")
    if not isinstance(principal, str) or not isinstance(action, str):
        return None
    resource = values.get("resource")
    context = {
        name: tuple(map(str, had)) if isinstance(had, list) else (str(had),)
        for name, had in values.items()
        if ":" in name and not name.lower().startswith(_FILLED_IN)
    }
    return Proposal(
        _plain(principal),
        (action,),
        (resource if isinstance(resource, str) and resource.startswith("arn:") else "*",),
        Expectation.ALLOWED,
        context,
        name=f"{action} by {principal.rpartition('/')[2] or principal}",
        note=f"From a denial: {cause}",
    )


_FILLED_IN = ("aws:principal", "aws:userid", "aws:username", "aws:currenttime", "aws:epochtime", "aws:resourceaccount")
"""Condition keys whose values come from the account itself when the test runs."""


def _plain(principal: str) -> str:
    """Return the role of a session, because the name of the session is different each time."""
    arn = Arn.parse_principal(principal)
    if arn is not None and arn.type == "assumed-role":
        return arn.session_role or principal
    return principal


def proposals(index: AccountIndex) -> Iterator[Proposal]:
    """Yield tests for each role, from the actions that it used (IAM's last accessed information) and may use now.

    They are grouped by the resources on which the actions are allowed. Actions that the role used but may no longer
    use, or only under conditions, are left out. May block.
    """
    for role in index.account.roles:
        number = index.by_arn.get(role.arn)
        if role.service_owned or number is None:
            continue
        by_resources: dict[tuple[str, ...], list[str]] = {}
        for action in _used(role, index.reader):
            question = AccessQuestion(action, "*", index.account)
            found = answer(question, index.principals[number], Policies())
            if found.verdict is AccessVerdict.ALLOWED and not any("${" in each for each in found.resources):
                by_resources.setdefault(found.resources[:MOST_RESOURCES], []).append(action)
        for resources, actions in by_resources.items():
            yield Proposal(
                role.name,
                tuple(actions[:MOST_ACTIONS]),
                resources,
                Expectation.ALLOWED,
                name=f"{role.name} keeps what it used",
                note="Used, according to IAM's last accessed information.",
            )


def _used(role: Role, reader: AccountReader) -> Iterator[str]:
    for service in reader.last_accessed(role.arn).value or ():
        for action in service.actions or ():
            name = f"{service.namespace}:{action.name}"
            if action.last_accessed is not None and catalogue().position(name) is not None:
                yield name
