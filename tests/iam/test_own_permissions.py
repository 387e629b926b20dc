"""The policies that rolescope itself needs: every call that the source can make, and nothing that no call needs."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore import xform_name

from iam.changes.operations.table import OPERATIONS
from iam.facts.workloads import WORKLOAD_KINDS
from iam.own_permissions import (
    MANAGED_POLICY_LENGTH,
    calls,
    depths,
    length,
    policy,
    terraform,
)
from iam.policy.document import Document
from iam.policy.lint import LintSeverity, PolicyKind, lint
from iam.service_reference import action
from iam.sources.aws.answer_table import ANSWERS
from iam.sources.aws.read_calls import Depth

ACCOUNT = "111122223333"
ROOT = Path(__file__).parents[2]
# Where clients are asked. Elsewhere only the operations of `iam.changes` are called, by their table.
ASKING = ("iam/sources/aws", "iam/credentials")
# Of DynamoDB, SageMaker and Image Builder, and words of Python's libraries.
NO_CALLS = {"Query", "Search", "GetComponent"}


@cache
def _written() -> frozenset[str]:
    """Attributes and texts of the source that may be operations; f-strings as patterns."""
    found = {xform_name(operation) for kind in WORKLOAD_KINDS for _, operation, _ in kind.operations()}
    for path in chain.from_iterable((ROOT / folder).rglob("*.py") for folder in ASKING):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute):
                found.add(node.attr)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
            elif isinstance(node, ast.JoinedStr):
                texts = (part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
                found.add("".join(map(str, texts)))
    return frozenset(found)


def _is_written(operation: str) -> bool:
    name = xform_name(operation)
    kinds = ("role", "user", "group")
    return any(name in (text, *(text.replace("{}", kind) for kind in kinds)) for text in _written() if "_" in text)


def test_every_read_that_a_client_may_make_is_listed() -> None:
    """The reader refuses the answer of a read that `ANSWERS` does not have; `OPERATIONS` are all that plans call."""
    read = {(service, operation) for service, operations in ANSWERS.items() for operation in operations}
    written = {(write.service, write.name) for write in OPERATIONS.values()}
    assert (read | written) - {(call.service, call.operation) for call in calls()} == set()


def test_every_other_call_that_the_source_names_is_listed() -> None:
    session = botocore.session.Session()
    listed = {call.service for call in calls()}
    known = {name for service in listed for name in session.get_service_model(service).operation_names}
    written = {name for name in known if xform_name(name) in _written()} - NO_CALLS
    assert written - {call.operation for call in calls()} == set()


def test_every_entry_is_a_call_that_the_source_makes() -> None:
    session = botocore.session.Session()
    for call in calls():
        assert call.operation in session.get_service_model(call.service).operation_names
        assert call.operation in OPERATIONS or _is_written(call.operation), call


def test_every_call_is_listed_once() -> None:
    seen = [(call.service, call.operation) for call in calls()]
    assert len(seen) == len(set(seen))


def _statements(document: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...], Mapping[str, Any]]]:
    for statement in document["Statement"]:
        resources = statement["Resource"]
        for name in statement["Action"]:
            yield name, (resources,) if isinstance(resources, str) else tuple(resources), statement


@pytest.mark.parametrize("depth", Depth)
def test_no_action_but_those_that_a_call_needs_and_no_star_where_there_are_resources(depth: Depth) -> None:
    needed = {name for call in calls() if call.depth in depths(depth) for name in call.actions}
    needed |= {"iam:PassRole" for call in calls() if call.depth in depths(depth) and call.passes_to}
    allowed = list(_statements(policy(*depths(depth), account=ACCOUNT)))
    assert {name for name, _, _ in allowed} == needed
    assert len(allowed) == len({name for name, _, _ in allowed})
    for name, resources, _ in allowed:
        known = action(name)
        assert "*" not in name
        assert (resources == ("*",)) == (known is None or not known.resource_types), name


@pytest.mark.parametrize("depth", Depth)
@pytest.mark.parametrize("partition", ["aws", "aws-cn", "aws-us-gov"])
def test_each_depth_is_a_managed_policy_that_the_lint_finds_no_error_in(depth: Depth, partition: str) -> None:
    document = policy(depth, account=ACCOUNT, partition=partition)
    assert 0 < length(document) <= MANAGED_POLICY_LENGTH
    for _, resources, _ in _statements(document):
        assert all(each == "*" or each.startswith(f"arn:{partition}:") for each in resources)
    found = lint(Document(json.dumps(document)), PolicyKind.IDENTITY)
    errors = [each.message for each in found if each.severity == LintSeverity.ERROR]
    # Two actions of 2026 that AWS's published list does not have yet.
    assert [each for each in errors if "iam:GetRequestAuthorization" not in each] == []


def test_what_is_written_or_assumed_can_be_narrowed_and_what_is_read_is_not() -> None:
    narrowed = {
        name: resources
        for name, resources, _ in _statements(policy(*depths(Depth.CHANGE), account=ACCOUNT, roles="web/*"))
    }
    whole = (f"arn:aws:iam::{ACCOUNT}:role/*",)
    assert narrowed["iam:GetRole"] == whole
    assert narrowed["iam:CreateRole"] == narrowed["iam:PassRole"] == (f"arn:aws:iam::{ACCOUNT}:role/web/*",)
    assume = {name: found for name, found, _ in _statements(policy(Depth.USE, account=ACCOUNT, roles="web/*"))}
    assert assume["sts:AssumeRole"] == (f"arn:aws:iam::{ACCOUNT}:role/web/*",)


def test_a_role_is_passed_to_the_service_that_the_program_passes_it_to_alone() -> None:
    for partition, service in (("aws", "ec2.amazonaws.com"), ("aws-cn", "ec2.amazonaws.com.cn")):
        passed = [
            statement
            for name, _, statement in _statements(policy(Depth.CREATE, account=ACCOUNT, partition=partition))
            if name == "iam:PassRole"
        ]
        assert [statement["Condition"] for statement in passed] == [{"StringEquals": {"iam:PassedToService": service}}]


def test_terraform_declares_the_same_document() -> None:
    document = policy(Depth.USE, account=ACCOUNT)
    text = terraform(Depth.USE, document)
    inside = re.fullmatch(r'resource "aws_iam_policy" "rolescope_use" \{.*jsonencode\((.*)\)\n\}\n', text, re.DOTALL)
    assert inside is not None and json.loads(inside[1]) == document
    assert not re.search(r"[$%]\{", text)
