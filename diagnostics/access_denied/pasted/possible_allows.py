"""Find statements in a pasted policy that may allow the request; the text does not show enough to decide."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase

from diagnostics.access_denied.pasted.condition_mistakes import out_of_form
from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.access_denied.pasted.fixes.policy_variables import VARIABLES, without_user_name
from diagnostics.access_denied.pasted.fixes.unknown_condition import of_an_index, remedy_of_allow, remedy_of_null
from diagnostics.access_denied.pasted.placeholders import open_elements, resource_texts, stated_pattern
from diagnostics.access_denied.pasted.policies_in_text import PastedPolicy
from diagnostics.access_denied.request.values import DEFAULTS
from diagnostics.diagnosis import PolicyFact
from diagnostics.failure import Denial
from diagnostics.fix import Fix, Note
from diagnostics.text.templates.elements import COMPUTED
from diagnostics.text.templates.policies import UNREAD_CONDITION
from diagnostics.who import Who
from iam.claims import Keys
from iam.lazy_pattern import regex
from iam.policy.condition_keys import Presence, presence
from iam.policy.decision import Fault
from iam.policy.match import names_action
from iam.policy.operators import operator
from iam.policy.principal import caller as request_caller
from iam.policy.request import Request
from iam.policy.words import holding
from iam.service_reference import action as known_action
from iam.words import joined, listing

_BUCKET = regex(r"arn:[\w-]+:s3:::[^/*?${}<>]+")


_READS_ONE = ("GetObject", "HeadObject")


def of_a_missing_object(denial: Denial, action: str, pasted: Sequence[PastedPolicy]) -> Finding | None:
    """Return a finding if the object may not exist: the text's policies allow reading it, but not listing the bucket.

    S3 API reference, "HeadObject": for a missing object S3 returns 404 to callers who may list the bucket, and 403 to
    others (https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html).
    """
    allows = [each.action or ("*",) for one in pasted for each in one.document.statements if each.effect == "Allow"]
    if action.lower() != "s3:getobject" or denial.stated_reason or denial.operation not in _READS_ONE:
        return None
    if any(names_action(each, "s3:ListBucket") for each in allows):
        return None
    said = f"it allows {action}, but not s3:ListBucket: S3 then answers 403 for an object that does not exist"
    sentence = (
        f"Check first whether the object exists. The policy in the text allows {action}, but no statement allows "
        "s3:ListBucket, so S3 answers 403 instead of 404 for a missing object. To see which of the two it is, "
        "allow s3:ListBucket on the bucket itself (its ARN without /*). If the object exists, look at the bucket's "
        "policy, the object's KMS key and the SCPs."
    )
    return Finding(None, said, sentence, settles=True)


_LINKED = regex(r":role/AWSServiceRoleFor\w+")


def without_the_path(pasted: Sequence[PastedPolicy], action: str, word: str) -> Finding | None:
    """Return the Allow that names a service-linked role without its path.

    None if there is none, or if a different Allow may match.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/using-service-linked-roles.html
    """
    names = [
        (statement.sid or number + 1, each)
        for one in pasted
        for number, (written, statement) in enumerate(zip(one.written, one.document.statements, strict=True))
        if statement.effect == "Allow" and names_action(statement.action or ("*",), action)
        for each in resource_texts(written.get("Resource", "*"))
    ]
    roles = [(which, each) for which, each in names if each == "*" or ":role/" in each or "*" in each.split(":")[2:3]]
    if not roles or not all(_LINKED.search(each) for _, each in roles):
        return None
    which, role = roles[0]
    said = f"statement {which} matches no role, because it names {role} without the path of a service-linked role"
    whole = role.replace(":role/", ":role/aws-service-role/SERVICE.amazonaws.com/")
    note = Note("the policy in the text", f"Write {whole}, with the service's name.")
    fix = Fix(f"Add the path to the role's ARN in statement {which}", Who.ACCOUNT_ADMIN, note)
    return Finding(f"{word}.resource-mismatch", said, f"In the text's policy, {said}.", fix=fix)


_DOUBLED = regex(r"(?P<start>arn:[\w*-]+:ssm:[\w*${}:-]*:[\w*${}:-]*:parameter/)/(?P<name>.+)")


def with_one_slash(doubled: str, which: str, word: str, asked: str = "") -> Finding:
    """Return the finding that a parameter's ARN has two slashes where one, the name's leading slash, is enough.

    AWS Systems Manager User Guide, "Restricting access to Parameter Store parameters using IAM policies"
    (https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-access.html).
    """
    found = _DOUBLED.match(doubled)
    right = f"{found['start']}{found['name'].lstrip('/')}" if found else doubled
    not_asked = f" and not {asked}" if asked else ""
    said = (
        f"{which} matches no parameter, because it names {doubled}, with two slashes after the word "
        f"parameter{not_asked}"
    )
    note = Note(
        "the policy in the text",
        f"Write {right}: in the ARN, a single slash follows the word parameter, and that slash is the first "
        "character of the parameter's name. Do not change the name itself.",
    )
    fix = Fix(f"Write parameter/ with one slash in {which}", Who.ACCOUNT_ADMIN, note)
    return Finding(f"{word}.resource-mismatch", said, f"In the text's policy, {said}. Write {right}.", fix=fix)


def doubled_slash(named: Iterable[str], asked: str) -> str | None:
    """Return the parameter's ARN that would match ``asked`` with one slash instead of two; None if there is none."""
    for each in named:
        found = _DOUBLED.match(stated_pattern(each))
        if found is not None and fnmatchcase(asked, f"{found['start']}{found['name'].lstrip('/')}"):
            return each
    return None


