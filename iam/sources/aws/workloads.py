"""Read the workloads that run with roles: each list in `iam.facts.workloads`, then the details of its items."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from itertools import islice
from typing import Any

import jmespath  # installed with botocore, which parses responses with it
from botocore import xform_name
from botocore.exceptions import ClientError, EndpointConnectionError

from iam.arn import name_of
from iam.facts.global_services import partition_of_region
from iam.facts.workloads import KINDS, WorkloadCall, WorkloadKind
from iam.services import iam_prefix
from iam.sources.aws import errors
from iam.sources.aws.errors import code_of, is_denied
from iam.sources.aws.session import AwsPart, Patience, by_token, that_end
from iam.sources.reader.reading import Reading
from iam.sources.reader.resources import Workload, WorkloadRegions

CALLS_AT_MOST = 100
"""The maximum number of calls for one kind in one Region, in addition to one call for each page of its first list."""
DENIED_AT_MOST = 3
"""The number of denied calls after which an operation is assumed to be denied for every item."""
LISTED_AT_MOST = 1000
"""The maximum number of items that are read from the first list of a kind in one Region."""

Chain = tuple[Any, ...]
"""The items that lead to a result: one from the response of each call so far."""


class AwsWorkloads(AwsPart):
    """Reads workloads.

    Each call is limited in time and size like any other; the number of calls for each kind is limited too.
    """

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
        gaps: dict[str, None] = {}
        call = _permission(row, row.calls[0])
        caller = self.caller()
        if caller.value is None:
            return Reading(caller.call, why=caller.why)
        question = partial(self._workloads, row, caller.value.account, gaps)
        reading = self.aws.in_regions(call, question, regions or None)
        if not gaps or reading.value is None:
            return reading
        note = " ".join((reading.note, *gaps)).strip()
        return Reading(call, reading.value, note=note) if reading.value else Reading(call, why=note)

    def _workloads(self, kind: WorkloadKind, account: str, gaps: dict[str, None], region: str) -> Iterator[Workload]:
        roles: dict[str, dict[str, None]] = {}
        traits: dict[str, dict[str, None]] = {}
        profiles: Reading[dict[str, tuple[str, ...]]] | None = None
        try:
            for chain in _Walk(self, kind, gaps, region).chains():
                arn = _filled(kind.arn, chain, region, account)
                found = {role: None for place in kind.roles for role in _texts(chain, place)}
                named = [profile for place in kind.profiles for profile in _texts(chain, place)]
                if named and profiles is None:
                    profiles = self.aws.read("iam:ListInstanceProfiles", self._roles_of_profiles)
                    if profiles.value is None:
                        gaps[profiles.why] = None
                of_profiles = profiles.value or {} if profiles is not None else {}
                for profile in named:
                    found |= dict.fromkeys(of_profiles.get(name_of(profile) or profile, ()))
                if arn:
                    roles.setdefault(arn, {}).update(found)
                    has = {name: None for name, place in kind.traits.items() if _has(chain, place)}
                    traits.setdefault(arn, {}).update(has)
        except EndpointConnectionError:
            if self._has(kind.service, region):
                raise
        for arn, its in roles.items():
            yield Workload(kind.id, arn, region, tuple(its), tuple(traits[arn]))

    def _has(self, service: str, region: str) -> bool:
        """Whether botocore lists the service in a Region."""
        listed = self.aws.session.get_available_regions(service, partition_of_region(region))
        return not listed or region in listed

    def _roles_of_profiles(self) -> dict[str, tuple[str, ...]]:
        """Return the ARNs of the roles of each instance profile, by the profile's name."""
        return {
            str(entry["InstanceProfileName"]): tuple(str(role["Arn"]) for role in entry.get("Roles") or ())
            for entry in self.aws.pages("iam", "list_instance_profiles", "InstanceProfiles")
        }

    def pages_of(
        self, kind: WorkloadKind, call: WorkloadCall, region: str, given: Mapping[str, Any]
    ) -> Iterator[list[Any]]:
        """Yield the items of a call, page by page."""
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
            yield found if isinstance(found, list) else [] if found is None else [found]


