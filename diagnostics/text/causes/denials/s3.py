"""Causes in S3's operations: one call needs several actions, and S3 names only the operation.

Sources: S3 User Guide, "Required permissions for Amazon S3 API operations", "Controlling ownership of objects" and
"Blocking public access to your Amazon S3 storage".
"""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.claims.kinds import OneRefuses, Sentence, TextPart, TextStates
from diagnostics.diagnosis import FirstLook, Probe
from diagnostics.text.causes.build_causes import AN_ALLOW_HELPS, TERRAFORM_RESOURCE, WHO_AM_I, contains, reading, says
from diagnostics.text.causes.denials.parts_of_the_denial import Signs
from diagnostics.text.read.resources.open_data import may_need_a_payer
from diagnostics.who import Who
from iam.lazy_pattern import regex

_UPLOADS = {"s3:putobject", "s3:createmultipartupload", "s3:uploadpart"}
BESIDE_UPLOADS = {
    "s3:putobjecttagging": "tags on the object",
    "s3:putobjectacl": "an ACL (--acl, or a library's default)",
    "s3:putobjectretention": "Object Lock's retention",
    "s3:putobjectlegalhold": "Object Lock's legal hold",
}
_NO_GUARDRAIL = (OneRefuses(("scp", "rcp", "boundary", "vpce"), holds=False),)
"""The assumption that no guardrail denies the read. It belongs to causes that are about the object itself."""
# How programs make an object public: --acl public-read, acl: 'PublicRead', ACL=public-read.
_PUBLIC_ACL = r"\bacl\W{1,6}(?:public|authenticated)[-_]?read\w*|\bpublic-read(?:-write)?\b"


def beside_the_upload(signs: Signs) -> Iterator[FirstLook]:
    encryption = reading("s3api", "get-bucket-encryption", ("bucket", signs.bucket))
    if beside := BESIDE_UPLOADS.get(signs.action):
        yield FirstLook(
            f"The upload also sets {beside}, which needs a separate action: allow {signs.denial.action}, or do not set "
            f"{beside} in the upload.",
            says(f"the action is {signs.denial.action}, not s3:PutObject", TextPart.ACTION, signs.denial.action),
            signs.caller_read or encryption,
            Who.ACCOUNT_ADMIN,
            asserts=AN_ALLOW_HELPS,
        )


_PRESIGNS = r"\bgenerate_presigned_(?:url|post)\b|\bgetSignedUrl\b|\baws s3 presign\b|\b[Pp]re-?sign(?:ed)?(?: URL)?\b"


def presigned(signs: Signs) -> Iterator[FirstLook]:
    """Yield whose permissions a presigned URL has.

    Amazon S3 User Guide, "Download and upload objects with presigned URLs": those of whoever created the URL
    (https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html).
    """
    # An SDK names the operation of its own calls; a presigned URL is used without an SDK.
    said = "" if signs.denial.operation else signs.quote(_PRESIGNS)
    signer = signs.role or signs.user
    if not said or not signer or signs.action not in ("s3:getobject", "s3:putobject") or signs.layer != "identity":
        return
    yield FirstLook(
        f"A presigned URL has the permissions of whoever signed it, here {signer}: allow this signer "
        f"{signs.denial.action}. S3 checks the permission when the URL is used; signing itself checks nothing. Whoever "
        "opens the URL needs no permission.",
        contains(said),
        signs.caller_read,
        Who.ACCOUNT_ADMIN,
        asserts=AN_ALLOW_HELPS,
    )


_WILDCARDS_BEFORE = (
    r"\bs3:(?:Get|Put)Object\*[^.\n]{0,60}\b(?:became|replaced|changed|narrowed|tightened|reduced|to)\b[^.\n]{0,30}"
    r"\bs3:(?:Get|Put)Object\b(?!\*)"
    r"|\b(?:narrowed|tightened|reduced|removed)\b[^.\n]{0,60}\bs3:(?:Get|Put)Object\*"
)


