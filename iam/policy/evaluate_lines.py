"""The JSON lines of ``rolescope evaluate``.

Each input line has a request and its policies, each output line a decision.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from iam.policy.compiled import account_of_resource
from iam.policy.decision import Decision
from iam.policy.document import Document, PolicyError, json_decoder
from iam.policy.evaluate import evaluate, ready
from iam.policy.layer import Layer
from iam.policy.principal import caller
from iam.policy.request import MOST_SESSION_POLICIES, EndpointType, NamedPolicy, Policies, Request
from iam.policy.unsaved import unsaved_codes

MAX_CHARACTERS = 16 * 1024 * 1024
"""The length in characters of the longest input line: more than a hundred of AWS's longest policies."""


MAX_DOCUMENT = 1024 * 1024
"""The size of the largest accepted document: eight times AWS's longest policy, which has 131,072 characters."""

FREE_FIELDS = frozenset({"id", "expect", "source", "note", "group", "unread"})
"""Fields that are accepted and ignored, as are all fields that begin with ``x-``."""

KNOWN_FIELDS = FREE_FIELDS | {
    "principal",
    "action",
    "resource",
    "resourceAccount",
    "identityPolicies",
    "boundaryPolicies",
    "vpcEndpointPolicies",
    "vpcEndpointType",
    "scps",
    "rcps",
    "resourcePolicy",
    "sessionPolicy",
    "contextVariables",
}
_MOST_UNKNOWN = 100
_ALSO_CALLED = {
    "context": "contextVariables",
    "conditioncontext": "contextVariables",
    "contextkeys": "contextVariables",
    "contextentries": "contextVariables",
    "conditionkeys": "contextVariables",
    "policy": "identityPolicies",
    "managedpolicy": "identityPolicies",
    "inlinepolicy": "identityPolicies",
    "permissionboundary": "boundaryPolicies",
    "permissionsboundary": "boundaryPolicies",
    "permissionboundarypolicy": "boundaryPolicies",
    "boundary": "boundaryPolicies",
    "servicecontrolpolicy": "scps",
    "resourcecontrolpolicy": "rcps",
    "endpointpolicy": "vpcEndpointPolicies",
    "vpcepolicy": "vpcEndpointPolicies",
    "trustpolicy": "resourcePolicy",
    "assumerolepolicydocument": "resourcePolicy",
    "owneraccount": "resourceAccount",
    "resourceowner": "resourceAccount",
    "resourceaccountid": "resourceAccount",
    "callerarn": "principal",
    "identitybasedpolicy": "identityPolicies",
    "resourcebasedpolicy": "resourcePolicy",
    "session": "sessionPolicy",
    "vpcendpoint": "vpcEndpointPolicies",
}


class LineError(ValueError):
    """Raised for a line that cannot be evaluated. ``str()`` says what is wrong and where."""


def answer_line(line: str) -> tuple[str, bool]:
    """Return the output line (ASCII) for an input line, and whether the input could be evaluated."""
    known_id: Any = None
    try:
        value = _decoded(line)
        known_id = value.get("id")
        unknown = [] if value.keys() <= KNOWN_FIELDS else _unknown_fields(value)
        request, policies = read(value)
        decision = evaluate(request, policies)
        warnings = (*unsaved_codes(policies, request.action), *(f"unknown-field:{name}" for name in unknown))
        return json.dumps(as_json(known_id, decision, warnings)), True
    except (LineError, PolicyError) as error:
        return json.dumps({"id": known_id, "error": str(error)}), False


def as_line(id: Any, request: Request, policies: Policies) -> str:
    """Return the input line that represents this request and these policies; `read` parses it.

    ``unread`` lists the layers that could not be read, for human readers; the evaluation ignores it.
    """

    def named(policy: NamedPolicy) -> dict[str, Any]:
        return {"name": policy.name, "policy": policy.document.value}

    def listed(group: Iterable[NamedPolicy]) -> list[dict[str, Any]]:
        return [named(policy) for policy in group]

    parts = {
        "id": id,
        "principal": request.principal or {"type": "Anonymous"},
        "action": request.action,
        "resource": request.resource,
        "resourceAccount": request.resource_account,
        "contextVariables": {key: list(values) for key, values in request.context.items()},
        "identityPolicies": listed(policies.identity),
        "boundaryPolicies": listed(policies.boundary or ()),
        "vpcEndpointPolicies": listed(policies.vpc_endpoint or ()),
        "vpcEndpointType": policies.vpc_endpoint_type,
        "scps": [listed(level) for level in policies.scps or ()],
        "rcps": [listed(level) for level in policies.rcps or ()],
        "resourcePolicy": policies.resource and named(policies.resource),
        "sessionPolicy": listed(policies.session or ()),
        "unread": sorted(policies.unread),
    }
    return json.dumps({key: value for key, value in parts.items() if value not in (None, [], {})})


