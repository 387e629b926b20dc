"""Messages of AWS IoT Greengrass."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, assumed_by, row
from diagnostics.who import Who
from iam.claims import Ground

_V2 = "https://docs.aws.amazon.com/greengrass/v2/developerguide"
_STARTED = f"{_V2}/troubleshooting.html"
_DEPLOYED = f"{_V2}/troubleshooting-deployment.html"
_DISCOVERED = f"{_V2}/troubleshooting-client-devices.html"
_IOT_POLICY = "aws iot list-attached-policies --target CERTIFICATE-ARN"
# AWS IoT Core Developer Guide, "Authorizing direct calls to AWS services using AWS IoT Core credential provider"
# (https://docs.aws.amazon.com/iot/latest/developerguide/authorizing-direct-aws.html).
_OTHER_ALIAS = (
    r"\A(?=[\s\S]*?role-aliases/(?P<alias>[\w=,@-]+)/credentials)"
    r"(?=[\s\S]*?AssumeRoleWithCertificate[\s\S]{0,200}?:rolealias/(?!(?P=alias)(?![\w=,@-]))(?P<named>[\w=,@-]+)[\"'])"
    r"(?![\s\S]*:rolealias/(?P=alias)(?![\w=,@-]))"
)
_ALIAS = "aws iot describe-role-alias --role-alias ALIAS"


def _of_device(
    signals: str | tuple[str, ...], pattern: str, action: str, also: str, page: str, *shown: UsualCause
) -> ServiceSentence:
    """The row for an action that the IoT policy of a core device's certificate must allow.

    ``shown`` are causes that other words of the text show.
    """
    return row(
        signals,
        pattern,
        "the core device, by the IoT policy of its certificate",
        f"the core device's IoT policy does not allow {action}",
        f"The AWS IoT policy of the core device's certificate does not allow {action}: add the action there. IAM "
        "roles and users do not matter for this call.",
        *shown,
        UsualCause(
            f"Allow {action}{also} in an AWS IoT policy on the certificate. A new version of the policy must "
            "be its default version.",
            _IOT_POLICY,
            Who.RESOURCE_OWNER,
        ),
        page=page,
        actions=(action,),
        cause="identity.no-action",
        ground=Ground.STATED,
    )


def _of_exchange(signals: tuple[str, ...], pattern: str, action: str, on: str) -> ServiceSentence:
    """The row for an action that the token exchange role of a core device must allow."""
    return row(
        signals,
        pattern,
        "the core device's token exchange role",
        f"the token exchange role is not allowed to perform {action}",
        f"The core device's token exchange role most likely lacks {action} on {on}: change that IAM role, not the "
        "device's IoT policy. Or the resource of the call does not exist.",
        UsualCause(
            f"Allow the token exchange role (the one behind the role alias) to perform {action} on {on}. With a "
            "customer managed KMS key the role needs kms:Decrypt, and another account's bucket must allow the role, "
            "too.",
            _ALIAS,
        ),
        page=_DEPLOYED,
        actions=(action,),
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    )


GREENGRASS: tuple[ServiceSentence, ...] = (
    _of_device(
        ("awscredentials from tes", "tes responded with status code"),
        r"AwsCredentials from TES \(HTTP 403\)|TES responded with status code: 403",
        "iot:AssumeRoleWithCertificate",
        " on the ARN of the role alias (the message has its name)",
        _STARTED,
        UsualCause("Write the ARN of the role alias {alias} in the Resource of the AWS IoT policy, or set the device's "
                   "iotRoleAlias to {named}. A new version of the policy must be its default version.", _IOT_POLICY,
                   Who.RESOURCE_OWNER, shown_by=_OTHER_ALIAS,
                   decides="The AWS IoT policy in the text allows iot:AssumeRoleWithCertificate on the role alias "
                   "{named}, and the device uses the role alias {alias}."),
    ),
    row(
        ("awscredentials from tes", "tes responded with status code"),
        r"AwsCredentials from TES \(HTTP 400\)|TES responded with status code: 400",
        "the AWS IoT credentials provider, by the token exchange role",
        "the token exchange role does not exist, or does not trust the credentials provider",
        "The token exchange role does not exist, or its trust policy lacks credentials.iot.amazonaws.com. The device's "
        "IoT policy is not the cause.",
        UsualCause("See which role the role alias names, whether it exists, and whether its trust policy lets "
                   "credentials.iot.amazonaws.com perform sts:AssumeRole.", _ALIAS, Who.RESOURCE_OWNER),
        page=_STARTED,
        cause="trust.principal-mismatch",
        ground=Ground.LIKENESS,
        asks=assumed_by("credentials.iot.amazonaws.com"),
    ),
    row(
        "skipsyncrequestexception",
        r"SkipSyncRequestException(?=[\s\S]{0,200}?\bIotDataPlane\b[\s\S]{0,40}?Status Code: 403)",
        "the core device, by the IoT policy of its certificate",
        "the core device's IoT policy does not allow to read or change the shadow",
        "The AWS IoT policy of the core device's certificate does not allow the device to sync the shadow: add the "
        "three actions on thing shadows there. IAM roles do not matter for this call.",
        UsualCause("Allow iot:GetThingShadow, iot:UpdateThingShadow and iot:DeleteThingShadow on the thing, in an AWS "
                   "IoT policy on the certificate.", _IOT_POLICY, Who.RESOURCE_OWNER),
        page=_STARTED,
        cause="identity.no-action",
        ground=Ground.STATED,
    ),
    _of_device(
        "resolve_component_candidates_access_denied",
        r"\bRESOLVE_COMPONENT_CANDIDATES_ACCESS_DENIED\b",
        "greengrass:ResolveComponentCandidates",
        "",
        _DEPLOYED,
    ),
    _of_device(
        "get_deployment_configuration_access_denied",
        r"\bGET_DEPLOYMENT_CONFIGURATION_ACCESS_DENIED\b",
        "greengrass:GetDeploymentConfiguration",
        "",
        _DEPLOYED,
    ),
    _of_device(
        "get_component_version_artifact_access_denied",
        r"\bGET_COMPONENT_VERSION_ARTIFACT_ACCESS_DENIED\b",
        "greengrass:GetComponentVersionArtifact",
        "",
        _DEPLOYED,
    ),
    _of_device(
        "resolvecomponentcandidates",
        r"\bResolveComponentCandidates\b(?=[\s\S]{0,400}?GreengrassV2Data[\s\S]{0,60}?Status Code: 403)",
        "greengrass:ResolveComponentCandidates",
        ", and greengrass:ListThingGroupsForCoreDevice",
        _DEPLOYED,
    ),
    _of_exchange(
        ("s3_get_bucket_location_access_denied",),
        r"\bS3_GET_BUCKET_LOCATION_ACCESS_DENIED\b",
        "s3:GetBucketLocation",
        "the bucket of the artifacts",
    ),
    _of_exchange(
        ("packagedownloadexception", "failed to download artifact", "s3_head_object_access_denied",
         "s3_get_object_access_denied"),
        r"\bS3_(?:HEAD|GET)_OBJECT_ACCESS_DENIED\b"
        r"|(?:PackageDownloadException|Failed to download artifact)(?=[\s\S]{0,600}?Service: S3, Status Code: 403)",
        "s3:GetObject",
        "the component's artifact",
    ),
    row(
        ("greengrass_discovery.discoveryexception", "discovery failed"),
        r"greengrass_discovery\.DiscoveryException: \('Error during discover call: response_code=403"
        r"|Discovery failed \(headers: [^\n]{0,60}\{ response_code: 403",
        "the client device, by the IoT policy of its certificate",
        "the client device's IoT policy does not allow greengrass:Discover",
        "The AWS IoT policy of the client device's certificate does not allow greengrass:Discover on its own thing: "
        "add the action there. IAM roles do not matter.",
        UsualCause("Allow greengrass:Discover on the thing's ARN, written out or with a wildcard: variables of the "
                   "thing (iot:Connection.Thing.*) have no value in the Resource of this action.", _IOT_POLICY,
                   Who.RESOURCE_OWNER),
        page=_DISCOVERED,
        actions=("greengrass:Discover",),
        cause="identity.no-action",
        ground=Ground.STATED,
    ),
    row(
        ("aws.greengrass.ipc.", "greengrasscoreipc"),
        r"(?:greengrasscoreipc[\w.]*UnauthorizedError|Principal \S+ is not authorized to perform "
        r"aws\.greengrass\.ipc\.)"
        r"[^\n]{0,200}",
        "the Greengrass component",
        "the component has no authorization policy for this operation between processes",
        "The component's own configuration does not authorize this operation: add it to accessControl of the component "
        "that asks. No IAM or IoT policy decides about calls within the device.",
        UsualCause("Under accessControl name the service (aws.greengrass.ipc.mqttproxy, …pubsub, …), a policy ID that "
                   "no other component uses, the operation and the resource. Changed defaults of a recipe count only "
                   "after the configuration is reset in the deployment.", None, Who.RESOURCE_OWNER),
        page=_STARTED,
        cause="identity.no-action",
        ground=Ground.STATED,
    ),
)  # fmt: skip