def uploads(signs: Signs) -> Iterator[FirstLook]:
    if signs.action not in _UPLOADS or signs.layer:
        return
    if signs.denial.operation == "CopyObject":
        if narrowed := signs.quote(_WILDCARDS_BEFORE):
            # Amazon S3 API Reference, "CopyObject" (https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html).
            yield FirstLook(
                "Add s3:GetObjectTagging on the source and s3:PutObjectTagging on the target: the earlier wildcards "
                "covered these actions, and CopyObject copies the object's tags unless the call says otherwise.",
                contains(narrowed),
                None,
                Who.ACCOUNT_ADMIN,
                asserts=AN_ALLOW_HELPS,
            )
        if (some := signs.quote(f"(?i){_SOME_TAGGED}")) and not signs.says(r"s3:GetObjectTagging"):
            yield FirstLook(
                "Allow s3:GetObjectTagging on the source's objects and s3:PutObjectTagging on the target's: a copy "
                "takes "
                "the tags along, and only objects with tags fail, as the text says. Or leave the tags out "
                "(--copy-props none, TaggingDirective REPLACE).",
                contains(some),
                None,
                Who.ACCOUNT_ADMIN,
                asserts=AN_ALLOW_HELPS,
            )
        yield FirstLook(
            "A copy needs permissions on both sides: s3:GetObject on the source and s3:PutObject on the target, and if "
            "the object has tags, s3:GetObjectTagging and s3:PutObjectTagging. It also needs the KMS keys of both "
            "sides.",
            signs.operation_is,
            reading("s3api", "get-bucket-encryption", ("bucket", signs.bucket)),
            Who.ACCOUNT_ADMIN,
        )
    elif not (signs.denial.principal and signs.denial.resource):
        yield from _public_acl(signs)


_SOME_TAGGED = (
    r"\b(?:files|objects|ones|those|only)\b[^.\n]{0,30}\btag(?:s|ged)\b[^.\n]{0,40}\b(?:fail\w*|denied|refused|403)\b"
    r"|\b(?:fail\w*|denied|refused)\b[^.\n]{0,40}\b(?:with|have|has)\b[^.\n]{0,12}\btags\b"
)
_COPIES = r"\b(?:cop(?:y|ies|ied|ying)|mov(?:e|es|ed|ing)|sync\w*|renam\w+)\b"
_SOMETIMES = (
    r"\bnow and then\b|\bsometimes\b|\bintermittent\w*|\bsporadic\w*|\boccasional\w*|\bfrom time to time\b"
    r"|\b(?:only )?some (?:of the )?(?:objects|files|keys|copies|paths)\b"
    r"|\bother (?:objects|files|writes|copies)\b[^.\n]{0,60}\bworks?\b"
)


def copies_of_some(signs: Signs) -> Iterator[FirstLook]:
    """Yield what differs between objects, if copies of some are refused although reading and writing is allowed.

    Amazon S3 API Reference, "CopyObject", Permissions
    (https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html).
    """
    allowed = signs.says(r"s3:(?:GetObject|\*)") and signs.says(r"s3:(?:PutObject|\*)")
    if signs.denial.action or signs.denial.operation or not allowed or signs.says(r"s3:(?:Get|Put)ObjectTagging"):
        return
    copied, some = signs.quote(f"(?i){_COPIES}"), signs.quote(f"(?i){_SOMETIMES}")
    if copied and some:
        yield FirstLook(
            "Compare a refused object with one that works (aws s3api get-object-tagging, head-object). If the refused "
            "ones have tags, which a copy takes along, allow s3:GetObjectTagging on the source's objects and "
            "s3:PutObjectTagging on the target's. If they have another KMS key, allow the use of that key.",
            contains(copied, some),
            None,
            Who.ACCOUNT_ADMIN,
        )


def _public_acl(signs: Signs) -> Iterator[FirstLook]:
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


_FEDERATED = r"\bfederated\b|\bconnectors?\b"
_SPILL = r"\bspill(?:s|ed)?\b[^\n.]{0,40}"


def spill(signs: Signs) -> Iterator[FirstLook]:
    """Yield what an Athena federated query needs on its two buckets, if S3 names neither the caller nor the action.

    Amazon Athena User Guide, "Allow access to Athena Federated Query: Example policies"
    (https://docs.aws.amazon.com/athena/latest/ug/federated-query-iam-access.html).
    """
    if signs.layer or signs.denial.principal or signs.denial.action or not signs.quote(r"\bAthena\b"):
        return
    if not (spilled := signs.quote(_SPILL)) or not signs.quote(_FEDERATED):
        return
    yield FirstLook(
        "A federated query writes to two buckets: the caller writes the results, and the connector writes to the spill "
        "bucket. Read actions alone are not enough. On each bucket, allow s3:PutObject, s3:ListMultipartUploadParts, "
        "s3:AbortMultipartUpload, s3:GetObject, s3:ListBucket and s3:GetBucketLocation. The message names neither the "
        "bucket nor the action; S3's data events in CloudTrail name both.",
        contains(spilled),
        None,
        Who.ACCOUNT_ADMIN,
    )


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


