"""Find other roles of the same service or resource that have the permission. It may be on the wrong role."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from diagnostics.access_denied.case import Case
from diagnostics.access_denied.gather import gathered_for
from diagnostics.access_denied.request.trust_principals import trusted_services
from diagnostics.diagnosis import Evidence, Status, Step
from diagnostics.words import TASK_START
from iam.account import Account, Role
from iam.arn import SERVICE_PATHS
from iam.lazy_pattern import regex
from iam.policy.unknown_keys import Certainty
from iam.words import listing

if TYPE_CHECKING:
    from iam.sources.reader.resources import Binding

MOST_TRIED = 12


@dataclass(frozen=True, slots=True)
class Helpers:
    """Other roles that are allowed to make the denied request.

    ``bindings`` are the workloads that run with the caller's role; ``unread`` are the workloads that could not be read.
    ``sure``: every policy that decides what ``roles`` may do was read. ``by_ecs``: ECS itself made the call before the
    program started. ECS makes such calls only with the task's execution role.
    """

    roles: tuple[Role, ...] = ()
    sure: bool = True
    by_ecs: bool = False
    bindings: tuple[Binding, ...] = ()
    tried: int = 0
    call: str = ""
    unread: str = ""

    @property
    def names(self) -> str:
        return listing([role.name for role in self.roles])

    @property
    def doubt(self) -> str:
        return "" if self.sure else ", as far as can be read"

    @property
    def words(self) -> str:
        """A clause about these roles, such as ``orders-ecs-task may do it: the right permission, on another role``."""
        may = f"{self.names} may make this request{self.doubt}"
        if self.by_ecs:
            return f"{may}, but ECS reads the secrets of a task definition with the task's execution role"
        return f"{may}: another role has the right permission"


def helpers_of(case: Case) -> Helpers:
    """Return the allowed roles of the same service whose names begin like the caller's."""
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
    bindings = reading.value or ()
    by_ecs = _calls_itself(case, bindings)
    if by_ecs and not case.request.action.lower().startswith(_SECRETS):
        alike = []  # ECS uses only the execution role to pull the image and write the logs
    tried = [(other, may_do(case, other)) for other in alike[:MOST_TRIED]]
    allowed = [(other, found) for other, found in tried if found is not Certainty.NEVER]
    return Helpers(
        tuple(other for other, _ in allowed),
        all(found is Certainty.CERTAIN for _, found in allowed),
        by_ecs,
        bindings,
        len(tried),
        reading.call,
        reading.why or reading.note,
    )


_STARTING = regex(TASK_START)
_SECRETS = ("secretsmanager:getsecretvalue", "ssm:getparameter", "kms:decrypt")
"""Actions that ECS performs for the ``secrets`` of a task definition. A program can also perform them itself."""


def _calls_itself(case: Case, bindings: tuple[Binding, ...]) -> bool:
    """Return whether ECS itself makes the call with the role before the program starts.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html
    """
    uses = {each.use for each in bindings if each.service == "ecs"}
    return uses == {"execution role"} or _STARTING.search(case.denial.text) is not None


def _named_alike(name: str, account: Account) -> Iterator[int]:
    """Yield the indexes of the account's own roles whose names begin like this one.

    Uses only data that is known without reading a role.
    """
    first = _words(name)[:1]
    for at, (other, arn) in enumerate(zip(account.role_names, account.role_arns, strict=True)):
        owned = any(f":role{path}" in arn for path in SERVICE_PATHS)
        if first and first[0] in other.lower() and not owned and shared_words(name, other):
            yield at


def helpers_step(helpers: Helpers) -> Step:
    title = "Which role it uses"
    bound = [f"{binding.use} of {binding.service} {binding.name}" for binding in helpers.bindings]
    read_by = [helpers.call if helpers.call.startswith(f"{each.service}:") else None for each in helpers.bindings]
    unread = f"cannot be read from here: {helpers.unread}"
    said = f"it is the {listing(bound)}" if bound else "what uses this role is unknown"
    evidence = [Evidence(text=words, layer="identity", call=call) for words, call in zip(bound, read_by, strict=True)]
    evidence += [
        Evidence(text=f"{role.name} may make this request", layer="identity", arn=role.arn, policy=role.name)
        for role in helpers.roles
    ]
    if helpers.unread and bound:
        evidence.append(Evidence(text=f"what else uses it {unread}", call=helpers.call or None))
    if helpers.roles:
        return Step("binding", title, Status.FAIL, f"{said}; {helpers.words}", tuple(evidence))
    if helpers.unread and not bound:
        return Step("binding", title, Status.UNKNOWN, unread, tuple(evidence))
    return Step("binding", title, Status.PASS if bound else Status.SKIPPED, said, tuple(evidence))


def shared_words(one: str, other: str) -> int:
    """Return the number of words that two names have in common at their beginning."""
    pairs = zip(_words(one), _words(other), strict=False)
    count = 0
    for left, right in pairs:
        if left != right:
            break
        count += 1
    return count


def _words(name: str) -> list[str]:
    return [word.lower() for word in re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])", name)]


def may_do(case: Case, role: Role) -> Certainty:
    """Return whether a session of the role is allowed the same request, and whether that depends on anything unread."""
    arn = f"arn:{case.account.partition}:sts::{case.account.id}:assumed-role/{role.name}/session"
    context = {key: values for key, values in case.request.context.items() if key.lower() in case.given}
    request = replace(case.request, principal=arn, context=context)
    found, _ = gathered_for(request, case.opened)
    readings = case.read(found.policies, found.request)
    if readings.certainty is Certainty.CERTAIN and found.policies.unread:
        return Certainty.IF
    return readings.certainty
