"""Questions over 5,000 roles: how long, how much memory, and how much faster than asking everybody."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.accounts.scale import make

_ASK = """
import json, sys, time
from iam.questions.access import access
from iam.questions.catalogue import catalogue
from iam.questions.index import AccountIndex
from iam.questions.who_can import who_can
from iam.policy.request import Policies
from iam.sources.snapshot.reader import open_snapshot
from tests.bench.against_floor import memory

def seconds(work, rounds=1):
    best = float("inf")
    for _ in range(rounds):
        began = time.process_time()
        work()
        best = min(best, time.process_time() - began)
    return best

reader = open_snapshot(sys.argv[1])
account = list(reader.accounts())[-1]
account.role("nobody")
began = time.process_time()
index = AccountIndex(account, reader)
built = time.process_time() - began
question = ("s3:GetObject", "arn:aws:s3:::harbor-ferry/x")
first = seconds(lambda: who_can(index, *question))
asked = seconds(lambda: who_can(index, *question), 3)
brute = seconds(lambda: who_can(index, *question, exhaustive=True))
same = who_can(index, *question) == who_can(index, *question, exhaustive=True)
# Of this process alone: the maximum that getrusage returns is also that of the process that started it.
megabytes = memory("self")[1]
listed = seconds(catalogue)
widest = [one for one in index.principals if any("everything" == policy.name for policy in one.identity)][0]
matrix = seconds(lambda: access(widest.entity, widest.policies(Policies()), account))
print(json.dumps([len(index.principals), built, first, asked, brute, same, megabytes, listed, matrix]))
"""


@pytest.fixture(scope="module")
def five_thousand(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("questions") / "big.json"
    path.write_text(json.dumps(make(5_000)[0]), encoding="utf-8")
    return path


def test_who_can_and_the_matrix(five_thousand: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _ASK, str(five_thousand)], capture_output=True, text=True, check=True
    ).stdout
    count, built, first, asked, brute, same, megabytes, listed, matrix = json.loads(done)
    print(f"\n{count:,} principals: index {built * 1000:.0f} ms, {megabytes:.0f} MB resident at the most")
    print(
        f"who-can: first {first * 1000:.0f} ms, then {asked * 1000:.0f} ms; asking everybody {brute / asked:.1f} × that"
    )
    print(f"list of actions {listed * 1000:.0f} ms, once; one role's matrix {matrix * 1000:.1f} ms")
    assert same
    assert brute / asked > 2
    assert built < 1.5 and asked < 0.15 and first < 0.5 and matrix < 0.3
    assert megabytes < 200
