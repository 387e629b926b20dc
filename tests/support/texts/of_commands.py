"""Texts that the command diagnoses."""

from __future__ import annotations

import subprocess

from tests.support.accounts import alder
from tests.support.driving.in_process import run_here

DENIED = (
    f"User: {alder.session('intake-api')} is not authorized to perform: dynamodb:Query on resource: {alder.TABLE} "
    "because no identity-based policy allows the dynamodb:Query action"
)


def run(*arguments: str, given: str | bytes = "") -> subprocess.CompletedProcess[bytes]:
    return run_here("diagnose", *arguments, given=given.encode() if isinstance(given, str) else given)