def as_json(id: Any, decision: Decision, warnings: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return a decision as a JSON object.

    Layers that the request does not have are left out. ``otherwise`` is the other possible outcome if it is uncertain
    whether a statement applies.
    """
    return {
        "id": id,
        "decision": decision.outcome,
        "layers": dict(decision.layers),
        "reasons": [
            {
                "layer": reason.layer,
                "effect": reason.effect,
                "policy": reason.policy.name,
                "statement": reason.statement,
                "sid": reason.sid,
                **({"level": reason.level} if reason.level is not None else {}),
            }
            for reason in decision.reasons
        ],
        "missingContext": list(decision.missing_context),
        "decidedBy": decision.decided_by,
        "rule": decision.rule,
        **({"otherwise": decision.otherwise} if decision.otherwise is not None else {}),
        **({"warnings": list(warnings)} if warnings else {}),
    }


def _unknown_fields(value: dict[str, Any]) -> list[str]:
    """Return the unknown fields.

    Raises `LineError` for one that resembles a known field, such as a guardrail given as ``scp``. It would otherwise be
    ignored silently.
    """
    unknown = [name for name in value if name not in KNOWN_FIELDS and not name.lower().startswith("x-")]
    if len(unknown) > _MOST_UNKNOWN:
        raise LineError(f"The line has {len(unknown):,} unknown fields: {json.dumps(unknown[0][:60])} and others.")
    for name in unknown:
        meant = _meant(name)
        if meant is not None:
            raise LineError(f"The field {json.dumps(name[:60])} is unknown: did you mean {json.dumps(meant)}?")
    return unknown


def _meant(name: str) -> str | None:
    """Return the field that a name resembles, or None."""
    plain = _plain(name)
    if plain in _ALSO_CALLED:
        return _ALSO_CALLED[plain]
    fields = {_plain(field): field for field in sorted(KNOWN_FIELDS - FREE_FIELDS)}
    if plain in fields:
        return fields[plain]
    near = get_close_matches(plain, fields, n=1, cutoff=0.8)
    return fields[near[0]] if near else None


def _plain(name: str) -> str:
    letters = "".join(filter(str.isalnum, name.lower()))
    return letters.removesuffix("ies") + "y" if letters.endswith("ies") else letters.removesuffix("s")


def _decoded(line: str) -> dict[str, Any]:
    if len(line) > MAX_CHARACTERS:
        raise LineError(f"The line has more than the {MAX_CHARACTERS:,} characters that are read at most.")
    try:
        value = _DECODER.decode(line)
    except RecursionError:
        raise LineError("The line is nested too deeply.") from None
    except json.JSONDecodeError as error:
        raise LineError(f"The line is not JSON: {error.msg} at column {error.colno}.") from None
    except ValueError as error:
        raise LineError(f"The line is not JSON: {error}.") from None
    if not isinstance(value, dict):
        raise LineError("The line is not a JSON object.")
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    decoded = dict(pairs)
    if len(decoded) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise ValueError(f"the key {json.dumps(key)} occurs twice in one object")
            seen.add(key)
    return decoded


_DECODER = json_decoder(_object)


def read(value: dict[str, Any]) -> tuple[Request, Policies]:
    """Return the request and the policies of a decoded input line.

    Raises `LineError` if a part is missing or has the wrong type.
    """
    action = value.get("action")
    if not isinstance(action, str) or ":" not in action.strip(":"):
        raise LineError('"action" must be a text such as "s3:GetObject".')
    account = value.get("resourceAccount")
    if isinstance(account, int) and not isinstance(account, bool):
        account = f"{account:012d}"
    if account is not None and not (isinstance(account, str) and len(account) == 12 and account.isdigit()):
        raise LineError('"resourceAccount" must be 12 digits.')
    resource = value.get("resource")
    if resource is not None and not isinstance(resource, str):
        raise LineError('"resource" must be an ARN or "*".')
    principal = _principal(value)
    request = Request(
        principal=principal,
        action=action,
        resource=resource or "*",
        resource_account=account or account_of_resource(resource or "*") or caller(principal).account,
        context=_context(value.get("contextVariables")),
    )
    # In the order in which they are checked: the first one that AWS would reject is reported.
    identity = _policies(value, "identityPolicies", Layer.IDENTITY)
    boundary = _policies(value, "boundaryPolicies", Layer.BOUNDARY)
    endpoint = _policies(value, "vpcEndpointPolicies", Layer.VPC_ENDPOINT)
    return request, Policies(
        identity=identity,
        resource=_policy(value, "resourcePolicy", Layer.RESOURCE),
        boundary=boundary or None,
        session=_session(value),
        scps=_levels(value, "scps", Layer.SCP),
        rcps=_levels(value, "rcps", Layer.RCP),
        vpc_endpoint=endpoint or None,
        vpc_endpoint_type=_endpoint_type(value.get("vpcEndpointType")),
    )


def _endpoint_type(value: Any) -> EndpointType | None:
    if value is None or value in tuple(EndpointType):
        return value and EndpointType(value)
    raise LineError('"vpcEndpointType" must be "Gateway" or "Interface".')


def _principal(value: dict[str, Any]) -> str | None:
    if "principal" not in value:
        raise LineError('"principal" is missing.')
    principal = value["principal"]
    if isinstance(principal, dict) and principal.get("type") == "Anonymous":
        return None
    if isinstance(principal, str) and principal.strip():
        return principal
    raise LineError('"principal" must be an ARN, a service or {"type": "Anonymous"}.')


def _context(value: Any) -> dict[str, tuple[str, ...]]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise LineError('"contextVariables" must be an object.')
    context: dict[str, tuple[str, ...]] = {}
    for key, given in value.items():
        if isinstance(given, list):
            context[key] = tuple([_context_text(key, item) for item in given])
        else:
            context[key] = (_context_text(key, given),)
    return context


def _context_text(key: str, item: Any) -> str:
    if isinstance(item, str):
        return item
    if isinstance(item, bool):
        return "true" if item else "false"
    if isinstance(item, int | float):
        return str(item)
    raise LineError(f"The context key {json.dumps(key)} must have a string or a list of strings.")


def _policies(value: dict[str, Any], key: str, layer: Layer) -> tuple[NamedPolicy, ...]:
    listed = value.get(key)
    if listed is None:
        return ()
    if not isinstance(listed, list):
        listed = [listed]
    return tuple([_named(item, layer, key, index) for index, item in enumerate(listed)])


def _policy(value: dict[str, Any], key: str, layer: Layer) -> NamedPolicy | None:
    return None if value.get(key) is None else _named(value[key], layer, key)


def _session(value: dict[str, Any]) -> tuple[NamedPolicy, ...] | None:
    given = value.get("sessionPolicy")
    if given is None:
        return None
    listed = given if isinstance(given, list) else [given]
    if not 0 < len(listed) <= MOST_SESSION_POLICIES:
        raise LineError(
            f'"sessionPolicy" must be one policy, or a list of up to {MOST_SESSION_POLICIES}: one inline, ten managed.'
        )
    if given is not listed:
        return (_named(given, Layer.SESSION, "sessionPolicy"),)
    return tuple([_named(item, Layer.SESSION, "sessionPolicy", index) for index, item in enumerate(listed)])


def _levels(value: dict[str, Any], key: str, layer: Layer) -> tuple[tuple[NamedPolicy, ...], ...] | None:
    levels = value.get(key)
    if not levels:
        return None
    if not isinstance(levels, list):
        raise LineError(f'"{key}" must be a list of levels, each a list of policies.')
    if not any(isinstance(level, list) for level in levels):
        levels = [levels]
    named = []
    for number, level in enumerate(levels):
        items = level if isinstance(level, list) else [level]
        named.append(tuple([_named(item, layer, key, number, index) for index, item in enumerate(items)]))
    return tuple(named)


def _named(value: Any, layer: Layer, key: str, *indexes: int) -> NamedPolicy:
    """Return a policy from a document, with or without a name. Raises `LineError` if AWS would not save it.

    Layers that do not apply to this caller are checked too. The position in the line is used only in errors.
    """
    name: str | None = None
    if isinstance(value, dict) and "policy" in value and "Statement" not in value:
        given = value.get("name")
        if given is not None and not isinstance(given, str):
            raise LineError(f'{_place(key, indexes)}: "name" must be a text.')
        name, value = given, value["policy"]
    if not isinstance(value, dict | str):
        raise LineError(f"{_place(key, indexes)} must be a policy document.")
    policy = NamedPolicy(Document.from_value(value), name)
    if policy.document.stored_size > MAX_DOCUMENT:
        raise LineError(
            f"{_place(key, indexes)} has more than {MAX_DOCUMENT:,} bytes, eight times AWS's longest policy."
        )
    try:
        ready(policy, layer)
    except PolicyError as error:
        raise LineError(f"{_place(key, indexes)}: {error}" if indexes else str(error)) from None
    return policy


def _place(key: str, indexes: tuple[int, ...]) -> str:
    return key + "".join(f"[{index}]" for index in indexes)
