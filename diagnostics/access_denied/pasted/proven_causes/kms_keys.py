"""Find causes about KMS keys: a new key, an AWS managed key, a key in another Region, a bucket key's context."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.access_denied.request.command import commands_in
from diagnostics.failure import Denial
from diagnostics.fix import Fix, Note
from diagnostics.text.read.messages.service_sentences import sentence_in
from diagnostics.who import Who
from iam.arn import Arn, account_of, identity_of, names_a_service
from iam.lazy_pattern import regex
from iam.policy.decision import Fault
from iam.policy.match import names_action
from iam.regions import A_REGION
from iam.words import listing

_NEW_KEY = regex(
    r"\b(?:(?:switch|migrat|turn|enabl|mov)\w*|encrypt(?:ed|ing|s)?\b|changed (?:the|it|its|our|to))\b[^.\n\"]{0,60}"
    r"\b(?:SSE-KMS|KMS key|KMS|customer[- ]managed key|CMK)\b[^.,\n\"]{0,40}",
    re.IGNORECASE,
)


_SUPPOSED = regex(r"\b(?:if|when|whether|in case|ensure|make sure|unless)\b[^.\n;]{0,60}\Z", re.IGNORECASE)
"""The beginning of a sentence that only supposes a change, such as AWS's own "If you are …"."""
_OF_OBJECTS = {"s3:getobject": "kms:Decrypt", "s3:putobject": "kms:GenerateDataKey"}


def of_a_new_key(denial: Denial, allows: Iterable[tuple[str, ...]]) -> Finding | None:
    """Return a finding if the bucket now uses a KMS key, and the text's policy allows the call on its objects.

    Amazon S3 User Guide, "Using server-side encryption with AWS KMS keys (SSE-KMS)", Permissions
    (https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html).
    """
    action = denial.action or ""
    need = _OF_OBJECTS.get(action.lower())
    text = denial.pasted or denial.text
    found = next((each for each in _NEW_KEY.finditer(text) if not _SUPPOSED.search(text[: each.start()])), None)
    if need is None or denial.stated_reason or denial.missing_action:
        return None
    named = list(allows)
    if not any(names_action(each, action) for each in named):
        return None
    several = denial.operation in _OF_PARTS
    needs = [need, *(["kms:Decrypt"] if several and need != "kms:Decrypt" else [])]
    has = [each for each in needs if any(names_action(actions, each) for actions in named)]
    if has or found is None:
        return _lacks_one(action, has, [each for each in needs if each not in has]) if has else None
    caller = account_of(denial.principal or "")
    who = f"account {caller}" if caller else "the caller"
    said = f"the policy allows {action}, and the text says “{' '.join(found[0].split())}”: only the key has changed"
    sentence = (
        f"In the text, {said}. The caller also needs {need} on that key, both in the caller's own policies and in "
        "the key policy."
    )
    note = Note(
        "the policies of the caller, and the policy of the key",
        f"Allow the caller {need} on the key's ARN, and let the key policy allow {need} to {who}. If the caller is "
        "in another account, the key must be a customer managed key. Existing objects keep their encryption.",
    )
    fix = Fix(f"Allow {need} on the bucket's key, on both sides", Who.RESOURCE_OWNER, note)
    return Finding("identity.no-action", said, sentence, fix=fix)


_OF_PARTS = ("CreateMultipartUpload", "UploadPart", "UploadPartCopy", "CompleteMultipartUpload")
"""The operations of an upload in several parts, which also needs kms:Decrypt.

Amazon S3 User Guide, "Uploading and copying objects using multipart upload", permissions
(https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html).
"""


def _lacks_one(action: str, has: Sequence[str], lacks: Sequence[str]) -> Finding | None:
    """Return a finding if the policy allows the call, but only one of the two KMS actions that the call needs.

    ``has`` are the KMS actions that the policy allows, ``lacks`` those that it does not allow. Return None if ``lacks``
    is empty.
    """
    if not lacks:
        return None
    said = f"the policy allows {listing([action, *has], 'and')}, but not {listing(list(lacks))}"
    sentence = f"In the text, {said}. A multipart upload to a bucket with a KMS key also needs this permission."
    note = Note(
        "the policies of the caller",
        f"Add {listing(list(lacks))} to the statement that has {listing(list(has))}, on the same key. If the key "
        "belongs to another account, the key policy must also allow the use. An upload in one part does not need "
        "this permission.",
    )
    fix = Fix(f"Allow {listing(list(lacks))} on the bucket's key", Who.ACCOUNT_ADMIN, note)
    return Finding("identity.no-action", said, sentence, fix=fix)


