"""The service that gets the role of a denied iam:PassRole."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.access_denied.request.command import commands_in
from diagnostics.access_denied.request.operation import receiving_service
from diagnostics.access_denied.request.templates import described_types
from diagnostics.failure import Denial
from iam.claims import Source, Sourced, Values
from iam.lazy_pattern import regex
from iam.passed_roles import PASSED_TO, principal_of_operation, principals_of_operation

_HANDLER = regex(r"\bAPI: (?P<service>[A-Za-z0-9-]{2,30})(?::\w+)? User: ")


_RECEIVERS = {
    "cloudformation": "cloudformation.amazonaws.com",
    "codebuild": "codebuild.amazonaws.com",
    "glue": "glue.amazonaws.com",
    "lambda": "lambda.amazonaws.com",
    "states": "states.amazonaws.com",
}
"""The service that CloudFormation called → the principal that gets the role.

Services that pass roles to several principals are omitted.
"""


def of_a_passed_role(denial: Denial, action: str, resource: str) -> Iterator[tuple[str, Sourced[Values]]]:
    """Yield iam:PassedToService."""
    if action.lower() == "iam:passrole" and (service := passed_to(denial)):
        yield "iam:PassedToService", Sourced((service,), Source.COMMAND, "the operation passes the role to it")


def passed_to(denial: Denial) -> str | None:
    """Return the service that gets the role of a denied iam:PassRole, or None if it is unknown."""
    if service := receiving_service(denial) or _named_receiver(denial):
        return service
    if len(made := {each for kind in described_types(denial.text) if (each := _receiver_of(*kind))}) == 1:
        return made.pop()
    called = {
        principal
        for each in commands_in(denial.text)
        if (principal := principal_of_operation("".join(part.capitalize() for part in each.operation.split("-"))))
    }
    called |= set(filter(None, map(_receiver_of_method, _METHOD.finditer(denial.pasted or denial.text))))
    if len(called) == 1:
        return called.pop()
    if (handler := _HANDLER.search(denial.text)) is not None:
        return _RECEIVERS.get(handler["service"].lower())
    from diagnostics.text.causes.denials.passing_roles import receiver_in_words  # most texts name the operation

    message = _MESSAGE.search(denial.text)
    return (message and receiver_in_words(message["before"])) or None


_MESSAGE = regex(
    r"^(?P<before>(?:[^\n]{0,200}\n){0,2}?[^\n]{1,200}?)\b(?:User|Principal): arn:\S+ is not authorized to perform: "
    r"iam:PassRole\b",
    re.M,
)
"""What a program writes before IAM's message, in its line and in two before: "Failed to register task definition: "."""


def _named_receiver(denial: Denial) -> str | None:
    """Return the service that gets the role: the only service with the operation that the text names."""
    named = [
        each
        for each in principals_of_operation(denial.operation or "")
        if re.search(rf"(?<![A-Za-z]){each.partition('.')[0]}(?![A-Za-z]|\.amazonaws)", denial.text, re.IGNORECASE)
    ]
    return named[0] if len(named) == 1 else None


_METHOD = regex(r"(?<![\w.])(?P<of>[A-Za-z]\w*)\.(?P<name>[a-z]+(?:_[a-z0-9]+)+|[a-z]+[A-Z]\w*)\(")
"""A call of an SDK's client: ``glue.create_job(``."""


def _receiver_of_method(call: re.Match[str]) -> str | None:
    """Return the service to which a call of an SDK's client passes the role.

    The client's variable may be named after the service, as in ``glue_client``.
    """
    name = "".join(part[:1].upper() + part[1:] for part in call["name"].split("_"))
    service = re.sub(r"_?client$", "", call["of"].lower())
    return PASSED_TO.get(f"{service}:{name}") or principal_of_operation(name)


def _receiver_of(service: str, thing: str) -> str | None:
    """Return the service to which a template resource's role is passed when the resource is created."""
    return next(
        (
            principal
            for action, principal in PASSED_TO.items()
            if action.partition(":")[0] == service and _VERBS.sub("", action.partition(":")[2]).lower() == thing
        ),
        None,
    )


_VERBS = regex(r"^(?:Create|Register|Run|Put|Start|Associate)|s$")
