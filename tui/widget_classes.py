"""Classes of widgets, screens and apps, made from what is known of those that they derive from.

For each class Textual goes through all that its bases contain, for each of them anew: a third of what the program's own
modules cost before the first frame.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from textual.binding import Binding, BindingsMap
from textual.dom import DOMNode
from textual.reactive import Reactive

_COMPUTES = ("_compute_", "compute_")


@dataclass(frozen=True, slots=True)
class _Own:
    """What one class itself adds: its reactive attributes, the names of those that are computed, its keys."""

    reactives: dict[str, Reactive[object]]
    computes: frozenset[str]
    bindings: dict[str, list[Binding]]


@cache
def _own(cls: type) -> _Own:
    contents = cls.__dict__
    bindings = BindingsMap(contents.get("BINDINGS", ())) if issubclass(cls, DOMNode) else BindingsMap()
    return _Own(
        {name: value for name, value in contents.items() if isinstance(value, Reactive)},
        frozenset(name.lstrip("_")[8:] for name in contents if name.startswith(_COMPUTES)),
        bindings.key_to_bindings,
    )


def _init_subclass(
    cls: type[DOMNode],
    inherit_css: bool = True,
    inherit_bindings: bool = True,
    inherit_component_classes: bool = True,
) -> None:
    """As `DOMNode.__init_subclass__` does."""
    super(DOMNode, cls).__init_subclass__()
    cls._inherit_css = inherit_css
    cls._inherit_bindings = inherit_bindings
    cls._inherit_component_classes = inherit_component_classes
    css_bases = cls._css_bases(cls)
    cls._css_type_name = css_bases[0].__name__
    cls._css_type_names = frozenset(base.__name__ for base in css_bases)
    cls._reactives = {}
    keys: dict[str, list[Binding]] = {}
    computes: set[str] = set()
    for base in reversed(cls.__mro__):
        own = _own(base)
        cls._reactives.update(own.reactives)
        computes |= own.computes
        if issubclass(base, DOMNode):
            if not base._inherit_bindings:
                keys.clear()
            keys.update((key, list(bindings)) for key, bindings in own.bindings.items())
    cls._computes = frozenset(computes)
    cls._merged_bindings = BindingsMap.from_keys(keys)


def make_classes_at_once() -> None:
    """Have all classes that are made from now on be made like this."""
    DOMNode.__init_subclass__ = classmethod(_init_subclass)  # type: ignore[assignment]
