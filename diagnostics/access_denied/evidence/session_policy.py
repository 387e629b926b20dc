"""Read a session's session policy from CloudTrail's AssumeRole event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from diagnostics.access_denied.evidence.history import TrailCall
from iam.policy.document import Document, PolicyError
from iam.policy.edits import as_list, statements_of
from iam.sources.reader.account_reader import AccountReader


@dataclass(frozen=True, slots=True)
class PassedPolicy:
    """The policies passed for a session.

    ``document`` combines all of them; None if none was passed, or if ``unread`` says why a part is unknown.
    """

    document: Document | None = None
    unread: str = ""


def passed_policy(call: TrailCall, reader: AccountReader) -> PassedPolicy:
    """Return the inline and managed session policies of one AssumeRole call. May block.

    See CloudTrail User Guide, "userIdentity"; STS API Reference, "AssumeRole".
    """
    documents: list[Document] = []
    inline = call.parameters.get("policy")
    if inline:
        document = Document.from_value(inline)
        try:
            document.statements  # noqa: B018 - what cannot be read says so here
        except PolicyError as error:
            return PassedPolicy(unread=f"CloudTrail does not contain the complete session policy: {error}")
        documents.append(document)
    for entry in as_list(call.parameters.get("policyArns")):
        arn = entry.get("arn") if isinstance(entry, dict) else entry
        reading = reader.managed_policy(arn) if isinstance(arn, str) else None
        policy = reading.value if reading is not None else None
        if policy is None or policy.document is None:
            why = reading.why or reading.note if reading is not None else ""
            return PassedPolicy(
                unread=f"The session policy also contains {arn}, which cannot be read: {why or 'it has no document.'}"
            )
        documents.append(policy.document)
    if len(documents) < 2:
        return PassedPolicy(documents[0] if documents else None)
    statements: list[Any] = [entry for document in documents for entry in statements_of(document.value)]
    return PassedPolicy(Document.from_value({"Version": "2012-10-17", "Statement": statements}))
