"""The asker's own permissions, beside a call that another role made."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text


def refused(caller: str) -> str:
    return (
        f"User: arn:aws:sts::111122223333:assumed-role/{caller} is not authorized to perform: s3:PutObject on "
        "resource: arn:aws:s3:::art/x because no identity-based policy allows the s3:PutObject action"
    )


@pytest.mark.parametrize(
    "asked",
    [
        "I'm account admin, do I have to add this to my own user?",
        "terraform runs with my admin user",
        "I deploy as admin, do I need more permissions?",
        "Must I give myself more?",
        "ich bin Admin im Konto, brauche ich noch mehr Rechte?",
        "I have AdministratorAccess.",
    ],
)
def test_the_refused_role_is_named_to_an_administrator(asked: str) -> None:
    (failure,) = read_text(f"{asked}\n{refused('build-web/job')}")
    summary = collect_offline(failure).verdict.summary
    assert "Your own permissions do not count here: the role build-web is refused" in summary


@pytest.mark.parametrize(
    ("asked", "caller"),
    [
        ("I'm account admin", "OrgAdmin/max"),
        ("I am admin", "AWSReservedSSO_Ops_0123456789abcdef/max"),
        ("I am not an admin", "build-web/job"),
        ("my role build-web is admin", "build-web/max"),
        ("the admin group exists", "build-web/job"),
    ],
)
def test_a_role_that_may_be_the_askers_is_not_called_another(asked: str, caller: str) -> None:
    (failure,) = read_text(f"{asked}\n{refused(caller)}")
    assert "Your own permissions" not in collect_offline(failure).verdict.summary
