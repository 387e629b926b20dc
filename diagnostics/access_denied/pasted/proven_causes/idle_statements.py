"""Find an Allow in the text that cannot cover its own action: its ARNs have another form, or a needed type is missing.

   Service Authorization Reference: each action's row lists its resource types, and marks those that a statement must
name
(https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.access_denied.pasted.json_in_text import MOST_CHARACTERS, read_values
from diagnostics.failure import Denial, OtherFailure
from diagnostics.fix import Fix, Note
from diagnostics.text.policy_questions.mistakes import (
    PolicyFault,
    allows_in,
    buckets_without_objects,
    can_be,
    on_nothing,
    shown_arn,
)
from diagnostics.text.read.printed_values import printed_values
from diagnostics.text.read.resources.database_hosts import resource_id_command
from diagnostics.who import Who
from iam.lazy_pattern import regex
from iam.policy.compiled import wildcard_only
from iam.policy.decision import Fault
from iam.policy.match import names_action
from iam.service_reference import action as known_action
from iam.service_reference import resource_types
from iam.words import listing

_Allow = tuple[str, Mapping[str, Any]]


def of_an_idle_statement(failure: Denial | OtherFailure, *, members: bool = False) -> Finding | None:
    """Return the first Allow in the text that cannot cover its action; None if each can, or another Allow covers it.

    Only for a failure for which the text names no resource; if it names one, the statements are compared with that
    resource. If the text names no action either, its Allows must all be of one service. ``members``: statements without
    braces count too.
    """
    denial = failure if isinstance(failure, Denial) else None
    text = (denial.pasted if denial is not None else "") or failure.text
    if denial is not None and (denial.resource or denial.claims_trust):
        return None
    asked = (denial.missing_action or denial.action or "").lower() if denial is not None else ""
    written = (*allows_in(text), *(_of_members(text) if members else ()))
    if (reference := _reference_to_a_name(written, text)) is not None:
        return reference
    allows = [each for each in written if _is_complete(each[1])]
    named = [action for _, each in allows for action in _listed(each["Action"])]
    if not asked and len({action.partition(":")[0] for action in named}) != 1:
        return None
    faults = {
        action: fault
        for action in dict.fromkeys(named)
        if asked in ("", action.lower()) and not (denial is not None and wildcard_only(action))
        if (fault := next(_faults(action, allows, text), None)) is not None
    }
    if not faults and not asked:
        return _without_objects(allows, text)
    return _finding(faults, allows, text) if faults else None


_OBJECTS = regex(r"\b(?:objects?|files?|keys?|HEAD|GET|PUT|upload\w*|download\w*|cop(?:y|ies|ying)|s3 cp|sync)\b")


def _without_objects(allows: Sequence[_Allow], text: str) -> Finding | None:
    """Return the finding that a policy covers a bucket but not its objects, for a refused call on an object."""
    fault = buckets_without_objects(allows)
    if fault is None or not _OBJECTS.search(text) or not re.search(r"\b403\b|[Dd]enied|[Ff]orbidden", text):
        return None
    fix = Fix(
        "Add the objects to the policy's Resource", Who.ACCOUNT_ADMIN, Note("the policy in the text", fault.change)
    )
    sentence = f"Correct the policy in the text: most likely its Resource lacks the bucket's objects. {fault.sentence}"
    return Finding(f"identity.{Fault.RESOURCE_MISMATCH.value}", fault.sentence.rstrip("."), sentence, fix=fix)


def _of_members(text: str) -> Iterator[_Allow]:
    """Yield the Allow statements that the text shows without braces around their members."""
    values = (value for _, _, value in read_values(text[:MOST_CHARACTERS])[0] if isinstance(value, dict))
    for number, value in enumerate((each for each in values if "Action" in each and "Resource" in each), 1):
        if value.get("Effect", "Allow") == "Allow":
            yield f"statement {number}", value


_REFERENCE = regex(
    r":rds-db:[^/\s]*:dbuser:(?P<all>\$\{(?:(?P<logical>[A-Za-z0-9]+)|[^}]*\.(?:cluster_)?identifier)\})/"
)


def _reference_to_a_name(allows: Sequence[_Allow], text: str) -> Finding | None:
    """Return the template reference that inserts a database's name where its ARN needs the resource ID.

    In CloudFormation, a reference to a logical ID returns the identifier (AWS CDK reference, "DBClusterReference",
    https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_rds.DBClusterReference.html, and "DBInstanceReference").
    """
    named = [one for _, each in allows for one in _listed(each.get("Resource"))]
    found = next((each for one in named if (each := _REFERENCE.search(one)) is not None), None)
    if found is None:
        return None
    logical = found["logical"]
    if logical and not re.search(rf"\b{logical}[\"']?:\s*\{{?\s*[\"']?Type[\"']?:\s*[\"']?AWS::RDS::DB", text):
        return None
    said = f"{found['all']} gives the database's name, but the ARN for rds-db:connect needs the database's resource ID"
    change = (
        f"Write ${{{logical}.DBClusterResourceId}} of a cluster or ${{{logical}.DbiResourceId}} of an instance"
        if logical
        else "Write the attribute resource_id of an instance or cluster_resource_id of a cluster"
    )
    note = Note("the policy in the text", f"{change} in place of {found['all']}: {_IDS['DbiResourceId'][1]}.")
    return Finding(
        f"identity.{Fault.RESOURCE_MISMATCH.value}",
        said,
        f"Correct the policy in the text. {said}: as written, it matches nothing.",
        fix=Fix("Correct the policy: its Resource", Who.ACCOUNT_ADMIN, note),
    )


def _is_complete(statement: Mapping[str, Any]) -> bool:
    """Return whether the statement's resources are complete, so that no part has to be guessed."""
    named = _listed(statement.get("Resource"))
    return bool(named) and all(each == "*" or _FULL.match(each) for each in named)


