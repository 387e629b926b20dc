"""What services present as aws:SourceArn when they assume a role, and whether a condition on it can ever match."""

from __future__ import annotations

import re

# The resource type that the service presents, where it is not the one that people expect
# (EventBridge Scheduler guide, "Prevent confused deputy": the ARN of the schedule *group*).
_PRESENTED = {"scheduler": ("schedule-group", ("schedule",))}


def presented_for(service: str, patterns: tuple[str, ...]) -> str | None:
    """The ARN that ``service`` really presents, where the patterns are written for another kind of resource.

    ``arn:…:schedule/prod/*`` gives ``arn:…:schedule-group/prod``. None where nothing is known to be wrong.
    """
    short = service.removesuffix(".amazonaws.com")
    known = _PRESENTED.get(short)
    if known is None:
        return None
    right, wrong = known
    for pattern in patterns:
        match = re.fullmatch(r"(arn:[^:]*:[^:]*:[^:]*:[^:]*:)([\w-]+)/([^/*]+)(/.*)?", pattern)
        if match and match[2] in wrong:
            return f"{match[1]}{right}/{match[3]}"
    return None
