"""The journal of a plan: private, without secrets, one writer at a time, readable after any accident."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from iam.account import Account
from iam.changes.apply import CallOutcome, CallStatus
from iam.changes.journal import (
    CallProgress,
    End,
    Journal,
    JournalError,
    damaged,
    journals,
    read_journal,
    why_not_writable,
)
from iam.creation.plan import create_role
from iam.creation.spec import RoleSpec
from tests.support.changes.applied import CALLS, Killed, run, writer
from tests.support.faults.full_disk import on_full_disk
from tests.support.faults.troubles import Setting, refusal
from tests.support.gate.let_through import apply, resume, roll_back

if TYPE_CHECKING:
    from iam.demo.aws.world import World
    from iam.sources.aws.reader import AwsReader


def test_the_journal_is_private_and_says_what_happened(
    reader: AwsReader, account: Account, spec: RoleSpec, directory: Path
) -> None:
    plan = create_role(spec, account)
    run(apply(plan, reader, writable=False, directory=directory))
    [record] = journals(directory)
    assert record.path.stat().st_mode & 0o777 == 0o600
    assert directory.stat().st_mode & 0o777 == 0o700
    assert record.plan == plan
    assert record.end is End.APPLIED
    assert [state.progress for state in record.states] == [CallProgress.DONE] * CALLS
    assert all(state.request_id for state in record.states)
    assert record.caller.endswith("/org-admin")


def test_two_processes_do_not_share_a_plan(
    reader: AwsReader, account: Account, spec: RoleSpec, directory: Path
) -> None:
    plan = create_role(spec, account)
    journal = Journal.create(plan, source="demo", caller="", directory=directory)
    with pytest.raises(JournalError, match="Another rolescope"):
        resume(journal.path, reader, writable=False)
    journal.close()
    run(resume(journal.path, reader, writable=False))
    assert reader.role(spec.name).found


def test_a_line_cut_in_the_middle_is_left_out(
    reader: AwsReader, account: Account, spec: RoleSpec, directory: Path
) -> None:
    with pytest.raises(Killed):
        run(apply(create_role(spec, account), reader, writable=False, directory=directory, writer=writer(reader, 2)))
    [record] = journals(directory)
    with record.path.open("a") as file:
        file.write('{"record": "end", "call": 2, "progr')
    run(resume(record.path, reader, writable=False, writer=writer(reader)))
    assert read_journal(record.path).end is End.APPLIED


@pytest.mark.parametrize("content", ["", "not json\n", "[]\n", '{"record": "plan"}\n', '{"record":"plan","plan":{}}\n'])
def test_a_damaged_journal_is_said_in_a_sentence(directory: Path, content: str) -> None:
    directory.mkdir()
    path = directory / "x.jsonl"
    path.write_text(content)
    with pytest.raises(JournalError, match="damaged"):
        read_journal(path)
    assert list(journals(directory)) == []


def test_without_a_journal_nothing_is_called(
    reader: AwsReader, account: Account, spec: RoleSpec, tmp_path: Path
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    ready = writer(reader)
    with pytest.raises(JournalError, match="no call was made"):
        apply(create_role(spec, account), reader, writable=False, directory=blocked, writer=ready)
    assert ready.client.made == []


# Secrets.

SECRET, TOKEN = "canary-secret-Zq7w1", "canary-token-Xv93k"


def test_no_secret_gets_into_the_journal(demo_world: World, account: Account, spec: RoleSpec, directory: Path) -> None:
    """Not the credentials that sign the calls, nor what AWS's own messages repeat of a request."""
    from iam.demo.aws.sessions import session_for
    from iam.demo.open import serve
    from iam.sources.aws.reader import AwsReader

    setting = Setting(demo_world, account, spec)
    session = session_for(
        serve(demo_world), access_key="ASIAHARBORORGADMIN01", secret=SECRET, token=TOKEN, region="us-east-1"
    )
    reader = AwsReader(session)
    setting.mood(
        "AttachRolePolicy",
        refusal(
            "SignatureDoesNotMatch",
            "The request signature we calculated does not match the signature you provided. The Canonical String for "
            f"this request should have been 'POST / x-amz-security-token:{TOKEN}'",
            403,
        ),
        99,
    )
    plan = create_role(spec, account)
    *_, last = apply(plan, reader, writable=True, directory=directory, writer=writer(reader))
    assert last.failure is not None
    said = [last.sentence, last.failure.text, last.failure.message]
    setting.calm()
    [record] = journals(directory)
    run(resume(record.path, reader, writable=True, writer=writer(reader)))
    run(roll_back(record.path, reader, writable=True, writer=writer(reader)))
    assert read_journal(record.path).end is End.ROLLED_BACK
    for text in (*said, record.path.read_text()):
        assert SECRET not in text
        assert TOKEN not in text


# One writer.

