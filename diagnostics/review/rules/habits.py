"""Rules about what most roles have and some lack, such as a boundary, an owner tag or the usual form of name.

A property is a habit if the configured share of enough roles has it. Without a habit there is no finding.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from diagnostics.access_denied.request.trust_principals import trusted_services
from diagnostics.diagnosis import Evidence
from diagnostics.fix import Fix, Note, calls_or_note, iam_call, to_complete
from diagnostics.review.finding import Finding, Rule
from diagnostics.review.subject import ReviewedAccount
from diagnostics.who import Who
from iam.account import Role
from iam.arn import name_of
from iam.creation.draft.names import STAGES, words_of
from iam.facts.generated_roles import set_up_of
from iam.lazy_pattern import regex
from iam.own_command import own_command
from iam.risks.risk import Severity
from iam.words import joined

_USER_GUIDE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/"
BOUNDARY = Rule(
    "boundary.missing",
    Severity.LOW,
    "No permissions boundary, unlike similar roles",
    _USER_GUIDE + "access_policies_boundaries.html",
)
OWNER = Rule(
    "tags.owner-missing",
    Severity.INFO,
    "No owner tag",
    _USER_GUIDE + "id_tags.html",
)
NAMING = Rule(
    "naming.outside",
    Severity.INFO,
    "The name does not follow the usual pattern",
    _USER_GUIDE + "reference_iam-quotas.html#reference_iam-quotas-names",
)


def _outside(reviewed: ReviewedAccount, roles: Sequence[Role], has: Callable[[Role], bool]) -> list[Role]:
    """Return the given roles that lack a property, if most of them have it; otherwise an empty list."""
    if len(roles) < reviewed.limits.habit_least:
        return []
    without = [role for role in roles if not has(role)]
    return without if len(roles) - len(without) >= reviewed.limits.habit_share * len(roles) else []


def boundary(reviewed: ReviewedAccount) -> Iterator[Finding]:
    """Report roles without a boundary, compared by path: roles for people, programs and pipelines often differ."""
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
                f"{role.name} has no permissions boundary, but {len(usual)} of {len(roles)} roles in {path} have one.",
                [Evidence(f"most have {name_of(arn)}", arn=role.arn, call="iam:GetRole")],
                fixes=[
                    Fix(
                        f"Set the boundary {name_of(arn)}",
                        Who.YOU,
                        calls_or_note(
                            role.arn,
                            iam_call("PutRolePermissionsBoundary", RoleName=role.name, PermissionsBoundary=arn),
                        ),
                        cautions=("First check whether the role needs actions that the boundary does not allow",),
                    )
                ],
            )


def owner(reviewed: ReviewedAccount) -> Iterator[Finding]:
    """Report roles without an owner tag, if most roles in the account have one. Letter case of tag keys is ignored."""
    roles = [role for role in reviewed.roles if role.tags is not None]
    wanted = set(reviewed.limits.owner_tags)
    usual = owner_keys(reviewed)
    for role in _outside(reviewed, roles, lambda each: any(key.lower() in wanted for key in each.tags or {})):
        yield OWNER.finding(
            role.arn,
            f"{role.name} has no tag {joined(usual, 'or')}, unlike the other roles, so the role's owner is unknown.",
            [Evidence("no such tag", arn=role.arn, call="iam:ListRoleTags")],
            fixes=[
                Fix(
                    f"Tag it with {usual[0]}",
                    Who.YOU,
                    to_complete(role.arn, "OWNER", iam_call("TagRole", RoleName=role.name, Tags={usual[0]: "OWNER"})),
                )
            ],
        )


def owner_keys(reviewed: ReviewedAccount) -> list[str]:
    """Return the tag keys that name the owners of this account's roles, the most frequent first."""
    wanted = set(reviewed.limits.owner_tags)
    found = Counter(key for role in reviewed.roles for key in role.tags or {} if key.lower() in wanted)
    return [key for key, _ in found.most_common()]


_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("lower-case-words-with-hyphens", regex(r"[a-z0-9]+(-[a-z0-9]+)+")),
    ("lower_case_words_with_underscores", regex(r"[a-z0-9]+(_[a-z0-9]+)+")),
    ("WordsInCapitals", regex(r"([A-Z][a-z0-9]+){2,}")),
)


def _named(reviewed: ReviewedAccount) -> list[Role]:
    """Return the roles whose names somebody chose, without those that services and tools create."""
    return [role for role in reviewed.roles if not role.path.startswith("/service-role/") and set_up_of(role) is None]


def usual_form(reviewed: ReviewedAccount) -> str:
    """Return the form that most names have, or the configuration's regular expression; "" if there is neither."""
    if reviewed.limits.naming:
        return reviewed.limits.naming
    return next((form for form, _ in _FORMS if _named_otherwise(reviewed, form)), "")


