"""Words for the results of the steps: ages, trust policies, lists of names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from diagnostics.commands import shown
from diagnostics.diagnosis import Evidence
from iam.ages import age as age
from iam.arn import resource_of
from iam.creation.spec import trusts_ec2
from iam.policy.document import Document
from iam.services import service_name
from iam.sources.reader.reading import Reading
from iam.words import joined


def refused(reading: Reading[Any]) -> str:
    """Return a short reason why the data could not be read. AWS's long sentence is in the evidence."""
    return refusal(reading.why, reading.call)


def refusal(why: str, call: str = "") -> str:
    """Return the calls that a sentence reports as denied; the sentence itself if it reports none."""
    denied = list(dict.fromkeys(re.findall(r"denied\s+([a-z][a-z0-9-]*:[A-Za-z]+)", why)))
    if not denied and call and re.search(r"denied|not authorized", why, re.IGNORECASE):
        denied = [call]
    missing = re.search(r"\bit has no (\S+?)\.?$", why)
    if missing:
        return f"the snapshot has no {missing.group(1)}"
    if denied:
        return f"{joined(denied)} {'is' if len(denied) == 1 else 'are'} denied"
    return shown(why.rstrip("."), 160)


def unread_evidence(reading: Reading[Any]) -> Evidence:
    """Return evidence that data could not be read, with the original error message."""
    return Evidence(f"could not look: {shown(reading.why, 500)}", call=reading.call or None)


def few(names: Sequence[str], most: int = 4) -> str:
    """Return the first ``most`` names and the number of the others, as one list in words."""
    listed = [shown(name) for name in names[:most]]
    if len(names) > most:
        listed.append(f"{len(names) - most} more")
    return joined(listed)


def counted(count: int, noun: str, plural: str | None = None) -> str:
    return f"{count or 'no'} {noun if count == 1 else plural or noun + 's'}"


def value_of(document: Document | None) -> Any:
    """Return the document's JSON, or None if there is no document or it is malformed."""
    if document is None:
        return None
    try:
        return document.value
    except (ValueError, RecursionError):
        return None


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def statements_of(document: Document | None) -> list[dict[str, Any]]:
    value = value_of(document)
    if not isinstance(value, dict):
        return []
    return [statement for statement in as_list(value.get("Statement")) if isinstance(statement, dict)]


def allowed_principals(document: Document | None) -> list[tuple[str, str]]:
    """Return the principals in a trust policy's Allow statements, as (type, value), in order, without duplicates."""
    found: dict[tuple[str, str], None] = {}
    for statement in statements_of(document):
        principal = statement.get("Principal")
        if statement.get("Effect") != "Allow":
            continue
        if isinstance(principal, str):
            found[("*", principal)] = None
        elif isinstance(principal, dict):
            for kind, values in principal.items():
                for value in as_list(values):
                    found[(str(kind), str(value))] = None
    return list(found)


def runs_on_ec2(trust: Document | None) -> bool:
    """Return whether a trust policy is for EC2 instances, which get a role only through an instance profile."""
    return trust is not None and trusts_ec2(trust)


def trust_sentence(document: Document | None) -> str:
    """Return a clause that says whom a trust policy trusts. Conditions are counted, not repeated."""
    if document is None:
        return "its trust policy could not be read"
    if value_of(document) is None:
        return "its trust policy is not valid JSON"
    principals = allowed_principals(document)
    if not principals:
        return "trusts nobody"
    conditions = sorted(
        {
            str(key)
            for statement in statements_of(document)
            if isinstance(statement.get("Condition"), dict)
            for block in statement["Condition"].values()
            if isinstance(block, dict)
            for key in block
        }
    )
    said = few([principal_words(kind, value) for kind, value in principals])
    return f"trusted by {said}" + (f", under conditions on {few(conditions)}" if conditions else "")


def principal_words(kind: str, value: str) -> str:
    if kind == "Service":
        return service_name(value) or value
    if kind == "*" or value == "*":
        return "anybody"
    if value.startswith("arn:") and value.endswith(":root"):
        return f"account {value.split(':')[4]}"
    if value.isdigit():
        return f"account {value}"
    if value.startswith("arn:"):
        return resource_of(value)
    return value


def names_arn(document: Document | None, arn: str) -> bool:
    """Return whether a string in the document is exactly this ARN."""
    return document is not None and f'"{arn}"' in document.text
