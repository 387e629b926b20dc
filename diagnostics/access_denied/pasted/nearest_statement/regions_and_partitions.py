"""Why the closest statement does not name the resource: another Region, area, account or partition."""

from __future__ import annotations

import re

from diagnostics.access_denied.pasted.fixes.inference_profiles import PROFILE_AREA
from diagnostics.access_denied.pasted.malformed_arns import with_region_of
from diagnostics.access_denied.pasted.nearest_statement.lack import Closest, Lack
from diagnostics.fix import Fix, Note
from diagnostics.who import Who
from iam.facts.resources_of_aws import resource_of_aws
from iam.lazy_pattern import regex
from iam.policy.decision import NearMiss
from iam.policy.match import resource_matcher
from iam.policy.request import Request
from iam.regions import A_REGION
from iam.words import listing


def is_owned_by_aws(closest: Closest) -> Lack | None:
    """The statement names the resource in the wrong account: the resource belongs to an account of AWS."""
    kept = resource_of_aws(closest.request.resource) if closest.by_name and closest.near.part == "account" else None
    if kept is None:
        return None
    note = Note(closest.place, "Keep the other actions. The account in the message is not one of yours.")
    fix = Fix(f"Write {kept[0]} in {closest.which}", closest.owner, note)
    more = f"; {kept[1]} belongs to an account of AWS, so name {kept[0]}"
    return Lack(more, fix=fix, settles_name=True)


def is_named_for_another_region(closest: Closest) -> Lack | None:
    """The name of the resource contains a different Region from the name in the statement."""
    near, request = closest.near, closest.request
    regional = with_region_of(near.wanted, request.resource) if closest.by_name and closest.alike is None else None
    if not regional:
        return None
    right, had, region = regional
    text = (
        f"Keep the resources that the statement already names. If {had} was meant, correct the call; then no "
        "policy has to change."
    )
    fix = Fix(f"Add {right} to the Resource of {closest.which}", closest.owner, Note(closest.place, text))
    return Lack(f": the name contains {had}, but the requested name contains {region}", fix=fix)


def is_profile_of_another_area(closest: Closest) -> Lack | None:
    """The statement names an inference profile for the same model in a different area."""
    areas = _of_another_area(closest.near, closest.request) if closest.by_name else None
    if areas is None:
        return None
    named, asked = areas
    note = Note(
        "the program, and the policy in the text",
        "Look up which model ID the program sends. A program that does not read a setting uses the Region's "
        f"default. If you meant {named}, send that ID; then no policy has to change. If you meant {asked}, name "
        "that profile in the policy.",
    )
    fix = Fix(f"Find out which profile is correct: {named} or {asked}", Who.CALLER, note)
    lacks = f"names the inference profile {named}, but the call uses {asked}"
    return Lack(": the same model in another area", lacks, fix=fix)


def is_model_of_a_profile(closest: Closest) -> Lack | None:
    """The statement names an inference profile, but the call uses a model in a Region."""
    request = closest.request
    if ":foundation-model/" not in request.resource:
        return None
    if not any(":inference-profile/" in each for each in closest.near.wanted):
        return None
    asked = request.resource.split(":")[3]
    return Lack(f": the client calls {asked} itself, or an inference profile chose that Region")


def is_in_another_region(closest: Closest) -> Lack | None:
    """The statement names the resource in one Region, but the request is for another."""
    if closest.alike is not None or closest.near.part != "region" or len(named := _regions(closest.near)) != 1:
        return None
    asked = closest.request.resource.split(":")[3]
    text = (
        f"If you meant {named[0]}, call that Region; then no policy has to change. If you meant {asked}, write "
        f"{asked} in the statement."
    )
    title = f"Find out which Region is correct: {named[0]} or {asked}"
    return Lack(fix=Fix(title, Who.CALLER, Note("the request", text)))


def is_in_another_partition(closest: Closest) -> Lack | None:
    """The statement names the resource in another partition, such as ``aws`` for ``aws-cn``."""
    near = closest.near
    of_partition = near.part == "partition"
    if not of_partition and not (closest.by_name and _all_of_another_partition(near, closest.request)):
        return None
    partition = closest.request.resource.split(":")[1]
    differs = "" if of_partition else ": the partition differs"
    also = f"{_also_in(near, partition)}{_partition_variable(near)}"
    text = f"ARNs of another partition match nothing in {partition}.{also}"
    note = Note("the policy in the text", text)
    fix = Fix(f"Write arn:{partition}: in {closest.which}", closest.owner, note)
    return Lack(f"{differs}: write arn:{partition}:", fix=fix)


def _all_of_another_partition(near: NearMiss, request: Request) -> bool:
    """Return whether the statement names the resource, but each of its ARNs is in a different partition."""
    partition = request.resource.split(":")[1] if request.resource.startswith("arn:") else ""
    apart = [each for each in near.wanted if re.match(r"arn:[a-z-]+:", each) and each.split(":")[1] != partition]
    if not partition or len(apart) != len(near.wanted):
        return False
    return any(
        resource_matcher(re.sub(r"^arn:[a-z-]+:", f"arn:{partition}:", _without_variables(each)))(request.resource)
        for each in apart
    )


_OF_TERRAFORM = regex(r"\$\{(?:var|local|data|module|aws_\w+|each)\b[^{}]*\}")


_OF_CLOUDFORMATION = regex(r"\$\{AWS::\w+\}")
"""CloudFormation's variables in templates. They are replaced before AWS receives the policy."""


def _without_variables(arn: str) -> str:
    """Return the ARN with a wildcard in place of each variable of a template."""
    return _OF_CLOUDFORMATION.sub("*", _OF_TERRAFORM.sub("*", arn))


def _partition_variable(near: NearMiss) -> str:
    """Return how Terraform names the partition, if the statement's ARN has a variable of Terraform; else "".

    https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/partition
    """
    if not any(map(_OF_TERRAFORM.search, near.wanted)):
        return ""
    return (
        " A module for several partitions writes arn:${data.aws_partition.current.partition}: (with data "
        '"aws_partition" "current" {}).'
    )


def _also_in(near: NearMiss, partition: str) -> str:
    """Return a sentence on the document's other statements with ARNs of another partition; "" if there is none."""
    statements = near.policy.document.statements
    wrong = [
        str(each.sid or number + 1)
        for number, each in enumerate(statements)
        if number != near.statement
        and any(re.match(rf"arn:(?!{partition}:)aws[a-z-]*:", one) for one in each.resource or ())
    ]
    return f" Make the same correction in statement {listing(wrong)}." if wrong else ""


def _regions(near: NearMiss) -> list[str]:
    """Return the Regions that the statement's ARNs name."""
    parts = (each.split(":") for each in near.wanted)
    return sorted({each[3] for each in parts if len(each) > 3 and A_REGION.fullmatch(each[3])})


_AREA = regex(rf":inference-profile/(?P<id>{PROFILE_AREA}(?P<model>[\w.:-]+))$")


def _of_another_area(near: NearMiss, request: Request) -> tuple[str, str] | None:
    """Return the statement's and the call's inference profile, if they are for one model in two geographies.

    Amazon Bedrock User Guide, "Prerequisites for inference profiles"
    (https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html).
    """
    asked = _AREA.search(request.resource)
    named = (found for each in near.wanted if (found := _AREA.search(each)))
    other = next((each for each in named if asked and each["model"] == asked["model"]), None)
    return None if asked is None or other is None or other["id"] == asked["id"] else (other["id"], asked["id"])
