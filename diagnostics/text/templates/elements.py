"""Convert a value from a template or program into the elements of a statement, with IAM's names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from diagnostics.text.templates.malformed_actions import meant_action
from diagnostics.text.templates.reader import Computed
from iam.arn import names_a_service
from iam.lazy_pattern import regex

COMPUTED = "${computed}"
"""The placeholder for a value that only a deployment can compute, from an expression without a name."""

ELEMENTS = {
    "sid": "Sid",
    "effect": "Effect",
    "action": "Action",
    "actions": "Action",
    "notaction": "NotAction",
    "notactions": "NotAction",
    "resource": "Resource",
    "resources": "Resource",
    "notresource": "NotResource",
    "notresources": "NotResource",
    "principal": "Principal",
    "principals": "Principal",
    "notprincipal": "NotPrincipal",
    "notprincipals": "NotPrincipal",
    "condition": "Condition",
    "conditions": "Condition",
}
"""The names of a statement's elements in other languages, in lower case → IAM's names (Terraform AWS provider,
"aws_iam_policy_document"; AWS CDK, "PolicyStatementProps"; IAM User Guide, "IAM JSON policy element reference").
"""


_KIND_ON_ITS_LINE = regex(
    r"(?P<before>\b(?:Not)?Principal(?:[ \t]*[:=][ \t]*|[ \t]+))(?P<kind>(?:AWS|Service|Federated)[ \t]*[:=])"
    r"(?=[ \t]*[\"'`]?(?:arn:|\*|[a-z0-9.-]+\.amazonaws\.com|\d{12}\b))"
)
"""``Principal: AWS: arn:…`` on one line, which is no YAML."""


def with_plain_principals(text: str) -> str:
    """Return the text, as long as before, in which a principal directly follows the word ``Principal``."""
    return _KIND_ON_ITS_LINE.sub(lambda found: found["before"] + " " * len(found["kind"]), text)


# One statement, in the form of IAM's JSON.


def statement_of(value: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the statement with IAM's names; None if it is not a statement, or its effect is unknown."""
    statement = {"Effect": "Allow", **elements_of(value), **_of_a_permission(value)}
    if not statement.keys() & {"Action", "NotAction"} or statement["Effect"] not in ("Allow", "Deny"):
        return None
    actions = statement.get("Action", statement.get("NotAction", []))
    of_trust = "Principal" in statement and all(each.lower().startswith(("sts:", "${")) for each in actions)
    if statement["Effect"] == "Deny" and {"Principal", "Condition"} <= statement.keys():
        statement.setdefault("Resource", ["*"])  # left out by who wrote down a resource's own policy
    if not statement.keys() & {"Resource", "NotResource"} and not of_trust:
        return None  # an action of another system, or cut off
    return statement if names_actions(statement) else None


