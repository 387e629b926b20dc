"""What runs with a role, of the kinds in `iam.facts.workloads`: each list, and what its items say in full."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from itertools import islice
from typing import Any

import jmespath  # comes with botocore, which reads answers by it
from botocore import xform_name
from botocore.exceptions import ClientError

from iam.arn import name_of
from iam.facts.global_services import partition_of_region
from iam.facts.workloads import KINDS, WorkloadCall, WorkloadKind
from iam.sources.aws.errors import code_of
from iam.sources.aws.session import AwsPart, Patience, by_token, that_end
from iam.sources.reader import Reading, Workload, WorkloadRegions

CALLS_AT_MOST = 100
"""For one kind in one Region, beyond the pages of its first list."""
LISTED_AT_MOST = 1000
"""Items of the first list of a kind in one Region."""

Chain = tuple[Any, ...]
"""The item of each call until now."""


class AwsWorkloads(AwsPart):
    """Each call is bounded in time and size as every other; a kind is bounded in its number of calls, too."""

    def workload_regions(self) -> Reading[WorkloadRegions]:
        call = "ec2:DescribeRegions"
        reading = self.aws.read(
            call,
            lambda: tuple(str(each["RegionName"]) for each in self.aws.client("ec2").describe_regions()["Regions"]),
        )
        enabled = reading.value
        if enabled is None:
            return Reading(call, WorkloadRegions(self.aws.regions, ()), note=reading.why)
        asked = tuple(each for each in self.aws.regions if each in enabled)
        return Reading(call, WorkloadRegions(asked, tuple(each for each in enabled if each not in asked)))

    def workloads(self, kind: str, regions: tuple[str, ...] = ()) -> Reading[tuple[Workload, ...]]:
        row = KINDS[kind]
        service, operation, _ = row.operations()[0]
        cut: list[str] = []
        call = f"{service}:{operation}"
        caller = self.caller()
        if caller.value is None:
            return Reading(caller.call, why=caller.why)
        question = partial(self._workloads, row, caller.value.account, cut)
        reading = self.aws.in_regions(call, question, regions or None)
        if not cut or reading.value is None:
            return reading
        return Reading(call, reading.value, note=" ".join((reading.note, *cut)).strip())

    def _workloads(self, kind: WorkloadKind, account: str, cut: list[str], region: str) -> Iterator[Workload]:
        roles: dict[str, dict[str, None]] = {}
        traits: dict[str, dict[str, None]] = {}
        profiles: dict[str, tuple[str, ...]] | None = None
        for chain in self._chains(kind, cut, region):
            arn = _filled(kind.arn, chain, region, account)
            found = {role: None for place in kind.roles for role in _texts(chain, place)}
            named = [profile for place in kind.profiles for profile in _texts(chain, place)]
            if named and profiles is None:
                profiles = self._roles_of_profiles()
            for profile in named:
                found |= dict.fromkeys((profiles or {}).get(name_of(profile) or profile, ()))
            if arn:
                roles.setdefault(arn, {}).update(found)
                has = {name: None for name, place in kind.traits.items() if _has(chain, place)}
                traits.setdefault(arn, {}).update(has)
        for arn, its in roles.items():
            yield Workload(kind.id, arn, region, tuple(its), tuple(traits[arn]))

    def _roles_of_profiles(self) -> dict[str, tuple[str, ...]]:
        """The ARNs of the roles of each instance profile, by the profile's name."""
        return {
            str(entry["InstanceProfileName"]): tuple(str(role["Arn"]) for role in entry.get("Roles") or ())
            for entry in self.aws.pages("iam", "list_instance_profiles", "InstanceProfiles")
        }

    def _chains(self, kind: WorkloadKind, cut: list[str], region: str) -> Iterator[Chain]:
        """The items of the last call, each with those of the calls before it. An item without what the next call asks
        for, such as a group without a launch template, is left out.
        """
        listed = list(islice(self._items(kind, kind.calls[0], region, {}), LISTED_AT_MOST + 1))
        calls = 0
        if len(listed) > LISTED_AT_MOST:
            cut.append(f"Only {LISTED_AT_MOST:,} {kind.title} in {region} were looked at.")
        chains: list[Chain] = [(item,) for item in listed[:LISTED_AT_MOST]]
        for depth, call in enumerate(kind.calls[1:], 1):
            after: list[Chain] = []
            for group in _groups(chains, call):
                given = _given(call, group)
                if given is None:
                    continue
                calls += 1
                if calls > CALLS_AT_MOST:
                    cut.append(f"Only {CALLS_AT_MOST} calls were made for {kind.title} in {region}.")
                    break
                try:
                    items = list(self._items(kind, call, region, given))
                except ClientError as error:
                    if not _is_gone(error):
                        raise
                    continue
                after += [(*group[0][:depth], item) for item in items]
            chains = after
        yield from chains

    def _items(self, kind: WorkloadKind, call: WorkloadCall, region: str, given: Mapping[str, Any]) -> Iterator[Any]:
        service = call.service or kind.service
        client = self.aws.client(service, region, patience=Patience.WITNESS)
        operation = xform_name(call.operation)
        fixed = {key: _plain(value) for key, value in call.given.items() if not _is_place(value)}
        arguments = {**fixed, **given}
        key = re.split(r"[.\[]", call.items)[0]
        pages: Iterable[Any]
        if client.can_paginate(operation):
            pages = that_end(client.get_paginator(operation).paginate(**arguments), key)
        else:
            members = client.meta.service_model.operation_model(call.operation).input_shape.members
            token = next((each for each in ("NextToken", "nextToken") if each in members), "")
            ask = partial(getattr(client, operation), **arguments)
            pages = by_token(ask, key, token=token) if token else (ask(),)
        for page in pages:
            found = jmespath.search(call.items, page)
            yield from found if isinstance(found, list) else () if found is None else (found,)


