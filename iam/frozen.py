"""Values that are made by the hundred thousand: mypy keeps them frozen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar, dataclass_transform

_Value = TypeVar("_Value")


@dataclass_transform(frozen_default=True)
def frozen(cls: type[_Value]) -> type[_Value]:
    """``dataclass(frozen=True, slots=True)`` for mypy. At run time nothing guards the fields: with the guard it takes
    six times as long to make a value of ten."""
    return dataclass(slots=True, unsafe_hash=True)(cls)
