"""Which S3 Block Public Access settings refuse a call: the bucket's, or the account's.

Amazon S3 API Reference, "GetPublicAccessBlock": it returns the bucket's settings only, and S3 uses the most restrictive
combination of the bucket's and the account's, which may be inherited from the organization
(https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetPublicAccessBlock.html).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.claims.kinds import TextPart
from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import contains, reading, says
from diagnostics.text.causes.denials.parts_of_the_denial import Signs
from diagnostics.who import Who
from iam.lazy_pattern import regex

_SETTINGS = ("BlockPublicPolicy", "BlockPublicAcls")
"""The settings that refuse calls. The other settings only change the effect of a public policy or ACL."""
_NONE = "NoSuchPublicAccessBlockConfiguration"


def public_access(signs: Signs) -> Iterator[FirstLook]:
    """Yield where the refusing setting is: in the account, if the text shows that it is not the bucket's own."""
    if signs.denial.stated_reason != "s3-block-public-access":
        return
    bucket = signs.bucket
    of_account = reading("s3control", "get-public-access-block", ("account-id", _account(signs)))
    if shown := _not_of_the_bucket(signs):
        refuses = (
            "The text says that the bucket's own setting is off, so most likely the account's setting of Block Public "
            "Access refuses this call."
            if _SAID_OFF.search(shown)
            else "The account's setting of Block Public Access refuses this call, not the bucket's own setting."
        )
        yield FirstLook(
            f"{refuses} The organization may have set it. Keep the setting on, and give access to named principals, or "
            "through CloudFront. Otherwise an administrator of the account, or of the organization, has to change it.",
            contains(shown),
            of_account,
            Who.ACCOUNT_ADMIN,
            shown_by=("block-public-access",),
        )
        return
    if _SETTINGS[1] in signs.denial.text and (signs.denial.action or "").lower() == "s3:putobject":
        yield FirstLook(
            "The request sets a public ACL (for example --acl public-read, or a setting of the program): send it "
            "without an ACL. The upload itself needs none. To publish the objects, use CloudFront.",
            contains(_SETTINGS[1]),
            reading("s3api", "get-public-access-block", ("bucket", bucket)) or of_account,
            Who.CALLER,
        )
        return
    if made := _still_being_made(signs):
        yield FirstLook(
            "Most likely the policy was set before Terraform had turned the bucket's setting off: new buckets start "
            f"with the setting on. Add depends_on = [{made}] to the bucket policy, and apply again. If that fails "
            "too, the setting of the account or organization is on. A private bucket behind CloudFront needs no "
            "public policy.",
            contains(made),
            of_account,
            Who.CALLER,
            shown_by=("block-public-access",),
        )
        return
    yield FirstLook(
        "Block Public Access of the bucket or of its account refuses public policies and ACLs: give access to named "
        "principals, or through CloudFront.",
        says("the text names S3 Block Public Access", TextPart.REASON, "s3-block-public-access"),
        reading("s3api", "get-public-access-block", ("bucket", bucket)) or of_account,
        Who.ACCOUNT_ADMIN,
        shown_by=("block-public-access",),
    )


# Terraform AWS Provider, "aws_s3_bucket_public_access_block"
# (https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/s3_bucket_public_access_block); Amazon
# S3 User Guide, "Blocking public access to your Amazon S3 storage": it is on for new buckets
# (https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html).
_ADDRESS = r"(?:module\.[\w.-]+\.)?aws_s3_bucket_{}\.[\w-]+(?:\[[^\]\n]+\])?"
_MAKES_SETTING = regex(rf"(?P<address>{_ADDRESS.format('public_access_block')}): Creating\.\.\.")
_MAKES_POLICY = regex(rf"{_ADDRESS.format('policy')}: Creating\.\.\.")
_TURNS_OFF = regex(r"\bblock_public_policy\s*=\s*false\b")
_TURNS_ON = regex(r"\bblock_public_policy\s*=\s*true\b|\bdepends_on\s*=\s*\[[^\]]*aws_s3_bucket_public_access_block\b")


def _still_being_made(signs: Signs) -> str:
    """Return the Terraform resource that turns the setting off in the same run as the policy's; "" if there is none."""
    text = signs.denial.pasted or signs.denial.text
    made = {each["address"] for each in _MAKES_SETTING.finditer(text)}
    if len(made) != 1 or not _MAKES_POLICY.search(text) or not _TURNS_OFF.search(text) or _TURNS_ON.search(text):
        return ""
    return made.pop()


def _account(signs: Signs) -> str | None:
    return signs.caller.account_id if signs.caller else None


def _not_of_the_bucket(signs: Signs) -> str:
    """Return the words that show that the bucket has no settings, or that the refusing one is off; else ""."""
    from diagnostics.text.read.printed_values import outputs  # few denials are of this setting

    text = signs.denial.pasted or signs.denial.text
    refusing = [each for each in _SETTINGS if each in signs.denial.text]
    for made in outputs(text):
        if made.operation == "get-public-access-block" and made.options.get("bucket") == signs.bucket:
            if made.error == _NONE:
                return _NONE
            if refusing and made.values(refusing[0]) == ("false",):
                return refusing[0]
    said = _SAID_OFF.search(text)
    return " ".join(said[0].split()) if said is not None else ""


_OF_ALL = r"account|cuenta|\bconta\b|compte|\bkonto|organi[sz]ation|アカウント"
_BLOCKING = (
    r"block(?:ing|s)? (?:all |\*all\* )?public access|public access block(?:ing)?|\bBPA\b"
    r"|bloque(?:ar|o)s? (?:todo )?(?:el |o |de |del )*(?:acceso|acesso) p[úu]blico"
    r"|bloquer (?:tout )?l['’]acc[eè]s public|[öo]ffentlichen zugriff blockieren|ブロックパブリックアクセス"
)
_SAID_OFF = regex(
    rf"^(?:(?!{_OF_ALL}|\?)[^\n]){{0,60}}?(?:{_BLOCKING})"
    rf"(?:(?!{_OF_ALL}|\b(?:should|must|needs?|turn|want|if)\b|\?)[^\n]){{0,60}}?"
    r"(?:\b(?:off|disabled|desactivad[oa]s?|desativad[oa]s?|d[ée]sactiv[ée]e?s?|deaktiviert|unchecked)\b|オフ)(?!\?)",
    re.IGNORECASE | re.MULTILINE,
)
"""The author's statement, or the console's, that the bucket's own settings are off."""
