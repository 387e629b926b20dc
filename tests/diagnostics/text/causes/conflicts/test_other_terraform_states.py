"""A name that another state of Terraform manages is not imported."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

FAILED = (
    "$ terraform apply\n"
    "│ Error: creating IAM Role (etl-runner): operation error IAM: CreateRole, https response error StatusCode: 409, "
    "EntityAlreadyExists: Role with name etl-runner already exists.\n│\n│   with module.etl.aws_iam_role.runner,\n"
)
ADDRESS = "module.etl.aws_iam_role.runner"


def said(text: str) -> str:
    """Return the verdict and the causes of a text."""
    answer = collect_offline(read_text(text)[0])
    return "\n".join((answer.verdict.summary, *(each.cause for each in answer.first_look)))


@pytest.mark.parametrize(
    ("listing", "place"),
    [
        (f"$ terraform workspace select -or-create live\n$ terraform state list\n{ADDRESS}\n", "workspace live"),
        (f"$ TF_WORKSPACE=blue terraform state list | grep runner\n{ADDRESS}\n", "workspace blue"),
        (f"$ terraform -chdir=../shared state list\naws_sqs_queue.q\n{ADDRESS}\n", "the folder ../shared"),
        (f"$ cd ../platform && tofu state list\n{ADDRESS}\n$ cd -\n", "the folder ../platform"),
    ],
)
def test_the_state_that_lists_the_address_is_named(listing: str, place: str) -> None:
    answer = said(f"{FAILED}{listing}")
    assert f"the state of {place} manages it" in answer
    assert "terraform import" not in answer


@pytest.mark.parametrize(
    "listing",
    [
        f"$ terraform state list\n{ADDRESS}\n",
        "$ terraform workspace select live\n$ terraform state list\nmodule.etl.aws_iam_role.reader\n",
        f"$ terraform workspace select live\n$ terraform state list\naws_sqs_queue.q\n$ echo\n{ADDRESS}\n",
        f"$ terraform workspace show\nlive\n$ terraform workspace select live\n$ terraform state list\n{ADDRESS}\n",
    ],
)
def test_the_same_state_or_another_address_is_not(listing: str) -> None:
    assert "and the state of" not in said(f"{FAILED}{listing}").split("\n")[0]
    assert "Do not import it: the state of" not in said(f"{FAILED}{listing}")


def test_a_workspace_that_was_chosen_before_the_failure_is_where_it_failed() -> None:
    text = f"$ terraform workspace select live\n{FAILED}$ terraform state list\n{ADDRESS}\n"
    assert "the state of" not in said(text)