# AWS KMS Developer Guide, "AWS managed keys": their aliases begin with aws/.
_ALIAS = regex(
    r"(?:\balias/aws/(?P<service>[a-z0-9-]+)"
    r"|(?<![\w/.:@-])aws/(?P<plain>s3|ebs|rds|sqs|sns|ssm|secretsmanager|dynamodb|kinesis|lambda|backup|glue|fsx"
    r"|elasticfilesystem|redshift|es|kafka|logs|codecommit|acm))(?![\w/.:-]\w)"
)


_NOT_NOW = regex(
    r"(?:\b(?:moved|switched|changed|migrated) (?:off|away|from)|\b(?:no longer|not|never|instead of|rather than"
    r"|previously|formerly|used to be|isn['’]t|(?:the )?other(?:s| \w+))\b)[^\n.;]{0,30}$",
    re.IGNORECASE,
)


_OWN_KEY = regex(
    r"\bKms(?:Master)?KeyI[dD][\"']?[ \t]*[:=][ \t]*[\"']?(?!(?:alias/)?aws/|null\b|None\b|\W{0,2}absent)[\w:/-]{3,}"
)


_NO_KEY = regex(
    r"\bKms(?:Master)?KeyId[\"']?[ \t]*[:=][ \t]*[\"']?(?:null|None)\b"
    r"|\bKms(?:Master)?KeyId\b[^\n]{0,60}\n[^\n]{0,300}(?:,|\t|\[)[ \t]*(?:null|None)[ \t]*[\]\n]"
)


_DEFAULT_KEY = regex(
    r"You can't access a secret from a different AWS account if you encrypt the secret with the default KMS"
)


_OF_KEY = regex(
    r"\bKMS|\bkms:|\bencryption key\b|\balias/aws/s[nq]s\b|Unable to validate the following destination", re.IGNORECASE
)


_STATE = regex(r"\bKeyState\W{1,12}(?:PendingDeletion|Disabled)\b")


def of_a_keys_state(denial: Denial) -> Finding | None:
    """Return a finding if the text shows a state of the KMS key in which nobody can use it; None otherwise.

    AWS KMS Developer Guide, "Key states of AWS KMS keys"
    (https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html).
    """
    text = denial.pasted or denial.text
    if denial.stated_reason or not _STATE.search(text) or not _OF_KEY.search(text):
        return None
    from diagnostics.text.answer.key_state import key_state  # few texts show a key's state

    state = key_state(text)
    if state is None:
        return None
    fix = Fix(state.title, Who.RESOURCE_OWNER, Note("the KMS key", state.step))
    return Finding("not-iam", "the text shows the key's state", state.sentence, fix=fix)


def of_a_managed_key(denial: Denial) -> Finding | None:
    """Return a finding if the data is encrypted with an AWS managed key; else None.

    No other account or service can use such a key.

    AWS KMS Developer Guide, "AWS KMS keys", AWS managed keys
    (https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#aws-managed-key).
    """
    text = denial.pasted or denial.text
    if not _OF_KEY.search(text):
        return None
    named = (each for each in _ALIAS.finditer(text) if not _NOT_NOW.search(text[: each.start()]))
    alias, none = None if _OWN_KEY.search(text) else next(named, None), _NO_KEY.search(text)
    none = _DEFAULT_KEY.search(text) or none
    service = (alias["service"] or alias["plain"]) if alias else _service_of(denial) if none else ""
    user = _calling_service(denial, text)
    if not service or not (user or _is_apart(denial, text, service)):
        return None
    name = f"aws/{service}"
    shown = "the default KMS key" if _DEFAULT_KEY.search(text) else f"no KmsKeyId, so the key is {name}"
    said = f"the text shows {alias[0] if alias else shown}, an AWS managed key"
    sentence = (
        f"The key is {name}, an AWS managed key: other accounts and other services cannot use it, and nobody can "
        "change its policy. No other policy of the caller or of the resource helps."
    )
    who = user or identity_of(denial.principal or "")[2] or "the caller"
    needs = (
        "perform kms:GenerateDataKey and kms:Decrypt"
        if user and service in ("sqs", "sns")
        else "use it: kms:Decrypt, and kms:GenerateDataKey for principals that write"
    )
    change = f"{_HOW.get(service, 'Encrypt with a customer managed key')}. Its key policy must let {who} {needs}."
    owner = account_of(denial.resource or "")
    if owner and owner != account_of(denial.principal or ""):
        change = f"In account {owner}: {change}"
    fix = Fix("Encrypt with a customer managed key", Who.RESOURCE_OWNER, Note("the encrypted resource", change))
    return Finding("resource.no-action", said, sentence, fix=fix)


