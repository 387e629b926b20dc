"""Frozen values whose classes cost next to nothing until one is made."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import MISSING, dataclass, field, fields
from operator import attrgetter
from typing import Any, TypeVar, dataclass_transform

_Value = TypeVar("_Value")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: type[_Value]) -> type[_Value]:
    """``dataclass(frozen=True, slots=True)`` for mypy, with two differences at run time.

    ``__init__`` is compiled when the first value is made, and the other methods are not compiled at all: for each of
    the hundreds of classes that a command imports, that takes longer than the command. Nothing guards the fields: with
    the guard it takes six times as long to make a value of ten.
    """
    cls.__doc__ = cls.__doc__ or cls.__name__  # else a signature is made up for it, which takes longer than the class
    value: type[Any] = dataclass(init=False, repr=False, eq=False, slots=True)(cls)
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
