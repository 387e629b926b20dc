"""A big account's snapshot loads in the time of a breath. The limits are several times what was measured."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.accounts.scale import FAULTS, make

_LOAD = """
import sys, time
from iam.sources.snapshot.reader import open_snapshot
from tests.bench.against_floor import memory
# Of this process alone: the maximum that getrusage returns is also that of the process that started it.
before = memory("self")[1]
began = time.process_time()
account = list(open_snapshot(sys.argv[1]).accounts())[-1]
account.role("nobody")
seconds = time.process_time() - began
print(len(account.roles), seconds, memory("self")[1] - before)
"""


@pytest.fixture(scope="module")
def ten_thousand(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("scale") / "big.json"
    path.write_text(json.dumps(make(10_000)[0], indent=2), encoding="utf-8")
    return path


def test_ten_thousand_roles_load_fast_and_small(ten_thousand: Path) -> None:
    output = subprocess.run(
        [sys.executable, "-c", _LOAD, str(ten_thousand)], capture_output=True, text=True, check=True
    ).stdout
    roles, seconds, megabytes = output.split()
    # Measured on two cores: 0.5 s, 131 MB at the most (the file's own 28 MB among them).
    assert int(roles) == 10_000
    assert float(seconds) < 3
    assert float(megabytes) < 300


def test_the_scale_set_is_the_same_for_a_seed_and_knows_its_faults() -> None:
    first, key = make(1_000)
    again, _ = make(1_000)
    assert first == again and make(1_000, seed=8)[0] != first
    planted = [fault for faults in key.values() for fault in faults if fault != "admin-star"]
    assert len(planted) == sum(FAULTS.values()) == 40
    assert set(key) <= {role["RoleName"] for role in first["RoleDetailList"]}
    assert len({role["RoleName"].lower() for role in first["RoleDetailList"]}) == 1_000
