"""A tree of who may do something, who can become these principals, and so on. Branches are computed when opened."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from diagnostics.assume import (
    ASSUME,
    STEP_ASSUME,
    STEP_PASS,
    STEP_RUN,
    STEP_WRITE,
    Assumer,
    able,
    assumers,
    reachable_roles,
)
from diagnostics.assumptions import Assumption, Assumptions, ask_assuming
from diagnostics.graph import Edge
from iam.account import Account
from iam.arn import account_of
from iam.organization.accounts import Accounts
from iam.questions.answers import WhoCan
from iam.questions.index import AccountIndex
from iam.questions.who_can import QuestionError, nobody_asked, not_listed, who_can
from iam.questions.who_can_across import WhoCanAcross, answers_of, who_can_across

if TYPE_CHECKING:
    from diagnostics.review.subject import ReviewedAccount


@dataclass(frozen=True, slots=True)
class TreeQuestion:
    """A question to answer with a tree.

    ``resource`` is an ARN, a pattern or ``*``; with ``reach``, the role or user to start from.
    """

    action: str
    resource: str = "*"
    reach: bool = False

    def __str__(self) -> str:
        if self.reach:
            return f"{REACH} {self.resource}"
        return self.action if self.resource == "*" else f"{self.action} on {self.resource}"


def read_question(text: str, account: Account) -> TreeQuestion:
    """Parse ``who can iam:PassRole on deploy?``: an action and, after ``on`` or a space, an ARN or a role name.

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
"""The word to put before a role or user, to ask what that role or user can reach."""


Ways = Callable[[str], "ReviewedAccount | None"]
"""A function that returns a reviewed account, with its workloads, by account ID; None if it was not read."""


@dataclass
class AccessTree:
    """The answer to a question and, for each role in it, the principals that may assume that role.

    With ``reach``, the tree goes in the other direction: the roots are what the principal may assume or pass, and
    behind each role is what that role reaches. With ``ways``, it also contains principals that can change a role or
    user, or run code as it. With ``accounts``, it continues in the other accounts of the organization.
    """

    index: AccountIndex
    answer: WhoCan
    roots: tuple[Assumer, ...]
    reach: bool = False
    assumptions: tuple[Assumption, ...] = ()
    """The assumptions that the answer depends on."""
    accounts: Accounts | None = None
    ways: Ways | None = None
    _behind: dict[str, tuple[Assumer, ...]] = field(default_factory=dict)
    _indexes: dict[str, AccountIndex] = field(default_factory=dict)

    def is_role(self, one: Assumer) -> bool:
        """Return whether the node can be opened: it is a role (or with ``ways`` a user) in an account that was read."""
        if one.arn is None:
            return False
        if one.arn in self.index.by_arn:
            return self.index.account.role(one.arn) is not None or (self.ways is not None and ":user/" in one.arn)
        number = account_of(one.arn)
        return self.accounts is not None and ":role/" in one.arn and number in self.accounts.ids

    def behind(self, arn: str) -> tuple[Assumer, ...]:
        """Return who may get the rights of a role or user or, with ``reach``, what it reaches.

        The result is computed once. May block.
        """
        found = self._behind.get(arn)
        if found is None:
            found = self._behind[arn] = self._further(arn)
        return found

    def _further(self, arn: str, answer: WhoCan | None = None) -> tuple[Assumer, ...]:
        """Return the nodes behind ``arn``. ``answer`` is the answer for sts:AssumeRole if it is already known."""
        index = self._index_of(arn)
        if index is None:
            return ()
        role = index.account.role(arn)
        if self.reach:
            first = reachable_roles(arn, index)
            first += roles_across(arn, index, self.accounts) if self.accounts is not None else ()
        elif role is None:
            first = ()
        else:
            if answer is None and self.accounts is not None:
                answer = who_can_across(self.accounts, ASSUME, role.arn).answer
            first = _named(assumers(role, index, answer), self.accounts, index.account.id)
        reviewed = self.ways(index.account.id) if self.ways is not None else None
        if reviewed is None:
            return first
        from diagnostics.reach import reached, reaching

        more = tuple(filter(None, (reached if self.reach else reaching)(reviewed, arn)))
        passed = {one.arn: one for one in more if one.step == STEP_PASS}
        # Replace the entry in its position, so that a reader of the tree keeps their place.
        kept = [passed.pop(one.arn, one) if one.step == STEP_PASS else one for one in first]
        return (*kept, *(one for one in more if one.step != STEP_PASS or one.arn in passed))

    def _index_of(self, arn: str) -> AccountIndex | None:
        number = account_of(arn)
        if number in (None, self.index.account.id):
            return self.index
        if number not in self._indexes:
            opened = self.accounts.opened(number) if self.accounts is not None else None
            if opened is None:
                return None
            self._indexes[number] = AccountIndex(opened.account, opened.reader)
        return self._indexes[number]

    def hops(self) -> Iterator[tuple[Assumer, Assumer]]:
        """Yield pairs of a role in the answer and a principal that may assume it; each role once, the closest first.

        May block.
        """
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
            said = (_VERBS.get(one.step, ""), str(one.answer) if one.note else "")
            yield Edge(one.title, str(question), ", ".join(filter(None, said)))
        for role, one in self.hops():
            does = _VERBS.get(one.step, "assumes")
            yield Edge(one.title, role.title, f"{does}, {one.answer}" if one.note else does)

    def _reached(self, question: TreeQuestion) -> Iterator[Edge]:
        start = question.resource.partition(":")[2].rpartition(":")[2].replace("/", " ", 1)
        for name, one in ((start, one) for one in self.roots):
            yield Edge(name, one.title, f"{one.step}, {one.answer}" if one.note else one.step)
        for role, one in self.hops():
            yield Edge(role.title, one.title, f"{one.step}, {one.answer}" if one.note else one.step)


