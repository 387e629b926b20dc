"""Evaluate policy tests against an account, with the same engine and index as ``who-can``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from diagnostics.policy_tests.policy_test import Answer, Expectation, Outcome, PolicyTest, Principals, Result
from iam.account import Role
from iam.arn import Arn, account_of, names_a_service
from iam.key_presence import key_presence, kind_of
from iam.layers import LayerReading, gather, shared_layers
from iam.organization.accounts import Accounts
from iam.policy.condition_keys import KeyPresence
from iam.policy.document import Document, PolicyError
from iam.policy.layer import Layer
from iam.policy.match import compile_glob, has_wildcard, overlap
from iam.policy.principal import TRUST_ACTIONS, caller
from iam.policy.request import NamedPolicy, Policies, Request
from iam.policy.unknown_keys import Judged, possible
from iam.questions.access_question import AccessQuestion, applicable_policies
from iam.questions.action_classes import applicable
from iam.questions.answers import AccessVerdict
from iam.questions.catalogue import catalogue
from iam.questions.index import AccountIndex, Principal
from iam.questions.principal_answer import answer
from iam.sources.reader.opened import OpenedAccount
from iam.sources.resource_policies import READABLE, policy_holder
from iam.words import plural

MOST_SHOWN = 20
"""The maximum number of answers kept for a test, because a test of an entire account may have thousands of similar
answers."""

_ALL = Document('{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}')
_ALL_PRINCIPALS = Document(
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]}'
)

Tell = Callable[[int, int], object]


def run_tests(
    tests: Iterable[PolicyTest],
    index: AccountIndex,
    *,
    skip_unread: bool = False,
    tell: Tell = lambda done, of: None,
    accounts: Accounts | None = None,
) -> Iterator[Result]:
    """Yield the result of each test, in order.

    With ``accounts``, resource policies are read from the resource's own account. With ``skip_unread``, tests are
    evaluated as if layers that could not be read did not exist. May block.
    """
    given = tuple(tests)
    runner = _Runner(index, skip_unread, accounts)
    for done, test in enumerate(given):
        tell(done, len(given))
        yield runner.result(test)


def run_tests_across(
    tests: Iterable[PolicyTest],
    accounts: Accounts,
    *,
    skip_unread: bool = False,
    tell: Tell = lambda done, of: None,
) -> Iterator[Result]:
    """Yield the result of each test over several accounts, like `run_tests`. Each account is opened once. May block.

    A principal belongs to the account in its ARN; a name or a pattern applies to every account in which it matches.
    """
    given = tuple(tests)
    found: list[list[Result]] = [[] for _ in given]
    for done, id in enumerate(accounts.ids):
        tell(done, len(accounts.ids))
        opened = accounts.opened(id)
        if opened is None:
            continue
        runner = _Runner(AccountIndex(opened.account, opened.reader), skip_unread, accounts)
        for number, test in enumerate(given):
            if (part := _part_of(test, runner, id)) is not None:
                found[number].append(runner.result(part))
    for test, results in zip(given, found, strict=True):
        yield _joined(test, results, accounts, skip_unread=skip_unread)


def _part_of(test: PolicyTest, runner: _Runner, account: str) -> PolicyTest | None:
    """Return the test without the principals that are outside the account; None if no principal remains."""
    named = test.principals
    if named.excluded:
        return test if any(runner.meant(named)) else None
    names = tuple(each for each in named.names if runner.has(each) or _asked_in(each, runner, account))
    return replace(test, principals=replace(named, names=names)) if names else None


def _asked_in(name: str, runner: _Runner, account: str) -> bool:
    """Return whether a principal that is not a role or user of ``account`` is evaluated together with that account.

    A principal is evaluated with its own account or, if that account cannot be opened, with the first account.
    """
    assert runner.accounts is not None
    ids = runner.accounts.ids
    number = name if name.isdigit() else account_of(name)
    return _is_elsewhere(name, runner.index) and account == (number if number in ids else ids[0])


def _joined(test: PolicyTest, results: list[Result], accounts: Accounts, *, skip_unread: bool) -> Result:
    """Combine the results in several accounts into one: the worst outcome, and all answers that differ."""
    if not results:
        said = ", ".join(test.principals.names)
        missing = f" {plural(len(accounts.missing), 'account')} could not be read." if accounts.missing else ""
        return Result(test, Outcome.FAILED, problem=f"No account that was read has {said}.{missing}")
    outcome = next(worst for worst in _WORST if any(each.outcome is worst for each in results))
    problem = next((each.problem for each in results if each.outcome is outcome and each.problem), "")
    every = test.principals.excluded or any(map(has_wildcard, test.principals.names))
    if outcome is Outcome.PASSED and every and accounts.missing and not skip_unread:
        outcome, problem = Outcome.OPEN, f"{accounts.missing[0].words} was not read, so more roles may match."
    differing = tuple(one for each in results for one in each.differing)[:MOST_SHOWN]
    return Result(test, outcome, sum(each.checked for each in results), differing, problem)


_WORST = (Outcome.FAILED, Outcome.OPEN, Outcome.PASSED)


@dataclass
class _Runner:
    index: AccountIndex
    skip_unread: bool
    accounts: Accounts | None = None
    _shared: dict[tuple[str, str], tuple[Policies, tuple[LayerReading, ...]]] = field(default_factory=dict)

    def result(self, test: PolicyTest) -> Result:
        try:
            principals = list(self._principals(test))
            if not principals:
                return Result(test, Outcome.FAILED, problem=_nobody(test, self.index))
            differing: list[Answer] = []
            checked = 0
            for resource in test.resources:
                for action in test.actions:
                    if problem := _never_applies(action, resource):
                        return Result(test, Outcome.FAILED, checked, problem=problem)
                    for principal in principals:
                        found = self._answer(test, principal, action, resource)
                        checked += 1
                        if found.found is not test.expect:
                            differing.append(found)
        except PolicyError as error:
            return Result(test, Outcome.FAILED, problem=str(error))
        if not differing:
            if unread := self._unread_principals(test):
                return Result(test, Outcome.OPEN, checked, problem=unread)
            return Result(test, Outcome.PASSED, checked)
        open_only = all(each.found is Expectation.UNKNOWN for each in differing)
        differing.sort(key=lambda each: each.found is Expectation.UNKNOWN)
        return Result(test, Outcome.OPEN if open_only else Outcome.FAILED, checked, tuple(differing[:MOST_SHOWN]))

    # Principals.

    def has(self, name: str) -> bool:
        """Return whether a name or pattern matches a role or user of the account."""
        return bool(self._numbers(name))

    def meant(self, principals: Principals) -> Iterator[Principal]:
        """Yield the roles and users of the account that are not excluded."""
        named = {number for each in principals.names for number in self._numbers(each)}
        for number, principal in enumerate(self.index.principals):
            if number not in named and not _linked(principal):
                yield principal

    def _principals(self, test: PolicyTest) -> Iterator[Principal | str]:
        """Yield the test's roles and users in the account; for any other principal, its ARN or service as written."""
        if test.principals.excluded:
            yield from self.meant(test.principals)
            return
        seen: set[int] = set()
        for each in test.principals.names:
            numbers = self._numbers(each)
            if not numbers and _is_elsewhere(each, self.index):
                yield each
            for number in numbers:
                if number not in seen and (not _linked(self.index.principals[number]) or not has_wildcard(each)):
                    seen.add(number)
                    yield self.index.principals[number]
            if not numbers and not _is_elsewhere(each, self.index):
                raise PolicyError(_missing(each, self.index))

    def _unread_principals(self, test: PolicyTest) -> str:
        """Return a sentence if the test may apply to roles or users that were not read."""
        account = self.index.account
        every = test.principals.excluded or any(map(has_wildcard, test.principals.names))
        read = account.users is not None and not account.incomplete & {"roles", "users"}
        if read or not every or self.skip_unread:
            return ""
        return (
            "Not all roles and users could be read, so the test may also apply to roles and users that were not read."
        )

    def _numbers(self, name: str) -> list[int]:
        matches = compile_glob(name) if has_wildcard(name) else name.__eq__
        arn = name.startswith("arn:")
        return [
            number
            for number, each in enumerate(self.index.principals)
            if matches(each.entity.arn if arn else each.entity.name)
        ]

    # Answers.

    def _answer(self, test: PolicyTest, principal: Principal | str, action: str, resource: str) -> Answer:
        if isinstance(principal, str):
            return self._answer_elsewhere(test, principal, action, resource)
        if action.lower() in TRUST_ACTIONS and has_wildcard(resource):
            return self._answer_roles(test, principal, action, resource)
        found = self._answer_on(test, principal, action, resource)
        if found.found is Expectation.DENIED:
            for arn, document in self._policies_within(resource, action):
                named = NamedPolicy(document, arn.rpartition(":")[2], arn)
                inside = self._answer_on(test, principal, action, _within(arn, resource), named)
                if inside.found is not Expectation.DENIED:
                    return replace(inside, resource=resource, why=f"{inside.why} ({arn})")
        return found

    def _answer_roles(self, test: PolicyTest, principal: Principal, action: str, pattern: str) -> Answer:
        """Evaluate the test on each role that the pattern matches.

        Return the first answer that differs from the test's expected result; if none differs, one answer for all of
        them.
        """
        matches = compile_glob(pattern)
        owner = self._owner(pattern)
        account = owner.account if owner is not None else self.index.account
        roles = [role.arn for role in account.roles if matches(role.arn)]
        if not roles:
            raise PolicyError(f"No role of the account matches {pattern}.")
        found = [self._answer_on(test, principal, action, arn) for arn in roles]
        differing = [each for each in found if each.found is not test.expect]
        return differing[0] if differing else replace(found[0], resource=pattern)

    def _answer_on(
        self, test: PolicyTest, principal: Principal, action: str, resource: str, own: NamedPolicy | None = None
    ) -> Answer:
        shared, readings = self._shared_layers(action, resource)
        if own is not None:
            shared = replace(shared, resource=own, unread=shared.unread - {Layer.RESOURCE})
        question = self._question(test, action, resource)
        unread = () if self.skip_unread else (*principal.unread, *readings)
        anywhere = answer(question, self._as_asked(principal), shared)
        reply = Answer(principal.entity.arn, action, resource, Expectation.DENIED, "")
        if anywhere.verdict in (AccessVerdict.DENIED, AccessVerdict.UNKNOWN):
            generous = self._generous(principal, shared, unread)
            if generous is not None:
                optimistic = answer(question, *generous)
                if optimistic.verdict is not AccessVerdict.DENIED:
                    depends = tuple(dict.fromkeys(each.why for each in unread))
                    return replace(
                        reply, found=Expectation.UNKNOWN, why="Not all policies were read.", depends_on=depends
                    )
            return replace(reply, why=_denied_why(anywhere.statements, anywhere.rule))
        everywhere, why_not = self._everywhere(test, principal, shared, action, resource)
        keys = _keys((*anywhere.statements, *anywhere.unless))
        if (
            anywhere.verdict is AccessVerdict.CONDITIONAL
            and keys
            and not (test.expect is Expectation.ALLOWED and why_not)
        ):
            why = _named(anywhere.statements) or anywhere.rule
            return replace(reply, found=Expectation.UNKNOWN, why=why, depends_on=keys)
        if test.expect is Expectation.ALLOWED and not everywhere:
            where = f" Allowed only on {_part(anywhere.resources)}." if anywhere.resources else ""
            return replace(reply, why=f"{why_not}{where}")
        if unread:
            depends = tuple(dict.fromkeys(each.why for each in unread))
            return replace(reply, found=Expectation.UNKNOWN, why=_named(anywhere.statements), depends_on=depends)
        return replace(reply, found=Expectation.ALLOWED, why=_allowed_why(anywhere.statements, anywhere.resources))

    def _everywhere(
        self, test: PolicyTest, principal: Principal, shared: Policies, action: str, resource: str
    ) -> tuple[bool, str]:
        """Return whether everything that the test's patterns match is allowed and, if not, why something is denied."""
        entity = principal.entity
        policies = self._as_asked(principal).policies(shared)
        presence = key_presence(kind_of(entity), entity, self.index.account)
        question = self._question(test, action, resource)
        for each in _single_actions(action, resource):
            request = question.request(entity.arn, entity, each, resource)
            found = possible(request, applicable_policies(policies, each, resource), presence)
            if not found.allowed:
                said = f"{each}: " if each != action else ""
                return False, f"{said}{_denied_why(found.statements, found.decision.rule)}"
            if not found.certain and not _keys((*found.statements, *found.unless)):
                return (
                    False,
                    f"Denied on a part of the resource by {_statement(found.unless[0])}." if found.unless else "",
                )
            if not found.certain:
                return False, ""
        return True, ""

    def _owner(self, resource: str) -> OpenedAccount | None:
        """Return the account that owns a resource, if several accounts are open and that one can be opened."""
        if self.accounts is None or Arn.parse(resource) is None:
            return None
        number = self.accounts.owner_of(resource)
        return self.accounts.opened(number) if number is not None else None

    def _question(self, test: PolicyTest, action: str, resource: str) -> AccessQuestion:
        owner, number = self._owner(resource), None
        if self.accounts is not None and Arn.parse(resource) is not None:
            number = self.accounts.owner_of(resource)
        account = owner.account if owner is not None else None
        context = dict(test.context)
        return AccessQuestion(action, resource, self.index.account, context, number, self.accounts, account)

    def _as_asked(self, principal: Principal) -> Principal:
        return replace(principal, unread=()) if self.skip_unread else principal

    def _generous(
        self, principal: Principal, shared: Policies, unread: tuple[LayerReading, ...]
    ) -> tuple[Principal, Policies] | None:
        """Return the policies with everything allowed in the layers that could not be read; None if all were read."""
        layers = {each.layer for each in unread}
        if not layers:
            return None
        if Layer.IDENTITY in layers:
            principal = replace(principal, identity=(*principal.identity, NamedPolicy(_ALL, "unread")))
        if Layer.RESOURCE in layers:
            shared = replace(shared, resource=NamedPolicy(_ALL_PRINCIPALS, "unread"))
        shared = replace(shared, unread=frozenset())
        return replace(principal, unread=()), shared

    def _shared_layers(self, action: str, resource: str) -> tuple[Policies, tuple[LayerReading, ...]]:
        key = action.lower(), resource
        if key not in self._shared:
            self._shared[key] = self._read_shared(action, resource)
        return self._shared[key]

    def _read_shared(self, action: str, resource: str) -> tuple[Policies, tuple[LayerReading, ...]]:
        account = self.index.account
        root = f"arn:{account.partition}:iam::{account.id}:root"
        one = next(iter(_single_actions(action, resource)), action)
        found = shared_layers(Request(root, one, resource), account, self.index.reader, self.accounts)
        reader = owner.reader if (owner := self._owner(resource)) is not None else self.index.reader
        policies, unread = found.policies, [each for each in found.readings if each.unread]
        holder = policy_holder(resource)
        if has_wildcard(resource) and not has_wildcard(holder) and Arn.parse(holder) is not None:
            # All objects of one bucket: the bucket's policy is known, although no single object is named.
            reading = reader.resource_policy(holder)
            if reading.value is not None:
                policies = replace(policies, resource=NamedPolicy(reading.value, holder.rpartition(":")[2], holder))
            elif reading.why:
                unread.append(LayerReading(Layer.RESOURCE, reading.call, why=reading.why))
        elif has_wildcard(resource) and (why := self._unlisted(resource, action)):
            unread.append(LayerReading(Layer.RESOURCE, "", why=why))
        if self.skip_unread:
            return replace(policies, unread=frozenset()), ()
        return policies, tuple(unread)

    def _unlisted(self, resource: str, action: str) -> str:
        """Return why the policies of the resources that a pattern matches are unknown; "" if they are known."""
        service = action.partition(":")[0].lower()
        if service not in READABLE or service == "iam":
            return ""
        reading = self.index.reader.resource_policies()
        return "" if reading.value is not None else f"Policies of {service} resources: {reading.why}"

    def _policies_within(self, resource: str, action: str) -> Iterator[tuple[str, Document]]:
        """Yield the policies of the resources that a pattern matches, if it may match several."""
        service = action.partition(":")[0].lower()
        if not has_wildcard(policy_holder(resource)) or service not in READABLE:
            return
        for arn, document in (self.index.reader.resource_policies().value or {}).items():
            parts = Arn.parse(arn)
            meant = overlap(arn, resource) or overlap(f"{arn}/*", resource)
            if meant and parts is not None and parts.service == service and service != "iam":
                yield arn, document

    # Principals that are not roles or users of the account.

    def _answer_elsewhere(self, test: PolicyTest, principal: str, action: str, resource: str) -> Answer:
        account = self.index.account
        reply = Answer(principal, action, resource, Expectation.DENIED, "")
        request = Request(principal, action, resource, context=dict(test.context))
        found = gather(request, account, self.index.reader, accounts=self.accounts)
        presence = key_presence(caller(principal).kind, found.principal, account)
        policies = applicable_policies(found.policies, action, resource)
        unread = [] if self.skip_unread else [each for each in found.readings if each.unread]
        asked = possible(found.request, policies, presence)
        if not asked.allowed:
            if _may_be_allowed(found.request, policies, unread, presence):
                depends = tuple(dict.fromkeys(each.why for each in unread))
                return replace(reply, found=Expectation.UNKNOWN, why=asked.decision.rule, depends_on=depends)
            return replace(reply, why=_denied_why(asked.statements, asked.decision.rule))
        depends = tuple(dict.fromkeys((*(_keys((*asked.statements, *asked.unless))), *(each.why for each in unread))))
        if not asked.certain or unread:
            return replace(reply, found=Expectation.UNKNOWN, why=_named(asked.statements), depends_on=depends)
        return replace(reply, found=Expectation.ALLOWED, why=_allowed_why(asked.statements, ()))


