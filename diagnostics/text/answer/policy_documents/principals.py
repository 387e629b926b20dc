"""Find what is wrong with a principal that AWS rejects, as far as its ARN in the text shows it.

Sources: IAM User Guide, "AWS JSON policy elements: Principal" (no wildcard within a principal's ARN):
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html; IAM Identity Center User
Guide, "Referencing permission sets in resource policies, Amazon EKS cluster config maps, and AWS KMS key policies":
https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from diagnostics.text.answer.policy_documents.arn_shape import shape_fault, written_shape
from diagnostics.text.answer.policy_documents.partition_of_policy import ARN_OF_ANY, partition_of_call
from diagnostics.text.answer.policy_documents.printed_principals import printed_arn_of, written_path_of
from iam.lazy_pattern import regex
from iam.regions import known_regions

_SSO = "aws-reserved/sso.amazonaws.com/"
_PRINCIPAL = regex(
    r"arn:(?P<partition>[\w*-]+):(?:iam|sts)::(?P<account>[\w*]*):(?P<kind>role|user|assumed-role)/(?P<name>[\w+=,.@*?/-]+)"
)
_IDENTITY = regex(r"arn:aws[\w-]*:iam::\d{12}:(?:root\b|(?:role|user)/[\w+=,.@/-]+)")
_OF_CONDITION = regex(r"aws:PrincipalA(?:rn|RN)|Arn(?:Not)?Like|\bresources?\b[\"']?\s*[:=]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PrincipalFault:
    """A rejected principal.

    ``words`` are the principal's ARN as in the text, ``sentence`` says what is wrong, ``title`` what to do.
    """

    words: str
    sentence: str
    title: str
    note: str
    check: str | None = None


def principal_fault(text: str) -> PrincipalFault | None:
    """Return the first mistake in a principal's ARN in the text; None if there is none."""
    if fault := _of_a_program(text):
        return fault
    refused = _NAMED.search(text)
    if refused is not None and (fault := _impossible(refused["arn"], text)):
        return fault
    if refused is not None and (printed := printed_arn_of(refused["arn"], text)):
        return _of_another_path(refused["arn"], printed)
    if refused is not None and (written := written_path_of(refused["arn"], text)):
        return _without_path(refused["arn"], written)
    if fault := _service(text):
        return fault
    if refused is None and (shape := written_shape(text)):
        return PrincipalFault(shape.arn, shape.sentence, "Correct the ARN", shape.note)
    if refused is None and (fault := _deleted(text)):
        return fault
    for found in _IDENTITY.finditer(text) if refused is None else ():
        if fault := _of_another_partition(found[0], text):
            return fault
    for found in _PRINCIPAL.finditer(text):
        before = text[max(0, found.start() - 200) : found.start()]
        if _OF_CONDITION.search(before.rpartition("\n\n")[2][-80:]) or found["kind"] == "assumed-role":
            continue
        name = found["name"].rstrip(".")
        if "*" in name or "?" in name:
            return _wildcard(found[0], name, found["partition"], found["account"])
        if (role := re.search(r"AWSReservedSSO_[\w+=,.@-]+_[0-9a-f]{16}$", name)) and (
            fault := _permission_set(found[0], name, role[0], text)
        ):
            return fault
    found_beside = _named_beside(text) or _only_one(text) if refused is None else None
    return _of_itself(text) or _just_created(text) or found_beside


_OWN = regex(
    r"\b(?:role's|its|their) own (?:role )?ARN\b|\bnames? itself\b"
    r"|\bself-(?:assum\w+|trust\w*|reference\w*|referencing)",
    re.IGNORECASE,
)
_NOT_YET = regex(
    r"\bfirst (?:time|apply|deploy\w*|run)\b|\bdoes(?: not|n't) exist\b|\bNoSuchEntity\b|\bnew role\b", re.IGNORECASE
)


