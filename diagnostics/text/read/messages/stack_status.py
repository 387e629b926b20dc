"""The status of a CloudFormation stack, as a text shows it."""

from __future__ import annotations

from iam.lazy_pattern import regex

FAILED_CREATION = regex(r"\bROLLBACK_(?:COMPLETE|FAILED)\b")
"""The status of a stack whose first creation failed: it can only be deleted. An update's status begins with UPDATE_.

AWS CloudFormation User Guide, "Stack status codes"
(https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html).
"""
