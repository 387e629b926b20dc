"""Advice on an Allow's condition for which the text does not show the request's value."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from diagnostics.access_denied.pasted.fixes.faulty_statement import FaultyStatement
from diagnostics.access_denied.pasted.tags_of_services import tag_setting_of_service
from diagnostics.fix import Fix, Note
from diagnostics.text.answer.condition_remedies import remedy, specific_remedy
from diagnostics.who import Who
from iam.lazy_pattern import regex
from iam.policy.decision import Fault
from iam.service_reference import action as known_action
from iam.service_reference import keys_on, spelled
from iam.words import listing


def meet_the_unknown_condition(statement: FaultyStatement) -> Fix | None:
    """A condition decides, but the text does not show the request's value."""
    near = statement.near
    if statement.fault != Fault.CONDITION_UNKNOWN.value or not near.conditions or statement.word == "trust":
        return None
    unknown = near.conditions[0]
    if unknown.operator.endswith("Null"):
        return remedy_of_null(statement.which, unknown.key, unknown.wanted)
    passing = () if "Not" in unknown.operator else unknown.wanted
    request = statement.request
    if (by_service := _tag_by_service(statement, unknown.key)) is not None:
        return by_service
    if (apart := _allow_parts_of_a_launch(statement, unknown.key)) is not None:
        return apart
    return remedy_of_allow(
        statement.which, unknown.key, passing, statement.place, request.resource, action=request.action
    )


def _tag_by_service(statement: FaultyStatement, key: str) -> Fix | None:
    """Return the setting that makes a service send the tag, if the service makes the call by itself."""
    if not key.lower().startswith("aws:requesttag/"):
        return None
    how = tag_setting_of_service(key.partition("/")[2], statement.request.principal)
    title = f"Meet the condition of {statement.which} on {key}"
    return Fix(title, Who.CALLER, Note("the service's settings", f"{how}.")) if how else None


def _allow_parts_of_a_launch(statement: FaultyStatement, key: str) -> Fix | None:
    """Return a statement for a call on several resources of which those that it creates never have the required tag.

    Service Authorization Reference, "Actions, resources, and condition keys for Amazon EC2": RunInstances has
    ec2:ResourceTag for the image and the subnet, and aws:RequestTag for the instance
    (https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html).
    """
    action, known = statement.request.action, known_action(statement.request.action)
    if ":resourcetag/" not in key.lower() or known is None:
        return None
    prefix = key.lower().partition("/")[0] + "/"
    on = keys_on(action)
    kinds = {each.name: each for each in known.resource_types if each.name in known.required}
    created = [
        name
        for name in sorted(kinds)
        if (keys := on.get(name.lower(), frozenset())) and prefix not in keys and "aws:requesttag/" in keys
    ]
    kind = next((each.name for each in known.resource_types if each.fits(statement.request.resource)), "")
    if not created or kind in created or kind not in kinds:
        return None
    name = key.partition("/")[2]
    patterns = [re.sub(r"\$\{(?!Partition)\w+\}", "*", kinds[kind].arn).replace("${Partition}", "aws")]
    added = {"Effect": "Allow", "Action": spelled(action), "Resource": patterns[0]}
    text = (
        f"Each resource of the call is checked by itself. Either give the {kind} the tag {name}, or add the statement "
        f"{json.dumps(added)}. The {listing(created, 'and')} that the call creates have no {key} yet: for them, write "
        f"aws:RequestTag/{name} in a separate statement."
    )
    return Fix(f"Allow {spelled(action)} on the {kind} without {key}", statement.owner, Note(statement.place, text))


CHOSEN_BY_THE_CHANGE = {
    f"route53:changeresourcerecordsets{each}" for each in ("recordtypes", "normalizedrecordnames", "actions")
}
"""Keys whose values describe the change that a call makes. With another value, the call would make a different change.

Service Authorization Reference, "Condition keys for Amazon Route 53"
(https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonroute53.html).
"""


def of_an_index(key: str, on: str) -> str:
    """Return what a condition on DynamoDB's partition keys tests for a request on an index, as a sentence; else "".

    Amazon DynamoDB Developer Guide, "Using IAM policy conditions for fine-grained access control"
    (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html).
    """
    index = on.partition("/index/")[2]
    if not index or key.lower() != "dynamodb:leadingkeys":
        return ""
    return f"On the index {index}, the key has the index's own partition key, not the table's."


def remedy_of_null(which: str, key: str, wanted: Sequence[str]) -> Fix:
    """Return what to do about the operator Null, whose values say whether the key must be absent.

    IAM User Guide, "Condition operator to check existence of condition keys"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html).
    """
    absent = [each.lower() for each in wanted] == ["true"]
    tag = key.partition("/")[2] if ":resourcetag/" in key.lower() else ""
    must = "must not have" if absent else "must have"
    if not tag:
        text = f"The request {must} {key}{'' if absent else ', with any value'}. Keep the condition."
        return Fix(f"Meet the condition of {which} on {key}", Who.CALLER, Note("the request", text))
    text = f"The resource {must} the tag {tag}{'' if absent else ', with any value'}. Look at its tags."
    if not absent:
        text += (
            " A resource that the same call creates has no tags yet: tagging it needs a statement without this "
            "condition."
        )
    return Fix(f"Meet the condition of {which} on the tag {tag}", Who.RESOURCE_OWNER, Note("the resource", text))


