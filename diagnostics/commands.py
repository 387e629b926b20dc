"""Write AWS CLI commands as text, with every external value quoted for a shell."""

from __future__ import annotations

import json
import re
import shlex
import unicodedata
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from iam.arn import Arn
from iam.changes.cli_names import cli_name
from iam.foreign_text import visible
from iam.lazy_pattern import regex

if TYPE_CHECKING:
    from iam.changes.plan import Call

# Control characters end a bracketed paste, and right-to-left marks disguise a command. Neither is ever offered.
_UNTYPABLE = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
# Characters without a special meaning in the short form of tags (Key=…,Value=…).
_PLAIN = regex(r"[\w.:/@+-]+", re.ASCII)


class Untypable(ValueError):
    """Raised for a value that cannot be part of a command line that people copy."""


def aws(service: str, operation: str, *options: tuple[str, str | None] | str) -> str:
    """Return an AWS CLI command. An option is ``(name, value)``, ``(name, None)`` to omit it, or the name of a flag.

    Raises `Untypable` if a value contains characters that cannot be pasted safely.
    """
    words = ["aws", service, operation]
    for option in options:
        if isinstance(option, str):
            words.append(f"--{option}")
        elif option[1] is not None:
            words.append(_option(option[0], option[1]))
    return " ".join(words)


def iam(operation: str, *options: tuple[str, str | None] | str) -> str:
    return aws("iam", operation, *options)


def command_of(call: Call) -> str:
    """Return the command for a write call to IAM. Raises `Untypable`."""
    words = ["aws", "iam", cli_name(call.operation)]
    for name, value in call.parameters.items():
        option = cli_name(name)
        match value:
            case bool():
                words.append(f"--{'' if value else 'no-'}{option}")
            case tuple():
                words += [f"--{option}", *map(quoted, value)]
            case Mapping():
                words += [f"--{option}", _tags(value)]
            case _:
                words.append(_option(option, str(value)))
    return " ".join(words)


def _option(name: str, value: str) -> str:
    if not typable(value):
        raise Untypable(f"--{name} contains characters that cannot be pasted into a shell safely")
    # A value that begins with a dash would be parsed as another option.
    return shlex.quote(f"--{name}={value}") if value.startswith("-") else f"--{name} {shlex.quote(value)}"


def _tags(tags: Mapping[str, str]) -> str:
    if all(_PLAIN.fullmatch(word) for tag in tags.items() for word in tag):
        return " ".join(f"Key={key},Value={value}" for key, value in tags.items())
    return shlex.quote(compact_json([{"Key": key, "Value": value} for key, value in tags.items()]))


def typable(value: str) -> bool:
    return not any(unicodedata.category(character) in _UNTYPABLE for character in value)


def compact_json(value: Any) -> str:
    """Return JSON on one line, in ASCII: characters that cannot be typed are escaped."""
    return json.dumps(value, separators=(",", ":"))


def shown(text: str, longest: int = 96, lines: bool = False) -> str:
    """Return external text for use in a sentence: truncated to ``longest``, with control characters made visible.

    With ``lines``, line breaks are preserved, for text that is shown as it was pasted.
    """
    cut = text if len(text) <= longest else text[:longest] + "…"
    return "\n".join(map(visible, cut.split("\n"))) if lines else visible(cut)


def quoted(text: str) -> str:
    """Return a value quoted as one word of a shell command. Raises `Untypable` if it cannot be pasted safely."""
    if not typable(text):
        raise Untypable("it contains characters that cannot be pasted into a shell safely")
    return shlex.quote(text)


SIMULATION_QUERY = (
    "--query 'EvaluationResults[].[EvalActionName,EvalDecision,"
    "not_null(ResourceSpecificResults[0].PermissionsBoundaryDecisionDetail,PermissionsBoundaryDecisionDetail)"
    '.AllowedByPermissionsBoundary,OrganizationsDecisionDetail.AllowedByOrganizations,join(`","`,'
    "not_null(ResourceSpecificResults[0].MissingContextValues,MissingContextValues,`[]`))]' --output text"
)
"""The columns of the simulator's result that `diagnostics.text.read.command_outputs` parses.

They are: action, decision, whether the permissions boundary and the organization allow it (None if there is none), and
the missing condition keys.

If a resource is given, the missing keys and the boundary's part are among the results of that resource
(https://docs.aws.amazon.com/IAM/latest/APIReference/API_EvaluationResult.html).
"""


_MISTYPED_ACCOUNT = regex(r"(?=[^A-Za-z]*[A-Za-z])(?=(?:[^0-9]*[0-9]){6})[0-9A-Za-z]{10,14}")
"""An account ID that contains a letter by mistake."""


def simulate_principal_policy(source: str, actions: Iterable[str], resource: str | None) -> str:
    """Return the command that calls AWS's policy simulator.

    ``source`` is the principal's ARN, already quoted for a shell. Raises `Untypable` if the resource contains
    characters that cannot be pasted safely.
    """
    arn = Arn.parse(resource or "")
    mistyped = arn is not None and _MISTYPED_ACCOUNT.fullmatch(arn.account)
    on = f" --resource-arns {quoted(resource)}" if resource and not mistyped else ""
    return (
        f"aws iam simulate-principal-policy --policy-source-arn {source} --action-names {' '.join(actions)}{on} "
        f"{SIMULATION_QUERY}"
    )
