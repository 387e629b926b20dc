"""The actions that run code in what exists are those of the review's ways, and AWS has each."""

from __future__ import annotations

from diagnostics.review.escalation.ways import RUNNING
from iam.facts.running_code import RUNNING_CODE
from iam.service_reference import action


def test_each_is_a_way_of_its_own() -> None:
    alone = {way.actions[0] for way in RUNNING if len(way.actions) == 1}
    assert set(RUNNING_CODE) == {each.lower() for each in alone} - {"rolesanywhere:createtrustanchor"}


def test_aws_has_each_and_it_writes() -> None:
    for each in RUNNING_CODE:
        known = action(each)
        assert known is not None and known.level == "Write", each
