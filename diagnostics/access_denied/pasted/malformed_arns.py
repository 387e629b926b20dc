"""Correct a statement's ARN that has the wrong form, and otherwise names the request's resource.

The ARN is wrong if no action of the statement works on resources with such an ARN.

Service Authorization Reference: each resource type has one form of ARN
(https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from diagnostics.text.policy_questions.mistakes import shown_arn
from iam.lazy_pattern import regex
from iam.policy.match import resource_matcher
from iam.regions import known_regions
from iam.service_reference import ResourceType, resource_types
from iam.service_reference import action as known_action

_FIELDS = 6
_PLACE = (2, 3, 4)
"""The positions of the service, Region and account in an ARN. Another partition may be intended."""
_OPEN = regex(r"[*?]|\$\{")
_BOUNDARY = regex(r"[:/]+")


@dataclass(frozen=True, slots=True)
class MalformedArn:
    """An ARN ``written`` in a statement, the ARN ``right`` that should replace it, and the resource's type.

    ``kind`` is the name of the resource's type, ``form`` the form of its ARNs. ``other``: the written ARN has the form
    of another type of the service, so that other actions can work on it.
    """

    written: str
    right: str
    kind: str
    form: str
    other: bool


def malformed_arn(action: str, named: Iterable[str], asked: str, *, alone: bool) -> MalformedArn | None:
    """Return the first of the ``named`` ARNs that, once it has the form for the resource's type, matches ``asked``.

    None if each ARN has the form of a type that the action works on, or would still not match. ``alone``: the statement
    names no other action. Otherwise, an ARN in another type's form is not corrected, because it may be meant for
    another action.
    """
    known = known_action(action)
    types = known.resource_types if known is not None else ()
    kind = next((each for each in types if _has_form(each, asked)), None)
    if kind is None or _OPEN.search(asked):
        return None
    for written in named:
        if not written.startswith("arn:") or any(_has_form(each, written) for each in types):
            continue
        service = "".join(written.split(":")[2:3])
        other = any(_has_form(each, written) for each in resource_types(service).values())
        if other and not alone:
            continue
        for right in _corrections(written, asked.split(":", _FIELDS - 1), kind):
            if right != written and _has_form(kind, right) and resource_matcher(right)(asked):
                return MalformedArn(written, right, kind.name, shown_arn(kind), other)
    return None


def with_empty_name(action: str, named: Iterable[str], asked: str) -> tuple[str, str] | None:
    """Return the first ARN with an empty name that matches ``asked`` once the name is filled in, and the filled-in ARN.

    Return None if there is no such ARN. A variable without a value results in an ARN with an empty name:
    ``arn:aws:s3:::/*``, ``…:table/``.
    """
    known = known_action(action)
    types = known.resource_types if known is not None else ()
    for written in named:
        place, resource = written.split(":", _FIELDS - 1)[:-1], written.split(":", _FIELDS - 1)[-1]
        for kind in types if len(place) == _FIELDS - 1 else ():
            head, variable, _ = kind.arn.split(":", _FIELDS - 1)[-1].partition("$")
            if not variable:
                continue  # the type has one resource without a name, such as Glue's catalog
            rest, wanted = resource.removeprefix(head), asked.split(":", _FIELDS - 1)[-1].removeprefix(head)
            if not resource.startswith(head) or _BOUNDARY.match(rest or "/") is None:
                continue
            for name in (_BOUNDARY.split(wanted)[0], wanted):
                right = ":".join([*place, f"{head}{name}{rest}"])
                if name and resource_matcher(right)(asked):
                    return written, right
    return None


def with_region_of(named: Iterable[str], asked: str) -> tuple[str, str, str] | None:
    """Return the policy's first ARN that would match ``asked`` if its name contained the Region of ``asked``.

    The result is the corrected ARN, the Region that it had, and the requested Region. None if no name contains a
    Region, or no ARN would match.
    """
    place, _, name = asked.rpartition(":")
    for written in named:
        front, _, resource = written.rpartition(":")
        for had in _regions(resource) if front == place else ():
            for region in _regions(name):
                right = f"{front}:{resource.replace(had, region)}"
                if region != had and resource_matcher(right)(asked):
                    return right, had, region
    return None


def _regions(name: str) -> list[str]:
    """Return the known Regions that occur in a name."""
    return [each for each in known_regions() if re.search(rf"(?<![a-z0-9]){each}(?![a-z0-9])", name)]


def _has_form(kind: ResourceType, arn: str) -> bool:
    """Return whether an ARN has the form of the type: the same fields are empty in both."""
    shape, parts = kind.arn.split(":", _FIELDS - 1), arn.split(":", _FIELDS - 1)
    if len(parts) < _FIELDS or not kind.fits(arn):
        return False
    return all(parts[at] == "*" or bool(parts[at]) == bool(shape[at]) for at in _PLACE)


def _corrections(written: str, asked: list[str], kind: ResourceType) -> Iterator[str]:
    """Yield the ARN with the fixed and empty fields as in ``asked``, and with the type at the start of the resource."""
    shape = kind.arn.split(":", _FIELDS - 1)
    for parts in _divisions(written, asked):
        for at in _PLACE:
            fixed = "$" not in shape[at] and parts[at] != "*"
            parts[at] = asked[at] if fixed or not parts[at] else parts[at]
        for resource in _resources(parts[-1], shape[-1], shape[2]):
            yield ":".join([*parts[:-1], resource])


def _divisions(written: str, asked: list[str]) -> Iterator[list[str]]:
    """Yield the ways to divide an ARN into its parts: as written, with a part added, and with one colon removed.

    The added part, which the written ARN may lack, is taken from ``asked``.
    """
    parts = written.split(":")
    if len(parts) >= _FIELDS:
        yield written.split(":", _FIELDS - 1)
    more = [[*parts[:at], asked[at], *parts[at:]] for at in range(1, _FIELDS - 1)]
    less = [[*parts[:at], *parts[at + 1 :]] for at in range(1, min(_FIELDS, len(parts))) if not parts[at]]
    for each in (*more, *less):
        if len(each) >= _FIELDS:
            yield ":".join(each).split(":", _FIELDS - 1)


def _resources(written: str, template: str, service: str) -> Iterator[str]:
    """Yield the resource part of an ARN as written, and with the type at its beginning as in the template."""
    head = template.partition("$")[0]
    types = _type_words(service)
    ends = [found.end() for found in _BOUNDARY.finditer(written)]
    for start in (0, *(each for end in ends for each in ((end - 1, end) if written[end - 1] == "/" else (end,)))):
        name, before = written[start:], _BOUNDARY.split(written[:start])
        if _OPEN.match(name.lstrip("/:")) or not all(word.lower().rstrip("s") in types for word in before if word):
            return
        for resource in dict.fromkeys((name, f"{head}{name}", f"{head}{name.lstrip('/')}")):
            yield resource
            yield f"{resource}*" if resource.endswith("/") else resource


def _type_words(service: str) -> set[str]:
    """Return the words for the service's resource types, in lower case and without an ``s`` at the end."""
    known = resource_types(service)
    heads = (_BOUNDARY.split(each.arn.split(":", _FIELDS - 1)[-1])[0] for each in known.values())
    return {re.sub(r"s$", "", each.lower()) for each in (service, *known, *heads) if "$" not in each}