# Amazon RDS User Guide, "Sharing encrypted snapshots"
# (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/share-encrypted-snapshot.html); Amazon EBS User Guide, "Share
# an Amazon EBS snapshot" (https://docs.aws.amazon.com/ebs/latest/userguide/ebs-modifying-snapshot-permissions.html).
_HOW = {
    "rds": "Copy the snapshot in its own account to a customer managed key (copy-db-snapshot or "
    "copy-db-cluster-snapshot, --kms-key-id KEY), and share this copy",
    "ebs": "Copy the snapshot in its own account to a customer managed key (aws ec2 copy-snapshot --encrypted "
    "--kms-key-id KEY), and share this copy",
    "secretsmanager": "aws secretsmanager update-secret --secret-id NAME --kms-key-id KEY",
    "sqs": "Choose a customer managed key for the queue (or SSE-SQS, which needs no key policy)",
}


_KEY_OPTION = ("kms-key-id", "kms-key", "target-kms-key-id")


def of_a_keys_region(denial: Denial) -> Finding | None:
    """Return a finding if the failed command names a KMS key from a Region other than the command's own; else None.

    Amazon RDS API Reference, "CopyDBSnapshot", KmsKeyId: keys are specific to the Region in which they were created
    (https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CopyDBSnapshot.html).
    """
    for command in commands_in(denial.pasted or denial.text):
        options = dict(command.options)
        called = next(iter(options.get("region", ())), "")
        key = next((Arn.parse(each) for name in _KEY_OPTION for each in options.get(name, ())[:1]), None)
        if not (command.failed and called and key is not None and key.service == "kms") or command.service == "s3":
            continue
        if key.region in ("", called) or not A_REGION.fullmatch(called):
            continue
        said = f"the key is in {key.region}, but the call is for {called}: a KMS key can be used only in its own Region"
        note = Note(
            "the command",
            f"Name a key of {called} (a customer managed key there, or the replica of a multi-Region key by its "
            f"ARN in {called}). The key can still be enabled in {key.region}. No policy has to change for that.",
        )
        fix = Fix(f"Name a KMS key of {called}", Who.CALLER, note)
        return Finding(None, said, f"In the text, {said}.", settles=True, fix=fix)
    return None


_BUCKET_KEY = regex(
    r"\bBucketKeyEnabled\b[\"']?\s*[:=]\s*[\"']?true\b|\bbucket_key_enabled\s*=\s*true\b", re.IGNORECASE
)


_OBJECTS_CONTEXT = regex(
    r"kms:EncryptionContext:aws:s3:arn[\"']?\s*[:=]\s*(?:\[\s*)?(?:-\s*)?(?:!Sub\s+|\{\s*\"Fn::Sub\"\s*:\s*)?[\"']?"
    r"(?P<arn>arn:[^\s\"',\]}]*?:s3:::(?:\$\{[^}]*\}|[^\s\"'/,$])+)(?P<key>/(?:\$\{[^}]*\}|[^\s\"',\]}])*)",
    re.IGNORECASE,
)


_NO_BUCKET_KEY = regex(
    r"\bBucketKeyEnabled\b[\"']?\s*[:=]\s*[\"']?false\b|\bbucket_key_enabled\s*=\s*false\b", re.IGNORECASE
)


_BUCKETS_CONTEXT = regex(
    r"kms:EncryptionContext:aws:s3:arn[\"']?\s*[:=]\s*\[?\s*[\"']"
    r"(?P<arn>arn:[^\s\"',\]}/]*?:s3:::[^\s\"'/,*$]+)[\"']",
    re.IGNORECASE,
)


_CONTEXT = "kms:EncryptionContext:aws:s3:arn"


