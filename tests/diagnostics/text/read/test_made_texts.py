"""Made-up errors in the forms of some forty tools: every field that a text carries is read, and no other."""

from __future__ import annotations

import pytest

from diagnostics.failure import kind_of
from diagnostics.text.read.parse import parse
from diagnostics.text.read.parsed import parsed
from tests.support.texts.made_texts import FORMS, Made, Said, made


def wrong(text: Made) -> str:
    """What was read otherwise than the text says; empty where all is right."""
    found = parse(text.text)
    if len(found) != 1:
        return f"{len(found)} failures"
    got = parsed(found[0])
    if isinstance(text.said, Said):
        resource = text.said.resource.strip('"')
        pairs = [
            ("kind", kind_of(found[0]), "access-denied"),
            ("principal", got.principal, text.said.principal),
            ("action", got.action, text.said.action),
            ("resource", got.resource, resource),
            ("reason", got.stated_reason, text.said.reason),
        ]
        operation = text.said.operation
    else:
        pairs = [
            ("kind", kind_of(found[0]), "entity-already-exists"),
            ("entity_type", got.entity_type, text.said.kind),
            ("name", got.name, text.said.name),
        ]
        operation = text.said.operation
    if text.tells_operation:
        pairs.append(("operation", got.operation, operation))
    return "; ".join(f"{name}: {have!r} for {want!r}" for name, have, want in pairs if have != want)


@pytest.mark.parametrize("tool", FORMS)
def test_fields(tool: str) -> None:
    texts = [text for text in made(len(FORMS) * 4) if text.tool == tool]
    assert [(said, text.text) for text in texts if (said := wrong(text))] == []
