"""GitHub's subject, read from what a paste shows beside the refusal: the job's environment, the spelling, the age."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from tests.support.denials.pasted import causes
from tests.support.texts.answers import causes_in

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


@pytest.mark.parametrize(
    ("named", "old"),
    [('"repo:acme/*"', False), ('["repo:annk/app:*", "repo:acme/app:*"]', False), ('"repo:acme/old:*"', True)],
)
def test_a_policy_that_names_the_old_repository_alone_is_the_cause_after_a_rename(named: str, old: bool) -> None:
    (failure,) = read_text(
        "We renamed the repo.\nError: Could not assume role with OIDC: Not authorized to perform "
        f'sts:AssumeRoleWithWebIdentity\n"StringLike": {{"token.actions.githubusercontent.com:sub": {named}}}'
    )
    looks = collect_offline(failure).first_look
    assert ("still names the old owner or name" in looks[0].cause) is old
    assert "numeric IDs" in looks[0].cause


@pytest.mark.parametrize(
    "words", ["in a newly created repository", "we renamed the org", "Renamed one repository", "this new repo"]
)
def test_a_new_or_renamed_repository_has_numbers_in_its_subject(words: str) -> None:
    said = first(f"{REFUSED}\n{words}")
    assert said.startswith(("The repository's tokens have a subject", "The token's subject has the repository's new"))
    assert "numeric IDs (repo:OWNER@ID/REPO@ID:…)" in said
    assert not first(f"{REFUSED}\nin the repository acme/shop").startswith("The repository sends")


ON_A_BRANCH = '"token.actions.githubusercontent.com:sub": "repo:acme/shop:ref:refs/heads/main"'


@pytest.mark.parametrize("run", ["event pull_request, ref refs/pull/88/merge", "GITHUB_EVENT_NAME=pull_request"])
def test_a_run_for_a_pull_request_has_no_branch_in_its_subject(run: str) -> None:
    (only,) = causes(f"{run}\n{REFUSED}\n{ON_A_BRANCH}")
    assert "repo:acme/shop:pull_request, without a branch" in only
    accepted = ON_A_BRANCH.replace("ref:refs/heads/main", "pull_request")
    assert "without a branch" not in causes(f"{run}\n{REFUSED}\n{accepted}")[0]


def test_what_the_text_does_not_show_is_one_general_cause() -> None:
    (only,) = causes(REFUSED)
    assert "A branch, a pull request, a tag" in only
    assert "compare the issuer, the audience and the role's ARN" in only
    (only,) = causes(f"    environment: prod\n{REFUSED}\n{ON_A_BRANCH}")
    assert "repo:acme/shop:environment:prod" in only


@pytest.mark.parametrize(
    "run", ["GITHUB_REF=refs/heads/feat/x", "GITHUB_REF_NAME: feat/x", "#8 (branch feat/x)  X failed"]
)
def test_a_run_of_another_branch_than_the_trusted_one(run: str) -> None:
    (only,) = causes(f"{run}\n{REFUSED}\n{ON_A_BRANCH}")
    assert "subject is repo:acme/shop:ref:refs/heads/feat/x" in only
    assert "accepts only main" in only
    for text in (f"{run.replace('feat/x', 'main')}\n{REFUSED}\n{ON_A_BRANCH}", f"{REFUSED}\n{ON_A_BRANCH}",
                 f"{run}\n{REFUSED}\n{ON_A_BRANCH.replace('main', '*')}"):  # fmt: skip
        assert "of the branch" not in causes(text)[0]


_NAMES_ALONE = "The trust policy has the new name already."


@pytest.mark.parametrize(
    "said",
    [
        "We renamed the GitHub organisation (a-apin -> acme) today.",
        "We renamed the repository from shop-old to acme/shop last week.",
        "The repo was transferred => acme/shop",
    ],
)
def test_a_trust_policy_with_the_new_name_lacks_the_numbers(said: str) -> None:
    assert first(f"{REFUSED}\n{said}\n{TRUSTED.format('acme/shop')}").startswith(_NAMES_ALONE)


@pytest.mark.parametrize(
    "said",
    ["We renamed the GitHub organisation (acme -> acme-labs) today.", "The job moved to another runner.", "It is new."],
)
def test_a_trust_policy_with_the_old_name_or_no_rename_is_not_said_to_have_it(said: str) -> None:
    assert not first(f"{REFUSED}\n{said}\n{TRUSTED.format('acme/shop')}").startswith(_NAMES_ALONE)


def test_it_says_where_the_subject_is_seen() -> None:
    assert "CloudTrail's event AssumeRoleWithWebIdentity shows the subject" in first(f"{REFUSED}\ngithub actions")


@pytest.mark.parametrize(
    ("said", "tag"),
    [
        ("works from branch main, fails on tag v1.2.3", "v1.2.3"),
        ("GITHUB_REF=refs/tags/release/7", "release/7"),
        ("GITHUB_REF_TYPE: tag", "*"),
    ],
)
def test_a_tag_s_run_is_not_one_of_a_branch(said: str, tag: str) -> None:
    text = f'{REFUSED}\n"token.actions.githubusercontent.com:sub": "repo:acme/shop:ref:refs/heads/*"\n{said}'
    assert f"The run is for a tag, so its token's subject is repo:acme/shop:ref:refs/tags/{tag}" in " ".join(
        causes(text)
    )


@pytest.mark.parametrize(
    ("said", "trusted"),
    [
        ("fails on tag v1.2.3", "repo:acme/shop:*"),
        ("fails on tag v1.2.3", "repo:acme/shop:ref:refs/tags/v*"),
        ("the tags of the role", "repo:acme/shop:ref:refs/heads/main"),
    ],
)
def test_a_tag_that_is_accepted_or_of_something_else_is_not_the_cause(said: str, trusted: str) -> None:
    text = f'{REFUSED}\n"StringLike": {{"token.actions.githubusercontent.com:sub": "{trusted}"}}\n{said}'
    assert "The run is for a tag" not in " ".join(causes(text))


NO_PROVIDER = "No OpenIDConnect provider found in your account for https://oidc.eks.eu-west-1.amazonaws.com/id/{}\n"
LISTED = '{{"Arn": "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/{}"}}'


@pytest.mark.parametrize(
    ("listed", "other"),
    [(LISTED.format("AAAA"), True), (LISTED.format("BBBB") + LISTED.format("AAAA"), False), ("", False)],
)
def test_the_providers_in_the_text_may_be_of_another_cluster(listed: str, other: bool) -> None:
    said = causes_in(f"InvalidIdentityToken: {NO_PROVIDER.format('BBBB')}{listed}")
    assert ("have other issuers than the token" in said) is other


def test_the_network_plugins_call_is_not_glues() -> None:
    text = 'aws-node {"caller":"ipamd/ipamd.go:497","msg":"Failed to call ec2:DescribeSubnets: InvalidIdentityToken'
    assert "AWSGlueServiceRole" not in causes_in(f"{text}: {NO_PROVIDER.format('BBBB')}")
