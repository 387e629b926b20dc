"""Compile policy documents for evaluation. Each document caches its compiled form."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

from iam import service_reference
from iam.lazy_pattern import regex
from iam.policy.condition_keys import KnownAbsent
from iam.policy.conditions import Condition
from iam.policy.document import Document
from iam.policy.match import (
    Matcher,
    action_matcher,
    completions,
    covers,
    folded,
    has_wildcard,
    overlap,
    resource_matcher,
)
from iam.policy.other_than import OtherThan, is_known
from iam.policy.principal import (
    WITH_IDENTITY,
    Kind,
    Named,
    PrincipalElement,
    RequestCaller,
    caller,
    principal_element,
)
from iam.policy.request import Request
from iam.policy.statements import Statement
from iam.policy.variables import Lookup, Template, Variable, plain, shielded, template

_REMEMBERED_ACTIONS = 1024  # how many lookups of the statements for an action each document caches


class Asked:
    """A request prepared for matching: lower-case action, folded resource, the caller, and its condition keys.

    ``missing`` collects the keys that policies test and that have no value, as the policies spell them. ``doubtful``
    contains the IDs of statements that may or may not apply. ``partial`` is for requests with wildcards: it contains
    the IDs of Deny statements that certainly apply to some of the requested resources, and name only those.
    ``excluded`` maps a key (in lower case) to a value that the key does not have, if nothing else is known about it.
    """

    __slots__ = (
        "_context",
        "_lower",
        "_owner",
        "action",
        "action_as_written",
        "caller",
        "doubtful",
        "excluded",
        "folded",
        "missing",
        "partial",
        "resource",
        "wild",
    )

    def __init__(self, request: Request) -> None:
        self.action_as_written = request.action
        self.action = request.action.lower()
        self.resource = request.resource
        self.wild = has_wildcard(request.resource)
        self.folded = folded(request.resource)
        self.caller: RequestCaller = caller(request.principal)
        self.missing: dict[str, str] = {}
        self.doubtful: set[int] = set()
        self.partial: set[int] = set()
        self._owner = request.resource_account or account_of_resource(request.resource)
        self._context: Mapping[str, tuple[str, ...]] = request.context
        self._lower: dict[str, tuple[str, ...]] | None = None
        self.excluded: Mapping[str, str] = {
            key.lower(): had[0].excluded
            for key, had in request.context.items()
            if had and isinstance(had[0], OtherThan)
        }

    def stated(self, key: str) -> tuple[str, ...] | None:
        """Return a key's values for a sentence; if only an excluded value is known, an `OtherThan`.

        None if the key has no value.
        """
        return (OtherThan(self.excluded[key.lower()]),) if key.lower() in self.excluded else self.lookup(key)

    def lookup(self, key: str) -> tuple[str, ...] | None:
        """Return the values of a condition key, or None if it has none or only an excluded value is known.

        Case is ignored.
        """
        values = self._context.get(key)
        if values is not None and is_known(values):
            return values
        lower = self._lower
        if lower is None:
            lower = self._lower = {name.lower(): had for name, had in self._context.items() if is_known(had)}
        folded_key = key.lower()
        values = lower.get(folded_key)
        if values is None:
            values = implied(self.caller, folded_key)
            if values is None and folded_key in _OWNER_KEYS and self._owner is not None:
                values = (self._owner,)
            if values is None:
                self.missing.setdefault(folded_key, key)
        return values


_account_of_arn = re.compile(r"arn:[^:]*:[^:]*:[^:]*:(\d{12}):")


@lru_cache(maxsize=1024)
def account_of_resource(resource: str) -> str | None:
    """Return the account ID in a resource's ARN, or None if the ARN contains none."""
    match = _account_of_arn.match(resource)
    return match.group(1) if match else None


_OWNER_KEYS = frozenset({"aws:resourceaccount", "s3:resourceaccount"})
"""The keys whose value is the account that owns the resource."""


