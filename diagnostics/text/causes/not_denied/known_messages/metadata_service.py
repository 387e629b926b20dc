"""A container that cannot reach the instance's metadata service."""

from __future__ import annotations

from diagnostics.text.causes.build_causes import Said
from diagnostics.who import Who

_IMDS = r"(?:169\.254\.169\.254|\bIMDS|instance metadata)"

METADATA_MESSAGES = (
    # Amazon EC2 User Guide, "Configure the instance metadata options": the default hop limit of containers.
    Said(
        rf"{_IMDS}[^\n]{{0,120}}(?:hangs?|times? ?out|timeout)[^\n]{{0,60}}container"
        rf"|container[^\n]{{0,120}}{_IMDS}[^\n]{{0,80}}(?:hangs?|times? ?out|timeout)",
        "Most likely the container is one network hop too far from the metadata service: set the hop limit to 2 (aws "
        "ec2 modify-instance-metadata-options --http-put-response-hop-limit 2), or give the container its own role.",
        None,
        Who.ACCOUNT_ADMIN,
        r"\bFargate\b|AWS_CONTAINER_CREDENTIALS_\w+",
    ),
)