HOLDER = """
import sys
from pathlib import Path
from iam.changes.journal import Journal
held = Journal.reopen(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def test_another_process_is_kept_out_as_long_as_it_lives(
    reader: AwsReader, account: Account, spec: RoleSpec, directory: Path
) -> None:
    plan = create_role(spec, account)
    Journal.create(plan, source="demo", caller="", directory=directory).close()
    [record] = journals(directory)
    words = [sys.executable, "-c", HOLDER, str(record.path)]
    other = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert other.stdout is not None
    assert other.stdout.readline() == "held\n"
    for go in (resume, roll_back):
        with pytest.raises(JournalError, match=r"Another rolescope process is carrying out this plan .*: wait"):
            go(record.path, reader, writable=False)
    assert reader.role(spec.name).absent
    other.kill()
    other.communicate(timeout=120)
    *_, last = resume(record.path, reader, writable=False, writer=writer(reader))
    assert last.status is CallStatus.VERIFIED


# Accidents.


@pytest.fixture(scope="module")
def whole(demo_reader: AwsReader, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A journal of a whole run."""
    from tests.support.accounts.documents import trust

    account = list(demo_reader.accounts())[-1]
    plan = create_role(RoleSpec("whole", trust("lambda.amazonaws.com")), account)
    journal = Journal.create(plan, source="demo", caller="x", directory=tmp_path_factory.mktemp("journal"))
    journal.started(0, "not-done")
    journal.ended(0, CallProgress.DONE, answer={"Role.RoleId": "AROAEXAMPLE"}, request_id="r")
    journal.close(End.APPLIED)
    return journal.path.read_bytes()


def test_cut_anywhere_it_says_what_it_still_knows_or_that_it_is_damaged(whole: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    first = whole.index(b"\n") + 1
    for length in range(0, len(whole) + 1, 7):
        path.write_bytes(whole[:length])
        if length < first:
            with pytest.raises(JournalError, match="damaged"):
                read_journal(path)
        else:
            assert read_journal(path).plan.title == "create role whole"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 3) | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)
KEYS = ("record", "call", "progress", "end", "undo", "before", "answer", "code", "plan", "time", "process", "source")


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(st.sampled_from(KEYS), st.sampled_from(["start", "end", "close", "done", "applied"]) | JSON),
    st.booleans(),
)
def test_whatever_stands_in_a_line_never_crashes(
    whole: bytes, tmp_path: Path, line: dict[str, Any], header: bool
) -> None:
    path = tmp_path / "x.jsonl"
    lines = [json.loads(each) for each in whole.splitlines()]
    if header:
        lines[0] = {**lines[0], **line}
    else:
        lines.append(line)
    path.write_text("".join(f"{json.dumps(each)}\n" for each in lines))
    try:
        record = read_journal(path)
    except JournalError as error:
        assert "\n" not in str(error)
        return
    assert record.sentence


def test_damaged_journals_are_skipped_and_said(whole: bytes, directory: Path) -> None:
    directory.mkdir()
    (directory / "a.jsonl").write_bytes(whole)
    (directory / "b.jsonl").write_bytes(whole[:100])
    (directory / "c.jsonl").write_bytes(b"\xff\xfe\n")
    (directory / "d.jsonl").mkdir()
    (directory / "e.txt").write_text("not ours")
    assert [record.path.name for record in journals(directory)] == ["a.jsonl"]
    said = dict(damaged(directory))
    assert sorted(path.name for path in said) == ["b.jsonl", "c.jsonl", "d.jsonl"]
    assert all(str(path) in sentence and "\n" not in sentence for path, sentence in said.items())


def test_a_full_disk_in_the_middle_is_said_and_the_rest_can_be_resumed(
    reader: AwsReader, account: Account, spec: RoleSpec, directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended, calls = Journal.ended, [0]

    def full(self: Journal, *words: Any, **more: Any) -> None:
        calls[0] += 1
        if calls[0] == 3:
            raise JournalError(f"The journal {self.path} cannot be written: No space left on device.")
        ended(self, *words, **more)

    monkeypatch.setattr(Journal, "ended", full)
    first = writer(reader)
    told: list[CallOutcome] = []
    with pytest.raises(JournalError, match="No space left"):
        told.extend(apply(create_role(spec, account), reader, writable=False, directory=directory, writer=first))
    assert (told[-1].index, told[-1].status) == (2, CallStatus.DONE)  # the call that was made is told all the same
    [record] = journals(directory)
    assert record.states[2].progress is CallProgress.STARTED
    second = writer(reader)
    *_, last = resume(record.path, reader, writable=False, writer=second)
    assert last.status is CallStatus.VERIFIED
    assert len(first.client.made) + len(second.client.made) == CALLS


def test_a_disk_that_is_full_is_told_once_and_leaves_no_half_journal(
    account: Account, spec: RoleSpec, directory: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = Journal(directory / "x.jsonl", on_full_disk(tmp_path / "full"))
    with pytest.raises(JournalError, match="No space left"), full:
        full.started(0, "absent")
    monkeypatch.setattr(os, "fdopen", lambda descriptor, *how, **more: on_full_disk(descriptor))
    with pytest.raises(JournalError, match=r"No space left.*No call was made"):
        Journal.create(create_role(spec, account), source="demo", caller="x", directory=directory)
    assert not list(directory.iterdir())


def test_it_is_told_where_no_journal_can_be_written(tmp_path: Path) -> None:
    assert not why_not_writable(tmp_path / "state" / "journal")
    (tmp_path / "file").touch()
    where = tmp_path / "file" / "rolescope" / "journal"
    assert why_not_writable(where).startswith(f"The journal folder {where} cannot be written")
