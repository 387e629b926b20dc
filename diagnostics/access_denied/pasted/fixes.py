"""Return what to change in a policy in the text, or in the request, so that the statement allows the request."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from diagnostics.access_denied.near_misses import misspelled_action, named_operation, no_actions, statement_words
from diagnostics.access_denied.pasted.finding import LAYERS_IN_WORDS
from diagnostics.access_denied.pasted.request_tags import all_tags, apart_from_tags, on_type
from diagnostics.access_denied.request.determined import IS_NEW, SESSION_MODE, determined_keys, tagged_types
from diagnostics.access_denied.scopes import Scope, covering, scope
from diagnostics.failure import Denial
from diagnostics.fix import Fix, Note
from diagnostics.text.answer.condition_remedies import KNOWN_HOW, KNOWN_VALUES, remedy, specific_remedy
from diagnostics.text.near_pairs.alike import Resemblance, edits
from diagnostics.text.read.identities.external_id import how_to_send
from diagnostics.who import OWNERS, Who
from iam.api_operations import actions_behind
from iam.arn import account_of, identity_of, name_of
from iam.claims import Keys, Source
from iam.facts.default_roles import service_of_default_role
from iam.facts.global_services import global_region
from iam.lazy_pattern import regex
from iam.ownership import permission_set_of
from iam.policy.compiled import wildcard_only
from iam.policy.decision import ConditionFailure, Fault, NearMiss
from iam.policy.operators import operator
from iam.policy.principal import Kind
from iam.policy.principal import caller as request_caller
from iam.policy.request import Request
from iam.regions import is_known_region
from iam.service_reference import action as known_action
from iam.service_reference import spelled
from iam.words import listing

NOBODY = "arn:aws:iam::000000000000:role/unknown"
"""The placeholder for a caller that the text does not name: only for statements that do not test the caller."""
_PASSED = "iam:PassedToService"


def place_of(principal: str, *, shown: bool = True) -> str:
    """Return where the caller's own policies are changed; for a role of IAM Identity Center, its permission set.

    ``shown``: the text contains the policy to change.
    https://docs.aws.amazon.com/singlesignon/latest/userguide/permissionsetsconcept.html
    """
    name = identity_of(principal)[2]
    if permission_set := permission_set_of(name):
        return f"the permission set {permission_set}, in IAM Identity Center"
    return f"the policy of {name} in the text" if shown else f"the policies of {name or 'the caller'}"


def arn_to_name(principal: str) -> str:
    """Return the ARN that names a caller in a policy.

    For a session, it is the ARN of its role without the path, which is unknown.
    """
    who = request_caller(principal)
    return f"arn:{who.partition}:iam::{who.account}:role/{who.name}" if who.kind is Kind.SESSION else principal


def _path_note(principal: str | None) -> str:
    """Return a sentence saying that the ARN from `arn_to_name` lacks the role's path; "" if that ARN is complete."""
    who = request_caller(principal) if principal is not None else None
    if who is None or who.kind is not Kind.SESSION:
        return ""
    if who.service_linked:
        return " Add the role's path: aws-service-role/ and the service's principal, as iam get-role shows it."
    return " Add the role's path, if it has one."


def statement_to_add(denial: Denial, action: str) -> str:
    """Return a sentence saying which statement to add to the caller's own policies.

    If the text names no resource, neither does the sentence: ``*`` would allow more than the request.
    """
    on = _resource_to_allow(denial, action)
    if not on:
        return f"Add a statement that allows {spelled(action)} on the resource that the call uses."
    statement = json.dumps(allowing(action, on, determined_keys(denial, action, on, ())))
    phones = _OF_PHONES if is_phone_number(action, denial.resource or "") else ""
    return f"Add the statement {statement}.{_in_the_catalog(action, on)}{phones}"


def _in_the_catalog(action: str, on: str) -> str:
    """Return what a Glue statement on the catalog must also name; "" unless the action is on a database or table in it.

    https://docs.aws.amazon.com/glue/latest/dg/glue-specifying-resource-arns.html
    """
    known = known_action(action) if action.lower().startswith("glue:") and on.endswith(":catalog") else None
    kinds = [kind.name for kind in known.resource_types] if known is not None else []
    inner = [each for each in ("database", "table") if each in kinds]
    return (
        f" Also name the ARN of the {listing(inner)} in its Resource: Glue checks the permission on each of them."
        if inner
        else ""
    )


def _resource_to_allow(denial: Denial, action: str) -> str:
    """Return the Resource that allows the request; "" if the text does not name it."""
    if wildcard_only(action) or is_phone_number(action, denial.resource or ""):
        return "*"
    return denial.resource if denial.resource is not None and denial.resource.startswith("arn:") else ""


def is_phone_number(action: str, on: str) -> bool:
    """Return whether a message goes to a phone number, which has no ARN: a statement allows it with "*" only.

    AWS Step Functions Developer Guide, "IAM policies for calling Amazon SNS", resources based on a path, or publishing
    to TargetArn or PhoneNumber (https://docs.aws.amazon.com/step-functions/latest/dg/sns-iam.html).
    """
    return action.lower() == "sns:publish" and _PHONE_NUMBER.fullmatch(on) is not None


_PHONE_NUMBER = regex(r"\+[\d*xX.-]{5,20}")
"""A number in the format E.164, with or without hidden digits."""
_OF_PHONES = (
    ' A phone number has no ARN: only "*" matches it. To leave out topics, write "NotResource": "arn:aws:sns:*:*:*" '
    "instead of the Resource."
)