def of_a_tags_case(pasted: Sequence[PastedPolicy], action: str, keys: Keys, word: str) -> Finding | None:
    """Return the tag whose key differs from the condition's only in letter case; None if there is none.

    Only for a request that AWS refused without a Deny, and that the text's policies otherwise allow. Services compare
    tag keys case-sensitively (Amazon EC2 User Guide, "Tag your Amazon EC2 resources", tag restrictions:
    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html).
    """
    had = {key.partition("/")[2]: each.read_from for key, each in keys.items() if "tag/" in key.lower()}
    spelled_as = {name.lower(): name for name in had}
    for one in pasted:
        for number, each in enumerate(one.document.statements):
            for block in each.conditions if each.effect == "Allow" and names_action(each.action or (), action) else ():
                name = block.key.partition("/")[2]
                other = spelled_as.get(name.lower(), "") if "tag/" in block.key.lower() else ""
                if not other or name in had:
                    continue
                which = f"statement {each.sid or number + 1}"
                said = f"{which} requires the tag {name} ({block.key}), but the text shows {had[other]}"
                text = f"Use the tag key {name} on the resource or caller, or {other} in the condition."
                note = Note("the tag", text)
                fix = Fix(
                    f"Spell the tag's key the same way on both sides: {name} or {other}", Who.RESOURCE_OWNER, note
                )
                sentence = (
                    f"In the text, {said}: the keys differ in letter case. Use the same letter case in both. Keep "
                    "the condition."
                )
                return Finding(f"{word}.{Fault.CONDITION_UNMET.value}", said, sentence, fix=fix)
    return None


def naming(action: str) -> Finding:
    """Return the finding that a policy names the action. This neither explains the denial nor proves an Allow."""
    return Finding(None, f"it names {action}", "", fact=PolicyFact.NAMES_ACTION)


def naming_on(pasted: Sequence[PastedPolicy], action: str, word: str) -> Iterator[Finding]:
    """Yield a finding if a statement names the action. If all resources can be read, the finding lists them.

    A condition that cannot be read may keep the statement from matching. ``word`` is the layer that the finding names.
    """
    for one in pasted:
        for number, (written, filled) in enumerate(zip(one.written, one.document.statements, strict=True)):
            unknown = open_elements(written) if filled.effect == "Allow" else []
            if not unknown or "Action" in unknown or not names_action(filled.action or ("*",), action):
                continue
            resources = resource_texts(written.get("Resource", "*"))
            said = f"statement {filled.sid or number + 1} names {action} on {listing(resources, limit=3)}"
            if written.get("Condition") == UNREAD_CONDITION:
                said = f"statement {filled.sid or number + 1} allows {action} only under a condition"
                sentence = (
                    f"Compare the condition in the text with the request first: {said}. The statement already "
                    "lists the action."
                )
                yield Finding(f"{word}.{Fault.CONDITION_UNKNOWN.value}", said, sentence)
                return
            yield naming(action) if {COMPUTED, "..."} & set(resources) else Finding(None, said, "")
            return


