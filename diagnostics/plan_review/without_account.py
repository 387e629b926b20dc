"""Create an account for a file that is reviewed on its own, with only the prior state that the file contains."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from diagnostics.plan_review.apply import applied
from diagnostics.plan_review.files.terraform import TerraformResource, is_terraform_plan, planned_by
from diagnostics.plan_review.planned import PlanFileError
from iam.account import Account
from iam.arn import Arn
from iam.sources.reader.account_reader import AccountReader
from iam.sources.snapshot.reader import open_snapshot

UNKNOWN_ACCOUNT = "000000000000"


def account_of_file(path: Path, number: str = "") -> tuple[Account, AccountReader]:
    """Return the account as the file describes it: for a Terraform plan, the IAM entities in its prior state.

    All lists are incomplete, and the organization is unknown. ``number`` is the account ID. Without it, the file's own
    account is used if it is known, and otherwise `UNKNOWN_ACCOUNT`: an ARN in a policy may belong to any account. May
    block.
    """
    file = path / "manifest.json" if path.is_dir() else path
    try:
        value = json.loads(file.read_text(encoding="utf-8-sig", errors="replace"))
    except (OSError, ValueError, RecursionError):
        value = {}
    try:
        account, reader = _empty(number or _own_number(value) or UNKNOWN_ACCOUNT)
        if not is_terraform_plan(value):
            return account, reader
        before = applied(planned_by(list(_prior(value)), account, "Terraform").resources, account, reader)
    except (AttributeError, KeyError, TypeError, IndexError, ValueError, RecursionError) as error:
        raise PlanFileError(f"{path} is damaged, or its format is unknown ({error}).") from error
    return before.account, before.reader


def _own_number(value: Any) -> str:
    """Return the ID of the account that the file's tool works in, or "".

    It comes from the environment of an assembly's stacks, if there is only one, from Terraform's data source
    ``aws_caller_identity``, or from the ARNs of IAM entities in its state.
    """
    if not isinstance(value, dict):
        return ""
    environments = [str(each.get("environment", "")) for each in (value.get("artifacts") or {}).values()]
    numbers = {each.removeprefix("aws://").partition("/")[0] for each in environments}
    numbers = {each for each in numbers if len(each) == 12 and each.isdigit()}
    for kind, values in _state(value):
        if kind == "aws_caller_identity":
            numbers.add(str(values.get("account_id")))
        elif kind in ("aws_iam_role", "aws_iam_user", "aws_iam_group", "aws_iam_policy"):
            arn = Arn.parse(str(values.get("arn") or ""))
            numbers |= {arn.account} if arn is not None and arn.account.isdigit() else set()
    return next(iter(numbers)) if len(numbers) == 1 else ""


def _prior(plan: Mapping[str, Any]) -> list[TerraformResource]:
    return [
        TerraformResource(str(each.get("address")), str(each.get("type")), each["values"])
        for each in _resources(plan)
        if each.get("mode") == "managed"
    ]


def _state(plan: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    return [(str(each.get("type")), each["values"]) for each in _resources(plan)]


def _resources(plan: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return everything in the prior state of a Terraform plan, including data sources."""
    pending = [((plan.get("prior_state") or {}).get("values") or {}).get("root_module")]
    found: list[dict[str, Any]] = []
    while pending:
        module = pending.pop()
        if isinstance(module, dict):
            listed = module.get("resources") or ()
            found += [each for each in listed if isinstance(each, dict) and isinstance(each.get("values"), dict)]
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
