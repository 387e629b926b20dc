"""The forms of a fix: for the requested resource, and for wider patterns (this object, this prefix, this bucket).

A statement that names one object or one execution does not allow the next request. Every form names the resource's
container, such as its bucket: none covers all resources of a type.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from diagnostics.access_denied.case import Case
from diagnostics.fix import Fix
from iam.arn import Arn
from iam.policy.match import has_wildcard

MOST_FORMS = 4

_NOUNS = {
    ("s3", ""): "object",
    ("s3", "accesspoint"): "object",
    ("states", "execution"): "execution",
    ("states", "express"): "execution",
    ("logs", "log-group"): "log stream",
    ("lambda", "function"): "version",
    ("dynamodb", "table"): "index",
    ("secretsmanager", "secret"): "secret",
    ("ssm", "parameter"): "parameter",
    ("ecr", "repository"): "repository",
    ("codeartifact", "package"): "package",
    ("glue", "table"): "table",
    ("execute-api", ""): "method",
}
_UNTYPED = frozenset({"s3", "execute-api"})
"""Services whose ARNs begin with a name instead of a resource type."""
_KEYWORDS = frozenset({"index", "stream", "log-stream", "object", "export", "backup", "alias", "consumer"})
"""Words in ARNs that describe the name after them."""
_WHOLE = frozenset({"iam", "kms", "sts", "organizations"})
"""Services whose resources are named one by one in a statement.

   No wider form is offered for these services, because all roles of a path, or all keys, would be too many.
"""


@dataclass(frozen=True, slots=True)
class Scope:
    """The scope of a form, in words and as a pattern."""

    words: str
    pattern: str


def scopes_of(resource: str) -> tuple[Scope, ...]:
    """Return the resource, and wider patterns around it, the narrowest first."""
    arn = Arn.parse(resource)
    if arn is None or has_wildcard(resource):
        return (Scope("this resource", resource),)
    kind, before, names, joint = _parts(arn)
    noun = _NOUNS.get((arn.service, kind), "resource")
    found = [Scope(f"this {noun}", resource)]
    for count in range(len(names) - 1, 0, -1):
        if names[count] in _KEYWORDS or arn.service in _WHOLE:
            continue
        kept = names[:count]
        shown = [*kept[:1], *kept[2:]] if kind == "accesspoint" else kept
        holder = joint.join(shown[:-1] if shown[-1] in _KEYWORDS and len(shown) > 1 else shown)
        pattern = str(replace(arn, resource=f"{before}{joint.join(kept)}{joint}*"))
        found.append(Scope(f"every {noun} in {holder}", pattern))
    if len(found) > MOST_FORMS:
        found = [*found[: MOST_FORMS - 1], found[-1]]
    return tuple(found)


def _parts(arn: Arn) -> tuple[str, str, list[str], str]:
    """Return the kind of resource, the text before its names, the names, and their separator."""
    kind, before, rest = "", "", arn.resource
    if arn.service not in _UNTYPED or (arn.account and arn.service == "s3"):
        match = re.match(r"([\w-]+)([:/])", arn.resource)
        if match:
            kind, before, rest = match[1], match[0], arn.resource[match.end() :]
    # Object keys and API paths may contain colons.
    joint = ":" if ":" in rest and arn.service not in _UNTYPED else "/"
    lead = "/" if joint == "/" and rest.startswith("/") else ""
    return kind, before + lead, rest.removeprefix(lead).split(joint), joint


_PASSING = {
    ("logs", "log-group"),
    ("states", "execution"),
    ("states", "express"),
    ("ecs", "task"),
    ("codebuild", "build"),
    ("codeartifact", "package"),
}
"""Types of resources that a service creates for each run. A statement that names such a resource helps only once.
"""


def with_forms(case: Case, build: Callable[[str], Fix], *, together: bool = False) -> Fix:
    """Return the fix with all its forms. ``build`` makes the fix for a resource pattern.

    The returned fix is the form for the requested resource or, if such a resource is created for each run, the next
    wider one. With ``together``, the next wider form is also used for an object of a bucket and an index of a table.
    """
    forms = tuple(_forms(case, build))
    asked = case.request.resource
    many = _is_passing(asked) or (together and case.beside is None and _is_one_of_many(asked))
    first = 1 if many and len(forms) > 1 and forms[1].verified is forms[0].verified else 0
    return replace(forms[first], forms=forms if len(forms) > 1 else ())


def _is_passing(resource: str) -> bool:
    """Return whether the resource exists only for a short time, such as a log stream, an execution or a task."""
    arn = Arn.parse(resource)
    if arn is None:
        return False
    kind, _, names, _ = _parts(arn)
    return (arn.service, kind) in _PASSING and len(names) > 1


def _is_one_of_many(resource: str) -> bool:
    """Return whether the resource is one of many that policies name together, such as a bucket's objects."""
    arn = Arn.parse(resource)
    if arn is None:
        return False
    kind, _, names, _ = _parts(arn)
    if arn.service == "dynamodb":
        return kind == "table" and "index" in names[1:]
    return arn.service == "s3" and (len(names) > 1 if kind == "" else kind == "accesspoint" and len(names) > 2)


def _forms(case: Case, build: Callable[[str], Fix]) -> Iterator[Fix]:
    for scope in scopes_of(case.request.resource):
        yield replace(build(scope.pattern), scope=scope.words)
