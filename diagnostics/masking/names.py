"""The names that are masked on request: those of an account's roles, users, policies, buckets, tables and sessions.

They are learned where something marks them as names (an ARN, a parameter, the account), and then found everywhere.
Names given by AWS are not secret: its managed policies, service-linked roles, resource types, actions.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from iam.account import Account, Group, Role, User
from iam.arn import SERVICE_LINKED_PATH, Arn
from iam.lazy_pattern import regex

_ARN = regex(r"arn:aws[\w-]{0,20}:[\w-]{1,40}:[\w-]{0,30}:[\w*-]{0,40}:(?:\\_|[^\s\"'<>|`\\()])+")
_NAMED = regex(
    r"(?:role|user|group|policy|profile|bucket|table|function|queue|topic|stack|cluster|session|key|repository|database)"
    r"[_-]?name\\?[\"']?(?:\s{0,3}[:=]\s{0,3}|\s{1,3})\\?[\"']?([\w+=,.@/-]{2,200})",
    re.I,
)
_MADE_FROM = 4
"""A word that begins with a known name and a hyphen is masked only if that name is longer than this many characters."""
_REPOSITORY = regex(r"\brepo:([\w.-]{2,100})/([\w.-]{2,100})")
_VARIABLE = regex(r"\$\{[^}]{0,100}\}")
_WORD = regex(r"(?:\\_|[\w+=,@.-])+")
_PLAN = regex(
    r"(?:(?<=[0-9]{8}T[0-9]{6}-[0-9]{6}-)|(?<=[0-9]{8}T[0-9]{6}-)(?![0-9]{6}-))[\w-]{1,200}(?=-[0-9a-f]{8}\b)"
)
"""The words in a plan's ID that describe it."""
_PIECE = regex(r"[^+=,@]+")

_WHOLLY_NAMES = frozenset({"s3", "sqs", "sns", "codecommit", "codepipeline"})
"""Services whose resources do not begin with a type."""
_NO_NAME = regex(
    r"accesspoint|alias|assumed-role|cluster|db|endpoint|event-bus|federated-user|function|group|index|instance|key|layer|"
    r"instance-profile|log-group|log-stream|mfa|object|policy|repository|resource|role|root|rule|saml-provider|secret|"
    r"server-certificate|service|session|stage|stateMachine|stream|table|task|task-definition|user|version|volume|vpc|"
    r"aws-reserved|sso.amazonaws.com|service-role|Statement|Effect|Allow|Deny|Action|Resource|Principal|Condition|AWS|"
    r"Service|Federated|Sid|Version|[0-9]*|."
)
"""Resource types, policy keywords, and single characters, which are never names."""


def names_of(account: Account) -> Iterator[str]:
    """Yield the names of the account's roles, users, groups and policies.

    Its alias, paths, and the names in its documents are included.
    """
    yield account.alias or ""
    holders: list[Role | User | Group] = [*account.roles, *(account.users or ()), *(account.groups or ())]
    for each in holders:
        if not each.path.startswith(SERVICE_LINKED_PATH):
            yield from _of_arn(each.arn)
            for inline in each.inline or ():
                yield inline.name
                yield from names_in(inline.document.text)
    for role in account.roles:
        yield from names_in(role.trust.text if role.trust is not None else "")
    for policy in account.policies or ():
        yield from _of_arn(policy.arn)
        if not policy.aws_managed and policy.document is not None:
            yield from names_in(policy.document.text)


def names_in(text: str) -> Iterator[str]:
    """Yield the words that the text itself marks as names."""
    for match in _ARN.finditer(text):
        yield from _of_arn(match[0].replace("\\_", "_"))
    yield from (name for match in _NAMED.finditer(text) for name in match[1].split("/"))
    yield from (name for match in _REPOSITORY.finditer(text) for name in match.groups())


def _of_arn(text: str) -> Iterator[str]:
    arn = Arn.parse(text)
    if arn is None or arn.account == "aws" or arn.resource.startswith(f"role{SERVICE_LINKED_PATH}"):
        return
    if "oidc-provider/" in arn.resource:  # an address that is public anyway
        return
    parts = re.split(r"[/:*?]", _VARIABLE.sub("*", arn.resource))
    for part in parts if arn.service in _WHOLLY_NAMES else parts[1:]:
        yield part.rstrip(".,;)]")


def worth_masking(name: str) -> bool:
    return not _NO_NAME.fullmatch(name)


def find_names(text: str, names: Collection[str]) -> Iterator[tuple[int, int]]:
    """Yield the positions of names that are separate words.

    Skip a name that is the service prefix of an action, or is in the part of an ARN before the resource.
    """
    yield from (match.span() for match in _PLAN.finditer(text))
    heads = [(match.start(), match.start() + _length_of_head(match[0])) for match in _ARN.finditer(text)]
    skipped = iter((*heads, (len(text), len(text))))
    head = next(skipped)
    for match in _WORD.finditer(text):
        while match.start() >= head[1] and head[1] < len(text):
            head = next(skipped)
        if head[0] <= match.start() < head[1] or re.match(r":[A-Z*]", text[match.end() : match.end() + 2]):
            continue
        begun = match[0].removesuffix("...")
        if (text.startswith("…", match.end()) or begun != match[0]) and _begins_one(begun, names):
            yield match.start(), match.start() + len(begun)
        else:
            yield from _in_word(match[0], match.start(), names)


def _begins_one(word: str, names: Collection[str]) -> bool:
    """Return whether a word that a column truncated is the beginning of a name."""
    return len(word) > 2 and any(name.startswith(word) for name in names)


def _length_of_head(arn: str) -> int:
    """Return the length of an ARN up to the resource."""
    return len(arn) - len(arn.split(":", 5)[-1])


def _in_word(word: str, start: int, names: Collection[str]) -> Iterator[tuple[int, int]]:
    # A bucket's host name, and the free names that are derived from a taken one.
    made = (word[: dash.start()] for dash in reversed(list(re.finditer("-", word))) if dash.start() > _MADE_FROM)
    longer = (word[:-1], word[:-2]) if len(word) > 2 * _MADE_FROM else ()
    for candidate in (word, word.rstrip(".,=-+@"), word.partition(".s3")[0], *made, *longer):
        if candidate.replace("\\_", "_") in names:
            yield start, start + len(candidate)
            return
    for piece in _PIECE.finditer(word):
        if piece[0].replace("\\_", "_").rstrip(".") in names:
            yield start + piece.start(), start + piece.start() + len(piece[0].rstrip("."))