def _of_itself(text: str) -> PrincipalFault | None:
    """A role's own ARN in the trust policy with which it is created.

    IAM checks the principals of a trust policy (IAM User Guide, "AWS JSON policy elements: Principal"); Databricks,
    "Create a storage credential": the role's own ARN is added once the role exists
    (https://docs.databricks.com/aws/en/connect/unity-catalog/cloud-storage/storage-credentials).
    """
    said = _OWN.search(text)
    if said is None or not _NOT_YET.search(text):
        return None
    return PrincipalFault(
        said[0],
        "A role's trust policy cannot name the role itself while the role is being created: create the role "
        "without its own ARN, then add the ARN in a second step.",
        "Add the role's own ARN after the role was created",
        "aws iam update-assume-role-policy replaces the trust policy. To do this in one step, name the account "
        "(arn:aws:iam::ACCOUNT:root) with a condition ArnEquals on aws:PrincipalArn = the role's ARN.",
    )


# Pulumi, "Inputs and outputs" (https://www.pulumi.com/docs/iac/concepts/inputs-outputs/): the text of an output that is
# used as a string. JavaScript's own texts are those of String(value) for an object and for no value.
_OF_A_PROGRAM = regex(
    r"invalid principals? in policy: ?[\\\"'{}]*\w*[\\\"']*\s*[:=]\s*[\\\"'\[]*?"
    r"(?P<value>(?P<pulumi>Calling \[\w+\] on an \[Output<\w+>\] is not supported|OutputImpl\b)"
    r"|\[object \w+\]|undefined\b)",
    re.IGNORECASE,
)


def _of_a_program(text: str) -> PrincipalFault | None:
    """A principal that is the text of a program's object instead of its value."""
    found = _OF_A_PROGRAM.search(text)
    if found is None:
        return None
    value, how = found["value"], "Build the document from the value, not from the object that has it."
    if found["pulumi"]:
        how = "An Output has its value only in apply: use pulumi.jsonStringify or output.apply(v => …)."
    return PrincipalFault(
        " ".join(found[0].split()),
        f"The program put this text into the policy as the principal, instead of an ARN: “{value}”. {how}",
        "Put the principal's ARN into the policy instead of the program's text",
        "Print the document before it is sent. IAM accepts an ARN, an account number or a service as principal.",
    )


_SERVICE = regex(
    r"invalid principals? in policy: ?[\\\"'{}]*SERVICE[\\\"']*\s*[:=]\s*[\\\"'\[]*"
    r"(?P<name>[a-z0-9.-]+\.amazonaws\.com(?:\.cn)?|[a-z][a-z0-9.-]*[a-z0-9](?=[\\\"'\]}\s]))"
    r"|invalid principals? in policy: ?[\\\"'{}]*AWS[\\\"']*\s*[:=]\s*[\\\"'\[]*"
    r"(?P<as_account>[a-z0-9.-]+\.amazonaws\.com(?:\.cn)?)",
    re.IGNORECASE,
)


def _service(text: str) -> PrincipalFault | None:
    """A service principal that IAM does not accept.

    IAM User Guide, "AWS JSON policy elements: Principal", AWS service principals: the service defines its principal's
    name (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html).
    """
    found = _SERVICE.search(text)
    if found is None:
        return None
    from iam.known_principals import is_known_principal, nearest_principal

    if name := found["as_account"]:
        return PrincipalFault(
            " ".join(found[0].split()),
            f"{name} is a service, and the policy names it under AWS, which takes accounts, roles and users: write "
            f'"Principal": {{"Service": "{name}"}}.',
            f"Name {name} under Service in place of AWS",
            "The rest of the statement stays as it is. Waiting or creating a role does not help.",
        )
    name = found["name"]
    if not name.endswith((".com", ".com.cn")):
        full = f"{name}.amazonaws.com"
        meant = full if is_known_principal(full) else nearest_principal(full) or "SERVICE.amazonaws.com"
        return PrincipalFault(
            " ".join(found[0].split()),
            f"The policy names the service as {name} only: a service principal is a name with its domain. Write "
            f"{meant} in place of {name}.",
            f"Replace {name} with {meant} in the policy's Principal",
            "Correct it in the template or construct that builds the document. Creating a role does not help.",
        )
    near = None if is_known_principal(name) else nearest_principal(name)
    meant = f" Perhaps {near} is meant." if near else ""
    return PrincipalFault(
        " ".join(found[0].split()),
        f"IAM does not accept {name} as a service principal, because no service assumes roles under this name "
        f"here.{meant}",
        f"Replace {name} with the principal of the service that uses the role",
        "Each service's documentation names the service's principal where it explains how to create a role for the "
        "service. Lists published by others contain names that no policy accepts. Waiting or changing Version does "
        "not help.",
    )


