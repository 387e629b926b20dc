"""The areas of Amazon Bedrock's inference profiles."""

from __future__ import annotations

PROFILE_AREA = r"(?:global|us|eu|apac|jp|au|ca|us-gov)\."
"""A regular expression for the prefix of an inference profile's ID: the area to which Amazon Bedrock routes its calls.

https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html
"""
