"""Values for the rows on rejected keys: the partition that the text mentions, and the Region that was called."""

from __future__ import annotations

import re
import shlex

from diagnostics.failure_details import CredentialChain
from diagnostics.text.answer.credentials.credential_fault import UNKNOWN_KEY
from diagnostics.text.answer.regions.called_region import profile_region
from diagnostics.text.read.identities.callers import answered_identities
from iam.facts.global_services import partition_of_region
from iam.lazy_pattern import regex
from iam.regions import REGION_NAME, other_partition_region

_COMMON_REGION = regex(r"\b(?:us|eu|ap|sa|ca|me|af|il|mx)-(?!gov)(?:north|south|east|west|central)[a-z]*-\d\b")
_SPEAKS_OF_PARTITION = (
    (
        regex(
            r"\b(?:Sinnet|NWCD)\b|\bcn-(?!north)\w|\baws-cn\b|amazonaws\.com\.cn|\bamazonaws\.cn\b"
            r"|\b(?:AWS|aws) China\b|\b(?:China|Beijing|Ningxia) (?:account|partition|[Rr]egion|console|keys?)\b"
            r"|\b(?:account|[Rr]egion|console|keys?) (?:is )?(?:in|of|for|from) (?:China|Beijing|Ningxia)\b"
        ),
        "China",
        "cn-north-1",
        "cn-northwest-1",
    ),
    (
        regex(r"\bGov-?Cloud\b|\baws-us-gov\b|\bamazonaws-us-gov\.com\b", re.IGNORECASE),
        "GovCloud",
        "us-gov-west-1",
        "us-gov-east-1",
    ),
)
"""Words that indicate another partition, with its name and its Regions.

https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html; the consoles' hosts:
https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/govcloud-iam.html,
https://docs.amazonaws.cn/en_us/aws/latest/userguide/general-info.html.
"""
_PARTITIONS = dict(zip(("aws-cn", "aws-us-gov"), _SPEAKS_OF_PARTITION, strict=True))
OPTION_OF_REGION = regex(rf"(?:--region[ =]|\bAWS_(?:DEFAULT_)?REGION=)[\"']?(?P<region>{REGION_NAME})")
_NEGATED = regex(r"\b(?:no|not|isn['\u2019]t|never|without|than)\b(?: \w+){0,3} ?$", re.IGNORECASE)


def partitions_of_chain(chain: CredentialChain, text: str) -> dict[str, str]:
    """Return the keys' partition and a call's Region outside it, according to the credential chain."""
    if chain.home in _PARTITIONS and (
        region := _failing_region(text) or (chain.region if _COMMON_REGION.fullmatch(chain.region) else "")
    ):
        of_keys = f"The keys are of the partition {chain.home}, that of"
        return _other_partition(_PARTITIONS[chain.home], region) | {"whose_partition": of_keys}
    if chain.spoken in _PARTITIONS and _COMMON_REGION.fullmatch(chain.called):
        return _other_partition(_PARTITIONS[chain.spoken], chain.called)
    return {}


_OWNER = regex(r"\barn:(?P<partition>aws(?:-[a-z-]+)?):(?:iam|sts)::\d{12}:(?:user|assumed-role)/[\w+=,.@/-]*[\w+=@-]")


def key_of_another_partition(text: str) -> dict[str, str]:
    """Return whose key the text shows, and the Region of another partition to which the call went.

    Empty unless the text shows the response to GetCallerIdentity, and the failed command names a Region outside the
    partition ``aws``. `partitions_of_chain` covers the opposite case.
    """
    identities = set(answered_identities(text))
    refused = re.search(UNKNOWN_KEY, text, re.IGNORECASE)
    named = OPTION_OF_REGION.findall(text[: refused.start()]) if refused else []
    owner = _OWNER.fullmatch(identities.pop()) if len(identities) == 1 else None
    if owner is None or not named or partition_of_region(named[-1]) in ("aws", owner["partition"]):
        return {}
    return {
        "key_owner": owner[0],
        "key_partition": owner["partition"],
        "called_region": named[-1],
        "called_partition": partition_of_region(named[-1]),
    }


