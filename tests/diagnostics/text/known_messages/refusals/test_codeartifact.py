"""Messages of CodeArtifact about a repository of another account: what the text decides."""

from __future__ import annotations

import pytest

from diagnostics.text.read.messages.service_sentences import sentence_in

READ = (
    "HTTP error 403 while getting https://corp-444455556666.d.codeartifact.eu-west-1.amazonaws.com/pypi/libs/simple/x/\n"
    "arn:aws:iam::{}:role/build has {} on the repository\n{}"
)


NAMES_IT = '"Principal": {"AWS": "arn:aws:iam::111122223333:root"}'


@pytest.mark.parametrize(
    ("account", "action", "more", "decided"),
    [
        ("111122223333", "codeartifact:ReadFromRepository", "", True),
        ("111122223333", "codeartifact:*", "", True),
        ("444455556666", "codeartifact:ReadFromRepository", "", False),
        ("111122223333", "codeartifact:GetAuthorizationToken", "", False),
        ("111122223333", "codeartifact:ReadFromRepository", NAMES_IT, False),
    ],
)
def test_a_repository_of_another_account_needs_its_own_policy(
    account: str, action: str, more: str, decided: bool
) -> None:
    found = sentence_in(READ.format(account, action, more))
    assert found is not None
    assert ("Let the policy of the repository libs in account 444455556666 allow" in found.row.summary) is decided
