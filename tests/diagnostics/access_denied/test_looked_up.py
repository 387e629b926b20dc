"""What AWS's text names is looked up: policies by ARN, versions, access points, endpoints, whose it is to answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.diagnostics.access_denied.test_invented import Read, denied, diagnosis_of, no, read
from tests.support import alder
from tests.support.alder import RECORDS, session


@pytest.fixture
def content() -> dict[str, Any]:
    return alder.snapshot()


def opened(tmp_path: Path, content: dict[str, Any]) -> Read:
    return read(tmp_path / "alder.json", content)


def test_a_newer_version_that_is_not_the_default_is_told(tmp_path: Path, content: dict[str, Any]) -> None:
    records = next(policy for policy in content["Policies"] if policy["PolicyName"] == "records-read")
    records["PolicyVersionList"].reverse()
    for version, name in zip(records["PolicyVersionList"], ("v1", "v2"), strict=True):
        version["VersionId"] = name
    records["DefaultVersionId"] = "v1"  # the flags say v1 too: it lists only, and v2 gets
    text = denied(
        session("intake-api"),
        "s3:GetObject",
        f'"arn:aws:s3:::{RECORDS}/a"',
        no("identity-based policy", "s3:GetObject"),
    )
    found = diagnosis_of(text, opened(tmp_path, content), aws__RequestedRegion="eu-central-1")
    assert "records-read v2, made after v1 and not the default, would allow it" in found.verdict.summary
    assert found.fixes[0].title.startswith("Make v2 the default of records-read in the place of v1")
