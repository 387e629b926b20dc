"""Styles that are worked out once.

Textual goes through all rules for a widget and for all below it whenever a class or the focus changes, and sets every
style anew, though nearly always they are what the widget has: a third of all that the program does between two keys.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from textual.css.model import SelectorType
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode

if TYPE_CHECKING:
    from textual.css.model import RuleSet
    from textual.css.styles import RulesMap

_MOST = 2000
"""States that are remembered, some 2 kB each; then it begins anew. All screens come to some hundreds."""

_ORDER = frozenset({"first-of-type", "last-of-type", "first-child", "last-child", "empty"})

_Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class _LookedAt:
    """What the rules look at that may apply to a node and to the parts that it draws (its component classes).

    ``names`` are those of types, classes and ids. ``own_pseudo_classes`` are without those of the parts.
    """

    names: frozenset[str]
    pseudo_classes: tuple[str, ...]
    own_pseudo_classes: frozenset[str]

    def of(self, node: DOMNode) -> _Key:
        """All that a selector can tell of a node on the way to the one that it is for: `Selector.check`."""
        names = self.names
        return (
            names & node._css_type_names,
            names & node._classes,
            node._id if node._id in names else None,
            *map(node.has_pseudo_class, self.pseudo_classes),
        )


class RememberingStylesheet(Stylesheet):
    """Remembers what the rules come to for each state of a node and of those around it that a rule looks at, and leaves
    a node alone that has this already.

    Some of the values that Textual sets never equal themselves (a layout), so that with it each change of a class lays
    out the screen again.
    """

    def __init__(self, *, variables: dict[str, str] | None = None) -> None:
        super().__init__(variables=variables)
        self._of: Mapping[str, list[RuleSet]] | None = None
        self._forget()

    def _forget(self) -> None:
        self._looked_at: dict[_Key, _LookedAt] = {}
        self._parts: dict[object, object] = {}  # of states, once each: most nodes have the same ones above them
        self._results: dict[_Key, tuple[_Key, RulesMap]] = {}
        self._given: WeakKeyDictionary[DOMNode, tuple[_Key, RulesMap]] = WeakKeyDictionary()
        self._wanted: _Key | None = None

    def apply(self, node: DOMNode, *, animate: bool = False, cache: dict[_Key, RulesMap] | None = None) -> None:
        """As Textual does. ``cache`` is what it remembers for one walk over the screen."""
        if self._of is not self.rules_map or len(self._results) > _MOST:
            self._of = self.rules_map
            self._forget()
        kind = (frozenset(node._selector_names), frozenset(node._get_component_classes()))
        looked_at = self._looked_at.get(kind)
        if looked_at is None:
            looked_at = self._looked_at[kind] = self._look(*kind)
        state: _Key = (kind, *map(looked_at.of, node.css_path_nodes))
        given = self._given.get(node)
        if given is not None and given[0] == state and given[1] == node.styles.base._rules:
            node.notify_style_update()  # what it takes over from those around it may have changed
            return
        found = self._results.get(state)
        if found is None:
            self._wanted = state = tuple([self._parts.setdefault(part, part) for part in state])
            super().apply(node, animate=animate)
        else:
            state, rules = found
            pseudo_classes = looked_at.own_pseudo_classes
            node._has_hover_style = "hover" in pseudo_classes
            node._has_focus_within = "focus-within" in pseudo_classes
            node._has_order_style = not pseudo_classes.isdisjoint(_ORDER)
            node._has_odd_or_even = "odd" in pseudo_classes or "even" in pseudo_classes
            self.replace_rules(node, rules, animate)
            self._process_component_classes(node)
        self._given[node] = (state, node.styles.base._rules.copy())

    def replace_rules(self, node: DOMNode, rules: RulesMap, animate: bool = False) -> None:  # type: ignore[override]
        """Textual's is a class method, and it calls it on its stylesheet."""
        state, self._wanted = self._wanted, None
        if state is not None:
            self._results[state] = state, rules
        super().replace_rules(node, rules, animate)

    def _look(self, names: frozenset[str], parts: frozenset[str]) -> _LookedAt:
        own = self._rules_for(names)
        rules = own + self._rules_for(DOMNode(classes=" ".join(parts))._selector_names if parts else ())
        selectors = [each for rule in rules for one in rule.selector_set for each in one.selectors]
        named = {each.name for each in selectors if each.type is not SelectorType.UNIVERSAL}
        pseudo_classes = {name for each in selectors for name in each.pseudo_classes}
        own_pseudo_classes = frozenset(name for rule in own for name in rule.pseudo_classes)
        return _LookedAt(frozenset(named), tuple(sorted(pseudo_classes)), own_pseudo_classes)

    def _rules_for(self, names: Iterable[str]) -> list[RuleSet]:
        return [rule for name in names for rule in self.rules_map.get(name, ())]
