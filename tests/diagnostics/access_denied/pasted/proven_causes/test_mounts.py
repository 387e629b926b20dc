"""A mount that EFS refuses: whom the file system policy allows, and how the client identifies itself."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.denials.pasted import diagnosed

REFUSED = "mount.nfs4: access denied by server while mounting 127.0.0.1:/\n"
MOUNT = f"$ sudo mount -t efs -o {{}} fs-0aa11bb22cc33dd44:/ /mnt/shared\n{REFUSED}"
ARGUMENTS = f"Mounting arguments: -t efs -o {{}} fs-0aa11bb22cc33dd44:/ /kubelet/pods/1/mount\nOutput: b'{REFUSED}"
WORKER = "arn:aws:iam::111122223333:role/worker"
CALLER = (
    '{"UserId": "AROAEXAMPLE:i-1", "Account": "111122223333", '
    '"Arn": "arn:aws:sts::111122223333:assumed-role/worker/i-1"}\n'
)


def file_system_policy(principal: Any, **condition: str) -> str:
    statement = {"Effect": "Allow", "Principal": principal, "Action": "elasticfilesystem:ClientMount"}
    statement |= {"Condition": {"Bool": dict.fromkeys(condition.values(), "true")}} if condition else {}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


TARGET = "elasticfilesystem:AccessedViaMountTarget"
ANONYMOUS = (
    MOUNT.format("tls") + file_system_policy({"AWS": "arn:aws:iam::111122223333:root"}),
    ARGUMENTS.format("tls") + file_system_policy({"AWS": WORKER}, key=TARGET),
    MOUNT.format("rw,tls") + f'policy of the fs -> Allow Principal {{"AWS":"{WORKER}"}} Action '
    f'["elasticfilesystem:ClientMount","elasticfilesystem:ClientWrite"] Condition Bool {TARGET} true',
)


@pytest.mark.parametrize("text", ANONYMOUS)
def test_a_mount_without_iam_is_anonymous_where_the_policy_names_identities(text: str) -> None:
    answer = diagnosed(text)
    assert answer.verdict.summary.startswith("Mount with the options tls and iam")
    assert answer.fixes[0].title == "Mount with the options tls and iam"
    assert ("mountOptions" in str(answer.fixes[0].change)) == ("kubelet" in text)


@pytest.mark.parametrize(
    "text",
    [
        MOUNT.format("tls,iam") + file_system_policy({"AWS": WORKER}, key=TARGET),
        MOUNT.format("tls") + file_system_policy("*", key=TARGET),
        MOUNT.format("tls,iam") + CALLER + file_system_policy({"AWS": WORKER}, key=TARGET),
    ],
)
def test_a_mount_with_iam_or_for_everyone_lacks_neither_the_option_nor_the_mount_target(text: str) -> None:
    answer = diagnosed(text)
    assert not answer.fixes
    assert "AccessedViaMountTarget" not in answer.verdict.summary


def test_a_mount_without_tls_does_not_meet_a_condition_on_tls() -> None:
    text = MOUNT.format("iam") + CALLER + file_system_policy({"AWS": WORKER}, key="aws:SecureTransport")
    assert "needs aws:SecureTransport to be true, and it is false" in diagnosed(text).verdict.summary
