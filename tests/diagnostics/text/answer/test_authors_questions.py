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
    assert "AWS refused the role build-web: the permissions of your own user or role do not" in summary


@pytest.mark.parametrize(
    ("said", "caller"),
    [
        ("but I can do it in the console just fine, I have s3:*", "cfn-exec/AWSCloudFormation"),
        ("My deploy user has s3:*", "app-FnRole-1/app-Fn"),
        ("I already gave s3:* to my own user", "build-web/AWSCodeBuild-77aa"),
    ],
)
def test_the_authors_own_actions_are_not_the_services_roles(said: str, caller: str) -> None:
    (failure,) = read_text(f"{refused(caller)}\n{said}")
    found = collect_offline(failure)
    assert f"AWS refused the role {caller.partition('/')[0]}: the permissions of your own" in found.verdict.summary
    assert not any(step.title == "The policy in the text" for step in found.steps)


@pytest.mark.parametrize(
    ("asked", "caller"),
    [
        ("I'm account admin", "OrgAdmin/max"),
        ("I am admin", "AWSReservedSSO_Ops_0123456789abcdef/max"),
        ("I am not an admin", "build-web/job"),
        ("my role build-web is admin", "build-web/max"),
        ("the admin group exists", "build-web/job"),
        ("attached: arn:aws:iam::aws:policy/AdministratorAccess. we're admin!", "team-7/lin"),
        ("we are admins, it has arn:aws:iam::aws:policy/PowerUserAccess", "data-lab/ann"),
        (
            "$ aws sts get-caller-identity --query Arn --output text\narn:aws:sts::111122223333:assumed-role/lab/ann\n"
            "I am admin here",
            "lab/ann",
        ),
    ],
)
def test_a_role_that_may_be_the_askers_is_not_called_another(asked: str, caller: str) -> None:
    (failure,) = read_text(f"{asked}\n{refused(caller)}")
    assert "your own user" not in collect_offline(failure).verdict.summary


PROBED = (
    "An error occurred (AccessDenied) when calling the ListUsers operation: User: arn:aws:iam::818820043915:user/probe "
    "is not authorized to perform: iam:ListUsers on resource: arn:aws:iam::818820043915:user/ with an explicit deny in "
    "an identity-based policy"
)


def test_a_call_that_needs_no_permission_shows_no_gap() -> None:
    (failure,) = read_text(f"one policy: Deny * on *\n{PROBED}\nis it broken? get-caller-identity gets through!")
    diagnosis = collect_offline(failure)
    assert diagnosis.verdict.summary.startswith("sts:GetCallerIdentity needs no permission")
    assert "keep that Deny" in diagnosis.verdict.summary
    assert not any("MFA" in look.cause for look in diagnosis.first_look)


def test_a_call_that_is_only_named_is_not_explained() -> None:
    (failure,) = read_text(f"$ aws sts get-caller-identity\n{PROBED}\nwhat now?")
    assert "needs no permission" not in collect_offline(failure).verdict.summary


GATHERS = (
    "level=error msg=Failed to gather VM console logs: UnauthorizedOperation: User: arn:aws:iam::301711112222:user/ocp "
    "is not authorized to perform: ec2:GetConsoleOutput because no identity-based policy allows the "
    "ec2:GetConsoleOutput action"
)


@pytest.mark.parametrize(("before", "said"), [("the bootstrap failed first\n", True), ("", False)])
def test_a_refusal_while_gathering_logs_is_not_the_first_failure(before: str, said: bool) -> None:
    (failure,) = read_text(f"{before}{GATHERS}")
    assert ("this refusal only prevents" in collect_offline(failure).verdict.summary) is said


@pytest.mark.parametrize("session", ["n.osei", "jo.van.dam", "eva@example.com"])
def test_a_session_of_a_person_may_be_the_askers_own(session: str) -> None:
    (failure,) = read_text(f"I have PowerUserAccess.\n{refused(f'team-dev/{session}')}")
    assert "permissions of your own user" not in collect_offline(failure).verdict.summary
