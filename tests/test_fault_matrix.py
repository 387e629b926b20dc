"""A part of the fault matrix, by chance: nothing ends, hangs, or says what is wrong because a call failed."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import TYPE_CHECKING

import pytest

from tests.support.fault_matrix import Case, Matrix, Tally, matrix
from tests.support.fault_walks import WALKS
from tests.support.faults import Fault

if TYPE_CHECKING:
    from iam.demo.aws.world import World

QUICK = ("start", "open profile", "use", "create", "diagnose F01", "diagnose F21 bare")
CASES = 14
FOUND = (
    # Each was a wrong claim once.
    ("diagnose F01", "iam", "GetPolicyVersion", Fault.REFUSAL),
    ("diagnose F01", "iam", "ListInstanceProfilesForRole", Fault.HALF),
    ("diagnose E08", "cloudtrail", "LookupEvents", Fault.CUT),
    ("browse", "iam", "ListRoles", Fault.DENIED),
    ("open profile", "iam", "GetPolicy", Fault.NOTHING),
)


@pytest.fixture(scope="module")
def place(_demo_template: World) -> Iterator[Matrix]:
    with matrix(_demo_template.copy()) as found:
        yield found


def troubles(place: Matrix, cases: Iterator[Case] | list[Case]) -> list[str]:
    tally = Tally()
    for case in cases:
        place.run(case, tally)
    return tally.troubles


def test_a_part_of_the_matrix(place: Matrix) -> None:
    walks = tuple(walk for walk in WALKS if walk.name in QUICK)
    cases = [case for case in place.cases(walks) if case.fault is not Fault.LATE]
    assert not troubles(place, Random(16).sample(cases, CASES))


def test_what_was_found_by_it(place: Matrix) -> None:
    by_name = {walk.name: walk for walk in WALKS}
    assert not troubles(place, [Case(by_name[name], (service, call), fault) for name, service, call, fault in FOUND])
