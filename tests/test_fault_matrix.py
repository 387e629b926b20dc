"""A part of the fault matrix, by chance: nothing ends, hangs, or says what is wrong because a call failed."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import TYPE_CHECKING

import pytest

from tests.support.faults.answers import MISFITS, SLOW_OR_ENDLESS, Fault
from tests.support.faults.matrix import Case, Matrix, Tally, matrix
from tests.support.faults.screens import SCREENS
from tests.support.faults.walks import WALKS

if TYPE_CHECKING:
    from iam.demo.aws.world import World

WIRE = (*SLOW_OR_ENDLESS, *sorted(MISFITS))
"""Slow and endless responses, and answers that do not fit their request."""
QUICK = ("start", "open profile", "use", "create", "diagnose F01", "diagnose F21 bare")
CASES = 20
FOUND = (
    # Each was a wrong claim once.
    ("diagnose F01", "iam", "GetPolicyVersion", Fault.REFUSAL),
    ("diagnose F01", "iam", "ListInstanceProfilesForRole", Fault.HALF),
    ("diagnose E08", "cloudtrail", "LookupEvents", Fault.CUT),
    ("browse", "iam", "ListRoles", Fault.DENIED),
    ("open profile", "iam", "GetPolicy", Fault.NOTHING),
    ("diagnose F28", "iam", "GetAccountAuthorizationDetails", Fault.EMPTY),
)
FOUND_LATER = (
    ("change policy", "iam", "ListPolicyVersions", Fault.CUT, 4),
    ("change rename", "iam", "ListRolePolicies", Fault.SECOND, 0),
    ("change detach", "iam", "ListAttachedRolePolicies", Fault.EXPIRED, 0),
    ("check", "iam", "GetPolicy", Fault.GONE, 0),
    ("open", "iam", "GetAccountAuthorizationDetails", Fault.ENDED, 0),
    ("snapshot", "accessanalyzer", "GetFindingV2", Fault.SECOND, 0),
    ("snapshot", "iam", "GetPolicyVersion", Fault.REFUSAL, 0),
    ("review", "accessanalyzer", "ListFindingsV2", Fault.WORDS, 0),
    ("review", "iam", "ListAccessKeys", Fault.WORDS, 0),
    ("start", "iam", "ListRoles", Fault.ENDLESS, 0),
)


@pytest.fixture(scope="module")
def place(_demo_template: World) -> Iterator[Matrix]:
    """One matrix for all tests: what an account answers without a fault is asked once."""
    with matrix(_demo_template.copy()) as made:
        yield made


def troubles(place: Matrix, cases: list[Case]) -> list[str]:
    tally = Tally()
    for case in cases:
        place.run(case, tally)
    return tally.troubles


def test_a_part_of_the_matrix(place: Matrix) -> None:
    walks = tuple(walk for walk in WALKS if walk.name in QUICK)
    assert not troubles(place, Random(16).sample([*place.cases(walks)], CASES))


def test_a_part_of_the_matrix_of_the_wire(place: Matrix) -> None:
    walks = tuple(walk for walk in WALKS if walk.name in QUICK)
    assert not troubles(place, Random(23).sample([*place.cases(walks, WIRE, seeds=5)], CASES))


def test_each_fault_of_the_wire_is_met(place: Matrix) -> None:
    """None of them leaves the answer as it is: the account is read without what the fault was put on."""
    (start,) = (walk for walk in WALKS if walk.name == "start")
    for fault in WIRE:
        call = ("iam", "GetAccountAuthorizationDetails")
        tally = Tally()
        for seed in range(3):
            place.run(Case(start, call, fault, seed=seed), tally)
        assert not tally.troubles
        assert tally.outcomes["start", "unknown"] or fault is Fault.WORD, fault


def test_what_was_found_by_it(place: Matrix) -> None:
    by_name = {walk.name: walk for walk in WALKS}
    cases = [Case(by_name[name], (service, call), fault, since) for name, service, call, fault, since in FOUND_LATER]
    assert not troubles(place, cases)


def test_a_walk_by_keys(place: Matrix) -> None:
    (browse,) = (walk for walk in SCREENS if walk.name == "keys browse")
    cases = [
        Case(browse, ("iam", "GetAccountAuthorizationDetails"), fault)
        for fault in (Fault.DENIED, Fault.SLOW, Fault.DRIP)
    ]
    assert not troubles(place, cases)


def test_what_was_found_by_it_over_http(_demo_template: World) -> None:
    by_name = {walk.name: walk for walk in WALKS}
    with matrix(_demo_template.copy(), proxy=True) as place:
        assert not troubles(
            place, [Case(by_name[name], (service, call), fault) for name, service, call, fault in FOUND]
        )
