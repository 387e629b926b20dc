"""The names of Regions: one pattern fits those of all partitions."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from iam.arn import PARTITIONS
from iam.regions import REGION_NAME, regions

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("partition", PARTITIONS)
def test_the_pattern_fits_every_region(partition: str) -> None:
    assert [name for name in regions(partition) if not re.fullmatch(REGION_NAME, name)] == []


@pytest.mark.parametrize("name", ["us-east", "eu-west-1a", "useast1", "aws-global-"])
def test_the_pattern_fits_no_other_name(name: str) -> None:
    assert not re.fullmatch(REGION_NAME, name)


def test_the_pattern_is_written_once() -> None:
    spelled_out = re.compile(r"\[a-z\]\{2[,\d]*\}\(?(?:\?:)?-\[a-z\](?:\+|\{[\d,]+\})\)?[^\s\"]{0,8}-\\d")
    folders = (ROOT / name for name in ("iam", "diagnostics", "screens", "tui"))
    found = [path for folder in folders for path in folder.rglob("*.py") if spelled_out.search(path.read_text("utf-8"))]
    assert found == [ROOT / "iam" / "regions.py"]
