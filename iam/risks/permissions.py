"""Check for permissions wider than anyone needs: wildcards, exclusions, roles that may be passed to any service.

The text of a statement alone is not a finding. The engine evaluates requests that nobody can have intended: an action
that AWS does not have (yet), a resource with a name that nobody chose, a service that does not exist. If a boundary,
SCPs, Deny statements or conditions block such a request, the wildcard is not reported.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from iam.arn import account_of, is_aws_managed, service_of
from iam.claims import nothing_limits
from iam.facts.running_code import RUNNING_CODE
from iam.facts.telemetry import TELEMETRY
from iam.foreign_text import shortened
from iam.policy.compiled import Asked, CompiledStatement
from iam.policy.layer import Layer
from iam.policy.match import compile_glob, has_wildcard, overlap
from iam.policy.request import NamedPolicy, Request
from iam.policy.unknown_keys import Possibility
from iam.questions.catalogue import PROBE, catalogue, example_arn, positions
from iam.questions.index import Principal
from iam.questions.relevant import narrowed
from iam.risks.administrator import NEW_ACTION, NO_SERVICE, administrators, names_any_service, unnamed
from iam.risks.judged_account import JudgedAccount, statements
from iam.risks.risk import Advice, Proof, Risk, RiskRule, Severity, identity_proof
from iam.service_reference import action as reference
from iam.words import listing

_USER_GUIDE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/"
_LEAST = _USER_GUIDE + "best-practices.html#grant-least-privilege"
ADMIN = RiskRule("permissions.admin", Severity.HIGH, "Has full access to the account", _LEAST)
WILDCARD_ACTION = RiskRule(
    "permissions.wildcard-action", Severity.MEDIUM, "Can perform every action of a service", _LEAST
)
WILDCARD_RESOURCE = RiskRule(
    "permissions.wildcard-resource",
    Severity.MEDIUM,
    "May act on every resource",
    _USER_GUIDE + "reference_policies_elements_resource.html",
)
NOT_ACTION = RiskRule(
    "permissions.not-action",
    Severity.MEDIUM,
    "Is allowed all actions except some",
    _USER_GUIDE + "reference_policies_elements_notaction.html",
)
NOT_RESOURCE = RiskRule(
    "permissions.not-resource",
    Severity.MEDIUM,
    "Is allowed all resources except some",
    _USER_GUIDE + "reference_policies_elements_notresource.html",
)
PASS_ROLE = RiskRule(
    "permissions.passrole-any",
    Severity.HIGH,
    "May pass any role, or pass it to any service",
    _USER_GUIDE + "id_roles_use_passrole.html",
)

_MOST_TRIED = 40
"""The maximum number of actions of one statement that the engine evaluates until it finds one that is allowed."""


@dataclass(frozen=True, slots=True)
class Grant:
    """An Allow statement in a principal's identity policy, with its policy."""

    policy: NamedPolicy
    statement: CompiledStatement

    def proof(self, element: str, text: str) -> Proof:
        return identity_proof(self.policy, self.statement, element, text)


def grants(principal: Principal) -> tuple[Grant, ...]:
    """Return the Allow statements of a principal. Cached, because several rules use them one after another."""
    if not _latest or _latest[0][0] is not principal:
        found = [Grant(policy, one) for policy in principal.identity for one in statements(policy) if not one.deny]
        _latest[:] = [(principal, tuple(found))]
    return _latest[0][1]


_latest: list[tuple[Principal, tuple[Grant, ...]]] = []