def implied(who: RequestCaller, key: str) -> tuple[str, ...] | None:
    """Return the value that a condition key (in lower case) must have for this caller, or None if it may vary.

    AWS sets these keys in every request of such a caller: IAM User Guide, "AWS global condition context keys"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html), and for ``aws:userid``
    the table under "Principal key values"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html).
    """
    found = _IMPLIED.get(key)
    value = found(who) if found is not None else None
    return None if value is None else (value,)


def _principal_account(who: RequestCaller) -> str | None:
    return who.account if who.kind in WITH_IDENTITY else None


def _principal_arn(who: RequestCaller) -> str | None:
    # A session's aws:PrincipalArn is its role's ARN, whose path the session's own ARN does not contain.
    known = who.kind in WITH_IDENTITY and who.kind is not Kind.SESSION and who.text.startswith("arn:")
    return who.text if known else None


def _user_id(who: RequestCaller) -> str | None:
    if who.kind is Kind.ROOT:
        return who.account
    if who.kind is Kind.FEDERATED_USER:
        return f"{who.account}:{who.name}"
    return "anonymous" if who.kind is Kind.ANONYMOUS else None


def _is_service(who: RequestCaller) -> str | None:
    # "… in the request context for all signed API requests that use AWS credentials."
    if who.kind is Kind.SERVICE:
        return "true"
    return "false" if who.kind in WITH_IDENTITY else None


PRINCIPAL_TYPES = {
    Kind.USER: "User",
    Kind.ROLE: "AssumedRole",
    Kind.SESSION: "AssumedRole",
    Kind.FEDERATED_USER: "FederatedUser",
    Kind.ROOT: "Account",
    Kind.ANONYMOUS: "Anonymous",
}
"""The value of aws:PrincipalType for each kind of caller."""

_IMPLIED: Mapping[str, Callable[[RequestCaller], str | None]] = {
    "aws:principalaccount": _principal_account,
    "aws:principalarn": _principal_arn,
    "aws:principalisawsservice": _is_service,
    "aws:principalservicename": lambda who: who.text if who.kind is Kind.SERVICE else None,
    "aws:principaltype": lambda who: PRINCIPAL_TYPES.get(who.kind),
    "aws:userid": _user_id,
    "aws:username": lambda who: who.name if who.kind is Kind.USER else None,
}


class ActionElement:
    """A statement's Action or NotAction element."""

    __slots__ = ("_matchers", "negated", "patterns")

    def __init__(self, patterns: tuple[str, ...], negated: bool) -> None:
        self.patterns = patterns
        self.negated = negated
        self._matchers = tuple(action_matcher(pattern) for pattern in patterns)

    def names(self, action: str) -> bool:
        """Whether the statement applies to the action, given in lower case."""
        for matches in self._matchers:  # no generator, whose frame would slow down the most frequent loops
            if matches(action):
                return not self.negated
        return self.negated

    def covering(self, action: str) -> tuple[str, ...]:
        """Return the patterns that match the action, given in lower case."""
        return tuple(pattern for pattern, matches in zip(self.patterns, self._matchers, strict=True) if matches(action))


@lru_cache(maxsize=16384)
def action_element(action: tuple[str, ...] | None, not_action: tuple[str, ...] | None) -> ActionElement:
    """Return the `ActionElement` of a statement's Action or NotAction, cached."""
    return ActionElement(not_action or (), True) if action is None else ActionElement(action, False)


