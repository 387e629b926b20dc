"""Texts in which values, lists and objects are empty, as programs print them where nothing is set."""

from __future__ import annotations

import json
import re
from pathlib import Path
from random import Random

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.report import to_text

TESTS = Path(__file__).parents[1]
FILES = [*(TESTS / "diagnostics" / "text" / "read").glob("texts/*.jsonl"), *TESTS.glob("conformance/**/*.jsonl")]
TEXTS = sorted(
    {
        str(case["text"])
        for file in FILES
        for case in map(json.loads, file.read_text("utf-8").splitlines())
        if isinstance(case.get("text"), str) and re.search(r"[\[{]", case["text"])
    }
)
EMPTIED = (
    ("list", r"\[[^\[\]\n]*\]", "[]"),
    ("object", r"\{[^{}\n]*\}", "{}"),
    ("value", r"(?<=: )\"[^\"\n]*\"", '""'),
    ("null", r"(?<=: )(?:\"[^\"\n]*\"|\[[^\[\]\n]*\])", "null"),
    ("account", r"\b\d{12}\b", ""),
)
ACCESS = (
    'deployments.apps "web" is forbidden: User "arn:aws:sts::111122223333:assumed-role/dev/ann" cannot patch resource '
    '"deployments" in API group "apps" in the namespace "shop"\n'
    "$ aws eks list-associated-access-policies --cluster-name prod --principal-arn arn:aws:iam::111122223333:role/dev\n"
    '"policyArn": "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy", '
    '"accessScope": {"type": "cluster", "namespaces": []}\n'
)


def answered(text: str) -> list[str]:
    return [to_text(collect_offline(failure)) for failure in read_text(text)]


@pytest.mark.parametrize(("pattern", "empty"), [each[1:] for each in EMPTIED], ids=[each[0] for each in EMPTIED])
def test_an_empty_value_makes_nothing_fail(pattern: str, empty: str) -> None:
    assert len(TEXTS) > 60
    for text in Random(33).sample(TEXTS, 60):
        assert answered(re.sub(pattern, empty, text))


def test_an_access_policy_for_the_whole_cluster_names_no_namespace() -> None:
    assert "AmazonEKSViewPolicy" in "\n".join(answered(ACCESS))
