"""Describe a policy statement in one plain sentence, for people who do not read JSON at three in the morning."""

from __future__ import annotations

from collections.abc import Sequence

from iam.arn import Arn, name_of
from iam.policy.document import ConditionBlock, Document, PolicyError, Statement
from iam.words import listing

SHOWN = 4
"""The maximum number of names in a sentence; the others are counted."""

ASSUME_ACTIONS = {
    "sts:assumerole": "",
    "sts:assumerolewithwebidentity": " with a web identity token",
    "sts:assumerolewithsaml": " with a SAML assertion",
}
ASSUME_EXTRAS = {
    "sts:tagsession": "pass session tags",
    "sts:setsourceidentity": "set a source identity",
    "sts:setcontext": "set a trusted context",
}


def statement_sentence(statement: Statement) -> str:
    """Return the statement as one sentence that says who may or must not do what, on what, and when."""
    forbids = statement.effect == "Deny"
    who = _who(statement)
    when = _conditions(statement.conditions)
    condition = f", {'when' if forbids else 'but only when'} {when}" if when else ""
    assume = _assume(statement)
    if assume is not None:
        verb = "Forbids" if forbids else "Lets"
        return f"{verb} {who or 'the caller'} {'to ' if forbids else ''}{assume}{condition}."
    what, on_what = _actions(statement), _resources(statement)
    if forbids:
        to_whom = f" to {who}" if who else ""
        return f"Forbids {what}{on_what}{to_whom}{condition}. This overrides every Allow."
    if who:
        return f"Lets {who} use {what}{on_what}{condition}."
    return f"Allows {what}{on_what}{condition}."


def document_sentences(document: Document) -> str:
    """Return the document's statements as sentences, or "" if it cannot be parsed as a policy."""
    try:
        return " ".join(statement_sentence(each) for each in document.statements)
    except PolicyError:
        return ""


def principal_phrase(kind: str, value: str) -> str:
    """Return words such as ``the service lambda.amazonaws.com``, ``the account 111122223333`` or ``everyone``."""
    if value == "*":
        return "everyone" if kind in ("*", "AWS") else f"every {kind} principal"
    if kind == "Service":
        return f"the service {value}"
    if kind == "Federated":
        if ":saml-provider/" in value:
            return f"users of the SAML provider {name_of(value)}"
        return f"tokens of {value.partition(':oidc-provider/')[2] or value}"
    if kind == "CanonicalUser":
        return f"the canonical user {value}"
    arn = Arn.parse(value)
    if arn is not None and arn.resource == "root":
        return f"principals of the account {arn.account} whose own policies allow it"
    if value.isdigit() and len(value) == 12:
        return f"principals of the account {value} whose own policies allow it"
    if value[:4] in ("AROA", "AIDA"):
        return f"a principal that was deleted ({value})"
    if arn is not None and "/" in arn.resource:
        return f"the {arn.type} {arn.name} of {arn.account}"
    return value


def _who(statement: Statement) -> str:
    if statement.principal is not None:
        return listing([principal_phrase(kind, value) for kind, value in statement.principal])
    if statement.not_principal is not None:
        return "everyone except " + listing([principal_phrase(kind, value) for kind, value in statement.not_principal])
    return ""


def _assume(statement: Statement) -> str | None:
    """Return ``assume this role and pass session tags`` for a statement of a trust policy, else None."""
    if statement.action is None or (statement.principal is None and statement.not_principal is None):
        return None
    actions = [action.lower() for action in statement.action]
    if not actions or any(action not in ASSUME_ACTIONS and action not in ASSUME_EXTRAS for action in actions):
        return None
    ways = [ASSUME_ACTIONS[action] for action in actions if action in ASSUME_ACTIONS]
    extras = [ASSUME_EXTRAS[action] for action in actions if action in ASSUME_EXTRAS]
    parts = [f"assume this role{' or'.join(ways)}"] if ways else []
    return listing([*parts, *extras])


def _action_phrase(action: str) -> str:
    if action == "*":
        return "every action"
    service, _, name = action.partition(":")
    return f"every {service} action" if name == "*" else action


def _actions(statement: Statement) -> str:
    if statement.action is not None:
        return listing([_action_phrase(action) for action in statement.action]) or "no action"
    if statement.not_action is not None:
        return "every action except " + listing([_action_phrase(action) for action in statement.not_action], "and")
    return "no action"


def _resources(statement: Statement) -> str:
    if statement.resource is not None:
        if statement.resource == ("*",):
            return " on every resource"
        return " on " + listing(statement.resource, limit=3)
    if statement.not_resource is not None:
        return " on every resource except " + listing(statement.not_resource, limit=3)
    return ""


_COMPARED = {
    "stringequals": "is",
    "stringnotequals": "is not",
    "stringequalsignorecase": "is (in any case of letters)",
    "stringnotequalsignorecase": "is not (in any case of letters)",
    "stringlike": "matches",
    "stringnotlike": "does not match",
    "arnequals": "matches",
    "arnlike": "matches",
    "arnnotequals": "does not match",
    "arnnotlike": "does not match",
    "numericequals": "is",
    "numericnotequals": "is not",
    "numericlessthan": "is below",
    "numericlessthanequals": "is at most",
    "numericgreaterthan": "is above",
    "numericgreaterthanequals": "is at least",
    "dateequals": "is",
    "datenotequals": "is not",
    "datelessthan": "is before",
    "datelessthanequals": "is at or before",
    "dategreaterthan": "is after",
    "dategreaterthanequals": "is at or after",
    "bool": "is",
    "binaryequals": "is",
    "ipaddress": "is in",
    "notipaddress": "is not in",
}


def condition_phrase(block: ConditionBlock) -> str:
    """Return one condition in words: ``aws:SourceAccount is 111122223333``."""
    operator, key = block.operator, block.key
    subject = key
    if ":" in operator:
        prefix, operator = operator.split(":", 1)
        subject = f"every value of {key}" if prefix.lower() == "forallvalues" else f"some value of {key}"
    lower = operator.lower()
    if lower == "null":
        absent = [value.lower() for value in block.values] == ["true"]
        return f"{subject} is {'absent' if absent else 'given'}"
    if_exists = lower.endswith("ifexists")
    verb = _COMPARED.get(lower.removesuffix("ifexists"), operator)
    negated = " not" in verb
    values = listing([value or '""' for value in block.values], "nor" if negated else "or") or "nothing"
    phrase = f"{subject} {verb} {values}"
    if if_exists:
        phrase += " (or is not given)"
    return phrase


def _conditions(blocks: Sequence[ConditionBlock]) -> str:
    return " and ".join(condition_phrase(block) for block in blocks)


def only_if(text: str, blocks: Sequence[ConditionBlock]) -> str:
    """Return the text with its conditions: ``allows sts:AssumeRole, if aws:SourceIp is 192.0.2.1``."""
    return f"{text}, if {_conditions(blocks)}" if blocks else text