def partitions_of_text(text: str) -> dict[str, str]:
    """Return another partition that the text mentions, if the call goes to a Region of the ``aws`` partition.

    The call's Region is that of its profile. If the text shows no profile, all Regions in the text must be in ``aws``.
    """
    spoken = [each for each in _SPEAKS_OF_PARTITION if _is_spoken_of(each[0], text)]
    if not spoken:
        return {}
    if len(spoken) == 1 and (called := profile_region(text)) is not None:
        if called.region and not _COMMON_REGION.fullmatch(called.region):
            return {}
        has = f"has the Region {called.region}" if called.region else "has no Region in its configuration"
        its_region = f"profile {called.profile} {has}"
        option = {} if called.profile == "default" else {"profile_option": f" --profile {shlex.quote(called.profile)}"}
        of_call = {"its_region": its_region, "goes": "the call goes"}
        return _other_partition(spoken[0], called.region) | of_call | option
    region = _COMMON_REGION.search(text)
    if other_partition_region(text):
        return {}
    if region is None:
        none = {"its_region": "sets no Region of it", "goes": "most likely the call goes"}
        return _other_partition(spoken[0], "") | none
    return _other_partition(spoken[0], region[0])


_HOST_IN = regex(
    rf"\b(?:EC2|instance|host|server|VM|box|machine|node|pod|cluster|task|function|runs|running|hosted|deployed|account)\b"
    rf"[^\n.;]{{0,60}}\b(?:in|region) (?:the )?(?:Region )?(?P<region>{REGION_NAME})",
    re.IGNORECASE,
)
_SETTING = regex(
    r"^[ \t]*[A-Za-z]\w*(?P<sign>[ \t]*=>[ \t]*|[ \t]*=[ \t]*|:[ \t]+)(?P<quote>[\"']?)[^\s\"',]+[\"']?,?[ \t]*$",
    re.MULTILINE,
)
_SETS_REGION = regex(
    r"\bregion[\w-]*[\"']?[ \t]*(?:=>|=|:)|--region\b|_REGION\b|\bendpoint[\w-]*[\"']?[ \t]*(?:=>|=|:)", re.IGNORECASE
)


def region_left_out(text: str) -> dict[str, str]:
    """Return the Region of another partition in which the host is, if the program's settings in the text name none.

    A program without a Region goes to its own default, which is often us-east-1, as in Logstash's Kinesis input
    (https://www.elastic.co/guide/en/logstash/current/plugins-inputs-kinesis.html).
    """
    host, setting = _HOST_IN.search(text), _SETTING.search(text)
    if host is None or setting is None or partition_of_region(host["region"]) == "aws":
        return {}
    if _SETS_REGION.search(text) or {host["region"]} != set(_REGIONS.findall(text)):
        return {}
    quote = setting["quote"]
    return {"host_region": host["region"], "region_line": f"region{setting['sign']}{quote}{host['region']}{quote}"}


_REGIONS = regex(rf"(?<![\w-]){REGION_NAME}(?![\w-])")


def _is_spoken_of(words: re.Pattern[str], text: str) -> bool:
    return any(not _NEGATED.search(text[max(0, each.start() - 30) : each.start()]) for each in words.finditer(text))


def _failing_region(text: str) -> str:
    """Return the Region that the denied command names, if it is in the ``aws`` partition; else ""."""
    refused = re.search(UNKNOWN_KEY, text, re.IGNORECASE)
    named = OPTION_OF_REGION.findall(text[: refused.start()]) if refused else []
    return named[-1] if named and _COMMON_REGION.fullmatch(named[-1]) else ""


def _other_partition(partition: tuple[re.Pattern[str], str, str, str], region: str) -> dict[str, str]:
    _, name, first, second = partition
    return {
        "other_partition": name, "common_region": region, "own_regions": f"{first} or {second}", "first_region": first
    }  # fmt: skip
