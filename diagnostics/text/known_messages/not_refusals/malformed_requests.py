"""Requests that a program sends in a form that the server does not accept."""

from __future__ import annotations

import re

from diagnostics.text.known_messages.not_refusals.system_row import NONE_MISSING, made_system

_NOT_A_SIGNATURE = (
    r"(?:Authorization\s+header\s+requires\s+'Credential'\s+parameter(?=[\s\S]{0,120}requires\s+'Signature')"
    r"|\(missing\s+equal-sign\)\s+in\s+Authorization\s+header(?!:\s*'?AWS4-))"
)
NOT_SIGNED = "what the program sends in the Authorization header"
_SIGNALS = ("requires 'credential'", "in authorization header")
_OF_GATEWAY = r"(?:execute-api\.|\bAPI ?Gateway\b|\bAPIGW\b|\b[Aa]uthorizer\b)"
# What says that the API takes signatures of IAM: then neither the path nor an authorizer decides.
_BY_IAM = r"(?:\bAWS_IAM\b|\bIAM[- ]?auth(?!or\b)\w*|\bauth\w*[\"'`]?\s*[:=]\s*[\"'`]?IAM\b)"
# Servers that only offer the API of Amazon S3, as people call them; hosts of such stores: `systems`.
_FOREIGN_STORE = (
    r"\bS3[- ]?(?:API[- ]?)?compatible\b|\bnot (?:AWS|Amazon)\b|\bnon-AWS\b"
    r"|\b(?:MinIO|Ceph|RGW|radosgw|Garage|SeaweedFS|Wasabi"
    r"|Backblaze|Cloudflare R2|R2|OSS|COS|OBS|Dell ECS|StorageGRID|Cloudian|Scality|NetApp|Hetzner|Scaleway|OVH"
    r"|DigitalOcean Spaces|Linode|Oracle Object Storage|Swift|LocalStack|GCS|Google Cloud Storage|Storj|IDrive)\b"
)
_CHECKSUM_FAULT = (
    r"(?:\bXAmzContentSHA256Mismatch\b|\bx-amz-content-sha256\b[^\n]{0,60}\bnot match\b"
    r"|Unsupported\s+header\s+'x-amz-(?:sdk-)?checksum|\bx-amz-sdk-checksum-algorithm\b[^\n]{0,60}"
    r"\b(?:not|un)[ -]?(?:support|implement)|STREAMING-(?:UNSIGNED-PAYLOAD|AWS4-HMAC-SHA256-PAYLOAD)-TRAILER"
    r"|\baws-chunked\b[^\n]{0,60}\b(?:not|un)[ -]?support"
    r"|\bx-amz-trailer\b[^\n]{0,60}\b(?:not|un)[ -]?(?:support|implement))"
)
REQUESTS = (
    # Amazon S3 API Reference, "Appendix: Authenticating requests (AWS signature version 2)": newer Regions accept only
    # version 4 (https://docs.aws.amazon.com/AmazonS3/latest/API/Appendix-Sigv2.html); Amazon S3 User Guide,
    # "Specifying the signature version in request authentication".
    made_system(
        "the signature version of the request",
        "Let the program sign with version 4 for the bucket's own Region (boto3: region_name and "
        "Config(signature_version='s3v4'); SDK for JavaScript 2: region and signatureVersion: 'v4'), or update it. A "
        "URL with AWSAccessKeyId, Signature and Expires has version 2, one with X-Amz-Algorithm version 4. If the "
        f"program shows another Region than the one that you set, it ignores that setting. {NONE_MISSING}",
        r"authorization\s+mechanism\s+you\s+have\s+provided\s+is\s+not\s+supported\.\s+Please\s+use\s+AWS4-HMAC-SHA256",
        "please use aws4-hmac-sha256",
        flags=re.MULTILINE | re.IGNORECASE,
        verdict="The bucket's Region accepts only Signature Version 4, and most likely the request is signed with "
        "version 2: let the program sign with version 4, for the bucket's own Region.",
        title="Sign with version 4, for the bucket's Region",
        sure=False,
    ),
    # IAM User Guide, "Troubleshoot signed requests for AWS APIs": what arrives must be what was signed
    # (https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html); what users found behind
    # proxies (https://github.com/benbjohnson/litestream/issues/1424).
    made_system(
        "a signed header that did not arrive",
        "Let the proxy or load balancer in front of the server pass this header unchanged; a call without the proxy "
        "shows whether the proxy is the cause. Or let the program leave the header out of the signature: look for "
        f"such a setting, or for the version from which it signs this header. {NONE_MISSING}",
        r"signed\s+header\s+[`'\"]?[\w-]+[`'\"]?\s+(?:is\s+not\s+present|is\s+missing|was\s+not\s+found|not\s+found)",
        "signed header",
        flags=re.MULTILINE | re.IGNORECASE,
        subject=r"signed\s+header\s+[`'\"]?([\w-]+)",
        verdict="The program signed the header {name}, but it did not arrive: most likely a proxy between the program "
        "and the server removes or changes it. The keys are not the cause.",
        title="Let the signed header arrive as it was signed",
        sure=False,
    ),
    # Terraform AWS provider, changelog of 6.23.0, aws_s3_bucket: it uses S3 Control's tagging
    # (https://github.com/hashicorp/terraform-provider-aws/blob/main/CHANGELOG.md#6230-november-26-2025); Amazon S3 API
    # Reference, "ListTagsForResource" of S3 Control
    # (https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_ListTagsForResource.html).
    made_system(
        "S3 Control at a store that is not Amazon S3",
        "Since version 6.23 of Terraform's AWS provider, aws_s3_bucket calls ListTagsForResource, TagResource and "
        "UntagResource of S3 Control. Pin the provider below 6.23, or update the store to a version with these calls. "
        "Set the provider's endpoint for s3control, too: without it, the request may go to AWS with the store's keys. "
        f"{NONE_MISSING}",
        rf"\A(?=[\s\S]*(?:{_FOREIGN_STORE}))[\s\S]*?\boperation error S3 Control: \w+",
        "operation error s3 control:",
        flags=re.MULTILINE | re.IGNORECASE,
        subject=r"operation error S3 Control: (\w+)",
        verdict="{name} is a call of S3 Control, an API of AWS that S3-compatible stores mostly lack: no policy helps. "
        "With Terraform, pin the AWS provider below 6.23, or update the store.",
        title="Use a version of the provider that does without S3 Control",
    ),
    # Amazon API Gateway answers so for a header that is no signature where it looks for one: a method with AWS_IAM, and
    # a path or method that the stage does not have (https://docs.aws.amazon.com/apigateway/latest/developerguide/
    # permissions.html).
    made_system(
        "the path and the method that were called",
        "Compare stage, path and method with what is deployed (aws apigateway get-export), and deploy the API. If all "
        "three are right, note that a method with the authorization AWS_IAM accepts only signed requests: sign the "
        "request, or choose the authorizer for which the token is meant, and deploy. A private API whose VPC endpoint "
        f"has its own policy also reads the header as a signature. {NONE_MISSING}",
        _NOT_A_SIGNATURE,
        *_SIGNALS,
        flags=re.MULTILINE | re.IGNORECASE,
        unless=rf"\A(?![\s\S]*(?i:{_OF_GATEWAY}))|(?i:{_BY_IAM})",
        verdict="API Gateway mistook the Authorization header for an AWS signature. Check stage, path and method "
        "first: it does this for a path that is not deployed, and for a method with AWS_IAM.",
        title="Check path and method, then the method's authorization",
        sure=False,
    ),
    # IAM User Guide, "Elements of an AWS API request signature": the Authorization header has the algorithm,
    # Credential, SignedHeaders and Signature (https://docs.aws.amazon.com/IAM/latest/UserGuide/signing-elements.html).
    made_system(
        NOT_SIGNED,
        "Where the program runs, look for a token, an API key or a custom header that it sends instead of a signature "
        "(AWS_BEARER_TOKEN_BEDROCK, ANTHROPIC_AUTH_TOKEN, settings, a proxy), and remove it; or configure the program "
        "to sign. If the problem began with an update, go back to the version that worked. Do not change keys or "
        f"policies. {NONE_MISSING}",
        _NOT_A_SIGNATURE,
        *_SIGNALS,
        flags=re.MULTILINE | re.IGNORECASE,
        # The rest of a signature whose key ID has a line break or a space.
        unless=rf"\A(?![\s\S]*(?i:{_BY_IAM}))[\s\S]*?(?i:{_OF_GATEWAY})|aws4_request[^\n]{{0,3}}\s+not\s+a\s+valid",
        verdict="The request's Authorization header is not an AWS signature: it lacks Credential and Signature. The "
        "program did not sign, or another header (a bearer token, an API key) replaced the signature.",
        title="Let the program sign the request",
    ),
    # Amazon S3 API Reference, "HeadObject": its errors have no body, so that only the status is known, such as 400
    # (https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html).
    made_system(
        "a HEAD request that S3 answered with 400",
        "To find the error code, make the same call without HEAD, where the program runs and with its credentials (aws "
        "s3api list-objects-v2 --bucket BUCKET --max-items 1). Usual causes are keys that are empty, expired or "
        "without their session token (aws configure list; aws sts get-caller-identity), a different Region from the "
        "bucket's, and a customer-provided encryption key (SSE-C) that was not sent.",
        r"An\s+error\s+occurred\s+\(400\)\s+when\s+calling\s+the\s+Head(?:Object|Bucket)\s+operation"
        r"|\bHead(?:Object|Bucket),[^\n]{0,200}StatusCode:\s*400\b[^\n]{0,300}\bBad ?Request\b"
        r"|Status Code: 400; Error Code: 400 Bad Request",
        "(400) when calling the head",
        "statuscode: 400",
        "error code: 400 bad request",
        verdict="S3 answered a HEAD request with 400. Such a response has no body and no error code. It does "
        "not mean that a permission is missing: most often the credentials are empty, expired or lack their "
        "session token.",
        title="Find out the error code that the answer lacks, and check which credentials the program uses",
        sure=False,
    ),
    # AWS SDKs and Tools Reference Guide, "Data Integrity Protections for Amazon S3"
    # (https://docs.aws.amazon.com/sdkref/latest/guide/feature-dataintegrity.html); the SDKs are made for AWS's own
    # services (https://github.com/aws/aws-sdk-net/issues/3610).
    made_system(
        "the checksums that the SDK sends by default",
        "Set AWS_REQUEST_CHECKSUM_CALCULATION=when_required and AWS_RESPONSE_CHECKSUM_VALIDATION=when_required, or the "
        "program's own setting for this; or go back to its last version that worked, or update the store. Do not "
        f"change keys or policies. {NONE_MISSING}",
        _CHECKSUM_FAULT,
        "xamzcontentsha256mismatch",
        "x-amz-content-sha256",
        "x-amz-sdk-checksum",
        "x-amz-checksum",
        "-trailer",
        "aws-chunked",
        flags=re.MULTILINE | re.IGNORECASE,
        unless=rf"\A(?![\s\S]*(?i:{_FOREIGN_STORE}))",
        verdict="The store, which is not Amazon S3, most likely does not handle the checksums that AWS's SDKs have "
        "sent by default since 2025. Configure the program to send them only where they are required.",
        title="Send checksums only where they are required",
        sure=False,
    ),
    # The same page, for a text that does not say which store it is.
    made_system(
        "the checksum of what was sent",
        "If the store is not Amazon S3, set AWS_REQUEST_CHECKSUM_CALCULATION=when_required, or the program's own "
        "setting for checksums (a newer version may have changed it), or go back to the version that worked. With "
        "Amazon S3, something between the program and S3 changed the body, or the signed body differs from the one "
        f"that was sent. Do not change keys or policies. {NONE_MISSING}",
        r"\bXAmzContentSHA256Mismatch\b",
        "xamzcontentsha256mismatch",
        unless=rf"(?i:{_FOREIGN_STORE})",
        verdict="The checksum that the server computed for the received data differs from the one in the request. A "
        "store that is not Amazon S3 most likely does not handle the checksums that AWS's SDKs have sent by default "
        "since 2025.",
        title="Configure the program to send checksums only where required, if the store is not Amazon S3",
        sure=False,
    ),
)
"""Rows about the request itself."""
