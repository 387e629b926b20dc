"""A taken name, of which Terraform's own output shows the owner."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from tests.support.denials.pasted import causes

TAKEN = (
    "Error: creating IAM Role (web-dev): operation error IAM: CreateRole, https response error StatusCode: 409, "
    "EntityAlreadyExists: Role with name web-dev already exists.\n│\n│   with module.app.aws_iam_role.exec[0],"
)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("module.app.aws_iam_role.task[0]: Creation complete after 1s [id=web-dev]", "This run itself created"),
        (
            "module.app.aws_iam_role_policy_attachment.task[0]: Creation complete after 0s "
            "[id=web-dev/arn:aws:iam::444455556666:policy/x]",
            "The same run used the name web-dev a moment before",
        ),
        (
            "aws_iam_role.old: Refreshing state... [id=web-dev]",
            "under aws_iam_role.old. If the resource was renamed",
        ),
    ],
)
def test_the_name_is_the_runs_own_under_another_address(line: str, words: str) -> None:
    (cause,) = causes(f"{line}\n{TAKEN}")
    assert words in cause
    assert "import" in cause  # only to say that it does not help


@pytest.mark.parametrize(
    "line",
    [
        "module.app.aws_iam_role.exec[0]: Creation complete after 1s [id=web-dev]",
        "module.app.aws_iam_role.task[0]: Creation complete after 1s [id=web-dev-2]",
        "module.app.aws_s3_bucket.web: Creation complete after 1s [id=web-dev]",
        "module.app.aws_iam_instance_profile.web: Creation complete after 1s [id=web-dev]",
        "aws_iam_role_policy.logs: Refreshing state... [id=web-dev:logs]",
    ],
)
def test_another_name_or_the_same_address_says_nothing(line: str) -> None:
    assert causes(f"{line}\n{TAKEN}")[0].startswith("Find out first who created the existing resource.")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("workspace: staging  (prod is applied in the same account since last week)", "Most likely prod already uses"),
        ("stage dev; the eu stack was deployed in the same account", "Give this stack's role another name"),
        ("web-a runs in the same AWS account", "Do not delete or import what web-a uses"),
        ("dev runs since May. Now the second one, STAGE=qa, same account and region", "The first environment already"),
        ("everything is in the same account", ""),
        ("workspace: staging  (prod is applied in the other account)", ""),
    ],
)
def test_an_environment_in_the_same_account_has_the_name(said: str, words: str) -> None:
    found = causes(f"{TAKEN}\n{said}")[0]
    assert (words in found) if words else found.startswith("Find out first who created the existing resource.")


PROVIDER = "CREATE_FAILED EntityAlreadyExistsException: Provider with url [https://a.example] already exists\n"


@pytest.mark.parametrize(
    ("said", "own"),
    [
        ("cdk deploy. The stack itself owns the existing provider.", True),
        ("cdk diff\n-new Old(this, {url: 'https://a.example'})\n+new Native(this, {url: 'https://a.example'})", True),
        ("cdk deploy. Another stack owns the existing provider.", False),
        ("cdk diff\n+new Native(this, {url: 'https://a.example'})", False),
    ],
)
def test_a_stack_that_moves_its_own_resource_creates_before_it_deletes(said: str, own: bool) -> None:
    assert causes(PROVIDER + said)[0].startswith("The existing resource is in this same stack") is own


def test_a_resource_that_moves_between_stacks_is_still_the_old_ones() -> None:
    text = f"{PROVIDER}cdk deploy. We moved the provider construct from Network to the Auth stack."
    assert causes(text)[0].startswith("The resource moved between stacks")


LISTED = (
    "An error occurred (EntityAlreadyExists) when calling the CreateRole operation: Role with name Deploy-Bot already"
)
LISTED += " exists.\n$ aws iam list-roles --query 'Roles[].RoleName' | grep -i bot\n"


def test_a_listed_name_in_other_letters_is_the_same_name() -> None:
    for shown in ("deploy-bot\nslackbot-lambda", '{ "Role": { "Path": "/ci/", "RoleName": "deploy-bot" } }'):
        (found,) = causes(f"{LISTED}{shown}")
        assert found.startswith("deploy-bot exists, and IAM does not distinguish letter case or path")


@pytest.mark.parametrize(
    "row",
    [
        "deploy-bot\t/ci/\t2019-06-03T11:20:44+00:00",
        "| deploy-bot | /ci/ | AROAEXAMPLEEXAMPLE12 |",
        '[["app", "/"], \n  ["deploy-bot", "/ci/"]]',
        "app  /  2024-02-11\ndeploy-bot  /ci/  2019-06-03",
        "arn:aws:iam::111122223333:role/ci/deploy-bot",
    ],
)
def test_a_row_of_a_listing_shows_the_name_and_its_path(row: str) -> None:
    (found,) = causes(f"{LISTED}{row}")
    assert found.startswith("deploy-bot (path /ci/) exists, and IAM does not distinguish letter case or path")
    assert "Deploy-Bot is the same name" in collect_offline(read_text(f"{LISTED}{row}")[0]).verdict.summary


@pytest.mark.parametrize(
    "row",
    [
        "deploy-bot  CREATE_FAILED  AWS::IAM::Role  already exists",
        "deploy-bot   | ready | 2024-02-11",
        "arn:aws:iam::111122223333:user/ci/deploy-bot",
        "Deploy-Bot\t/ci/\t2019-06-03T11:20:44+00:00",
    ],
)
def test_a_row_of_something_else_does_not_show_the_name(row: str) -> None:
    assert not any("letter case or path in names" in each for each in causes(f"{LISTED}{row}"))


@pytest.mark.parametrize("listed", ["Deploy-Bot", "deploy-bots", "aws_iam_role.deploy-bot", "the deploy-bot is ours"])
def test_other_words_are_not_the_name(listed: str) -> None:
    assert not any("letter case" in each for each in causes(f"{LISTED}{listed}"))


@pytest.mark.parametrize(
    ("told", "left"),
    [
        ("Second try, after the first attempt failed half way.", True),
        ("We destroyed the workspace and now deploy it again.", True),
        ("Re-installing the stack after it was deleted in the console.", True),
        ("This is the first deployment in the account.", False),
        ("The previous run worked.", False),
    ],
)
def test_what_remains_of_an_earlier_deployment_is_named(told: str, left: bool) -> None:
    text = (
        f"{told}\nError: creating IAM Role (shop-api): operation error IAM: CreateRole, https response error "
        "StatusCode: 409, RequestID: 1, EntityAlreadyExists: Role with name shop-api already exists."
    )
    first = collect_offline(read_text(text)[0]).first_look[0].cause
    assert first.startswith("Most likely shop-api remains from the earlier deployment") is left


def test_the_stack_in_the_output_of_a_query_for_its_tag_owns_the_role() -> None:
    text = (
        "Resource handler returned message: \"Resource of type 'AWS::IAM::Role' with identifier 'web-exec' already "
        'exists." (HandlerErrorCode: AlreadyExists)\n$ aws iam get-role --role-name web-exec --query '
        "'Role.Tags[?Key==`\"aws:cloudformation:stack-id\"`].Value'\n[\n    "
        '"arn:aws:cloudformation:eu-west-3:210987654321:stack/web/0b6f3aa0-4b5a-11f0-9d3e-0a3c5f6d2e11"\n]\n'
    )
    first = collect_offline(read_text(text)[0]).first_look[0].cause
    assert first.startswith("The existing resource belongs to another stack, web in eu-west-3. IAM is global")
