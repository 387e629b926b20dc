"""A change taken back statement by statement: what others changed since stays."""

from __future__ import annotations

import json
import random
from typing import Any

from diagnostics.history.statements import meanings, merged

A, B, C, D = (
    {"Sid": name, "Effect": "Allow", "Action": action, "Resource": "*"}
    for name, action in (("A", "s3:GetObject"), ("B", "s3:PutObject"), ("C", "sqs:SendMessage"), ("D", "kms:Decrypt"))
)


def policy(*statements: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def sids(text: str | None) -> list[str]:
    return [each["Sid"] for each in json.loads(text)["Statement"]] if text else []


def test_a_removed_statement_comes_back_in_its_place() -> None:
    assert sids(merged(policy(A, B, C), policy(A, C), policy(A, C)).text) == ["A", "B", "C"]


def test_later_statements_stay() -> None:
    found = merged(policy(A, B), policy(B), policy(B, D))
    assert sids(found.text) == ["A", "B", "D"]
    assert found.kept == 1


def test_an_added_statement_goes_and_the_others_stay() -> None:
    assert sids(merged(policy(A), policy(A, B), policy(A, B, D)).text) == ["A", "D"]


def test_what_was_put_back_already_is_not_there_twice() -> None:
    assert sids(merged(policy(A, B), policy(B), policy(A, B)).text) == ["A", "B"]


def test_a_statement_that_was_changed_again_is_a_conflict() -> None:
    later = {**B, "Resource": "arn:aws:s3:::crates/*"}
    found = merged(policy(A), policy(A, B), policy(A, later))
    assert found.conflicts == ("statement B",)
    assert sids(found.text) == ["A", "B"]


def test_nothing_left_is_no_policy() -> None:
    assert merged(None, policy(A), policy(A)).text is None


def test_a_deleted_policy_comes_back_whole() -> None:
    found = merged(policy(A, B), None, None)
    assert sids(found.text) == ["A", "B"]
    assert json.loads(found.text or "")["Version"] == "2012-10-17"


def test_statement_ids_stay_unique() -> None:
    other = {**C, "Sid": "A"}
    assert sids(merged(policy(A), policy(B), policy(B, other)).text) == ["A", "A2"]


def test_statements_that_say_the_same_have_one_meaning() -> None:
    spread = {**A, "Action": ["S3:getobject"]}
    assert meanings(policy(A)) == meanings(json.dumps({"Version": "2012-10-17", "Statement": spread}))


def test_random_merges_restore_what_the_change_did_and_nothing_else() -> None:
    draw = random.Random(29)
    for _ in range(500):
        pool = [{**A, "Sid": f"S{number}", "Action": f"s3:Get{number}"} for number in range(8)]
        before, after, added = (draw.sample(pool, draw.randint(0, 5)) for _ in range(3))
        fresh = [{**D, "Sid": f"F{number}", "Action": f"sqs:X{number}"} for number in range(len(added))]
        now = [*after, *fresh]
        found = sids(merged(policy(*before), policy(*after), policy(*now)).text)
        assert set(found) == {each["Sid"] for each in (*before, *fresh)}
