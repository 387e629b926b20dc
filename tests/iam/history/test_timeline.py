"""The states of documents between recorded changes."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from iam.history.change import ABSENT, PRESENT, Entity, Kind, Known, Part, Place, State, Unknown
from iam.history.records import changes_in
from iam.history.timeline import History, Observation
from tests.support.oracles import histories

BEGIN = datetime(2026, 5, 1, tzinfo=UTC)
NOW = BEGIN + timedelta(days=10)
ROLE = Entity(Kind.ROLE, "mover")
ONE, TWO, THREE = (
    json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}]})
    for action in ("s3:GetObject", "s3:PutObject", "sqs:SendMessage")
)
INLINE = Place(ROLE, Part.INLINE, "read")


def record(day: float, event: str, source: str = "iam", *, error: str = "", answer: Any = None, **given: Any) -> Any:
    at = BEGIN + timedelta(days=day)
    return {
        "eventTime": f"{at:%Y-%m-%dT%H:%M:%SZ}",
        "eventSource": f"{source}.amazonaws.com",
        "eventName": event,
        "awsRegion": "us-east-1",
        "recipientAccountId": "111122223333",
        "eventID": f"{event}-{day}-{json.dumps(given, sort_keys=True)}",
        "requestParameters": {"roleName": "mover", **given} if source == "iam" else given,
        "responseElements": answer,
        **({"errorCode": error} if error else {}),
    }


def put(day: float, document: str) -> Any:
    return record(day, "PutRolePolicy", policyName="read", policyDocument=document)


def history(*records: Any, now: State = ABSENT, **more: Any) -> History:
    """``now`` is what the document is now; a role's boundary, tags and existence are absent."""
    parts = (Part.INLINE, Part.ATTACHED, Part.POLICY)
    return History(changes_in(records), lambda place: now if place.part in parts else ABSENT, NOW, BEGIN, **more)


def at(found: History, day: float, place: Place = INLINE) -> State:
    return found.state(place, BEGIN + timedelta(days=day))


def known(document: str) -> State:
    from iam.history.timeline import comparable

    return comparable(Known(document), Part.INLINE)


def test_a_document_without_a_change_is_what_it_is_now() -> None:
    assert at(history(now=Known(ONE)), 3) == known(ONE)


def test_what_a_put_replaced_is_unknown_and_says_since_when() -> None:
    found = history(put(2, ONE), put(4, TWO), now=Known(TWO))
    assert isinstance(at(found, 1), Unknown)
    assert at(found, 3) == known(ONE)
    assert at(found, 5) == known(TWO)


def test_failed_calls_change_nothing() -> None:
    failed = record(4, "PutRolePolicy", policyName="read", policyDocument=TWO, error="AccessDenied")
    assert at(history(put(2, ONE), failed, now=Known(ONE)), 5) == known(ONE)


def test_a_detached_policy_was_attached() -> None:
    place = Place(ROLE, Part.ATTACHED, "arn:aws:iam::aws:policy/ReadOnlyAccess")
    found = history(record(4, "DetachRolePolicy", policyArn=place.name))
    assert (at(found, 3, place), at(found, 5, place)) == (PRESENT, ABSENT)


def test_attaching_proves_nothing_of_before() -> None:
    place = Place(ROLE, Part.ATTACHED, "arn:aws:iam::aws:policy/ReadOnlyAccess")
    found = history(record(4, "AttachRolePolicy", policyArn=place.name), now=PRESENT)
    assert isinstance(at(found, 3, place), Unknown)


def test_a_created_role_had_nothing_before_and_only_what_it_was_given_after() -> None:
    found = history(record(3, "CreateRole", assumeRolePolicyDocument=ONE), put(4, TWO), now=Known(TWO))
    assert at(found, 2) == ABSENT
    assert at(found, 3.5) == ABSENT
    assert at(found, 3.5, Place(ROLE, Part.BOUNDARY)) == ABSENT
    assert at(found, 2, Place(ROLE, Part.EXISTENCE)) == ABSENT


def test_a_role_that_was_deleted_had_lost_its_policies() -> None:
    found = history(put(1, ONE), record(2, "DeleteRolePolicy", policyName="read"), record(3, "DeleteRole"))
    assert (at(found, 1.5), at(found, 2.5)) == (known(ONE), ABSENT)
    assert at(found, 2.5, Place(ROLE, Part.EXISTENCE)) == PRESENT


def test_a_re_created_role_is_another_with_the_same_name() -> None:
    found = history(
        put(1, ONE),
        record(2, "DeleteRolePolicy", policyName="read"),
        record(2.5, "DeleteRole"),
        record(3, "CreateRole", assumeRolePolicyDocument=ONE),
        put(4, TWO),
        now=Known(TWO),
    )
    assert [at(found, day) for day in (1.5, 2.2, 3.5, 5)] == [known(ONE), ABSENT, ABSENT, known(TWO)]


def test_a_gap_is_seen_where_the_present_differs() -> None:
    found = history(put(2, ONE), now=Known(TWO))
    (stretch,) = [stretch for _, stretch in found.gaps([INLINE])]
    assert stretch.gap
    state = at(found, 5)
    assert isinstance(state, Unknown) and "changed without a record" in state.why