# A unique ID that is neither that of a session (AROA…:NAME) nor a value in an answer with an identity's ID.
_UNIQUE_ID = regex(r"(?<![A-Za-z0-9/+])(?P<id>(?P<kind>AROA|AIDA)[A-Z0-9]{12,28})(?![A-Za-z0-9:])")
_ID_OF_ANSWER = regex(r"[\"']?(?:User|Role|unique)_?[Ii]d[\"']?\s*[:=]\s*[\"']?$")


def _deleted(text: str) -> PrincipalFault | None:
    """The unique ID of a deleted role or user as a principal, which IAM rejects when the policy is saved again.

    IAM User Guide, "AWS JSON policy elements: Principal": IAM shows the ID once the principal is deleted
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html).
    """
    for found in _UNIQUE_ID.finditer(text):
        if _ID_OF_ANSWER.search(text[max(0, found.start() - 30) : found.start()]):
            continue
        kind = "role" if found["kind"] == "AROA" else "user"
        return PrincipalFault(
            found["id"],
            f"Remove {found['id']} from the policy: it is the unique ID of a deleted {kind}. IAM shows this ID "
            "instead of the ARN, and rejects the ID when the policy is saved again.",
            f"Remove {found['id']} from the policy",
            f"If the {kind} exists again under its old name, write its ARN instead of the ID. Otherwise delete the "
            "ID, or the statement if it has no other principal. The old name is in the policy's source or its "
            "history.",
        )
    return None


_BESIDE = regex(
    r"(?P<arn>arn:[\w-]+:iam::\d{12}:(?:role|user)/[\w+=,.@/-]+)[^\x1e]{0,300}?"
    r"(?:principalArn is invalid|principal ARN[^\n]{0,40}(?:invalid|does not exist))",
    re.IGNORECASE,
)


def _named_beside(text: str) -> PrincipalFault | None:
    """The principal that another error in the text names, if the error about the policy names none."""
    found = _BESIDE.search(text)
    if found is None:
        return None
    arn = found["arn"].rstrip(".,)")
    kind, _, name = arn.rpartition(":")[2].partition("/")
    return PrincipalFault(
        " ".join(found[0].split())[-96:],
        f"AWS does not accept a principal of the policy. Another error in the text names {arn}: first check "
        f"whether the policy also names this {kind}, and whether it exists in the account.",
        f"Name an existing {kind} instead of {arn}",
        f"First create the {kind}, or set the ARN of an existing {kind}, with its path, in the setting that the "
        "program reads.",
        f"aws iam get-{kind} --{kind}-name {name.rpartition('/')[2]} --query {kind.title()}.Arn --output text",
    )


_OF_POLICY = regex(
    r"\bPrincipals?\b[\"']?\s*[:=](?P<value>(?:(?!\b(?:Action|Resource|Effect|Condition|Sid)\b)[\s\S]){0,600})"
)
_WITH_NAME = regex(
    r"arn:(?:aws[\w-]*|\$\{[\w:.]+\}):iam::(?:\d{12}|\$\{[\w:.]+\}):(?P<kind>role|user)/(?P<name>[\w+=,.@/-]+)"
)


