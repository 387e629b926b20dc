"""The policies before and after a change, and their decisions on the requests of one principal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from iam.account import Account, Role, User
from iam.arn import Arn
from iam.key_presence import key_presence
from iam.policy.compiled import CompiledStatement, compiled
from iam.policy.match import resource_matcher
from iam.policy.principal import TRUST_ACTIONS, WITH_IDENTITY, RequestCaller, caller
from iam.policy.request import NamedPolicy, Policies, Request
from iam.questions.access_question import AccessQuestion, applicable_policies
from iam.questions.change.placed import Placed, Places, all_placed, places_of
from iam.questions.change.unknown_values import TooManyWorlds, Unknown, Way, compared, with_values

KEY_POLICY, TRUST_POLICY, RESOURCE_POLICY = "key policy", "trust policy", "resource-based policy"
_TIMES = frozenset({"aws:currenttime", "aws:epochtime"})
_TLS = "aws:securetransport"


@dataclass(frozen=True, slots=True)
class Effect:
    """One way in which a decision changes. ``kind`` is one of `iam.questions.change.compare.KINDS`.

    ``provided`` is an unread policy that must also allow the request, or "". ``request`` is one request for which the
    decision changes, or None.
    """

    kind: str
    way: Way
    provided: str = ""
    request: Request | None = None


def open_keys(
    before: Policies, after: Policies, context: Mapping[str, object], *, always_tls: bool = False
) -> frozenset[str]:
    """Return the keys (in lower case) that count as unknown, although their value in current requests is known.

    One is the time, because access may begin or end later. The other is the use of TLS, if the statements that test it
    change; with ``always_tls``, if any statement tests it.
    """
    given = {key.lower() for key in context}
    was, now = _about_tls(before), _about_tls(after)
    tls = bool(was or now) if always_tls else was != now
    return (_TIMES | ({_TLS} if tls else set())) - given


def _about_tls(policies: Policies) -> set[object]:
    """Return the statements with a condition on the use of TLS."""
    found = set[object]()

    def look(policy: NamedPolicy) -> NamedPolicy:
        if _TLS in policy.document.text.lower():
            for one in compiled(policy.document).statements:
                if any(condition.key == _TLS for condition in one.conditions):
                    found.add(replace(one.statement, index=0, sid=None, first_line=0, last_line=0))
        return policy

    policies.mapped(look)
    return found


class Sides:
    """The policies before and after a change, applied to the requests of one principal.

    ``complete`` becomes False if a request is too complex to compare.
    """

    def __init__(
        self,
        before: Policies,
        after: Policies,
        request: Request,
        account: Account,
        entity: Role | User | None,
        unknown: Unknown | None,
    ) -> None:
        self.before, self.after = before, after
        self.account, self.request = account, request
        self.owner = request.resource_account or account.id
        self.who: RequestCaller = caller(request.principal)
        self._entity = entity
        if unknown is None:
            unknown = Unknown(key_presence(self.who.kind, entity, account), since=int(account.now.timestamp()))
        self.unknown = replace_hidden(unknown, open_keys(before, after, request.context))
        self._question = AccessQuestion("*", "*", account, request.context, request.resource_account)
        self.known = self.unknown.asked(self._asked("*", f"arn:{account.partition}:*:*:{self.owner}:*"))
        own = _governed(request.resource) if before.resource or after.resource else ()
        self.own = {pattern: resource_matcher(pattern) for pattern in own}
        self.complete = True

    @cached_property
    def places(self) -> tuple[Places, Places]:
        """The statements before and after the change, by layer and level."""
        return places_of(self.before, self.known), places_of(self.after, self.known)

    @cached_property
    def placed(self) -> list[Placed]:
        return list(all_placed(*self.places))

    @property
    def layers_differ(self) -> bool:
        """Whether a layer was added or removed, or differs in whether it was read."""
        was, now = self.places
        return was.keys() != now.keys() or self.before.unread != self.after.unread

    def patterns(self, one: CompiledStatement, *, open_too: bool = True) -> tuple[str, ...]:
        """Return a statement's resource patterns, with ``*`` in place of each variable without a value."""
        opened = one.resource.opened(self.known.lookup, self.unknown.absent) if one.resource is not None else ()
        return tuple(text for text, is_open in opened if open_too or not is_open)

    def bases(self, one: CompiledStatement) -> tuple[str, ...]:
        """Return the patterns of a statement's resources; ``*`` if it applies to all, or to all except some."""
        element = one.resource
        return ("*",) if element is None or element.negated or element.everything else self.patterns(one)

    def effects(self, action: str, resource: str) -> tuple[Effect, ...]:
        """Return how the change affects an action on a resource."""
        asked = self._asked(action, resource)
        provided = self._provided(action, resource)
        before, after = (self._fitting(policies, action, resource, provided) for policies in (self.before, self.after))
        try:
            found = compared(asked, before, after, self.unknown)
        except TooManyWorlds:
            self.complete = False
            return ()
        self.complete = self.complete and found.complete
        gained, lost = "loosened" if found.before else "newly_allowed", "tightened" if found.after else "newly_denied"
        ways = [*((gained, way) for way in found.gained), *((lost, way) for way in found.lost)]
        return tuple(Effect(kind, way, provided, witness(asked, way)) for kind, way in ways)

    def _asked(self, action: str, resource: str) -> Request:
        return self._question.request(self.request.principal, self._entity, action, resource)

    def _provided(self, action: str, resource: str) -> str:
        """Return the unread policy that must also allow the action, or "".

        Every key and every role has a policy of its own; a resource of another account has one for callers from outside
        that account.
        """
        if self._governs(resource) or self.who.kind not in WITH_IDENTITY or resource == "*":
            return ""
        arn = Arn.parse(resource)
        if arn is None:
            return ""
        if arn.account.isdigit() and arn.account != self.owner:
            return arn.account
        if self.before.resource is not None or self.after.resource is not None:
            return ""
        if action.startswith("kms:") and arn.resource.startswith("key/"):
            return KEY_POLICY
        return TRUST_POLICY if action.lower() in TRUST_ACTIONS and arn.service == "iam" else ""

    def _governs(self, resource: str) -> bool:
        return any(matches(resource) for matches in self.own.values())

    def _fitting(self, policies: Policies, action: str, resource: str, provided: str) -> Policies:
        """Return the policies that apply to the request.

        If the resource is not one that the policies' resource policy belongs to, its own policy is treated as unread.
        """
        another = bool(self.own) and not self._governs(resource)
        if another or provided or (policies.resource is None and action.startswith("kms:")):
            policies = replace(policies, resource=None, unread=policies.unread | {"resource"})
        return applicable_policies(policies, action, resource)


def replace_hidden(unknown: Unknown, keys: frozenset[str]) -> Unknown:
    """Return a copy of ``unknown`` in which ``keys`` are hidden too."""
    return Unknown(unknown.presence, unknown.hidden | keys, unknown.shape, unknown.since, unknown.but)


def witness(asked: Request, way: Way) -> Request | None:
    """Return a request for which the decision changes in this way.

    Its unknown keys have values that cause the change; None if these cannot be determined.
    """
    return None if way.context is None else with_values(asked, way.context)


def _governed(resource: str) -> tuple[str, ...]:
    """Return the patterns of the resources that a resource's policy applies to: the resource and its parts.

    Parts are a bucket's objects, a table's indexes, a function's versions.
    """
    parts = resource.split(":", 5)
    if len(parts) < 6 or not parts[5].strip("*"):
        return ()
    if parts[2] == "s3" and not parts[4]:
        resource = resource.partition("/")[0]
    within = {"s3": "/*", "dynamodb": "/*", "lambda": ":*"}.get(parts[2])
    return (resource, f"{resource}{within}") if within else (resource,)
