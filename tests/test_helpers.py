"""What several tests need is in tests/support: no test imports from another test."""

import re
from pathlib import Path

TESTS = Path(__file__).parent
IMPORTED = re.compile(r"^\s*(?:from|import) tests(?:\.\w+)*\.test_\w+", re.MULTILINE)


def test_no_test_imports_from_another_test() -> None:
    assert IMPORTED.search("from tests.iam.test_arn import NAMES")
    assert not [path.relative_to(TESTS).as_posix() for path in TESTS.rglob("*.py") if IMPORTED.search(path.read_text())]
