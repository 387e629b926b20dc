"""Find a resource that a command in the text lists in a Region other than that of the call."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from diagnostics.text.near_pairs.difference_and_advice import Basis, NearPair
from diagnostics.text.near_pairs.named_values import Paste
from diagnostics.text.near_pairs.request_or_policy import COMMAND, Side
from diagnostics.text.read.resources.set_regions import set_regions
from iam.arn import Arn
from iam.lazy_pattern import regex
from iam.regions import REGION_NAME

_OPTION = regex(rf"--region[ =][\"']?(?P<region>{REGION_NAME})\b")
_ADDRESS = regex(
    rf"\bhttps?://(?:(?P<service>sqs)\.(?P<region>{REGION_NAME})|(?P<old>{REGION_NAME})\.queue)\.amazonaws\.com(?:\.cn)?/"
    r"(?P<account>\d{12})/(?P<name>[\w.-]+\w)"
    rf"|(?<![\w.-])(?P<registry>\d{{12}})\.dkr\.ecr\.(?P<of_registry>{REGION_NAME})\.amazonaws\.com(?:\.cn)?/"
    r"(?P<repository>[\w./-]+\w)"
)
ANY_REGION = regex(rf"(?<![\w-]){REGION_NAME}(?![\w-])")
ANY_COPY = regex(r"\b(?:replica\w*|cop(?:y|ies|ied)|failover|both regions|global table)\b", re.IGNORECASE)
"""Words in texts in which a resource may be in two Regions on purpose."""
_WORKS = regex(r"\bworks\b", re.IGNORECASE)
_KIND = regex(r"^(?:[a-z][\w-]*[:/])")
_SECRET_END = regex(r"-[A-Za-z0-9]{6}$")


@dataclass(frozen=True, slots=True)
class Placed:
    """A resource with its Region; ``account`` is empty if the text does not show it."""

    service: str
    name: str
    region: str
    account: str

    def is_same(self, other: Placed) -> bool:
        """Whether both have the same service and name, and, as far as the text shows, the same account."""
        accounts = {each for each in (self.account, other.account) if each}
        return (self.service, self.name) == (other.service, other.name) and len(accounts) < 2


def place_of_call(text: str, region: str) -> str:
    """Return "the call", with the words that set its Region if the text has them (``--region eu-west-1``)."""
    found = next((each for each in set_regions(text) if each.region == region), None)
    return f"the call (“{found.words}”)" if found else "the call"


def of_listed_regions(paste: Paste) -> Iterator[NearPair]:
    """Yield the Region of the call and the only Region for which a list contains the resource."""
    if not any(each.side is Side.LISTED for each in paste.stretches):
        return
    listed = [*_listed(paste)]
    for asked in _asked(paste):
        same = [(each, place) for each, place in listed if each.is_same(asked)]
        elsewhere = {each.region for each, _ in same}
        if len(elsewhere) != 1 or asked.region in elsewhere:
            continue
        region = elsewhere.pop()
        code = "resource.not-found" if paste.denial is not None else "not-iam"
        sure = asked.region in _listed_regions(paste, asked.service)
        difference = f"{asked.name} is listed there" + (f", and not in {asked.region}" if sure else "")
        decides = sure or paste.denial is None or not paste.denial.stated_reason
        basis = Basis.ELSEWHERE if decides else Basis.LISTED_TOO
        yield NearPair("Region", asked.region, "the call", region, same[0][1], difference, basis, code)


def of_listed_accounts(paste: Paste) -> Iterator[NearPair]:
    """Yield the account in the URL that a program uses, and the only account whose list contains that queue or image.

    A URL contains the account: Amazon SQS Developer Guide, "Queue and message identifiers"
    (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html).
    """
    listed = [*_listed(paste)] if any(each.side is Side.LISTED for each in paste.stretches) else []
    for asked, at in _addressed(paste.text) if listed else ():
        if paste.at(at).side is Side.LISTED:
            continue
        same = [(each, place) for each, place in listed if replace(each, account=asked.account) == asked]
        accounts = {each.account for each, _ in same if each.account}
        if len(accounts) == 1 and asked.account not in accounts:
            pair = (asked.account, "the URL of the call", accounts.pop(), same[0][1])
            yield NearPair("account", *pair, f"{asked.name} is listed there", Basis.ELSEWHERE, "not-iam")


def of_wanted_regions(paste: Paste) -> Iterator[NearPair]:
    """Yield the Region of the denied resource and the Region of its ARN elsewhere in the text, outside a policy.

       For a layer, the second Region is the only other one in the text: a function can use only layers of its own
    Region (Datadog, "Troubleshooting Serverless Layer not Authorized Errors":
    https://docs.datadoghq.com/serverless/guide/layer_not_authorized).
    """
    denial = paste.denial
    asked = Arn.parse((denial.resource or "") if denial is not None else "")
    if denial is None or asked is None or not asked.region or (denial.stated_reason or "").startswith("explicit"):
        return
    code = "resource.not-found"
    if ":layer:" in str(asked):
        others = {*ANY_REGION.findall(paste.text.replace(str(asked), " "))}
        if len(others) == 1 and asked.region not in others:
            pair = (asked.region, "the layer's ARN", others.pop(), "the text")
            yield NearPair("Region", *pair, "a function can use only layers of its own Region", Basis.LAYER, code)
        return
    if asked.type == "foundation-model" and any(":inference-profile/" in each.value for each in paste.arns):
        return  # an inference profile chooses the Region of the model
    wanted = [arn for each in paste.arns if each.side is Side.REQUEST and (arn := Arn.parse(each.value)) is not None]
    same = {arn.region for arn in wanted if arn.region and str(replace(arn, region=asked.region)) == str(asked)}
    on_purpose = ANY_COPY.search(paste.text) or _WORKS.search(paste.text)
    if len(same - {asked.region}) == 1 and not on_purpose:
        pair = (asked.region, place_of_call(paste.text, asked.region), (same - {asked.region}).pop(), "the text")
        yield NearPair("Region", *pair, f"both have {asked.resource}", Basis.LISTED_TOO, code)


_NO_QUEUE = regex(r"NonExistentQueue|QueueDoesNotExist|specified queue does not exist", re.IGNORECASE)
_HOST = regex(rf"(?<![\w.-])sqs\.(?P<region>{REGION_NAME})\.amazonaws\.com(?:\.cn)?(?!/\d{{12}}/)(?![\w.-])")


def of_asked_hosts(paste: Paste) -> Iterator[NearPair]:
    """Yield two Regions: the one to which the request for a queue was sent, and the one in the queue's URL.

    The first comes from the request's host, or else from a setting.

    Amazon SQS Developer Guide, "Queue and message identifiers": the URL has the queue's Region and account
    (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html).
    """
    if not _NO_QUEUE.search(paste.text):
        return
    hosts = {found["region"] for found in _HOST.finditer(paste.text)}
    hosts = hosts or {each.region for each in set_regions(paste.text)}
    urls = {(each.region, each.name) for each, _ in _addressed(paste.text) if each.service == "sqs"}
    if len(hosts) != 1 or len(urls) != 1:
        return
    (asked,), ((region, name),) = hosts, urls
    if asked != region:
        pair = (asked, place_of_call(paste.text, asked), region, "the queue's URL")
        yield NearPair("Region", *pair, f"a queue is known only in its own Region ({name})", Basis.ELSEWHERE, "not-iam")


def _asked(paste: Paste) -> Iterator[Placed]:
    """Yield the resources of the failed call: the one in AWS's message, or else those whose URLs are in the text."""
    denial = paste.denial
    if denial is not None and (arn := Arn.parse(denial.resource or "")) is not None:
        yield from of_arn(arn)
        return
    for each, at in _addressed(paste.text):
        if paste.at(at).side is Side.REQUEST:
            yield each


def _listed(paste: Paste) -> Iterator[tuple[Placed, str]]:
    """Yield the resources of lists, each with the noun for its list."""
    for each in paste.stretches:
        if each.side is not Side.LISTED:
            continue
        lines = paste.text[each.start : each.end]
        for found, _ in _addressed(lines):
            yield found, each.place
        for named in paste.arns:
            if each.start <= named.at < each.end and (arn := Arn.parse(named.value)) is not None:
                yield from ((one, each.place) for one in of_arn(arn))


def _listed_regions(paste: Paste, service: str) -> set[str]:
    """Return the Regions for which a command in the text lists resources of the service."""
    found = set()
    for command in COMMAND.finditer(paste.text):
        line = paste.text[command.end() :].partition("\n")[0]
        if command["service"] == service and command["operation"].startswith("list") and (at := _OPTION.search(line)):
            found.add(at["region"])
    return found


def of_arn(arn: Arn) -> Iterator[Placed]:
    name = arn.resource if arn.service in ("sqs", "sns") else _KIND.sub("", arn.resource, count=1)
    name = _SECRET_END.sub("", name) if arn.service == "secretsmanager" else name
    if arn.region and name and "*" not in name:
        yield Placed(arn.service, name, arn.region, arn.account)


def _addressed(text: str) -> Iterator[tuple[Placed, int]]:
    for found in _ADDRESS.finditer(text):
        if found["repository"]:
            yield Placed("ecr", found["repository"], found["of_registry"], found["registry"]), found.start()
        else:
            yield Placed("sqs", found["name"], found["region"] or found["old"], found["account"]), found.start()
