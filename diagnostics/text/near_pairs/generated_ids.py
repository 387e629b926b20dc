"""Find a resource that may have been created again: a policy in the text has its ARN with another generated ID."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from diagnostics.text.near_pairs.deciding_policies import layer_of
from diagnostics.text.near_pairs.difference_and_advice import Basis, NearPair
from diagnostics.text.near_pairs.named_values import Named, Paste
from diagnostics.text.near_pairs.request_or_policy import Side
from iam.arn import Arn
from iam.lazy_pattern import regex
from iam.policy.match import compile_glob

_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_NAME = r"(?P<name>[\w/+=.@-]+?)"


@dataclass(frozen=True, slots=True)
class _Form:
    """A form of a service's resource names: ``name`` is given by a person, ``id`` by AWS. ``kind`` is the noun."""

    service: str
    kind: str
    pattern: re.Pattern[str]


# Service Authorization Reference, "Resource types" of these services
# (https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html).
_FORMS = tuple(
    _Form(service, kind, regex(pattern))
    for service, kind, pattern in (
        ("secretsmanager", "secret", r"secret:(?P<name>[\w/+=.@-]+)-(?P<id>[A-Za-z0-9]{6})(?![\w?*-])"),
        # Topics, groups and transactional IDs are in a cluster.
        ("kafka", "cluster", rf"(?:cluster|topic|group|transactional-id)/{_NAME}/(?P<id>{_UUID}-[0-9a-z]+)(?=/|$)"),
        ("elasticloadbalancing", "load balancer", rf"loadbalancer/(?:app|net|gwy)/{_NAME}/(?P<id>[0-9a-f]{{16}})$"),
        ("elasticloadbalancing", "target group", rf"targetgroup/{_NAME}/(?P<id>[0-9a-f]{{16}})$"),
        ("cloudformation", "stack", rf"stack/{_NAME}/(?P<id>{_UUID})$"),
        ("events", "connection", rf"connection/{_NAME}/(?P<id>{_UUID})$"),
        ("events", "API destination", rf"api-destination/{_NAME}/(?P<id>{_UUID})$"),
        ("wafv2", "web ACL", rf"(?:regional|global)/webacl/{_NAME}/(?P<id>{_UUID})$"),
        ("mq", "broker", rf"broker:{_NAME}:(?P<id>b-{_UUID})$"),
        ("apprunner", "service", rf"service/{_NAME}/(?P<id>[0-9a-f]{{32}})$"),
        ("dynamodb", "stream of the table", rf"table/{_NAME}/stream/(?P<id>20\d\d-\d\d-\d\dT[\d:.]+)$"),
        ("autoscaling", "Auto Scaling group", rf"autoScalingGroup:(?P<id>{_UUID}):autoScalingGroupName/{_NAME}$"),
    )
)


@dataclass(frozen=True, slots=True)
class _Shown:
    """A resource whose ARN has a generated ID, and the ``place`` of the ARN among the text's names."""

    form: _Form
    place: Named
    arn: Arn
    name: str
    id: str

    def is_of(self, other: _Shown) -> bool:
        """Whether both have the same name in the same Region and account."""
        same = (self.form, self.name, self.arn.region, self.arn.account)
        return same == (other.form, other.name, other.arn.region, other.arn.account)

    @property
    def named(self) -> str:
        separator = "-" if self.form.service == "secretsmanager" else "/"
        return f"{self.name}{separator}{self.id}"


def of_generated_ids(paste: Paste) -> Iterator[NearPair]:
    """Yield a resource's ARN outside of rules and a rule's ARN with another ID, if no rule matches the first.

    A resource that is created again has the same name and another ID. AWS Secrets Manager User Guide, "What's in a
    Secrets Manager secret?" (https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html).
    """
    denial = paste.denial
    if denial is None or (denial.stated_reason or "").startswith("explicit"):
        return
    shown = [(each, found) for each in paste.arns if (found := _read(each)) is not None]
    rules = [found for each, found in shown if each.side is Side.RULE]
    current = [found for each, found in shown if each.side is not Side.RULE] or _connected(rules, paste)
    patterns = [each.value for each in paste.arns if each.side is Side.RULE]
    for one in current:
        if any(compile_glob(each)(one.place.value) for each in patterns) and one.form.service != "kafka":
            continue
        for old in rules:
            if not one.is_of(old) or old.id == one.id or _covered(old, one, patterns):
                continue
            whole = str(replace(old.arn, resource=old.arn.resource.replace(old.id, one.id)))
            yield NearPair(
                one.form.kind,
                one.named,
                one.place.place,
                old.named,
                "the policy",
                f"the name {one.name} is the same",
                Basis.RECREATED,
                layer_of(paste, "resource"),
                whole="" if one.form.service == "secretsmanager" else whole,
            )


def _read(named: Named) -> _Shown | None:
    """Return the resource of an ARN that has one of the forms; None for other ARNs and for patterns."""
    arn = Arn.parse(named.value)
    for form in _FORMS if arn is not None else ():
        if arn is not None and arn.service == form.service and (found := form.pattern.match(arn.resource)):
            return _Shown(form, named, arn, found["name"], found["id"])
    return None


def _connected(rules: list[_Shown], paste: Paste) -> list[_Shown]:
    """Return the clusters that a policy names for Connect, if a client was refused a topic or group after connecting.

    Amazon MSK Developer Guide, "IAM access control": other actions require kafka-cluster:Connect
    (https://docs.aws.amazon.com/msk/latest/developerguide/kafka-actions.html).
    """
    if _REFUSED_LATER.search(paste.text) is None:
        return []
    return [each for each in rules if each.arn.resource.startswith("cluster/")]


_REFUSED_LATER = regex(
    r"(?:Topic|Group|TransactionalId)Authorization|(?:TOPIC|GROUP)_AUTHORIZATION|access (?:topic|group)"
)


def _covered(old: _Shown, current: _Shown, patterns: list[str]) -> bool:
    """Return whether another rule names the same thing with the current ID."""
    wanted = str(replace(old.arn, resource=old.arn.resource.replace(old.id, current.id)))
    return any(compile_glob(each)(wanted) for each in patterns)
