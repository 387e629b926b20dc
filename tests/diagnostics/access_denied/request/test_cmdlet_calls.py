"""The calls of PowerShell's cmdlets, with their parameters and tags."""

from __future__ import annotations

import pytest

from diagnostics.access_denied.request.cmdlet_calls import cmdlet_calls


@pytest.mark.parametrize(
    ("text", "operation", "parameters", "tags"),
    [
        ('New-EC2Tag -Resource i-1 -Tag @{Key="Patch Group";Value="wave2"}', "createtags", {"resource": "i-1"},
         {"Patch Group": "wave2"}),
        ("PS> New-EC2Volume -Size 20 -Encrypted $true -AvailabilityZone 'eu-west-1a'", "createvolume",
         {"size": "20", "availabilityzone": "eu-west-1a"}, {}),
        ('New-S3Bucket -BucketName logs `\n  -Region eu-west-1', "createbucket",
         {"bucketname": "logs", "region": "eu-west-1"}, {}),
        ('New-EC2Tag -Resource i-1 -Tag @(@{Key="a";Value="1"},@{Key="b";Value="2"})', "createtags",
         {"resource": "i-1"}, {"a": "1", "b": "2"}),
        ("New-EC2Tag -Resource i-1 -Tag $tags", "createtags", {"resource": "i-1"}, {}),
    ],
)  # fmt: skip
def test_a_cmdlet_is_a_call(text: str, operation: str, parameters: dict[str, str], tags: dict[str, str]) -> None:
    (call,) = cmdlet_calls(text)
    assert (call.thing, {name: values[0] for name, (values, _) in call.parameters.items()}) == (operation, parameters)
    assert call.tags == tags


@pytest.mark.parametrize("text", ["Get-ChildItem -Path .", "[New-EC2Tag], InvalidOperationException", "New-EC2Tag |"])
def test_other_words_are_no_call(text: str) -> None:
    assert not [*cmdlet_calls(text)]
