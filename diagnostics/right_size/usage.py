"""The permissions that a role used, by action, from its recorded calls. Memory use does not grow with their number."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from diagnostics.right_size.calls import RecordedCall
from diagnostics.right_size.patterns import ResourcePatterns
from iam import service_reference
from iam.questions.catalogue import catalogue

_MOST_REFUSED = 2000


def _in_place_of_made(action: str, resource: str) -> str:
    """Return the parent of a resource that has another name in the next call, else the resource itself.

    Log streams, and resources that are created or deleted, have another name in the next call.
    """
    if ":log-stream:" in resource:
        return f"{resource.partition(':log-stream:')[0]}:*"
    name = action.partition(":")[2]
    known = service_reference.action(action)
    if known is None or not name.startswith(("Create", "Delete")):
        return resource
    thing = re.sub(r"^(?:Create|Delete)", "", name).lower()
    for kind in known.resource_types:
        if kind.name.replace("-", "").lower() == thing and kind.fits(resource):
            head, _, named = resource.rpartition(":") if "/" not in resource else resource.rpartition("/")
            sign = ":" if "/" not in resource else "/"
            return f"{head}{sign}*" if len(resource.split(":", 5)[5]) > len(named) else resource
    return resource


@dataclass
class ActionUse:
    """The calls of one action that AWS allowed.

    ``unstated`` is the number of calls whose record lacks the resources; ``last`` is the time of the newest call.
    """

    calls: int = 0
    unstated: int = 0
    last: str = ""
    resources: ResourcePatterns = field(default_factory=ResourcePatterns)


@dataclass
class Usage:
    """What a role used. ``refused`` counts the calls that AWS denied, by action and resource."""

    actions: dict[str, ActionUse] = field(default_factory=dict)
    refused: Counter[tuple[str, str]] = field(default_factory=Counter)

    @classmethod
    def of(cls, calls: Iterable[RecordedCall]) -> Usage:
        found = cls()
        for call in calls:
            found.take(call)
        return found

    def take(self, call: RecordedCall) -> None:
        if call.refused:
            key = (call.action, call.resources[0] if call.resources else "?")
            if key in self.refused or len(self.refused) < _MOST_REFUSED:
                self.refused[key] += 1
            return
        use = self.actions.setdefault(call.action, ActionUse())
        use.calls += not call.dependent
        use.unstated += not call.resources
        use.last = max(use.last, call.time)
        for resource in call.resources:
            use.resources.add(_in_place_of_made(call.action, resource))

    @property
    def recorded(self) -> int:
        """The recorded actions, as a set of the catalogue (a bit mask)."""
        return catalogue().set_of(self.actions)
