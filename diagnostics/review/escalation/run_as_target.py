"""Find the ways to run something as another role: pass the role to a service, or change what already runs as it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from diagnostics.review.escalation.asking import (
    OPEN_TO_ALL,
    Asking,
    asked,
    can_name,
    in_one_region,
    named_regions,
    surest,
)
from diagnostics.review.escalation.step import EscalationStep
from diagnostics.review.escalation.ways import PASSING, RUNNING_BY_KIND, RUNS_AS, Need, PassingWay, RunningWay
from diagnostics.review.subject import ReviewedAccount
from iam.account import Role
from iam.changes.in_use import profiles_of
from iam.facts.workloads import KINDS
from iam.policy.layer import Layer
from iam.policy.request import NamedPolicy
from iam.questions.index import Principal
from iam.risks.judged_account import STRANGERS, statements
from iam.services import of_every_region, service_name
from iam.sources.reader.resources import Workload


def passes(reviewed: ReviewedAccount, principal: Principal, target: Role) -> Iterator[EscalationStep]:
    trust = reviewed.trust(target)
    if trust is None:
        return
    services = _services_of(trust)
    for way in PASSING:
        service = services.get(way.service)
        if service is None or not can_name(reviewed, principal, way.actions):
            continue
        existing = reviewed.workloads_of(way.exists) if way.exists else None
        if existing == ():
            continue
        asking = _passes_one(reviewed, principal, target, way, service, existing)
        if asking is None:
            continue
        needed = _instance_profile(reviewed, target) if service.startswith("ec2.") else ()
        hangs = _takes(reviewed, target, service, way.trusted)
        if needed is None or hangs is None:
            continue
        missing = (f"{KINDS[way.exists].title} to change",) if way.exists and existing is None else ()
        further = (way.further.format(role=target.name),) if way.further else ()
        gives = f"{service_name(service) or service} that runs as {target.name}, with code that the caller chooses"
        actions = ("iam:PassRole", *way.actions)
        needed = (*needed, *hangs, *missing, *further)
        yield asking.step(actions, target.arn, gives, target.arn, needed, (way.id,), way.page)


def _services_of(trust: NamedPolicy) -> Mapping[str, str]:
    """Return the services in a trust policy, each with its spelling there.

    If a service is named with and without a Region, the spelling without the Region is returned.
    """
    found: dict[str, str] = {}
    for one in statements(trust, Layer.RESOURCE):
        for kind, value in one.principal.pairs if one.principal is not None and not one.deny else ():
            if kind == "Service":
                service = of_every_region(value)
                found[service] = min(found.get(service, value), value, key=len)
    return found


def _passes_one(
    reviewed: ReviewedAccount,
    principal: Principal,
    target: Role,
    way: PassingWay,
    service: str,
    existing: Sequence[Workload] | None,
) -> Asking | None:
    """Return the evaluation if the principal may pass the role to a service in this way, or None if it may not.

    ``existing`` are the resources that can be changed; None if they are unknown, or if a new one is created.
    """
    passed_to = service if service.endswith(".cn") else way.service

    def ask(asking: Asking, arn: str = "") -> bool:
        passed = asking.may("iam:PassRole", target.arn, {"iam:PassedToService": (passed_to,)})
        return passed and asking.may_somewhere(way.actions, arn)

    first = Asking(reviewed, principal)
    if not ask(first):
        return None
    if existing is None:
        return in_one_region(first, ask)
    on_each = (asked(Asking(reviewed, principal, each.region), ask, each.arn) for each in existing)
    return surest(on_each)


def _takes(
    reviewed: ReviewedAccount, target: Role, service: str, actions: Iterable[str], source: str = ""
) -> tuple[str, ...] | None:
    """Return what the service's use of the role depends on, or None if the trust policy does not trust the service.

    The service acts for this account. ``source`` is the ARN of the resource for which the service acts; "" if the
    caller chooses the resource's name or the ARN is unknown.
    """
    trust = reviewed.trust(target)
    if trust is None:
        return (f"the trust policy of {target.name} (not read)",)
    context = {"aws:SourceAccount": (reviewed.account.id,)} | ({"aws:SourceArn": (source,)} if source else {})
    hangs: dict[str, None] = {}
    for action in actions:
        found = reviewed.lets_in(target, trust, service, action, context, lambda _: False)
        if not found.allowed:
            return None
        hangs |= dict.fromkeys(reviewed.hangs_on(found))
    return tuple(hangs)


def _instance_profile(reviewed: ReviewedAccount, target: Role) -> tuple[str, ...] | None:
    """Return what use of the role in an instance profile depends on, or None if no profile contains the role."""
    profiles = profiles_of(target, reviewed.account)
    if profiles is None:
        return (f"an instance profile with {target.name}",)
    return () if profiles else None


def takes_over(reviewed: ReviewedAccount, principal: Principal, target: Role) -> Iterator[EscalationStep]:
    """Yield steps that use a workload that already runs as the role."""
    for workload in reviewed.workloads(target.arn):
        for way in RUNNING_BY_KIND[workload.kind]:
            if can_name(reviewed, principal, way.actions) and (way.requires in ("", *workload.traits)):
                step = _takes_over_one(reviewed, principal, target, workload, way)
                if step is not None:
                    yield step


def _takes_over_one(
    reviewed: ReviewedAccount, principal: Principal, target: Role, workload: Workload, way: RunningWay
) -> EscalationStep | None:
    account = reviewed.account
    places = {
        "arn": workload.arn,
        "name": re.split("[:/]", workload.arn)[-1],
        "cluster": re.sub(r":task/([^/]+)/.*", r":cluster/\1", workload.arn),
        "partition": account.partition,
        "account": account.id,
        "stranger": STRANGERS[0],
    }

    def may(asking: Asking, need: Need, on: str) -> bool:
        trust = OPEN_TO_ALL if "{stranger}" in on else None
        exists = on in ("{arn}", "{cluster}")
        return asking.may(need.action, on.format_map(places), trust=trust, exists=exists)

    def ask(asking: Asking) -> bool:
        return all(
            all(may(asking, need, on) for on in need.on)
            and (not need.either or any(may(asking, need, on) for on in need.either))
            for need in way.needs
        ) and asking.may_somewhere([need.action for need in way.needs if not need.on])

    region = workload.region or _region_of(workload.arn)
    asking: Asking | None = Asking(reviewed, principal, region)
    if asking is None or not ask(asking):
        return None
    unknown: tuple[str, ...] = ()
    name = _name_of(workload)
    if not region and (regions := named_regions(reviewed, principal)):
        answers = [asked(Asking(reviewed, principal, each), ask) for each in regions]
        asking = surest(answers)
        unknown = () if all(answers) else (f"the Region of {name} (not read)",)
    runs = RUNS_AS[workload.kind]
    trust = reviewed.trust(target)
    named = _services_of(trust).get(runs.service) if trust is not None else None
    services = (named,) if named is not None else (runs.service, f"{runs.service}.cn")
    source = runs.source.format_map(places)
    taken = next(
        (each for one in services if (each := _takes(reviewed, target, one, runs.trusted, source)) is not None), None
    )
    if asking is None or taken is None:
        return None
    hoped = (f"{name} {way.hopes}",) if way.hopes not in ("", *workload.traits) else ()
    further = (way.further,) if way.further else ()
    gives = f"sessions of {target.name} by {name}" if runs.hands_out else f"{name}, which runs as {target.name}"
    shown = workload.arn if workload.region else name.rpartition(" ")[2]
    hangs = (*taken, *unknown, *hoped, *further)
    return asking.step(way.actions, shown, gives, target.arn, hangs, (way.id,), way.page)


def _region_of(arn: str) -> str:
    """Return the Region of an ARN, or "" if it has none or a wildcard."""
    region = "".join(arn.split(":")[3:4])
    return "" if region == "*" else region


def _name_of(workload: Workload) -> str:
    """Return a workload's name for people: ``CodeBuild project deploy``."""
    parts = re.split("[:/]", workload.arn)
    name = parts[-2] if workload.kind.startswith("cloudformation") and len(parts) > 1 else parts[-1]
    return f"{RUNS_AS[workload.kind].name} {name}"
