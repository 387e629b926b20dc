"""Checks of actions: whether they exist, and whether they are allowed in this kind of policy."""

from __future__ import annotations

from iam.policy.lint import reference
from iam.policy.lint.finding import ERROR, SUGGESTION, Policy, PolicyKind, Text
from iam.policy.match import action_matcher, has_wildcard
from iam.service_reference import action_names, rcp_services, services
from iam.words import listing

# Actions and prefixes that work although AWS's list of actions does not contain them.
_UNLISTED_SERVICES = frozenset({"aws-portal"})


def check(policy: Policy) -> None:
    for part in policy.statements:
        for element in ("Action", "NotAction"):
            for text in part.texts(element):
                _action(policy, text)
        if policy.kind is PolicyKind.RCP:
            _rcp(policy, part.path, part.value)


def _action(policy: Policy, text: Text) -> None:
    action = text.text
    if action and not action.strip("*"):
        return
    service, colon, name = action.partition(":")
    if not colon or not service or not name:
        message = f"{action[:80]!r} is not an action: an action is written service:Name."
        policy.say(text.path, "INVALID_ACTION", ERROR, message)
        return
    if has_wildcard(service):
        if not service.strip("*") and not name.strip("*"):
            return
        message = f"{action}: a wildcard in the service's name also matches services that are not intended."
        policy.say(text.path, "WILDCARD_IN_SERVICE_NAME", SUGGESTION, message)
        return
    prefix = service.lower()
    if prefix in _UNLISTED_SERVICES or "${" in action:
        return
    known = action_names(prefix)
    if prefix not in services():
        near = reference.closest_service(prefix)
        hint = f" Did you mean {near}?" if near else ""
        policy.say(text.path, "INVALID_SERVICE_IN_ACTION", ERROR, f"There is no service {service}.{hint}")
    elif has_wildcard(name):
        matches = action_matcher(action)
        if name.strip("*") and not any(matches(f"{prefix}:{one}") for one in known):
            policy.say(text.path, "INVALID_ACTION", ERROR, f"No action of {service} matches {action}.")
    elif name.lower() not in known:
        policy.say(text.path, "INVALID_ACTION", ERROR, f"There is no action {action}.{_meant(prefix, name)}")


def _meant(service: str, name: str) -> str:
    """Return a hint: the action that authorizes the API operation of that name, or else the most similar action."""
    from iam.api_operations import actions_behind  # imported only for an action that is not listed

    if behind := actions_behind(f"{service}:{name}"):
        return f" The name is that of an API operation: IAM checks {listing(behind)}."
    near = reference.closest_action(service, name)
    return f" Did you mean {near}?" if near else ""


def _rcp(policy: Policy, path: tuple[str | int, ...], value: dict[str, object]) -> None:
    """Check an RCP's actions: only those of a few services, no NotAction (Organizations User Guide, "RCP syntax")."""
    if "NotAction" in value:
        policy.say(
            (*path, "NotAction"),
            "RCP_SYNTAX_ERROR_NOTACTION",
            ERROR,
            "A resource control policy cannot have NotAction.",
        )
    served = rcp_services()
    for part in policy.statements:
        if part.path != path:
            continue
        for text in part.texts("Action"):
            service = text.text.partition(":")[0].lower()
            if service not in served and not (part.allows and text.text == "*"):
                names = ", ".join(sorted(served))
                message = f"{text.text}: a resource control policy may name only actions of {names}."
                policy.say(text.path, "RCP_SYNTAX_ERROR_ACTION", ERROR, message)