def admin(judged: JudgedAccount, principal: Principal) -> Iterator[Risk]:
    """Yield a risk if the principal is effectively allowed every action on every resource."""
    wide = [grant for grant in grants(principal) if names_any_service(grant.statement)]
    if not wide:
        return
    if not any(grant.statement.action.names(_ANY_WRITE) for grant in wide):
        # One statement allows all actions except IAM's, and another one those of IAM.
        wide += [grant for grant in grants(principal) if grant.statement.action.names(_ANY_WRITE)]
    hangs_on = administrators(judged).get(principal.entity.arn)
    if hangs_on is None:
        return
    name = principal.entity.name
    attached = [policy.name for policy in principal.entity.attached or () if policy.name == "AdministratorAccess"]
    by = listing(list(dict.fromkeys(shortened(str(grant.policy.name)) for grant in wide)), limit=3)
    unread = [on.removesuffix(_NOT_READ) for on in hangs_on if on.endswith(_NOT_READ)]
    yield ADMIN.risk(
        principal.entity.arn,
        f"{name} may perform every action on every resource, because of {by}: {nothing_limits(unread)}.",
        [_wide_proof(grant) for grant in wide],
        hangs_on=hangs_on,
        advice=_right_size(principal, attached),
    )


_ANY_WRITE = "iam:putrolepolicy"
_NOT_READ = " (not read)"
"""The suffix that marks an unread layer in the list of what a finding depends on."""


def _wide_proof(grant: Grant) -> Proof:
    action = grant.statement.action
    listed = listing(list(map(shortened, action.patterns)), limit=3)
    if action.negated:
        return grant.proof("NotAction", f"allows all actions but {listed}")
    return grant.proof("Action", "allows every action" if "*" in action.patterns else f"allows {listed}")


def _right_size(principal: Principal, policies: Iterable[str] = ()) -> Advice:
    which = f" instead of {listing(list(policies))}" if policies else ""
    name = principal.entity.name
    return Advice(
        "Grant what is used",
        f"The last accessed services (l on the role) show which services {name} used. Give {name} a policy for "
        f"those{which}, and remove the broad policy once nothing is denied.",
    )


def wildcard_action(judged: JudgedAccount, principal: Principal) -> Iterator[Risk]:
    """Yield a risk if a statement allows every action of a service, or of all services.

    The engine evaluates an action that AWS may add in the future.
    """
    proofs: list[Proof] = []
    services: dict[str, None] = {}
    hangs_on: tuple[str, ...] = ()
    named: list[str] | None = []
    for grant in grants(principal):
        if grant.statement.action.negated:
            continue
        if names_any_service(grant.statement) and grant.policy.name == "AdministratorAccess":
            continue  # `permissions.admin` reports this
        for service in _whole_services(grant.statement, principal):
            found = _new_action(judged, principal, service, grant.statement)
            if found is not None:
                services[service] = None
                hangs_on += judged.hangs_on(found, principal)
                within = _named_resources(grant.statement)
                named = None if within is None or named is None else [*named, *within]
                what = "every action" if service == NO_SERVICE else f"{service}:*"
                proofs.append(grant.proof("Action", f"allows {what} on {_where(within)}"))
    if services:
        every = NO_SERVICE in services
        what = "every action of every service" if every else f"every action of {listing(list(services))}"
        within = None if named is None else list(dict.fromkeys(named))
        yield WILDCARD_ACTION.risk(
            principal.entity.arn,
            f"{principal.entity.name} may perform {what} on {_where(within)}, including actions that AWS adds later.",
            proofs,
            severity=None if within is None else Severity.LOW,
            hangs_on=hangs_on,
            advice=_right_size(principal),
        )


def _named_resources(one: CompiledStatement) -> list[str] | None:
    """Return the resources in a statement, or None if it applies to every resource, or to every one of some service."""
    element = one.resource
    if element is None or element.negated or any(map(_every_resource, element.patterns)):
        return None
    return list(element.patterns)


def _where(named: list[str] | None) -> str:
    return "every resource" if named is None else listing(list(map(shortened, named)), limit=2)


def _whole_services(one: CompiledStatement, principal: Principal) -> list[str]:
    """Return the services for which the statement allows every action.

    If it applies to every service, these are a service that does not exist and the services in the boundary, which may
    exclude unknown services.
    """
    found: list[str] = []
    for pattern in one.action.patterns:
        service, _, name = pattern.lower().partition(":")
        if pattern.strip("*") == "" or has_wildcard(service):
            found += [NO_SERVICE, *_bounded_services(principal)]
        elif name and not name.strip("*"):
            found.append(service)
    return list(dict.fromkeys(found))


