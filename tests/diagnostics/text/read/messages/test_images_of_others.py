"""An image that EC2 does not find, and what the text says about its owner."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import diagnosed

REFUSED = (
    "==> amazon-ebs.web: Error launching instance: operation error EC2: RunInstances, api error AuthFailure: Not "
    "authorized for images: [ami-0aa11bb22cc33dd44]\n"
)


@pytest.mark.parametrize(
    "said",
    [
        "the AMI is owned by the platform account",
        "that image comes from acct 111122223333",
        "AMI belongs to another account of ours",
    ],
)
def test_the_owner_that_the_text_names_must_share_the_image(said: str) -> None:
    answer = diagnosed(f"{REFUSED}{said}\n")
    assert "must give this account a launch permission" in answer.verdict.summary
    assert not any("Packer calls with" in look.cause for look in answer.first_look)


@pytest.mark.parametrize(
    "said", ["", "the AMI is in our own eu-west-1, not in another account", "the AMI is in this account"]
)
def test_without_another_owner_the_image_may_be_deregistered(said: str) -> None:
    assert "it was deregistered" in diagnosed(f"{REFUSED}{said}\n").verdict.summary