def fix_of_caller(denial: Denial, action: str, *, account: str = "") -> Fix:
    """Return the fix for the caller's own policies if none in the text has to change.

    ``account`` is the caller's account, if the fix must say that it is not the resource's account.
    """
    name = identity_of(denial.principal or "")[2] or "the caller"
    on = _resource_to_allow(denial, action)
    place = place_of(denial.principal or "", shown=False) + (f" in account {account}" if account else "")
    title = f"Allow {name} {spelled(action)}" + (f" on {on}" if on else "")
    return Fix(title, Who.ACCOUNT_ADMIN, Note(place, statement_to_add(denial, action)))


def fix_of_resource(denial: Denial, action: str, where: str) -> Fix:
    """Return the fix that adds an Allow to the resource's own policy, which the text does not show.

    ``where`` follows the words "the resource's policy".
    """
    request = Request(denial.principal, action, denial.resource or "*")
    statement = json.dumps(granting(request, action, request.resource))
    return Fix(
        f"Let the resource's own policy allow {identity_of(denial.principal or '')[2]}",
        Who.RESOURCE_OWNER,
        Note(f"the resource's policy{where}", f"Add the statement {statement}.{_path_note(denial.principal)}"),
    )


def granting(request: Request, action: str, on: str) -> dict[str, object]:
    """Return a statement for a resource's policy.

    In a key's policy the resource is the key itself
    (https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html). An ECR repository's policy has no
    Resource (https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policy-examples.html).
    """
    caller = request.principal
    service = request_caller(caller).kind is Kind.SERVICE
    principal = {"Service": caller} if service else {"AWS": arn_to_name(caller) if caller is not None else None}
    if caller is not None and _OF_A_PROVIDER.search(caller):
        principal = {"Federated": caller}
    statement: dict[str, object] = {"Effect": "Allow", "Principal": principal, "Action": spelled(action)}
    if action.lower().startswith("ecr:"):
        return statement
    return {**statement, "Resource": "*" if action.lower().startswith("kms:") else on}


_OF_A_PROVIDER = regex(r":(?:saml|oidc)-provider/")


def allowing(action: str, on: str, keys: Keys) -> dict[str, object]:
    """Return a statement for the caller's own policies. If it passes a role, it does so to one service only."""
    statement: dict[str, object] = {"Effect": "Allow", "Action": spelled(action), "Resource": _resources(action, on)}
    if action.lower() == "iam:passrole" and (service := _receiver(on, keys)):
        statement["Condition"] = {"StringEquals": {_PASSED: service}}
    return statement


def _receiver(role: str, keys: Keys) -> str:
    """Return the service that the role is passed to.

    That is the service in the request or, if the request names none, the service for which AWS creates a role of this
    name. Return "" if neither is known.
    """
    return keys[_PASSED].words if _PASSED in keys else service_of_default_role(name_of(role)) or ""


PROFILE_AREA = r"(?:global|us|eu|apac|jp|au|ca|us-gov)\."
"""The prefix of an inference profile's ID, a regular expression: the area to which Amazon Bedrock routes its calls
(https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html)."""
_PROFILE = regex(
    rf"arn:(?P<partition>[\w-]+):bedrock:[\w-]+:\d{{12}}:inference-profile/{PROFILE_AREA}(?P<model>[\w.:-]+)"
)


def _resources(action: str, on: str) -> str | list[str]:
    """Return what a statement of the caller has to name.

    For an inference profile, that includes its model in every Region; the Region is empty for a global profile. For a
    database or table of Glue, it includes what contains it
    (https://docs.aws.amazon.com/glue/latest/dg/glue-specifying-resource-arns.html).

    https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html
    """
    if (part := _IN_CATALOG.fullmatch(on)) is not None and action.lower().startswith("glue:"):
        database = f"{part['place']}:database/{part['database'] or part['of']}"
        return list(dict.fromkeys((f"{part['place']}:catalog", database, on)))
    profile = _PROFILE.fullmatch(on) if action.lower().startswith("bedrock:invokemodel") else None
    return on if profile is None else [on, f"arn:{profile['partition']}:bedrock:*::foundation-model/{profile['model']}"]


_IN_CATALOG = regex(
    r"(?P<place>arn:[\w-]+:glue:[a-z0-9-]+:\d{12}):(?:database/(?P<database>[^/]+)|table/(?P<of>[^/]+)/[^/]+)"
)