def _of_a_permission(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return the elements of a Lambda permission as those of a statement: the function, and who may invoke it.

    Lambda API Reference, "AddPermission" (https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html).
    """
    given = {re.sub(r"[^a-z]", "", str(name).lower()): had for name, had in value.items()}
    if not given.keys() >= {"functionname", "action", "principal"} or given.keys() & {"resource", "condition"}:
        return {}
    principal = text_of(given["principal"]) or COMPUTED
    blocks = {
        "ArnLike": {"aws:SourceArn": given.get("sourcearn")},
        "StringEquals": {
            "aws:SourceAccount": given.get("sourceaccount"),
            "aws:PrincipalOrgID": given.get("principalorgid"),
        },
    }
    conditions = {
        test: keys
        for test, each in blocks.items()
        if (keys := {key: list(_texts(had)) for key, had in each.items() if had})
    }
    return {
        "Principal": {"Service" if names_a_service(principal) else "AWS": [principal]},
        "Resource": list(_texts(given["functionname"])),
        **({"Condition": conditions} if conditions else {}),
    }


def names_actions(statement: Mapping[str, Any]) -> bool:
    """Return whether one of the statement's actions is computed or has the form of an IAM action."""
    actions = statement.get("Action", statement.get("NotAction", []))
    return any(re.fullmatch(r"\*|[\w-]+:[\w*?]+|.*\$\{.*", each) or meant_action(each) for each in actions)


def elements_of(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return the statement elements in the value, with IAM's names and in the form of IAM's JSON."""
    found: dict[str, Any] = {}
    for name, had in value.items():
        element = ELEMENTS.get(re.sub(r"[^a-z]", "", str(name).lower()))
        if element is not None:
            found.setdefault(element, had)
    statement: dict[str, Any] = {}
    if "Effect" in found:
        statement["Effect"] = str(found["Effect"]).rpartition(".")[2].capitalize()
    if isinstance(sid := found.get("Sid"), str) and not isinstance(sid, Computed):
        statement["Sid"] = sid
    for name in ("Action", "NotAction", "Resource", "NotResource"):
        if name in found:
            statement[name] = list(_texts(found[name]))
    for name in ("Principal", "NotPrincipal"):
        if name in found:
            statement[name] = _principals(found[name])
    if "Condition" in found:
        statement["Condition"] = _conditions(found["Condition"])
    return statement


def text_of(value: Any) -> str | None:
    """Return a value as text, with placeholders for computed parts; None if the value is not text."""
    if isinstance(value, Computed):
        return value.placeholder
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, str):
        return value
    if isinstance(value, dict) and len(value) == 1:
        ((name, inner),) = value.items()
        return _function(str(name).removeprefix("Fn::"), inner)
    return None


def _function(name: str, inner: Any) -> str:
    """Return a CloudFormation function's value as text (CloudFormation Template Reference, "Intrinsic functions")."""
    match name, inner:
        case ("Sub", str()) | ("Sub", [str(), *_]):
            return inner if isinstance(inner, str) else str(inner[0])
        case "Join", [str() as separator, list() as parts]:
            return separator.join(text_of(each) or COMPUTED for each in parts)
        case "GetAtt", [str() as resource, str() as attribute]:
            return f"${{{resource}.{attribute}}}"
        case (("Ref" | "GetAtt"), str()):
            return f"${{{inner}}}"
        case _:
            return f"${{{name}}}"


def _texts(value: Any) -> Iterator[str]:
    for each in value if isinstance(value, list) else [value]:
        written = text_of(each)
        yield COMPUTED if written is None else written


_PRINCIPAL = regex(
    r"(?P<kind>Service|Account|Arn|Any|StarPrincipal|AccountRoot|WebIdentity|Federated|OpenIdConnect)\w*\("
    r"\s*[\"']?(?P<value>[\w.:/*@+=,-]*)"
)


def _principals(value: Any) -> Any:
    """Return principals in IAM's form; ``value`` has Terraform blocks, CDK classes, or that form already."""
    found: dict[str, list[str]] = {}
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, str) and not isinstance(each, Computed):
            if each == "*":
                return "*"
            found.setdefault("Service" if names_a_service(each) else "AWS", []).append(each)
        elif isinstance(each, Computed):
            kind, name = _class_principal(each)
            if kind == "*":
                return "*"
            found.setdefault(kind, []).append(name)
        elif isinstance(each, dict) and "type" in each:
            listed = list(_texts(each.get("identifiers", [])))
            if each["type"] == "*":
                return "*"
            found.setdefault(text_of(each["type"]) or "AWS", []).extend(listed)
        elif isinstance(each, dict):
            for kind, names in each.items():
                found.setdefault(str(kind), []).extend(_texts(names))
    return found


def _class_principal(written: str) -> tuple[str, str]:
    """Return the kind and value of the principal that a CDK class represents.

    See AWS CDK, "aws-cdk-lib.aws_iam", principals.
    """
    match = _PRINCIPAL.search(written)
    kind, value = (match["kind"], match["value"]) if match else ("", "")
    match kind:
        case "Service":
            return "Service", value or "${service}"
        case "Any" | "StarPrincipal":
            return "*", "*"
        case "WebIdentity" | "Federated" | "OpenIdConnect":
            return "Federated", value or "${provider}"
        case _:
            return "AWS", value or "${principal}"


def _conditions(value: Any) -> dict[str, dict[str, list[str]]]:
    from diagnostics.text.templates.prose_conditions import condition_after  # that module also reads policies

    found: dict[str, dict[str, list[str]]] = {}
    for each in value if isinstance(value, list) else [value]:
        in_words = condition_after(each, 0, deny=False) if isinstance(each, str) else None
        if in_words is not None and isinstance(each, str) and in_words[1] == len(each.rstrip()):
            found |= in_words[0]
        elif not isinstance(each, dict):
            found.setdefault("StringEquals", {})[COMPUTED] = [COMPUTED]
        elif "test" in each and "variable" in each:
            operator, key = text_of(each["test"]) or "", text_of(each["variable"]) or ""
            found.setdefault(operator, {})[key] = list(_texts(each.get("values", [])))
        else:
            for operator, block in each.items():
                for key, values in block.items() if isinstance(block, dict) else [(COMPUTED, COMPUTED)]:
                    found.setdefault(str(operator), {})[str(key)] = list(_texts(values))
    return found
