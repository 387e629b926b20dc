"""Frozen values behave as those of ``dataclass(frozen=True, slots=True)``, but for the guard."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from dataclasses import asdict, fields
from functools import cached_property

import pytest

from iam.frozen import field, frozen, mutable, replace


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


@frozen
class Kept:
    x: int

    @cached_property
    def double(self) -> int:
        return 2 * self.x


@mutable
class Counted:
    what: str
    times: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.total = sum(self.times)


@dataclasses.dataclass
class Ordinary:
    x: int
    y: int = 0


def test_it_is_made_by_place_and_by_name() -> None:
    assert (Point(1), Point(1, y=2)) == (Point(x=1, y=0), Point(1, 2))
    assert Point(1, 2).sum == 3
    assert Point(1).tags == [] and Point(1).tags is not Point(1).tags
    assert Named(1, 2, name="a").sum == 3


def test_the_first_are_as_those_after_many() -> None:
    @frozen
    class Many:
        x: int
        y: tuple[int, ...] = ()
        z: list[int] = field(default_factory=list)

    made = [Many(number, z=[number]) for number in range(50)]
    assert [each.x for each in made] == [each.z[0] for each in made] == list(range(50))
    assert Many(1) == Many(1, (), []) and Many(1).y == ()


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
    assert replace(one, y=5).sum == dataclasses.replace(one, y=5).sum == 6
    assert replace(Ordinary(1), y=2) == Ordinary(1, 2)
    assert asdict(one) == {"x": 1, "y": 2, "tags": ["a"], "sum": 3}
    assert copy.deepcopy(one) == pickle.loads(pickle.dumps(one)) == one


def test_it_has_no_room_for_more() -> None:
    with pytest.raises(AttributeError):
        Point(1).z = 1  # type: ignore[attr-defined]


def test_one_with_cached_properties_has_room_for_them() -> None:
    assert Kept(2).double == 4 and Kept(2) == Kept(2) and hash(Kept(2)) == hash(Kept(2))


def test_what_changes_is_no_key() -> None:
    counted = Counted("a", [1, 2])
    counted.times.append(3)
    assert counted == Counted("a", [1, 2, 3]) and (counted.total, Counted("b").times) == (3, [])
    with pytest.raises(TypeError):
        hash(counted)


def test_a_field_of_the_other_kind_is_refused() -> None:
    with pytest.raises(TypeError, match="take that of iam"):
        frozen(type("Wrong", (), {"__annotations__": {"x": "list"}, "x": dataclasses.field(default_factory=list)}))
    with pytest.raises(ValueError):
        dataclasses.dataclass(type("Wrong", (), {"__annotations__": {"x": list}, "x": field(default_factory=list)}))
