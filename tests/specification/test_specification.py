"""The engine against the specification on a slice of the random requests, and the comparison itself."""

from __future__ import annotations

import pytest

from tests.specification import compare
from tests.specification.model import decisions
from tests.specification.requests import Requests


@pytest.mark.parametrize("seed", [101, 202])
def test_the_engine_decides_as_the_specification(seed: int) -> None:
    requests = Requests(seed)
    for number in range(600):
        case = compare.kinds(requests, number)
        assert compare.difference(case) is None, case


def test_the_requests_reach_every_decision_and_kind() -> None:
    requests = Requests(7)
    cases = [compare.kinds(requests, number) for number in range(400)]
    assert {decisions(case)[0] for case in cases} == {"allowed", "implicitDeny", "explicitDeny"}
    assert any(decisions(case)[1] for case in cases)
    assert any(case.get(compare.UNKNOWN) for case in cases)
    assert any("*" in case["resource"] for case in cases)


def test_a_difference_is_shrunk_to_what_shows_it() -> None:
    deny = {"Effect": "Deny", "Action": ["s3:*", "sqs:*"], "Resource": "*", "Sid": "A"}
    case = {
        "principal": "arn:aws:iam::111122223333:user/jo",
        "action": "s3:GetObject",
        "resource": "arn:aws:s3:::b/k",
        "contextVariables": {"aws:RequestedRegion": "eu-west-1"},
        "identityPolicies": [{"Statement": [deny, {"Effect": "Allow", "Action": "*", "Resource": "*"}]}],
        "scps": [[{"Statement": []}]],
    }

    def denies(one: compare.Case) -> bool:
        try:
            return decisions(one)[0] == "explicitDeny"
        except KeyError:  # left out too much
            return False

    small = compare.shrunk(case, denies)
    assert small == {
        "principal": case["principal"],
        "action": case["action"],
        "resource": case["resource"],
        "identityPolicies": [{"Statement": [{"Effect": "Deny", "Action": ["s3:*"]}]}],
    }
