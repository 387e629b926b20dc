"""Advice on an unmet condition on tags: of the request, of the created resource, or of an existing resource."""

from __future__ import annotations

import json

from diagnostics.access_denied.near_misses import statement_words
from diagnostics.access_denied.pasted.fixes.faulty_statement import FaultyStatement
from diagnostics.access_denied.pasted.request_tags import apart_from_tags
from diagnostics.access_denied.request.determined.created_resources import IS_NEW
from diagnostics.access_denied.request.determined.never_sent import tagged_types
from diagnostics.fix import Fix, Note
from diagnostics.who import Who
from iam.lazy_pattern import regex
from iam.policy.decision import NearMiss
from iam.policy.operators import operator
from iam.policy.request import Request
from iam.service_reference import action as known_action
from iam.service_reference import spelled
from iam.words import listing


def allow_by_request_tag(statement: FaultyStatement) -> Fix | None:
    """The condition tests a tag of a resource that the call has just created, which has no tags yet."""
    first, had, action = statement.condition, statement.value, statement.action
    if first.had != () or had is None or had.read_from != IS_NEW:
        return None
    near, name = statement.near, first.key.partition("/")[2]
    known = known_action(action)
    if known is not None and not any(each.startswith("aws:requesttag/") for each in known.all_keys):
        without = f"Add a statement for {spelled(action)} without a condition on the resource's tags, on the ARNs that "
        without += f"the stack creates: this call sends no tags itself. Keep {statement.which} for later calls."
        title = f"Allow {spelled(action)} on the new resource without aws:ResourceTag"
        return Fix(title, statement.owner, Note(statement.place, without))
    wanted = {first.operator: {f"aws:RequestTag/{name}": list(first.wanted)}}
    on = list(near.policy.document.statements[near.statement].resource or ("*",))
    resource: str | list[str] = on[0] if len(on) == 1 else on
    added = {"Effect": "Allow", "Action": spelled(action), "Resource": resource, "Condition": wanted}
    key = f"{action.partition(':')[0]}:CreateAction"
    limit = (
        f" The condition on {key} limits the statement to the call that creates the resource."
        if known and key.lower() in known.all_keys
        else ""
    )
    text = f"Add the statement {json.dumps(added)}.{limit} Keep {statement.which} for later changes of the tags."
    title = f"Allow {spelled(action)} by aws:RequestTag/{name}, the tag that the call sets"
    return Fix(title, statement.owner, Note(statement.place, text))


def allow_without_tags(statement: FaultyStatement) -> Fix | None:
    """The condition tests a tag that the call sends only for other resource types."""
    key = statement.condition.key
    if not statement.never_sent or not tagged_types(key, statement.action):
        return None
    return apart_from_tags(key, statement.request, statement.which, statement.owner, statement.place)


def allow_tags_on_what_exists(statement: FaultyStatement) -> Fix | None:
    """The condition allows tagging only during creation, but the resource already exists."""
    first, request = statement.condition, statement.request
    if first.had != () or not first.key.lower().endswith(":createaction") or not _ID_AT_END.search(request.resource):
        return None
    return _for_what_exists(statement.near, statement.action, statement.owner, statement.place, request)


def tag_or_accept_the_resource(statement: FaultyStatement) -> Fix | None:
    """The resource's tag differs from the required value."""
    first = statement.condition
    parts = operator(first.operator)
    if not first.had or parts is None or parts.negated or ":resourcetag/" not in first.key.lower():
        return None
    named, values = first.key.partition("/")[2], listing(first.wanted, "or")
    text = (
        f"If the caller should reach this resource, set its tag {named} to {values}, or add "
        f"{listing(list(first.had))} to the values in the condition. Otherwise use a resource that has the tag. Do not "
        "remove the condition."
    )
    title = f"Find out whether the resource should have {named}={values}"
    return Fix(title, Who.RESOURCE_OWNER, Note("the resource of the call", text))


_ID_AT_END = regex(r"(?<=/)[^/]+$")


def _for_what_exists(near: NearMiss, action: str, who: Who, place: str, request: Request) -> Fix:
    """Return the fix with a statement for tagging existing resources, next to the one for tagging during creation.

    The new statement is limited by the tags on the resource, as the existing one is by those in the request. Elastic
    Load Balancing User Guide, "ELB API permissions to tag resources during creation": a statement with a condition on
    CreateAction does not permit tagging existing resources
    (https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/tagging-resources-during-creation.html).
    """
    blocks = near.policy.document.statements[near.statement].conditions
    tags = {
        f"aws:ResourceTag/{each.key.partition('/')[2]}": each.values[0] if len(each.values) == 1 else list(each.values)
        for each in blocks
        if each.key.lower().startswith("aws:requesttag/") and each.operator == "StringEquals"
    }
    on = _ID_AT_END.sub("*", request.resource)
    statement: dict[str, object] = {"Effect": "Allow", "Action": spelled(action), "Resource": on}
    statement |= {"Condition": {"StringEquals": tags}} if tags else {}
    limit = "" if tags else " Limit the statement with aws:ResourceTag to the resources that the caller may tag."
    text = (
        f"Add the statement {json.dumps(statement)}.{limit} Keep {statement_words(near)} for the tags that the "
        "creating call sets."
    )
    return Fix(f"Allow {spelled(action)} on existing resources in a separate statement", who, Note(place, text))
