"""GitHub's subject, read from what a paste shows beside the refusal: the job's environment, the spelling, the age."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

REFUSED = "Error: Could not assume role with OIDC: Not authorized to perform sts:AssumeRoleWithWebIdentity"
TRUSTED = '"token.actions.githubusercontent.com:sub": "repo:{}:*"'


def first(text: str) -> str:
    return collect_offline(read_text(text)[0]).first_look[0].cause


def test_the_environment_of_a_job_is_in_the_subject_where_the_trust_policy_is_not_shown() -> None:
    job = "jobs:\n  ship:\n    runs-on: ubuntu-latest\n    environment: staging\n    steps: []\n"
    assert "repo:OWNER/REPO:environment:staging" in first(f"{job}{REFUSED}")


@pytest.mark.parametrize(
    ("shown", "trusted", "told"),
    [
        ("https://github.com/Acme-Labs/Shop", "acme-labs/Shop", "repo:Acme-Labs/Shop"),
        ("GITHUB_REPOSITORY=Acme/shop", "acme/*", "repo:Acme/*"),
        ("git@github.com:acme/Shop.git", "acme/shop", "repo:acme/Shop"),
    ],
)
def test_a_name_that_differs_in_letter_case_alone_is_the_cause(shown: str, trusted: str, told: str) -> None:
    assert f"write {told} in the trust policy." in first(f"{REFUSED}\n{TRUSTED.format(trusted)}\n{shown}")


@pytest.mark.parametrize("shown", ["https://github.com/acme/shop", "https://github.com/Other/thing"])
def test_the_same_spelling_or_another_repository_is_none(shown: str) -> None:
    assert "matter in the subject" not in first(f"{REFUSED}\n{TRUSTED.format('acme/shop')}\n{shown}")


def test_an_address_is_not_held_against_the_token_s_own_subject() -> None:
    subject = '{"sub": "repo:Acme/Shop:ref:refs/heads/main"}'
    assert "matter in the subject" not in first(f"{REFUSED}\n{subject}\nhttps://github.com/acme/shop")


@pytest.mark.parametrize("words", ["in a newly created repository", "we renamed the org", "this new repo"])
def test_a_new_or_renamed_repository_has_numbers_in_its_subject(words: str) -> None:
    assert first(f"{REFUSED}\n{words}").startswith("The repository sends GitHub's subject with numbers")
    assert not first(f"{REFUSED}\nin the repository acme/shop").startswith("The repository sends")
