"""The operation that the commands, templates and logs of a text call, with the parameters that they show."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from diagnostics.access_denied.request.command import CliCommand, commands_in
from diagnostics.access_denied.request.operation import Operation, own_action
from diagnostics.access_denied.request.templates import descriptions
from diagnostics.text.read.identities.call_settings import is_secret
from diagnostics.text.tokens.find import beside_tokens
from iam.api_operations import action_for
from iam.claims import Values
from iam.lazy_pattern import regex
from iam.passed_roles import principal_passed_to

_NESTED = regex(r"[\"']?(?P<name>[A-Za-z]\w*)[\"']?\s*[=:]\s*\[?[\"']?(?P<value>[^\"',{}\[\]\s]+)")
_TEMPLATE = "launchtemplate"
"""The parameter that refers to other parameters saved in the account."""


@lru_cache(maxsize=16)
def operation_in_text(text: str, operation: str, action: str) -> Operation:
    """Return the operation with its parameters, if exactly one command, template or log in the text performs it.

    Otherwise the operation is returned without parameters.
    """
    text = beside_tokens(text)
    commands = list(commands_in(text))
    name = operation.lower()
    own = own_action(operation, action, {each.service for each in commands if each.operation.replace("-", "") == name})
    performing = [each for each in commands if each.performs(own)]
    if len(performing) == 1:
        found = dict(_parameters(performing[0]))
        return Operation(own, found, performing[0].whole and _TEMPLATE not in found)
    described = [each for each in descriptions(text[:60_000]) if each.describes(own)] if not performing else []
    if len(described) != 1:
        return Operation(own)
    parameters = {name: values for name, (values, _) in described[0].parameters.items()}
    tags = tuple(f"{key}={value}" for key, value in described[0].tags.items())
    return Operation(own, parameters | ({"tags": tags} if tags else {}))


def service_of_commands(text: str) -> str | None:
    """Return the service that gets the role passed by the text's commands; None unless it is exactly one."""
    called = (action_for(each.operation.replace("-", ""), each.service) for each in commands_in(beside_tokens(text)))
    services = {service for each in called if each and (service := principal_passed_to(each))}
    return services.pop() if len(services) == 1 else None


def _parameters(command: CliCommand) -> Iterator[tuple[str, Values]]:
    """Yield a command's options, and the parameters nested in their values.

    The value of an option itself takes precedence.
    """
    found: dict[str, Values] = {}
    for _, values in command.options:
        for match in _NESTED.finditer(" ".join(values)):
            found.setdefault(match["name"].lower(), (match["value"],))
    for name, values in command.options:
        found[re.sub(r"[^a-z0-9]", "", name.lower())] = values
    yield from ((name, values) for name, values in found.items() if not is_secret(name))