_FULL = regex(r"arn:[\w-]+:[a-z0-9-]+:[\w*-]*:[\d*]*:[^\s<>{}$]+$")


# AWS AppSync Developer Guide, "Configuring authorization and authentication", AWS_IAM authorization: its policies name
# fields only (https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html).
_ONE_TYPE_SUFFICES = frozenset({"appsync:graphql"})
"""Actions that the Service Authorization Reference lists with two required types, and that are checked on one."""


def _faults(action: str, allows: Sequence[_Allow], text: str) -> Iterator[PolicyFault]:
    known = known_action(action)
    named = [
        one
        for _, each in allows
        if names_action(tuple(_listed(each["Action"])), action)
        for one in _listed(each.get("Resource"))
    ]
    if known is None or not named or "*" in named or action.lower() in _ONE_TYPE_SUFFICES:
        return
    if by_name := [each for each in named if _has_a_name_for_an_id(action, each)]:
        form, words, command = next(each for key, each in _IDS.items() if _in_types(action, key))
        shown = [value for value in printed_values(text) if form.fullmatch(value)]
        how = f"{shown[0]}, which the text shows" if len(shown) == 1 else command(text)
        yield PolicyFault(
            f"The policy's {listing(by_name)} matches nothing, because the ARN needs the ID ({words}) in place of "
            "the name.",
            f"Write the ID in place of the name: {how}",
        )
        return
    yield from on_nothing(action, "the policy", tuple(named), alone=True)
    missing = [
        kind
        for kind in known.resource_types
        if kind.name in known.required and not any(kind.fits(each) for each in named)
    ]
    if len(missing) == 1 and any(kind.fits(each) for each in named for kind in known.resource_types):
        kind = missing[0]
        yield PolicyFault(
            f"AWS also checks the call of {action} on the {kind.name}, which the policy does not name: the policy "
            f"names {listing(named[:3])}.",
            f"Add {_in_the_place_of(named[0], shown_arn(kind))} to its Resource.",
        )


def _in_the_place_of(written: str, form: str) -> str:
    """Return an ARN template filled in with the partition, Region and account of the ARN in the policy."""
    place = written.split(":")
    return ":".join(place[at] if at in _PLACE and part.isupper() else part for at, part in enumerate(form.split(":")))


_PLACE = (1, 3, 4)


_IDS = {
    "DbiResourceId": (
        regex(r"(?:db|cluster|prx)-[A-Za-z0-9*?]+|[*?].*"),
        "db-… of an instance, cluster-… of an Aurora cluster, prx-… of an RDS Proxy",
        resource_id_command,
    )
}
"""Variable parts of ARNs that are IDs. For each: the form of the ID, a description, and the command that prints the ID.

Amazon RDS User Guide, "Creating and using an IAM policy for IAM database access"
(https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.IAMPolicy.html).
"""


