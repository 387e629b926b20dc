"""Messages of AWS Backup about copies to other accounts: what the text decides."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

VAULT = "arn:aws:backup:eu-central-1:444455556666:backup-vault:dr"


def answer(text: str) -> str:
    diagnoses = [collect_offline(failure) for failure in read_text(text)]
    return "\n".join(f"{each.verdict.summary} {' '.join(look.cause for look in each.first_look)}" for each in diagnoses)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"Access Denied trying to call AWS Backup service\nsource 111122223333, destination {VAULT}",
         f"let the access policy of {VAULT} allow the source account"),
        (f"Access Denied trying to call AWS Backup service\nSource vault: {VAULT}-a\nDestination: {VAULT}",
         f"let the access policy of {VAULT} allow the source account"),
        (f"Access Denied trying to call AWS Backup service\nSource vault: {VAULT}", "In the destination account, let"),
        ("copy to the vault dr failed: Access Denied trying to call AWS Backup service", "aws:PrincipalOrgID"),
    ],
)  # fmt: skip
def test_the_vaults_in_the_text_decide_whose_policy_lacks_what(text: str, said: str) -> None:
    assert said in answer(text)
