"""Find the role to which a template in the text attaches its policy, if that is not the refused role."""

from __future__ import annotations

import re

from iam.lazy_pattern import regex

_TERRAFORM = regex(r"^[ \t]*roles?[ \t]*=[ \t]*\[?[ \t]*(?P<role>aws_iam_role\.[\w-]+)\.(?:name|id)\b", re.MULTILINE)
_CLOUDFORMATION = regex(r"\bRoles\"?:\s*(?:\[\s*|-\s*)(?:!Ref\s+|\{\s*\"Ref\"\s*:\s*\")(?P<role>\w+)")
_ANY_NAME = frozenset(("this", "main", "role", "default", "iam", "example", "self"))


def attached_elsewhere(name: str, text: str) -> str:
    """Return the only role that gets a policy, by its name in the text's template; "" if that may be the role ``name``.

    CloudFormation puts the logical ID into the names that it generates (AWS CloudFormation Template Reference, "Name
    type": https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html).
    """
    named = {each["role"] for form in (_TERRAFORM, _CLOUDFORMATION) for each in form.finditer(text)}
    if len(named) != 1:
        return ""
    (role,) = named
    own, refused = _letters(role.removeprefix("aws_iam_role.")), _letters(name)
    if own in _ANY_NAME or not own or own in refused or refused in own:
        return ""
    return role


def _letters(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
