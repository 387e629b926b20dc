"""What other tests left in memory is not looked through again and again by the garbage collector."""

from __future__ import annotations

import gc

import pytest


@pytest.fixture(scope="module", autouse=True)
def _frozen() -> None:
    # An index collects once it is built: half a second for each, in a process that thousands of tests have filled.
    gc.collect()
    gc.freeze()