def _named_otherwise(reviewed: ReviewedAccount, form: str) -> list[Role]:
    pattern = dict(_FORMS).get(form)
    if reviewed.limits.naming or pattern is None:
        return [role for role in _named(reviewed) if not re.fullmatch(form, role.name)]
    return _outside(reviewed, _named(reviewed), lambda role: pattern.fullmatch(role.name) is not None)


_WORD = regex(r"[A-Z]+[0-9]*(?![a-z])|[A-Z]?[a-z0-9]+")


def usual_name(name: str, form: str) -> str:
    """Return a name's words written in one of the forms; "" if the form is the configuration's regular expression."""
    words = [word.lower() for word in _WORD.findall(name)]
    match form:
        case "lower-case-words-with-hyphens":
            return "-".join(words)
        case "lower_case_words_with_underscores":
            return "_".join(words)
        case "WordsInCapitals":
            return "".join(map(str.capitalize, words))
    return ""


def _rename(role: Role, form: str) -> str:
    usual = usual_name(role.name, form)
    return own_command("change", role.name, "rename", usual if usual not in ("", role.name) else "NEW")


Words = Mapping[str, list[str]]
"""The words of a role's name in lower case, by its ARN; never empty."""


def _lacking(reviewed: ReviewedAccount) -> Iterator[tuple[Role, str]]:
    """Yield the roles whose names do not follow a habit, each with a description of the habit.

    A habit is the form, the ending of roles for the same service, a stage at the end or start, or the owner tag.
    """
    form = usual_form(reviewed)
    for role in _named_otherwise(reviewed, form) if form else ():
        yield role, f"does not match {form}"
    if reviewed.limits.naming:
        return
    named = _named(reviewed)
    words = {role.arn: [word.lower() for word in words_of(role.name)] or [""] for role in named}
    yield from _other_ending(reviewed, named, words)
    for role in _without(reviewed, named, {arn for arn, each in words.items() if each[-1] in STAGES}):
        yield role, "does not end with a stage, for example prod"
    for role in _without(reviewed, named, {arn for arn, each in words.items() if each[0] in STAGES}):
        yield role, "does not begin with a stage, for example prod"
    yield from _without_owner(reviewed, named, words)


def _without(reviewed: ReviewedAccount, roles: Sequence[Role], having: set[str]) -> list[Role]:
    """Return the roles without a habit that other roles have. ``having`` are the ARNs of the roles with the habit."""
    return _outside(reviewed, roles, lambda role: role.arn in having)


def _other_ending(reviewed: ReviewedAccount, named: Sequence[Role], words: Words) -> Iterator[tuple[Role, str]]:
    by_service: dict[str, list[Role]] = {}
    for role in named:
        for service in trusted_services(role):
            by_service.setdefault(service, []).append(role)
    for service, roles in by_service.items():
        usual = Counter(words[role.arn][-1] for role in roles).most_common(1)[0][0]
        if usual.isalpha() and usual not in STAGES:
            for role in _without(reviewed, roles, {role.arn for role in roles if words[role.arn][-1] == usual}):
                yield role, f"does not end in {usual}, as those of roles for {service} do"


def _without_owner(reviewed: ReviewedAccount, named: Sequence[Role], words: Words) -> Iterator[tuple[Role, str]]:
    for key in owner_keys(reviewed):
        tagged = {role.arn: (role.tags or {})[key] for role in named if (role.tags or {}).get(key)}
        saying = {arn for arn, value in tagged.items() if _says(words[arn], value)}
        for role in _without(reviewed, [role for role in named if role.arn in tagged], saying):
            yield role, f"does not contain its tag {key}, {tagged[role.arn]}"


def _says(words: Sequence[str], value: str) -> bool:
    """Return whether the words of a tag's value are among those of a name."""
    wanted = {word.lower() for word in words_of(value)}
    return bool(wanted) and wanted <= set(words)


def naming(reviewed: ReviewedAccount) -> Iterator[Finding]:
    """Report names without what most names share, or that do not match the configuration's regular expression."""
    lacking: dict[str, tuple[Role, list[str]]] = {}
    for role, what in _lacking(reviewed):
        lacking.setdefault(role.arn, (role, []))[1].append(what)
    form = usual_form(reviewed)
    for role, said in lacking.values():
        yield NAMING.finding(
            role.arn,
            f"The name {role.name} {joined(said)}, unlike the others.",
            [Evidence(f"it {what}", arn=role.arn) for what in said],
            fixes=[
                Fix(
                    "Create a role with the usual name, and switch the old role's users to the new role",
                    Who.YOU,
                    Note(
                        role.arn,
                        "IAM cannot rename a role. This command creates a copy under the new name, adds the copy "
                        f"wherever the old name is used, and lists what else to move: {_rename(role, form)}",
                    ),
                )
            ],
        )
