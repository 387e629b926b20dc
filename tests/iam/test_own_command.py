"""Commands that texts and screens offer open the account that is open."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from iam.own_command import own_command, use_account_options
from tui.account_choice import account_words
from tui.arguments.parser import build_parser

ROOT = Path(__file__).parents[2]
_OF_AN_ACCOUNT = re.compile(
    r"\brolescope (?:adopt|right-size|use|change|create|diagnose|review|history|who-can|role|roles)\b"
)
_WITHOUT = {
    "iam/credentials/profile_file.py": "recognizes a line of the AWS configuration",
    "screens/review/export.py": "names a form of output",
    "diagnostics/use/words.py": "a profile names its source of credentials itself",
}


def _texts(tree: ast.Module) -> Iterator[str]:
    """The string literals of a module but its docstrings."""
    docstrings = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value
        elif isinstance(node, ast.List | ast.Tuple) and len(node.elts) > 1:
            words = [each.value for each in node.elts[:2] if isinstance(each, ast.Constant)]
            yield " ".join(map(str, words))


@pytest.mark.parametrize("package", ("iam", "diagnostics", "screens"))
def test_every_offered_command_is_made_by_the_one_function(package: str) -> None:
    found = {
        str(path.relative_to(ROOT)): text
        for path in (ROOT / package).rglob("*.py")
        if "rolescope" in (source := path.read_text(encoding="utf-8"))
        for text in _texts(ast.parse(source))
        if _OF_AN_ACCOUNT.search(text)
    }
    assert {path: text for path, text in found.items() if path not in _WITHOUT} == {}


@pytest.mark.parametrize(
    "given",
    (
        "--demo",
        "--demo --as ben --region eu-west-1",
        "--profile prod --region us-east-1",
        "--profile prod --endpoint-url http://localhost:4566",
        "--snapshot saved.json",
        "--snapshot 'a folder' --account 111122223333",
    ),
)
def test_the_command_opens_the_same_account(given: str) -> None:
    import shlex

    options = build_parser(()).parse_args(shlex.split(given))
    use_account_options(*account_words(options))
    command = own_command("adopt", "a-role", "--as", "terraform")
    assert command == f"rolescope {given} adopt a-role --as terraform"
    words = shlex.split(command)[1:]
    assert account_words(build_parser(words).parse_args(words)) == account_words(options)


def test_a_command_without_options_is_plain() -> None:
    assert own_command("use", "a role") == "rolescope use 'a role'"
