"""Who may do something, and who may become those: a tree over as many hops as there are, opened where one looks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from diagnostics.assume import ASSUME, Assumer, able, assumers, reachable_roles
from diagnostics.assumptions import Assumption, Assumptions, ask_assuming
from diagnostics.graph import Edge
from iam.account import Account
from iam.organization.accounts import Accounts
from iam.questions.answers import WhoCan
from iam.questions.index import AccountIndex
from iam.questions.who_can import QuestionError, nobody_asked, not_listed, who_can
from iam.questions.who_can_across import who_can_across


@dataclass(frozen=True, slots=True)
class TreeQuestion:
    """``resource`` is an ARN, a pattern or ``*``. With ``reach`` it is the role or user whose reach is asked for."""

    action: str
    resource: str = "*"
    reach: bool = False

    def __str__(self) -> str:
        if self.reach:
            return f"{REACH} {self.resource}"
        return self.action if self.resource == "*" else f"{self.action} on {self.resource}"


def read_question(text: str, account: Account) -> TreeQuestion:
    """``who can iam:PassRole on deploy?``: an action and, after ``on`` or a space, an ARN or the name of a role.

    ``assume deploy`` asks who may assume the role, ``from deploy`` what it can reach.
    """
    words = text.strip().rstrip("?").split()
    if len(words) == 2 and words[0].lower() == REACH:
        principal = account.role(words[1].removeprefix("role/")) or account.user(words[1].removeprefix("user/"))
        return TreeQuestion(REACH, principal.arn if principal is not None else words[1], reach=True)
    if [word.lower() for word in words[:1]] == ["who"] and len(words) > 1 and words[1].lower() in ("can", "may"):
        words = words[2:]
    action, *rest = words or [""]
    resource = " ".join(rest[1:] if rest and rest[0].lower() == "on" else rest) or "*"
    action = ASSUME if action.lower() == "assume" else action
    role = None if ":" in resource or resource == "*" else account.role(resource.removeprefix("role/"))
    return TreeQuestion(action, role.arn if role is not None else resource)


REACH = "from"
"""The word before a role or user whose reach is asked for."""


@dataclass
class AccessTree:
    """The answer to a question, and behind each role of it who may assume that.

    With ``reach`` the tree goes the other way: what the roots' owner may assume or pass, and behind each role what that
    reaches.
    """

    index: AccountIndex
    answer: WhoCan
    roots: tuple[Assumer, ...]
    reach: bool = False
    assumptions: tuple[Assumption, ...] = ()
    """Those on which the answer depends."""
    _behind: dict[str, tuple[Assumer, ...]] = field(default_factory=dict)

    def is_role(self, one: Assumer) -> bool:
        return one.arn is not None and one.arn in self.index.by_arn and self.index.account.role(one.arn) is not None

    def behind(self, role_arn: str) -> tuple[Assumer, ...]:
        """Who may assume a role of the account, or what it reaches. Asked once; may block."""
        found = self._behind.get(role_arn)
        if found is None and self.reach:
            found = self._behind[role_arn] = reachable_roles(role_arn, self.index)
        if found is None:
            role = self.index.account.role(role_arn)
            found = self._behind[role_arn] = assumers(role, self.index) if role is not None else ()
        return found

    def hops(self) -> Iterator[tuple[Assumer, Assumer]]:
        """Every (role, who may assume it) behind the answer, each role once, the nearest first. May block."""
        waiting = [one for one in self.roots if self.is_role(one)]
        seen = {one.arn for one in waiting}
        for role in waiting:
            for one in self.behind(role.arn or ""):
                yield role, one
                if self.is_role(one) and one.arn not in seen:
                    seen.add(one.arn)
                    waiting.append(one)

    def edges(self, question: TreeQuestion) -> Iterator[Edge]:
        if self.reach:
            yield from self._reached(question)
            return
        for one in self.roots:
            yield Edge(one.title, str(question), str(one.answer) if one.note else "")
        for role, one in self.hops():
            yield Edge(one.title, role.title, f"assumes, {one.answer}" if one.note else "assumes")

    def _reached(self, question: TreeQuestion) -> Iterator[Edge]:
        start = question.resource.partition(":")[2].rpartition(":")[2].replace("/", " ", 1)
        for name, one in ((start, one) for one in self.roots):
            yield Edge(name, one.title, f"{one.step}, {one.answer}" if one.note else one.step)
        for role, one in self.hops():
            yield Edge(role.title, one.title, f"{one.step}, {one.answer}" if one.note else one.step)


def hops_across(answer: WhoCan, accounts: Accounts) -> Iterator[tuple[Assumer, Assumer]]:
    """Every (role, who may assume it) behind an answer over several accounts, each role once. May block."""
    waiting = [one for one in able(answer) if one.arn and ":role/" in one.arn]
    seen = {one.arn for one in waiting}
    for role in waiting:
        for one in able(who_can_across(accounts, ASSUME, role.arn or "").answer):
            yield role, one
            if one.arn and ":role/" in one.arn and one.arn not in seen:
                seen.add(one.arn)
                waiting.append(one)


def access_tree(
    index: AccountIndex,
    question: TreeQuestion,
    context: Mapping[str, tuple[str, ...]] | None = None,
    *,
    assumptions: Assumptions | None = None,
    progress: Callable[[int, int], object] = lambda done, of: None,
) -> AccessTree:
    """Answer the question. May block. ``assumptions`` are made where the answer depends on their keys; None for none.

    Raises `iam.questions.who_can.QuestionError` for what is no action, or no role or user of the account.
    """
    if question.reach:
        number = index.by_arn.get(question.resource)
        if number is None:
            raise QuestionError(f"{question.resource!r} is no role or user of this account.")
        unread = index.principals[number].unread
        answer = replace(nobody_asked(ASSUME, "*"), unread=unread, not_listed=not_listed(index.account))
        return AccessTree(index, answer, reachable_roles(question.resource, index), reach=True)
    answer, used = ask_assuming(
        lambda known: who_can(index, question.action, question.resource, known, progress=progress),
        context or {},
        assumptions.for_request(question.action, question.resource) if assumptions is not None else (),
    )
    role = index.account.role(question.resource) if question.action == ASSUME else None
    # Of a role with those that sign in by a provider's token.
    roots = able(answer) if role is None else assumers(role, index, answer)
    return AccessTree(index, answer, roots, assumptions=used)