_REQUESTER_PAYS = r"\brequester[ _-]?pays\b(?!\W{0,3}[=:]\W{0,3}(?:False|0|no)\b)"
_PAYS_ENABLED = (
    r"\b(?:bucket|it)\b[^.\n]{0,40}\b(?:has|with|is|uses)\b(?! (?:no|not)\b)[^.\n]{0,12}\brequester pays\b(?! (?:off"
    r"|disabled))"
)
_PAYER_SENT = r"--request-payer\b|\brequest_?payer\b|x-amz-request-payer"


_PAYS_ALREADY = r"\baws s3(?:api)? (?:[^\n]|\\\n){0,300}?--request-payer\b"
_PAYER_WORKS = (
    r"--request-payer\b[^\n]{0,80}\b(?:works?|worked|fine|ok|succeeds?|lists|200)\b"
    r"|\b(?:works?|worked|succeeds?|fine)\b[^.\n]{0,60}--request-payer\b"
)


def _of_public_data(signs: Signs) -> FirstLook | None:
    """Return the cause if S3 refuses public data of another account to a caller who may read S3."""
    reads = signs.action in ("s3:getobject", "s3:listbucket", "")
    if signs.denial.stated_reason or signs.layer or not reads or signs.service not in ("", "s3"):
        return None
    said = may_need_a_payer(signs.denial.pasted or signs.denial.text)
    if not said:
        return None
    return FirstLook(
        "Repeat the call with --request-payer requester (x-amz-request-payer: requester; the caller pays): most "
        "likely the data is in a Requester Pays bucket, which answers 403 to other accounts without it, and to "
        "all anonymous requests. The caller's policies allow the read.",
        contains(said),
        None,
        Who.CALLER,
    )


