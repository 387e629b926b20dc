"""Lint by Access Analyzer's codes: each with a document that has the fault and one that has not."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iam.policy.document import Document
from iam.policy.lint import LintSeverity, PolicyKind, lint
from tests.support.texts.lint_cases import CASES, text_of

ROOT = Path(__file__).parents[4]


def codes(kind: str, change: Any) -> list[str]:
    return [finding.code for finding in lint(Document(text_of(kind, change)), kind)]


@pytest.mark.parametrize(("code", "kind", "bad", "good"), CASES, ids=[f"{row[0]}-{n}" for n, row in enumerate(CASES)])
def test_a_code_is_found_where_it_belongs_and_only_there(code: str, kind: str, bad: Any, good: Any) -> None:
    assert code in codes(kind, bad)
    assert code not in codes(kind, good)


def test_every_code_has_a_case() -> None:
    """Some codes are joined from parts, each of which is in the code of a case."""
    sources = [path.read_text("utf-8") for path in (ROOT / "iam" / "policy" / "lint").glob("*.py")]
    written = set(re.findall(r'"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)"', "".join(sources)))
    assert len(written) > 100
    other = {"MAX_FINDINGS", "SECURITY_WARNING"}  # a name, and a severity
    assert [code for code in written - other if not any(code in row[0] for row in CASES)] == []


@pytest.mark.parametrize("kind", [kind.value for kind in PolicyKind])
def test_a_sound_document_of_each_kind_has_no_findings(kind: str) -> None:
    assert codes(kind, {}) == []


def test_findings_say_line_and_column_and_what_was_probably_meant() -> None:
    text = text_of("identity", {"Action": ["dynamodb:Query", "dynamodb:GetItm"]})
    (finding,) = lint(Document(text), PolicyKind.IDENTITY)
    assert text.splitlines()[finding.line - 1][finding.column - 1 :].startswith('"dynamodb:GetItm"')
    assert finding.severity is LintSeverity.ERROR and finding.message.endswith("Did you mean dynamodb:GetItem?")
    assert finding.path == ("Statement", 0, "Action", 1) and finding.source == "rolescope"


def test_findings_come_by_their_place() -> None:
    found = lint(Document(text_of("identity", [{"Action": "x:y"}, {"Resource": "z"}])), "identity")
    assert [(one.line, one.column) for one in found] == sorted((one.line, one.column) for one in found)


def test_severities_are_access_analyzers() -> None:
    found = lint(Document(text_of("identity", {"Action": "iam:*", "Resource": "*"})), "identity")
    assert {one.code: one.severity.value for one in found} == {
        "PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE": "SECURITY_WARNING",
        "CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE": "WARNING",
    }


def test_a_boundary_gives_nothing_away() -> None:
    assert codes("boundary", {"Action": "*", "Resource": "*"}) == []


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["Version", "Statement", "Effect", "Action", "Principal", "Condition", "StringLike", "AWS", "x"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(value=_json, kind=st.sampled_from(list(PolicyKind)))
def test_whatever_stands_in_a_document_is_a_finding_and_no_exception(value: Any, kind: PolicyKind) -> None:
    for finding in lint(Document(json.dumps(value, indent=1)), kind):
        assert finding.line >= 1 and finding.column >= 1 and finding.message


def test_a_huge_document_is_answered() -> None:
    many = [{"Action": f"dynamodb:Get{n}", "Resource": f"bad{n}"} for n in range(3_000)]
    assert len(lint(Document(text_of("identity", many)), "identity")) == 500


# AWS's own policies. What is wrong in them is wrong: actions and services that AWS has taken back, or does not list.
_TAKEN_BACK = {
    *("builderid", "codestar", "deepcomposer", "deeplens", "deepracer", "elastic-inference", "evidently"),
    *("iot1click", "iotevents", "zocalo"),
}
_EXPLAINED = {
    "INVALID_ACTION": "actions that AWS took back, or does not list yet",
    "INVALID_SERVICE_IN_ACTION": "services that AWS took back",
    "INVALID_SERVICE": "a condition key of such a service",
    "INVALID_SERVICE_CONDITION_KEY": "a key that AWS does not list",
    "UNSUPPORTED_ACTION_FOR_CONDITION_KEY": "a key that AWS does not list for an action of the statement",
    "INVALID_ARN_RESOURCE": "kinds of resources misspelled, or not listed",
    "MISSING_ARN_FIELD": "one ARN that ends after its account",
}


def test_errors_in_aws_managed_policies_are_few_and_explained() -> None:
    from moto.iam.aws_managed_policies import aws_managed_policies_data

    policies = json.loads(aws_managed_policies_data)
    wrong: dict[str, set[str]] = defaultdict(set)
    services = set()
    # Every sixth: they are many, and each kind of them comes often.
    for name, policy in sorted(policies.items())[::6]:
        for finding in lint(Document.from_value(policy["Document"]), PolicyKind.IDENTITY):
            if finding.severity is LintSeverity.ERROR:
                wrong[finding.code].add(name)
                if finding.code == "INVALID_SERVICE_IN_ACTION":
                    services.add(finding.message.split("no service ")[1].split(".")[0])
    assert set(wrong) <= set(_EXPLAINED)
    assert services <= _TAKEN_BACK
    assert len(set().union(*wrong.values())) < len(policies) / 6 * 0.07
