"""Frozen values whose classes cost next to nothing until one is made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import _FIELD, MISSING, Field, field, fields  # type: ignore[attr-defined]
from inspect import get_annotations
from operator import attrgetter
from typing import Any, TypeVar, dataclass_transform

_Value = TypeVar("_Value")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: type[_Value]) -> type[_Value]:
    """``dataclass(frozen=True, slots=True)`` for mypy and for ``dataclasses.fields`` and ``replace``, with two
    differences at run time.

    ``__init__`` is compiled when the first value is made, and the other methods are not compiled at all: for each of
    the hundreds of classes that a command imports, that takes longer than the command. Nothing guards the fields: with
    the guard it takes six times as long to make a value of ten.
    """
    value: type[Any] = _with_slots(cls, {each.name: each for each in _own_fields(cls)})
    compared = _attributes(each.name for each in fields(value) if each.compare)
    hashed = _attributes(each.name for each in fields(value) if (each.compare if each.hash is None else each.hash))
    shown = [each.name for each in fields(value) if each.repr]

    def __init__(self: Any, *arguments: Any, **given: Any) -> None:
        value.__init__ = _compiled_init(value)
        value.__init__(self, *arguments, **given)

    def __repr__(self: Any) -> str:
        told = ", ".join(f"{name}={getattr(self, name)!r}" for name in shown)
        return f"{type(self).__qualname__}({told})"

    def __eq__(self: Any, other: Any) -> Any:
        return compared(self) == compared(other) if type(other) is type(self) else NotImplemented

    def __hash__(self: Any) -> int:
        return hash(hashed(self))

    for method in (__init__, __repr__, __eq__, __hash__):
        if method.__name__ not in cls.__dict__:
            setattr(value, method.__name__, method)
    return value


def _own_fields(cls: type[Any]) -> Iterator[Field[Any]]:
    for name, annotation in get_annotations(cls).items():
        if not annotation.startswith("ClassVar"):
            default = cls.__dict__.get(name, MISSING)
            own: Any = default if isinstance(default, Field) else field(default=default)
            own.name, own.type, own._field_type = name, annotation, _FIELD
            yield own


def _with_slots(cls: type[Any], own: dict[str, Field[Any]]) -> type[Any]:
    """The class made once more: one that is there can be given no slots."""
    inherited = getattr(cls, "__dataclass_fields__", {})
    names = {name: each for name, each in cls.__dict__.items() if name not in own}
    names.pop("__dict__", None)
    names.pop("__weakref__", None)
    names["__slots__"] = tuple(name for name in own if name not in inherited)
    names["__dataclass_fields__"] = {**inherited, **own}
    names["__match_args__"] = tuple(name for name, each in names["__dataclass_fields__"].items() if each.init)
    metaclass: Any = type(cls)
    made: type[Any] = metaclass(cls.__name__, cls.__bases__, {**names, "__qualname__": cls.__qualname__})
    return made


def _attributes(names: Iterable[str]) -> Callable[[Any], Any]:
    several = tuple(names)
    return attrgetter(*several) if several else lambda _: ()


def _compiled_init(value: type[Any]) -> Callable[..., None]:
    parameters, lines = ["self"], []
    names: dict[str, Any] = {"MISSING": MISSING}
    for each in fields(value):
        if not each.init:  # __post_init__ gives it a value
            continue
        name = given = each.name
        default = ""
        if each.default_factory is not MISSING:
            names[f"make_{name}"] = each.default_factory
            default, given = "=MISSING", f"make_{name}() if {name} is MISSING else {name}"
        elif each.default is not MISSING:
            names[f"default_{name}"] = each.default
            default = f"=default_{name}"
        parameters.append(name + default)
        lines.append(f"self.{name} = {given}")
    if hasattr(value, "__post_init__"):
        lines.append("self.__post_init__()")
    exec(f"def __init__({', '.join(parameters)}):\n " + "\n ".join(lines or ["pass"]), names)
    init: Callable[..., None] = names["__init__"]
    init.__qualname__ = f"{value.__qualname__}.__init__"
    return init