class ResourceElement:
    """A statement's Resource or NotResource element; patterns with policy variables are kept separately.

    Incomplete ARNs are completed (see `iam.policy.match.completions`). ``completes`` is False if it is not certain that
    AWS completes them. Incomplete ARNs are then left out of ``patterns``, and ``if_completed`` is the same element with
    them.
    """

    __slots__ = ("_found", "_variables_live", "everything", "has_variables", "if_completed", "negated", "patterns")

    def __init__(self, patterns: tuple[str, ...], negated: bool, variables_live: bool, completes: bool = True) -> None:
        self.if_completed: ResourceElement | None = None
        every = tuple([text for pattern in patterns for text in completions(pattern, variables_live)])
        if every != patterns:
            if completes:
                patterns = every
            else:
                self.if_completed = ResourceElement(every, negated, variables_live)
                patterns = tuple([text for text in every if text in patterns])
        self.patterns = patterns
        self.negated = negated
        self.everything = False
        self.has_variables = False
        for pattern in patterns:
            if not pattern.strip("*"):
                self.everything = self.everything or bool(pattern)
            elif variables_live and "${" in pattern:
                self.has_variables = True
        self._variables_live = variables_live
        self._found: tuple[tuple[tuple[str, Matcher], ...], tuple[Template, ...]] | None = None

    def _made(self) -> tuple[tuple[tuple[str, Matcher], ...], tuple[Template, ...]]:
        """Return the patterns without variables, each with its matcher, and the templates of those with variables.

        Compiled on first use: most statements of a large document are about other actions.
        """
        if self._found is None:
            templates = [template(pattern) for pattern in self.patterns] if self.has_variables else []
            fixed = self.patterns
            if templates:
                fixed = tuple(pattern for pattern, filled in zip(fixed, templates, strict=True) if not filled)
            matchers = tuple([(pattern, resource_matcher(pattern)) for pattern in fixed])
            self._found = matchers, tuple(filled for filled in templates if filled)
        return self._found

    def names(self, asked: Asked, deny: bool) -> bool:
        """Whether the statement applies to the requested resource.

        A request with wildcards represents all resources that match. An Allow must match at least one of them, a Deny
        all of them. A Deny with NotResource denies all resources but a few, so it applies unless it exempts everything
        that was requested. `in_doubt` returns whether this answer is uncertain.
        """
        if self.everything:
            return not self.negated
        if asked.wild:
            return self._names_wild(asked, deny)
        had = asked.folded
        fixed, templates = self._found or self._made()
        for _, matches in fixed:
            if matches(had):
                return not self.negated
        for filled in templates:
            text = filled.resolve(asked.lookup)
            if text is not None and resource_matcher(text)(shielded(had)):
                return not self.negated
        return self.negated

    def _names_wild(self, asked: Asked, deny: bool) -> bool:
        if asked.resource == "*" and wildcard_only(asked.action):
            return any(names_everything(asked.action, text) for text in self._texts(asked)) is not self.negated
        # For an Allow with Resource, one common resource is enough; any other element must cover all resources.
        if not deny and not self.negated:
            return self._meets(asked)
        # None of the remaining patterns covers "*".
        covered = asked.resource != "*" and any(covers(text, asked.resource) for text in self.resolved(asked))
        return covered is not self.negated

    def _meets(self, asked: Asked) -> bool:
        if asked.resource == "*":
            return next(self._texts(asked), None) is not None
        return any(overlap(text, asked.resource) for text in self._texts(asked))

    def in_doubt(self, asked: Asked, deny: bool) -> bool:
        """Whether the answer of `names` for the requested resource is uncertain.

        The answer is uncertain if it depends on an incomplete ARN, or if a Deny matches some, but not all, of the
        resources that a request with wildcards represents.
        """
        if self.if_completed is not None and self.if_completed.names(asked, deny) is not self.names(asked, deny):
            return True
        if not deny or not asked.wild or self.everything:
            return False
        if asked.resource == "*" and (not self.negated or wildcard_only(asked.action)):
            return False  # for a request for any resource, one exempted resource is enough
        return self.names(asked, True) is self.negated and self._meets(asked)

    def denies(self, asked: Asked, part: str) -> bool:
        """Whether a Deny applies to every resource that the pattern ``part`` matches."""
        if self.everything:
            return not self.negated
        if self.negated:
            return not any(overlap(text, part) for text in self._texts(asked))
        return any(covers(text, part) for text in self._texts(asked))

    def touches(self, asked: Asked, part: str) -> bool:
        """Whether a Deny may apply to any resource that the pattern ``part`` matches."""
        if self.everything or self.if_completed is not None:
            return True
        if self.negated:
            return not any(covers(text, part) for text in self._texts(asked))
        return any(overlap(text, part) for text in self._texts(asked))

    def parts(self, asked: Asked) -> tuple[str, ...]:
        """Return the patterns of an Allow that overlap the resources of a request with wildcards.

        A pattern that covers them all is returned as the request's own resource.
        """
        if self.negated or self.everything:
            return (asked.resource,)
        met = [text for text in self._texts(asked) if asked.resource == "*" or overlap(text, asked.resource)]
        return tuple([asked.resource if covers(text, asked.resource) else text for text in met])

    def resolved(self, asked: Asked) -> tuple[str, ...]:
        """Return the patterns with their variables resolved, without those that have a variable without a value."""
        return tuple(self._texts(asked))

    def _texts(self, asked: Asked) -> Iterator[str]:
        fixed, templates = self._found or self._made()
        for pattern, _ in fixed:
            yield pattern
        for filled in templates:
            if (text := filled.resolve(asked.lookup)) is not None:
                yield text

    def covering(self, asked: Asked) -> tuple[str, ...]:
        """Return the patterns, with variables resolved, that match the requested resource.

        For a request with wildcards, return those that overlap its resource.
        """
        if asked.wild:
            return tuple(plain(text) for text in self.resolved(asked) if overlap(text, asked.resource))
        had = shielded(asked.folded)
        return tuple(plain(text) for text in self.resolved(asked) if resource_matcher(text)(had))

    def opened(self, lookup: Lookup, absent: KnownAbsent) -> tuple[tuple[str, bool], ...]:
        """Return each pattern with its variables resolved, and whether it has ``*`` in place of an unknown value.

        A pattern with a variable that is known to have no value matches nothing, and is left out.
        """
        found = []
        for text in self.patterns:
            filled = template(text) if self._variables_live else None
            if filled is None:
                found.append((text, False))
            elif not filled.is_void(lookup, absent):
                found.append((filled.open(lookup, absent), bool(filled.open_keys(lookup, absent))))
        return tuple(found)

    @property
    def variables(self) -> tuple[str, ...]:
        """The condition keys of the policy variables in the element."""
        return tuple(key for filled in self._made()[1] for key in filled.keys) if self.has_variables else ()

    def defaulted(self, asked: Asked) -> tuple[str, ...]:
        """Return the keys of policy variables with a default in use, if a value of the key could change the match."""
        if not self.has_variables:
            return ()
        fixed, templates = self._made()
        found: dict[str, None] = {}
        for filled in templates:
            if keys := filled.defaulted(asked.lookup):
                opened = "".join("*" if isinstance(part, Variable) else part for part in filled.parts)
                if overlap(opened, asked.resource):
                    found.update(dict.fromkeys(keys))
        if found and not asked.wild and any(matches(asked.folded) for _, matches in fixed):
            return ()
        return tuple(found)

    def open_near(self, asked: Asked) -> tuple[tuple[str, Template], ...]:
        """Return the patterns, each with its template, that would match if unset variables had the right values."""
        found: list[tuple[str, Template]] = []
        if not self._made()[1]:
            return ()
        for text in self.patterns:
            filled = template(text) if self._variables_live else None
            if filled and filled.unresolved(asked.lookup) and overlap(filled.open(asked.lookup), asked.resource):
                found.append((text, filled))
        return tuple(found)

    def without_open(self, asked: Asked, deny: bool, absent: KnownAbsent) -> tuple[bool, tuple[str, ...]]:
        """Return whether the patterns without unknown variables match, and which of the other patterns may match."""
        live = self._made()[1]
        texts = [text for text in self.patterns if live and _is_open(template(text), asked, absent)]
        if not texts:
            return self.names(asked, deny), ()
        fixed = ResourceElement(tuple(text for text in self.patterns if text not in texts), self.negated, True)
        near = [
            text
            for text in texts
            if (filled := template(text)) and not filled.is_void(asked.lookup, absent)
            if overlap(filled.open(asked.lookup, absent), asked.resource)
        ]
        return fixed.names(asked, deny), tuple(near)


