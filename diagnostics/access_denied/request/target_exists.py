"""Check whether the role to be assumed exists."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.access_denied.judge import NOT_FOUND
from diagnostics.access_denied.request.caller import Caller, similar_name
from diagnostics.access_denied.request.subject import Subject
from diagnostics.diagnosis import Evidence, Status, Step, Verdict
from diagnostics.fix import Fix, Note
from diagnostics.who import Who
from iam.arn import Arn, account_of, linked_service, name_of
from iam.claims import Ground, confidence
from iam.organization.accounts import Accounts
from iam.sources.reader.opened import OpenedAccount
from iam.words import listing


def missing_target(
    subject: Subject, opened: OpenedAccount, caller: Caller | None = None
) -> Iterator[Step | Verdict | Fix]:
    """Check whether the role to be assumed exists under exactly that name and path. If not, yield the verdict.

    If the ``caller`` does not exist either, the call was most likely made in another account.
    """
    arn = subject.resource or ""
    owner, parts = account_of(arn), Arn.parse(arn)
    accounts = opened.accounts
    if accounts is not None and owner is not None and owner != opened.account.id:
        opened = accounts.opened(owner) or opened
    if (
        ":role/" not in arn
        or (parts is not None and parts.partition != opened.account.partition)
        or (owner is not None and owner != opened.account.id)
        or opened.account.role(arn) is not None
    ):
        return
    title = "The role to assume"
    name = name_of(arn)
    reading = opened.reader.role(name)
    near = opened.account.role(name) or reading.value or opened.account.role_ignoring_case(name)
    if near is not None and near.arn == arn:
        return
    if near is None and reading.unreadable:
        yield Step("target", title, Status.UNKNOWN, f"{arn}: cannot be read from here: {reading.why}")
        return
    hint = f"; {near.arn} exists: role ARNs are case-sensitive and include the path" if near is not None else ""
    if near is None and (alike := similar_name(name, opened.account.role_names)):
        hint = f"; the most similar name is {alike}"
    if near is None and accounts is not None and (others := _neighbours(name, opened, accounts)):
        hint = f"; {others}"
    evidence = (Evidence(text=f"no role {arn}{hint}", layer="trust", arn=arn, call=reading.call),)
    yield Step("target", title, Status.FAIL, f"the account has no {arn}{hint}", evidence)
    sure = confidence(Ground.READ, rests_on=filter(None, (subject.on,)))
    if caller is not None and caller.exists is False:
        kind = caller.kind.value.replace("session", "role")
        neither = f"The account has neither the {kind} {caller.name} nor the role {arn}"
        yield Verdict(NOT_FOUND, sure, f"{neither}{hint}.", account=opened.account.id)
        text = (
            f"{neither}, so the text may come from another account. Check with which account and profile the call "
            "was made (aws sts get-caller-identity)."
        )
        yield Fix(
            f"Check the account: neither {caller.name} nor {name} is in {opened.account.id}", Who.YOU, Note(arn, text)
        )
        return
    yield Verdict(NOT_FOUND, sure, f"The account has no role {arn}{hint}.", account=opened.account.id)
    if near is None and (service := linked_service(arn)):
        text = (
            f"aws iam create-service-linked-role --aws-service-name {service} creates the role, with a trust "
            "policy for this service. The command needs iam:CreateServiceLinkedRole. A new role takes a few "
            "seconds to become usable."
        )
        yield Fix(f"Create the service-linked role {name} once", Who.ACCOUNT_ADMIN, Note(arn, text))
        return
    said = (
        f"Ask for {near.arn}."
        if near is not None
        else f"Check the role's name and account: {arn} does not exist in this account."
    )
    title = f"Assume {near.arn} instead" if near is not None else f"Check the name and the account of {name}"
    yield Fix(title, Who.CALLER, Note(arn, said), account=caller.account_id if caller is not None else None)


def _neighbours(name: str, opened: OpenedAccount, accounts: Accounts) -> str:
    """Return a clause about the other accounts that have a role with this name, or "" if none has."""
    others = [accounts.standing(id).words for id in accounts.holders_of(name) if id != opened.account.id]
    return f"there is a role {name} in {listing(others, limit=3)}" if others else ""