def _only_one(text: str) -> PrincipalFault | None:
    """The only role or user among the principals of the policy in the text, if the error names none.

    IAM User Guide, "AWS JSON policy elements: Principal": a role or user that a policy names must exist
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html).
    """
    values = [found["value"] for found in _OF_POLICY.finditer(text)]
    named = {(found["kind"], found["name"]): found[0] for each in values for found in _WITH_NAME.finditer(each)}
    if len(named) != 1:
        return None
    (kind, name), arn = next(iter(named.items()))
    return PrincipalFault(
        arn,
        f"AWS does not accept a principal of the policy, most likely the {kind} {name}, the only role or user that "
        f"the policy in the text names. Check whether this {kind} exists in that account, with this path and "
        "letter case.",
        f"Name an existing {kind} instead of {name}, or create {name} first",
        f"Use the ARN of an existing {kind}, or leave out the statement if another statement already gives this "
        "access (in a key policy, a statement for the account's root delegates to IAM policies).",
        f"aws iam get-{kind} --{kind}-name {name.rpartition('/')[2]} --query {kind.title()}.Arn --output text",
    )


_BUILT = regex(r"\barn:\$\{[^}\n]{1,60}\}(?:::(?:iam|sts)|:(?:iam|sts):(?!:))[^\s\"'`,]{0,60}")
"""An ARN with a variable as its partition, and a colon too many or too few beside the service."""
_NAMED = regex(
    r"invalid principals?(?: in policy)?: ?[\\\"'{}\w]*[:=]?\s*[\\\"'\[]*(?P<arn>arn:[\w*-]*:[^\s\"'\\,}\]]+)",
    re.IGNORECASE,
)


def _impossible(arn: str, text: str) -> PrincipalFault | None:
    """Return the fault of an ARN that no policy of the account can name as a principal; None for other ARNs.

    Such an ARN is impossible whether or not the principal exists.
    """
    if shape := shape_fault(arn):
        built = _BUILT.search(text)
        where = f" The text builds it as {built[0]}…" if built else ""
        return PrincipalFault(arn, shape.sentence, "Correct the ARN", f"{shape.note}{where}")
    if arn.count(":") < 3:
        return None
    session = _PRINCIPAL.match(arn)
    if session is not None and session["kind"] == "assumed-role" and re.search(r"[*?]", session["name"]):
        return _sessions(arn, session)
    service = arn.split(":", 3)[2]
    if service not in ("iam", "sts"):
        called = f"{service}.amazonaws.com"
        usual = f'"Principal": {{"Service": "{called}"}}, or ' if service in _ASSUMES else ""
        return PrincipalFault(
            arn,
            f"The ARN of a resource of {service} is never a principal: a policy names a role, a user, an account or a "
            f"service ({called if service in _ASSUMES else 'SERVICE.amazonaws.com'}).",
            "Name the service, or the role that it uses",
            f"In a role's trust policy, write {usual}the principal of the service that should assume the role. To "
            "limit the trust to one resource, put the resource's ARN into a condition on aws:SourceArn.",
        )
    return _of_another_partition(arn, text)


def _of_another_partition(arn: str, text: str) -> PrincipalFault | None:
    """A principal in a different partition from the text's caller or Region."""
    had = arn.split(":", 2)[1]
    others = re.sub(rf"arn:{re.escape(had)}:iam::", " ", text)
    if not (there := partition_of_call(others, had)):
        return None
    return PrincipalFault(
        arn,
        f"The principal is in the partition {had}, but the policy is in the partition {there}: a policy cannot "
        "trust an identity in another partition, even if that identity exists. Waiting does not help.",
        f"Use an identity of the partition {there}",
        f"Write arn:{there}: for the principals and resources of that partition. {ARN_OF_ANY} An account of {had} does "
        f"not exist there: create a role or user in an account of {there}, or let the caller sign in there with OIDC "
        "or SAML, and name that identity.",
    )


def _of_another_path(arn: str, printed: str) -> PrincipalFault:
    return PrincipalFault(
        arn,
        f"The policy names {arn}, but in IAM the ARN is {printed}: write that ARN, exactly with its path and "
        "letter case.",
        f"Name {printed} in the policy",
        f"Write {printed} instead of {arn}. You need no further permission to write the policy.",
    )


