"""Read the output of ``aws iam-toolbox get-request-authorization-details``: AWS's own record of a denial.

Its fields: IAM Toolbox API, GetRequestAuthorizationDetails. It does not contain the policies' documents.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from diagnostics.failure import Denial
from diagnostics.text.read.forms.cloudtrail_events import json_values
from diagnostics.words import word_of

if TYPE_CHECKING:  # few texts have such a record; what it is made of is imported then
    from iam.policy.document import Document
    from iam.sources.reader.authorization import AuthorizationRecord, RecordedEvaluation
    from iam.sources.reader.reading import Reading


def recorded_denials(text: str) -> Iterator[Denial]:
    """Yield for each record in ``text`` the denial that its first denied evaluation describes."""
    if "evaluatedEffect" not in text:
        return
    from iam.sources.reader.recorded_effect import Effect

    for value, _, _ in json_values(text):
        record = _record(value)
        refused = next((one for one in record.evaluations if one.effect is not Effect.ALLOW), None) if record else None
        if record is not None and refused is not None:
            yield _denial(text, record, refused)


def _denial(text: str, record: AuthorizationRecord, refused: RecordedEvaluation) -> Denial:
    from iam.sources.reader.recorded_effect import Effect

    check = next(iter(refused.refusing), None)
    kind = "explicit" if refused.effect is Effect.EXPLICIT_DENY else "implicit"
    return Denial(
        text,
        principal=refused.context.get("aws:PrincipalArn", (None,))[0],
        action=refused.action,
        resource=refused.resource or None,
        stated_reason=f"{kind}:{word_of(check.layer)}" if check else None,
        policy_arn=record.denying_arn(check) if check else None,
        record=record,
    )


def _record(value: object) -> AuthorizationRecord | None:
    if not isinstance(value, dict) or not isinstance(value.get("evaluations"), list):
        return None
    from iam.sources.authorization_json import read_authorization
    from iam.sources.json_values import MalformedJson

    try:
        return read_authorization("pasted", value, _not_printed)
    except (AttributeError, KeyError, MalformedJson, TypeError):
        return None


def _not_printed(uri: str) -> Reading[Document]:
    from iam.sources.reader.reading import Reading

    return Reading("", why="its document is not part of the paste (GetRequestAuthorizationPolicy returns it)")