def fix_of(
    near: NearMiss,
    fault: str,
    action: str,
    word: str,
    request: Request,
    keys: Keys,
    *,
    fits: bool = False,
    may_fit: bool = False,
    stranger: bool = False,
    inner: str = "",
) -> Fix | None:
    """Return what to change in the text's policy; None for faults that the sentence explains fully.

    ``fits``: the statement would allow the request if it named the action. ``may_fit``: only conditions whose keys are
    unknown can prevent that. ``stranger``: the statement does not name the caller either, so it would not allow the
    request. ``inner`` is a resource to add to the statement.
    """
    who = Who.RESOURCE_OWNER if word == "trust" else OWNERS.get(word, Who.ACCOUNT_ADMIN)
    on = request.resource if request.resource != "*" or wildcard_only(action) else "the resource of the call"
    place = f"the {LAYERS_IN_WORDS.get(word, 'trust policy' if word == 'trust' else 'policy')} in the text"
    if word == "identity" and request.principal not in (None, NOBODY):
        place = place_of(request.principal or "")
    if inner:
        note = Note(place, f"Add {inner} to the statement's Resource, and keep the resources that are already there.")
        return Fix(f"Add {inner} to {statement_words(near)}", who, note)
    if fault == Fault.PRINCIPAL_MISMATCH.value and word in ("resource", "trust") and request.principal != NOBODY:
        statement = granting(request, action, on)
        if word == "trust":
            statement.pop("Resource", None)
        from iam.policy.edits import statement_value  # only a policy with a principal needs it

        condition = statement_value(near.policy.document, near.statement).get("Condition")
        statement |= {"Condition": condition} if condition else {}
        same = f" The new statement has the same condition as {statement_words(near)}." if condition else ""
        text = (
            "If the caller should have access, add the statement "
            f"{json.dumps(statement)}.{same}{_path_note(request.principal)}"
        )
        trusted = next(iter(near.wanted)) if word == "trust" and len(near.wanted) == 1 else ""
        who_called = request_caller(request.principal)
        # People sign in to a permission set's role; no other caller assumes it.
        if not permission_set_of(name_of(trusted)) and trusted.startswith(
            f"arn:{who_called.partition}:iam::{who_called.account}:role/"
        ):
            text = (
                f"If the call should come from {trusted}, assume that role first; then no policy has to change. {text}"
            )
        return Fix(f"Let the {'role' if word == 'trust' else 'resource'} accept the caller", who, Note(place, text))
    if fault == Fault.NO_ACTION.value and fits and (operation := named_operation(near) or misspelled_action(near)):
        idle = list(dict.fromkeys((operation, *no_actions(near))))
        allow = "allows" if len(idle) == 1 else "allow"
        behind = (actions_behind(name) for name in idle)
        others = (each[0] for each in behind if each and spelled(action) not in each)
        meant = list(dict.fromkeys((spelled(action), *others)))
        text = (
            f"{listing(idle)} {allow} nothing. Leave the statement's other elements "
            f"unchanged.{_for_missing_keys(near, action)}"
        )
        return Fix(f"Write {listing(meant)} in {statement_words(near)}", who, Note(place, text))
    if fault == Fault.NO_ACTION.value and word == "trust" and stranger:
        statement = granting(request, action, on)
        statement.pop("Resource", None)
        text = (
            f"Add the statement {json.dumps(statement)}.{_path_note(request.principal)} Keep the existing statement, "
            "which trusts another principal."
        )
        return Fix("Let the role accept the caller", who, Note(place, text))
    if fault == Fault.NO_ACTION.value and word == "trust":
        text = f"Add {spelled(action)} to its Action."
        return Fix(f"Let {statement_words(near)} allow {spelled(action)}", who, Note(place, text))
    if fault in (Fault.NO_ACTION.value, Fault.RESOURCE_MISMATCH.value) and word != "trust":
        phone = is_phone_number(action, on)
        on = "*" if phone else _secret_of_name(on, near, action)
        if (on.startswith("arn:") or on == "*") and (word != "resource" or request.principal not in (None, NOBODY)):
            wide = _scope_of(near, action, on, fits=fits)
            covers = (
                "" if wide is None else f" The Resource covers {wide.covers}, because the next call uses another name."
            )
            on = on if wide is None else wide.pattern
            if word != "resource" and (model := _everywhere(on, near)):
                on, covers = model, _OF_PROFILES
            statement = granting(request, action, on) if word == "resource" else allowing(action, on, keys)
            if word == "vpce":
                statement = {"Effect": "Allow", "Principal": "*", **statement}
            kept = _kept_condition(near, request, may_fit=may_fit)
            if "Condition" in statement and word != "resource":
                kept = _without_key(kept, _PASSED)
            if kept:
                statement["Condition"] = _merged(kept, statement.get("Condition"))
                covers += (
                    f" The new statement has the same condition as {statement_words(near)}, which this call must also "
                    f"meet.{_OF_RECEIVER if any(_PASSED in each for each in kept.values()) else ''}"
                )
            path = _path_note(request.principal) if word == "resource" else ""
            covers += _in_the_catalog(action, on) if word != "resource" else ""
            covers += _OF_PHONES if phone else ""
            text = f"Add the statement {json.dumps(statement)}.{covers}{path}{_if_other_was_meant(near, request)}"
            if near.element in ("NotAction", "NotResource"):
                text += f" Leave the {near.element} of {statement_words(near)} as it is."
            if near.element == "NotAction" and action.lower() in map(str.lower, near.wanted):
                text = f"{_LEFT_OUT} If the caller should be allowed: {text}"
                on = f"{on}, if it was not left out on purpose"
        else:
            text = f"Add {spelled(action)} on {on} to the policy."
        more = ""
        if word != "resource" and isinstance(_resources(action, on), list):
            more = ", and on what contains it" if _IN_CATALOG.fullmatch(on) else ", and on its model"
        return Fix(f"Allow {spelled(action)} on {on}{more}", who, Note(place, text))
    if fault == "unresolved-variable" and (tag := re.search(r"aws:ResourceTag/([^}\s]+)\}", str(near.conditions))):
        text = (
            f"The statement matches only if the resource has the tag {tag[1]} with the value that the condition "
            "compares. Look at the resource's tags, and let the program or template that creates it set the tag. "
            "Keep the condition."
        )
        return Fix(f"Give the resource the tag {tag[1]}", who, Note(on, text))
    if fault == "unresolved-variable" and "aws:username" in {each.lower() for each in _variables(near)}:
        return without_user_name(statement_words(near), request, who, place)
    if near.conditions and word != "trust" and request_caller(request.principal).kind is Kind.SERVICE:
        return _of_a_service(near, action, who, place)
    if fault == Fault.CONDITION_UNKNOWN.value and near.conditions and word != "trust":
        unknown = near.conditions[0]
        if unknown.operator.endswith("Null"):
            return remedy_of_null(statement_words(near), unknown.key, unknown.wanted)
        passing = () if "Not" in unknown.operator else unknown.wanted
        return remedy_of_allow(statement_words(near), unknown.key, passing, place, request.resource)
    if fault == Fault.CONDITION_UNKNOWN.value and len(near.conditions) == 1 and word == "trust":
        return _external_id(near.conditions[0], request)
    if fault == Fault.CONDITION_UNMET.value and word == "trust" and (sent := _sends_another_id(near)):
        wanted = near.conditions[0].wanted[0]
        text = (
            f"If {sent} is the caller's own (a vendor gives each customer one), write it into sts:ExternalId of the "
            f"trust policy. Otherwise set ExternalId to {wanted} in the caller's settings. Keep the condition."
        )
        return Fix(f"Find out which external ID is correct: {wanted} or {sent}", Who.RESOURCE_OWNER, Note(place, text))
    if fault == Fault.CONDITION_UNMET.value and word == "trust" and (external := _unsent_id(near)):
        return Fix("Send the external ID", Who.CALLER, Note("the call", f"{how_to_send(external)} Keep the condition."))
    if fault == Fault.CONDITION_UNMET.value and near.conditions:
        return _of_condition(near, action, who, place, request, keys)
    return None


