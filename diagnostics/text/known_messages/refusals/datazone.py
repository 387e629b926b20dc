"""Messages of Amazon DataZone."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.lake_formation import SHOWS_ADMINISTRATORS
from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, no_permission, row
from diagnostics.who import Who
from iam.claims import Ground

_API = "https://docs.aws.amazon.com"
_DATAZONE = f"{_API}/datazone/latest/userguide/troubleshooting-datazone.html"

DATAZONE: tuple[ServiceSentence, ...] = (
    row(
        "unable to assume the data access role",
        r"Unable to assume the Data Access Role",
        "Amazon DataZone",
        "DataZone cannot assume the data access role",
        "DataZone cannot assume the role of the data lake blueprint: the trust policy of the role in the asset's "
        "account must let datazone.amazonaws.com assume it.",
        UsualCause("The role is the Glue manage access role of that Region and domain (AmazonDataZoneGlueAccess-…): "
                   "conditions on aws:SourceAccount and aws:SourceArn in its trust policy must name the domain.", None,
                   Who.RESOURCE_OWNER),
        page=_DATAZONE,
        cause="trust.principal-mismatch",
        ground=Ground.STATED,
    ),
    row(
        "data access role does not have the necessary permissions",
        r"Data Access Role does not have the necessary permissions to read the metadata",
        "DataZone's data access role",
        "DataZone's data access role lacks its policy",
        "DataZone's data access role in the asset's account lacks permissions: attach "
        "AmazonDataZoneGlueManageAccessRolePolicy to it. The subscriber needs no further permission.",
        UsualCause("The role is the Glue manage access role of the domain (AmazonDataZoneGlueAccess-…), in the account "
                   "in which the data asset is."),
        page=_DATAZONE,
        cause="identity.no-action",
        ground=Ground.STATED,
    ),
    no_permission(
        "asset is not managed by aws lake formation",
        r"Asset is not managed by AWS Lake Formation",
        "Lake Formation does not protect the asset, so DataZone cannot grant access to it: register its S3 location "
        "with Lake Formation, or remove IAMAllowedPrincipals from the table.",
        "Register the location (aws lakeformation register-resource), in hybrid access mode if IAMAllowedPrincipals "
        "should keep its access to the table; an encrypted bucket, or one of another account, needs a registration "
        "role.",
        _DATAZONE,
        "aws lakeformation list-resources",
    ),
    no_permission(
        "necessary lake formation permissions to grant access to this asset",
        r"Data Access role does not have necessary Lake Formation permissions to grant access",
        "DataZone's data access role is not allowed to grant access to the asset in Lake Formation: make the role a "
        "data lake administrator, or grant it DESCRIBE and SELECT with the grant option.",
        "The role needs DESCRIBE (grantable) on the database, and DESCRIBE and SELECT (both grantable) on its tables.",
        _DATAZONE,
        SHOWS_ADMINISTRATORS,
    ),
)  # fmt: skip