def _without_path(arn: str, written: str) -> PrincipalFault:
    return PrincipalFault(
        arn,
        f"The policy names {arn} without a path, but the text shows that the path is part of this ARN: write "
        f"{written}.",
        f"Name {written} in the policy",
        "In Terraform, use the role's attribute arn, and in CloudFormation !GetAtt ROLE.Arn: both include the path.",
    )


_ASSUMES = ("lambda", "states", "ec2", "glue", "codebuild", "codepipeline", "scheduler")
"""Services with one name in ARNs and service principals. For example, lambda has the principal lambda.amazonaws.com."""
_MADE = r"(?:\bcreat\w*|\bchanged|CREATE_COMPLETE|\badded)\b"


def _just_created(text: str) -> PrincipalFault | None:
    """A principal that the text creates before the policy that names it.

    IAM User Guide, "Changes that I make are not always immediately visible"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency).
    """
    if again := _WORKS_AGAIN.search(text):
        return PrincipalFault(
            " ".join(again[0].split())[:96],
            "The call works when it is run again, so the principal exists: AWS could not find the new principal "
            "yet when the policy was written.",
            "Run the call again, and keep the policy as it is",
            "AWS finds a new role or user only after a few seconds. Let the program wait or try again after it "
            "creates a role or user.",
        )
    refused = _REFUSED.search(text)
    before = text[: refused.start()] if refused else ""
    for arn in dict.fromkeys(found[0] for found in _PRINCIPAL.finditer(text[len(before) :])):
        name = arn.rpartition("/")[2]
        made = re.search(
            rf"[^\n]{{0,160}}{_MADE}[^\n]{{0,160}}(?<![\w+=,.@-]){re.escape(name)}(?![\w+=,.@-])"
            rf"|create-(?:role|user)\b[^\n]{{0,160}}(?<![\w+=,.@-]){re.escape(name)}(?![\w+=,.@-])"
            rf"|(?<![\w+=,.@-]){re.escape(name)}(?![\w+=,.@-])[^\n]{{0,120}}(?:\bcreated\b|Creation complete)",
            before,
        )
        if made is not None:
            return PrincipalFault(
                " ".join(made[0].split())[:96],
                f"The text creates {arn} just before the policy that names it: most likely AWS could not find it yet.",
                "Run the call again, and keep the policy as it is",
                "A new role or user takes a few seconds to be found. Let the program wait or try again after it "
                "creates a role or user.",
            )
    return _created_in_prose(before)


_IN_PROSE = regex(
    r"[^.\n]{0,60}\b(?:creat(?:es?|ed|ing)|makes?)\b[^.\n]{0,30}\b(?:IAM )?(?P<kind>user|role)s?\b[^.\n]{0,40}"
    r"\b(?:in the same|right after|directly after|immediately|and then|in one) [^.\n]{0,40}"
    r"|aws_iam_(?P<of_type>user|role)\.\S+ Creation complete[^\n]{0,40}",
)
_LONG_SINCE = regex(
    r"\b(?:yesterday|ago|last|weeks?|months?|years?|days?|already|before)\b|n['’]t\b|\bnot\b", re.IGNORECASE
)


def _created_in_prose(before: str) -> PrincipalFault | None:
    """A user or role that the author, or Terraform, says is created in the same run; None if there is none."""
    for found in _IN_PROSE.finditer(before):
        if not _LONG_SINCE.search(found[0]):
            kind = found["kind"] or found["of_type"]
            return PrincipalFault(
                " ".join(found[0].split())[:96],
                f"Most likely AWS could not find the new {kind} yet: the same run creates it just before the policy "
                "that names it.",
                "Run the call again, and keep the policy as it is",
                f"A new {kind} takes a few seconds to be found. Let the program wait between the two (Terraform: "
                "time_sleep with depends_on), or try again. If the call fails again, compare the principal's ARN.",
            )
    return None


