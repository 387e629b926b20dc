"""An account for a file that is reviewed alone: nothing is known of it but what the file says of the time before."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from diagnostics.plan_review.apply import applied
from diagnostics.plan_review.files.terraform import TerraformResource, is_terraform_plan, planned_by
from iam.account import Account
from iam.sources.reader import AccountReader
from iam.sources.snapshot.reader import open_snapshot

_ACCOUNT = re.compile(r"arn:aws[\w-]*:(?:iam|sts)::(\d{12}):|aws://(\d{12})/")
UNKNOWN_ACCOUNT = "000000000000"


def account_of_file(path: Path) -> tuple[Account, AccountReader]:
    """The account as the file knows it: its number, and for a Terraform plan the IAM entities of its prior state. All
    lists are incomplete, and the organization is unknown. May block."""
    file = path / "manifest.json" if path.is_dir() else path
    try:
        text = file.read_text(encoding="utf-8-sig", errors="replace")
    except OSError:
        text = ""
    found = _ACCOUNT.search(text)
    account, reader = _empty(
        next((each for each in found.groups() if each), UNKNOWN_ACCOUNT) if found else UNKNOWN_ACCOUNT
    )
    try:
        value = json.loads(text)
    except ValueError:
        return account, reader
    if not is_terraform_plan(value):
        return account, reader
    before = applied(planned_by(list(_prior(value)), account, "Terraform").resources, account, reader)
    return before.account, before.reader


def _prior(plan: Mapping[str, Any]) -> list[TerraformResource]:
    state = ((plan.get("prior_state") or {}).get("values") or {}).get("root_module")
    found: list[TerraformResource] = []
    pending = [state]
    while pending:
        module = pending.pop()
        if not isinstance(module, dict):
            continue
        for each in module.get("resources") or ():
            if each.get("mode") == "managed" and isinstance(each.get("values"), dict):
                found.append(TerraformResource(str(each.get("address")), str(each.get("type")), each["values"]))
        pending += module.get("child_modules") or ()
    return found


def _empty(number: str) -> tuple[Account, AccountReader]:
    content = {
        "RoleDetailList": [],
        "UserDetailList": [],
        "GroupDetailList": [],
        "Policies": [],
        "IsTruncated": True,
        "Rolescope": {"Version": 1, "Account": {"Id": number, "CapturedAt": datetime.now(UTC).isoformat()}},
    }
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "account.json"
        file.write_text(json.dumps(content), encoding="utf-8")
        reader = open_snapshot(file)
    return reader.account, reader