def _bounded_services(principal: Principal) -> Iterator[str]:
    for policy in principal.boundary or ():
        for one in statements(policy):
            for pattern in one.action.patterns if not one.deny and not one.action.negated else ():
                service, _, name = pattern.lower().partition(":")
                if name and not name.strip("*") and not has_wildcard(service):
                    yield service


def _new_action(
    judged: JudgedAccount, principal: Principal, service: str, one: CompiledStatement
) -> Possibility | None:
    action = f"{service}:{NEW_ACTION}"
    for resource in _own_resources(one, action, principal):
        found = judged.may(principal, action, resource, absent=unnamed)
        if found.allowed:
            return found
    return None


def _own_resources(one: CompiledStatement, action: str, principal: Principal) -> tuple[str, ...]:
    """Return a few of the resources in the statement, to evaluate."""
    return tuple(narrowed(one, Asked(Request(principal.entity.arn, action, "*"))))[:5]


def wildcard_resource(judged: JudgedAccount, principal: Principal) -> Iterator[Risk]:
    """Yield a risk if a statement allows an action on ``*`` although the action supports resource-level permissions.

    AWS managed policies are left out, because they cannot name an account's resources. Wildcards in their actions show
    how broad they are.
    """
    wide, telemetry = list[_Wide](), list[_Wide]()
    for grant in grants(principal):
        one = grant.statement
        if one.resource is None or one.resource.negated or is_aws_managed(grant.policy.arn):
            continue
        if not any(_every_resource(pattern) for pattern in one.resource.patterns) or names_any_service(one):
            continue
        for found, which in ((wide, False), (telemetry, True)):
            allowed = _first_allowed(judged, principal, one, which)
            if allowed is None:
                continue
            action, level, possibility = allowed
            written = next((each for each in one.action.covering(action.lower()) if has_wildcard(each)), action)
            if not one.action.negated and _mostly_with_resources(written):
                found.append(_Wide(grant, action, written, level, possibility))
            elif written == action or level not in ("Read", "List"):
                found.append(_Wide(grant, action, action, level, possibility))
            else:
                continue  # ``ec2:Describe*``: most of these support no resources, and can only be granted on ``*``
            break
    said = sorted(wide or telemetry, key=lambda each: _gravity(each.action, each.level))
    if said:
        name, gravest = principal.entity.name, said[0].level
        actions = listing(list(dict.fromkeys(each.written for each in said)), limit=3)
        consequence = f"it can {_BEYOND.get(gravest, _BEYOND['Write'])}"
        severity = Severity.LOW if gravest in ("Read", "List") else Severity.MEDIUM
        if _gives_rights(said[0].action, gravest):
            severity = Severity.HIGH
        if said[0].action.lower() in RUNNING_CODE:
            consequence = _RUNS_CODE
        if not wide:
            consequence, severity = _ONLY_ADDS, Severity.INFO
        yield WILDCARD_RESOURCE.risk(
            principal.entity.arn,
            f"{name} may perform {actions} on every resource: {consequence}.",
            [each.proof() for each in said],
            severity=severity,
            hangs_on=[on for each in said for on in judged.hangs_on(each.found, principal)],
            advice=Advice("Name the resources", f"Name the resources that {name} needs."),
            cause="" if wide else "only writing logs, metrics and traces",
        )


_RUNS_CODE = "it can run code in resources that are not its own, with the permissions of their roles"
_ONLY_ADDS = "it can add logs, metrics, traces or interfaces anywhere, but cannot read them"
_BEYOND = {
    "Permissions management": "change the permissions of resources that are not its own",
    "Write": "write to resources that are not its own",
    "Tagging": "change the tags of resources that are not its own, and so meet conditions on tags",
    "Read": "read resources that are not its own",
    "List": "list resources that are not its own",
}
"""The effects of an action on every resource, by access level."""


