"""Check in CloudTrail's AssumeRole event whether the caller's own session was created with a session policy.

This is optional: the event arrives with a delay, and the result does not matter for every role.
"""

from __future__ import annotations

from dataclasses import replace

from diagnostics.access_denied.evidence.history import TrailCall, decoded
from diagnostics.access_denied.evidence.session_policy import passed_policy
from diagnostics.use.side import CallingSide
from iam.account import Role
from iam.layers import LayerReading
from iam.policy.layer import Layer
from iam.policy.request import NamedPolicy
from iam.sources.reader.account_reader import AccountReader


def with_own_session(side: CallingSide, reader: AccountReader) -> tuple[CallingSide, str]:
    """Return the side with its session policy, or marked as having none, and a sentence about the result.

    The event must be the one that returned the same access key. May block.
    """
    me = reader.caller().value
    if not side.may_be_limited or not isinstance(side.entity, Role) or me is None:
        return (
            side,
            "Your credentials are not a session of a role of this account, or that session can have no session policy.",
        )
    # CloudTrail lists AssumeRole's event under, among others, the ID of the access key that it returned.
    reading = reader.events(resource_name=me.key_id or side.entity.arn)
    if reading.value is None:
        return side, f"The call that created your session could not be read: {reading.why}"
    made = next((call for call in decoded(reading.value) if _key_of(call) == me.key_id is not None), None)
    if made is None:
        gap = f" Not read: {reading.note}" if reading.note else ""
        return side, f"CloudTrail, which is about 15 minutes late, does not show how your session was created.{gap}"
    by = made.identity.get("arn", "somebody")
    found = passed_policy(made, reader)
    if found.unread:
        why = f"Your session has a session policy. {found.unread}"
        hidden = LayerReading(Layer.SESSION, "cloudtrail:LookupEvents", why=why)
        policies = replace(side.policies, unread=side.policies.unread | {Layer.SESSION})
        return replace(side, may_be_limited=False, policies=policies, readings=(*side.readings, hidden)), why
    if found.document is None:
        return replace(side, may_be_limited=False), f"Your session has no session policy: {by} created it without one."
    policies = replace(side.policies, session=(NamedPolicy(found.document, "your session policy"),))
    said = f"Your session has a session policy, which {by} passed and which limits what you can use."
    return replace(side, may_be_limited=False, policies=policies), said


def _key_of(call: TrailCall) -> str | None:
    """Return the ID of the access key that the call returned, or None."""
    credentials = call.answer.get("credentials")
    if not call.event.name.startswith("AssumeRole") or not isinstance(credentials, dict):
        return None
    return str(credentials.get("accessKeyId") or "") or None
