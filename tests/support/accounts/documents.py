"""Documents of roles that tests create and change."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from iam.policy.document import Document


def policy(*statements: Mapping[str, Any]) -> Document:
    return Document(json.dumps({"Version": "2012-10-17", "Statement": list(statements)}, indent=2))


def trust(service: str = "ec2.amazonaws.com") -> Document:
    return policy({"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"})


READ = policy({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::harbor-assets/*"})
LOGS = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