def remedy_of_allow(which: str, key: str, passing: Sequence[str], place: str, on: str = "", *, action: str = "") -> Fix:
    """Return how a request can match the Allow ``which``, whose condition on the key accepts ``passing``.

    ``place`` is where the policy is changed, ``on`` the requested resource, ``action`` the requested action. If the
    program may be unable to meet the condition, changing the condition is offered too.
    """
    if of_an_index(key, on):
        text = (
            f"Query an index whose partition key has the values that {which} accepts "
            f"({listing(list(passing), 'or')}). If no such index exists, create one. Keep the condition: without "
            "it, the caller can read all other callers' items in the index."
        )
        return Fix(
            "Query an index with the partition key that the condition tests", Who.CALLER, Note("the request", text)
        )
    beside = f" in addition to {listing(list(passing))}" if passing else ""
    if (listed := list_the_prefix(key, passing, place, on)) is not None:
        return listed
    if key.lower() in CHOSEN_BY_THE_CHANGE:
        text = (
            f"The value of {key} follows from the change that the program makes. If the change is correct, add its "
            f"value to the condition{beside}. Otherwise correct the request."
        )
        return Fix(f"Let {which} accept the request's {key}", Who.ACCOUNT_ADMIN, Note(place, text))
    how = remedy(key, passing) + _tagged_apart(key, on, action) + _tagged_later(key, action) + _made_by_the_cdk(key, on)
    if not specific_remedy(key, passing):
        how += f". If the program cannot change its value, add that value to the condition{beside}"
    note = Note("the request", f"{how[0].upper()}{how[1:]}.")
    return Fix(f"Meet the condition of {which} on {key}", Who.CALLER, note)


_OF_THE_CDK = regex(
    r":role/(?:[\w+=,.@-]+/)*[\w+=,.@-]*(?:AWSCDKCfnUtils|CustomResourceP|CustomCDK|CustomS3AutoDelete|CustomVpcRestrict"
    r"|LogRetention[a-z0-9]|CDKBucketDeployment|AWS679f53fac)"
)


def _made_by_the_cdk(key: str, on: str) -> str:
    """Return how a role that the CDK makes for its own custom resources gets a boundary; "" for other roles.

    AWS CDK Developer Guide, "Create and apply permissions boundaries"
    (https://docs.aws.amazon.com/cdk/v2/guide/customize-permissions-boundaries.html).
    """
    if key.lower() != "iam:permissionsboundary" or not _OF_THE_CDK.search(on):
        return ""
    return (
        ". The CDK makes this role for a custom resource of its own, outside your constructs: set the context key "
        "@aws-cdk/core:permissionsBoundary in cdk.json (or permissionsBoundary of the App or Stage), and look in the "
        "output of cdk synth whether the role then has it"
    )


def _tagged_later(key: str, action: str) -> str:
    """Return since when tools that deploy send a bucket's tags in the call that creates it; "" for other calls.

    Amazon S3 API, "CreateBucket" (https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html);
    Terraform AWS provider 6.23.0 (https://github.com/hashicorp/terraform-provider-aws/pull/45251), Pulumi's
    aws 7.13 (https://github.com/pulumi/pulumi-aws/issues/6317).
    """
    if action.lower() != "s3:createbucket" or not key.lower().startswith("aws:requesttag/"):
        return ""
    return (
        ". Terraform's AWS provider sends a bucket's tags in CreateBucket only since 6.23.0, and Pulumi's since 7.13: "
        "before that, both tag in a second call, so update the provider"
    )


def _tagged_apart(key: str, on: str, action: str) -> str:
    """Return that the tags of the instance do not count for another resource that its launch creates; "" otherwise.

    Amazon EC2 API Reference, "RunInstances": each TagSpecification is for one resource type
    (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html); Packer, "Amazon EBS"
    (https://developer.hashicorp.com/packer/integrations/hashicorp/amazon/latest/components/builder/ebs).
    """
    kind = on.rpartition(":")[2].partition("/")[0]
    if not key.lower().startswith("aws:requesttag/") or action.lower() != "ec2:runinstances":
        return ""
    if kind not in {"volume", "network-interface", "spot-instances-request"}:
        return ""
    packer = "; in Packer, run_volume_tags" if kind == "volume" else ""
    return (
        f". The refused resource is a {kind}, for which the tags of the instance do not count. Add a tag "
        f"specification with ResourceType={kind}{packer}"
    )


def list_the_prefix(key: str, passing: Sequence[str], place: str, on: str) -> Fix | None:
    """Return how to list a bucket under the prefix that a condition accepts; None for other conditions.

    Amazon S3 User Guide, "Walkthrough: Controlling access to a bucket with user policies": the console lists the
    bucket's top level first, with an empty prefix and a delimiter
    (https://docs.aws.amazon.com/AmazonS3/latest/userguide/walkthrough1.html).
    """
    folders = [each.rstrip("*") for each in passing]
    bucket = on.rpartition(":")[2].partition("/")[0]
    if key.lower() != "s3:prefix" or not bucket or not folders or not all(each and "$" not in each for each in folders):
        return None
    folder = next((each for each in folders if each.endswith("/")), folders[0])
    bucket = "BUCKET" if "*" in bucket else bucket
    text = (
        f"aws s3 ls s3://{bucket}/{folder} lists it. The S3 console first lists the bucket's top level, and that "
        "call is denied, because its prefix is empty. Open "
        f"https://console.aws.amazon.com/s3/buckets/{bucket}?prefix={folder} instead. If callers may see the names "
        f"at the top level, also accept an empty s3:prefix with s3:delimiter / in {place}. Keep the condition."
    )
    return Fix(f"List {folder} directly, not the bucket's top level", Who.CALLER, Note("the request", text))
