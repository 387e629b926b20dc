"""A name that differs only in case, in a snapshot of 5,000 roles: how long finding it takes, and the whole answer."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.accounts.scale import make

_ASK = """
import json, sys, time
from diagnostics.already_exists.kinds import Kind
from diagnostics.already_exists.find.search import look
from diagnostics.diagnose import collect, read_text
from iam.sources.snapshot.reader import open_snapshot

def seconds(work, rounds):
    best = float("inf")
    for _ in range(rounds):
        began = time.process_time()
        work()
        best = min(best, time.process_time() - began)
    return best

reader = open_snapshot(sys.argv[1])
account = list(reader.accounts())[-1]
name = account.roles[4_321].name
asked = name.swapcase()
began = time.process_time()
found = look(Kind.ROLE, asked, account, reader).found
first = time.process_time() - began
again = seconds(lambda: look(Kind.ROLE, asked, account, reader), 20)
text = "An error occurred (EntityAlreadyExists) when calling the CreateRole operation: "
text += f"Role with name {asked} already exists."
whole = seconds(lambda: collect(read_text(text)[0], account, reader), 3)
cause = collect(read_text(text)[0], account, reader).verdict.cause
print(json.dumps([found.name == name, first, again, whole, cause, len(account.roles)]))
"""


@pytest.fixture(scope="module")
def five_thousand(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("conflict") / "big.json"
    path.write_text(json.dumps(make(5_000)[0]), encoding="utf-8")
    return path


def test_a_name_in_another_case(five_thousand: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _ASK, str(five_thousand)], capture_output=True, text=True, check=True
    ).stdout
    same, first, again, whole, cause, count = json.loads(done)
    print(
        f"\n{count:,} roles, a name in another case: found in {first * 1000:.2f} ms the first time, "
        f"{again * 1000:.2f} ms after; the whole answer in {whole * 1000:.0f} ms"
    )
    assert same
    assert cause == "name.taken-other-case"
    # A ratio and no time, which a busy machine would miss: an index is asked, and the list not walked through again.
    assert again < whole / 10