def _variables(near: NearMiss) -> list[str]:
    """Return the names of the policy variables in the statement's resources and conditions."""
    statement = near.policy.document.statements[near.statement]
    written = [*(statement.resource or ()), *(value for each in statement.conditions for value in each.values)]
    return VARIABLES.findall(" ".join(written))


VARIABLES = regex(r"\$\{(\w[\w-]*:[\w/.@+=-]+)")
"""The names of policy variables in a text."""


def without_user_name(which: str, request: Request, who: Who, place: str) -> Fix | None:
    """Return what to write for ${aws:username}, which only an IAM user's requests have; None for such a caller.

    IAM User Guide, "IAM policy elements: Variables and tags"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html); IAM Identity Center User
    Guide, "Attributes for access control"
    (https://docs.aws.amazon.com/singlesignon/latest/userguide/attributesforaccesscontrol.html).
    """
    if request_caller(request.principal).kind is not Kind.SESSION:
        return None
    of_people = permission_set_of(request_caller(request.principal).name or "")
    sent = (
        "In IAM Identity Center, pass the user's name as an attribute for access control (key UserName, for example)"
        if of_people
        else "Set the name as a session tag (UserName, for example) or as a tag of the role"
    )
    text = (
        f"aws:username exists only for IAM users, and the caller is a session of a role. {sent}, and write "
        "${aws:PrincipalTag/UserName} in every statement that has ${aws:username}. Without a tag, "
        "${aws:userid} is ROLE-ID:SESSION-NAME, so folders then need names of this form."
    )
    return Fix(f"Replace ${{aws:username}} in {which}", who, Note(place, text))


_CHOSEN_BY_THE_CHANGE = {
    f"route53:changeresourcerecordsets{each}" for each in ("recordtypes", "normalizedrecordnames", "actions")
}
"""Keys whose values say what a call changes: with another value the program would not do what it is for.

Service Authorization Reference, "Condition keys for Amazon Route 53"
(https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonroute53.html).
"""


def of_an_index(key: str, on: str) -> str:
    """Return what a condition on DynamoDB's partition keys tests for a request on an index, as a sentence; else "".

    Amazon DynamoDB Developer Guide, "Using IAM policy conditions for fine-grained access control"
    (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html).
    """
    index = on.partition("/index/")[2]
    if not index or key.lower() != "dynamodb:leadingkeys":
        return ""
    return f"On the index {index}, the key has the index's own partition key, not the table's."


def remedy_of_null(which: str, key: str, wanted: Sequence[str]) -> Fix:
    """Return what to do about the operator Null, whose values say whether the key must be absent.

    IAM User Guide, "Condition operator to check existence of condition keys"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html).
    """
    absent = [each.lower() for each in wanted] == ["true"]
    tag = key.partition("/")[2] if ":resourcetag/" in key.lower() else ""
    must = "must not have" if absent else "must have"
    if not tag:
        text = f"The request {must} {key}{'' if absent else ', with any value'}. Keep the condition."
        return Fix(f"Meet the condition of {which} on {key}", Who.CALLER, Note("the request", text))
    text = f"The resource {must} the tag {tag}{'' if absent else ', with any value'}. Look at its tags."
    if not absent:
        text += (
            " A resource that the same call creates has no tags yet: tagging it needs a statement without this "
            "condition."
        )
    return Fix(f"Meet the condition of {which} on the tag {tag}", Who.RESOURCE_OWNER, Note("the resource", text))


def remedy_of_allow(which: str, key: str, passing: Sequence[str], place: str, on: str = "") -> Fix:
    """Return what to do so that a request matches the Allow ``which``, whose condition on the key accepts ``passing``.

    ``place`` is where the policy is changed, ``on`` the requested resource. If the program may be unable to meet the
    condition, changing the condition is offered too.
    """
    if of_an_index(key, on):
        text = (
            f"Query an index whose partition key has the values that {which} accepts "
            f"({listing(list(passing), 'or')}); create one if none exists. Keep the condition: without it, the caller "
            "can read the items of all others in the index."
        )
        return Fix(
            "Query an index with the partition key that the condition tests", Who.CALLER, Note("the request", text)
        )
    beside = f" in addition to {listing(list(passing))}" if passing else ""
    if key.lower() in _CHOSEN_BY_THE_CHANGE:
        text = (
            f"The value follows from the change that the program makes. If the change is correct, let {key} accept "
            f"its value{beside}. Otherwise correct the request."
        )
        return Fix(f"Let {which} accept the request's {key}", Who.ACCOUNT_ADMIN, Note(place, text))
    how = remedy(key, passing)
    if not specific_remedy(key, passing):
        how += f". If the program cannot, let the condition accept the program's value{beside}"
    note = Note("the request", f"{how[0].upper()}{how[1:]}.")
    return Fix(f"Meet the condition of {which} on {key}", Who.CALLER, note)


