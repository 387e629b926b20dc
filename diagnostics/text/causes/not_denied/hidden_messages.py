"""A program that hides the message of its failure: the text cannot show whether anything was denied."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from diagnostics.diagnosis import FirstLook
from diagnostics.failure import OtherFailure, Trouble
from diagnostics.text.causes.build_causes import contains
from diagnostics.text.read.messages.required_or_invalid_values import HIDDEN
from diagnostics.who import Who
from diagnostics.words import REFUSED_CALLS
from iam.lazy_pattern import regex


@dataclass(frozen=True, slots=True)
class _Hiding:
    """A program that hides messages.

    ``words`` match what the program prints instead of the message, ``step`` matches what failed, and ``show`` says how
    to see the message.
    """

    words: re.Pattern[str]
    step: re.Pattern[str]
    program: str
    show: str


_PROGRAMS = (
    # Ansible, "Logging Ansible output", "Protecting sensitive data with no_log"
    # (https://docs.ansible.com/ansible/latest/reference_appendices/logging.html).
    _Hiding(
        regex(
            r"^\W*(?:fatal|failed): [^\n]*(?P<said>output has been hidden due to the fact that .{0,4}no_log: true)",
            re.MULTILINE,
        ),
        regex(r"\bTASK \[(?P<step>[^\]\n]{1,120})\]"),
        "Ansible's no_log",
        "Run the task once with no_log: false where nobody else reads the output",
    ),
    # Terraform, "local-exec provisioner" and "Manage sensitive data": what a sensitive value hides
    # (https://developer.hashicorp.com/terraform/language/manage-sensitive-data).
    _Hiding(
        regex(r"(?P<said>\(output suppressed due to sensitive value in config\))(?=[\s\S]*\bexit status [1-9])"),
        regex(r"^\W{0,4}(?P<step>[\w.\[\]\"-]{3,120}) \((?:local|remote)-exec\): \(output suppressed", re.MULTILINE),
        "a sensitive value in Terraform's configuration",
        "Run the provisioner's command once by hand, or without the sensitive value",
    ),
)
# AWS CLI User Guide, "Command line return codes in the AWS CLI"
# (https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-returncodes.html).
_CODES = {
    "252": "only says that a parameter or the syntax was not valid: the command was not run",
    "253": "only says that configuration or credentials were missing or invalid: no service was asked",
    "254": "only says that a service answered with an error, and not with which",
    "255": "only says that the command failed",
}
_SILENCED = regex(
    r"(?P<command>\baws [a-z0-9-]+ [a-z0-9-]+)[^\n|;]*?(?:[ \t](?:2>|&>|>&)[ \t]?/dev/null|>[ \t]?/dev/null 2>&1)"
)
_EXIT = regex(
    r"\b(?:exit(?:ed)?(?: with)?|return(?:ed)?)\W{0,3}(?:code|status)?\W{0,3}(?P<code>25[2-5])\b", re.IGNORECASE
)


def hidden_message(failure: OtherFailure) -> Iterator[FirstLook]:
    """Yield how to see the message, if a program hid it and the text has no other error."""
    if failure.trouble is not Trouble.UNRECOGNIZED:
        return
    for each in _PROGRAMS:
        if (found := each.words.search(failure.text)) is None:
            continue
        steps = [step["step"] for step in each.step.finditer(failure.text) if step.start() <= found.start()]
        of_step = f" of “{steps[-1].strip()}”" if steps else ""
        yield FirstLook(
            f"{HIDDEN}: {each.program} hides the message{of_step}. {each.show}; or look for a failed call at that time "
            "in CloudTrail: run the command below with the account and Region of the run. Then paste the error message "
            "that you find.",
            contains(found["said"]),
            REFUSED_CALLS,
            Who.CALLER,
        )
        return
    yield from _silenced(failure.text)


def _silenced(text: str) -> Iterator[FirstLook]:
    """Yield the cause if the text's script discards the output of an AWS CLI command and shows only its exit code."""
    commands = list(dict.fromkeys(each["command"] for each in _SILENCED.finditer(text)))
    code = _EXIT.search(text)
    if len(commands) == 1 and code is not None:
        yield FirstLook(
            f"{HIDDEN}: the script throws away what {commands[0]} prints. Exit code {code['code']} "
            f"{_CODES[code['code']]}. Let the command print to the terminal and read its message; change nothing "
            "before that.",
            contains(commands[0]),
            None,
            Who.CALLER,
        )
