"""Records are read as changes: entity, documents, what is unknown, what failed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from iam.history.calls import CHANGE_CALLS, Does, Encoding
from iam.history.change import Change, Effect, Known
from iam.history.records import change_in, changes_in, time_of
from iam.history.timeline import comparable
from tests.support.history.recorded_calls import BY_PARAMETERS, PUBLIC, RecordedCall


def _found(change: Change) -> dict[str, Any]:
    return {_key(effect): _value(effect) for effect in change.effects}


def _key(effect: Effect) -> str:
    place = effect.place
    return f"{place.part.value}/{place.name}" if place.name else place.part.value


def _value(effect: Effect) -> Any:
    state = comparable(effect.after, effect.place.part)
    return state.value if isinstance(state, Known) else ...


def _comparable(value: Any, key: str) -> Any:
    from iam.history.change import Part

    if not isinstance(value, str) or not value.startswith("{"):
        return value
    state = comparable(Known(value), Part(key.partition("/")[0]))
    return state.value if isinstance(state, Known) else ...


@pytest.mark.parametrize("case", (*PUBLIC, *BY_PARAMETERS), ids=lambda case: case.event)
def test_a_record_is_read_as_what_it_means(case: RecordedCall) -> None:
    change = change_in(case.record())
    assert change is not None
    entity = f"{change.entity.kind.value}/{change.entity.name}" if change.entity else None
    assert entity == case.entity
    assert (change.error or "") == (case.error or "")
    assert _found(change) == {key: _comparable(value, key) for key, value in case.expected.items()}
    assert (change.lifecycle.value if change.lifecycle else None) == (None if case.error else case.lifecycle)


def test_there_are_sixty_records_of_which_most_are_public() -> None:
    assert len(PUBLIC) + len(BY_PARAMETERS) >= 60
    assert len(PUBLIC) >= 50


def test_duplicates_count_once_and_reads_not_at_all() -> None:
    records = [PUBLIC[0].record(1), PUBLIC[0].record(1), PUBLIC[2].record(2)]
    reads = {**PUBLIC[0].record(3), "eventName": "GetRole"}
    assert [change.event for change in changes_in([*records, reads])] == ["UpdateAssumeRolePolicy", "AttachUserPolicy"]


@pytest.mark.parametrize("value", ("2026-05-02T08:00:00Z", "2026-05-02 08:00:00.000", "2026-05-02T10:00:00+02:00"))
def test_times_are_utc(value: str) -> None:
    at = time_of(value)
    assert at is not None and at.isoformat() == "2026-05-02T08:00:00+00:00"


@pytest.mark.parametrize("value", (None, "", "yesterday", 7))
def test_a_record_without_a_time_is_no_change(value: object) -> None:
    assert change_in({**PUBLIC[0].record(), "eventTime": value}) is None


@pytest.mark.parametrize("parameters", ({}, [], "text", None, {"roleName": 7}, {"roleName": {"a": []}}))
def test_strange_parameters_leave_the_change_opaque(parameters: object) -> None:
    change = change_in({**PUBLIC[0].record(), "requestParameters": parameters})
    assert change is not None and change.entity is None and change.lifecycle is not None


def test_rows_of_a_query_have_their_parameters_as_text() -> None:
    record = PUBLIC[0].record()
    change = change_in({**record, "requestParameters": json.dumps(record["requestParameters"])})
    assert change == change_in(record)


def test_every_row_has_a_page_and_its_encoding() -> None:
    for row in CHANGE_CALLS.values():
        assert row.page.startswith("https://docs.aws.amazon.com/")
        assert row.value == "" or row.does is Does.PUTS
        documents = row.value in (
            "policyDocument",
            "bucketPolicy",
            "policy",
            "policyText",
            "resourcePolicy",
            "inlinePolicy",
        )
        assert not documents or row.encoding is not Encoding.NONE


def test_every_row_is_an_operation_that_aws_has() -> None:
    import botocore.session

    session = botocore.session.get_session()
    names = {"sso": "sso-admin"}
    models: dict[str, set[str]] = {}
    for row in CHANGE_CALLS.values():
        service = row.source.partition(".")[0]
        if service not in models:
            models[service] = set(session.get_service_model(names.get(service, service)).operation_names)
        assert row.page.rpartition("API_")[2].removesuffix(".html") in models[service], row.event


def test_what_a_record_leaves_out_is_not_the_default() -> None:
    """EventBridge's bus and Glue's catalogue have defaults: a record without parameters need not be about them."""
    left_out = {"omitted": True, "originalSize": 120_000, "reason": "requestParameters too large"}
    for source, event in (("events", "PutPermission"), ("glue", "PutResourcePolicy")):
        record = {"eventSource": f"{source}.amazonaws.com", "eventName": event, "eventTime": "2026-11-01T10:00:00Z"}
        (change,) = changes_in([{**record, "requestParameters": left_out}])
        assert change.entity is None and change.omitted
    deleted = {"eventSource": "glue.amazonaws.com", "eventName": "DeleteResourcePolicy", "awsRegion": "us-east-1"}
    (change,) = changes_in([{**deleted, "eventTime": "2026-11-01T10:00:00Z", "requestParameters": None}])
    assert change.entity is not None and change.entity.name.endswith(":catalog") and not change.omitted
