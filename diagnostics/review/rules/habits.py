"""What most roles of the account have, and some lack: a boundary, a tag that says whose they are, a form of name.

A habit is what the share of the limits has, of enough roles; without a habit there is no finding.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from diagnostics.diagnosis import Evidence
from diagnostics.fix import Fix, Note, Who, iam_call, to_complete
from diagnostics.review.finding import Finding, Rule, Severity
from diagnostics.review.subject import ReviewedAccount
from iam.account import Role
from iam.arn import name_of
from iam.words import joined

_USER_GUIDE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/"
BOUNDARY = Rule(
    "boundary.missing",
    Severity.LOW,
    "No permissions boundary, where the others have one",
    _USER_GUIDE + "access_policies_boundaries.html",
)
OWNER = Rule(
    "tags.owner-missing",
    Severity.INFO,
    "No tag says whose the role is",
    _USER_GUIDE + "id_tags.html",
)
NAMING = Rule(
    "naming.outside",
    Severity.INFO,
    "The name is not of the form that the others have",
    _USER_GUIDE + "reference_iam-quotas.html#reference_iam-quotas-names",
)


def _outside(reviewed: ReviewedAccount, roles: Sequence[Role], has: Callable[[Role], bool]) -> list[Role]:
    """The roles without what is a habit of these; none where it is no habit."""
    if len(roles) < reviewed.limits.habit_least:
        return []
    without = [role for role in roles if not has(role)]
    return without if len(roles) - len(without) >= reviewed.limits.habit_share * len(roles) else []


def boundary(reviewed: ReviewedAccount) -> Iterator[Finding]:
    """By path: roles for people, for programs and for pipelines often have different habits."""
    by_path: dict[str, list[Role]] = {}
    for role in reviewed.roles:
        if role.has_details:
            by_path.setdefault(role.path, []).append(role)
    for path, roles in by_path.items():
        usual = [role.boundary_arn for role in roles if role.boundary_arn]
        for role in _outside(reviewed, roles, lambda each: each.boundary_arn is not None):
            arn = max(set(usual), key=usual.count)
            yield BOUNDARY.finding(
                role.arn,
                f"{role.name} has no permissions boundary, and {len(usual)} of {len(roles)} roles in {path} have one.",
                [Evidence(f"most have {name_of(arn)}", arn=role.arn, call="iam:GetRole")],
                fixes=[
                    Fix(
                        f"Set the boundary {name_of(arn)}",
                        Who.YOU,
                        to_complete(
                            role.arn,
                            "the boundary",
                            iam_call("PutRolePermissionsBoundary", RoleName=role.name, PermissionsBoundary=arn),
                            remark="look first what the role does that the boundary does not allow",
                        ),
                    )
                ],
            )


def owner(reviewed: ReviewedAccount) -> Iterator[Finding]:
    """The tag keys of the limits that are a habit here, in any case of letters."""
    roles = [role for role in reviewed.roles if role.tags is not None]
    wanted = set(reviewed.limits.owner_tags)
    usual = sorted({key for role in roles for key in role.tags or {} if key.lower() in wanted})
    for role in _outside(reviewed, roles, lambda each: any(key.lower() in wanted for key in each.tags or {})):
        yield OWNER.finding(
            role.arn,
            f"{role.name} has no tag {joined(usual, 'or')}, which the other roles have: nobody is told whose it is.",
            [Evidence("no such tag", arn=role.arn, call="iam:ListRoleTags")],
            fixes=[
                Fix(
                    f"Tag it with {usual[0]}",
                    Who.YOU,
                    to_complete(role.arn, "OWNER", iam_call("TagRole", RoleName=role.name, Tags={usual[0]: "OWNER"})),
                )
            ],
        )


_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("lower-case-words-with-hyphens", re.compile(r"[a-z0-9]+(-[a-z0-9]+)+")),
    ("lower_case_words_with_underscores", re.compile(r"[a-z0-9]+(_[a-z0-9]+)+")),
    ("WordsInCapitals", re.compile(r"([A-Z][a-z0-9]+){2,}")),
)


def _named_so(pattern: re.Pattern[str], role: Role) -> bool:
    return pattern.fullmatch(role.name) is not None


def naming(reviewed: ReviewedAccount) -> Iterator[Finding]:
    """The form that most names have, or the configuration's."""
    # Names that services and templates choose are nobody's habit.
    roles = [role for role in reviewed.roles if not role.path.startswith("/service-role/")]
    form, outside = reviewed.limits.naming, list[Role]()
    if form:
        outside = [role for role in roles if not re.fullmatch(form, role.name)]
    for usual, pattern in () if form else _FORMS:
        others = _outside(reviewed, roles, partial(_named_so, pattern))
        if others:
            form, outside = usual, others
    for role in outside:
        yield NAMING.finding(
            role.arn,
            f"The name {role.name} is not of the form {form}, as the others are.",
            [Evidence(f"the form is {form}", arn=role.arn)],
            fixes=[
                Fix(
                    "Make a role of the usual name, and move what uses this one",
                    Who.YOU,
                    Note(role.arn, "IAM cannot rename a role: n on it makes a new one like it; delete this one later."),
                )
            ],
        )
