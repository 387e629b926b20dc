"""Frozen values whose classes cost next to nothing until one is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields, make_dataclass
from typing import Any, TypeVar, dataclass_transform

_Value = TypeVar("_Value")
_METHODS = ("__init__", "__repr__", "__eq__", "__hash__")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: type[_Value]) -> type[_Value]:
    """``dataclass(frozen=True, slots=True)`` for mypy, with two differences at run time.

    The methods are compiled at their first call: compiling them for each of the hundreds of classes that a command
    imports takes longer than the command. Nothing guards the fields: with the guard it takes six times as long to
    make a value of ten.
    """
    value = dataclass(init=False, repr=False, eq=False, slots=True)(cls)
    for name in _METHODS:
        if name not in cls.__dict__:
            setattr(value, name, _compiled_when_called(value, name))
    return value


def _compiled_when_called(value: type[Any], name: str) -> Callable[..., Any]:
    def method(self: Any, *arguments: Any, **given: Any) -> Any:
        compiled = getattr(_compile(value, name), name)
        setattr(value, name, compiled)
        return compiled(self, *arguments, **given)

    return method


def _compile(value: type[Any], name: str) -> type[Any]:
    """A dataclass of the same fields that has the method."""
    return make_dataclass(
        value.__name__,
        [(each.name, each.type, each) for each in fields(value)],
        namespace={"__doc__": value.__doc__, **({"__post_init__": None} if hasattr(value, "__post_init__") else {})},
        init=name == "__init__",
        repr=name == "__repr__",
        eq=name == "__eq__",
        unsafe_hash=name == "__hash__",
    )
