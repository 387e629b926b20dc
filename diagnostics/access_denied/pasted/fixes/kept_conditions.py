"""The condition that a new statement copies from the closest statement."""

from __future__ import annotations

import re

from iam.policy.decision import Fault, NearMiss
from iam.policy.request import Request
from iam.service_reference import action as known_action


def kept_condition(near: NearMiss, request: Request, *, may_fit: bool) -> dict[str, dict[str, object]]:
    """Return the condition to copy from the closest statement; empty if that statement is for other resources.

    Without this condition, the new statement would allow more than the existing one. Keys for which the request has
    other values, or none, are left out.
    """
    kinds = {_kind_of(each) for each in near.wanted}
    of_kind = (
        near.fault is Fault.RESOURCE_MISMATCH and near.element == "Resource" and _kind_of(request.resource) in kinds
    )
    if not of_kind and not (near.fault is Fault.NO_ACTION and may_fit):
        return {}
    from iam.policy.edits import statement_value  # few policies in texts have a condition

    written: dict[str, dict[str, object]] = statement_value(near.policy.document, near.statement).get("Condition") or {}
    unmet = {each.key.lower() for each in near.conditions if each.had is not None}
    unmet |= {key.lower() for values in written.values() for key in values if _is_of_other_tags(request.action, key)}
    kept = {name: {key: values[key] for key in values if key.lower() not in unmet} for name, values in written.items()}
    return {name: values for name, values in kept.items() if values}


def without_key(conditions: dict[str, dict[str, object]], key: str) -> dict[str, dict[str, object]]:
    """Return the conditions without the key. An operator that has no other key is removed too."""
    left = {
        name: {one: had for one, had in each.items() if one.lower() != key.lower()} for name, each in conditions.items()
    }
    return {name: each for name, each in left.items() if each}


_OF_TAGS = ("aws:requesttag/", "aws:tagkeys", "aws:resourcetag/")


def _is_of_other_tags(action: str, key: str) -> bool:
    """Return whether the condition key is a tag that requests for the action do not have."""
    start = next((each for each in _OF_TAGS if key.lower().startswith(each)), "")
    known = known_action(action)
    return bool(start) and known is not None and start not in known.all_keys


def _kind_of(arn: str) -> tuple[str, ...]:
    """Return the service and the type of a resource; for S3, whether it is an object."""
    _, _, service, _, _, resource = (*arn.split(":", 5), *("",) * 6)[:6]
    if service == "s3":
        return service, "object" if "/" in resource else "bucket"
    return service, re.split("[:/]", resource)[0] if re.search("[:/]", resource) else ""


def merged(kept: dict[str, dict[str, object]], new: object) -> dict[str, dict[str, object]]:
    """Return a condition with the keys of both. Keys in ``new`` have the values of this request."""
    added: dict[str, dict[str, object]] = new if isinstance(new, dict) else {}
    return {name: kept.get(name, {}) | added.get(name, {}) for name in dict.fromkeys((*kept, *added))}
