"""Find the statement that makes AWS reject a policy in the text, by checking each of the policy's statements.

`iam.policy.lint.saved` has the findings for which IAM rejects a document, and IAM's messages. S3 rejects a bucket
policy with an action on a resource of another type: Amazon S3 User Guide, "Policies and permissions in Amazon S3"
(https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-policy-language-overview.html).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.fix import Fix, Note
from diagnostics.text.policy_questions.mistakes import on_nothing
from diagnostics.text.templates.policies import written_policies
from diagnostics.who import Who
from iam.lazy_pattern import regex
from iam.service_reference import action as known_action
from iam.words import listing

_LONGEST = 40_000
_ON_NOTHING = regex(r"does not apply to any resource")
_S3_ACTION = regex(r"(?<![\w:.-])s3:[A-Z][a-z]\w+")
_OBJECTS_OF_BUCKET = regex(r"/\*(?!\w)")


def of_a_rejected_statement(text: str) -> Finding | None:
    """Return the first statement in the text with the error that AWS's message reports; None if there is none."""
    if len(text) > _LONGEST:
        return None
    shown = tuple(_statements(text))
    if _ON_NOTHING.search(text):
        return next(filter(None, (_of_another_type(*each) for each in shown)), None) or _in_words(text)
    rejected = _NO_ARN.search(text)
    value = rejected["value"].strip("\"'\\") if rejected else ""
    first = sorted(shown, key=lambda each: not value or value not in each[1].get("Resource", ()))
    return next(filter(None, (_refused(*each, text) for each in first)), None)


_NO_ARN = regex(r"\bResource (?P<value>\S+) must be in ARN format")


def _finding(sentence: str, title: str, note: str) -> Finding:
    """Return the finding. ``sentence`` says what AWS does not accept, ``title`` and ``note`` what to write instead."""
    fix = Fix(title, Who.CALLER, Note("the policy in the text", note))
    return Finding("not-iam", sentence.rstrip("."), f"{sentence} Permissions are not the cause.", fix=fix)


def _statements(text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for policy in written_policies(text):
        for number, statement in enumerate(policy.statements, 1):
            yield f"statement {statement.get('Sid') or number}", statement


def _refused(which: str, statement: dict[str, Any], text: str) -> Finding | None:
    from iam.policy.document import Document  # few texts have a rejected policy
    from iam.policy.lint.finding import PolicyKind
    from iam.policy.lint.run import lint
    from iam.policy.lint.saved import REFUSED, refusal_of

    kind = PolicyKind.TRUST if "Principal" in statement else PolicyKind.IDENTITY
    said = " ".join(text.split())
    rows = {row for row in REFUSED[kind].values() if row.message and row.message[-1] != "…"}
    pages = {
        row.page for row in rows if all(part in said for part in map(str.strip, row.message.rstrip(".").split("…")))
    }
    document = Document(json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    for found in lint(document, kind):
        refusal = refusal_of(found, document, kind)
        element = found.path[2] if len(found.path) > 2 else ""
        if refusal is None or refusal.page not in pages or not element:
            continue
        empty = not all(statement.get(str(element)) or [""])
        wrong = f"the {element} is empty" if empty else f"{found.message[0].lower()}{found.message[1:].rstrip('.')}"
        return _finding(
            f"AWS rejects {which} of this policy: {wrong}.",
            f"Correct the {element} of {which}",
            "The variable, list or module option for this element has no value: set a value, or leave out the "
            "statement while there is none."
            if empty
            else f"{found.message}{_forms(statement) if found.code == 'INVALID_ARN_PREFIX' else ''}",
        )
    return None


def _forms(statement: dict[str, Any]) -> str:
    """Return a sentence with the forms of ARN that the statement's actions accept; "" if there are none or many."""
    known = [found for each in statement.get("Action", []) if (found := known_action(each)) is not None]
    forms = dict.fromkeys(_VARIABLE.sub(_as_placeholder, kind.arn) for each in known for kind in each.resource_types)
    return (
        f" Write {listing(list(forms), 'or')}, with * for the variable part." if 0 < len(forms) <= _MOST_FORMS else ""
    )


_MOST_FORMS = 2
_VARIABLE = regex(r"\$\{(\w+)\}")


def _as_placeholder(found: re.Match[str]) -> str:
    """Return ``aws`` for the partition, and other variables in capital letters (``SECRET_ID``)."""
    return "aws" if found[1] == "Partition" else re.sub(r"(?<=[a-z])(?=[A-Z])", "_", found[1]).upper()


def _of_another_type(which: str, statement: dict[str, Any]) -> Finding | None:
    actions, resources = statement.get("Action", []), tuple(statement.get("Resource", []))
    if any("${" in each or not each.startswith("arn:") for each in resources):
        return None
    for action in actions:
        fault = next(on_nothing(action, which, resources, alone=len(actions) == 1), None)
        if fault is not None:
            return _finding(fault.sentence, f"Correct the Resource for {action}", fault.change)
    return None


def _in_words(text: str) -> Finding | None:
    """Return the actions on a bucket that the text names together with a Resource for objects."""
    named = dict.fromkeys(_S3_ACTION.findall(text))
    types = {each: [kind.name for kind in known.resource_types] for each in named if (known := known_action(each))}
    on_bucket = [each for each, kinds in types.items() if "bucket" in kinds and "object" not in kinds]
    if not on_bucket or not _OBJECTS_OF_BUCKET.search(text):
        return None
    verb = "is an action" if len(on_bucket) == 1 else "are actions"
    note = (
        f"Put {listing(on_bucket)} into a statement with the bucket's ARN, without /*. Keep /* for actions on objects."
    )
    return _finding(
        f"A Resource that ends with /* names only objects, and {listing(on_bucket)} {verb} on the bucket.",
        f"Name the bucket itself for {listing(on_bucket)}",
        note,
    )
