"""Read which operation was refused from the author's words, if the message itself names nothing."""

from __future__ import annotations

from dataclasses import replace

from diagnostics.failure import Denial
from iam.lazy_pattern import regex
from iam.service_reference import action_names, services_with
from iam.services import iam_prefix

_OPERATION = r"[A-Z][a-z]+(?:[A-Z][A-Za-z0-9]*)+"
_BEHIND = r"(?:\(\))?(?![\w*]|[:.]\w)(?! (?:permission|polic|action|access|right|in (?:the|its|our) polic))"
"""Words after the name of an operation that was called. The name of a permission is not followed by them."""
_MAKES = r"(?i:call(?:s|ed|ing)?|makes?|making|do(?:es|ing)|run(?:s|ning)?)"
_OF_SERVICE = r"(?:(?:AWS|Amazon) )?(?P<service>[A-Za-z][A-Za-z0-9-]{1,24})(?:[ .]|['’]s )"
_CALLED = regex(
    rf"\b(?:{_MAKES}|(?i:us(?:es?|ing)|with|via|through|by|the|an?|on|in|each|every))"
    rf"(?: (?:the|an?|its|our|each|every))?(?: \w+['’]s)? {_OF_SERVICE}(?P<name>{_OPERATION}){_BEHIND}"
    rf"|\b{_MAKES} (?:(?:the|an?) )?(?P<named>{_OPERATION}){_BEHIND}"
)
_ANOTHER_ERROR = regex(
    r"\bAn error occurred \((?!\w*(?:Denied|Unauthori[sz]ed|NotAuthori[sz]ed|Forbidden))[^)\n]*\)[^\n]*"
)
_COPY = "CopyObject"
"""An operation without an action of its own (Amazon S3 API Reference, "CopyObject", Permissions)."""


def with_operation_in_prose(denial: Denial, text: str) -> Denial:
    """Return the denial with the only operation that the text says was called, if the denial has no other detail."""
    if any((denial.action, denial.operation, denial.principal, denial.resource, denial.stated_reason)):
        return denial
    said = {}
    for found in _CALLED.finditer(_ANOTHER_ERROR.sub("", text)):
        name = found["name"] or found["named"]
        service = iam_prefix(found["service"]) if found["service"] else None
        if services := _services(name, service):
            said[name] = services
    if len(said) != 1:
        return denial
    ((name, services),) = said.items()
    if name == _COPY:
        return replace(denial, operation=name, action="s3:PutObject")
    own = services[0] if len(services) == 1 else ""
    return replace(denial, operation=name, action=f"{own}:{action_names(own)[name.lower()]}" if own else None)


def _services(name: str, named: str | None) -> tuple[str, ...]:
    """Return the services with this operation: the named one if it has it, all if none is named."""
    if name == _COPY:
        return ("s3",)
    services = services_with(name.lower())
    return (named,) if named in services else services if named is None else ()
