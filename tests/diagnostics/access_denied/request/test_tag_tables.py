"""Tags in tables of a text: of the resource in columns or in rows, and of the caller."""

from __future__ import annotations

import pytest

from diagnostics.access_denied.request.tag_tables import tabled_tags

INSTANCE = "arn:aws:ec2:eu-west-1:111122223333:instance/i-0f8c6d91b27ae504a"
DATABASE = "arn:aws:rds:eu-west-1:111122223333:db:ledger-a"
SESSION = "arn:aws:sts::111122223333:assumed-role/ops/ana"
OF_RESOURCE = "aws:ResourceTag/env"


@pytest.mark.parametrize(
    ("text", "resource", "key", "value"),
    [
        ("Instance   Name    env\ni-0c77..   pay-1   dev\ni-0f8c..   pay-2   Dev\n", INSTANCE, OF_RESOURCE, "Dev"),
        (
            "| Database | Env | Owner |\n|---|---|---|\n| ledger-a | prod | data |\n| ledger-b | dev | data |",
            DATABASE,
            OF_RESOURCE,
            "prod",
        ),
        (
            "aws rds list-tags-for-resource ...\n| Key   | Value |\n|-------|-------|\n| env   | Prod  |\n| cost | 7 |",
            DATABASE,
            OF_RESOURCE,
            "Prod",
        ),
        ("Tags of the database\n\nKey    Value\nenv    prod\nowner  data", DATABASE, OF_RESOURCE, "prod"),
        (
            'PS C:\\> (Get-EC2Tag -Filter @{Name="resource-id";Values="i-0f8c6d91b27ae504a"}) | ft Key,Value\n'
            "Key   Value\n---   -----\nenv   Prod\nowner data\n",
            INSTANCE,
            OF_RESOURCE,
            "Prod",
        ),
        ("PS> Get-RDSTagForResource $arn | ft\nKey Value\n--- -----\nenv Dev\n", DATABASE, OF_RESOURCE, "Dev"),
        (
            "--------------\n|   TagList  |\n+-----+------+\n| Key | Value|\n+-----+------+\n| env | Prod |\n",
            DATABASE,
            OF_RESOURCE,
            "Prod",
        ),
        ("role    team\nops     blue\nadmins  red\n", DATABASE, "aws:PrincipalTag/team", "blue"),
    ],
)
def test_a_tag_is_read_in_a_table(text: str, resource: str, key: str, value: str) -> None:
    assert tabled_tags(text, [key], resource, SESSION)[key].words == value


@pytest.mark.parametrize(
    "text",
    [
        # Other resources, two rows that may be it, no value, a cost report, wanted tags, another key.
        "Instance   Name    env\ni-0c77..   pay-1   dev\ni-0d5b..   pay-2   Dev\n",
        "Instance   Name    env\ni-0f8c..   pay-1   dev\ni-0f8c6d..   pay-2   Dev\n",
        "Instance   Name    env\ni-0c77..   pay-1   dev\ni-0f8c..   pay-2   -\n",
        "Cost allocation tags\nKey    Value\nenv    prod\nowner  data",
        "Each instance needs these tags:\nKey    Value\nenv    prod\nowner  data",
        "Key    Value\nenv    prod\nowner  data",
        "aws ec2 describe-tags i-0aaaaaaaaaaaaaaaa\nKey    Value\nenv    prod\nowner  data",
        "Instance   stage\ni-0f8c..   dev\n",
        "PS> Get-IAMRoleTag -RoleName user | ft\nKey Value\n--- -----\nenv Dev\n",
        "PS> Get-EC2Tag -Filter @{Values='i-0aaaaaaaaaaaaaaaa'} | ft\nKey Value\n--- -----\nenv Dev\n",
    ],
)
def test_other_tables_show_no_tag(text: str) -> None:
    assert tabled_tags(text, [OF_RESOURCE], INSTANCE, SESSION) == {}


def test_keys_that_are_no_tags_are_not_read() -> None:
    assert tabled_tags("Instance  region\ni-0f8c..  eu-west-1", ["aws:RequestedRegion"], INSTANCE, SESSION) == {}
