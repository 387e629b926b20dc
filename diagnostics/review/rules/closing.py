"""A fix that closes all of a principal's paths to administrator with Deny statements, and was evaluated with them.

   A Deny names a resource that its action works on
(https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html).
If a path is open for any resource name, the Deny does not name a single resource.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import count

from diagnostics.access_denied.fixes.place import place_of
from diagnostics.fix import Fix, InlinePlace, Note, OtherPlace, PolicyChange
from diagnostics.review.escalation.asking import Asking
from diagnostics.review.escalation.search import Path, first_path
from diagnostics.review.escalation.step import EscalationStep
from diagnostics.review.subject import ReviewedAccount
from diagnostics.who import Who
from iam.account import Account, Group, User
from iam.arn import is_aws_managed, name_of
from iam.claims import verified
from iam.foreign_text import shortened
from iam.policy.document import Document
from iam.policy.edits import as_list, as_written, statements_of, with_free_sid, with_statement
from iam.policy.lint.finding import ERROR, PolicyKind
from iam.policy.lint.run import lint
from iam.policy.match import has_wildcard
from iam.policy.request import Holder, HolderKind, NamedPolicy
from iam.questions.catalogue import PROBE
from iam.questions.index import Principal
from iam.service_reference import VARIABLE, action
from iam.words import joined, listing

MOST_DENIED = 12
"""The maximum number of Deny statements in one fix. If more are needed, the fix says which paths stay open."""
MOST_TARGETS = 300
"""The maximum number of roles and users to which paths may lead.