def _may_be_allowed(request: Request, policies: Policies, unread: list[LayerReading], presence: KeyPresence) -> bool:
    """Return whether the request is allowed if the layers that could not be read allow everything."""
    layers = {each.layer for each in unread}
    if Layer.IDENTITY in layers:
        policies = replace(policies, identity=(*policies.identity, NamedPolicy(_ALL, "unread")))
    if Layer.RESOURCE in layers:
        policies = replace(policies, resource=NamedPolicy(_ALL_PRINCIPALS, "unread"))
    return bool(layers) and possible(request, replace(policies, unread=frozenset()), presence).allowed


def _linked(principal: Principal) -> bool:
    """Return whether the principal is a service-linked role, which nobody can change and patterns leave out."""
    return isinstance(principal.entity, Role) and principal.entity.service_linked


def _is_elsewhere(name: str, index: AccountIndex) -> bool:
    """Return whether a principal is a session, a service, everyone, or in another account."""
    if has_wildcard(name):
        return False
    if names_a_service(name):
        return True
    if len(name) == 12 and name.isdigit():
        return name != index.account.id
    arn = Arn.parse(name)
    if arn is None:
        return False
    return arn.account != index.account.id or arn.service == "sts" or arn.type not in ("role", "user")


def _missing(name: str, index: AccountIndex) -> str:
    unread = index.account.users is None or bool(index.account.incomplete & {"roles", "users"})
    more = "; not all roles and users could be read" if unread else ""
    return f"No role or user of account {index.account.id} is called {name}{more}."


