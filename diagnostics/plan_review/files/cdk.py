"""Read CDK cloud assemblies (``cdk.out``): the templates of their stacks, according to the manifest.

https://docs.aws.amazon.com/cdk/v2/guide/deploy.html (cloud assemblies)
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from diagnostics.plan_review.files.cloudformation import is_template, planned_by_template
from diagnostics.plan_review.planned import PlanFileError, Planned, PlannedChanges
from iam.account import Account

_MOST_BYTES = 16 * 1024 * 1024
_DEEPEST = 8


def planned_by_assembly(
    folder: Path, account: Account, region: str | None, parameters: Mapping[str, str] | None = None
) -> PlannedChanges:
    """Return the changes in the assembly's stacks. Stacks for other accounts are left out and named in a note.

    Raises `PlanFileError` if the folder is not an assembly.
    """
    found: list[Planned] = []
    notes: list[str] = []
    for name, file, environment in _stacks(folder, 0):
        number, stack_region = _environment(environment)
        if number is not None and number != account.id:
            notes.append(f"The stack {name} is not in the review, because it is for account {number}.")
            continue
        template = _json(file)
        paths = _paths(template, name)

        def nested(asset: str, folder: Path = file.parent) -> Mapping[str, Any] | None:
            child = _inside(folder, asset)
            content = _json(child) if child.suffix == ".json" and child.is_file() else None
            return content if content is None or is_template(content) else None

        read = planned_by_template(
            template, account, stack_region or region, stack=name, parameters=parameters, nested=nested
        )
        found += [replace(one, address=paths.get(one.address, one.address)) for one in read.resources]
        notes += [f"{name}: {note}" for note in read.notes]
    return PlannedChanges("CDK", tuple(found), tuple(dict.fromkeys(notes)))


def _paths(template: Mapping[str, Any], name: str) -> dict[str, str]:
    """Return the construct paths of a template's resources, by logical ID."""
    return {
        logical: str((each.get("Metadata") or {}).get("aws:cdk:path") or f"{name}/{logical}")
        for logical, each in (template.get("Resources") or {}).items()
        if isinstance(each, dict)
    }


def _stacks(folder: Path, depth: int) -> Iterator[tuple[str, Path, str]]:
    manifest = _json(folder / "manifest.json")
    artifacts = manifest.get("artifacts")
    if not isinstance(artifacts, dict) or depth > _DEEPEST:
        raise PlanFileError(
            f"{folder}/manifest.json is not the manifest of a CDK assembly, because it lists no artifacts."
        )
    for name, each in artifacts.items():
        properties = each.get("properties") or {}
        if each.get("type") == "aws:cloudformation:stack" and "templateFile" in properties:
            stack = str(properties.get("stackName") or name)
            yield stack, _inside(folder, str(properties["templateFile"])), str(each.get("environment") or "")
        elif each.get("type") == "cdk:cloud-assembly" and "directoryName" in properties:
            yield from _stacks(_inside(folder, str(properties["directoryName"])), depth + 1)


def _inside(folder: Path, name: str) -> Path:
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise PlanFileError(f"The manifest of {folder} names a file outside it: {name[:200]}.")
    return path


def _environment(text: str) -> tuple[str | None, str | None]:
    """Return account and Region from ``aws://111122223333/eu-west-1``; None for a part that is not stated."""
    account, _, region = text.removeprefix("aws://").partition("/")
    return (account if account.isdigit() else None), (region if region and "unknown" not in region else None)


def _json(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise PlanFileError(f"{path} is larger than {_MOST_BYTES // 1024 // 1024} MB.")
        value = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise PlanFileError(f"{path} cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise PlanFileError(f"{path} is not JSON.") from error
    if not isinstance(value, dict):
        raise PlanFileError(f"{path} does not contain a JSON object.")
    return value
