"""The principals of a role in Vault are compared with the caller."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import diagnosed

LOGIN = (
    'Code: 400. Errors:\n* IAM Principal "arn:aws:sts::444455556666:assumed-role/build/i-0d1e2f3a4b5c6d7e8" does not '
    'belong to the role "ci"\n'
)


@pytest.mark.parametrize(
    ("bound", "said"),
    [
        (
            "bound_iam_principal_arn  [arn:aws:iam::444455556666:role/ci/build]\nbound_iam_principal_id "
            "[AROAEXAMPLEOLD1]\nthe role's RoleId is AROAEXAMPLENEW2",
            "already lists arn:aws:iam::444455556666:role/ci/build, but Vault compares its unique ID: most likely the "
            "role or user was deleted and created again and has another ID (AROAEXAMPLEOLD1 in Vault, AROAEXAMPLENEW2 "
            "now)",
        ),
        ("bound_iam_principal_arn=arn:aws:iam::444455556666:role/build", "already lists"),
        (
            "bound_iam_principal_arn    [arn:aws:iam::444455556666:role/nightly]",
            "lists arn:aws:iam::444455556666:role/nightly, and the caller's role or user is build of account",
        ),
        ("bound_iam_principal_arn    [arn:aws:iam::111122223333:role/build]", "they differ"),
        ("", "Vault's role does not list the caller"),
    ],
)
def test_the_principals_of_vaults_role(bound: str, said: str) -> None:
    assert said in diagnosed(f"{LOGIN}{bound}").verdict.summary
