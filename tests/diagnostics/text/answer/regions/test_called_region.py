"""The Region of a call's profile, Regions that are off, and keys of a partition other than the Region's."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.text.answer.regions.called_region import profile_region, regions_off

REFUSED = (
    "An error occurred (InvalidClientTokenId) when calling the GetCallerIdentity operation: The security token "
    "included in the request is invalid"
)


def summary(text: str) -> str:
    return collect_offline(read_text(text)[0]).verdict.summary


@pytest.mark.parametrize(
    "shown",
    [
        '{ "RegionName": "me-central-1", "RegionOptStatus": "DISABLED" }',
        "RegionOptStatus: DISABLED\nRegionName: me-central-1",
        "aws account get-region-opt-status --region-name me-central-1 --query RegionOptStatus\nDISABLED",
        "REGIONS\tme-central-1\tDISABLED",
        "|  me-central-1  |  DISABLED  |",
        '{"OptInStatus": "not-opted-in", "RegionName": "me-central-1"}',
        "we never enabled me-central-1 in this account",
        "me-central-1 is not enabled here",
    ],
)
def test_a_region_that_is_off_is_the_cause_of_a_call_there(shown: str) -> None:
    assert list(regions_off(shown)) == ["me-central-1"]
    said = summary(f"$ aws sts get-caller-identity --region me-central-1\n{REFUSED}\n{shown}")
    assert said.startswith("The text shows that me-central-1 is ")
    assert "global endpoint" not in said
    elsewhere = summary(f"$ aws sts get-caller-identity --region eu-west-1\n{REFUSED}\n{shown}")
    assert "me-central-1" not in elsewhere


@pytest.mark.parametrize(
    "shown",
    [
        '{ "RegionName": "me-central-1", "RegionOptStatus": "ENABLED" }',
        "is me-central-1 disabled?",
        '{"OptInStatus": "opted-in", "RegionName": "me-central-1"}',
    ],
)
def test_a_region_that_is_not_off(shown: str) -> None:
    assert not regions_off(shown)


def test_a_region_that_is_being_enabled_is_waited_for() -> None:
    shown = '{ "RegionName": "me-central-1", "RegionOptStatus": "ENABLING" }'
    assert "wait for that" in summary(f"$ aws sts get-caller-identity --region me-central-1\n{REFUSED}\n{shown}")


@pytest.mark.parametrize(("shown", "is_known"), [("me-central-1", True), ("af-south-1", False)])
def test_only_the_called_regions_status_says_that_it_is_enabled(shown: str, is_known: bool) -> None:
    status = f'we assumed a role\n{{ "RegionName": "{shown}", "RegionOptStatus": "ENABLED" }}'
    said = summary(f"$ aws sts get-caller-identity --region me-central-1\n{REFUSED}\n{status}")
    assert ("or the Region is not enabled" not in said) == is_known


GOV = "[default]\nregion = us-east-1\n[profile gov]\noutput = json\n[profile com]\nregion = us-east-2\n"


@pytest.mark.parametrize(
    ("text", "profile", "region"),
    [
        (f"$ aws s3 ls --profile gov\n{REFUSED}\n{GOV}", "gov", ""),
        (f"$ aws s3 ls --profile com\n{REFUSED}\n{GOV}", "com", "us-east-2"),
        (f"export AWS_PROFILE=com\n{REFUSED}\n{GOV}", "com", "us-east-2"),
        (f"$ aws s3 ls --profile gov\n{REFUSED}\n{GOV}[gov]\nregion = us-gov-east-1\n", "gov", "us-gov-east-1"),
    ],
)
def test_a_profile_has_its_own_region_alone(text: str, profile: str, region: str) -> None:
    found = profile_region(text)
    assert found is not None
    assert (found.profile, found.region) == (profile, region)


@pytest.mark.parametrize(
    "text",
    [
        f"$ aws s3 ls --profile gov --region us-gov-west-1\n{REFUSED}\n{GOV}",
        f"$ aws s3 ls\n{REFUSED}\n{GOV}",
        f"$ aws s3 ls --profile other\n{REFUSED}\n{GOV}",
        f"$ aws s3 ls --profile gov\n{REFUSED}",
    ],
)
def test_no_profile_decides(text: str) -> None:
    assert profile_region(text) is None


@pytest.mark.parametrize(
    ("profile", "words", "named"),
    [
        ("gov", "the key is from console.amazonaws-us-gov.com", "profile gov has no Region in its configuration"),
        ("com", "the key is of our GovCloud account", "profile com has the Region us-east-2"),
        ("com", "key made in the amazonaws.cn console", "profile com has the Region us-east-2"),
        ("gov", "the account is in Beijing", "profile gov has no Region in its configuration"),
    ],
)
def test_the_profile_sends_a_key_to_another_partition(profile: str, words: str, named: str) -> None:
    found = collect_offline(read_text(f"$ aws s3 ls --profile {profile}\n{REFUSED}\n{GOV}# {words}")[0])
    assert named in found.verdict.summary
    assert "deleted" not in found.verdict.summary
    assert f"--profile {profile}" in getattr(found.fixes[0].change, "text", "")


def test_a_key_of_another_partition_needs_a_region_of_it() -> None:
    said = summary(f"{REFUSED}\nThe IAM key is of our GovCloud account, with a commercial key the same code works.")
    assert "sets no Region of it, so most likely the call goes to another partition" in said


@pytest.mark.parametrize("words", ["com is not the GovCloud account", "no China account here"])
def test_a_partition_that_is_denied_is_not_the_keys(words: str) -> None:
    assert "of the partition" not in summary(f"$ aws s3 ls --profile com\n{REFUSED}\n{GOV}# {words}")
    assert "The text speaks of" not in summary(f"$ aws s3 ls --profile com\n{REFUSED}\n{GOV}# {words}")