_VERBS = {STEP_PASS: "passes", STEP_WRITE: "changes", STEP_RUN: "runs code as"}


def hops_across(answer: WhoCan, accounts: Accounts) -> Iterator[tuple[Assumer, Assumer]]:
    """Yield pairs of a role and a principal that may assume it, over several accounts; each role once. May block."""
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
    accounts: Accounts | None = None,
    ways: Ways | None = None,
    progress: Callable[[int, int], object] = lambda done, of: None,
) -> AccessTree:
    """Answer the question with a tree. May block.

    ``assumptions`` are applied if the answer depends on their keys; None for no assumptions. ``accounts`` and ``ways``
    are the same as in `AccessTree`.

    Raises `iam.questions.who_can.QuestionError` if the action does not exist, or there is no such role or user in the
    account.
    """
    if question.reach:
        number = index.by_arn.get(question.resource)
        if number is None:
            raise QuestionError(f"{question.resource!r} is not a role or user of this account.")
        unread = index.principals[number].unread
        answer = replace(nobody_asked(ASSUME, "*"), unread=unread, not_listed=not_listed(index.account))
        tree = AccessTree(index, answer, (), reach=True, accounts=accounts, ways=ways)
        tree.roots = tree.behind(question.resource)
        return tree
    across: list[WhoCanAcross] = []

    def ask(known: Mapping[str, tuple[str, ...]]) -> WhoCan:
        if accounts is None or question.resource == "*":
            return who_can(index, question.action, question.resource, known, progress=progress)
        across.append(who_can_across(accounts, question.action, question.resource, known, progress=progress))
        return across[-1].answer

    taken = assumptions.for_request(question.action, question.resource) if assumptions is not None else ()
    answer, used = ask_assuming(ask, context or {}, taken)
    if across and not across[-1].all_accounts_checked:
        answer = replace(answer, not_listed=(*answer.not_listed, "Not all accounts of the organization were checked."))
    tree = AccessTree(index, answer, (), assumptions=used, accounts=accounts, ways=ways)
    role = index.account.role(question.resource) if question.action == ASSUME else None
    if role is None:
        tree.roots = _named(able(answer), accounts, index.account.id)
    else:
        tree.roots = tree._behind[role.arn] = tree._further(role.arn, answer)
    return tree


def roles_across(principal_arn: str, index: AccountIndex, accounts: Accounts) -> tuple[Assumer, ...]:
    """Return the roles of the organization's other accounts that a role or user may assume. May block."""
    own, found = index.account.id, list[Assumer]()
    for number in accounts.ids:
        opened = accounts.opened(number) if number != own else None
        for role in opened.account.roles if opened is not None else ():
            text = role.trust.text if role.trust is not None else ""
            if own not in text and '"*"' not in text:
                continue
            for answer in answers_of(
                accounts, ASSUME, role.arn, None, (own,), owner=number, index_of=lambda opened: index
            ):
                mine = [one for one in able(answer) if one.arn == principal_arn]
                named = [replace(one, title=f"role {role.name}", arn=role.arn, step=STEP_ASSUME) for one in mine]
                found += _named(named, accounts, own)
    return tuple(found)


def _named(found: Iterable[Assumer], accounts: Accounts | None, own: str) -> tuple[Assumer, ...]:
    """Return the nodes, with the account added to the title of those in another account."""
    if accounts is None:
        return tuple(found)
    placed = []
    for one in found:
        number = account_of(one.arn) if one.arn is not None else None
        name = "" if number is None or number == own else accounts.name_of(number) or number
        placed.append(replace(one, title=f"{one.title} in {name}") if name else one)
    return tuple(placed)
