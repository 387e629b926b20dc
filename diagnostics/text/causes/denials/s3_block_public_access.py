"""Causes in S3 Block Public Access, which refuses policies, ACLs and public uploads.

Source: S3 User Guide, "Blocking public access to your Amazon S3 storage".
"""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.claims.kinds import Sentence, TextPart, TextStates
from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import TERRAFORM_RESOURCE, contains, reading
from diagnostics.text.causes.denials.parts_of_the_denial import Signs
from diagnostics.who import Who

# How programs make an object public: --acl public-read, acl: 'PublicRead', ACL=public-read.
_PUBLIC_ACL = r"\bacl\W{1,6}(?:public|authenticated)[-_]?read\w*|\bpublic-read(?:-write)?\b"


def public_acl(signs: Signs) -> Iterator[FirstLook]:
    if acl := signs.quote(_PUBLIC_ACL):
        yield FirstLook(
            "The call sets a public ACL, which Block Public Access and enforced ownership refuse: send no ACL, or also "
            "allow s3:PutObjectAcl.",
            contains(acl),
            None,
            Who.CALLER,
        )


_FAILED_POLICY = (
    rf"{TERRAFORM_RESOURCE}s3_bucket_policy\b|(?:_FAILED|\bfail(?:ed|s)?)\W[^\n]{{0,60}}AWS::S3::BucketPolicy"
    r"|putting S3 (?:Bucket )?(?:\([^)]*\) )?Policy"
)
"""Messages of Terraform and CloudFormation that a bucket's policy could not be set."""
_MADE_PUBLIC = (
    r"\bpublic_?read_?access\b[\"']?\s*[:=]\s*true\b|\bgrant_?public_?access\("
    r"|AccessControl[\"']?\s*[:=]\s*[\"']?PublicRead"
    r"|[\"']?Principal[\"']?\s*[:=]\s*(?:[\"']\*[\"']|\{\s*[\"']?AWS[\"']?\s*[:=]\s*[\"']\*[\"'])|\bAnyPrincipal\("
    r"|\bpublic(?:ly)?[- ](?:read(?:able)?|access)\b|\bpolicy (?:for|with|that (?:allows|grants)) public\b"
)
"""Settings in code and policies that make a bucket's content public."""
_SETTINGS = ("s3:putbucketpolicy", "s3:putbucketacl", "s3:putobjectacl")


def public_policy(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if Block Public Access refuses a policy or ACL that, as the text says, makes a bucket public."""
    if signs.layer or signs.denial.principal or not signs.quote(_MADE_PUBLIC):
        return
    if signs.action in _SETTINGS or signs.quote(_FAILED_POLICY):
        yield from public(signs)


def public(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if S3 Block Public Access may be what prevents the call.

    S3 User Guide, "Blocking public access": on by default for buckets created since April 2023.
    """
    if signs.layer or signs.denial.principal:
        return
    read = reading("s3api", "get-public-access-block", ("bucket", signs.bucket))
    if "publicaccessblock" in signs.action:
        if signs.says(
            r"\b(?:no|not (?:in|part of) an?|without an?) (?:AWS )?organi[sz]ations?\b|\bstandalone account\b"
        ):
            return
        yield FirstLook(
            "Often a service control policy denies this call to all but certain roles: look first at the policies of "
            "the account's organizational units. The setting exists for a bucket and for the account, each with "
            "separate actions (s3:PutBucketPublicAccessBlock, s3:PutAccountPublicAccessBlock, and the same with Get).",
            signs.action_is,
            read,
            Who.ORG_ADMIN,
        )
        return
    said = signs.quote(_FAILED_POLICY) if not signs.action else ""
    if (signs.action in _SETTINGS or said) and (public := signs.quote(_MADE_PUBLIC)):
        yield FirstLook(
            "Most likely Block Public Access refuses the public policy, even to an administrator: it is on for new "
            "buckets, and often for the account. Keep the bucket private, and let CloudFront read it with origin "
            "access control. If it must be public, turn off BlockPublicPolicy for the bucket first (CDK: "
            "blockPublicAccess: BlockPublicAccess.BLOCK_ACLS_ONLY; Terraform: aws_s3_bucket_public_access_block). The "
            "account's own setting must allow public policies, too (aws s3control get-public-access-block).",
            contains(public),
            read,
            Who.ACCOUNT_ADMIN,
        )
        return
    if signs.action == "s3:putbucketpolicy" and signs.says(r"\"Principal\"\s*:"):
        return  # the policy in the text names its principals
    if signs.action in _SETTINGS or said:
        yield FirstLook(
            "If the policy or ACL is public, Block Public Access refuses it, whatever IAM allows; and where the "
            "bucket's ownership is enforced, ACLs are disabled.",
            contains(said)
            if said
            else Sentence(
                f"the action is {signs.denial.action}, and neither caller nor reason is stated",
                (TextStates(TextPart.PRINCIPAL, False), TextStates(TextPart.REASON, False)),
            ),
            read,
            Who.ACCOUNT_ADMIN,
        )
