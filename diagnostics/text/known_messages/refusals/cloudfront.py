"""Messages of Amazon CloudFront: Lambda@Edge and KeyValueStore."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, row
from diagnostics.who import Who
from iam.claims import Ground

_API = "https://docs.aws.amazon.com"

LAMBDA_AT_EDGE: tuple[ServiceSentence, ...] = (
    row(
        "associated with the cloudfront distribution is invalid",
        r"The Lambda function associated with the CloudFront distribution is invalid or doesn.t have the required "
        "permissions",
        "CloudFront, which runs the function at the edge",
        "CloudFront cannot use the function of Lambda@Edge",
        "CloudFront cannot run the Lambda@Edge function: its role does not trust edgelambda.amazonaws.com, or the "
        "published version no longer exists.",
        UsualCause(
            "The function's execution role must trust lambda.amazonaws.com and edgelambda.amazonaws.com. Check "
            "that the version in the behavior still exists in us-east-1, and read its log in the Region nearest "
            "to the viewer.",
            "aws cloudfront get-distribution-config --id DISTRIBUTION",
            Who.RESOURCE_OWNER,
        ),
        page=f"{_API}/AmazonCloudFront/latest/DeveloperGuide/lambda-edge-permissions.html",
    ),
)

EDGE_ROLES: tuple[ServiceSentence, ...] = (
    row(
        "must be assumable",
        r"role must be assumable (?:with|by) (?P<principals>[\w.-]+\.amazonaws\.com(?:\.cn)?"
        r"(?:(?: as well as|,| and) [\w.-]+\.amazonaws\.com(?:\.cn)?){0,3})",
        "the service",
        "the role's trust policy must name {principals}",
        "The role's trust policy must let {principals} assume it: add the missing principals there. The permissions "
        "of whoever made the call are not the cause.",
        UsualCause(
            'In the trust policy, set Principal to {"Service": […]} with {principals}, and Action to '
            "sts:AssumeRole. Wait a few seconds for the change to take effect, then try again.",
            None,
            Who.RESOURCE_OWNER,
        ),
        page="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-edge-permissions.html",
        cause="trust.principal-mismatch",
        ground=Ground.LIKENESS,
    ),
)

CLOUDFRONT_KEY_VALUE_STORE: tuple[ServiceSentence, ...] = (
    # IAM User Guide, "AWS Signature Version 4 for API requests": temporary credentials for SigV4a come from a Regional
    # endpoint of STS, or from the global one after its tokens were made valid in all Regions; CloudFront Developer
    # Guide, "Work with key value data": CloudFront KeyValueStore requires SigV4A
    # (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/kvs-with-functions-kvp-using-api.html).
    row(
        "authentication failed",
        r"(?:CloudFront ?KeyValueStore|cloudfront-keyvaluestore|cloudfront-kvs\b|KeyValueStore "
        r"operation)[^\x1e]{0,400}?Authentication failed",
        "nobody: CloudFront KeyValueStore did not accept the request's signature",
        "CloudFront KeyValueStore did not accept the signature or the session token",
        "CloudFront KeyValueStore did not accept the request's signature or session token (“Authentication failed”): "
        "no permission is missing. Its requests need SigV4A, for which tokens of STS's global endpoint are not valid.",
        UsualCause(
            "If the credentials are temporary (MFA, SSO, a role), get them from a Regional STS endpoint "
            "(AWS_STS_REGIONAL_ENDPOINTS=regional, and a new session). Or let the global endpoint issue version "
            "2 tokens: aws iam set-security-token-service-preferences --global-endpoint-token-version v2Token.",
            "aws iam get-account-summary --query SummaryMap.GlobalEndpointTokenVersion",
        ),
        UsualCause(
            "Try aws cloudfront-keyvaluestore describe-key-value-store --kvs-arn ARN with the same "
            "credentials. If that works, the program signs without SigV4A (update its SDK), or takes "
            "credentials other than those in its settings: put the intended credentials into its environment.",
            None,
            Who.CALLER,
        ),
        page="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html",
        cause="not-iam",
        ground=Ground.LIKENESS,
    ),
)
