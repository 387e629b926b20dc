"""The right permission on the wrong role: other roles of the same service, of the same thing, that may do it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from diagnostics.access_denied.case import Case
from diagnostics.access_denied.gather import gathered_for
from diagnostics.access_denied.request.trust_principals import trusted_services
from diagnostics.diagnosis import Evidence, Status, Step
from iam.account import SERVICE_PATHS, Account, Role
from iam.sources.reader import Binding
from iam.words import listing

MOST_TRIED = 12


@dataclass(frozen=True, slots=True)
class Helpers:
    """``roles`` may do what the caller may not; ``bindings`` say what runs with its role, ``unread`` what of that
    could not be read."""

    roles: tuple[Role, ...] = ()
    bindings: tuple[Binding, ...] = ()
    tried: int = 0
    call: str = ""
    unread: str = ""


def helpers_of(case: Case) -> Helpers:
    """Roles that the same service runs with, whose name begins like the caller's, and that are allowed the request."""
    role = case.caller.role
    if role is None or case.trust:
        return Helpers()
    reading = case.reader.bindings(role.arn)
    services = set(trusted_services(role))
    account = case.account
    alike = [
        other
        for other in (account.roles[at] for at in _named_alike(role.name, account))
        if other.arn != role.arn and not other.service_owned and services & set(trusted_services(other))
    ]
    alike.sort(key=lambda other: -shared_words(role.name, other.name))
    allowed = [other for other in alike[:MOST_TRIED] if _may(case, other)]
    return Helpers(
        tuple(allowed), reading.value or (), min(len(alike), MOST_TRIED), reading.call, reading.why or reading.note
    )


def _named_alike(name: str, account: Account) -> Iterator[int]:
    """The places of the account's own roles whose name begins like this one. What that takes of a role is known
    without reading it."""
    first = _words(name)[:1]
    for at, (other, arn) in enumerate(zip(account.role_names, account.role_arns, strict=True)):
        owned = any(f":role{path}" in arn for path in SERVICE_PATHS)
        if first and first[0] in other.lower() and not owned and shared_words(name, other):
            yield at


def helpers_step(helpers: Helpers) -> Step:
    title = "Which role it runs with"
    bound = [f"{binding.use} of {binding.service} {binding.name}" for binding in helpers.bindings]
    unread = f"cannot be read from here: {helpers.unread}"
    said = f"it is the {listing(bound)}" if bound else "what runs with it is unknown"
    evidence = [Evidence(text=words, layer="identity", call=helpers.call or None) for words in bound]
    evidence += [
        Evidence(text=f"{role.name} may do it", layer="identity", arn=role.arn, policy=role.name)
        for role in helpers.roles
    ]
    if helpers.unread and bound:
        evidence.append(Evidence(text=f"what else runs with it {unread}", call=helpers.call or None))
    if helpers.roles:
        names = listing([role.name for role in helpers.roles])
        return Step(
            "binding",
            title,
            Status.FAIL,
            f"{said}; {names} may do it: the right permission, another role",
            tuple(evidence),
        )
    if helpers.unread and not bound:
        return Step("binding", title, Status.UNKNOWN, unread, tuple(evidence))
    return Step("binding", title, Status.PASS if bound else Status.SKIPPED, said, tuple(evidence))


def shared_words(one: str, other: str) -> int:
    """How many words two names share at their beginning."""
    pairs = zip(_words(one), _words(other), strict=False)
    count = 0
    for left, right in pairs:
        if left != right:
            break
        count += 1
    return count


def _words(name: str) -> list[str]:
    return [word.lower() for word in re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])", name)]


def _may(case: Case, role: Role) -> bool:
    arn = f"arn:{case.account.partition}:sts::{case.account.id}:assumed-role/{role.name}/session"
    context = {key: values for key, values in case.request.context.items() if key.lower() in case.given}
    request = replace(case.request, principal=arn, context=context)
    found, _ = gathered_for(request, case.opened)
    return case.may_be_allowed(found.policies, found.request)