OF_SERVICES = {
    "aws:sourcearn": "the ARN of the resource for which the service calls",
    "aws:sourceaccount": "the account of that resource",
    "aws:sourceorgid": "the organization of that account",
    "aws:sourceorgpaths": "the organizational unit of that account",
}
"""Keys that an AWS service sends to say what it calls for, each with its value in words.

IAM User Guide, "AWS global condition context keys":
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html. AWS sends the last two only if
the calling service supports them, so a call may lack them.
"""


def _of_a_service(near: NearMiss, action: str, who: Who, place: str) -> Fix:
    """Return how to change a condition that a service's call does not meet: no caller can set its keys."""
    first, which = near.conditions[0], statement_words(near)
    key, low = first.key, first.key.lower()
    if first.had:
        text = (
            f"If that resource or account should have access, add {listing(list(first.had))} to the values of {key}, "
            f"and remove {listing(list(first.wanted))} only if it needs no access any longer. Keep the "
            "condition."
        )
        everywhere = listing([which, *_of_the_same_values(near)], limit=6)
        return Fix(f"Let {everywhere} name {listing(list(first.had))}", who, Note(place, text))
    if low in ("aws:sourcearn", "aws:sourceaccount"):
        text = (
            f"The value must be {OF_SERVICES[low]}, spelled exactly as the service sends it. The condition currently "
            f"requires {listing(first.wanted, 'or')}."
        )
        return Fix(f"Check {key} in {which}", who, Note(place, text))
    others = len(near.policy.document.statements[near.statement].action or ()) > 1
    what = f"Put {spelled(action)} into a separate statement" if others else "Write the statement"
    text = (
        f"{what}, with aws:SourceArn or aws:SourceAccount in place of {key}: that key limits the statement to the "
        "resource or account for which the service calls."
    )
    return Fix(f"Limit {spelled(action)} in {which} by a key other than {key}", who, Note(place, text))


def _of_the_same_values(near: NearMiss) -> list[str]:
    """Return the document's other Allow statements that require the same values of the key."""
    first = near.conditions[0]
    return [
        f"statement {each.sid or index + 1}"
        for index, each in enumerate(near.policy.document.statements)
        if index != near.statement
        and each.effect == "Allow"
        and any(
            block.key.lower() == first.key.lower() and set(block.values) == set(first.wanted)
            for block in each.conditions
        )
    ]


_MODEL = regex(r"(?P<begin>arn:[\w-]+:bedrock:)[\w-]+(?P<rest>::foundation-model/.+)")


def _everywhere(on: str, near: NearMiss) -> str:
    """Return the model's ARN for every Region, if the statement also names an inference profile; else "".

    Amazon Bedrock User Guide, "Prerequisites for inference profiles"
    (https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html).
    """
    model = _MODEL.fullmatch(on)
    named = any(":inference-profile/" in each for each in near.wanted)
    return f"{model['begin']}*{model['rest']}" if model and named and near.element == "Resource" else ""


_OF_PROFILES = (
    " An inference profile chooses the model's Region itself, so the ARN has a *. If the program calls the model "
    "without a profile, correct the client's Region instead: then no policy has to change."
)
_LEFT_OUT = (
    "The statement leaves out this very action, most likely on purpose: ask the policy's owner, or have an "
    "administrator make the call."
)
_OF_RECEIVER = " If this role is passed to another service, write that service in iam:PassedToService."


def _kept_condition(near: NearMiss, request: Request, *, may_fit: bool) -> dict[str, dict[str, object]]:
    """Return the condition of the closest statement, for the new statement to add; empty if it is for other resources.

    Without this condition, the new statement would allow more than the existing one. Keys for which the request has
    other values, or none, are left out.
    """
    kinds = {_kind_of(each) for each in near.wanted}
    of_kind = (
        near.fault is Fault.RESOURCE_MISMATCH and near.element == "Resource" and _kind_of(request.resource) in kinds
    )
    if not of_kind and not (near.fault is Fault.NO_ACTION and may_fit):
        return {}
    from iam.policy.edits import statement_value  # few policies in texts have a condition

    written: dict[str, dict[str, object]] = statement_value(near.policy.document, near.statement).get("Condition") or {}
    unmet = {each.key.lower() for each in near.conditions if each.had is not None}
    unmet |= {key.lower() for values in written.values() for key in values if _is_of_other_tags(request.action, key)}
    kept = {name: {key: values[key] for key in values if key.lower() not in unmet} for name, values in written.items()}
    return {name: values for name, values in kept.items() if values}


def _without_key(conditions: dict[str, dict[str, object]], key: str) -> dict[str, dict[str, object]]:
    """Return the conditions without those on the key, and without operators that have no other key."""
    left = {
        name: {one: had for one, had in each.items() if one.lower() != key.lower()} for name, each in conditions.items()
    }
    return {name: each for name, each in left.items() if each}


_OF_TAGS = ("aws:requesttag/", "aws:tagkeys", "aws:resourcetag/")


def _is_of_other_tags(action: str, key: str) -> bool:
    """Return whether the condition key is one of tags that requests of the action do not have."""
    start = next((each for each in _OF_TAGS if key.lower().startswith(each)), "")
    known = known_action(action)
    return bool(start) and known is not None and start not in known.all_keys