If there are more, remaining paths are not searched.
"""
_NEW = "a-new-one"
_SID = "NoEscalation"

Reached = Mapping[str, tuple[EscalationStep, ...]]


def closing_fix(reviewed: ReviewedAccount, found: Path, reached: Reached, cautions: tuple[str, ...]) -> Fix:
    """Return the fix that denies the steps of the principal's paths, in the policy that allows the first. May block.

    ``reached`` are all principals that can become administrator, with their steps.
    """
    entity, step = found.principal.entity, found.steps[0]
    existing = _own_policy(found)
    policy = existing or _new_policy(found.principal)
    askable = not found.principal.unread and len(reached) <= MOST_TARGETS
    others = {arn: steps for arn, steps in reached.items() if not _leads_through(entity.arn, arn, steps)}
    denied: dict[str, list[str]] = {}
    after, left = policy.document, found
    closed = False
    for _ in range(MOST_DENIED):
        new = _next_denied(left.steps[0], denied, reviewed.account)
        if new is None:
            break
        denied.setdefault(new[1], []).append(new[0])
        after = _with_denied(policy.document, denied)
        if not askable:
            break
        again = first_path(reviewed, _changed(found.principal, policy, after), others)
        if again is None:
            closed = True
            break
        left = again
    if closed:
        denied, after = _needed(reviewed, found.principal, policy, denied, others)
        denied, after = _that_stays(reviewed, found.principal, policy, denied, others)
    actions = dict.fromkeys(name for names in denied.values() for name in names)
    title = f"Deny {shortened(entity.name, 40)} the use of {listing(list(actions), limit=3)}"
    statements = _statements(policy.document, denied)
    if not denied or _is_refused(statements):
        note = f"Remove {joined(step.hop.actions, 'or')} on {step.hop.on} from the policies of {entity.name}."
        why = (
            "No valid IAM statement denies only this access: decide what else may be removed (y copies the "
            "permissions to remove)."
        )
        return Fix(title, Who.YOU, Note(entity.arn, note, why), cautions=cautions)
    shown = statements[0] if len(statements) == 1 else after.value
    change = PolicyChange(place_of(policy), shown, policy.document, after)
    if existing is None:
        change = PolicyChange(new_place(found.principal), after.value, None, after)
    proved = closed if askable else None
    said = [] if proved else ["Another path may remain: review again afterwards"]
    beyond = [shortened(name_of(each), 40) for each in denied if each != step.hop.on]
    if beyond and step.hop.on in denied:
        said.append(f"Also denied on {listing(beyond, limit=3)}, where another path begins")
    return Fix(title, Who.YOU, change, verified=proved, cautions=(*cautions, *said))


def shared_fix(reviewed: ReviewedAccount, those: list[tuple[Path, Fix]], reached: Reached) -> Fix | None:
    """Return one change to a policy shared by several principals that closes the paths of all of them. May block.

    It denies everything that their individual fixes deny. Return None if the paths begin with only one principal, or if
    a path stays open.
    """
    changes = [fix.change for _, fix in those if isinstance(fix.change, PolicyChange)]
    before = changes[0].before if changes else None
    if len(changes) < 2 or before is None or len(reached) > MOST_TARGETS:
        return None
    after, said = before, list[dict[str, object]]()
    for change in changes:
        for statement in statements_of(change.after.value if change.after is not None else {}):
            plain = {key: value for key, value in statement.items() if key != "Sid"}
            if statement not in statements_of(before.value) and plain not in said:
                said.append(plain)
                after = with_statement(after, with_free_sid(after, {"Sid": _SID, **plain}))
    named = {found.principal.entity.arn for found, _ in those}
    others = {arn: steps for arn, steps in reached.items() if not any(_leads_through(own, arn, steps) for own in named)}
    left = []
    for found, _ in those:
        policy = _own_policy(found)
        if policy is None or policy.document.text != before.text or found.principal.unread:
            return None
        left.append(first_path(reviewed, _changed(found.principal, policy, after), others))
    closed = verified(not any(left))
    if not closed:
        return None
    place = changes[0].place
    title = f"Deny {_denied_words(said)} in {shortened(name_of(place.words), 40)}: {len(named)} paths close"
    cautions = dict.fromkeys(each for _, fix in those for each in fix.cautions if "review again" not in each)
    change = PolicyChange(place, after.value, before, after)
    return Fix(title, Who.YOU, change, verified=closed, cautions=tuple(cautions))


def _denied_words(statements: list[dict[str, object]]) -> str:
    actions = dict.fromkeys(str(name) for each in statements for name in as_list(each.get("Action")))
    return listing(list(actions), limit=3)


def _needed(
    reviewed: ReviewedAccount, principal: Principal, policy: NamedPolicy, denied: dict[str, list[str]], others: Reached
) -> tuple[dict[str, list[str]], Document]:
    """Return the Deny statements without the redundant ones, and the document with them."""
    for resource in list(denied):
        fewer = {key: names for key, names in denied.items() if key != resource}
        if (
            fewer
            and first_path(reviewed, _changed(principal, policy, _with_denied(policy.document, fewer)), others) is None
        ):
            denied = fewer
    return denied, _with_denied(policy.document, denied)


def _that_stays(
    reviewed: ReviewedAccount, principal: Principal, policy: NamedPolicy, denied: dict[str, list[str]], others: Reached
) -> tuple[dict[str, list[str]], Document]:
    """Return the Deny statements, and the document with them.

    If the principal could open a path by undoing them, statements are added that deny this.
    """
    after = _with_denied(policy.document, denied)
    changed = _changed(principal, policy, after)
    more = {key: list(names) for key, names in denied.items()}
    for name, on in _undoing(reviewed, principal, policy, others):
        if Asking(reviewed, changed).may(name, on, {"iam:PolicyARN": (policy.arn,)} if policy.arn else None):
            more.setdefault(on, []).append(name)
    return (denied, after) if more == denied else (more, _with_denied(policy.document, more))


def _undoing(
    reviewed: ReviewedAccount, principal: Principal, policy: NamedPolicy, others: Reached
) -> Iterator[tuple[str, str]]:
    """Yield the actions, with their resources, by which a principal can undo a Deny in one of its own policies.

    They set the previous version or, if a path is open without the policy, detach it.
    """
    entity, kind = principal.entity, "Role" if principal.is_role else "User"
    if policy.arn is not None:
        yield "iam:SetDefaultPolicyVersion", policy.arn
    without = replace(principal, identity=tuple(each for each in principal.identity if each is not policy))
    if first_path(reviewed, without, others) is None:
        return
    groups = [reviewed.account.group(name) for name in (entity.groups or () if isinstance(entity, User) else ())]
    having = [group for group in groups if group is not None and _has(group, policy)]
    for group in having:
        yield f"iam:{'Delete' if policy.arn is None else 'Detach'}GroupPolicy", group.arn
        yield "iam:RemoveUserFromGroup", group.arn
    if not having:
        yield f"iam:{'Delete' if policy.arn is None else 'Detach'}{kind}Policy", entity.arn


def _has(group: Group, policy: NamedPolicy) -> bool:
    if policy.arn is not None:
        return any(each.arn == policy.arn for each in group.attached or ())
    return policy.holder is not None and policy.holder.arn == group.arn


def _is_refused(statements: list[dict[str, object]]) -> bool:
    """Return whether lint finds an error in the added statements."""
    document = Document.from_value({"Version": "2012-10-17", "Statement": statements})
    return any(each.severity is ERROR for each in lint(document, PolicyKind.IDENTITY))


def _leads_through(own: str, arn: str, steps: tuple[EscalationStep, ...]) -> bool:
    """Return whether somebody can become administrator through the principal itself."""
    return arn == own or any(step.target == own for step in steps)


def _own_policy(found: Path) -> NamedPolicy | None:
    """Return the policy with the first step's statement if it can be changed from here, or None."""
    named = {(each.policy, each.arn) for each in found.steps[0].hop.evidence if each.layer == "identity"}
    for policy in found.principal.identity:
        ours = (policy.name, policy.arn) in named and not is_aws_managed(policy.arn)
        if ours and not isinstance(place_of(policy), OtherPlace):
            return policy
    return None


