"""A key policy that is printed for another key than the refused one is not evaluated."""

from __future__ import annotations

import json

from tests.support.denials.pasted import diagnosed

OWN, OTHER = "6b0a3c0e-7d9e-4a52-93c1-9a0c8a4f7711", "1f2e3d4c-7d9e-4a52-93c1-9a0c8a4f7712"
ACCOUNT = "111122223333"


def refused(region: str = "eu-west-1", key: str = OWN) -> str:
    return (
        f"AccessDeniedException: User: arn:aws:sts::{ACCOUNT}:assumed-role/reader/s is not authorized to perform: "
        f"kms:Decrypt on resource: arn:aws:kms:{region}:{ACCOUNT}:key/{key} because no resource-based policy allows "
        "the kms:Decrypt action\n"
    )


def allows(role: str) -> str:
    principal = {"AWS": f"arn:aws:iam::{ACCOUNT}:role/{role}"}
    statement = {"Effect": "Allow", "Principal": principal, "Action": "kms:Decrypt", "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def answer(text: str) -> str:
    return diagnosed(text).verdict.summary


def test_the_policy_of_the_refused_id_decides() -> None:
    text = f"{refused()}\nPolicy of key {OTHER}:\n{allows('reader')}\n\nPolicy of key {OWN}:\n{allows('writer')}\n"
    assert "names arn:aws:iam::111122223333:role/writer" in answer(text)


def test_the_replica_of_the_refused_region_decides() -> None:
    key = "mrk-12345678901234567890123456789012"
    policies = f"Primary (us-east-1):\n{allows('reader')}\nReplica (ap-south-1):\n{allows('viewer')}\n"
    assert "names arn:aws:iam::111122223333:role/viewer" in answer(refused("ap-south-1", key) + policies)


def test_the_policy_of_the_refused_keys_alias_decides() -> None:
    aliases = f"alias/app-new is {OWN}, alias/app-old is another key\n\n"
    text = f"{refused()}{aliases}alias/app-old:\n{allows('reader')}\nalias/app-new:\n{allows('editor')}\n"
    assert "names arn:aws:iam::111122223333:role/editor" in answer(text)


def test_policies_that_no_words_tell_apart_are_all_evaluated() -> None:
    text = f"{refused()}\nThe policy before:\n{allows('writer')}\nThe policy now:\n{allows('editor')}\n"
    assert "role/writer" in answer(text)
