"""Advice on an unmet condition whose value the caller can choose with the request."""

from __future__ import annotations

from diagnostics.access_denied.pasted.fixes.command_option import in_command
from diagnostics.access_denied.pasted.fixes.faulty_statement import FaultyStatement
from diagnostics.access_denied.pasted.fixes.unknown_condition import CHOSEN_BY_THE_CHANGE, remedy_of_allow
from diagnostics.access_denied.pasted.request_tags import all_tags, on_type
from diagnostics.fix import Fix, Note
from diagnostics.text.answer.condition_remedies import KNOWN_HOW, remedy, specific_remedy
from diagnostics.who import Who
from iam.claims import Source
from iam.facts.global_services import global_region
from iam.lazy_pattern import regex
from iam.policy.operators import operator
from iam.policy.request import Request
from iam.regions import is_known_region
from iam.service_reference import spelled
from iam.words import listing


def accept_or_correct_the_change(statement: FaultyStatement) -> Fix | None:
    """The condition's value describes the change that the call makes."""
    first, passing = statement.condition, statement.passing
    if first.key.lower() not in CHOSEN_BY_THE_CHANGE:
        return None
    others = _others(statement)
    if not passing or not others:
        return remedy_of_allow(statement.which, first.key, passing, statement.place)
    added = listing(others)
    text = (
        f"Add {added} to the values of {first.key}, if the program should send this value. Otherwise correct the "
        "request."
    )
    return Fix(f"Let {statement.which} accept {added} for {first.key}", statement.owner, Note(statement.place, text))


def find_out_which_is_correct(statement: FaultyStatement) -> Fix | None:
    """The text shows another value, and nothing else is known about the key."""
    first, had = statement.condition, statement.value
    if had is None or had.source is not Source.TEXT or first.key.lower() in KNOWN_HOW:
        return None
    text = f"The condition requires {listing(statement.passing, 'or')}, but the request has {had.words}."
    title = f"Find out which {first.key} is correct, and use that value in the request and in the policy"
    return Fix(title, Who.CALLER, Note(statement.place, text))


def name_existing_regions(statement: FaultyStatement) -> Fix | None:
    """No Region has a name that the condition accepts."""
    passing = statement.passing
    if statement.condition.key.lower() != "aws:requestedregion" or not passing:
        return None
    if any("*" in each or is_known_region(each) for each in passing):
        return None
    text = f"No Region is called {listing(list(passing), 'or')}, so no call meets the condition."
    return Fix(f"Write Regions in the condition of {statement.which}", statement.owner, Note(statement.place, text))


def allow_a_global_service(statement: FaultyStatement) -> Fix | None:
    """The service has one endpoint, in a Region that the condition does not accept."""
    first, action = statement.condition, statement.action
    service = action.partition(":")[0].lower()
    only = global_region(service, _partition(statement.request))
    if first.key.lower() != "aws:requestedregion" or only not in (first.had or ()):
        return None
    text = (
        f"{service} has only one endpoint, in {only}, whatever Region is set in the shell. Add a statement without "
        f"this condition for the needed actions of {service} (here {spelled(action)}), or add {only} to the "
        "condition's values."
    )
    return Fix(f"Allow {spelled(action)} outside {statement.which}", statement.owner, Note(statement.place, text))


def make_an_allowed_request(statement: FaultyStatement) -> Fix | None:
    """The caller sends another value."""
    first, passing, request = statement.condition, statement.passing, statement.request
    key, had = first.key, first.had or ()
    if how := in_command(statement.keys, key, passing) or _in_setting(statement):
        if passing and len(had) == 1:
            how = (
                f"{how}. If {had[0]} is intended, instead ask the policy's owner to add it to the values of {key} "
                f"in {statement.which}"
            )
    else:
        how = remedy(key, passing)
        others = _others(statement)
        if passing and others and not specific_remedy(key, passing):
            how = f"{how}, or add {listing(others)} to the condition's values, if this access is intended"
    bucket = request.resource.rpartition(":")[2]
    if key.lower() == "s3:prefix" and len(had) == 1 and any(each == f"{had[0]}/*" for each in passing):
        how = f"end the prefix with a slash (aws s3 ls s3://{bucket}/{had[0]}/). No policy has to change"
    parts = operator(first.operator)
    if parts is not None and parts.base.startswith("Numeric") and statement.value is not None:
        how = f"{how}, or ask the policy's owner for another limit"
    if (tagged := on_type(key, first.wanted, first.had, request)) is not None:
        how = all_tags(statement.near, request) or tagged
    note = Note("the request", f"{how[0].upper()}{how[1:]}.")
    return Fix(f"Make a request that {statement.which} allows", Who.CALLER, note)


_SETTING = regex(r"[\"']?(?P<name>[\w.@/-]*[\w-])[\"']?[ \t]*[:=][ \t]*[\"']?(?P<value>[^\s\"',]+)")


def _in_setting(statement: FaultyStatement) -> str:
    """Return which setting of the text to change to the only accepted value, as a clause; "" if none sets the key."""
    value, had = statement.value, statement.condition.had or ()
    if value is None or value.source is not Source.TEMPLATE or len(had) != 1 or len(statement.passing) != 1:
        return ""
    found, wanted = _SETTING.match(value.read_from), statement.passing[0]
    if found is None or found["value"] != had[0] or set("*?$") & set(wanted):
        return ""
    return f"in the setting {found['name']}, write {wanted} instead of {had[0]}"


def _others(statement: FaultyStatement) -> list[str]:
    """Return the request's values that the condition does not include."""
    return [each for each in statement.condition.had or () if each not in statement.condition.wanted]


def _partition(request: Request) -> str:
    return (request.principal or request.resource).partition(":")[2].partition(":")[0] or "aws"
