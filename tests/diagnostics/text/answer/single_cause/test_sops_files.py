"""A file of SOPS that names the profile with which it was encrypted."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import diagnosed

KEY = "arn:aws:kms:eu-west-3:111122223333:key/4be0b0a3-4b5a-4e6c-8f0b-6f5f4e4f0d11"
REFUSED = (
    "Failed to get the data key required to decrypt the SOPS file.\nError decrypting key: AccessDeniedException: The "
    "ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not "
    "allowed to access.\n"
)


def kept(*lines: str) -> str:
    return "sops:\n  kms:\n    - arn: " + KEY + "\n" + "".join(f"      {each}\n" for each in lines)


@pytest.mark.parametrize(
    ("lines", "where"),
    [
        (("enc: AQICAHh0", "aws_profile: laptop"), "the argocd repo server cannot decrypt"),
        (('aws_profile: "laptop"', 'created_at: "2025-01-01T00:00:00Z"', "enc: AQICAHh0"), "runs in our CI pipeline"),
    ],
)
def test_the_profile_in_the_file_is_the_likely_cause_elsewhere(lines: tuple[str, ...], where: str) -> None:
    answer = diagnosed(f"{REFUSED}{where}\n{kept(*lines)}")
    assert answer.verdict.summary.startswith("The encrypted file itself names aws_profile: laptop.")
    assert answer.fixes[0].title == "Remove aws_profile: laptop from the file"


@pytest.mark.parametrize("profile", ['aws_profile: ""', ""])
def test_a_file_without_a_profile_is_not_blamed(profile: str) -> None:
    lines = ("enc: AQICAHh0", profile) if profile else ("enc: AQICAHh0",)
    answer = diagnosed(f"{REFUSED}the argocd repo server cannot decrypt\n{kept(*lines)}")
    assert "The encrypted file itself" not in answer.verdict.summary