def new_place(principal: Principal) -> InlinePlace:
    """Return the place for a new inline policy with an unused name.

    It is used if the existing policies are not ours to change.
    """
    entity = principal.entity
    taken = {each.name for each in entity.inline or ()}
    name = next(each for number in count(1) if (each := f"{_SID}{'' if number == 1 else number}") not in taken)
    kind = HolderKind.ROLE if principal.is_role else HolderKind.USER
    return InlinePlace(Holder(kind, entity.name, entity.arn), name, new=True)


def _new_policy(principal: Principal) -> NamedPolicy:
    """Return the policy for `new_place`, without any statement yet."""
    place = new_place(principal)
    return NamedPolicy(Document.from_value({"Version": "2012-10-17", "Statement": []}), place.name, holder=place.holder)


def _next_denied(step: EscalationStep, denied: dict[str, list[str]], account: Account) -> tuple[str, str] | None:
    """Return the next action and resource to deny: the narrowest pair that was not tried yet, or None."""
    for name in step.hop.actions:
        for resource in resources_for(name, step.hop.on, account):
            if name not in denied.get(resource, ()):
                return name, resource
    return None


def resources_for(name: str, on: str, account: Account) -> Iterator[str]:
    """Yield the resources that can replace ``on`` in a statement for an action, the narrowest first.

    ``on`` is an ARN or a resource's display name.
    """
    known = action(name)
    types = known.resource_types if known is not None else ()
    required = known.required if known is not None else frozenset()
    types = tuple(
        sorted(types, key=lambda each: (on.startswith("i-") and each.name != "instance", each.name not in required))
    )
    any_name = PROBE in on or on.endswith(f"/{_NEW}") or has_wildcard(on)
    for each in types:
        if any_name:
            break
        if on.startswith("arn:"):
            if each.fits(on):
                yield on
            continue
        filled = each.filled(account.partition, "*", account.id)
        if len(VARIABLE.findall(filled)) == 1 and ":" not in on and "/" not in on:
            yield VARIABLE.sub(lambda _: on, filled)
    families = {VARIABLE.sub("*", each.filled(account.partition, "*", account.id)) for each in types}
    yield from sorted(families)
    yield "*"


def _statements(document: Document, denied: Mapping[str, list[str]]) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for resource, names in denied.items():
        statement = {"Sid": _SID, "Effect": "Deny", "Action": as_written(names), "Resource": resource}
        whole = document
        for each in found:
            whole = with_statement(whole, each)
        found.append(with_free_sid(whole, statement))
    return found


def _with_denied(document: Document, denied: Mapping[str, list[str]]) -> Document:
    for statement in _statements(document, denied):
        document = with_statement(document, statement)
    return document


def _changed(principal: Principal, policy: NamedPolicy, after: Document) -> Principal:
    identity = tuple(
        NamedPolicy(after, one.name, one.arn, one.holder) if one is policy else one for one in principal.identity
    )
    added = () if policy in principal.identity else (NamedPolicy(after, policy.name, holder=policy.holder),)
    return replace(principal, identity=(*identity, *added))
