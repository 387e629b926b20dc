"""What the caller has to do is for "you" where the program runs as that caller."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from diagnostics.access_denied.fixes.addressee import is_you
from diagnostics.access_denied.request.caller import identify
from diagnostics.diagnose import collect, read_text
from diagnostics.who import Who
from iam.sources.aws.reader import AwsReader
from iam.sources.reader.caller_identity import CallerIdentity
from iam.sources.reader.opened import OpenedAccount
from iam.sources.reader.reading import Reading
from tests.support.demo.failures import FAILURES

ROLE = "arn:aws:iam::111122223333:role/human/project-developer"
SESSION = "arn:aws:sts::111122223333:assumed-role/project-developer"
TEXTS = {failure.id: failure.text for failure in FAILURES}


@pytest.mark.parametrize(("user", "who"), [("ben", Who.YOU), ("carla", Who.CALLER), (None, Who.CALLER)])
def test_ben_who_was_denied_is_told_what_to_do(
    demo_reader_as: Callable[[str | None], AwsReader], user: str | None, who: Who
) -> None:
    reader = demo_reader_as(user)
    found = collect(read_text(TEXTS["F13"])[0], OpenedAccount(list(reader.accounts())[-1], reader))
    assert found.fixes[0].who is who
    assert "--token-code" in found.fixes[0].text


class RunningAs:
    """The demo's reader in the hands of somebody else."""

    def __init__(self, reader: AwsReader, arn: str | None) -> None:
        self._reader, self._arn = reader, arn

    def caller(self) -> Reading[CallerIdentity]:
        return Reading("sts:GetCallerIdentity", CallerIdentity(self._arn, "111122223333") if self._arn else None)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reader, name)


@pytest.mark.parametrize(
    ("running", "denied", "you"),
    [
        (f"{SESSION}/alice", f"{SESSION}/alice", True),
        (f"{SESSION}/alice", ROLE, True),
        (f"{SESSION}/alice", f"{SESSION}/bob", False),
        (f"{SESSION}/alice", "arn:aws:iam::111122223333:role/human/release-manager", False),
        ("arn:aws:iam::111122223333:user/ben", "arn:aws:iam::111122223333:user/ben", True),
        ("arn:aws:iam::111122223333:user/ben", ROLE, False),
        ("arn:aws:sts::999988887777:assumed-role/project-developer/alice", ROLE, False),
        (None, f"{SESSION}/alice", False),
    ],
)
def test_another_session_of_the_role_may_be_somebody_else(
    demo_reader: AwsReader, running: str | None, denied: str, you: bool
) -> None:
    account = list(demo_reader.accounts())[-1]
    reader: Any = RunningAs(demo_reader, running)
    assert is_you(identify(denied, OpenedAccount(account, reader)), OpenedAccount(account, reader)) is you
