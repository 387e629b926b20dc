"""Checks of elements: missing, unknown, empty or mutually exclusive elements, wrong types, Sids, and sizes."""

from __future__ import annotations

import json
import re
from typing import Any

from iam.facts import quotas
from iam.policy.lint.finding import ERROR, SUGGESTION, WARNING, LintSeverity, Part, Policy, PolicyKind
from iam.policy.statements import DOCUMENT_ELEMENTS, STATEMENT_ELEMENTS, VERSIONS, Path
from iam.policy.words import unlikeness

# Characters without white space, except for SCPs and RCPs, where every character counts (IAM and Organizations quotas).
_SIZES: dict[PolicyKind, tuple[int, str, LintSeverity]] = {
    PolicyKind.IDENTITY: (quotas.MANAGED_SIZE.usual, "POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA", WARNING),
    PolicyKind.BOUNDARY: (quotas.MANAGED_SIZE.usual, "POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA", WARNING),
    PolicyKind.RESOURCE: (quotas.RESOURCE_POLICY_SIZE.usual, "POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA", WARNING),
    PolicyKind.TRUST: (quotas.TRUST_SIZE.usual, "POLICY_SIZE_EXCEEDS_ROLE_TRUST_POLICY_QUOTA", WARNING),
    PolicyKind.SCP: (quotas.ORGANIZATION_POLICY_SIZE.usual, "POLICY_SIZE_EXCEEDS_SCP_QUOTA", ERROR),
    PolicyKind.RCP: (quotas.ORGANIZATION_POLICY_SIZE.usual, "POLICY_SIZE_EXCEEDS_RCP_QUOTA", ERROR),
}
_PAIRS = (("Action", "NotAction"), ("Resource", "NotResource"), ("Principal", "NotPrincipal"))
_SID = re.compile(r"[A-Za-z0-9]*")


def check(policy: Policy) -> None:
    value = policy.value
    if not isinstance(value, dict):
        policy.say((), "DATA_TYPE_MISMATCH", ERROR, "A policy is a JSON object.")
        return
    _duplicates(policy)
    _document(policy, value)
    for part in policy.statements:
        _elements(policy, part)
        _effect(policy, part)
        _values(policy, part)
        _sid(policy, part)
    _sids(policy)
    _size(policy)


def _duplicates(policy: Policy) -> None:
    for problem in policy.document.problems:
        if problem.message.endswith("occurs twice in one object"):
            policy.say((), "JSON_SYNTAX_ERROR", ERROR, f"{problem.message} (line {problem.line}).")


def _document(policy: Policy, value: dict[str, Any]) -> None:
    for key in value:
        if key not in DOCUMENT_ELEMENTS:
            policy.say((key,), "INVALID_POLICY_ELEMENT", ERROR, _unknown(key, DOCUMENT_ELEMENTS))
    _version(policy, value.get("Version"))
    if "Id" in value and not isinstance(value["Id"], str):
        policy.say(("Id",), "DATA_TYPE_MISMATCH", ERROR, "The Id must be a string.")
    _listed(policy, value.get("Statement", []))


def _version(policy: Policy, version: object) -> None:
    if version is None:
        message = "The policy has no Version: add 2012-10-17, without which policy variables are plain text."
        policy.say((), "MISSING_VERSION", WARNING, message)
    elif not isinstance(version, str):
        policy.say(("Version",), "DATA_TYPE_MISMATCH", ERROR, "The Version must be a string.")
    elif version not in VERSIONS:
        policy.say(
            ("Version",), "INVALID_VERSION", ERROR, f"There is no version {version}: use 2012-10-17 (or 2008-10-17)."
        )


def _listed(policy: Policy, listed: object) -> None:
    if listed == []:
        policy.say(("Statement",), "MISSING_STATEMENT", ERROR, "The policy has no statement.")
    elif not isinstance(listed, dict | list):
        policy.say(("Statement",), "DATA_TYPE_MISMATCH", ERROR, "The Statement must be an object or a list of objects.")
    elif isinstance(listed, list):
        for index, one in enumerate(listed):
            if not isinstance(one, dict):
                policy.say(("Statement", index), "DATA_TYPE_MISMATCH", ERROR, "A statement must be an object.")


def _elements(policy: Policy, part: Part) -> None:
    value = part.value
    for key in value:
        if key not in STATEMENT_ELEMENTS:
            policy.say((*part.path, key), "INVALID_POLICY_ELEMENT", ERROR, _unknown(key, STATEMENT_ELEMENTS))
    for one, other in _PAIRS:
        if one in value and other in value:
            message = f"A statement cannot have both {one} and {other}: remove one of them."
            policy.say((*part.path, other), "UNSUPPORTED_ELEMENT_COMBINATION", ERROR, message)
    if "Action" not in value and "NotAction" not in value:
        policy.say(part.path, "MISSING_ACTION", ERROR, "The statement has neither Action nor NotAction.")
    kind = policy.kind
    # "Identity-based policies must include a Resource": in a resource policy it may be the resource that the policy is
    # attached to.
    needs_resource = kind not in (PolicyKind.TRUST, PolicyKind.RESOURCE)
    if needs_resource and "Resource" not in value and "NotResource" not in value:
        policy.say(part.path, "MISSING_RESOURCE", ERROR, "The statement has neither Resource nor NotResource.")
    if kind.names_principals and "Principal" not in value and "NotPrincipal" not in value:
        policy.say(part.path, "MISSING_PRINCIPAL", ERROR, "The statement has no Principal.")


