"""The operation that was called, with the parameters that the text shows: in a command, a template or a log."""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from dataclasses import dataclass, field, replace

from diagnostics.failure import Denial
from diagnostics.text.read.one_message import is_alone
from iam.api_operations import action_for
from iam.claims import Values
from iam.facts.next_actions import ROLE, SAME, Need, next_actions
from iam.lazy_pattern import regex
from iam.passed_roles import principal_of_operation, principal_passed_to
from iam.words import listing


@dataclass(frozen=True, slots=True)
class Operation:
    """A call: the action named like its operation, and its parameters by their names in lower case.

    ``whole``: the text shows every parameter, so one that it does not show was not sent.
    """

    action: str
    parameters: Mapping[str, Values] = field(default_factory=dict)
    whole: bool = False


def operation_of(denial: Denial, action: str) -> Operation:
    """Return the operation whose call was denied because ``action`` is missing.

    ``action`` may be a further action that the call needs.
    """
    if is_alone(denial):
        return Operation(own_action(denial.operation or "", action, frozenset()))
    from diagnostics.access_denied.request.operation_in_text import operation_in_text

    return operation_in_text(denial.text, denial.operation or "", action)


def usual_next(denial: Denial) -> str:
    """Return what else the denied operation needs, by AWS's documentation; "" if the table has no entry for it.

    Actions that the text mentions are omitted: each of them was granted, is denied here, or is being requested. Also
    omitted are the operation's own action, also on another type of resource if the text has an ARN of that type, and
    actions that only a parameter that the text does not show would require.
    """
    missing = denial.missing_action or denial.action
    if missing is None or denial.claims_trust:
        return ""
    text = denial.pasted or denial.text
    groups: dict[tuple[str, str], list[str]] = {}
    needs = operation_needs(denial, missing)
    # The same action on one other kind of resource; with several kinds, it is unknown which is denied next.
    again = [each for each in needs if each.action.lower() == missing.lower() and _is_elsewhere(each, denial)]
    for each in needs:
        name = each.action.partition(":")[2]
        same = each.action.lower() == missing.lower()
        if same and _is_named(each, text):
            continue
        if again != [each] and (same or re.search(rf"(?<![A-Za-z]){re.escape(name)}(?![A-Za-z])", text)):
            continue
        if each.on == SAME and each.action == operation_of(denial, missing).action:
            continue
        if not each.when or not each.given or each.by_default:
            groups.setdefault((each.kind, each.when), []).append(each.action)
    said = [
        listing(tuple(dict.fromkeys(actions)), limit=8)
        + (f" on {kind}" if kind else "")
        + (f" where {when}" if when else "")
        for (kind, when), actions in groups.items()
    ]
    if _STACK_EVENT.search(text) and (denial.stated_reason or "implicit:identity") == "implicit:identity":
        said.append(_OF_THE_STACK)
        return f"{listing(said, limit=8)}. It is unknown here whether they are allowed"
    whether = "it is" if sum(len(set(each)) for each in groups.values()) == 1 else "they are"
    return f"{listing(said, limit=8)}. It is unknown here whether {whether} allowed" if said else ""


_STACK_EVENT = regex(
    r"\bAWS::\w+::\w+\b[^\n]{0,80}\b(?:CREATE|UPDATE)_FAILED\b|\b(?:CREATE|UPDATE)_FAILED\b[^\n]{0,160}\bAWS::\w+::\w+"
)
# AWS CloudFormation User Guide, "AWS CloudFormation service role": without one, CloudFormation uses the permissions of
# whoever deploys the stack (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html).
_OF_THE_STACK = "the actions for the stack's other resources, which CloudFormation creates with the same permissions"


def _is_named(need: Need, text: str) -> bool:
    """Return whether the text has an ARN of the needed action's type of resource, as a policy in it has."""
    service = need.action.partition(":")[0]
    return need.on not in (SAME, "*", ROLE) and (
        re.search(rf"\barn:[\w-]+:{service}:[\w*-]*:[\d*]*:{re.escape(need.on)}", text) is not None
    )


def _is_elsewhere(need: Need, denial: Denial) -> bool:
    """Return whether the needed action is for a different type of resource from the one that the text names."""
    return need.on not in (SAME, "*", ROLE) and bool(denial.resource) and f":{need.on}" not in (denial.resource or "")


def receiving_service(denial: Denial, action: str = "iam:PassRole") -> str | None:
    """Return the service to which the operation passes the role, or None if it is unknown."""
    by_operation = principal_passed_to(operation_of(denial, action).action)
    found = by_operation or principal_of_operation(denial.operation or "")
    if found or denial.operation or is_alone(denial):
        return found
    from diagnostics.access_denied.request.operation_in_text import service_of_commands

    return service_of_commands(denial.text)


def operation_needs(denial: Denial, action: str) -> tuple[Need, ...]:
    """Return what the operation needs. What only an absent parameter would require is left out."""
    operation = operation_of(denial, action)
    known = next_actions(operation.action)
    if known is None:
        return ()
    itself = (Need(operation.action, SAME),) if operation.action.lower() != action.lower() else ()
    return tuple(
        each for need in (*itself, *known.needs) if (each := _as_called(need, operation.parameters, operation.whole))
    )


def _as_called(need: Need, parameters: Mapping[str, Values], whole: bool) -> Need | None:
    """Return the needed action, without its condition if a parameter meets that condition.

    Return None if the call does not need the action.
    """
    if not need.when or not need.given:
        return need
    if any(name in parameters for name in need.given):
        return replace(need, when="")
    return None if whole and not need.by_default else need


def own_action(operation: str, action: str, called: Set[str]) -> str:
    """Return the action with the operation's own name; ``action`` if no operation is named or it is unknown.

    ``called`` are the services called by the text's commands that have this operation.
    """
    if not operation:
        return action
    services = called or ({action.partition(":")[0]} if not action.lower().startswith(("iam:", "kms:")) else set())
    for service in services if len(services) == 1 else ():
        if found := action_for(operation, service):
            return found
    return action_for(operation) or action