class _Walk:
    """The calls for one kind in one Region. The details of each item are read before the next item of the same list.

    A sentence is added to ``gaps`` for everything that was not read.
    """

    def __init__(self, reader: AwsWorkloads, kind: WorkloadKind, gaps: dict[str, None], region: str) -> None:
        self.reader, self.kind, self.gaps, self.region = reader, kind, gaps, region
        self.left = CALLS_AT_MOST
        self.answers: dict[str, list[Any]] = {}
        self.denied: Counter[str] = Counter()

    def chains(self) -> Iterator[Chain]:
        """Yield the items of the last call, each with the items of the previous calls that led to it.

        An item is left out if it lacks a value that the next call needs, such as a group without a launch template.
        """
        first = self.reader.pages_of(self.kind, self.kind.calls[0], self.region, {})
        listed = list(islice((item for page in first for item in page), LISTED_AT_MOST + 1))
        if len(listed) > LISTED_AT_MOST:
            self._gap(f"Only {LISTED_AT_MOST:,} {self.kind.title} in {self.region} were checked.")
        yield from self._deeper([(item,) for item in listed[:LISTED_AT_MOST]], 1)

    def _deeper(self, chains: list[Chain], depth: int) -> Iterator[Chain]:
        if depth == len(self.kind.calls):
            yield from chains
            return
        call = self.kind.calls[depth]
        for group in _groups(chains, call):
            given = _given(call, group)
            if given is None:
                continue
            items = self._answer(call, given)
            if not items and self.denied[call.operation]:
                yield from group  # the details were denied: the items of the previous calls are all there is
            yield from self._deeper([(*group[0][:depth], item) for item in items], depth + 1)

    def _answer(self, call: WorkloadCall, given: Mapping[str, Any]) -> list[Any]:
        """Return the items of a call, which is made only once; empty if the call is not made or is denied."""
        key = f"{call.operation} {given!r}"
        if key in self.answers or self.denied[call.operation] >= DENIED_AT_MOST:
            return self.answers.get(key, [])
        found = self.answers[key] = []
        try:
            for page in self.reader.pages_of(self.kind, call, self.region, given) if self._may_ask() else ():
                if not self._may_ask():
                    break
                self.left -= 1
                found += page
        except ClientError as error:
            if is_denied(error):
                self.denied[call.operation] += 1
                why = errors.why(_permission(self.kind, call), error, self.reader.aws.profile)
                self._gap(f"Not all {self.kind.title} in {self.region} could be read: {why}")
            elif not _is_gone(error):
                raise
        return found

    def _may_ask(self) -> bool:
        if self.left <= 0:
            self._gap(f"Only {CALLS_AT_MOST} calls were made for {self.kind.title} in {self.region}.")
            return False
        return True

    def _gap(self, sentence: str) -> None:
        self.gaps[sentence] = None


def _permission(kind: WorkloadKind, call: WorkloadCall) -> str:
    return f"{iam_prefix(call.service or kind.service)}:{call.operation}"


def _is_place(value: object) -> bool:
    return isinstance(value, str) and value[:1].isdigit()


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _at(chain: Chain, place: str) -> Any:
    """Return the value at a place (``1.a.b``) in the items, or None if there is none."""
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
    """Return the ARN at a place, or a template with its places filled in; "" if one of the places has no value."""
    if _is_place(template):
        return str(_at(chain, template) or "")
    known = {"partition": partition_of_region(region), "region": region, "account": account}
    places = re.findall(r"\{([^}]+)\}", template)
    values = {place: known.get(place) or _at(chain, place) for place in places}
    if not all(values.values()):
        return ""
    return re.sub(r"\{([^}]+)\}", lambda found: str(values[found[1]]), template)


def _groups(chains: list[Chain], call: WorkloadCall) -> Iterator[list[Chain]]:
    """Yield groups of chains that share a call: they differ only in their last item."""
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
    """Return the call's parameters from the items, or None if one of them is missing."""
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
    """Whether the error means that a resource was deleted after it was listed."""
    code = code_of(error) or ""
    return "NotFound" in code or "NoSuch" in code or "DoesNotExist" in code
