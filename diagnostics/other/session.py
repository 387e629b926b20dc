"""Explain requests for sessions that are longer than allowed."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

from diagnostics.access_denied.request.subject import roles_spoken_of
from diagnostics.diagnosis import Evidence, Status, Step, Verdict
from diagnostics.failure import OtherFailure
from diagnostics.fix import Fix, Note, ShellCommand, iam_call, to_complete
from diagnostics.text.answer.other_failures import message_step
from diagnostics.who import Who
from iam.account import Role
from iam.claims import Ground, confidence
from iam.sources.reader.opened import OpenedAccount

# UG:id_roles_use: a role assumed by a role's session lasts an hour at most; any other, as long as the role allows.
CHAINED_SECONDS = 3600


def explain(failure: OtherFailure, opened: OpenedAccount, hint: str | None) -> Iterator[Step | Verdict | Fix]:
    yield message_step(failure)
    yield Step("authorization", "Is it a question of permissions", Status.PASS, "no: a limit of the call itself")
    chained = re.search(r"chain|1 hour", failure.text, re.IGNORECASE) is not None
    role = _role(failure, opened, hint)
    if role is not None:
        limit = role.max_session_seconds
        said = f"{role.name} allows {limit} s" if limit else f"{role.name}: its maximum session duration is unknown"
        evidence = (Evidence(text=said, arn=role.arn, call="iam:GetRole"),)
        yield Step(
            "role", "The role's maximum session duration", Status.PASS if limit else Status.UNKNOWN, said, evidence
        )
    arn = shlex.quote(role.arn) if role is not None else "ROLE-ARN"
    yield _asked_step(failure, chained)
    if chained:
        yield Verdict(
            "session.duration",
            confidence(Ground.STATED),
            "The caller is itself a role session. A session that a role session starts lasts at most an hour, "
            "whatever the role allows.",
        )
        yield Fix(
            "Request 3600 seconds or less",
            Who.CALLER,
            ShellCommand(
                role.arn if role else "the call",
                f"aws sts assume-role --role-arn {arn} --role-session-name session --duration-seconds "
                f"{CHAINED_SECONDS}",
            ),
        )
        yield Fix(
            "Or assume the role as an IAM user, or sign in to the role directly with SAML or OIDC",
            Who.CALLER,
            Note(
                role.arn if role else "the call",
                "The limit of an hour comes from role chaining; the role's own limit does not change this. A "
                "session from IAM Identity Center is also a role's session, so assuming another role with that "
                "session is also role chaining.",
            ),
        )
        return
    limit = role.max_session_seconds if role is not None else None
    longest = f"{limit} seconds" if limit else "its maximum session duration"
    yield Verdict(
        "session.duration",
        confidence(Ground.STATED),
        f"The requested session is longer than the role allows ({longest})."
        if limit
        else "The requested session is longer than the role allows, or not within 900 to 43200 seconds.",
    )
    yield Fix(
        f"Request {limit or CHAINED_SECONDS} seconds or less",
        Who.CALLER,
        ShellCommand(
            role.arn if role else "the call",
            f"aws sts assume-role --role-arn {arn} --role-session-name session --duration-seconds "
            f"{limit or CHAINED_SECONDS}",
        ),
    )
    if role is not None and not role.service_owned:
        yield Fix(
            "Or let the role's sessions be longer (at most 43200 seconds), if its owner agrees",
            Who.ACCOUNT_ADMIN,
            to_complete(role.arn, "SECONDS", iam_call("UpdateRole", RoleName=role.name, MaxSessionDuration="SECONDS")),
        )


def _asked_step(failure: OtherFailure, chained: bool) -> Step:
    """Return the step about the session that the text says was requested. This step decides the verdict."""
    said = "the requested session is longer than the role allows"
    if chained:
        said = "role chaining: the caller is itself an assumed role, so the new session lasts at most 1 hour (3600 s)"
    evidence = (Evidence(text=said, layer="message", call=f"sts:{failure.operation or 'AssumeRole'}"),)
    return Step("duration", "The requested session", Status.FAIL, said, evidence)


def _role(failure: OtherFailure, opened: OpenedAccount, hint: str | None) -> Role | None:
    names = (failure.name, *roles_spoken_of(failure.text, opened.account), hint)
    role = next((role for name in names if name and (role := opened.account.role(name)) is not None), None)
    if role is not None and role.max_session_seconds is None:
        return opened.reader.role(role.name).value or role
    return role
