"""Export a plan as AWS CLI commands or as JSON.

Terraform and CloudFormation have their own modules. Names and documents are untrusted text: every value is quoted for
the output language.
"""

from __future__ import annotations

import json
import re
import shlex
from typing import Any

from iam.arn import Arn
from iam.changes.cli_names import cli_name
from iam.changes.export.cloudformation import to_cloudformation
from iam.changes.export.terraform import to_terraform
from iam.changes.operations.operation import ParameterKind
from iam.changes.operations.table import parameters_of
from iam.changes.plan import AnswerValue, Call, Plan, PlanError, api_parameters, plan_to_value
from iam.foreign_text import json_text

__all__ = ["FORMATS", "cli_words", "to_cli", "to_cloudformation", "to_json", "to_terraform", "written"]

FORMATS = ("cli", "terraform", "cloudformation", "json")


def written(plan: Plan, form: str) -> str:
    """Return the plan in one of `FORMATS`. Raises `PlanError` if that format cannot express it."""
    match form:
        case "cli":
            return to_cli(plan)
        case "terraform":
            return to_terraform(plan)
        case "cloudformation":
            return to_cloudformation(plan)
        case "json":
            return json_text(to_json(plan)) + "\n"
    raise PlanError(f"{form} is not an export format; the formats are {', '.join(FORMATS)}.")


def to_json(plan: Plan) -> dict[str, Any]:
    """Return the plan as a JSON object for other programs: each call in the API's form, with its undo."""
    return {
        "id": plan.id,
        "kind": plan.kind,
        "title": plan.title,
        "summary": plan.sentence,
        "account": plan.account_id,
        "target": plan.target,
        "destructive": plan.destructive,
        "warnings": list(plan.to_read_first),
        "effects": plan.effects.to_value(),
        "in_use": list(plan.in_use),
        "needs_name": plan.destructive,
        "name_to_type": plan.type_name,
        "calls": [_json_call(call) for call in plan.calls],
        "plan": plan_to_value(plan),
    }


def _json_call(call: Call) -> dict[str, Any]:
    undo = call.undo
    return {
        "service": call.service,
        "operation": call.operation,
        "parameters": _json_parameters(call),
        "target": call.target,
        "why": call.why,
        "words": call.why,
        "undo": None if undo is None else {"operation": undo.operation, "parameters": _json_parameters(undo)},
        "undo_note": call.undo_note,
        **({} if undo is not None else {"irreversible": call.undo_note}),
    }


def _json_parameters(call: Call) -> dict[str, Any]:
    return {
        name: f"(the {value.path} of call {value.call + 1})" if isinstance(value, AnswerValue) else value
        for name, value in api_parameters(call).items()
    }


# The AWS CLI.

_PLAIN_LINE = re.compile(r"[\x20-\x7e]*")


def to_cli(plan: Plan) -> str:
    """Return a bash script that makes the plan's calls. A comment at the end lists the commands that undo the calls."""
    asked = {(value.call, value.path) for call in plan.calls for value in _references(call)}
    lines = ["#!/usr/bin/env bash", *_comment(f"rolescope: {plan.title}"), *_comment(plan.sentence)]
    lines += [line for sentence in plan.to_read_first for line in _comment(f"Note: {sentence}")]
    lines += ["set -euo pipefail", ""]
    if plan.account_id:
        lines += [
            f'if [ "$(aws sts get-caller-identity --query Account --output text)" != {plan.account_id} ]; then',
            f"  echo 'These are not the credentials of account {plan.account_id}.' >&2",
            "  exit 1",
            "fi",
            "",
        ]
    for index, call in enumerate(plan.calls):
        lines += _comment(f"{index + 1}. {call.why}")
        lines += _comment(call.caution) if call.caution else []
        paths = [path for number, path in asked if number == index]
        command = _command(call)
        if paths:
            lines.append(f"{_variable(index)}=$({command} --query {shlex.quote(paths[0])} --output text)")
        else:
            lines.append(command)
        if _is_creation(call):
            lines += _wait(call)
        lines.append("")
    undo = [call.undo for call in reversed(plan.calls) if call.undo is not None]
    if undo:
        lines += ["# To undo it:"]
        for call in undo:
            lines += [f"#   {line}" for line in _command(call).split("\n")]
    return "\n".join(lines).rstrip("\n") + "\n"


