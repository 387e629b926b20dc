"""What the demo's AWS keeps of a refusal, read back through the service's own model."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from iam.policy.layer import Layer
from iam.sources.aws.reader import AwsReader
from iam.sources.reader.recorded_effect import Effect


def test_a_refusal_of_iam_is_kept_whole(demo_reader_as: Callable[[str | None], Any]) -> None:
    reader: AwsReader = demo_reader_as("ben")
    with pytest.raises(ClientError) as caught:
        reader.aws.client("iam").delete_user(UserName="carla")
    found = re.search(r"region=(\S+)#/.*authorization id: (\w+)$", caught.value.response["Error"]["Message"])
    assert found is not None
    record = reader.authorization_record(found[2], found[1]).value
    assert record is not None
    [entry] = record.evaluations
    assert (entry.action, entry.effect) == ("iam:DeleteUser", Effect.IMPLICIT_DENY)
    assert entry.context["aws:username"] == ("ben",) and entry.context["aws:SecureTransport"] == ("true",)
    assert {layer: entry.effect_of(layer) for layer in Layer if entry.effect_of(layer)} == {
        Layer.SCP: Effect.ALLOW,
        Layer.IDENTITY: Effect.IMPLICIT_DENY,
    }
    assert all(policy.document is not None for policy in record.policies)
    assert {policy.layer for policy in record.policies} == {Layer.SCP, Layer.IDENTITY}


def test_why_a_read_was_refused_says_no_more_than_that(demo_reader_as: Callable[[str | None], Any]) -> None:
    reading = demo_reader_as("carla").user("ben")
    assert not reading.why or "Go to https" not in reading.why


def test_another_id_is_not_kept(demo_reader_as: Callable[[str | None], Any]) -> None:
    reading = demo_reader_as(None).authorization_record("0123456789", None)
    assert reading.value is None and not reading.unreadable
