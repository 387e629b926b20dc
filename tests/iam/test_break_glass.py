"""Roles for emergencies, told by their name or a tag."""

from __future__ import annotations

import pytest

from diagnostics.use.ways import reason_text
from iam.account import Role
from iam.break_glass import is_break_glass


@pytest.mark.parametrize(
    ("name", "tags", "yes"),
    [
        ("break-glass-admin", {}, True),
        ("BreakGlass", {}, True),
        ("prod-emergency-access", {}, True),
        ("emergency-call-lambda", {}, False),
        ("admin", {"purpose": "Break Glass"}, True),
        ("admin", {"break-glass": "false"}, False),
        ("admin", None, False),
    ],
)
def test_names_and_tags_tell(name: str, tags: dict[str, str] | None, yes: bool) -> None:
    role = Role(name, f"arn:aws:iam::111122223333:role/{name}", "/", tags=tags)
    assert is_break_glass(role) is yes
    assert is_break_glass(role, "^admin$") is (name == "admin")


def test_a_reason_becomes_what_sts_takes() -> None:
    assert reason_text("INC-42: database down!") == "INC-42-database-down"
    assert reason_text("é") == "reason-" and len(reason_text("x" * 99)) == 64
