"""Compare the wanted entity with the existing one: each difference, and the call that removes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from diagnostics.already_exists.find.search import Found
from diagnostics.already_exists.kinds import EntityKind
from diagnostics.already_exists.study.aspects import Aspects
from diagnostics.already_exists.study.compare_role import compare_role, takes_service_account
from diagnostics.already_exists.study.documents import (
    Difference,
    difference_text,
)
from diagnostics.already_exists.wanted import Wanted
from diagnostics.already_exists.words import allowed_principals
from diagnostics.commands import shown
from diagnostics.diagnosis import Evidence, Status, Step
from diagnostics.fix import iam_call
from iam.account import Account, ManagedPolicy, OIDCProvider, Role
from iam.changes.plan import Call
from iam.words import joined


@dataclass(frozen=True, slots=True)
class EntityComparison:
    """The ``differences`` found, ``same`` the aspects that are equal, ``unknown`` those that could not be compared.

    ``compared`` is False if the text does not describe the wanted entity. ``other_purpose`` is True if the two entities
    trust entirely different principals, and so serve different purposes. ``essential`` is True if the defining part was
    compared: a role's trust policy, a policy's document, a provider's audiences. Other kinds are defined by the name
    alone.
    """

    compared: bool
    differences: tuple[Difference, ...] = ()
    same: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    other_purpose: bool = False
    essential: bool = False

    @property
    def identical(self) -> bool:
        return self.essential and not self.differences and not self.unknown

    @property
    def calls(self) -> tuple[Call, ...]:
        found: list[Call] = []
        for each in self.differences:
            if each.call is not None and each.call not in found:
                found.append(each.call)
        return tuple(found)


def compare(found: Found, wanted: Wanted, account: Account) -> tuple[EntityComparison, Step]:
    """Return the differences between the wanted entity and ``found``, with the step that shows them.

    If the text does not describe the wanted entity, the step says so and nothing is compared.
    """
    title = "What was wanted"
    if not wanted.has_values:
        said = "unknown: the text does not describe the intended entity"
        if wanted.elsewhere:
            said = f"unknown, because {joined(shown(each) for each in wanted.elsewhere)} was not pasted"
        return EntityComparison(False), Step("wanted", title, Status.UNKNOWN, said)
    aspects = Aspects(unknown=[f"what is in {shown(each)}" for each in wanted.elsewhere])
    entity = found.entity
    if wanted.path is not None and found.path is not None:
        aspects.compare("path", wanted.path, found.path)
    if isinstance(entity, Role):
        compare_role(entity, wanted, account, aspects)
    elif isinstance(entity, ManagedPolicy) and wanted.document is not None:
        if entity.document is None:
            aspects.unknown.append("the policy's default version")
        else:
            aspects.compare_documents("document", wanted.document, entity.document)
    elif isinstance(entity, OIDCProvider) and wanted.audiences is not None:
        _compare_audiences(entity, wanted.audiences, aspects)
    other_purpose = _other_purpose(entity, wanted)
    comparison = EntityComparison(
        True,
        tuple(aspects.differences),
        tuple(aspects.same),
        tuple(aspects.unknown),
        other_purpose,
        _essential(found, wanted),
    )
    return comparison, _step(comparison, wanted, title)


def _compare_audiences(provider: OIDCProvider, wanted: tuple[str, ...], aspects: Aspects) -> None:
    if provider.client_ids is None:
        aspects.unknown.append("its audiences")
        return
    missing = [each for each in wanted if each not in provider.client_ids]
    for each in missing:
        call = iam_call("AddClientIDToOpenIDConnectProvider", OpenIDConnectProviderArn=provider.arn, ClientID=each)
        aspects.differences.append(Difference(f"audience {each}", each, "not in the list", call))
    if not missing:
        aspects.same.append("audiences")


def _essential(found: Found, wanted: Wanted) -> bool:
    if isinstance(found.entity, Role):
        return wanted.trust is not None or wanted.service_account is not None
    if isinstance(found.entity, ManagedPolicy):
        return wanted.document is not None
    if isinstance(found.entity, OIDCProvider):
        return wanted.audiences is not None
    return found.kind in (EntityKind.USER, EntityKind.GROUP)


def _other_purpose(entity: Any, wanted: Wanted) -> bool:
    if isinstance(entity, Role) and wanted.service_account is not None and entity.trust is not None:
        return not takes_service_account(entity, wanted.service_account)
    if not isinstance(entity, Role) or wanted.trust is None or entity.trust is None:
        return False
    wanted_principals, have = set(allowed_principals(wanted.trust)), set(allowed_principals(entity.trust))
    return bool(wanted_principals and have) and not wanted_principals & have


def _step(comparison: EntityComparison, wanted: Wanted, title: str) -> Step:
    evidence = []
    for each in comparison.differences:
        if each.wanted_document and each.document:
            text = f"{each.aspect}:\n{difference_text(each.wanted_document, each.document)}"
            evidence.append(Evidence(text, element=each.aspect, document=each.document))
        else:
            text = f"{each.aspect}: wanted {shown(each.wanted)}, exists with {shown(each.is_)}"
            evidence.append(Evidence(text, element=each.aspect))
    evidence += [
        Evidence(f"{shown(each.aspect)} is left as it is: {each.held}") for each in comparison.differences if each.held
    ]
    evidence += [Evidence(f"{shown(each)}: the same") for each in comparison.same]
    evidence += [Evidence(f"could not be compared: {shown(each)}") for each in comparison.unknown]
    parts = []
    if comparison.differences:
        parts.append(f"differs from what was wanted: {joined(shown(each.aspect) for each in comparison.differences)}")
    if comparison.same:
        parts.append(f"the same: {joined(shown(each) for each in comparison.same)}")
    if comparison.unknown:
        parts.append(f"not compared: {joined(comparison.unknown)}")
    if comparison.other_purpose:
        parts.insert(0, "created for something else: no intended principal is trusted")
    status = Status.FAIL if comparison.differences else Status.UNKNOWN if comparison.unknown else Status.PASS
    summary = f"{'; '.join(parts) or 'nothing to compare'} (by {wanted.source})"
    return Step("wanted", title, status, summary, tuple(evidence))
