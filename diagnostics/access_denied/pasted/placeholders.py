"""Handle placeholders in a pasted policy: a template's references, or parts that the author left out."""

from __future__ import annotations

import json
import re
from fnmatch import fnmatchcase
from typing import Any

from diagnostics.failure import Denial
from diagnostics.text.templates.elements import COMPUTED, text_of
from iam.lazy_pattern import regex

PLACEHOLDER = regex(
    r"\$\{(?:self|opt|env|ssm|cf|param|sls|custom|git|file)\b(?:[^{}]|\{[^{}]{0,100}\}){0,200}\}"
    r"|\$\{aws:(?:accountId|region)\}|\$\{[^}:]*\}\*?|\$\{[A-Z]\w*::\w+\}|\{\{[^}]*\}\}|<[^>]*>|\.\.\.|…"
)
"""A template's reference or an omitted part, which can represent any text. ``${aws:username}`` is a policy variable."""
_ELEMENTS = ("Action", "NotAction", "Resource", "NotResource", "Condition", "Principal", "NotPrincipal")


def open_elements(statement: dict[str, Any]) -> list[str]:
    """Return the names of the elements that contain a placeholder. Their values are unknown."""
    written = ((name, json.dumps(statement[name], ensure_ascii=False)) for name in _ELEMENTS if name in statement)
    return [name for name, text in written if PLACEHOLDER.search(text)]


def fitted_statement(pasted: Any, denial: Denial, action: str) -> dict[str, Any] | None:
    """Return the statement with placeholders replaced by what matches the request; None if it cannot be evaluated.

    In a Deny, actions with a placeholder are removed, placeholders in resources are replaced, and placeholders in
    conditions are kept. A Deny with a placeholder in another element cannot be evaluated.
    """
    if not isinstance(pasted, dict):
        return None
    of_resources = ("Resource", "NotResource")
    statement: dict[str, Any] = {
        str(name): [_OF_AN_API.sub("arn:*:execute-api:*:*:*/", each) for each in resource_texts(had)]
        if name in of_resources
        else had
        for name, had in pasted.items()
    }
    unknown = open_elements(statement)
    if statement.get("Effect") == "Deny":
        if set(unknown) - {"Resource", "Condition", "Action"}:
            return None
        if "Action" in unknown:
            named = statement["Action"] if isinstance(statement["Action"], list) else []
            statement["Action"] = [each for each in named if not PLACEHOLDER.search(str(each))]
            if not statement["Action"]:
                return None
        unknown = [name for name in unknown if name == "Resource"]
    for name in unknown:
        had = statement.pop(name)
        listed = [each for each in (had if isinstance(had, list) else [had]) if isinstance(each, str)]
        known = [each for each in listed if not PLACEHOLDER.search(each)]
        match name:
            case "Resource":
                statement[name] = [_fitted(each, denial.resource or "*") for each in listed]
            case "Action":
                statement[name] = [*known, action]
            case "NotAction" | "NotResource":
                statement[name] = known or ["-"]  # no known value is left out
            case "Condition":
                statement[name] = _known_conditions(had)
            case "Principal" if isinstance(had, dict) and had.keys() == {"Federated"} and action == "sts:AssumeRole":
                statement[name] = {"Federated": ["-"]}  # an identity provider's tokens are for other calls
            case "Principal":
                statement[name] = {"AWS": denial.principal} if denial.principal else "*"
            case _:
                return None
    return statement


_OF_AN_API = regex(r"^execute-api:/")
"""The short form of an API's own ARN in its resource policy (API Gateway Developer Guide, "API Gateway resource policy
examples": https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-examples.html).
"""


def _known_conditions(block: Any) -> dict[str, Any]:
    """Return the conditions without placeholders."""
    found: dict[str, Any] = {}
    for name, keys in block.items() if isinstance(block, dict) else ():
        for key, values in keys.items() if isinstance(keys, dict) else ():
            if not PLACEHOLDER.search(json.dumps([key, values], ensure_ascii=False)):
                found.setdefault(name, {})[key] = values
    return found


def resource_texts(value: Any) -> list[str]:
    """Return resources as strings, with placeholders for a template's functions."""
    texts = map(text_of, value if isinstance(value, list) else [value])
    return [COMPUTED if each is None else each for each in texts]


def stated_pattern(resource: str) -> str:
    """Return the pattern for an ARN that a person wrote incompletely. Omitted parts match anything."""
    return PLACEHOLDER.sub("*", resource)


def stated_name(resource: str) -> str:
    """Return the part of an ARN that a person wrote, without the dots for the rest."""
    return re.sub(r"^\.\.\.[:/]*(?=[\w*.])|^\.\.\.(?=/\w)", "", resource)


# What a reference's name shows: a bucket's ARN is not an object's, a table's is not an index's.
OF_BUCKET = regex(r"\$\{[^}]{0,200}?(?:aws_s3_bucket\.|bucket_?arn|bucket\w{0,60}\.arn)[^}]{0,200}\}", re.IGNORECASE)
OF_TABLE = regex(r"\$\{[^}]{0,200}?(?:aws_dynamodb_table\.|table_?arn|table\w{0,60}\.arn)[^}]{0,200}\}", re.IGNORECASE)


def _fitted(pattern: str, resource: str) -> str:
    """Return the resource of a statement with every placeholder replaced by what fits the request best.

    A placeholder that is the name of a bucket or of a table has no slash.
    """
    if not PLACEHOLDER.search(pattern):
        return pattern
    for reference, whole in ((OF_BUCKET, r"arn:[\w-]+:s3:::[^/]+"), (OF_TABLE, r"arn:[\w-]+:dynamodb:[^/]+/[^/]+")):
        known, own = reference.match(pattern), re.match(whole, resource)
        if known is not None and own is not None:
            return own[0] + PLACEHOLDER.sub("*", pattern[known.end() :])
    parts, asked = PLACEHOLDER.sub("\0", pattern).split(":", 5), resource.split(":", 5)
    if len(parts) < 6 or len(asked) < 6:
        wide = PLACEHOLDER.sub("*", pattern)
        ways = (wide, f"*:{wide[2:]}") if wide.startswith("*/") else (wide,)  # whoever writes .../table/a omits a colon
        fits = resource.startswith("arn:") and any(fnmatchcase(resource, each.replace("[", "[[]")) for each in ways)
        return resource if fits else wide
    name, slash, rest = parts[5].partition("/")
    begins = re.fullmatch(r"[^/]*".join(map(re.escape, name.split("\0"))), asked[5].partition("/")[0])
    parts[5] = (asked[5].partition("/")[0] if begins else name) + slash + rest
    return ":".join(parts).replace("\0", "*")
