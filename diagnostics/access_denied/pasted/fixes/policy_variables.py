"""Fixes for policy variables that have no value in the request."""

from __future__ import annotations

import re

from diagnostics.access_denied.pasted.fixes.faulty_statement import FaultyStatement
from diagnostics.fix import Fix, Note
from diagnostics.who import Who
from iam.facts.session_tags import POD_IDENTITY_TAGS
from iam.lazy_pattern import regex
from iam.ownership import permission_set_of
from iam.policy.decision import NearMiss
from iam.policy.principal import Kind
from iam.policy.principal import caller as request_caller
from iam.policy.request import Request

_UNRESOLVED = "unresolved-variable"


def give_the_resource_the_tag(statement: FaultyStatement) -> Fix | None:
    """A condition tests a tag that the resource does not have."""
    tag = re.search(r"aws:ResourceTag/([^}\s]+)\}", str(statement.near.conditions))
    if statement.fault != _UNRESOLVED or tag is None:
        return None
    text = (
        f"The statement matches only if the resource has the tag {tag[1]} with the value that the condition "
        "compares. Look at the resource's tags, and let the program or template that creates it set the tag. "
        "Keep the condition."
    )
    return Fix(f"Give the resource the tag {tag[1]}", statement.owner, Note(statement.on, text))


def give_the_caller_the_tag(statement: FaultyStatement) -> Fix | None:
    """A variable is a tag of the caller that the text does not show.

    IAM User Guide, "AWS global condition context keys", aws:PrincipalTag
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html).
    """
    tags = [each.partition("/")[2] for each in _variables(statement.near) if each.lower().startswith(_PRINCIPAL_TAG)]
    if statement.fault != _UNRESOLVED or not tags:
        return None
    caller = request_caller(statement.request.principal)
    name = caller.name or "the caller"
    if tags[0] in POD_IDENTITY_TAGS:
        text = (
            f"Only EKS Pod Identity sets {tags[0]}. A pod with IRSA (annotation eks.amazonaws.com/role-arn) and the "
            f"node's role have no such tag, so the condition cannot be met: associate the service account with {name} "
            "by Pod Identity, or give the role a policy without this condition."
        )
        return Fix(f"Let Pod Identity give the session the tag {tags[0]}", statement.owner, Note(statement.place, text))
    user = caller.kind is Kind.USER
    look = f"aws iam list-user-tags --user-name {name}" if user else f"aws iam list-role-tags --role-name {name}"
    session = "" if user else " A session tag of the same name, which the trust policy must allow, also counts."
    text = f"Look at the caller's tags ({look}): {tags[0]} must have the value that the condition compares.{session}"
    return Fix(f"Give {name} the tag {tags[0]}", statement.owner, Note(f"the tags of {name}", text))


_PRINCIPAL_TAG = "aws:principaltag/"


def replace_the_user_name(statement: FaultyStatement) -> Fix | None:
    """The statement uses ${aws:username}, and the caller is a session."""
    if not has_the_user_name(statement):
        return None
    return without_user_name(statement.which, statement.request, statement.owner, statement.place)


def has_the_user_name(statement: FaultyStatement) -> bool:
    """Return whether the statement uses ${aws:username} and the request has no value for that variable."""
    return statement.fault == _UNRESOLVED and "aws:username" in {each.lower() for each in _variables(statement.near)}


def _variables(near: NearMiss) -> list[str]:
    """Return the names of the policy variables in the statement's resources and conditions."""
    statement = near.policy.document.statements[near.statement]
    written = [*(statement.resource or ()), *(value for each in statement.conditions for value in each.values)]
    return VARIABLES.findall(" ".join(written))


VARIABLES = regex(r"\$\{(\w[\w-]*:[\w/.@+=-]+)")
"""The names of policy variables in a text."""


def without_user_name(which: str, request: Request, who: Who, place: str) -> Fix | None:
    """Return what to write instead of ${aws:username}; None for an IAM user.

    Only an IAM user's requests have this variable. IAM User Guide, "IAM policy elements: Variables and tags"
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
        f"aws:username exists only for IAM users, but the caller is a session of a role. {sent}, and write "
        "${aws:PrincipalTag/UserName} in every statement that has ${aws:username}. Without a tag, you can use "
        "${aws:userid}, whose value is ROLE-ID:SESSION-NAME; the folders then need names of this form."
    )
    return Fix(f"Replace ${{aws:username}} in {which}", who, Note(place, text))
