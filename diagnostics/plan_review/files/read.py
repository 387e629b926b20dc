"""Read a file of any supported tool into the changes that it describes."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from diagnostics.plan_review.files.cdk import planned_by_assembly
from diagnostics.plan_review.files.cloudformation import (
    is_change_set,
    is_template,
    planned_by_change_set,
    planned_by_template,
)
from diagnostics.plan_review.files.pulumi import is_pulumi_preview, planned_by_pulumi
from diagnostics.plan_review.files.terraform import is_terraform_plan, planned_by_terraform
from diagnostics.plan_review.planned import PlanFileError, PlannedChanges
from iam.account import Account
from iam.creation.declared.template import template_of

MOST_BYTES = 64 * 1024 * 1024
"""The maximum size of a file in bytes. Terraform plans for large configurations have tens of megabytes."""


def read_planned(
    path: Path, account: Account, region: str | None, parameters: Mapping[str, str] | None = None
) -> PlannedChanges:
    """Return the changes in a Terraform plan, a template, a change set, an assembly or a preview.

    Raises `PlanFileError`.
    """
    try:
        if path.is_dir():
            return planned_by_assembly(path, account, region, parameters)
        return _read(path, account, region, parameters)
    except (AttributeError, KeyError, TypeError, IndexError, ValueError, RecursionError) as error:
        # A file in a form that its tool does not write: each reader expects the documented form.
        if isinstance(error, PlanFileError):
            raise
        raise PlanFileError(f"{path} is damaged, or its format is unknown ({error}).") from error


def _read(path: Path, account: Account, region: str | None, parameters: Mapping[str, str] | None) -> PlannedChanges:
    text = _text(path)
    value = _decoded(text)
    if value is None:
        hint = " Create the file with terraform show -json PLAN." if text.startswith("PK") else ""
        raise PlanFileError(f"{path} is neither JSON nor a template in YAML.{hint}")
    if is_terraform_plan(value):
        return planned_by_terraform(value, account)
    if is_change_set(value):
        return planned_by_change_set(value, account, region)
    if is_template(value):
        read = planned_by_template(value, account, region, parameters=parameters, nested=partial(_beside, path.parent))
        return replace(read, lines=_lines(text, str(path), read))
    if is_pulumi_preview(value):
        return planned_by_pulumi(value, account)
    raise PlanFileError(
        f"{path} is not a Terraform plan (terraform show -json), CloudFormation template or change set, CDK assembly "
        "or Pulumi preview (pulumi preview --json)."
    )


def _beside(folder: Path, name: str) -> Any:
    """Return the template of a nested stack in its parent's folder; None if it is elsewhere, or not a template."""
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()) or not path.is_file():
        return None
    value = _decoded(_text(path))
    return value if is_template(value) else None


def is_plan_file(text: str) -> bool:
    """Return whether a text is a supported change file, and not a policy document."""
    value = _decoded(text)
    return any(each(value) for each in (is_terraform_plan, is_change_set, is_template, is_pulumi_preview))


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise PlanFileError(f"{path} is larger than {MOST_BYTES // 1024 // 1024} MB.")
        return path.read_bytes().decode("utf-8-sig", "replace")
    except OSError as error:
        raise PlanFileError(f"{path} cannot be read: {error.strerror or error}.") from error


def _decoded(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return template_of(text)


def _lines(text: str, file: str, read: PlannedChanges) -> dict[str, tuple[str, int]]:
    """Return the file and line at which each resource of a template is declared."""
    lines = text.split("\n")
    found = {}
    for address in dict.fromkeys(one.address for one in read.resources):
        declared = re.compile(rf"""^\s*["']?{re.escape(address)}["']?\s*:""")
        at = next((number for number, line in enumerate(lines, 1) if declared.match(line)), None)
        if at is not None:
            found[address] = file, at
    return found
