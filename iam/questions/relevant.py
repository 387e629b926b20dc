"""Find the documents that affect the actions on a resource, and the condition keys on which the decisions depend.

Thousands of principals have the same few policies. For one resource, a document matters only if it names an action that
can apply to the resource. Principals with the same relevant documents, and the same values of the keys in them, get the
same decisions. These are computed once.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field

from iam.policy.compiled import Asked, Compiled, CompiledStatement
from iam.policy.evaluate import ready
from iam.policy.layer import Layer
from iam.policy.match import covers
from iam.policy.request import NamedPolicy, Policies, Request
from iam.policy.variables import plain, template
from iam.questions.action_classes import applicable, named_by
from iam.questions.catalogue import catalogue
from iam.questions.index import reaches


@dataclass(frozen=True, slots=True)
class Relevant:
    """The parts of some policies that are relevant to a resource.

    ``wanted`` are the actions to evaluate (a bit mask), ``cuts`` the sets of actions that the statements distinguish
    (bit masks), ``keys`` the condition keys that they depend on. ``what`` is a cache key made of the resource and the
    relevant policies. ``names_principals``: a statement applies only to some callers. ``rcps``: there are RCPs.
    """

    wanted: int
    cuts: tuple[int, ...]
    keys: tuple[str, ...]
    what: Hashable
    names_principals: bool
    rcps: bool


@dataclass(frozen=True, slots=True)
class _Part:
    """A statement, the set of actions that it names, and the context keys that it depends on."""

    statement: CompiledStatement
    named: int
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Say:
    """The statements of a document that may match a resource and name a requested action.

    ``named`` are the actions of all these statements; ``allowed`` are the actions of Allow statements that name the
    entire resource.
    """

    parts: tuple[_Part, ...] = ()
    named: int = 0
    allowed: int = 0


@dataclass
class _Document:
    """A document's statements, all actions that they name, and the relevant statements for each resource so far."""

    parts: tuple[_Part, ...]
    named: int
    on: dict[str, _Say] = field(default_factory=dict)


_Placed = tuple[int, _Document]
"""A document, with the number of its policy."""


@dataclass(frozen=True, slots=True)
class Documents:
    """The documents of some policies, in three groups: identity policies, the boundary, and all others."""

    own: tuple[_Placed, ...]
    boundary: tuple[_Placed, ...] | None
    shared: tuple[_Placed, ...]
    granting: bool
    """Whether only identity policies can allow an action, because there is no resource policy."""
    rcps: bool
    """Whether RCPs exist, or may exist."""


class Relevance:
    """Finds the documents that are relevant to the actions that match a pattern. Each document is analyzed once."""

    def __init__(self, actions: str) -> None:
        self._actions = catalogue().matching(actions)
        self._documents: dict[int, _Document] = {}
        self._numbers: dict[Hashable, int] = {}
        self._asked: dict[str, tuple[Asked, int]] = {}
        self._found: dict[Hashable, Relevant] = {}

    def documents(self, policies: Policies) -> Documents:
        """Return the documents of the policies, analyzed.

        Raises `PolicyError` for a document that cannot be evaluated.
        """

        def placed(layer: Layer, group: Iterable[NamedPolicy]) -> tuple[_Placed, ...]:
            return tuple([(self._number(policy), self._document(ready(policy, layer))) for policy in group])

        return Documents(
            placed(Layer.IDENTITY, policies.identity),
            None if policies.boundary is None else placed(Layer.BOUNDARY, policies.boundary),
            (
                *placed(Layer.RESOURCE, () if policies.resource is None else (policies.resource,)),
                *(one for level in policies.scps or () for one in placed(Layer.SCP, level)),
                *(one for level in policies.rcps or () for one in placed(Layer.RCP, level)),
            ),
            policies.resource is None,
            bool(policies.rcps) or Layer.RCP in policies.unread,
        )

    def of(self, documents: Documents, resource: str) -> Relevant:
        asked = self._asked.get(resource)
        if asked is None:
            asked = self._asked[resource] = Asked(Request(None, "*", resource)), applicable(self._actions, resource)
        fit = asked[1]
        own = _say(documents.own, *asked)
        boundary = _say(documents.boundary or (), *asked)
        wanted = fit
        if documents.granting:
            # Actions that no identity policy allows are denied, whatever the other policies contain.
            allowed = 0
            for _, say in own:
                allowed |= say.allowed
            wanted &= allowed
        have = _having(own, wanted), documents.boundary is not None, _having(boundary, wanted)
        place = resource, have, tuple([number for number, _ in documents.shared]), documents.rcps
        found = self._found.get(place)
        if found is None:
            says = (*own, *boundary, *_say(documents.shared, *asked))
            parts = [part for _, say in says for part in say.parts if part.named & wanted]
            found = self._found[place] = Relevant(
                wanted,
                tuple(dict.fromkeys(part.named for part in parts)),
                tuple(dict.fromkeys(key for part in parts for key in part.keys)),
                place,
                any(names is not None and not names.everyone for names in (part.statement.principal for part in parts)),
                documents.rcps,
            )
        return found

    def _number(self, policy: NamedPolicy) -> int:
        """Return a number for the policy, the same for equal policies.

        Documents are compared as objects, because comparing their texts takes long.
        """
        what = (id(policy.document), policy.name, policy.arn, policy.holder)
        return self._numbers.setdefault(what, len(self._numbers))

    def _document(self, document: Compiled) -> _Document:
        found = self._documents.get(id(document))
        if found is None:
            parts = tuple(_Part(one, named_by(one), one.keys) for one in document.statements)
            found = self._documents[id(document)] = _Document(parts, _together(parts))
        return found


def _say(documents: Iterable[_Placed], asked: Asked, fit: int) -> list[tuple[int, _Say]]:
    return [(number, _say_of(document, asked, fit)) for number, document in documents if document.named & fit]


def _say_of(document: _Document, asked: Asked, fit: int) -> _Say:
    resource = asked.resource
    say = document.on.get(resource)
    if say is None:
        parts = tuple([part for part in document.parts if part.named & fit and reaches(part.statement, asked)])
        whole = [part for part in parts if not part.statement.deny and resource in narrowed(part.statement, asked)]
        say = document.on[resource] = _Say(parts, _together(parts), _together(whole))
    return say


def _having(says: Iterable[tuple[int, _Say]], wanted: int) -> tuple[int, ...]:
    return tuple([number for number, say in says if say.named & wanted])


def _together(parts: Iterable[_Part]) -> int:
    named = 0
    for part in parts:
        named |= part.named
    return named


def narrowed(one: CompiledStatement, asked: Asked) -> Iterable[str]:
    """Return an Allow statement's resource patterns limited to the requested resource.

    If a pattern covers the requested resource, the requested resource itself is returned.
    """
    element = one.resource
    if element is None or element.negated or element.everything:
        return (asked.resource,)
    found = []
    for pattern in element.patterns:
        filled = template(pattern) if element.has_variables else None
        text = plain(filled.open(asked.lookup)) if filled is not None else pattern
        if asked.resource == "*" or covers(asked.resource, text):
            found.append(text)
        elif covers(text, asked.resource):
            found.append(asked.resource)
    return found or (asked.resource,)