def _effect(policy: Policy, part: Part) -> None:
    effect = part.value.get("Effect")
    if "Effect" not in part.value:
        policy.say(part.path, "MISSING_EFFECT", ERROR, "The statement has no Effect: it must say Allow or Deny.")
    elif not isinstance(effect, str):
        policy.say((*part.path, "Effect"), "DATA_TYPE_MISMATCH", ERROR, "The Effect must be a string.")
    elif effect not in ("Allow", "Deny"):
        policy.say((*part.path, "Effect"), "INVALID_EFFECT", ERROR, f"The Effect {effect!r} is neither Allow nor Deny.")


def _values(policy: Policy, part: Part) -> None:
    """Check the types of values, and that no element is empty."""
    for element in ("Action", "NotAction", "Resource", "NotResource"):
        value = part.value.get(element)
        path = (*part.path, element)
        if element not in part.value:
            continue
        _strings(policy, path, value, element)
        if value == []:
            code = "EMPTY_ARRAY_ACTION" if element.endswith("Action") else "EMPTY_ARRAY_RESOURCE"
            policy.say(path, code, SUGGESTION, f"The {element} is empty: the statement has no effect.")
    for element in ("Principal", "NotPrincipal"):
        value = part.value.get(element)
        path = (*part.path, element)
        if value == {}:
            policy.say(path, "EMPTY_OBJECT_PRINCIPAL", SUGGESTION, f"The {element} is empty: it names nobody.")
        elif value == []:
            policy.say(path, "EMPTY_ARRAY_PRINCIPAL", SUGGESTION, f"The {element} is empty: it names nobody.")
        elif isinstance(value, dict):
            for kind, held in value.items():
                if held == []:
                    message = f"The {element} lists no {kind} principal: it names nobody."
                    policy.say((*path, kind), "EMPTY_ARRAY_PRINCIPAL", SUGGESTION, message)
                else:
                    _strings(policy, (*path, kind), held, f"{element} {kind}")
    _condition(policy, part)


def _condition(policy: Policy, part: Part) -> None:
    if "Condition" not in part.value:
        return
    value, path = part.value["Condition"], (*part.path, "Condition")
    if not isinstance(value, dict):
        policy.say(path, "DATA_TYPE_MISMATCH", ERROR, "The Condition must be an object.")
        return
    if not value:
        policy.say(path, "EMPTY_OBJECT_CONDITION", SUGGESTION, "The Condition is empty and has no effect.")
    for operator, keys in value.items():
        if not isinstance(keys, dict):
            message = f"{operator} must be an object of condition keys."
            policy.say((*path, operator), "DATA_TYPE_MISMATCH", ERROR, message)
            continue
        if not keys:
            policy.say((*path, operator), "EMPTY_OBJECT_CONDITION", SUGGESTION, f"{operator} has no condition key.")
        for key, held in keys.items():
            _strings(policy, (*path, operator, key), held, f"condition on {key}")


def _strings(policy: Policy, path: Path, value: Any, what: str) -> None:
    listed = value if isinstance(value, list) else [value]
    for index, one in enumerate(listed):
        if not isinstance(one, str | bool | int | float):
            where = (*path, index) if isinstance(value, list) else path
            message = f"The {what} contains something that is not a string."
            policy.say(where, "DATA_TYPE_MISMATCH", ERROR, message)


def _sid(policy: Policy, part: Part) -> None:
    if "Sid" not in part.value:
        return
    sid, path = part.value["Sid"], (*part.path, "Sid")
    if not isinstance(sid, str):
        policy.say(path, "DATA_TYPE_MISMATCH", ERROR, "The Sid must be a string.")
    elif not sid:
        policy.say(path, "EMPTY_SID_VALUE", SUGGESTION, "The Sid is empty.")
    elif policy.kind is not PolicyKind.RESOURCE and not _SID.fullmatch(sid):
        policy.say(path, "UNSUPPORTED_SID", ERROR, "A Sid may contain only the letters A to Z and a to z and digits.")


def _sids(policy: Policy) -> None:
    """Check that Sids are unique, as IAM, Organizations and some other services require."""
    seen: set[str] = set()
    for part in policy.statements:
        sid = part.value.get("Sid")
        if not isinstance(sid, str) or not sid:
            continue
        if sid in seen:
            code, severity = "UNIQUE_SIDS_REQUIRED", ERROR
            if policy.kind is PolicyKind.RESOURCE:
                code, severity = "UNIQUE_SIDS_RECOMMENDED", WARNING
            policy.say((*part.path, "Sid"), code, severity, f"Another statement has the same Sid {sid}.")
        seen.add(sid)


def _size(policy: Policy) -> None:
    quota, code, severity = _SIZES[policy.kind]
    size = characters(policy)
    if size > quota:
        more = " An account's quota may have been raised to 8,192." if policy.kind is PolicyKind.TRUST else ""
        policy.say(
            (), code, severity, f"The policy has {size:,} characters that count, and {quota:,} are allowed.{more}"
        )


def characters(policy: Policy) -> int:
    """Return the number of characters that count against the policy size quota; white space does not count."""
    if policy.kind in (PolicyKind.SCP, PolicyKind.RCP):
        # The console, and the CLI with a file, remove white space: the smallest size that can be stored counts.
        return len(json.dumps(policy.value, separators=(",", ":"), ensure_ascii=False))
    return len(re.sub(r"\s", "", policy.document.text))


def _unknown(key: str, known: tuple[str, ...]) -> str:
    near = min(known, key=lambda word: unlikeness(word, key))
    hint = f" Did you mean {near}?" if unlikeness(near, key) < 50 else ""
    return f"{key[:60]!r} is not an element of a policy.{hint}"