_TRY = r"(?:time|run|apply|attempt|try)"
_WORKS = r"\b(?:works?|worked|succeeds?|succeeded|passes|passed)\b"
_WORKS_AGAIN = regex(
    rf"\b(?:second|2nd|next) {_TRY}\b[^.\n]{{0,40}}{_WORKS}|{_WORKS}[^.\n]{{0,30}}\b(?:second|2nd|next) {_TRY}\b"
    rf"|\b(?:re-?run(?:ning)?|(?:apply|run)(?:ing|ning)?(?: it)? again)\b[^.\n]{{0,30}}{_WORKS}",
    re.IGNORECASE,
)
_REFUSED = regex(
    r"MalformedPolicy|Invalid principal|invalid principals|InvalidPolicy|unsupported principal|PrincipalNotFound",
    re.IGNORECASE,
)


def _sessions(arn: str, session: re.Match[str]) -> PrincipalFault:
    role = f"arn:{session['partition']}:iam::{session['account']}:role/{session['name'].partition('/')[0]}"
    return PrincipalFault(
        arn,
        f"A principal cannot match sessions with a wildcard: name the sessions' role, {role}, which must exist in that "
        "account.",
        f"Name {role} in the policy",
        "A role as principal includes all of its sessions. If the account has no such role, the role is in an "
        "account that an AWS service owns: use the full ARN of one session as the principal, or another identity.",
        f"aws iam get-role --role-name {session['name'].partition('/')[0]} --query Role.Arn --output text",
    )


def _wildcard(arn: str, name: str, partition: str, account: str) -> PrincipalFault:
    role = name.rpartition("/")[2]
    path = f"{_SSO}*" if role.startswith("AWSReservedSSO_") else ""
    meant = f"arn:{partition}:iam::{account}:role/{path}{role}" if path else arn
    return PrincipalFault(
        arn,
        f"A principal's ARN cannot contain a wildcard: AWS looks for a role or user with exactly the name {arn}.",
        "Name the exact ARN, or match aws:PrincipalArn in a condition",
        f'Principal "*" (with type AWS) and the condition ArnLike on aws:PrincipalArn = {meant}.',
    )


def _assigned_again(role: str, text: str) -> str:
    """The only other role of the same permission set in the text; "" if there is none, or more than one."""
    others = set(re.findall(rf"{re.escape(role.rpartition('_')[0])}_[0-9a-f]{{16}}(?![0-9a-f])", text)) - {role}
    return others.pop() if len(others) == 1 else ""


def _permission_set(arn: str, name: str, role: str, text: str) -> PrincipalFault | None:
    """Return the fault of an ARN that names the role of a permission set; None if there is none.

    The role's path contains the Region of IAM Identity Center, except for us-east-1.
    """
    read = f"aws iam get-role --role-name {role} --query Role.Arn --output text"
    regions = [each for each in known_regions() if each != "us-east-1" and re.search(rf"\b{each}\b", text)]
    region = regions[0] if len(regions) == 1 else "REGION"
    if current := _assigned_again(role, text):
        return PrincipalFault(
            arn,
            f"The policy names {role}, but the text also has {current}. Most likely the permission set was created "
            "or assigned again, which creates a new role, so the old role no longer exists.",
            "Name the permission set's current role",
            f"Name the ARN of {current}. To be independent of the suffix, name the account as principal, with ArnLike "
            f"on aws:PrincipalArn = …/{current.rpartition('_')[0]}_*.",
            f"aws iam get-role --role-name {current} --query Role.Arn --output text",
        )
    if not name.startswith(_SSO):
        missing = f"lacks the path {_SSO}{region}/"
    elif name == f"{_SSO}{role}":
        missing = f"outside us-east-1 such a path ends with Identity Center's Region ({_SSO}{region}/)"
    else:
        return None
    return PrincipalFault(
        arn,
        f"AWS finds no role with this ARN. The ARN looks like that of a permission set's role, but {missing}.",
        "Write the role's ARN as IAM shows it",
        f"Get the ARN with {read}. A tool that builds the ARN itself must read the ARN instead.",
        read,
    )
