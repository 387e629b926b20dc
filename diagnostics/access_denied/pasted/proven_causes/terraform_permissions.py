"""Compare a function's permission in Terraform's configuration with the resource that could not use the function."""

from __future__ import annotations

from dataclasses import dataclass

from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.failure import Denial
from diagnostics.fix import Fix, Note
from diagnostics.who import Who
from iam.lazy_pattern import regex
from iam.policy.decision import Fault
from iam.words import listing

_BLOCK = regex(
    r'\bresource\s+"(?P<type>aws_\w+)"\s+"(?P<label>[\w-]+)"\s*\{'
    r"(?P<body>(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}"
)
_REFERENCE = regex(r"\b(?P<type>aws_\w+)\.(?P<label>[\w-]+)(?:\[[^\]\n]*\])?\.(?P<attribute>\w+)")
_SOURCE = regex(r"\bsource_arn\s*=\s*(?P<value>[^\n]+)")
_FUNCTION = regex(r"\bfunction_name\s*=\s*(?P<value>[^\n]+)")
_FAILED = regex(r"\bwith\s+(?:module\.[\w\[\]\"'-]+\.)*(?P<type>aws_\w+)\.(?P<label>[\w-]+)")
_PERMISSION = "aws_lambda_permission"


@dataclass(frozen=True, slots=True)
class _Reference:
    type: str
    label: str
    attribute: str

    @property
    def address(self) -> str:
        return f"{self.type}.{self.label}"


def _references(value: str) -> list[_Reference]:
    return [_Reference(found["type"], found["label"], found["attribute"]) for found in _REFERENCE.finditer(value)]


def _first_reference(body: str, setting: str) -> _Reference | None:
    found = (_SOURCE if setting == "source_arn" else _FUNCTION).search(body)
    return next(iter(_references(found["value"])), None) if found is not None else None


def of_another_source(denial: Denial) -> Finding | None:
    """Return a finding if every permission of the function is for a source other than the failed resource's.

    AWS Lambda API Reference, "AddPermission", SourceArn
    (https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html).
    """
    text = denial.pasted or denial.text
    if _PERMISSION not in text or denial.action not in (None, "lambda:InvokeFunction"):
        return None
    bodies = {(each["type"], each["label"]): each["body"] for each in _BLOCK.finditer(text)}
    failed = next((key for each in _FAILED.finditer(text) if (key := (each["type"], each["label"])) in bodies), None)
    if failed is None or failed[0] == _PERMISSION:
        return None
    used = _references(bodies[failed])
    functions = {each.label for each in used if each.type == "aws_lambda_function"}
    found: list[tuple[str, _Reference]] = []
    for (kind, label), body in bodies.items():
        source, function = _first_reference(body, "source_arn"), _first_reference(body, "function_name")
        if kind != _PERMISSION or (function is not None and functions and function.label not in functions):
            continue
        if source is None or source.address in {each.address for each in used}:
            return None
        found.append((label, source))
    wrong = next((each for each in found if each[1].type in {one.type for one in used}), None)
    return _finding(".".join(failed), used, *wrong) if wrong is not None else None


def _finding(failed: str, used: list[_Reference], label: str, source: _Reference) -> Finding:
    meant = list(dict.fromkeys(each.address for each in used if each.type == source.type))
    values = listing([f"{each}.{source.attribute}" for each in meant], "or")
    said = f"the permission {label} is for {source.address}, but {failed} is for {listing(meant)}"
    note = Note(
        "the Terraform configuration",
        f"Or add a second permission, if {source.address} still invokes the function. Let {failed} depend on the "
        "permission (depends_on), so that Terraform creates the permission first. Neither the caller nor the "
        "function's role needs a permission for this.",
    )
    return Finding(
        f"resource.{Fault.CONDITION_UNMET.value}",
        said,
        f"Set source_arn of {_PERMISSION}.{label} to {values}: {said}.",
        fix=Fix(f"Set source_arn to {values}", Who.RESOURCE_OWNER, note),
    )
