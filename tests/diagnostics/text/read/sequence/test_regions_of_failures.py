"""A program that calls many Regions fails in some of them for different reasons."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.text.read.sequence.regions_of_failures import failing_regions, region_of_line

REFUSED = (
    "An error occurred (AuthFailure) when calling the DescribeVolumes operation: AWS was not able to validate the "
    "provided access credentials"
)
DENIED = (
    "An error occurred (UnauthorizedOperation) when calling the DescribeVolumes operation: You are not authorized to "
    "perform this operation. User: arn:aws:sts::640218837715:assumed-role/inventory/run is not authorized to perform: "
    "ec2:DescribeVolumes with an explicit deny in a service control policy"
)
OFF = "$ aws account list-regions --region-opt-status-contains DISABLED --query 'Regions[].RegionName'\n"


def _log(*rows: tuple[str, str]) -> str:
    start = "2026-12-01 05:00:{:02d} "
    return "\n".join(
        f"{start.format(at)}ERROR volumes region={region}\n{start.format(at)}{error}"
        if error
        else f"{start.format(at)}INFO volumes region={region} count=4"
        for at, (region, error) in enumerate(rows)
    )


LOG = _log(
    ("eu-west-1", ""),
    ("il-central-1", REFUSED),
    ("us-west-2", DENIED),
    ("mx-central-1", REFUSED),
    ("sa-east-1", DENIED),
)


@pytest.mark.parametrize(
    "listed", ['[\n    "af-south-1",\n    "il-central-1",\n    "mx-central-1"\n]', "il-central-1 x"]
)
def test_two_reasons_in_several_regions_are_two_causes(listed: str) -> None:
    answers = [collect_offline(each) for each in read_text(f"{LOG}\n\n{OFF}{listed}")]
    said = [each.verdict.summary for each in answers]
    assert len(said) == 2
    assert not any("later fails for another reason" in each for each in said)
    assert any(f"il-central-1{' and mx-central-1' if 'mx' in listed else ''}" in each for each in said)
    assert any("sa-east-1 and us-west-2, and none is in eu-west-1" in each for each in said)


def test_the_same_call_in_one_region_is_the_same_call() -> None:
    text = _log(("eu-west-1", REFUSED.replace("AuthFailure", "ExpiredToken")), ("eu-west-1", DENIED))
    said = [collect_offline(each).verdict.summary for each in read_text(text)]
    assert any("later fails for another reason" in each for each in said)


def test_a_region_above_a_traceback_is_that_of_the_call() -> None:
    lines = ["scan failed region=me-south-1", "Traceback (most recent call last):", '  File "a.py", line 3', REFUSED]
    assert region_of_line(lines, 3) == "me-south-1"
    assert failing_regions("\n".join(lines), "AuthFailure") == ("me-south-1",)


@pytest.mark.parametrize(
    "lines",
    [
        ["region=us-east-1 instances=87", REFUSED],
        ["scan failed region=me-south-1", "", REFUSED],
        ["failed for arn:aws:ec2:me-south-1:640218837715:volume/vol-1", REFUSED],
        ["failed in me-south-1 and af-south-1", REFUSED],
    ],
)
def test_a_line_about_something_else_names_no_region_of_the_call(lines: list[str]) -> None:
    assert not region_of_line(lines, len(lines) - 1)


LEGACY = "\n~/.aws/config: sts_regional_endpoints = legacy\nRegionName: ap-east-1\nRegionOptStatus: ENABLED\n"


@pytest.mark.parametrize(("keys", "is_legacy"), [("session of assume_role", True), ("AKIAR7QEXAMPLE234567", False)])
def test_a_legacy_endpoint_of_sts_explains_an_enabled_region(keys: str, is_legacy: bool) -> None:
    text = f"{_log(('eu-west-1', ''), ('ap-east-1', REFUSED))}\nkeys: {keys}{LEGACY}"
    said = collect_offline(read_text(text)[0]).verdict.summary
    assert ("sts_regional_endpoints = legacy" in said) == is_legacy


def test_a_list_of_disabled_regions_names_only_the_called_one() -> None:
    text = (
        f"for r in eu-west-1 af-south-1; do aws ec2 describe-volumes --region $r; done\n{REFUSED}\n"
        "$ aws ec2 describe-regions --all-regions --filters Name=opt-in-status,Values=not-opted-in\n"
        "ap-east-1\taf-south-1"
    )
    assert "shows that af-south-1 is not opted in" in collect_offline(read_text(text)[0]).verdict.summary
