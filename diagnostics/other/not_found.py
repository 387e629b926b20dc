"""Explain NoSuchEntity errors: whether the entity exists, and which ones have similar names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches

from diagnostics.already_exists.find.search import search_name
from diagnostics.already_exists.kinds import FACTS, EntityKind
from diagnostics.commands import shown
from diagnostics.diagnosis import Status, Step, Verdict
from diagnostics.failure import OtherFailure
from diagnostics.fix import Fix, Note
from diagnostics.text.answer.missing_roles_and_policies import aws_managed_meant, name_another
from diagnostics.text.answer.other_failures import cause_of, message_step
from diagnostics.who import Who
from iam import aws_managed_policies
from iam.arn import Arn, name_of
from iam.claims import Ground, confidence
from iam.sources.reader.opened import OpenedAccount
from iam.words import joined

Part = Step | Verdict | Fix

_TITLE = "Whether it exists"
_AGAIN = "Make the call again. To see its account, run aws sts get-caller-identity where the call is made."
_ALIKE = 0.75
"""The `difflib` ratio from which a name may be a typo for another."""


def explain(failure: OtherFailure, opened: OpenedAccount) -> Iterator[Part]:
    yield message_step(failure)
    arn = Arn.parse(failure.name or "")
    kind = next((each for each in EntityKind if each == failure.entity_type), None)
    cause, sentence = cause_of(failure)
    if arn is not None and arn.account == "aws":
        yield from _of_aws(arn, cause, sentence, opened)
    elif kind is None or not failure.name:
        yield Verdict(cause, confidence(Ground.LIKENESS), sentence)
    elif arn is not None and arn.account_id not in (None, opened.account.id):
        said = f"{arn} belongs to account {arn.account}, but this is {opened.account.id}"
        yield Step("entity", _TITLE, Status.UNKNOWN, said)
        own = (
            " Only AWS managed policies and policies of the same account can be attached."
            if kind is EntityKind.POLICY
            else ""
        )
        yield Verdict(
            cause, confidence(Ground.LIKENESS), f"{sentence} The policy belongs to another account: {said}.{own}"
        )
    else:
        yield from _of_the_account(kind, arn, failure, opened)


def _of_aws(written: Arn, cause: str, sentence: str, opened: OpenedAccount) -> Iterator[Part]:
    arn = str(written)
    if aws_managed_policies.find(arn) and written.partition == opened.account.partition:
        yield Step("entity", _TITLE, Status.PASS, f"AWS has {arn}")
        why = (
            "it is reserved for a service-linked role, and cannot be attached to other roles"
            if ":policy/aws-service-role/" in arn
            else "check whether the call went to an account in another partition"
        )
        yield Verdict(cause, confidence(Ground.LIKENESS), f"AWS has the policy {arn}; {why}.")
        return
    meant = aws_managed_meant(arn, opened.account.partition)
    near = (meant,) if meant else _alike(name_of(arn), {name_of(each): each for each in aws_managed_policies.arns()})
    newest = f"rolescope's list of AWS's policies, of {aws_managed_policies.provenance().taken},"
    yield Step("entity", _TITLE, Status.FAIL, f"{newest} has no {arn}" + (f"; it has {joined(near)}" if near else ""))
    if meant:
        yield Verdict(cause, confidence(Ground.READ), f"{_here(opened)} has no policy {arn}; it has {meant}.")
    else:
        yield Verdict(cause, confidence(Ground.LIKENESS), sentence)
    yield name_another(arn, near)


def _here(opened: OpenedAccount) -> str:
    return f"AWS, in this account's partition {opened.account.partition},"


def _of_the_account(kind: EntityKind, arn: Arn | None, failure: OtherFailure, opened: OpenedAccount) -> Iterator[Part]:
    wanted = failure.name or ""
    name = arn.name if arn is not None and kind is not EntityKind.OIDC_PROVIDER else wanted
    word, cause = FACTS[kind].word, cause_of(failure)[0]
    search = search_name(kind, name, opened)
    found, status = search.found, Status.UNKNOWN
    if found is not None and (arn is None or found.arn == str(arn)):
        said, status = f"{found.arn} exists now", Status.PASS
        verdict = Verdict(
            cause,
            confidence(Ground.LIKENESS),
            f"The {word} {shown(name)} exists now. It was created after the call or just before the call (new "
            "entities take a few seconds to be visible everywhere), or the call went to another account.",
        )
        fixes = [Fix("Make the call again, and check its caller", Who.CALLER, Note(found.arn, _AGAIN))]
    elif found is not None:
        said, status = f"{found.arn} exists, but not {wanted}", Status.FAIL
        verdict = Verdict(
            cause,
            confidence(Ground.READ),
            f"The account has no {wanted}, but it has {found.arn}. ARNs are case-sensitive and include the path.",
        )
        fixes = [name_another(wanted, (found.arn,))]
    elif search.complete:
        near = _near(kind, name, opened)
        hint = f" Similar names: {joined(near)}." if near else ""
        said, status = f"the account has no {word} {shown(name)}", Status.FAIL
        verdict = Verdict(cause, confidence(Ground.READ), f"The account has no {word} {shown(name)}.{hint}")
        fixes = [name_another(f"{word} {shown(name)}", near)]
    else:
        said = "; ".join(search.gaps) or "not everything could be read"
        verdict = Verdict(
            cause, confidence(Ground.LIKENESS), f"{cause_of(failure)[1]} This cause could not be checked: {said}."
        )
        fixes = []
    yield Step("entity", _TITLE, status, said, search.evidence)
    yield verdict
    yield from fixes


def _near(kind: EntityKind, name: str, opened: OpenedAccount) -> tuple[str, ...]:
    if kind in (EntityKind.ROLE, EntityKind.SERVICE_LINKED_ROLE) and opened.account.roles:
        names: Iterable[str] = opened.account.role_names
    else:
        names = (each.name for each in opened.reader.entity_names(kind.value).value or ())
    return _alike(name, {each: each for each in names})


def _alike(name: str, known: Mapping[str, str]) -> tuple[str, ...]:
    """Return up to three known entities with a similar name, the most similar first."""
    by_letters = {each.lower(): value for each, value in known.items()}
    return tuple(by_letters[each] for each in get_close_matches(name.lower(), by_letters, 3, _ALIKE))
