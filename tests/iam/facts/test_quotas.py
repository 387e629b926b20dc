"""Each quota is written once, in `iam.facts.quotas`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from iam.facts import quotas
from iam.facts.quotas import Quota

ROOT = Path(__file__).resolve().parents[3]
HOME = ROOT / "iam/facts"
CODE = re.compile(r"\bL-[0-9A-F]{8}\b")
SIZES = frozenset({5_120, 6_144, 10_240, 20_480})
"""Numbers of characters that mean nothing but a quota."""
QUOTAS = {name: value for name, value in vars(quotas).items() if isinstance(value, Quota)}


def copies(text: str) -> Iterator[tuple[int, object]]:
    """The lines of a module with a quota's code or size, outside of docstrings too."""
    if not re.search(r"L-[0-9A-F]|[0-9][_0-9]{3}", text):
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant):
            value = node.value
            if isinstance(value, str) and (found := CODE.search(value)):
                yield node.lineno, found[0]
            elif type(value) is int and value in SIZES:
                yield node.lineno, value


def test_a_copy_is_found() -> None:
    assert list(copies("a = 6144\nb = f'quota L-FE177D64 of {a}'\nc = 'FULL-FE177D64'\nd = 6143\n")) == [
        (1, 6144),
        (2, "L-FE177D64"),
    ]


@pytest.mark.parametrize("package", ["iam", "diagnostics", "screens", "tui"])
def test_no_module_copies_a_quota(package: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {value}"
        for path in sorted((ROOT / package).rglob("*.py"))
        if not path.is_relative_to(HOME)
        for line, value in copies(path.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize("name", QUOTAS)
def test_a_row_is_coherent(name: str) -> None:
    quota = QUOTAS[name]
    assert quota.page.startswith("https://docs.aws.amazon.com/")
    assert not quota.code or CODE.fullmatch(quota.code)
    assert quota.default is None or quota.highest is None or quota.default <= quota.highest


def test_no_two_rows_have_the_same_code() -> None:
    codes = [quota.code for quota in QUOTAS.values() if quota.code]
    assert len(codes) == len(set(codes))


def test_the_accounts_own_limit_comes_before_the_default() -> None:
    assert quotas.TRUST_SIZE.limit_in({"AssumeRolePolicySizeQuota": 4_096}) == 4_096
    assert quotas.TRUST_SIZE.limit_in({}) == quotas.TRUST_SIZE.limit_in(None) == 2_048
    assert quotas.TRUST_SIZE.most_in({"AssumeRolePolicySizeQuota": 4_096}) == 4_096
    assert quotas.TRUST_SIZE.most_in(None) == quotas.LARGEST_TRUST_SIZE == 8_192
    with pytest.raises(ValueError, match="unknown"):
        quotas.SAML_PROVIDERS.limit_in({})
