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


# Terraform Plugin SDK, "id" helper: a prefix, a time of 18 digits and a counter of 8 hexadecimal digits
# (https://pkg.go.dev/github.com/hashicorp/terraform-plugin-sdk/v2/helper/id#PrefixedUniqueId).
_TIMESTAMP = regex(r"(?<=[A-Za-z_-])20\d{16}[0-9a-f]{8}\Z")


def before_timestamp(name: str) -> str:
    """Return the beginning of a name that Terraform made of a prefix and a time; "" for other names."""
    found = _TIMESTAMP.search(name)
    return name[: found.start()] if found is not None else ""
