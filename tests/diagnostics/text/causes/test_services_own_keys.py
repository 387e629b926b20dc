"""Requests with an API key of Amazon Location, states that pass a role, pulls through a cache, and spilled queries."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.diagnosis import Diagnosis

KEYED = (
    'AJAXError: {"message":"User is not authorized to access this resource with an explicit deny"} (403): '
    "https://maps.geo.eu-west-1.amazonaws.com/maps/v0/maps/trails/tiles/9/1/1?key=v1.public.eyJ\n"
)
STATE = (
    '{{"Resource": "arn:aws:states:::aws-sdk:{}", "Parameters": {{"RoleArn": "arn:aws:iam::111122223333:role/run"}}}}\n'
    "User: xxx is not authorized to perform: iam:PassRole on resource: yyy because no identity-based policy allows the "
    "iam:PassRole action"
)
PULL = (
    "failed to resolve reference: unexpected status from HEAD request to https://111122223333.dkr.ecr.us-east-1."
    "amazonaws.com/v2/quay/team/etcd/manifests/v3: 404 Not Found\n"
)
ATHENA = "Athena query: PERMISSION_DENIED: Access Denied (Service: S3, Status Code: 403)\n"


def diagnosed(text: str) -> Diagnosis:
    (failure,) = read_text(text)
    return collect_offline(failure)


def first(text: str) -> str:
    looks = diagnosed(text).first_look
    return looks[0].cause if looks else ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{KEYED}AllowReferers https://trails.example/*\npage is at https://www.trails.example/plan", "https://www."),
        (f"{KEYED}AllowReferers https://trails.example/*\npage is at https://trails.example/plan", "and ExpireTime"),
        (KEYED, "Compare the API key with the request"),
        (STATE.format("scheduler:createSchedule"), "iam:PassedToService = scheduler.amazonaws.com"),
        (
            STATE.format("ecs:runTask"),
            "the state machine's execution role to perform iam:PassRole on arn:aws:iam::111122223333",
        ),
        (f"{PULL}pull-through cache rule: quay -> quay.io", "ecr:BatchImportUpstreamImage"),
        (f"{ATHENA}federated connector; the spill bucket has s3:GetObject", "the connector writes to the spill bucket"),
    ],
)
def test_the_deciding_place_is_named(text: str, said: str) -> None:
    assert said in first(text)


@pytest.mark.parametrize(
    ("text", "absent"),
    [
        (KEYED.replace("?key=v1.public.eyJ", ""), "API key"),
        (STATE.format("scheduler:createSchedule").replace('"RoleArn"', '"Name"'), "state machine"),
        (PULL, "ecr:BatchImportUpstreamImage"),
        (f"{PULL}We do not use a pull through cache here.", "ecr:BatchImportUpstreamImage"),
        (STATE.format("dynamodb:getItem"), "state machine"),
        (
            STATE.format("scheduler:createSchedule").replace("yyy", "arn:aws:iam::111122223333:role/task"),
            "the state machine's execution role",
        ),
        (f"{ATHENA}the results bucket has s3:GetObject", "spill"),
    ],
)
def test_and_nothing_of_it_without_its_signs(text: str, absent: str) -> None:
    diagnosis = diagnosed(text)
    assert absent not in f"{diagnosis.verdict.summary} {' '.join(look.cause for look in diagnosis.first_look)}"


def test_no_iam_policy_is_blamed_for_a_key() -> None:
    assert diagnosed(KEYED).verdict.summary.startswith("The request uses an API key of Amazon")
