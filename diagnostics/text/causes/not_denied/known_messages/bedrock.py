"""Messages of Amazon Bedrock about a knowledge base's storage and about API keys."""

from __future__ import annotations

import re

from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import Said, contains, quoted
from diagnostics.who import Who
from iam.regions import REGION_NAME

BEDROCK_MESSAGES = (
    # Amazon Bedrock User Guide, "Create a service role for Amazon Bedrock Knowledge Bases"; Amazon OpenSearch Service
    # Developer Guide, "Data access control for Amazon OpenSearch Serverless"
    # (https://docs.aws.amazon.com/opensearch-service/latest/developerguide/serverless-data-access.html).
    Said(
        r"knowledge base storage configuration provided is invalid[\s\S]{0,300}?\b403\b[^\n]{0,20}Forbidden",
        "OpenSearch Serverless refuses the knowledge base's service role. Add the role to the collection's data access "
        "policy (aoss:DescribeIndex, aoss:ReadDocument, aoss:WriteDocument on its index), and allow the role "
        "aoss:APIAccessAll on the collection in IAM. If the collection is not public, its network policy must allow "
        "access from bedrock.amazonaws.com. Wait a minute after a change.",
        None,
        Who.ACCOUNT_ADMIN,
    ),
)

_KEYS_REGION = (
    rf"(?:bedrock-runtime|bedrock|bedrock-mantle)\.(?P<host>{REGION_NAME})\.|\b(?:made|created|generated|issued)"
    rf" (?:in|for) (?P<made>{REGION_NAME})\b"
)


def key_of_bedrock(text: str) -> FirstLook | None:
    """An API key that Amazon Bedrock does not accept.

    Amazon Bedrock User Guide, "API keys": a short-term key works only in the Region in which it was generated, and for
    12 hours at most (https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys.html).
    """
    said = quoted(text, r"Authentication failed: Please make sure your API Key is valid")
    if not said:
        return None
    regions = {found["host"] or found["made"] for found in re.finditer(_KEYS_REGION, text)}
    works = quoted(
        text,
        r"\b(?:same|this|the) (?:\w+ )?key works\b|(?<!other )\bkey (?:itself )?works\b|\bcurl\b[^\n]{0,200}\bworks\b"
        r"|\b(?:same|this|the|my) (?:\w+ ){0,2}(?:key|token)\b[^.\n]{0,80}"
        r"\b(?:works|is (?:valid|fine)|succeeds|is accepted)\b",
    )
    if works and len(regions) == 1:
        region = regions.pop()
        return FirstLook(
            f"The key is valid, as it works in {region}: most likely the program calls another Region, often us-east-1 "
            f"by default. Set the program's Region to {region} (AWS_REGION, or its own setting). No permission is "
            "missing.",
            contains(said, works),
            None,
            Who.CALLER,
        )
    if works:
        return FirstLook(
            "Bedrock refused the key itself, but it works elsewhere: most likely the program does not call the "
            "Region in which the key was created, but often us-east-1 by default. Set its Region (AWS_REGION, or its "
            "own setting) to the one that works. If that does not help, compare the key that it sends. No permission "
            "is missing.",
            contains(said, works),
            None,
            Who.CALLER,
        )
    return FirstLook(
        "Bedrock does not accept the API key. It may have expired (a short-term key is valid for 12 hours at most), be "
        "incomplete or deactivated, or be used in a Region other than the one in which it was created. Try the same "
        "key with curl in its own Region first.",
        contains(said),
        None,
        Who.CALLER,
    )