def requester_pays(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if a Requester Pays bucket refuses a program, and the text mentions the request header.

    Amazon S3 User Guide, "Downloading objects from Requester Pays buckets": 403 without x-amz-request-payer
    (https://docs.aws.amazon.com/AmazonS3/latest/userguide/ObjectsinRequesterPaysBuckets.html).
    """
    if (public := _of_public_data(signs)) is not None:
        yield public
        return
    said, sent = signs.quote(_REQUESTER_PAYS), signs.quote(_PAYER_SENT)
    enabled = signs.quote(_PAYS_ENABLED)
    if not (said and (sent or enabled)) or signs.denial.principal or signs.layer or signs.service not in ("", "s3"):
        return
    if (given := signs.quote(_PAYS_ALREADY)) and not signs.says(_PAYER_WORKS):
        yield FirstLook(
            "The command sends the option for a Requester Pays bucket, so that option is not missing. Such a bucket "
            "accepts no anonymous requests: the caller's own policies must allow the action on it (s3:ListBucket on "
            "the bucket, s3:GetObject on its objects). The check shows the caller.",
            contains(given),
            WHO_AM_I,
            Who.ACCOUNT_ADMIN,
        )
        return
    yield FirstLook(
        "Send x-amz-request-payer: requester with each request, also to list and to read headers (Hadoop: "
        "fs.s3a.requester.pays.enabled): a Requester Pays bucket answers 403 to a request without it, unless its "
        "owner calls. Check whether the program leaves the option out in some calls. If the same credentials work "
        "with --request-payer, no policy is the cause.",
        contains(said, sent or enabled),
        None,
        Who.CALLER,
    )


_CHECKS_THE_BUCKET = (
    r"\b(?:HeadBucket|head[-_]bucket|Bucket_?Exists|doesBucketExist\w*|bucket existence|bucket exists)\b"
)
_BY_PREFIX = r"\bs3:prefix\b"


def without_prefix(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if a program checks whether a bucket exists, and the text mentions a condition on s3:prefix.

    Amazon S3 API Reference, "HeadBucket": the call needs s3:ListBucket, and the request has no prefix
    (https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html).
    """
    if signs.action not in ("", "s3:listbucket") or signs.denied_explicitly or signs.denial.principal:
        return
    head, by = signs.quote(_CHECKS_THE_BUCKET), signs.quote(_BY_PREFIX)
    if not (head and by):
        return
    yield FirstLook(
        "HeadBucket, which asks whether the bucket exists, needs s3:ListBucket on the bucket and sends no prefix: a "
        "statement with a condition on s3:prefix does not allow it. Let the program leave this call out. Or allow "
        "s3:ListBucket without a prefix, too (Null, s3:prefix = true): this also lets the caller list the bucket.",
        contains(head, by),
        None,
        Who.ACCOUNT_ADMIN,
        asserts=AN_ALLOW_HELPS,
    )


_PATTERN = r"\bs3[an]?://(?P<bucket>[a-z0-9][\w.-]{1,61}[a-z0-9])/[^\s\"'`,)*]{0,200}\*[^\s\"'`,)]{0,80}"
_ANONYMOUS = r"[\"']?\banon[\"']?\s*[:=]\s*True\b|--no-sign-request|\bskip_signature\b|\bAnonymousAWSCredentials\w*"


def listing_for_a_pattern(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if a path with an asterisk is expanded, which lists the bucket.

    Amazon S3 API Reference, "ListObjectsV2": the call needs s3:ListBucket; s3fs, "Examples": glob lists
    (https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html).
    """
    if signs.action != "s3:listbucket" or signs.denied_explicitly or signs.denial.principal:
        return
    found = regex(_PATTERN).search(signs.denial.text)
    if found is None or not (signs.denial.operation or "").startswith("ListObjects"):
        return
    bucket = found["bucket"]
    unsigned = signs.quote(_ANONYMOUS)
    who = (
        f"the requests are anonymous ({unsigned}), and the bucket's policy must let everybody list it, which public "
        "data often does not"
        if unsigned
        else f"the caller needs s3:ListBucket on arn:aws:s3:::{bucket}, in addition to s3:GetObject"
    )
    yield FirstLook(
        f"The * in {found[0]} makes the program list the bucket {bucket}: {who}. Single files can be read without "
        "that: name them in the program, or take their names from a manifest.",
        contains(found[0]),
        None,
        Who.CALLER if unsigned else Who.ACCOUNT_ADMIN,
    )


def name_of_another_account(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if HeadBucket is refused although, as the text says, the caller is allowed everything in S3.

    Amazon S3 API Reference, "HeadBucket": 403 without permission to access the bucket
    (https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html); Amazon S3 User Guide, "Bucket naming rules"
    (https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html).
    """
    if signs.denial.operation != "HeadBucket" or signs.denial.stated_reason or signs.denied_explicitly:
        return
    if not (said := signs.quote(_ALL_OF_S3)):
        return
    yield FirstLook(
        "Most likely the bucket's name belongs to another account: names are global, and HeadBucket answers 403 for "
        "another account's bucket. If the bucket is not in your own list, choose another name. If it is, look for a "
        "Deny in its policy.",
        contains(said),
        reading("s3api", "list-buckets", query="Buckets[].Name"),
        Who.CALLER,
    )


_ALL_OF_S3 = (
    r"(?:\b(?:has|have|with)\b[^.\n]{0,20}|\b(?:role|user|caller|policies|permissions)\b[^.,:\n]{0,30}[:=][ \t]*)"
    r"\b(?:full S3 (?:access|permissions|rights)|AmazonS3FullAccess|s3:\*|AdministratorAccess)"
)
_OF_ONE_OBJECT = regex(r"(?:Get|Head|Copy)Object\w*|UploadPartCopy")


def missing_object(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the object most likely does not exist.

    S3 API reference, "GetObject" and "HeadObject": for a missing object S3 returns 404 to callers who may list the
    bucket, and 403 to others (https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html).
    """
    operation = signs.denial.operation or ""
    if signs.action != "s3:listbucket" or not _OF_ONE_OBJECT.fullmatch(operation) or signs.layer == "resource":
        return
    yield FirstLook(
        f"Most likely the object does not exist: {operation} needs s3:ListBucket only so that S3 can report that the "
        "object does not exist. Check the key, then allow s3:ListBucket on the bucket to get a 404 instead.",
        says(
            f"the operation is {operation}, and the refused action is s3:ListBucket",
            TextPart.OPERATION,
            operation,
        ),
        reading("s3api", "list-objects-v2", ("bucket", signs.bucket), ("max-items", "10")),
        Who.CALLER,
    )


def reads(signs: Signs) -> Iterator[FirstLook]:
    bucket = signs.bucket
    if signs.layer == "resource":
        return
    operation = signs.denial.operation
    said = signs.operation_is if operation else signs.action_is
    if _OF_ONE_OBJECT.fullmatch(operation or "") and signs.action == "s3:listbucket":
        return
    if signs.action in ("s3:listbucket", "s3:getbucketlocation", "s3:listbucketmultipartuploads"):
        head = signs.denial.operation == "HeadBucket"
        needs = "HeadBucket and every listing need" if head else "Listing needs"
        where = (signs.denial.resource or "arn:aws:s3:::BUCKET").partition("/")[0]
        yield FirstLook(
            f"{needs} s3:ListBucket on the bucket itself ({where}, without /*)."
            if signs.action == "s3:listbucket"
            else f"The caller needs {signs.denial.action} on the bucket itself ({where}, without /*): a statement for "
            "the bucket's objects does not allow it.",
            said,
            signs.caller_read or reading("s3api", "get-bucket-policy", ("bucket", bucket), query="Policy"),
            Who.ACCOUNT_ADMIN,
            asserts=AN_ALLOW_HELPS,
        )
        if head and not signs.denial.stated_reason:
            yield FirstLook(
                "The bucket's name belongs to another account, or the request was made for another Region.",
                says("HeadBucket answers 403 for a bucket of any account", TextPart.OPERATION, "HeadBucket"),
                reading("s3api", "list-buckets", query="Buckets[].Name"),
                Who.CALLER,
                ruled_out_by=("resource",),
                guess=True,
            )
    if signs.action == "s3:getobject":
        if not signs.denial.stated_reason and (listed := _listed(signs)):
            yield FirstLook(
                "The object exists: the listing in the text has its key. The listing needs s3:ListBucket, but the "
                "refused call needs s3:GetObject on the object (kms:Decrypt too, if a KMS key of yours encrypts it). "
                "Check that the same identity makes both calls: run this check where the refused call is made.",
                contains(listed),
                WHO_AM_I,
                Who.CALLER,
            )
        elif not signs.denial.stated_reason:
            yield FirstLook(
                "The object may not exist: without s3:ListBucket on the bucket, S3 answers 403 instead of 404. Check "
                "the key first. If the object exists, the caller needs s3:GetObject on it.",
                Sentence(
                    f"{said.text}, but no reason was recognized in the text",
                    (*said.claims, TextStates(TextPart.REASON, False)),
                ),
                reading("s3api", "list-objects-v2", ("bucket", bucket), ("prefix", _key(signs)), ("max-items", "1")),
                Who.RESOURCE_OWNER,
                probe=Probe("s3:ListBucket", signs.bucket_arn, allowed=False) if signs.bucket_arn else None,
                asserts=_NO_GUARDRAIL,
                guess=operation != "HeadObject",  # its answer has no message that could name a reason
            )
        yield FirstLook(
            "The policy names the bucket's ARN instead of the objects' (arn:aws:s3:::BUCKET/*).",
            says("reading is an action on an object", TextPart.ACTION, "s3:GetObject"),
            signs.caller_read,
            Who.ACCOUNT_ADMIN,
            ruled_out_by=("identity", "resource"),
            probe=_on_the_bucket(signs),
            asserts=AN_ALLOW_HELPS,
            guess=True,
        )


def _listed(signs: Signs) -> str:
    """The line of a listing in the text that contains the object; "" if there is none."""
    if signs.alone or not ("s3 ls" in signs.denial.text or "list-objects" in signs.denial.text):
        return ""
    from diagnostics.text.read.resources.listed_objects import listed_object

    return listed_object(signs.denial.text, _key(signs))


def _key(signs: Signs) -> str | None:
    """The object's key; None if the text does not name the object."""
    return signs.target.resource.partition("/")[2] or None if signs.target is not None else None


def _on_the_bucket(signs: Signs) -> Probe | None:
    """Return the probe that finds out whether the caller's policies allow the object's action on the bucket's ARN."""
    return Probe(signs.action, signs.bucket_arn, allowed=True, decides=True) if signs.bucket_arn else None


def unnamed(signs: Signs) -> Iterator[FirstLook]:
    """Yield causes for a mere "Access Denied" of S3: older libraries add neither the operation nor the key."""
    said = signs.quote(r"Service: (?:Amazon )?S3\b|AmazonS3Exception|services/s3\.js|client-s3\b|Aws::S3|s3a?://")
    if signs.denial.action or signs.denial.operation or not said:
        return
    yield from _public_acl(signs)
    if head := signs.quote(r"getObjectMetadata|doesObjectExist|head_?object|object head|getFileStatus"):
        yield FirstLook(
            "The object may not exist: without s3:ListBucket on the bucket, S3 answers 403 instead of 404. Check the "
            "key first.",
            contains(head),
            None,
            Who.RESOURCE_OWNER,
        )


def status_of_a_path(signs: Signs) -> Iterator[FirstLook]:
    """Yield what Hadoop's S3A needs, if S3 refuses it the headers of a path.

    Apache Hadoop, "Working with IAM Assumed Roles", S3 permissions
    (https://hadoop.apache.org/docs/stable/hadoop-aws/tools/hadoop-aws/assumed_roles.html).
    """
    said = signs.quote(r"\bgetFileStatus on\b") if signs.denial.operation == "HeadObject" else ""
    if not said or signs.denial.principal or signs.denial.stated_reason:
        return
    yield FirstLook(
        "Check whether the identity that S3A uses has both s3:ListBucket on the bucket (its ARN without /*) and "
        "s3:GetObject on the objects. S3A asks for the headers of each path, also of a folder, which has no object. "
        "Without s3:ListBucket, S3 then answers 403 instead of 404.",
        contains(said),
        reading("s3api", "get-bucket-policy", ("bucket", signs.bucket or "BUCKET"), query="Policy"),
        Who.ACCOUNT_ADMIN,
    )
    yield FirstLook(
        "Or S3A does not use the intended identity: fs.s3a.aws.credentials.provider decides, and keys in the "
        "configuration or the environment come before an instance's role. This check shows the role only where no "
        "keys are set.",
        contains(said),
        WHO_AM_I,
        Who.CALLER,
    )


_BY_ANOTHER = (
    r"\b(?:uploaded|upload|uploads|written|wrote|put|copied|came|come)\b[^.\n]{0,30}\b(?:by|from|through)\b[^.\n]{0,30}"
    r"\b(?:(?:another|other|partner|vendor|third|different|external)\w*(?:'s)? (?:AWS )?(?:accounts?|party|parties)"
    r"|account \d{12})\b"
    r"|\b(?:partner|vendor|supplier|other account|account \d{12})(?:'s)?\b[^.\n]{0,30}\b(?:uploaded|uploads|writes"
    r"|wrote|puts|delivers)\b"
)
_SOME_OBJECTS = r"\b(?:only|some|most|those|certain|not all|the rest)\b[^.\n]{0,40}\b(?:objects?|files?|keys?)\b"
_SOME_OBJECTS += r"|\b(?:ours|our own|the others?)\b[^.\n]{0,20}\b(?:fine|ok|works?|readable)\b"
_WITH_ACLS = r"\bObject ?Writer\b|\bBucketOwnerPreferred\b|\bACLs (?:are )?(?:enabled|on)\b"
_NO_ACLS = (
    r"BucketOwnerEnforced|\bowner enforced\b|\b(?:turned off|disabled) (?:the )?ACLs\b"
    r"|\bACLs (?:are |were )?(?:off|disabled)\b"
)


_TO_ANOTHER = (
    r"\b[Ww]e (?:upload|write|copy|put|push|deliver)\b[^.\n]{0,40}\b(?:their|(?:vendor|partner|customer|other account"
    r"|another account)'?s?)\b[^.\n]{0,20}\bbucket\b"
)


def of_the_uploader(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if only requests for objects that another account uploaded are denied.

    S3 User Guide, "Controlling ownership of objects and disabling ACLs for your bucket"
    (https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html).
    """
    with_acls = signs.quote(_WITH_ACLS)
    named = signs.denial.principal or signs.denial.stated_reason
    if (named and not with_acls) or signs.service not in ("", "s3") or signs.says(_NO_ACLS):
        return
    if with_acls and (sent := signs.quote(_TO_ANOTHER)):
        yield FirstLook(
            "The objects that you upload to the other account's bucket most likely belong to your account: the "
            "bucket's owner is not allowed to read them. Upload with --acl bucket-owner-full-control (you need "
            "s3:PutObjectAcl), and copy the old ones again, or ask the owner to turn off the bucket's ACLs (object "
            "ownership: bucket owner enforced).",
            contains(sent, with_acls),
            None,
            Who.CALLER,
        )
        return
    some = signs.quote(_SOME_OBJECTS) or with_acls
    if not (by := signs.quote(_BY_ANOTHER)) or not some:
        return
    yield FirstLook(
        "The objects that fail most likely belong to the account that uploaded them: the bucket's owner is not "
        "allowed to read them, and the bucket's policy does not apply to them. Turn off the bucket's ACLs (object "
        "ownership: bucket owner enforced), which makes its owner the owner of all objects. Or let the uploader send "
        "bucket-owner-full-control, and copy the old ones again.",
        contains(by, some),
        reading("s3api", "get-bucket-ownership-controls", ("bucket", signs.bucket)),
        Who.RESOURCE_OWNER,
    )
