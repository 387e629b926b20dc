"""Texts of refusals with policies beside them, and their diagnosis offline."""

from __future__ import annotations

import json
from typing import Any

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.diagnosis import Diagnosis
from diagnostics.text.causes.find_causes import first_look

ROLE = "arn:aws:sts::210987654321:assumed-role/exporter/job-18"


def refused(action: str, resource: str, reason: str, caller: str = ROLE) -> str:
    return f"User: {caller} is not authorized to perform: {action} on resource: {resource} {reason}"


def no_identity(action: str, resource: str, caller: str = ROLE) -> str:
    return refused(action, resource, f"because no identity-based policy allows the {action} action", caller)


def refused_call(operation: str, action: str, on: str = "*", caller: str = "arn:aws:iam::444455556666:user/eva") -> str:
    return (
        f"An error occurred (AccessDenied) when calling the {operation} operation: User: {caller} is not authorized to "
        f"perform: {action} on resource: {on} because no identity-based policy allows the {action} action"
    )


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action: Any, resource: Any, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny_document(action: Any, **more: Any) -> str:
    """Return a policy whose only statement, Guard, denies the action."""
    return json.dumps({"Statement": [{"Sid": "Guard", "Effect": "Deny", "Action": action, **more}]})


def refused_by_deny(request: tuple[str, str], layer: str, document: str, before: str = "") -> str:
    """Return the refusal of an action on a resource by a Deny, with the document of that layer."""
    kind = "SCP" if "control" in layer else "policy"
    return f"{before}{refused(*request, f'with an explicit deny in a {layer}')}\n{kind}:\n{document}"


PASSED = "arn:aws:iam::210987654321:role/worker"
"""The role that a refused iam:PassRole passes."""


def passing_role(operation: str, *statements: dict[str, Any]) -> str:
    """Return the refusal of an operation that passes `PASSED`, with a policy."""
    called = f"An error occurred (AccessDenied) when calling the {operation} operation: "
    return called + no_identity("iam:PassRole", PASSED) + "\n" + policy(*statements)


def to_service(service: str, resource: str = PASSED) -> dict[str, Any]:
    """Return a statement that lets a role be passed to one service."""
    return allow("iam:PassRole", resource, Condition={"StringEquals": {"iam:PassedToService": service}})


def diagnosed(text: str) -> Diagnosis:
    return collect_offline(read_text(text)[0])


def causes(text: str) -> list[str]:
    """Return the usual causes in the answer to the first failure of a text."""
    return [look.cause for look in diagnosed(text).first_look]


def table_causes(text: str) -> list[str]:
    """Return the usual causes that the tables have for the first failure, even if the answer leaves them out."""
    return [look.cause for look in first_look(read_text(text)[0])]


BUCKET = "arn:aws:s3:::north-ledger"
