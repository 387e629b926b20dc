"""Names that deployment tools make of a given one by adding random characters."""

from __future__ import annotations

from iam.lazy_pattern import regex

# Pulumi, "Names", autonaming: seven hexadecimal digits (https://www.pulumi.com/docs/iac/concepts/resources/names/); AWS
# CloudFormation Template Reference, "Name type"
# (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html).
_SUFFIX = regex(r"-(?:(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{7}|(?=[A-Za-z]*\d)(?=[a-z0-9]*[A-Z])[A-Za-z0-9]{12,13})\Z")


def without_suffix(name: str) -> str:
    """Return the name without the random end that Pulumi or CloudFormation adds; the name itself if it has none."""
    return _SUFFIX.sub("", name)