def _is_creation(call: Call) -> bool:
    return call.operation in ("CreateRole", "CreateInstanceProfile", "CreatePolicy")


def _wait(call: Call) -> list[str]:
    """Return the CLI command that waits for a new entity.

    Changes to IAM take seconds to be visible everywhere.
    """
    match call.operation:
        case "CreateRole":
            return [f"aws iam wait role-exists --role-name {shlex.quote(call.text('RoleName'))}"]
        case "CreateInstanceProfile":
            name = shlex.quote(call.text("InstanceProfileName"))
            return [f"aws iam wait instance-profile-exists --instance-profile-name {name}"]
    return [f"aws iam wait policy-exists --policy-arn {shlex.quote(call.target)}"]


def _references(call: Call) -> list[AnswerValue]:
    found = [value for value in call.parameters.values() if isinstance(value, AnswerValue)]
    return found + (_references(call.undo) if call.undo is not None else [])


def _variable(index: int) -> str:
    return f"answer_{index + 1}"


def _command(call: Call) -> str:
    return " ".join([*map(shlex.quote, _words(call)), *_options(call)])


def _words(call: Call) -> list[str]:
    """Return the words of a command before the call's own options."""
    arn = Arn.parse(call.target) if call.service != "iam" else None
    return ["aws", call.service, cli_name(call.operation), *(["--region", arn.region] if arn is not None else [])]


def _options(call: Call) -> list[str]:
    """Return the options for a script, quoted."""
    options = []
    for name, value in call.parameters.items():
        option = f"--{cli_name(name)}"
        if isinstance(value, AnswerValue):
            options.append(f'{option} "${_variable(value.call)}"')
        elif parameters_of(call.operation)[name] is ParameterKind.FLAG:
            options.append(option if value else f"--no-{cli_name(name)}")
        else:
            options.append(_joined(option, _word(name, value, call)))
    return options


def _joined(option: str, value: str) -> str:
    """Join an option with its value. A value that begins with a dash would be read as another option."""
    return f"{option}={shlex.quote(value)}" if value.startswith("-") else f"{option} {shlex.quote(value)}"


def _word(name: str, value: Any, call: Call) -> str:
    kind = parameters_of(call.operation)[name]
    if kind is ParameterKind.TAGS:
        # The tags are written as JSON: in the short form (Key=…,Value=…), commas and equal signs have a meaning.
        return json.dumps([{"Key": key, "Value": each} for key, each in value.items()], ensure_ascii=True)
    if kind is ParameterKind.PROFILE:
        return json.dumps({"Name": value})
    if kind is ParameterKind.LIST:
        return json.dumps(list(value), ensure_ascii=True)
    text = str(value)
    if text.startswith(("file://", "fileb://")):
        raise PlanError(
            f"The value of {name} begins with file://, which the AWS CLI would read as a file: use another export "
            "format."
        )
    return text


def cli_words(call: Call) -> list[str]:
    """Return the words of the AWS CLI command for a call, unquoted.

    Raises `PlanError` if the call depends on the response of an earlier call.
    """
    words = _words(call)
    for name, value in call.parameters.items():
        if isinstance(value, AnswerValue):
            raise PlanError(f"{call.operation} needs a value that an earlier call returns.")
        if parameters_of(call.operation)[name] is ParameterKind.FLAG:
            words.append(f"--{'' if value else 'no-'}{cli_name(name)}")
        else:
            words += [f"--{cli_name(name)}", _word(name, value, call)]
    return words


def _comment(text: str) -> list[str]:
    """Return a comment line. Characters that could end the line or change how it is displayed are escaped."""
    shown = "".join(char if _PLAIN_LINE.fullmatch(char) else f"\\u{ord(char):04x}" for char in text)
    return [f"# {shown}"]
