"""Advice on an unmet condition whose value follows from the call, so that the caller cannot choose the value."""

from __future__ import annotations

import re

from diagnostics.access_denied.pasted.fixes.caller_statement import PASSED
from diagnostics.access_denied.pasted.fixes.faulty_statement import FaultyStatement
from diagnostics.access_denied.request.determined.values_of_the_call import SESSION_MODE
from diagnostics.fix import Fix, Note
from diagnostics.text.near_pairs.similarity import edits
from iam.claims import Source
from iam.service_reference import action as known_action
from iam.service_reference import spelled
from iam.words import listing


def accept_the_receiving_service(statement: FaultyStatement) -> Fix | None:
    """The operation passes the role to a service that the condition does not name."""
    first, had = statement.condition, statement.value
    if first.key.lower() != PASSED.lower() or had is None or not first.had:
        return None
    text = f"The operation passes the role to {had.words}. Keep the condition and its existing values."
    return Fix(f"Add {had.words} to {PASSED} in {statement.which}", statement.owner, Note(statement.place, text))


def accept_the_session_mode(statement: FaultyStatement) -> Fix | None:
    """The client requests a kind of S3 Express session that the condition does not name."""
    first = statement.condition
    if first.key.lower() != SESSION_MODE.lower() or not first.had:
        return None
    text = (
        f"Remove the condition on {SESSION_MODE}, or let the condition accept {first.had[0]} too. Or let the "
        f"client ask for a {listing(first.wanted, 'or')} session, if the client can."
    )
    return Fix(f"Let {statement.which} accept {first.had[0]} sessions", statement.owner, Note(statement.place, text))


def take_the_action_out(statement: FaultyStatement) -> Fix | None:
    """No request for the action contains the key."""
    if not statement.never_sent:
        return None
    key, action = statement.condition.key, statement.action
    tag = re.match(r"(?!aws:)[\w-]+:ResourceTag/(.+)", key)
    known = known_action(action)
    instead = ""
    if tag and known is not None and any(each.startswith("aws:resourcetag/") for each in known.all_keys):
        instead = f" Or use aws:ResourceTag/{tag[1]} in the condition, if the resource has the tag."
    text = f"Put {spelled(action)} into a separate statement, without the condition on {key}.{instead}"
    return Fix(f"Take {spelled(action)} out of {statement.which}", statement.owner, Note(statement.place, text))


def match_the_kind_of_call(statement: FaultyStatement) -> Fix | None:
    """The value depends on the kind of call: `_BY_THE_CALL`."""
    first = statement.condition
    change = _BY_THE_CALL.get(first.key.lower())
    if change is None or first.had is None:
        return None
    text = change.replace("{}", listing(list(first.had)) if first.had else spelled(statement.action))
    title = f"Change {statement.which} to match this call, if the call is intended"
    return Fix(title, statement.owner, Note(statement.place, text))


def accept_the_value_of_owners(statement: FaultyStatement) -> Fix | None:
    """The text shows that the caller's organization, VPC or endpoint differs from the required one."""
    first, had = statement.condition, statement.value
    if not first.had or had is None or had.source is not Source.TEXT or first.key.lower() not in _ADDED_BY_OWNER:
        return None
    value = listing(list(first.had))
    if len(first.had) == len(first.wanted) == 1 and edits(value, first.wanted[0], 1) == 1:
        text = (
            f"{first.wanted[0]} and {value} differ in one place: most likely one of them is mistyped. If {value} "
            f"is correct, write {value} instead of {first.wanted[0]}. Keep the condition."
        )
        title = f"Find out which {first.key} is correct: {first.wanted[0]} or {value}"
        return Fix(title, statement.owner, Note(statement.place, text))
    text = f"Add {value} to the values of {first.key}. Keep the condition and its existing values."
    title = f"Let {statement.which} accept {value}, if the caller should have access"
    return Fix(title, statement.owner, Note(statement.place, text))


_ADDED_BY_OWNER = ("aws:principalorgid", "aws:sourcevpce", "aws:sourcevpc")


_BY_THE_CALL = {
    "aws:currenttime": "If the access should continue, the policy's owner must write a later date.",
    "ec2:createaction": "Add {} to the values of ec2:CreateAction. Keep the condition.",
    "ec2:subnet": "Add {} to the values of ec2:Subnet, or remove that subnet from the caller's settings. The "
    "call fails only when that subnet is chosen: CloudTrail's event of the call names it. Keep the "
    "condition.",
    "iam:awsservicename": "Add {} to the values of iam:AWSServiceName. The needed role determines this value, "
    "because a call for another service would create another role. Keep the condition.",
    "saml:aud": "Add {} to the values of SAML:aud, which is the Recipient of the assertion and not its Audience. Or "
    "let the identity provider post to the endpoint that the policy names. Keep the condition.",
    "kms:viaservice": "Allow {} on this key in a separate statement, without kms:ViaService. Keep the existing "
    "statement for calls through that service.",
    "kms:grantisforawsresource": "A call that you make yourself never has the value true here. If you must make this "
    "call, allow kms:CreateGrant in a separate statement, limited by kms:GranteePrincipal or kms:GrantOperations. "
    "Keep the existing statement.",
}
"""How to allow a call, by condition key.

The caller cannot choose the values of these keys: they depend on the kind of call.
"""