def _kind_of(arn: str) -> tuple[str, ...]:
    """Return the service and the type of a resource; for S3, whether it is an object."""
    _, _, service, _, _, resource = (*arn.split(":", 5), *("",) * 6)[:6]
    if service == "s3":
        return service, "object" if "/" in resource else "bucket"
    return service, re.split("[:/]", resource)[0] if re.search("[:/]", resource) else ""


def _merged(kept: dict[str, dict[str, object]], new: object) -> dict[str, dict[str, object]]:
    """Return a condition with the keys of both; those of ``new`` have the values of this request."""
    added: dict[str, dict[str, object]] = new if isinstance(new, dict) else {}
    return {name: kept.get(name, {}) | added.get(name, {}) for name in dict.fromkeys((*kept, *added))}


def _if_other_was_meant(near: NearMiss, request: Request) -> str:
    """Return a sentence saying that the call may have named the wrong resource.

    Return "" if the statement names no similar resource.
    """
    asked = _KIND.match(request.resource) if near.fault is Fault.RESOURCE_MISMATCH else None
    kin = [each for each in near.wanted if asked and (kind := _KIND.match(each)) and kind[0] == asked[0]]
    named = kin[0] if len(kin) == 1 else ""
    if not named or near.element != "Resource" or re.search(r"[*?$<{]", f"{named}{request.resource}"):
        return ""
    return f" If the call was meant for {named}, correct the call; then no policy has to change."


_KIND = regex(r"arn:[\w-]+:[\w-]+:[^:]*:[^:]*:[\w-]+[/:]")
"""An ARN up to the name of its resource."""


def _scope_of(near: NearMiss, action: str, on: str, *, fits: bool) -> Scope | None:
    """Return the pattern for the statement to add; None if the statement only needs the resource itself."""
    if near.fault is Fault.RESOURCE_MISMATCH and near.element == "Resource":
        return scope(action, on, [_as_arn(each, on) for each in near.wanted])
    named = near.policy.document.statements[near.statement].resource or ()
    return (covering(on, named) if fits else None) or scope(action, on)


def _as_arn(stated: str, asked: str) -> str:
    """Return the ARN for the name of objects in a statement, ``BUCKET/KEY`` or a key in the requested bucket."""
    start = _BUCKET.match(asked)
    if stated.startswith("arn:") or start is None or "/" not in stated:
        return stated
    front, _, bucket = start[0].rpartition(":")
    return f"{front}:{stated}" if stated.startswith(f"{bucket}/") else f"{front}:{bucket}/{stated.lstrip('/')}"


_OF_DATABRICKS = regex(r":(?:assumed-)?role/unity-catalog-prod-UCMasterRole-")


def is_of_databricks(caller: str | None) -> bool:
    """Return whether the caller is the role of Databricks Unity Catalog.

    The role is in an account that Databricks' customers cannot change.

    https://docs.databricks.com/aws/en/connect/unity-catalog/cloud-storage/s3/s3-external-location-manual
    """
    return _OF_DATABRICKS.search(caller or "") is not None


def _sends_another_id(near: NearMiss) -> str:
    """Return the external ID that the caller sends instead of the required one, if nothing else is unmet; else ""."""
    first = near.conditions[0] if len(near.conditions) == 1 else None
    if first is None or first.key.lower() != "sts:externalid" or len(first.wanted) != 1 or len(first.had or ()) != 1:
        return ""
    return (first.had or ("",))[0]


def _unsent_id(near: NearMiss) -> str:
    """Return the external ID that the trust policy asks for, if the call sends none; else ""."""
    first = near.conditions[0] if near.conditions else None
    unsent = first is not None and first.key.lower() == "sts:externalid" and first.had == ()
    return first.wanted[0] if first is not None and unsent and len(first.wanted) == 1 else ""


def _external_id(condition: ConditionFailure, request: Request) -> Fix | None:
    """Return the fix that makes the external ID the one that the trust policy requires; None for other conditions.

    IAM User Guide, "Access to AWS accounts owned by third parties"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html).
    """
    parts = operator(condition.operator)
    if condition.key.lower() != "sts:externalid" or parts is None or parts.negated or len(condition.wanted) != 1:
        return None
    wanted = condition.wanted[0]
    if account_of(request.principal or "") != account_of(request.resource):
        text = (
            f"A vendor sends the external ID that it shows you: if that ID is not {wanted}, write it into "
            "sts:ExternalId of the trust policy. Your own call sends the ID with --external-id, external_id in a "
            "profile, or the program's setting for it."
        )
        title = f"Compare the external ID in the call with {wanted}"
        return Fix(title, Who.RESOURCE_OWNER, Note("the trust policy in the text", text))
    text = (
        f"Set ExternalId to {wanted} in the call: --external-id, external_id in a profile, or the program's setting "
        "for it. If the program has no such setting, use a version that has it. Keep the condition."
    )
    return Fix(f"Send the external ID {wanted}", Who.CALLER, Note("the call of AssumeRole", text))


def _for_missing_keys(near: NearMiss, action: str) -> str:
    """Return what else a call that reads an object needs, if the statement names objects of one bucket; else "".

    Amazon S3 API Reference, "HeadObject": without s3:ListBucket, S3 answers a request for a missing key with 403 and
    not with 404 (https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html).
    """
    value = near.policy.document.value
    statement = value["Statement"][near.statement] if isinstance(value, dict) else {}
    written = statement.get("Resource")
    bucket = _BUCKET.match(written if isinstance(written, str) else (written or [""])[0])
    if action.lower() != "s3:getobject" or bucket is None:
        return ""
    return (
        f" Add s3:ListBucket on {bucket[0]} in a separate statement: without this permission, S3 answers 403 instead "
        "of 404 for a missing key."
    )


_BUCKET = regex(r"arn:[\w-]+:s3:::[\w.-]+(?=/)")


