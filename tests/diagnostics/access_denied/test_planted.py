"""One fault planted in an account that else allows: the verdict names its layer and kind, the evidence its statement.

Every pair of layer and fault that a caller's own account can hold, each with other statements, services and wordings,
chosen by a seed.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from diagnostics.diagnose import collect, read_text
from diagnostics.diagnosis import Status
from iam.sources.reader.opened import OpenedAccount
from iam.sources.snapshot.reader import open_snapshot
from tests.support.accounts import alder
from tests.support.denials.planted import ASKED, PAIRS, TOLD, account, planted, refused


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("layer", "fault"), PAIRS, ids=lambda value: value)
def test_the_fault_is_found(layer: str, fault: str, seed: int, tmp_path: Path) -> None:
    dice = random.Random(f"{layer} {fault} {seed}")
    asked = dice.choice(ASKED)
    content = account(layer, planted(fault, asked, dice), dice)
    reader = open_snapshot(alder.write(tmp_path / "account.json", content))
    text = refused(asked, layer, fault) if seed % 2 else refused(asked, None, fault)

    found = collect(read_text(text)[0], OpenedAccount(list(reader.accounts())[-1], reader), TOLD)

    assert found.verdict.cause == f"{layer}.{fault}", found.verdict
    evidence = [
        each
        for step in found.steps
        if step.status in (Status.FAIL, Status.UNKNOWN)
        for each in step.evidence
        if each.layer == layer and each.statement is not None
    ]
    assert evidence[0].sid == "Broken"
    assert found.fixes
