"""A script that creates what its own earlier run has created."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

TAKEN = "An error occurred (EntityAlreadyExists) when calling the Create{} operation: {} already exists.\n"
ROLE = TAKEN.format("Role", "Role with name scan")
PROFILE = TAKEN.format("InstanceProfile", "Instance Profile scan")
USER = TAKEN.format("User", "User with name bot")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            f"First run went through. Ran it again today:\n{ROLE}{PROFILE}+ echo done\ndone\n",
            "this error alone changes",
        ),
        (f"the bootstrap script works the first time, on a re-run I get\n{USER}", "keeps its access keys"),
        (f"$ ./setup.sh\n{ROLE}{PROFILE}", "update-assume-role-policy"),
    ],
)
def test_an_earlier_run_is_the_cause(text: str, said: str) -> None:
    causes = [look.cause for look in collect_offline(read_text(text)[0]).first_look]
    assert causes[0].startswith("Most likely an earlier run of the script")
    assert said in causes[0]


@pytest.mark.parametrize(
    "text",
    [
        f"New account, nobody ran this before.\n{USER}",
        f"The second run of the stack fails: it already exists in stack arn:aws:cloudformation:eu-west-1:111122223333:"
        f"stack/other/1\n{USER}",
        "terraform apply, second run:\nError: creating IAM Role (scan): EntityAlreadyExists: Role with name scan "
        "already exists.",
    ],
)
def test_other_conflicts_have_other_causes(text: str) -> None:
    assert "earlier run of the script" not in str(collect_offline(read_text(text)[0]).first_look)
