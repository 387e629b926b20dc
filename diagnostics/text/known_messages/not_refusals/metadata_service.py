"""Rows for the metadata service of instances."""

from __future__ import annotations

import re

from diagnostics.text.known_messages.not_refusals.system_row import NONE_MISSING, System, made_system

_ANSWERED_401 = (
    r"(?:\b401\b\W{1,4}(?:Client\s+Error:\s+)?Unauthorized|HTTP/[\d.]+\s+401\b|returned\s+error:\s+401\b"
    r"|\b(?:status|error)\s*code[\s:=]{1,3}401\b)"
)
_NO_ANSWER = (
    r"(?:context\s+deadline\s+exceeded|timed?\s*out|timeout|no\s+route\s+to\s+host|connection\s+refused"
    r"|status\s+code:\s*401)"
)
_NO_METADATA = (
    r"(?:\bec2imds:\s+Get\w+|EC2MetadataError|\bfrom\s+(?:the\s+)?(?:EC2\s+)?instance\s+metadata"
    r"|\bec2\s+metadata\b|169\.254\.169\.254\S*/(?:latest/meta-data/(?!iam)|latest/dynamic))"
    rf"[^\n]{{0,300}}?{_NO_ANSWER}|\bEC2MetadataError:[^\x1e]{{0,80}}?{_NO_ANSWER}"
)

METADATA_SERVICE: tuple[System, ...] = (
    # EC2 User Guide, "How Instance Metadata Service Version 2 works"
    # (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html).
    made_system(
        "the token for the instance's metadata service",
        "Request a token and send it: TOKEN=$(curl -sX PUT http://169.254.169.254/latest/api/token -H "
        '"X-aws-ec2-metadata-token-ttl-seconds: 21600"), then curl -H "X-aws-ec2-metadata-token: $TOKEN" and the '
        "URL. A program needs a version that supports IMDSv2. Do not change HttpTokens=required. Without an instance "
        "profile, the service would answer 404.",
        rf"169\.254\.169\.254/latest/(?:(?!\n\S*[$#]\s|https?://)[\s\S]){{0,300}}?{_ANSWERED_401}"
        rf"|{_ANSWERED_401}[^\n]{{0,120}}169\.254\.169\.254/latest/"
        r"|\bGET\s+/latest/(?:meta-data|dynamic)/\S*[\s\"]+\(?401\b"
        # The AWS SDK for C++.
        r"|\bEC2MetadataClient\b[^\n]{0,80}\berror\s+code\s+401\b",
        "169.254.169.254",
        "get /latest/",
        "ec2metadataclient",
        flags=re.MULTILINE | re.IGNORECASE,
        unless=r"X-aws-ec2-metadata-token[\"']?\s*:|NoCredential|Unable\s+to\s+(?:locate|load)|no\s+EC2\s+IMDS\s+role"
        r"|authorized\s+to\s+perform",
        verdict="The 401 comes from the instance's metadata service, not from IAM: the service requires a token "
        "(IMDSv2), and the request sends none. No permission is missing, and the instance profile is not the cause.",
        title="Send a token of IMDSv2 with the request",
    ),
    # AWS Load Balancer Controller, "Installation", "Using the Amazon EC2 instance metadata server version 2": a hop
    # limit of 2, or --aws-region and --aws-vpc-id
    # (https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/deploy/installation/).
    made_system(
        "the instance's metadata service",
        "Name the VPC and the Region in the program's settings, so that it need not ask the metadata service (AWS Load "
        "Balancer Controller: vpcId and region in the chart, --aws-vpc-id and --aws-region as flags). Or let the pod "
        "reach the metadata service: a hop limit of 2, or the host's network. " + NONE_MISSING,
        _NO_METADATA,
        "metadata",
        "ec2imds",
        "169.254.169.254",
        flags=re.MULTILINE | re.IGNORECASE,
        unless=r"credential|no\s+EC2\s+IMDS\s+role|meta-data/iam|authorized\s+to\s+perform",
        verdict="The program asked the instance's metadata service for its VPC or Region and got no answer: no call "
        "reached AWS, and no permission was checked. With a hop limit of 1, the service does not answer pods.",
        title="Tell the program its VPC and Region, or let it reach the metadata service",
        sure=False,
    ),
)
