"""Frozen values behave as those of ``dataclass(frozen=True, slots=True)``, but for the guard."""

from __future__ import annotations

import copy
import pickle
from dataclasses import asdict, field, fields, replace

import pytest

from iam.frozen import frozen


@frozen
class Point:
    x: int
    y: int = 0
    tags: list[str] = field(default_factory=list, compare=False, repr=False)
    sum: int = field(init=False, compare=False)

    def __post_init__(self) -> None:
        self.sum = self.x + self.y  # type: ignore[misc]  # as a value gives itself what follows from the rest


@frozen
class Named(Point):
    name: str = ""
    kind = "point"


@frozen
class Told:
    name: str
    values: dict[str, str] = field(default_factory=dict, hash=False)


@frozen
class Nothing:
    pass


def test_it_is_made_by_place_and_by_name() -> None:
    assert (Point(1), Point(1, y=2)) == (Point(x=1, y=0), Point(1, 2))
    assert Point(1, 2).sum == 3
    assert Point(1).tags == [] and Point(1).tags is not Point(1).tags
    assert Named(1, 2, name="a").sum == 3


@pytest.mark.parametrize(("arguments", "given"), [((), {}), ((1, 2, [], 4), {}), ((1,), {"z": 1}), ((1,), {"x": 1})])
def test_what_does_not_fit_is_refused(arguments: tuple[object, ...], given: dict[str, object]) -> None:
    with pytest.raises(TypeError, match=r"Point\.__init__\(\)"):
        Point(*arguments, **given)  # type: ignore[arg-type]


def test_equal_ones_are_one_key() -> None:
    assert Point(1, 2, ["a"]) == Point(1, 2, ["b"])
    assert len({Point(1), Point(1), Point(2), Named(1), Nothing(), Nothing()}) == 4
    assert hash(Told("a", {"b": "c"})) == hash(Told("a")) and Told("a", {"b": "c"}) != Told("a")
    assert Point(1) != Named(1) and Point(1) != (1, 0)


def test_what_it_says_of_itself() -> None:
    assert repr(Named(1, name="a")) == "Named(x=1, y=0, sum=1, name='a')"
    assert repr(Nothing()) == "Nothing()"


def test_it_serves_what_dataclasses_serve() -> None:
    one = Point(1, 2, ["a"])
    assert [each.name for each in fields(Point)] == ["x", "y", "tags", "sum"]
    assert replace(one, y=5).sum == 6
    assert asdict(one) == {"x": 1, "y": 2, "tags": ["a"], "sum": 3}
    assert copy.deepcopy(one) == pickle.loads(pickle.dumps(one)) == one


def test_it_has_no_room_for_more() -> None:
    with pytest.raises(AttributeError):
        Point(1).z = 1  # type: ignore[attr-defined]