def on_some_resource(pasted: Sequence[PastedPolicy], action: str, word: str) -> Iterator[Finding]:
    """Yield a finding if a statement names the action but none of its resources can be the call's unknown one.

    ``word`` is the layer that the finding names, such as ``identity``.
    """
    allows = [
        (statement.sid or number + 1, resource_texts(written.get("Resource", "*")))
        for one in pasted
        for number, (written, statement) in enumerate(zip(one.written, one.document.statements, strict=True))
        if statement.effect == "Allow" and names_action(statement.action or ("*",), action)
    ]
    if not allows or any("*" in resources for _, resources in allows):
        yield naming(action)
        return
    which, resources = allows[0]
    if all(each == "..." for each in resources):
        return
    if (doubled := next(filter(_DOUBLED.match, resources), None)) is not None:
        yield with_one_slash(doubled, f"statement {which}", word)
        return
    known = known_action(action)
    kinds = {each.name for each in known.resource_types} if known is not None else set[str]()
    buckets = all(_BUCKET.fullmatch(each) for _, some in allows for each in some)
    if "object" not in kinds or "bucket" in kinds or not buckets:
        yield naming(action)
        return
    said = (
        f"statement {which} names {action} on {listing(resources)}, which is the bucket without its objects: add "
        f"{resources[0]}/*"
    )
    yield Finding(f"{word}.resource-mismatch", said, f"In the text's policy, {said}.")


def allowed_if_absent(pasted: Sequence[PastedPolicy], action: str, request: Request, word: str) -> Finding | None:
    """Return the only statement that allows the action, if it matches only when an unknown key is absent; else None.

    ForAllValues, …IfExists and negated operators are true without the key (IAM User Guide, "IAM JSON policy elements:
    Condition operators":
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html).
    """
    known = {*DEFAULTS, *(key.lower() for key in request.context)}
    allows = [
        (number, each)
        for one in pasted
        for number, each in enumerate(one.document.statements)
        if each.effect == "Allow" and names_action(each.action or ("*",), action)
    ]
    if len(allows) != 1:
        return None
    number, only = allows[0]
    unknown = [
        (block, parts)
        for block in only.conditions
        if block.key.lower() not in known and (parts := operator(block.operator)) is not None and parts.without_key
    ]
    if not unknown:
        return None
    which = f"statement {only.sid or number + 1}"
    where = joined([holding(block.operator, block.key, block.values) for block, _ in unknown])
    said = f"{which} allows {action} only where {where}"
    first, parts = unknown[0]
    for block, _ in unknown:
        if dead := _never_filled(block.values, request):
            variables = listing([f"${{{each}}}" for each in dead])
            said = f"{which} compares {block.key} with {variables}, which this caller's requests never have"
            named = "aws:username" in {each.lower() for each in dead}
            place = "the policy in the text"
            change = without_user_name(which, request, Who.ACCOUNT_ADMIN, place) if named else None
            sentence = f"In the policy of the text, {said}: the condition matches nothing."
            return Finding(f"{word}.{Fault.UNRESOLVED_VARIABLE.value}", said, sentence, fix=change)
    if (odd := out_of_form((block.operator, block.key, block.values) for block, _ in unknown)) is not None:
        said = f"{which} requires {odd.key} to be {listing(odd.values, 'or')}; {odd.why}"
        code, fix = f"{word}.{Fault.CONDITION_UNMET.value}", odd.fix(which, Who.ACCOUNT_ADMIN)
        return Finding(code, said, f"In the text's policy, {said}.", fix=fix)
    passing = () if parts.negated else first.values
    if parts.base == "Null":
        fix = remedy_of_null(which, first.key, first.values)
    else:
        fix = remedy_of_allow(which, first.key, passing, "the policy in the text", request.resource)
    sentence = f"In the text's policy, {said}. {of_an_index(first.key, request.resource)}".rstrip()
    return Finding(f"{word}.{Fault.CONDITION_UNKNOWN.value}", said, sentence, fix=fix)


def _never_filled(values: Iterable[str], request: Request) -> list[str]:
    """Return the variables that no request of such a caller has, and that therefore keep each value from matching.

    IAM User Guide, "IAM policy elements: Variables and tags", where you can use policy variables
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html).
    """
    kind, action = request_caller(request.principal).kind, request.action.lower()
    dead = [
        next((each for each in VARIABLES.findall(value) if presence(each.lower(), kind, action) is Presence.NEVER), "")
        for value in values
    ]
    return list(dict.fromkeys(dead)) if dead and all(dead) else []