def _in_types(action: str, name: str) -> bool:
    known = known_action(action)
    return known is not None and any(f"${{{name}}}" in kind.arn for kind in known.resource_types)


def _has_a_name_for_an_id(action: str, arn: str) -> bool:
    known = known_action(action)
    for kind in known.resource_types if known is not None else ():
        found = re.fullmatch(_as_pattern(kind.arn.split(":", 5)[-1]), arn.split(":", 5)[-1])
        for name, value in found.groupdict().items() if found else ():
            if name in _IDS and not _IDS[name][0].fullmatch(value):
                return True
    return False


def _finding(faults: Mapping[str, PolicyFault], allows: Sequence[_Allow], text: str) -> Finding:
    action, fault = next(iter(faults.items()))
    named = [
        one
        for _, each in allows
        if names_action(tuple(_listed(each["Action"])), action)
        for one in _listed(each["Resource"])
    ]
    right = _completed(action, named[0], text) if len(named) == 1 else ""
    others = [each for each in faults if each != action]
    more = f" The same applies to {listing(others)}." if others else ""
    change = fault.change
    if right:
        same = _head(right.split(":", 5)[5]) == _head(named[0].split(":", 5)[5])
        change = f"Write {right} in place of {named[0]}." if same else f"Name {right} for {listing(list(faults))}."
    elif others:
        change = f"{change} Do the same for {listing(others)}."
    fix = Fix("Correct the policy: its Resource", Who.ACCOUNT_ADMIN, Note("the policy in the text", change))
    said = fault.sentence.rstrip(".")
    sentence = f"Correct the policy in the text. {fault.sentence}{more}"
    return Finding(f"identity.{Fault.RESOURCE_MISMATCH.value}", said, sentence, fix=fix)


def _completed(action: str, written: str, text: str) -> str:
    """Return the ARN in the form of the action's resource, with the parts of another ARN in the text.

    Parts that the text does not show are placeholder words. "" if the form does not follow from the text.
    """
    known = known_action(action)
    parts = written.split(":", 5)
    types = known.resource_types if known is not None else ()
    alike = [kind for kind in types if _head(kind.arn.split(":", 5)[-1]) == _head(parts[5])] or (
        types if len(types) == 1 else []
    )
    for kind in alike:
        template = kind.arn.split(":", 5)[-1]
        if kind.arn.split(":")[2] != parts[2] or can_be(kind, written):
            continue
        values = _values(action.partition(":")[0], text)
        open_ = [name for name in _VARIABLE.findall(template) if name not in values]
        if not values.keys() & set(_VARIABLE.findall(template)) or len(open_) > 1:
            return ""
        same = _head(template) == _head(parts[5])
        last = {name: re.split("[/:]", parts[5])[-1] if same else name.upper() for name in open_}
        filled = "".join(
            {**values, **last}[part] if at % 2 else part for at, part in enumerate(_VARIABLE.split(template))
        )
        return ":".join([*parts[:5], filled])
    return ""


_VARIABLE = regex(r"\$\{(\w+)\}")


def _head(resource: str) -> str:
    """Return the resource type, the first part of an ARN's resource."""
    return re.split("[/:]", resource)[0]


def _as_pattern(template: str) -> str:
    """Return a pattern for the resource part of a type's ARN, with a group for each variable."""
    parts = _VARIABLE.split(template)
    return "".join(f"(?P<{part}>[\\w.*?-]+)" if at % 2 else re.escape(part) for at, part in enumerate(parts))


def _values(service: str, text: str) -> dict[str, str]:
    """Return the variable parts of the service's ARNs that have only one value in the text."""
    found: dict[str, set[str]] = {}
    for kind in resource_types(service).values():
        owner, template = kind.arn.split(":")[2], kind.arn.split(":", 5)[-1]
        if len(set(names := _VARIABLE.findall(template))) != len(names):
            continue
        for match in re.finditer(rf"arn:[\w-]+:{owner}:[\w-]*:\d*:{_as_pattern(template)}(?![\w/*?.-])", text):
            for name, value in match.groupdict().items():
                if not re.search(r"[*?]", value):
                    found.setdefault(name, set()).add(value)
    return {name: values.pop() for name, values in found.items() if len(values) == 1}


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else [each for each in value or () if isinstance(each, str)]
