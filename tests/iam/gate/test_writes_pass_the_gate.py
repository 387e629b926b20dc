"""No write call is reachable without a verdict of the gate: asked of the source itself."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from botocore import xform_name

from iam.changes.apply import apply, resume, roll_back
from iam.changes.operations.table import OPERATIONS
from iam.changes.plan import make_plan
from iam.gate.passed import Passed

ROOT = Path(__file__).parents[3]
PACKAGES = ("iam", "diagnostics", "screens", "tui")
SEALERS = ("iam/gate/verdict.py", "iam/gate/passed.py")
WRITERS = ("iam/changes/apply.py",)
"""The one module that makes calls which write."""
JUDGES = ("diagnostics/check/run.py",)
"""The one module that asks the gate, with every check."""
CREDENTIALS = ("iam/credentials", "iam/sources/aws", "diagnostics/use", "iam/demo")
"""Sign-in and reading have clients, too; the demo is AWS."""


METHODS = frozenset(map(xform_name, OPERATIONS))
OF_THE_GATE = re.compile(rf"\biam\.gate\b|\b(?:{'|'.join(sorted(METHODS))})\b")
"""What a module has that uses the gate or makes a call which writes: others need not be parsed."""


@cache
def modules() -> tuple[tuple[str, tuple[ast.ImportFrom, ...], tuple[ast.Call, ...]], ...]:
    """The imports and the calls of each module that uses the gate or makes a call which writes."""
    return tuple(
        (path.relative_to(ROOT).as_posix(), *imports_and_calls(ast.parse(text)))
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        if OF_THE_GATE.search(text := path.read_text("utf-8"))
    )


def imports_and_calls(tree: ast.Module) -> tuple[tuple[ast.ImportFrom, ...], tuple[ast.Call, ...]]:
    nodes = list(ast.walk(tree))
    imports = tuple(node for node in nodes if isinstance(node, ast.ImportFrom))
    return imports, tuple(node for node in nodes if isinstance(node, ast.Call))


def named(calls: tuple[ast.Call, ...]) -> Iterator[tuple[str, ast.Call]]:
    for node in calls:
        function = node.func
        yield function.id if isinstance(function, ast.Name) else getattr(function, "attr", ""), node


def test_only_the_gate_makes_the_token() -> None:
    wrong = []
    for where, imports, calls in modules():
        for node in imports:
            if node.module == "iam.gate.passed" and where not in SEALERS:
                wrong += [f"{where}: {each.name}" for each in node.names if each.name == "_SEAL"]
        ours = any(each.module == "iam.gate.verdict" for each in imports)
        if ours and where not in SEALERS:
            wrong += [f"{where}: {name}" for name, _ in named(calls) if name in ("Passed", "Verdict")]
            wrong += [
                f"{where}: Verdict.of"
                for name, call in named(calls)
                if name == "of" and ast.unparse(call.func) == "Verdict.of"
            ]
    assert not wrong
    with pytest.raises(TypeError):
        Passed(make_plan("p", "P.", []), object())


def test_only_one_module_judges_and_it_runs_every_check() -> None:
    wrong = []
    for where, imports, _ in modules():
        for node in imports:
            if node.module in ("iam.gate", "iam.gate.verdict"):
                names = {each.name for each in node.names}
                if names & {"judge", "verdict"} and where not in JUDGES:
                    wrong.append(where)
    assert not wrong
    source = (ROOT / JUDGES[0]).read_text()
    assert source.count("verdict.judge(") == source.count("ALL_CHECKS, rest=rest") == 1


def test_what_carries_out_takes_the_token() -> None:
    for function in (apply, resume, roll_back):
        assert function.__annotations__["passed"] == "Passed", function


def test_no_other_module_calls_what_writes() -> None:
    """Neither by the client's method, nor by the operation's name."""
    wrong = []
    for where, _, calls in modules():
        if where in WRITERS or where.startswith(CREDENTIALS):
            continue
        for name, call in named(calls):
            on = ast.unparse(call.func).rpartition(".")[0] if name in METHODS else ""
            if "client" in on or on in ("iam", "ec2", "sts"):
                wrong.append(f"{where}: {ast.unparse(call.func)}")
    assert not wrong