def _secret_of_name(on: str, near: NearMiss, action: str) -> str:
    """Return the ARN of a secret that the text names, in the Region and account of the secrets in the statement.

    Anything that is not the name of a secret is returned unchanged. AWS Secrets Manager User Guide, "Authentication and
    access control": six characters follow the name, and a pattern needs -?????? for them
    (https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access.html).
    """
    if not action.lower().startswith("secretsmanager:") or ":" in on or on == "*" or " " in on:
        return on
    places = {found["place"] for each in near.wanted if (found := _OF_SECRETS.match(each))}
    return f"{places.pop()}{on}-??????" if len(places) == 1 else on


_OF_SECRETS = regex(r"(?P<place>arn:[\w-]+:secretsmanager:[a-z0-9-]+:\d{12}:secret:)")


_ADDED_BY_OWNER = ("aws:principalorgid", "aws:sourcevpce", "aws:sourcevpc")


def _of_condition(near: NearMiss, action: str, who: Who, place: str, request: Request, keys: Keys) -> Fix | None:
    """Return what to do about a condition, if the request's value for it is known."""
    first, which = near.conditions[0], statement_words(near)
    had = keys.get(first.key)
    if first.key.lower() == _PASSED.lower() and had is not None and first.had:
        text = f"The operation passes the role to {had.words}. Keep the condition and its existing values."
        return Fix(f"Add {had.words} to {_PASSED} in {which}", who, Note(place, text))
    if first.key.lower() == SESSION_MODE.lower() and first.had:
        text = (
            f"Remove the condition on {SESSION_MODE}, or let it accept {first.had[0]} too. Or let the client ask for a "
            f"{listing(first.wanted, 'or')} session, if it can."
        )
        return Fix(f"Let {which} accept {first.had[0]} sessions", who, Note(place, text))
    if first.had == () and had is not None and had.read_from == IS_NEW:
        name = first.key.partition("/")[2]
        wanted = {first.operator: {f"aws:RequestTag/{name}": list(first.wanted)}}
        on = list(near.policy.document.statements[near.statement].resource or ("*",))
        resource: str | list[str] = on[0] if len(on) == 1 else on
        statement = {"Effect": "Allow", "Action": spelled(action), "Resource": resource, "Condition": wanted}
        key, known = f"{action.partition(':')[0]}:CreateAction", known_action(action)
        limit = (
            f" The condition on {key} limits the statement to the call that creates the resource."
            if known and key.lower() in known.all_keys
            else ""
        )
        text = f"Add the statement {json.dumps(statement)}.{limit} Keep {which} for later changes of the tags."
        return Fix(
            f"Allow {spelled(action)} by aws:RequestTag/{name}, the tag that the call sets", who, Note(place, text)
        )
    if first.had == () and had is not None and had.source is Source.DEFAULT and tagged_types(first.key, action):
        return apart_from_tags(first.key, request, which, who, place)
    if first.had == () and first.key.lower().endswith(":createaction") and _ID_AT_END.search(request.resource):
        return _for_what_exists(near, action, who, place, request)
    if first.had == () and had is not None and had.source is Source.DEFAULT:
        tag = re.match(r"(?!aws:)[\w-]+:ResourceTag/(.+)", first.key)
        known = known_action(action)
        instead = ""
        if tag and known is not None and any(key.startswith("aws:resourcetag/") for key in known.all_keys):
            instead = f" Or use aws:ResourceTag/{tag[1]} there, if the resource has the tag."
        text = f"Put {spelled(action)} into a separate statement, without the condition on {first.key}.{instead}"
        return Fix(f"Take {spelled(action)} out of {which}", who, Note(place, text))
    if (change := _BY_THE_CALL.get(first.key.lower())) is not None and first.had is not None:
        text = change.replace("{}", listing(list(first.had)) if first.had else spelled(action))
        return Fix(f"Change {which} to match this call, if the call is intended", who, Note(place, text))
    parts = operator(first.operator)
    if first.had and parts is not None and not parts.negated and ":resourcetag/" in first.key.lower():
        named, values = first.key.partition("/")[2], listing(first.wanted, "or")
        text = (
            f"If the caller should reach this resource, set its tag {named} to {values}, or let the condition accept "
            f"{listing(list(first.had))}. Otherwise use a resource that has the tag. Keep the condition."
        )
        return Fix(
            f"Find out whether the resource should have {named}={values}",
            Who.RESOURCE_OWNER,
            Note("the resource of the call", text),
        )
    if first.had and had is not None and had.source is Source.TEXT and first.key.lower() in _ADDED_BY_OWNER:
        value = listing(list(first.had))
        if len(first.had) == len(first.wanted) == 1 and edits(value, first.wanted[0], 1) == 1:
            text = (
                f"{first.wanted[0]} and {value} differ in one place: most likely one of them is mistyped. If {value} "
                f"is right, write it in place of {first.wanted[0]}. Keep the condition."
            )
            return Fix(f"Find out which {first.key} is correct: {first.wanted[0]} or {value}", who, Note(place, text))
        note = Note(place, f"Add {value} to the values of {first.key}. Keep the condition and its existing values.")
        return Fix(f"Let {which} accept {value}, if the caller should have access", who, note)
    if first.had is None or parts is None or first.key.lower().startswith(_NOT_SENT):
        return None
    passing = () if parts.negated else first.wanted
    others = [each for each in first.had if each not in first.wanted]
    if first.key.lower() in _CHOSEN_BY_THE_CHANGE and passing and others:
        added = listing(others)
        text = (
            f"Add {added} to the values of {first.key}, if the program should send this value. Otherwise correct the "
            "request."
        )
        return Fix(f"Let {which} accept {added} for {first.key}", who, Note(place, text))
    if first.key.lower() in _CHOSEN_BY_THE_CHANGE:
        return remedy_of_allow(which, first.key, passing, place)
    if had is not None and had.source is Source.TEXT and first.key.lower() not in KNOWN_HOW:
        note = Note(place, f"The condition requires {listing(passing, 'or')}, but the request has {had.words}.")
        return Fix(f"Find out which {first.key} is correct, and use it in the request and the policy", Who.CALLER, note)
    low = first.key.lower()
    if low == "aws:requestedregion" and passing and not any("*" in each or is_known_region(each) for each in passing):
        text = f"No Region is called {listing(list(passing), 'or')}, so no call meets the condition."
        return Fix(f"Write Regions in the condition of {which}", who, Note(place, text))
    service = action.partition(":")[0].lower()
    if low == "aws:requestedregion" and (only := global_region(service, _partition(request))) in first.had:
        text = (
            f"{service} has one endpoint, in {only}, whatever Region is set in the shell. Add a statement without "
            f"this condition for the actions of {service} that are needed (here {spelled(action)}), or add {only} to "
            "its values."
        )
        return Fix(f"Allow {spelled(action)} outside {which}", who, Note(place, text))
    if how := in_command(keys, first.key, passing):
        if passing and len(first.had) == 1:
            how = f"{how}. If {first.had[0]} is intended, have it added to the values of {first.key} in {which} instead"
    else:
        how = remedy(first.key, passing)
        if passing and others and not specific_remedy(first.key, passing):
            how = f"{how}, or let the condition accept {listing(others)}, if that is intended"
    bucket = request.resource.rpartition(":")[2]
    if low == "s3:prefix" and len(first.had) == 1 and any(each == f"{first.had[0]}/*" for each in passing):
        how = f"end the prefix with a slash (aws s3 ls s3://{bucket}/{first.had[0]}/). No policy has to change"
    if parts.base.startswith("Numeric") and had is not None:
        how = f"{how}, or ask the policy's owner for another limit"
    if (tagged := on_type(first.key, first.wanted, first.had, request)) is not None:
        how = all_tags(near, request) or tagged
    return Fix(f"Make a request that {which} allows", Who.CALLER, Note("the request", f"{how[0].upper()}{how[1:]}."))


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
        f"Add the statement {json.dumps(statement)}.{limit} Keep {statement_words(near)}, which is for tags that the "
        "creating call sets."
    )
    return Fix(f"Allow {spelled(action)} on existing resources in a separate statement", who, Note(place, text))


