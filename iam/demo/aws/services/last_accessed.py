"""Last-accessed reports, which moto lacks: first a job is started, later its result is requested."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from typing import Any
from zlib import crc32

from moto.iam.models import IAMBackend

from iam.demo.account.facts import HOME_REGION
from iam.demo.account.load import DEMO
from iam.demo.aws.authorization.callers import identity_policies
from iam.demo.aws.server import Handler
from iam.demo.aws.wire import AwsError, DemoCall
from iam.demo.aws.world import World
from iam.demo.clock import CLOCK
from iam.other_services import ServiceLastAccessed
from iam.service_reference import action_names, services
from iam.trail_events import is_data_action


def _generate(world: World, call: DemoCall) -> Mapping[str, Any]:
    arn = str(call.get("Arn"))
    if _entity(world.iam, arn) is None and arn not in world.iam.managed_policies:
        raise AwsError("NoSuchEntity", f"ARN {arn} not found")
    # the ID depends on the entity, not on who requested the report first
    job = f"{crc32(arn.encode()):08x}-7a4e-11f0-9d2e-0a1b2c3d4e5f"
    world.jobs[job] = arn
    return {"JobId": job}


def _get(world: World, call: DemoCall) -> Mapping[str, Any]:
    arn = world.jobs.get(str(call.get("JobId")))
    if arn is None:
        raise AwsError("NoSuchEntity", f"Job not found for id {call.get('JobId')}")
    services = _report(world.iam, arn)
    try:
        begin = int(call.get("Marker") or 0)
    except ValueError as error:
        raise AwsError("InvalidInput", "Invalid Marker.") from error
    size = int(call.get("MaxItems") or 100)
    more = begin + size < len(services)
    return {
        "JobStatus": "COMPLETED",
        "JobType": "ACTION_LEVEL",
        "JobCreationDate": CLOCK.now(),
        "JobCompletionDate": CLOCK.now(),
        "ServicesLastAccessed": services[begin : begin + size],
        "IsTruncated": more,
        **({"Marker": str(begin + size)} if more else {}),
    }


def _entity(backend: IAMBackend, arn: str) -> Any:
    held = (*backend.roles.values(), *backend.users.values(), *backend.groups.values())
    return next((one for one in held if one.arn == arn), None)  # type: ignore[attr-defined]  # of moto's common base


def _report(backend: IAMBackend, arn: str) -> list[Mapping[str, Any]]:
    """Return each service for which the identity policies allow anything, with its last use."""
    entity = _entity(backend, arn)
    if entity is None:
        return []
    used = {each.namespace: each for each in (DEMO.contents.last_accessed or {}).get(arn, ())}
    allowed = sorted(_allowed_services(backend, entity))
    return [_service(arn, name, used.get(name)) for name in allowed]


def _service(arn: str, name: str, used: ServiceLastAccessed | None) -> Mapping[str, Any]:
    when = used.last_authenticated if used is not None else None
    entry: dict[str, Any] = {
        "ServiceName": _service_names().get(name, name),
        "ServiceNamespace": name,
        "TotalAuthenticatedEntities": 1 if when else 0,
    }
    if when:
        entry |= {
            "LastAuthenticated": when,
            "LastAuthenticatedEntity": arn,
            "LastAuthenticatedRegion": HOME_REGION,
        }
    if used is not None and used.actions is not None:
        entry["TrackedActionsLastAccessed"] = [*_tracked(arn, used)]
    return entry


def _tracked(arn: str, used: ServiceLastAccessed) -> Iterator[Mapping[str, Any]]:
    """Yield the service's management actions, with the time of the last use if there is one."""
    times = {each.name: each.last_accessed for each in used.actions or ()}
    for name in action_names(used.namespace).values():
        if name in times:
            access = {"LastAccessedEntity": arn, "LastAccessedTime": times[name], "LastAccessedRegion": HOME_REGION}
            yield {"ActionName": name, **access}
        elif not is_data_action(f"{used.namespace}:{name}"):
            yield {"ActionName": name}


def _allowed_services(backend: IAMBackend, entity: Any) -> set[str]:
    found: set[str] = set()
    for policy in identity_policies(backend, entity):
        for statement in policy.document.statements:
            if statement.effect != "Allow":
                continue
            for action in statement.action or ("*",):
                service = action.partition(":")[0].lower()
                found |= set(_service_names()) if "*" in service else {service}
    return found


@functools.cache
def _service_names() -> Mapping[str, str]:
    return services()


HANDLERS: Mapping[tuple[str, str], Handler] = {
    ("iam", "GenerateServiceLastAccessedDetails"): _generate,
    ("iam", "GetServiceLastAccessedDetails"): _get,
}