def _is_place(value: object) -> bool:
    return isinstance(value, str) and value[:1].isdigit()


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _at(chain: Chain, place: str) -> Any:
    """What is at a place (``1.a.b``) of the items; None where there is nothing."""
    number, _, path = place.partition(".")
    if int(number) >= len(chain):
        return None
    item = chain[int(number)]
    return jmespath.search(path, item) if path and isinstance(item, dict) else None if path else item


def _texts(chain: Chain, place: str) -> Iterator[str]:
    found = next((each for one in place.split("|") if (each := _at(chain, one))), None)
    for each in found if isinstance(found, list) else [found]:
        if isinstance(each, str) and each:
            yield each


def _has(chain: Chain, place: str) -> bool:
    where, _, wanted = place.partition("=")
    found = _at(chain, where)
    return str(found) == wanted if wanted else bool(found)


def _filled(template: str, chain: Chain, region: str, account: str) -> str:
    """The ARN at a place, or a template with its places filled in; "" where one of them has nothing."""
    if _is_place(template):
        return str(_at(chain, template) or "")
    known = {"partition": partition_of_region(region), "region": region, "account": account}
    places = re.findall(r"\{([^}]+)\}", template)
    values = {place: known.get(place) or _at(chain, place) for place in places}
    if not all(values.values()):
        return ""
    return re.sub(r"\{([^}]+)\}", lambda found: str(values[found[1]]), template)


def _groups(chains: list[Chain], call: WorkloadCall) -> Iterator[list[Chain]]:
    """The chains that share a call: those that differ in their last item alone."""
    if call.at_once == 1:
        yield from ([chain] for chain in chains)
        return
    by_first: dict[str, list[Chain]] = {}
    for chain in chains:
        by_first.setdefault(repr(chain[:-1]), []).append(chain)
    for several in by_first.values():
        for start in range(0, len(several), call.at_once):
            yield several[start : start + call.at_once]


def _given(call: WorkloadCall, group: list[Chain]) -> dict[str, Any] | None:
    """The parameters that come from the items; None where one of them is missing."""
    given: dict[str, Any] = {}
    for parameter, place in call.given.items():
        if not _is_place(place):
            continue
        assert isinstance(place, str)
        values = [_at(chain, place) for chain in group]
        if values[0] is None:
            return None
        last = int(place.partition(".")[0]) == len(group[0]) - 1
        given[parameter] = values if call.at_once > 1 and last else values[0]
    return given


def _is_gone(error: ClientError) -> bool:
    """Whether a resource was deleted after it was listed."""
    code = code_of(error) or ""
    return "NotFound" in code or "NoSuch" in code or "DoesNotExist" in code