def _is_open(filled: Template | None, asked: Asked, absent: KnownAbsent) -> bool:
    return filled is not None and bool(filled.open_keys(asked.lookup, absent) or filled.unresolved(asked.lookup))


@lru_cache(maxsize=4096)
def wildcard_only(action: str) -> bool:
    """Whether an action has no resource types, so that only ``*`` can be its resource. False for unknown actions."""
    return service_reference.has_resource_types(action) is False


_ALL_BUCKETS = regex(r"arn:[^:]*:s3:[^:]*:[^:]*:\*+")


def names_everything(action: str, pattern: str) -> bool:
    """Whether an element of Resource includes the resource of an action without resource types.

    That is ``*`` and, for the list of buckets, all buckets: Amazon S3 User Guide, "Controlling access to a bucket with
    user policies", allows s3:ListAllMyBuckets on ``arn:aws:s3:::*``
    (https://docs.aws.amazon.com/AmazonS3/latest/userguide/walkthrough1.html).
    """
    buckets = action.lower() == "s3:listallmybuckets"
    return pattern == "*" or (buckets and _ALL_BUCKETS.fullmatch(pattern) is not None)


class CompiledStatement:
    """A statement compiled for matching, with one object for each of its elements."""

    __slots__ = ("action", "conditions", "deny", "principal", "resource", "statement")

    def __init__(self, statement: Statement, action: ActionElement, variables_live: bool, completes: bool) -> None:
        self.statement = statement
        self.deny = statement.effect == "Deny"
        self.action = action
        self.resource: ResourceElement | None = None
        if statement.resource is not None:
            self.resource = ResourceElement(statement.resource, False, variables_live, completes)
        elif statement.not_resource is not None:
            self.resource = ResourceElement(statement.not_resource, True, variables_live, completes)
        self.principal: PrincipalElement | None = None
        if statement.principal is not None:
            self.principal = principal_element(statement.principal, False)
        elif statement.not_principal is not None:
            self.principal = principal_element(statement.not_principal, True)
        self.conditions = tuple([Condition(block, variables_live) for block in statement.conditions])

    @property
    def keys(self) -> tuple[str, ...]:
        """The condition keys, in lower case, on which the statement's resources and conditions depend."""
        found = list(self.resource.variables) if self.resource is not None else []
        for condition in self.conditions:
            found += [condition.key, *(key for filled in condition.templates for key in filled.keys)]
        return tuple(dict.fromkeys(key.lower() for key in found))

    def holds(self, asked: Asked) -> bool:
        """Whether resource and conditions match a request whose action the statement is known to match."""
        element = self.resource
        if element is not None:
            if asked.wild or element.if_completed is not None:
                return self._holds_in_doubt(element, asked)
            if not element.names(asked, self.deny):
                return False
        return self.meets_conditions(asked)

    def _holds_in_doubt(self, element: ResourceElement, asked: Asked) -> bool:
        """Whether resource and conditions match, for a request whose match may be uncertain.

        An uncertain match counts as a match for a Deny, but not for an Allow.
        """
        names, doubt = element.names(asked, self.deny), element.in_doubt(asked, self.deny)
        in_part = self.deny and asked.wild
        if not (names or doubt or in_part) or not self.meets_conditions(asked):
            return False
        if in_part:
            asked.partial.add(id(self))
        if doubt:
            asked.doubtful.add(id(self))
            return self.deny
        return names

    def meets_conditions(self, asked: Asked) -> bool:
        """Whether the request meets every condition of the statement."""
        lookup = asked.lookup
        for condition in self.conditions:  # noqa: SIM110 - a generator costs a frame
            if not condition.holds(lookup):
                return False
        return True

    def names_caller(self, asked: Asked, has_boundary: bool, accounts: bool = True) -> Named:
        """Return how closely the statement names the caller; `Named.EVERYONE` if it has no Principal element.

        If ``accounts`` is False, an account in the element means only that account's root user.
        """
        element = self.principal
        if element is None:
            return Named.EVERYONE
        if not element.negated:
            if not accounts and not element.names_itself(asked.caller, asked.lookup):
                return Named.NOT
            return element.names(asked.caller, asked.lookup)
        if self.deny and has_boundary:
            # "Deny" with NotPrincipal applies to every principal that has a permissions boundary, whatever it lists
            # (IAM User Guide, "Permissions boundaries for IAM entities").
            return Named.EVERYONE
        return Named.NOT if element.spares(asked.caller, asked.lookup) else Named.EVERYONE