def _partition(request: Request) -> str:
    return (request.principal or request.resource).partition(":")[2].partition(":")[0] or "aws"


_BY_THE_CALL = {
    "aws:currenttime": "Write a later date if the access should continue. Only the policy's owner can do that.",
    "ec2:createaction": "Add {} to the values of ec2:CreateAction. Keep the condition.",
    "ec2:subnet": "Add {} to the values of ec2:Subnet, or remove that subnet from the caller's settings. The "
    "call fails only when that subnet is chosen: CloudTrail's event of the call names it. Keep the "
    "condition.",
    "iam:awsservicename": "Add {} to the values of iam:AWSServiceName. The value follows from the needed role: a "
    "call for another service would create another role. Keep the condition.",
    "saml:aud": "Add {} to the values of SAML:aud, which is the Recipient of the assertion and not its Audience. Or "
    "let the identity provider post to the endpoint that the policy names. Keep the condition.",
    "kms:viaservice": "Allow {} on this key in a separate statement, without kms:ViaService. Keep the existing one for "
    "calls through that service.",
    "kms:grantisforawsresource": "A call that you make yourself never has the value true here. If you need it, "
    "allow kms:CreateGrant in a separate statement, limited by kms:GranteePrincipal or kms:GrantOperations. Keep the "
    "existing one.",
}
"""How to allow a call, by condition key.

The caller cannot choose the values of these keys: they depend on the kind of call.
"""


def in_command(keys: Keys, key: str, passing: Sequence[str]) -> str:
    """Return which option of the command to change; "" if no command in the text sets the condition key."""
    own_how = key.lower() == "aws:securetransport" or (passing and key.lower() in KNOWN_VALUES)
    had = None if own_how else keys.get(key)
    option = had.read_from.split()[0] if had is not None and had.source is Source.COMMAND and had.read_from else ""
    if not option.startswith("--"):
        return ""
    if not passing:
        return f"leave out {option}, or send another value"
    name = key.rpartition(":")[2]
    if had is not None and had.read_from.startswith(f"{option} {name}="):
        return f"write {name}={listing(list(passing), 'or')} in {option}"
    return f"change {option} to {listing(list(passing), 'or')}"


_NOT_SENT = ("aws:principal", "aws:source", "aws:via", "aws:called", "aws:resource", "aws:user")
"""Keys that the caller's request cannot choose."""


def fix_of_names(alike: Resemblance, word: str) -> Fix:
    """Return the fix that finds out which of two similar names is meant; it allows nothing in addition."""
    place = f"the request, and the {LAYERS_IN_WORDS.get(word, 'policy')} in the text"
    text = (
        "Look up which of the two exists, and use its spelling in the request and in the policy. Do not widen the "
        "policy before you know which one is correct."
    )
    note = Note(place, text)
    if alike.part == "Region":
        note = Note(
            place,
            f"If {alike.asked} is intended, add the ARN with this Region to the statement, in addition to "
            f"{alike.written}.",
        )
    return Fix(f"Find out which {alike.part} is correct: {alike.written} or {alike.asked}", Who.CALLER, note)
