"""The resource for which a service acts, by the call that the text shows: ``create-trail --name NAME``.

The service sends its ARN as aws:SourceArn to the bucket, key, queue or function of somebody else (IAM User Guide, "The
confused deputy problem": https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html).
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from diagnostics.access_denied.request.command import commands_in
from diagnostics.access_denied.request.templates import descriptions
from iam.api_operations import action_for
from iam.arn import Arn
from iam.claims import Keys, Source, Sourced
from iam.lazy_pattern import regex
from iam.policy.match import compile_glob
from iam.regions import A_REGION
from iam.service_reference import VARIABLE, ResourceType, resource_types
from iam.service_reference import action as known_action

_KNOWN_PARTS = ("${Partition}", "${Region}", "${Account}")
_NO_VALUE = regex(r"[$<>{}*]|\.\.\.|…")
_NAME = regex(r"[\w.@+=/-]+")
# A command in a list of steps, without `aws` and its service.
_BARE = regex(r"(?<![\w./-])(?P<operation>[a-z]+(?:-[a-z0-9]+)+)(?P<options>[ \t]+--[a-z][^\n;|&>]{2,2000})")
# The messages of Terraform's AWS provider: "creating CloudTrail Trail (NAME)".
_OF_TERRAFORM = regex(
    r"\b(?:creating|updating|putting|setting|adding|starting|enabling|waiting for) "
    r"(?:\w+ )??(?P<thing>[A-Z][\w ]{2,50}?) \((?P<name>[\w.@+=/-]+)\)"
)


@dataclass(frozen=True, slots=True)
class _Call:
    """A call in the text: the resource types that it may work on, and its parameters by their names' letters."""

    types: tuple[ResourceType, ...]
    alone: bool
    """Whether the call works on one type only, so that its ``name`` is the resource's."""
    parameters: Mapping[str, str]
    said: str
    operation: str = ""
    """The letters of the operation's name; "" for a resource of a template."""


def acting_for(outside: str, operation: str, wanted: Collection[str], account: str = "") -> Keys:
    """Return aws:SourceArn of the only resource that the text's calls name, if it is none of ``wanted``.

    The arguments are those of ``other_source``.
    """
    sent = other_source(outside, operation, wanted, account)
    return {} if sent is None else {"aws:SourceArn": Sourced((sent[0],), Source.COMMAND, f"the text has {sent[1]}")}


def other_source(outside: str, operation: str, wanted: Collection[str], account: str = "") -> tuple[str, str] | None:
    """Return the ARN of the only resource that the text's calls name, and the call, if it is none of ``wanted``.

    ``wanted`` are the ARNs that conditions in the text have for it; ``outside`` is the text without its policies. What
    the call does not show is taken from them; ``account`` is the caller's, "" if it is unknown. Of several calls, those
    of the refused ``operation`` count.
    """
    sent: dict[str, str] = {}
    arns = [arn for each in dict.fromkeys(wanted) if (arn := Arn.parse(each)) and arn.resource.strip("*")]
    for service in {arn.service for arn in arns if "*" not in arn.service}:
        calls = list(_calls(outside, service))
        refused = [each for each in calls if each.operation and each.operation == _letters(operation)]
        for call in refused or calls:
            named = (had for arn in arns if arn.service == service for had in _named_by(call, arn, account))
            sent.update({had: call.said for had in named if not _NO_VALUE.search(had)})
    if len(sent) != 1 or any(compile_glob(each)(had) for each in wanted for had in sent):
        return None
    return next(iter(sent.items()))


def _named_by(call: _Call, wanted: Arn, account: str) -> Iterator[str]:
    """Yield the ARN of the resource that the call names, if it is of the wanted type."""
    for kind in call.types:
        variables = [each for each in VARIABLE.findall(kind.arn) if each not in _KNOWN_PARTS]
        if len(variables) != 1 or not _is_of_type(kind, wanted):
            continue
        value = _value(call, variables[0].strip("${}"))
        if value and value.startswith("arn:"):
            yield from (value,) if kind.fits(value) else ()
        elif value and _NAME.fullmatch(value):
            region = call.parameters.get("region", "")
            region = region if A_REGION.fullmatch(region) and wanted.region else wanted.region
            owner = account if account and wanted.account else wanted.account
            yield kind.filled(wanted.partition, region, owner).replace(variables[0], value)


def _is_of_type(kind: ResourceType, wanted: Arn) -> bool:
    """Return whether the ARN is of this type, or of something within such a resource, as a bucket's key is."""
    shape = kind.arn.split(":", 5)[5]
    before, _, after = shape.partition(found[0]) if (found := VARIABLE.search(shape)) else (shape, "", "")
    inside = wanted.resource[len(before) :]
    one_name = wanted.service == "s3" or not kind.closed or "/" not in inside.rstrip("/*")
    return wanted.resource.startswith(before) and inside.endswith(after) and one_name


def _value(call: _Call, variable: str) -> str:
    """Return the parameter that names the resource: the variable's own name, its beginning, or plain ``name``."""
    low = variable.lower()
    stem = re.sub(r"(?:name|id|arn)$", "", low)
    for name in (low, f"{stem}name", f"{stem}id", f"{stem}arn", f"{stem}identifier", stem):
        if name and name in call.parameters:
            return call.parameters[name]
    return call.parameters.get("name", "") or call.parameters.get("id", "") if call.alone else ""


def _calls(text: str, service: str) -> Iterator[_Call]:
    for command in commands_in(text):
        if command.service == service:
            options = {_letters(name): values[0] for name, values in command.options if values}
            yield _call(service, command.operation, options, command.text)
    for found in _BARE.finditer(text):
        try:
            words = shlex.split(found["options"])
        except ValueError:
            words = found["options"].split()
        yield _call(service, found["operation"], dict(_options(words)), found["operation"])
    for each in descriptions(text):
        if each.service in (service, "") and each.operation:
            parameters = {name: values[0] for name, (values, _) in each.parameters.items()}
            yield _call(service, each.thing, parameters, each.said)
        elif each.service == service:
            parameters = {name: values[0] for name, (values, _) in each.parameters.items()}
            for kind in resource_types(service).values():
                if (name := _letters(kind.name)).startswith(each.thing) or each.thing.endswith(name):
                    yield _Call((kind,), True, parameters, each.said)
                elif each.thing.startswith(name):
                    yield _Call((kind,), False, parameters, each.said)
    for found in _OF_TERRAFORM.finditer(text):
        words = found["thing"].split()
        types = tuple(kind for kind in resource_types(service).values() if _letters(kind.name) == words[-1].lower())
        if types and _letters("".join(words[:-1])).removesuffix("service") in (service, f"amazon{service}"):
            yield _Call(types, True, {"name": found["name"]}, found[0])


def _options(words: list[str]) -> Iterator[tuple[str, str]]:
    for word, value in zip(words, [*words[1:], "--"], strict=True):
        if word.startswith("--") and not value.startswith("--"):
            yield _letters(word), value


def _call(service: str, operation: str, parameters: Mapping[str, str], said: str) -> _Call:
    name = "".join(part[:1].upper() + part[1:] for part in operation.split("-"))
    known = known_action(action_for(name, service) or f"{service}:{name}")
    types = known.resource_types if known is not None else ()
    return _Call(types, len(types) == 1, parameters, said, _letters(operation))


def _letters(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