def of_a_bucket_key(denial: Denial) -> Finding | None:
    """Return a finding if a statement on a key requires a different encryption context from the one that S3 sends.

    None otherwise.

    Amazon S3 User Guide, "Reducing the cost of SSE-KMS with Amazon S3 Bucket Keys": the context is the bucket's ARN if
    the bucket uses an S3 Bucket Key, otherwise the object's ARN
    (https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html).
    """
    text = denial.pasted or denial.text
    if not (denial.missing_action or denial.action or "").lower().startswith("kms:"):
        return None
    if (found := _OBJECTS_CONTEXT.search(text)) is not None and _BUCKET_KEY.search(text):
        return _of_the_context(
            denial,
            asks=f"an object's ARN ({found['arn']}{found['key']})",
            why="The bucket uses an S3 Bucket Key, so S3 sends the bucket's own ARN",
            names="the bucket's ARN",
            change=f"Set the value of {_CONTEXT} to {found['arn']}, without the object key.",
        )
    if (found := _BUCKETS_CONTEXT.search(text)) is not None and _NO_BUCKET_KEY.search(text):
        return _of_the_context(
            denial,
            asks=f"the bucket's ARN ({found['arn']})",
            why="Without an S3 Bucket Key, S3 sends the ARN of the object",
            names="the objects' ARNs",
            change=f"Set the value of {_CONTEXT} to {found['arn']}/*, and use StringLike.",
        )
    return None


def _of_the_context(denial: Denial, *, asks: str, why: str, names: str, change: str) -> Finding:
    """Return the finding of `of_a_bucket_key`: what the condition requires, and what S3 sends instead."""
    said = f"the condition on {_CONTEXT} requires {asks}"
    note = Note(
        "the policy in the text, and each other policy with this condition", f"{change} Keep the other conditions."
    )
    layer = (denial.stated_reason or "").partition(":")[2] or "identity"
    return Finding(
        f"{layer}.{Fault.CONDITION_UNMET.value}",
        said,
        f"In the text, {said}. {why}: the condition is never met.",
        fix=Fix(f"Let the condition name {names}", Who.ACCOUNT_ADMIN, note),
    )


_CALLING_SERVICE = regex(
    r"[\"']Service[\"']\s*:\s*[\"']((?:s3|sns|events|cloudwatch|scheduler|delivery\.logs)\.amazonaws\.com)[\"']"
)


def _calling_service(denial: Denial, text: str) -> str:
    """Return the service that, according to the text, uses the KMS key without the caller; empty if there is none."""
    if names_a_service(denial.principal or ""):
        return denial.principal or ""
    if "CloudWatch Alarms does not have authorization" in text:
        return "cloudwatch.amazonaws.com"
    if (found := _CALLING_SERVICE.search(text)) is not None:
        return found[1]
    stated = sentence_in(text)
    asks = stated.row.asks if stated is not None else ()
    sends = [each.principal for each in asks if each.action.lower() in _SENDS]
    return sends[0] if sends and names_a_service(sends[0]) and "{" not in sends[0] else ""


_SENDS = ("sqs:sendmessage", "sns:publish")
"""Operations of a service on an encrypted queue or topic for which the service itself uses the key."""


def _service_of(denial: Denial) -> str:
    target = Arn.parse(denial.resource or "")
    action = (denial.action or "").partition(":")[0].lower()
    return target.service if target is not None and target.service != "kms" else action


def _is_apart(denial: Denial, text: str, service: str) -> bool:
    """Return whether the key belongs to a different account from the caller, as far as the text shows.

    The words may name an account that is not the key's. If the message names no resource, the account is taken from
    the text's ARNs of ``service``, which uses the key.
    """
    home, owner = account_of(denial.principal or ""), account_of(denial.resource or "")
    named = set(re.findall(rf"\barn:[\w-]+:{re.escape(service)}:[\w-]*:(\d{{12}}):", text))
    if owner is None and denial.resource is None and len(named) == 1:
        owner = named.pop()
    if home is not None and owner is not None and home != owner:
        return True
    keys, accounts = set(_KEYS_ACCOUNT.findall(text)), set(_NAMED_ACCOUNT.findall(text))
    return bool(keys and accounts - keys and _SNAPSHOT.search(text)) or bool(_ACROSS.search(text))


_SNAPSHOT = regex(r"\bsnapshots?\b|Copy\w*Snapshot|\bAMI\b", re.IGNORECASE)
"""What one account shares with others together with the key of its data."""
_KEYS_ACCOUNT = regex(r"\barn:[\w-]+:kms:[\w-]+:(\d{12}):key/")
_NAMED_ACCOUNT = regex(r"\baccount (?:ID )?(\d{12})\b", re.IGNORECASE)
_ACROSS = regex(
    r"\b(?:cross|other|another|second|different|their|owner's)[- ]?(?:acct|accounts?)\b"
    r"|\bshared? (?:snapshot|image|ami)\b|\bfrom account \d{12}\b"
    r"|\bshar(?:ed?|es|ing) (?:\w+ ){0,4}(?:to|with) (?:(?!(?:same|own)\b)[\w-]+ ){0,4}account(?: \d{12}|s)?\b",
    re.IGNORECASE,
)
