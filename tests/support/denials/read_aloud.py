"""The sentences of an answer as one text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from diagnostics.diagnosis import Diagnosis
from tests.support.accounts import alder
from tests.support.accounts.alder import document, role, service
from tests.support.denials.invented import diagnosis_of, read

Content = dict[str, Any]


BUCKET = "arn:aws:s3:::alder-team"


def account_with(*statements: Content, organization: bool = True, **policies: Content) -> Content:
    """Alder with a role ``worker`` that has these statements, and with policies of ``BUCKET`` and others."""
    content = alder.snapshot()
    inline = {"own": document(*statements)} if statements else {}
    content["RoleDetailList"].append(role("worker", service("lambda"), inline=inline))
    if not organization:
        content["Rolescope"].pop("Organization")
    return content


def diagnosed(path: Path, content: Content, text: str, **context: str) -> Diagnosis:
    return diagnosis_of(text, read(path / "alder.json", content), **context)
