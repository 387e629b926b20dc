"""Every field of every message that was collected from the field and from AWS's documentation."""

from __future__ import annotations

import pytest

from diagnostics.failure import kind_of
from diagnostics.text.read.parse import parse
from diagnostics.text.read.parsed import parsed
from tests.support.texts.conformance import CONFLICTS, DENIALS

DENIAL_FIELDS = ("principal", "action", "resource", "stated_reason", "operation", "policy_arn", "authorization_id")
CONFLICT_FIELDS = ("entity_type", "name", "operation")


@pytest.mark.parametrize("case", DENIALS, ids=[str(case["message"])[:60] for case in DENIALS])
def test_denial(case: dict[str, object]) -> None:
    (failure,) = parse(str(case["message"]))
    got = parsed(failure).as_json()
    wanted = {name: case.get("reason" if name == "stated_reason" else name) for name in DENIAL_FIELDS}
    assert kind_of(failure) == "access-denied"
    assert {name: got[name] for name in DENIAL_FIELDS} == wanted
    assert (got["encoded_message"] is not None) == bool(case.get("encoded"))


@pytest.mark.parametrize("case", CONFLICTS, ids=[str(case["message"])[:60] for case in CONFLICTS])
def test_conflict(case: dict[str, object]) -> None:
    (failure,) = parse(str(case["message"]))
    got = parsed(failure).as_json()
    assert kind_of(failure) == "entity-already-exists"
    assert {name: got[name] for name in CONFLICT_FIELDS} == {name: case.get(name) for name in CONFLICT_FIELDS}