@dataclass(frozen=True, slots=True)
class _Wide:
    """A statement on every resource, with its most severe allowed action; ``written`` is the policy's spelling."""

    grant: Grant
    action: str
    written: str
    level: str
    found: Possibility

    def proof(self) -> Proof:
        known = reference(self.action)
        also = f" ({self.action}: {shortened(known.description, 100)})" if known is not None else ""
        return self.grant.proof("Resource", f"allows {self.written} on every resource{also}")


def _mostly_with_resources(pattern: str) -> bool:
    known = catalogue()
    named = known.named((pattern,), False)
    return 2 * (named & ~known.without_resource).bit_count() >= named.bit_count()


def _every_resource(pattern: str) -> bool:
    """Whether a pattern is ``*``, or covers all resources of a service, like ``arn:aws:s3:::*``."""
    if not pattern.strip("*"):
        return bool(pattern)
    parts = pattern.split(":", 5)
    return len(parts) == 6 and not parts[5].strip("*")


def _first_allowed(
    judged: JudgedAccount, principal: Principal, one: CompiledStatement, telemetry: bool
) -> tuple[str, str, Possibility] | None:
    """Return the statement's most severe action that is allowed on an arbitrary resource, or None.

    If ``telemetry`` is True, only actions that write telemetry are considered; otherwise only the other actions.
    """
    for action, level, resource in _with_resources(
        one.action.patterns, one.action.negated, judged.account.partition, judged.account.id
    ):
        if (action.lower() in TELEMETRY) is not telemetry or action == "iam:PassRole":
            continue  # `permissions.passrole-any` reports roles that can be passed
        if one.resource is None or not one.resource.everything:
            # A namespace of one service says nothing about actions of other services.
            named = {service_of(pattern) for pattern in one.resource.patterns} if one.resource is not None else set()
            if service_of(resource) not in named:
                continue
        found = judged.may(principal, action, resource, absent=unnamed)
        if found.allowed:
            return action, level, found
    return None


def _gravity(action: str, level: str) -> tuple[bool, int]:
    """Return a sort key that puts the most severe actions first.

    Actions that give the permissions of others come first; the rest is sorted by access level.
    """
    return not _gives_rights(action, level), _GRAVEST.get(level, 1)


def _gives_rights(action: str, level: str) -> bool:
    """Whether an action changes what principals may do, or runs code with the permissions of an existing role."""
    return action.lower() in RUNNING_CODE or (level == "Permissions management" and action.startswith("iam:"))


_GRAVEST = {"Permissions management": 0, "Write": 1, "Tagging": 2, "Read": 3, "List": 4}


@lru_cache(maxsize=4096)
def _with_resources(
    patterns: tuple[str, ...], negated: bool, partition: str, account: str
) -> tuple[tuple[str, str, str], ...]:
    """Return action, access level and an example resource of the actions on named resources, most severe first.

    At most `_MOST_TRIED` actions are returned.
    """
    known = catalogue()
    listed = known.named(patterns, negated) & ~known.without_resource
    rows = [(known.names[at], known.levels[at]) for at in positions(listed)]
    rows.sort(key=lambda row: (_gravity(*row), row[0]))
    found = []
    for action, level in rows:
        resource = example_arn(action, partition, account)
        if resource != "*" and not _cannot_matter(action, level):
            found.append((action, level, resource))
        if len(found) == _MOST_TRIED:
            break
    return tuple(found)


_ASKS = ("Batch", "Describe", "Get", "List", "View")


def _cannot_matter(action: str, level: str) -> bool:
    """Whether an action on every resource does no harm.

    Such an action cannot be restricted, only creates something new, or only shows the configuration of identities,
    which IAMReadOnlyAccess allows on ``*``.

    https://docs.aws.amazon.com/aws-managed-policy/latest/reference/IAMReadOnlyAccess.html
    """
    if action.startswith("iam:"):
        return level in ("Read", "List")
    return _asks_without_resource(action, level) or (level == "Write" and _only_creates(action))