def _nobody(test: PolicyTest, index: AccountIndex) -> str:
    return f"No role or user of account {index.account.id} matches {', '.join(test.principals.names)}."


def _never_applies(action: str, resource: str) -> str:
    """Return a sentence if the action cannot act on the resource, so that its test would always be denied."""
    if action == "*" or resource == "*":
        return ""
    actions = catalogue().matching(action) if has_wildcard(action) else _position(action)
    if not actions or applicable(actions, resource):
        return ""
    return f"{action} never acts on {resource}, so this test says nothing about the policies."


def _position(action: str) -> int:
    at = catalogue().position(action)
    return 0 if at is None else 1 << at


def _single_actions(action: str, resource: str) -> Iterator[str]:
    """Yield the action or, for a pattern, the matching actions that can act on the resource."""
    if not has_wildcard(action):
        yield action
        return
    known = catalogue()
    yield from known.actions(applicable(known.matching(action), resource))


def _within(arn: str, pattern: str) -> str:
    """Return the part of a resource that a pattern covers: all objects of a bucket, or else the resource itself."""
    return f"{arn}/*" if arn.split(":")[2] == "s3" and pattern != arn else arn


def _part(resources: tuple[str, ...]) -> str:
    return ", ".join(resources[:3]) + (f" and {len(resources) - 3} more" if len(resources) > 3 else "")


def _statement(one: Judged) -> str:
    sid = f" ({one.sid})" if one.sid else ""
    return f"{one.policy.name}, statement {one.statement + 1}{sid}"


def _named(statements: Iterable[Judged]) -> str:
    given = [each for each in statements if each.layer in (Layer.IDENTITY, Layer.RESOURCE)]
    return f"Allowed by {_statement(given[0])}." if given else ""


def _allowed_why(statements: tuple[Judged, ...], resources: tuple[str, ...]) -> str:
    where = f" on {_part(resources)}" if resources and resources != ("*",) else ""
    said = _named(statements).rstrip(".") or "Allowed"
    return f"{said}{where}."


def _denied_why(statements: tuple[Judged, ...], rule: str) -> str:
    denying = [each for each in statements if each.effect == "Deny"]
    if denying:
        return f"Denied by {denying[0].layer.policy} {_statement(denying[0])}."
    return rule


def _keys(statements: Iterable[Judged]) -> tuple[str, ...]:
    keys: dict[str, None] = {}
    for one in statements:
        keys.update(dict.fromkeys(block.key for block in one.conditions))
        keys.update(dict.fromkeys(one.variables))
    return tuple(keys)
