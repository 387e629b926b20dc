"""URLs and image names that identify a resource with its Region and account.

Each row cites the page that defines its form.
"""

from __future__ import annotations

from iam.facts.global_services import partition_of_region
from iam.lazy_pattern import regex
from iam.regions import REGION_NAME

_DOMAIN = r"\.amazonaws\.com(?:\.cn)?"
_ROWS = (
    # Amazon SQS Developer Guide, "Amazon SQS queue and message identifiers"
    # (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html).
    (
        regex(
            rf"https?://(?:sqs(?:-fips)?\.(?P<region>{REGION_NAME})|(?P<of_old>{REGION_NAME})\.queue){_DOMAIN}"
            r"/(?P<account>\d{12})/(?P<name>[\w-]{1,80}(?:\.fifo)?)(?![\w/])"
        ),
        "arn:{partition}:sqs:{region}:{account}:{name}",
    ),
    # Amazon ECR User Guide, "Amazon ECR private registry"
    # (https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html).
    (
        regex(
            rf"(?<![\w.-])(?P<account>\d{{12}})\.dkr\.ecr(?:-fips)?\.(?P<region>{REGION_NAME}){_DOMAIN}"
            r"/(?P<name>[a-z0-9](?:[a-z0-9._/-]*[a-z0-9])?)(?=[:@\s\"'`,;)\]]|\.?$)"
        ),
        "arn:{partition}:ecr:{region}:{account}:repository/{name}",
    ),
    # AWS CodeArtifact User Guide, "Configure and use npm with CodeArtifact"
    # (https://docs.aws.amazon.com/codeartifact/latest/ug/npm-auth.html).
    (
        regex(
            rf"https?://(?P<domain>[a-z][a-z0-9-]*)-(?P<account>\d{{12}})\.d\.codeartifact\.(?P<region>{REGION_NAME})"
            rf"{_DOMAIN}/(?:npm|pypi|maven|nuget|generic|swift|ruby|cargo)/(?P<repository>[A-Za-z0-9][\w.-]*[\w-])/"
        ),
        "arn:{partition}:codeartifact:{region}:{account}:repository/{domain}/{repository}",
    ),
)


def resources_in_urls(text: str) -> tuple[str, ...]:
    """Return the ARNs of the resources that URLs and image names in the text identify. Each occurs once, by row."""
    found: dict[str, None] = {}
    for pattern, arn in _ROWS:
        for match in pattern.finditer(text):
            values = match.groupdict()
            values["region"] = values["region"] or values.pop("of_old")
            found[arn.format(partition=partition_of_region(values["region"]), **values)] = None
    return tuple(found)