def _only_creates(action: str) -> bool:
    """Whether the only resource that an action needs is the one that it creates, as for ``lambda:CreateFunction``.

    An existing name is rejected: https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
    (ResourceConflictException)
    """
    known, name = reference(action), action.partition(":")[2]
    if known is None or not name.startswith("Create"):
        return False
    needed = known.required or {each.name for each in known.resource_types}
    return {each.replace("-", "").lower() for each in needed} == {name.removeprefix("Create").lower()}


def _asks_without_resource(action: str, level: str) -> bool:
    """Whether a read action needs no resource, and supports only one type, which a request may contain.

       An example is ``cloudwatch:GetMetricData``: if a policy lists the resources, a request without a resource is
    denied.

       https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
    """
    known = reference(action)
    if known is None or known.required or level not in ("Read", "List"):
        return False
    return len(known.resource_types) == 1 and action.partition(":")[2].startswith(_ASKS)


def not_action(judged: JudgedAccount, principal: Principal) -> Iterator[Risk]:
    """Yield a risk for Allow with NotAction.

    It allows everything that is not listed, including actions that AWS adds later.
    """
    for grant in grants(principal):
        one = grant.statement
        if not one.action.negated:
            continue
        listed = one.action.patterns
        for service in (NO_SERVICE, *_bounded_services(principal)):
            if any(pattern.lower() == f"{service}:*" for pattern in listed):
                continue
            found = _new_action(judged, principal, service, one)
            if found is not None:
                yield NOT_ACTION.risk(
                    principal.entity.arn,
                    f"{principal.entity.name} may perform all actions, even those that AWS adds later, except "
                    f"{listing(list(map(shortened, listed)), limit=3)}.",
                    [grant.proof("NotAction", "allows everything that it does not list")],
                    hangs_on=judged.hangs_on(found, principal),
                    advice=_right_size(principal),
                )
                return


def not_resource(judged: JudgedAccount, principal: Principal) -> Iterator[Risk]:
    """Yield a risk for Allow with NotResource.

    It applies to every resource that is not listed, including future ones.
    """
    for grant in grants(principal):
        one = grant.statement
        if one.resource is None or not one.resource.negated:
            continue
        found = _first_allowed_outside(judged, principal, one)
        if found is not None:
            listed = listing(list(map(shortened, one.resource.patterns)), limit=2)
            yield NOT_RESOURCE.risk(
                principal.entity.arn,
                f"{principal.entity.name} may act on every resource, even future ones, except {listed}.",
                [grant.proof("NotResource", "allows everything that it does not list")],
                hangs_on=judged.hangs_on(found, principal),
                advice=Advice("Name the resources", "List the intended resources in Resource."),
            )
            return


def _first_allowed_outside(judged: JudgedAccount, principal: Principal, one: CompiledStatement) -> Possibility | None:
    tried = _with_resources(one.action.patterns, one.action.negated, judged.account.partition, judged.account.id)
    for action, _, resource in tried:
        found = judged.may(principal, action, resource, absent=unnamed)
        if found.allowed:
            return found
    return None


def pass_role(judged: JudgedAccount, principal: Principal) -> Iterator[Risk]:
    """Yield a risk if iam:PassRole is allowed on roles with any name, or to any service."""
    for grant in grants(principal):
        one = grant.statement
        if not one.action.names("iam:passrole") or _is_admins(one):
            continue
        for resource in _own_resources(one, "iam:PassRole", principal):
            finding = _passes(judged, principal, grant, resource)
            if finding is not None:
                yield finding
                return


def _is_admins(one: CompiledStatement) -> bool:
    """Whether the statement allows ``*`` on ``*``, which `permissions.admin` reports."""
    return names_any_service(one) and not one.action.negated and one.resource is not None and one.resource.everything


