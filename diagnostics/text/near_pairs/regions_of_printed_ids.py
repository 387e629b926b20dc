"""Find an ID or name in a failed command that another command in the text printed for a different Region."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.text.near_pairs.difference_and_advice import Basis, NearPair
from diagnostics.text.near_pairs.listed_in_another_region import place_of_call
from diagnostics.text.near_pairs.named_values import Paste
from diagnostics.text.read.printed_values import Output, outputs
from diagnostics.text.read.resources.set_regions import set_regions
from iam.lazy_pattern import regex
from iam.words import listing

_READS = ("list-", "describe-", "get-", "search-")
_TELLING = regex(r"(?=.*[\d_-])[\w:/.@+-]{4,}")
"""Characters that a resource's ID or name has and a word or number does not."""
_SETTINGS = ("region", "profile", "query", "output", "endpoint-url", "max-items", "max-results", "starting-token")


def of_printed_regions(paste: Paste) -> Iterator[NearPair]:
    """Yield the failed command's Region, and the only Region for which a command printed the value of its option."""
    made = outputs(paste.text)
    default = {each.region for each in set_regions(paste.text) if not each.by_option}
    fallback = default.pop() if len(default) == 1 else ""
    printed = [each for each in made if not each.error and each.operation.startswith(_READS)]
    for failed in (each for each in made if each.error):
        asked = _region(failed, fallback)
        same = [each for each in printed if each.service == failed.service and _region(each, fallback)]
        for value in _values(failed) if asked else ():
            having = [each for each in same if _has(each, value)]
            regions = {_region(each, fallback) for each in having}
            if len(regions) != 1 or asked in regions:
                continue
            kinds = {(each.operation, name) for each in having for name in _names(each, value)}
            here = [each for each in same if _region(each, fallback) == asked and each.operation == having[0].operation]
            others = sorted({one for each in here for _, name in kinds for one in each.values(name)})
            difference = f"{value} is printed there"
            if here:
                difference += f", and {listing(others[:3]) if others else 'not'} for {asked}"
            stated = paste.denial is not None and bool(paste.denial.stated_reason)
            code = "resource.not-found" if paste.denial is not None else "not-iam"
            basis = Basis.ELSEWHERE if here or not stated else Basis.LISTED_TOO
            place = f"the output of {having[0].command}"
            pair = ("Region", asked, place_of_call(paste.text, asked), regions.pop(), place)
            yield NearPair(*pair, difference, basis, code)


def _region(made: Output, fallback: str) -> str:
    return made.options.get("region") or fallback


def _values(failed: Output) -> Iterator[str]:
    """Yield the IDs and names in the command's options and arguments."""
    for name, value in (*failed.options.items(), *(("", word) for word in failed.words)):
        if name not in _SETTINGS and "://" not in value and not value.isdecimal() and _TELLING.fullmatch(value):
            yield value


def _has(made: Output, value: str) -> bool:
    return any(True for _ in _names(made, value))


def _names(made: Output, value: str) -> Iterator[str]:
    """Yield the names of the fields that contain the value, or contain an ARN that ends with the value."""
    for each in made.fields:
        if each.value == value or (each.value.startswith("arn:") and each.value.endswith((f"/{value}", f":{value}"))):
            yield each.name
