"""Further calls of the denied action's service that a text shows, in the words of code, a command or prose."""

from __future__ import annotations

from diagnostics.failure import Denial
from iam.lazy_pattern import regex
from iam.service_reference import action_names, spelled
from iam.words import listing

_CALL = regex(
    r"(?<![\w:.*-])(?:[A-Za-z][a-z]+(?:[A-Z][a-z]+)+|[a-z]+(?:_[a-z]+)+)(?![\w*-])"
    r"|(?<=[.])(?:[A-Za-z][a-z]+(?:[A-Z][a-z]+)+|[a-z]+(?:_[a-z]+)+)(?=\()"
    r"|(?<=[a-z] )[a-z]+(?:-[a-z]+)+(?= --)"
)
"""A name of at least two words: getGroup, GetGroup, get_group, or get-group in a command."""
_QUOTED_RESOURCE = regex(r"arn:[\w-]+:[^\s\"']+")
_MOST = 5


def further_calls(denial: Denial, action: str) -> list[str]:
    """Return the other actions of the action's service that the text names as calls, in the text's order."""
    service, _, name = action.partition(":")
    known = {each.lower() for each in action_names(service)}
    text = _QUOTED_RESOURCE.sub(" ", denial.pasted or denial.text)
    found = (each[0].replace("_", "").replace("-", "").lower() for each in _CALL.finditer(text))
    shown = dict.fromkeys(each for each in found if each in known and each != name.lower())
    return [spelled(f"{service}:{each}") for each in shown][:_MOST]


def with_further_calls(how: str, denial: Denial, action: str) -> str:
    """Return what to add to a policy without actions of this service, with the further calls that the text shows."""
    further = further_calls(denial, action)
    if not further:
        return how
    return (
        f"{how} The text also shows calls that need {listing(further)}, and the policy allows none of these either: "
        f"{spelled(action)} alone is not enough if this caller makes them."
    )