class Compiled:
    """The compiled statements of a document, indexed by action.

    A statement is compiled when an action that it matches is first looked up: most statements of a large document
    concern other actions.
    """

    __slots__ = ("_actions", "_by_action", "_completes", "_has_incomplete", "_live", "_made", "good_in", "sources")

    def __init__(self, document: Document, completes: bool = True) -> None:
        self.sources = document.unplaced_statements
        self._completes = completes
        self.good_in: tuple[str, ...] = ()  # the layers in which this document was found to be valid
        self._live = document.version == "2012-10-17"
        self._has_incomplete: bool | None = None
        self._actions = [action_element(one.action, one.not_action) for one in self.sources]
        self._made: list[CompiledStatement | None] = [None] * len(self.sources)
        self._by_action: dict[str, tuple[CompiledStatement, ...]] = {}

    @property
    def has_incomplete(self) -> bool:
        """Whether a statement contains an incomplete ARN, which AWS may complete."""
        if self._has_incomplete is None:
            self._has_incomplete = any(
                completions(text, self._live) != (text,)
                for one in self.sources
                for text in (*(one.resource or ()), *(one.not_resource or ()))
            )
        return self._has_incomplete

    @property
    def statements(self) -> tuple[CompiledStatement, ...]:
        return tuple([self._compiled(number) for number in range(len(self.sources))])

    @property
    def outlines(self) -> Iterator[tuple[Statement, ActionElement]]:
        """Pairs of a statement and its actions. The statements' other elements are not compiled."""
        return zip(self.sources, self._actions, strict=True)

    def naming(self, action: str) -> tuple[CompiledStatement, ...]:
        """Return the statements whose Action or NotAction matches the action, given in lower case."""
        found = self._by_action.get(action)
        if found is None:
            if len(self._by_action) >= _REMEMBERED_ACTIONS:
                self._by_action.clear()
            named = [self._compiled(number) for number, element in enumerate(self._actions) if element.names(action)]
            found = self._by_action[action] = tuple(named)
        return found

    def _compiled(self, number: int) -> CompiledStatement:
        found = self._made[number]
        if found is None:
            found = CompiledStatement(self.sources[number], self._actions[number], self._live, self._completes)
            self._made[number] = found
        return found


def compiled(document: Document, *, completes: bool = True) -> Compiled:
    """Return the compiled form of a document, cached. Raises `PolicyError` if AWS would reject the document.

    ``completes``: AWS is certain to complete incomplete ARNs in this document, as it does in identity policies.
    """
    known: Compiled | None = document._compiled
    if known is None:
        known = document._compiled = Compiled(document)
    if completes or not known.has_incomplete:
        return known
    is_open: Compiled | None = document._compiled_open
    if is_open is None:
        is_open = document._compiled_open = Compiled(document, completes=False)
    return is_open