_NO_SERVICE = "rolescope-probe.amazonaws.com"


def _passes(judged: JudgedAccount, principal: Principal, grant: Grant, resource: str) -> Risk | None:
    name = principal.entity.name
    any_role = judged.arn(f"role/{PROBE}")
    to_any = {"iam:PassedToService": (_NO_SERVICE,)}
    found = judged.may(principal, "iam:PassRole", any_role, to_any, absent=unnamed)
    if found.allowed:
        return _passing(
            judged, principal, grant, found, f"{name} may pass any role of the account to any service", Severity.HIGH
        )
    services = _passed_services(grant.statement)
    given = {"iam:PassedToService": (services[0].replace("*", "rolescope-probe"),)} if services else {}
    found = judged.may(principal, "iam:PassRole", any_role, given, absent=unnamed)
    if found.allowed:
        target = f" to {listing(services)}" if services else ""
        text = f"{name} may pass any role of the account{target}"
        if services and not any(_trusts_one(judged, role.arn, services) for role in judged.roles):
            text = f"{text}, though no role trusts {'it' if len(services) == 1 else 'them'} today"
            return _passing(judged, principal, grant, found, text, Severity.LOW)
        text = f"{text}, including one with full access"
        return _passing(judged, principal, grant, found, text, Severity.HIGH)
    if not overlap(resource, judged.arn("role/*")):
        return None  # the resource is not a role of this account
    own = _in_own_account(resource, judged)
    if not has_wildcard(own):
        role = judged.account.role(own)
        if role is None or len(_services_of(judged, own)) < 2:
            return None  # the role's trust policy determines which service can use it
    example = resource.replace("*", PROBE).replace("?", "x")
    found = judged.may(principal, "iam:PassRole", example, to_any, absent=unnamed)
    if found.allowed and account_of(example) in (None, judged.account.id):
        text = f"{name} may pass {shortened(resource)} to any service"
        return _passing(judged, principal, grant, found, text, Severity.MEDIUM)
    return None


def _in_own_account(resource: str, judged: JudgedAccount) -> str:
    """Return a pattern of ARNs restricted to this account: a role can only be passed within its own account.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
    """
    parts = resource.split(":", 5)
    if len(parts) < 6:
        return resource
    parts[1] = judged.account.partition if parts[1] == "*" else parts[1]
    parts[4] = judged.account.id if parts[4] == "*" else parts[4]
    return ":".join(parts)


def _passed_services(one: CompiledStatement) -> list[str]:
    return [
        value
        for condition in one.conditions
        if condition.key == "iam:passedtoservice" and not condition.operator.negated
        for value in condition.block.values
    ]


def _services_of(judged: JudgedAccount, arn: str) -> set[str]:
    role = judged.account.role(arn)
    trust = judged.trust(role) if role is not None else None
    if trust is None:
        return set()
    return {
        value
        for one in statements(trust, Layer.RESOURCE)
        if one.principal is not None and not one.deny
        for kind, value in one.principal.pairs
        if kind == "Service"
    }


def _trusts_one(judged: JudgedAccount, role: str, services: Iterable[str]) -> bool:
    """Whether a role trusts one of the services. They may be patterns."""
    trusted = _services_of(judged, role)
    return any(compile_glob(service)(one) for service in services for one in trusted)


def _passing(
    judged: JudgedAccount, principal: Principal, grant: Grant, found: Possibility, text: str, severity: Severity
) -> Risk:
    note = (
        'In Resource, name the roles that it must pass. In a condition, name the service: "StringEquals": '
        '{"iam:PassedToService": "lambda.amazonaws.com"}.'
    )
    return PASS_ROLE.risk(
        principal.entity.arn,
        f"{text}.",
        [grant.proof("Resource" if severity is Severity.HIGH else "Condition", "allows iam:PassRole")],
        severity=severity,
        hangs_on=judged.hangs_on(found, principal),
        advice=Advice("Name the roles and the service", note),
    )
