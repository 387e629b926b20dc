"""Who may do something, and who may become those: a tree over as many hops as there are, opened where one looks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from diagnostics.assume import ASSUME, Assumer, able, assumers
from diagnostics.assumptions import Assumption, Assumptions, ask_assuming
from diagnostics.graph import Edge
from iam.account import Account
from iam.organization.accounts import Accounts
from iam.questions.answers import WhoCan
from iam.questions.index import AccountIndex
from iam.questions.who_can import who_can
from iam.questions.who_can_across import who_can_across


@dataclass(frozen=True, slots=True)
class TreeQuestion:
    """``resource`` is an ARN, a pattern or ``*``."""

    action: str
    resource: str = "*"

    def __str__(self) -> str:
        return self.action if self.resource == "*" else f"{self.action} on {self.resource}"


def read_question(text: str, account: Account) -> TreeQuestion:
    """``who can iam:PassRole on deploy?``: an action and, after ``on`` or a space, an ARN or the name of a role."""
    words = text.strip().rstrip("?").split()
    if [word.lower() for word in words[:1]] == ["who"] and len(words) > 1 and words[1].lower() in ("can", "may"):
        words = words[2:]
    action, *rest = words or [""]
    resource = " ".join(rest[1:] if rest and rest[0].lower() == "on" else rest) or "*"
    role = None if ":" in resource or resource == "*" else account.role(resource.removeprefix("role/"))
    return TreeQuestion(action, role.arn if role is not None else resource)


@dataclass
class AccessTree:
    """The answer to a question, and behind each role of it who may assume that."""

    index: AccountIndex
    answer: WhoCan
    roots: tuple[Assumer, ...]
    assumptions: tuple[Assumption, ...] = ()
    """Those on which the answer depends."""
    _behind: dict[str, tuple[Assumer, ...]] = field(default_factory=dict)

    def is_role(self, one: Assumer) -> bool:
        return one.arn is not None and one.arn in self.index.by_arn and self.index.account.role(one.arn) is not None

    def behind(self, role_arn: str) -> tuple[Assumer, ...]:
        """Who may assume a role of the account. Asked once; may block."""
        found = self._behind.get(role_arn)
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
        for one in self.roots:
            yield Edge(one.title, str(question), str(one.answer) if one.note else "")
        for role, one in self.hops():
            yield Edge(one.title, role.title, f"assumes, {one.answer}" if one.note else "assumes")


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
    """May block. ``assumptions`` are made where the answer depends on their keys; None for none.

    Raises `iam.questions.who_can.QuestionError` for what is no action.
    """
    answer, used = ask_assuming(
        lambda known: who_can(index, question.action, question.resource, known, progress=progress),
        context or {},
        assumptions.for_request(question.action, question.resource) if assumptions is not None else (),
    )
    return AccessTree(index, answer, able(answer), used)
