"""Values whose classes cost next to nothing until one is made.

To import `dataclasses` takes as long as a tenth of a short answer, and to make the hundreds of classes that a command
imports takes longer than the answer. `frozen` and `mutable` make what ``dataclass`` makes, for mypy too; their fields
are described by `field`, `replace` is theirs, and ``fields`` and ``asdict`` of `dataclasses` take their values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar, dataclass_transform

_Value = TypeVar("_Value")
_MISSING: Any = object()
_FEW = 24
"""So many values are made in less time than an ``__init__`` is compiled."""


class _Field:
    """As ``dataclasses.Field``. Not hashable, so that ``dataclass`` refuses it as a default."""

    __slots__ = ("compare", "default", "default_factory", "hash", "init", "name", "repr", "type")
    __hash__ = None  # type: ignore[assignment]

    def __init__(
        self,
        default: Any = _MISSING,
        default_factory: Any = _MISSING,
        init: bool = True,
        repr: bool = True,
        hash: bool | None = None,
        compare: bool = True,
    ) -> None:
        self.name = self.type = ""
        self.default, self.default_factory, self.init = default, default_factory, init
        self.repr, self.hash, self.compare = repr, compare if hash is None else hash, compare

    def value(self) -> Any:
        """What a value has there that was not given it; `_MISSING` where it must be."""
        return self.default if self.default_factory is _MISSING else self.default_factory()


if TYPE_CHECKING:
    from dataclasses import field as field
    from dataclasses import replace as replace
else:
    field = _Field

    def replace(value, /, **changes):
        """The value made anew, with other values in some fields. A value of ``dataclass`` is taken too."""
        if not hasattr(value, "_given"):
            from dataclasses import replace as replace_in_dataclass

            return replace_in_dataclass(value, **changes)
        for name in value._given:
            if name not in changes:
                changes[name] = getattr(value, name)
        return type(value)(**changes)


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: type[_Value]) -> type[_Value]:
    """``dataclass(frozen=True, slots=True)``, but nothing guards the fields: with the guard it takes six times as long
    to make a value of ten. A class with cached properties has no slots, as they need the room."""
    slots = not any(isinstance(each, cached_property) for each in cls.__dict__.values())
    return _completed(cls, slots=slots, hashable=True)


@dataclass_transform(field_specifiers=(field,))
def mutable(cls: type[_Value]) -> type[_Value]:
    """``dataclass``: what changes, and can be no key."""
    return _completed(cls, slots=False, hashable=False)


def _completed(cls: type[Any], *, slots: bool, hashable: bool) -> type[Any]:
    """The class made once more, with what it lacks: one that is there can be given no slots."""
    own = {each.name: each for each in _own_fields(cls)}
    inherited: dict[str, _Field] = getattr(cls, "_fields", {})
    fields = {**inherited, **own}
    value: type[Any]
    compared: Callable[[Any], Any] | None = None
    hashed: Callable[[Any], Any] | None = None
    made = 0

    def __init__(self: Any, *arguments: Any, **given: Any) -> None:
        nonlocal made
        made += 1
        if made > _FEW or not _filled(self, fields.values(), arguments, given):
            value.__init__ = _compiled_init(value, fields.values())
            value.__init__(self, *arguments, **given)
        elif hasattr(value, "__post_init__"):
            self.__post_init__()

    def __repr__(self: Any) -> str:
        told = ", ".join(f"{each.name}={getattr(self, each.name)!r}" for each in fields.values() if each.repr)
        return f"{type(self).__qualname__}({told})"

    def __eq__(self: Any, other: Any) -> Any:
        nonlocal compared
        if type(other) is not type(self):
            return NotImplemented
        compared = compared or _attributes(each.name for each in fields.values() if each.compare)
        return compared(self) == compared(other)

    def __hash__(self: Any) -> int:
        nonlocal hashed
        hashed = hashed or _attributes(each.name for each in fields.values() if each.hash)
        return hash(hashed(self))

    names: dict[str, Any] = {"__init__": __init__, "__repr__": __repr__, "__eq__": __eq__, "__hash__": __hash__}
    if not hashable:
        names["__hash__"] = None
    names |= cls.__dict__
    for name in ("__dict__", "__weakref__", *own):
        names.pop(name, None)
    if slots:
        names["__slots__"] = tuple(name for name in own if name not in inherited)
    names["__qualname__"] = cls.__qualname__
    names["_fields"], names["__dataclass_fields__"] = fields, _AsDataclass()
    names["_given"] = names["__match_args__"] = tuple(name for name, each in fields.items() if each.init)
    metaclass: Any = type(cls)
    value = metaclass(cls.__name__, cls.__bases__, names)
    return value


def _own_fields(cls: type[Any]) -> Iterator[_Field]:
    for name, annotation in cls.__dict__.get("__annotations__", {}).items():  # noqa: RUF063  # `inspect` is slow to import
        if not annotation.startswith("ClassVar"):
            default = cls.__dict__.get(name, _MISSING)
            if hasattr(default, "default_factory") and not isinstance(default, _Field):
                raise TypeError(f"{cls.__qualname__}.{name} has a field of dataclasses: take that of iam.frozen")
            own = default if isinstance(default, _Field) else _Field(default)
            own.name, own.type = name, annotation
            yield own


class _AsDataclass:
    """What `dataclasses` looks for in a class, made when it does."""

    def __get__(self, _: object, cls: type[Any]) -> dict[str, Any]:
        import dataclasses

        made: dict[str, Any] = {}
        for name, each in cls._fields.items():
            kinds = ("default", "default_factory")
            given = {kind: value for kind in kinds if (value := getattr(each, kind)) is not _MISSING}
            other: Any = dataclasses.field(
                init=each.init, repr=each.repr, hash=each.hash, compare=each.compare, **given
            )
            other.name, other.type = name, each.type
            other._field_type = dataclasses._FIELD  # type: ignore[attr-defined]
            made[name] = other
        cls.__dataclass_fields__ = made
        return made


def _attributes(names: Iterable[str]) -> Callable[[Any], Any]:
    several = tuple(names)
    return attrgetter(*several) if several else lambda _: ()


def _filled(made: Any, fields: Iterable[_Field], arguments: tuple[Any, ...], given: dict[str, Any]) -> bool:
    """Give the fields their values. False where these do not fit, which the compiled ``__init__`` says best."""
    left, taken = iter(arguments), 0
    for each in fields:
        if not each.init:  # __post_init__ gives it a value
            continue
        value = next(left, _MISSING)
        if value is _MISSING:
            value = given.get(each.name, _MISSING)
            taken += value is not _MISSING
            if value is _MISSING:
                value = each.value()
                if value is _MISSING:
                    return False
        setattr(made, each.name, value)
    return taken == len(given) and next(left, _MISSING) is _MISSING


def _compiled_init(value: type[Any], fields: Iterable[_Field]) -> Callable[..., None]:
    parameters, lines = ["self"], []
    names: dict[str, Any] = {"MISSING": _MISSING}
    for each in fields:
        if not each.init:
            continue
        name = given = each.name
        default = ""
        if each.default_factory is not _MISSING:
            names[f"make_{name}"] = each.default_factory
            default, given = "=MISSING", f"make_{name}() if {name} is MISSING else {name}"
        elif each.default is not _MISSING:
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
