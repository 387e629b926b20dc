"""Tags that a text shows, of the resource and of the caller."""

from __future__ import annotations

import pytest

from diagnostics.access_denied.request.stated_tags import of_services, stated_no_tags, stated_tags, tags_beside
from tests.support.denials.pasted import allow, diagnosed, no_identity, policy

INSTANCE = "arn:aws:ec2:eu-west-1:111122223333:instance/i-0f8c6d91b27ae504a"
SESSION = "arn:aws:sts::111122223333:assumed-role/ops/ana"
ROWS = (
    "$ aws ec2 describe-tags --filters Name=resource-id,Values={} --query 'Tags[].[Key,Value]' --output {}\n"
    "{}Name    pay-2\n{}Team    Payments\n{}env    prod\n"
)


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        (ROWS.format("i-0f8c6d91b27ae504a", "text", "", "", ""), "aws:ResourceTag/Team", "Payments"),
        (ROWS.format("i-0f8c6d91b27ae504a", "table", "|  ", "|  ", "| "), "aws:ResourceTag/env", "prod"),
        ("aws rds list-tags-for-resource --resource-name db-1\n"
         '{"TagList": [{"Key": "owner", "Value": "data"}]}', "aws:ResourceTag/owner", "data"),
        ("aws sqs list-queue-tags --query '[Key,Value]'\n[\n [\n\"team\", \"a\"]]", "aws:ResourceTag/team", "a"),
        ("aws ec2 describe-tags → Team = kiosk", "aws:ResourceTag/Team", "kiosk"),
        ("describe-secret, tags only:   Domain=pos   Owner=Payments", "aws:ResourceTag/Owner", "Payments"),
        ("the queue (tagged env=Dev) is ours", "aws:ResourceTag/env", "Dev"),
        ("ana is tagged team=web.", "aws:PrincipalTag/team", "web"),
        ("the role is tagged with team=web", "aws:PrincipalTag/team", "web"),
        ("Identity Center attribute for access control: team = payments", "aws:PrincipalTag/team", "payments"),
        ('session tags: {"team": "payments", "cost": "7"}', "aws:PrincipalTag/cost", "7"),
        ("session tag from Identity Center:  team = payments", "aws:PrincipalTag/team", "payments"),
        ("aws ec2 describe-tags --filters Name=resource-id,Values=i-0f8c6d91b27ae504a --output text\n"
         "TAGS\tTeam\ti-0f8c6d91b27ae504a\tinstance\tPayments", "aws:ResourceTag/Team", "Payments"),
        ("the role has the tag project=ferry", "aws:PrincipalTag/project", "ferry"),
        ("tags of the user ana: team=data, env=dev", "aws:PrincipalTag/env", "dev"),
        ("aws iam list-role-tags --role-name ops --query 'Tags[].[Key,Value]' --output text\nteam  data\n",
         "aws:PrincipalTag/team", "data"),
    ],
)  # fmt: skip
def test_a_tag_is_read_in_its_notations(text: str, key: str, value: str) -> None:
    assert stated_tags(text, INSTANCE, SESSION)[key].words == value


@pytest.mark.parametrize(
    "text",
    [
        ROWS.format("i-0aaaaaaaaaaaaaaaa", "text", "", "", ""),
        "aws iam list-role-tags --role-name other --query 'Tags[].[Key,Value]' --output text\nteam  data\n",
        "the policy requires the principal tag team=admin",
        "it works only if the session tag is team=admin",
        "it must be tagged env=Dev",
        "the session tag must be set by us: team = payments is only an example",
        "aws iam list-role-tags → Team = kiosk",
        "aws ec2 describe-instances\nTeam    Payments\n",
    ],
)
def test_tags_of_something_else_and_wanted_tags_are_not_read(text: str) -> None:
    assert not stated_tags(text, INSTANCE, SESSION)


def test_a_list_without_the_tag_names_the_nearest_key() -> None:
    listed = ROWS.format("i-0f8c6d91b27ae504a", "text", "", "", "")
    found = stated_no_tags(listed, ["aws:ResourceTag/Taem", "aws:ResourceTag/team", "aws:RequestTag/x"], INSTANCE)
    assert [*found] == ["aws:ResourceTag/Taem"] and "Team=Payments instead" in found["aws:ResourceTag/Taem"].read_from


@pytest.mark.parametrize("options", ["Name=key,Values=Name", "Name=tag:Team,Values=x"])
def test_a_selection_of_tags_shows_no_absence(options: str) -> None:
    text = f"aws ec2 describe-tags --filters {options} --query 'Tags[].[Key,Value]' --output text\nName    pay-2\n"
    assert not stated_no_tags(text, ["aws:ResourceTag/team"], INSTANCE)


def test_the_value_of_the_callers_tag_is_compared_in_its_letter_case() -> None:
    condition = {"StringEquals": {"ec2:ResourceTag/Team": "${aws:PrincipalTag/team}"}}
    shown = policy(allow("ec2:StopInstances", "*", Condition=condition))
    text = f"{no_identity('ec2:StopInstances', INSTANCE)}\n{ROWS.format('i-0f8c6d91b27ae504a', 'text', '', '', '')}"
    answer = diagnosed(f"{text}\npolicy:\n{shown}\nattribute for access control: team = payments")
    assert "to be payments, and it is Payments: letter case matters" in answer.verdict.summary


SECRET = "arn:aws:secretsmanager:eu-north-1:111122223333:secret:sales/crm-Wk2PqL"


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ('Ana   department = "Sales"    Bo   department = "IT"', "aws:PrincipalTag/department", "Sales"),
        ("ops: Department=it", "aws:PrincipalTag/department", "it"),
        ("secret sales/crm     tags: team=sales", "secretsmanager:ResourceTag/team", "sales"),
    ],
)
def test_a_tag_beside_a_name_is_the_names(text: str, key: str, value: str) -> None:
    assert tags_beside(text, [key], SECRET, SESSION)[key].words == value


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Bo   department = IT", "aws:PrincipalTag/department"),
        ("Ana needs department = IT", "aws:PrincipalTag/department"),
        ("the policy of ana allows department = IT", "aws:PrincipalTag/department"),
        ("Ana department = IT\nAna department = Sales", "aws:PrincipalTag/department"),
        ("secret logistics/ups  tags: team=sales", "secretsmanager:ResourceTag/team"),
        ("sales/crm-old  team=sales", "secretsmanager:ResourceTag/team"),
        ("secret sales/crm team=sales", "aws:RequestTag/team"),
    ],
)
def test_a_tag_of_another_name_or_a_wanted_one_is_not_read(text: str, key: str) -> None:
    assert not tags_beside(text, [key], SECRET, SESSION)


def test_a_services_key_for_a_tag_has_the_tags_value() -> None:
    tags = stated_tags("instance tags: Team=kiosk", INSTANCE)
    asked = ["ssm:resourceTag/team", "ssm:resourceTag/Owner", "aws:RequestTag/Team"]  # keys are compared without case
    assert {key: had.words for key, had in of_services(tags, asked).items()} == {"ssm:resourceTag/Team": "kiosk"}
