"""Earlier states of roles, users, groups and policies, as AWS Config recorded them.

A configuration item contains the state of an entity at its capture time. Config keeps items for years if it records
IAM. https://docs.aws.amazon.com/config/latest/APIReference/API_ConfigurationItem.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from iam.history.change import ABSENT, PRESENT, Entity, Kind, Known, Part, Place, State, Unknown
from iam.history.encoding import document_state
from iam.history.gather import Recorded
from iam.history.timeline import Observation
from iam.sources.reader.account_reader import AccountReader
from iam.sources.reader.evidence import ConfigItem

_TYPES = {
    Kind.ROLE: "AWS::IAM::Role",
    Kind.USER: "AWS::IAM::User",
    Kind.GROUP: "AWS::IAM::Group",
    Kind.POLICY: "AWS::IAM::Policy",
}

MOST_ENTITIES = 20
"""The maximum number of entities that are read from Config for one history. Each takes two calls."""


def from_config(reader: AccountReader, entities: Iterable[Entity], found: Recorded) -> None:
    """Add the states of these entities that AWS Config has recorded, if the caller may read them. May block."""
    wanted = [each for each in dict.fromkeys(entities) if each.kind in _TYPES]
    if reader.kind != "aws":
        return
    for entity in wanted[:MOST_ENTITIES]:
        name = entity.name.rpartition("/")[2]
        reading = reader.config_items(_TYPES[entity.kind], name, since=found.asked)
        if reading.unreadable:
            return  # Config is only an additional source: without it, the record stays as it was
        for item in reading.value or ():
            # a policy with the same name at another path
            other = entity.kind is Kind.POLICY and item.arn not in ("", entity.name)
            if item.at >= found.asked and not other:
                source = f"AWS Config at {item.at:%Y-%m-%d %H:%M:%S} UTC"
                found.observations.append(Observation(item.at, source, states_in(entity, item)))
    if found.observations:
        found.observations.sort(key=lambda one: one.at)
        since = max(found.asked, min(found.since, found.observations[0].at))
        if since < found.since:  # for this period, only the states in the items are known
            found.holes.append((since, found.since))
            found.since = since


def states_in(entity: Entity, item: ConfigItem) -> Callable[[Place], State]:
    """Return a function that returns the state of a place according to one configuration item.

    The state is unknown for other entities, and for data that is missing in the item.
    """
    content = item.configuration

    def state(place: Place) -> State:
        if place.entity != entity:
            return _NOT_HERE
        if item.deleted:
            return ABSENT
        return _state(entity.kind, place, content)

    return state


_NOT_HERE = Unknown("the item of AWS Config does not say")


def _state(kind: Kind, place: Place, content: Mapping[str, Any]) -> State:
    match place.part:
        case Part.EXISTENCE:
            return PRESENT
        case Part.TRUST if kind is Kind.ROLE:
            return _document(content.get("assumeRolePolicyDocument"))
        case Part.INLINE:
            listed = content.get(f"{kind.value}PolicyList")
            one = _of(listed, "policyName", place.name)
            return _document(one.get("policyDocument")) if one is not None else _absent(listed)
        case Part.ATTACHED:
            listed = content.get("attachedManagedPolicies")
            return PRESENT if _of(listed, "policyArn", place.name) is not None else _absent(listed)
        case Part.BOUNDARY if "permissionsBoundary" in content:
            boundary = content["permissionsBoundary"]
            arn = boundary.get("permissionsBoundaryArn") if isinstance(boundary, dict) else None
            return Known(arn) if arn is None or isinstance(arn, str) else _NOT_HERE
        case Part.TAG if isinstance(content.get("tags"), list):
            tag = _of(content["tags"], "key", place.name)
            return Known(str(tag.get("value"))) if tag is not None else ABSENT
        case Part.MEMBER if isinstance(content.get("groupList"), list):
            return PRESENT if place.name in content["groupList"] else ABSENT
        case Part.DEFAULT if isinstance(content.get("defaultVersionId"), str):
            return Known(content["defaultVersionId"])
        case Part.VERSION:
            listed = content.get("policyVersionList")
            one = _of(listed, "versionId", place.name)
            return _document(one.get("document")) if one is not None else _absent(listed)
    return _NOT_HERE


def _document(value: Any) -> State:
    state = document_state(value)
    return state if isinstance(state, Known) and state.value is not None else _NOT_HERE


def _of(listed: Any, key: str, name: str) -> Mapping[str, Any] | None:
    rows = listed if isinstance(listed, list) else ()
    return next((each for each in rows if isinstance(each, dict) and each.get(key) == name), None)


def _absent(listed: Any) -> State:
    return ABSENT if isinstance(listed, list) else _NOT_HERE