def test_a_gap_is_seen_between_two_changes() -> None:
    place = Place(ROLE, Part.ATTACHED, "arn:aws:iam::aws:policy/ReadOnlyAccess")
    detach = record(2, "DetachRolePolicy", policyArn=place.name)
    found = history(detach, record(6, "DetachRolePolicy", policyArn=place.name))
    assert isinstance(at(found, 4, place), Unknown)
    assert [at(found, day, place) for day in (1, 7)] == [PRESENT, ABSENT]


def test_the_same_document_written_otherwise_is_no_gap() -> None:
    spread = json.dumps(json.loads(ONE), indent=4).replace('"s3:GetObject"', '["s3:GetObject"]')
    assert not list(history(put(2, ONE), now=Known(spread)).gaps([INLINE]))


def test_equal_seconds_are_ordered_by_what_each_proves() -> None:
    deleted = record(2, "DeleteRolePolicy", policyName="read")
    found = history(deleted, put(2, ONE), now=Known(ONE))
    assert at(found, 3) == known(ONE)
    assert isinstance(at(found, 1), Unknown)


def test_equal_seconds_without_an_order_are_unknown_until_the_next_proof() -> None:
    found = history(put(2, ONE), put(2, TWO), put(4, THREE), now=Known(THREE))
    assert isinstance(at(found, 3), Unknown)
    assert at(found, 5) == known(THREE)
    settled = history(put(2, ONE), put(2, TWO), now=Known(ONE))
    assert at(settled, 3) == known(ONE)


def test_hidden_and_omitted_parameters_are_unknown_until_the_next_proof() -> None:
    hidden = record(2, "PutRolePolicy", policyName="read", policyDocument="HIDDEN_DUE_TO_SECURITY_REASONS")
    state = at(history(hidden, put(4, ONE), now=Known(ONE)), 3)
    assert isinstance(state, Unknown) and "hides" in state.why
    omitted = {**put(2, ONE), "requestParameters": {"omitted": True, "originalSize": 1, "reason": "too large"}}
    other = Place(Entity(Kind.ROLE, "packer"), Part.INLINE, "read")
    assert isinstance(at(history(put(1, ONE), omitted, put(4, TWO), now=Known(TWO)), 3, other), Known)
    assert isinstance(at(history(put(1, ONE), omitted, put(4, TWO), now=Known(TWO)), 3), Unknown)


def test_what_is_last_hidden_is_what_it_is_now() -> None:
    hidden = record(2, "PutRolePolicy", policyName="read", policyDocument="HIDDEN_DUE_TO_SECURITY_REASONS")
    assert at(history(hidden, now=Known(ONE)), 3) == known(ONE)


def test_the_order_of_arrival_does_not_matter() -> None:
    records = [put(day, document) for day, document in ((1, ONE), (2, TWO), (3, THREE))]
    assert at(history(*records[::-1], now=Known(THREE)), 2.5) == known(TWO)


def test_statements_are_added_and_removed_from_the_policy_that_is_known() -> None:
    function = "arn:aws:lambda:us-east-1:111122223333:function:sorter"
    place = Place(Entity(Kind.RESOURCE, function), Part.POLICY)
    statement = {"Sid": "one", "Effect": "Allow", "Principal": "*", "Action": "lambda:InvokeFunction"}
    added = record(
        2, "AddPermission20150331v2", "lambda", functionName="sorter", statementId="one",
        answer={"statement": json.dumps(statement)},
    )  # fmt: skip
    removed = record(4, "RemovePermission20150331v2", "lambda", functionName="sorter", statementId="one")
    found = history(added, removed)
    assert isinstance(at(found, 1, place), Unknown)
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    alone = history(added, now=Known(policy))
    assert at(alone, 1, place) == ABSENT
    assert isinstance(at(alone, 3, place), Known)


def test_a_snapshot_proves_a_state_and_shows_an_unrecorded_change() -> None:
    seen = Observation(BEGIN + timedelta(days=3), "a snapshot", lambda place: Known(ONE))
    found = history(put(5, TWO), now=Known(TWO), observations=[seen])
    assert [at(found, day) for day in (2, 4, 6)] == [known(ONE), known(ONE), known(TWO)]
    other = Observation(BEGIN + timedelta(days=7), "a snapshot", lambda place: Known(THREE))
    assert isinstance(at(history(put(5, TWO), now=Known(THREE), observations=[other]), 6), Unknown)


def test_missing_hours_make_states_unknown_on_the_side_that_nothing_proves() -> None:
    hole = (BEGIN + timedelta(days=2.5), BEGIN + timedelta(days=3.5))
    found = history(put(2, ONE), put(5, TWO), now=Known(TWO), holes=[hole])
    assert at(found, 2.2) == known(ONE)
    assert isinstance(at(found, 3), Unknown)
    assert isinstance(at(found, 4), Unknown)
    assert at(found, 6) == known(TWO)


def test_before_and_after_a_change() -> None:
    timeline = history(put(2, ONE), put(4, TWO), now=Known(TWO)).timeline(INLINE)
    moment = BEGIN + timedelta(days=4)
    assert (timeline.before(moment), timeline.after(moment)) == (known(ONE), known(TWO))


def test_nothing_is_known_before_the_record_begins() -> None:
    assert isinstance(at(history(now=Known(ONE)), -1), Unknown)


@pytest.mark.parametrize("seed", range(29500, 29512))
def test_random_histories_give_the_states_of_the_model(seed: int) -> None:
    tally = histories.Tally()
    histories.compare(seed, tally)
    assert not tally.wrong
    assert not tally.needless
    assert tally.known > tally.states / 5
