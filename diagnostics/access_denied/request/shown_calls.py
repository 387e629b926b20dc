"""The calls that a text shows, in any notation: commands, code, templates, cmdlets, and what Terraform says it does."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from diagnostics.access_denied.request.command import commands_in
from diagnostics.access_denied.request.templates import descriptions, letters
from iam.lazy_pattern import regex

# A command in a list of steps, without `aws` and its service.
_BARE = regex(r"(?<![\w./-])(?P<operation>[a-z]+(?:-[a-z0-9]+)+)(?P<options>[ \t]+--[a-z][^\n;|&>]{2,2000})")
# The messages of Terraform's AWS provider: "creating CloudTrail Trail (NAME)".
_OF_TERRAFORM = regex(r"\b[a-z]+ing (?:for )?(?P<thing>[A-Z]\w*(?: [A-Z]\w*){0,4}) \((?P<name>[\w.@+:=/-]+)\)")


@dataclass(frozen=True, slots=True)
class ShownCall:
    """A call, or the resource that it creates.

    Parameters and types are named in lower-case letters and digits only (`letters`), operations as in the API.
    ``service`` is the IAM prefix, "" if the text does not show it. One of ``operation`` and ``thing`` is empty: a
    template names the type of a resource and no operation. ``said`` is the text that shows the call.
    """

    service: str
    operation: str
    thing: str
    parameters: Mapping[str, tuple[str, ...]]
    said: str

    @property
    def works_on(self) -> str:
        """The operation's name or the resource's type: ``createtrail``, ``cloudtrailtrail``, ``trail``."""
        return letters(self.operation) or self.thing

    def calls(self, operation: str) -> bool:
        """Return whether this is a call of the operation, in any notation."""
        return bool(self.operation) and letters(self.operation) == letters(operation)


def shown_calls(text: str) -> Iterator[ShownCall]:
    """Yield the calls in the text: commands, then templates and code, then Terraform's messages."""
    for command in commands_in(text):
        options = {letters(name): values for name, values in command.options}
        yield ShownCall(command.service, _spelled(command.operation), "", options, command.text)
    for found in _BARE.finditer(text):
        yield ShownCall("", _spelled(found["operation"]), "", dict(_options(found["options"])), found["operation"])
    for each in descriptions(text):
        parameters = {name: values for name, (values, _) in each.parameters.items()}
        operation, thing = (each.thing, "") if each.operation else ("", each.thing)
        yield ShownCall(each.service, operation, thing, parameters, each.said)
    for found in _OF_TERRAFORM.finditer(text):
        yield ShownCall("", "", letters(found["thing"]), {"name": (found["name"],)}, found[0])


def _spelled(operation: str) -> str:
    """Return the operation's name as AWS's API spells it: ``CreateTrail`` for ``create-trail``."""
    return "".join(part[:1].upper() + part[1:] for part in operation.split("-"))


def _options(written: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    try:
        words = shlex.split(written)
    except ValueError:  # an unclosed quotation mark
        words = written.split()
    for word, value in zip(words, [*words[1:], "--"], strict=True):
        if word.startswith("--") and not value.startswith("--"):
            yield letters(word), (value,)
