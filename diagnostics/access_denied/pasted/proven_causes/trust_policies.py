"""Trust policies and tokens: whom a role trusts, and what the text shows about the caller."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from fnmatch import fnmatchcase

from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.access_denied.pasted.proven_causes.service_conditions import of_a_services_conditions
from diagnostics.access_denied.pasted.provider_audiences import listed_audiences
from diagnostics.access_denied.request.determined.role_receiver import passed_to
from diagnostics.failure import Denial
from diagnostics.fix import Fix, Note, ShellCommand
from diagnostics.text.near_pairs.similarity import edits
from diagnostics.text.read.author.remarks import Remark, remark_of
from diagnostics.who import Who
from iam.arn import account_of, name_of
from iam.facts.service_principals import short_principal
from iam.facts.service_roles.lookup import trust_needs
from iam.known_principals import is_known_principal
from iam.lazy_pattern import regex
from iam.passed_roles import KIN_SERVICES
from iam.policy.decision import Fault
from iam.policy.document import Document
from iam.policy.match import names_action
from iam.policy.statements import Statement
from iam.words import listing


def _keys_of_an_account(service: str) -> tuple[str, ...]:
    """Return the condition keys with which the service sends the account for which it assumes the role.

    Amazon Data Firehose Developer Guide, "Controlling access": Firehose also sends the account as the external ID
    (https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html).
    """
    of_firehose = ("sts:externalid",) if service == "firehose.amazonaws.com" else ()
    return ("aws:sourceaccount", "aws:sourcearn", *of_firehose)


def _of_the_account(denial: Denial, service: str, trusts: Iterable[Statement]) -> Finding | None:
    """Return a finding if every statement for the service requires a different account from the role's; else None.

    As a rule, a service assumes a role for resources of the role's own account (IAM User Guide, "The confused deputy
    problem": https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html).
    """
    own = account_of(denial.resource or "")
    wrong = []
    for each in trusts:
        if _named_as(service, each) is None:
            continue
        other = [
            (block.key, value)
            for block in each.conditions
            if block.key.lower() in _keys_of_an_account(service) and "Not" not in block.operator
            for value in block.values
            if (named := account_of(value) or (value if value.isdecimal() else None)) and named != own
        ]
        if not other:
            return None
        wrong.append(other[0])
    if own is None or not wrong:
        return None
    key, value = wrong[0]
    said = f"the trust policy names {service}, but only if {key} is {value}, whereas the role is in account {own}"
    note = Note("the trust policy in the text", f"Write the account {own} in {key}. Keep the condition.")
    return Finding(
        f"trust.{Fault.CONDITION_UNMET.value}",
        said,
        f"In the text, {said}. As a rule, a service assumes a role for resources in the role's own account.",
        fix=Fix(f"Let {key} name the role's account", Who.RESOURCE_OWNER, note),
    )


_SENT_EXTERNAL_ID = regex(
    r"\b[Ee]xternal_?[Ii][Dd]\b(?<!sts:ExternalId)[\"']?\s*[:=]\s*[\"'](?P<value>[\w+=,.@:/-]{2,})[\"']"
)


def _of_the_external_id(denial: Denial, service: str, trusts: Iterable[Statement]) -> Finding | None:
    """Return a finding if the service's configuration in the text has another external ID than its trust policy.

    Amazon Cognito User Pools API Reference, "SmsConfigurationType", ExternalId
    (https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SmsConfigurationType.html).
    """
    sent = {each["value"] for each in _SENT_EXTERNAL_ID.finditer(denial.pasted or denial.text)}
    wanted = {
        value
        for each in trusts
        if _named_as(service, each) is not None
        for block in each.conditions
        if block.key.lower() == "sts:externalid" and "Not" not in block.operator
        for value in block.values
    }
    if len(sent) != 1 or not wanted or sent & wanted:
        return None
    value = sent.pop()
    said = (
        f"the trust policy requires the external ID {listing(sorted(wanted))}, and the service is set up with {value}"
    )
    note = Note(
        "the trust policy in the text", f"Write {value} in sts:ExternalId, or set up the service with the other."
    )
    return Finding(
        f"trust.{Fault.CONDITION_UNMET.value}",
        said,
        f"In the text, {said}.",
        fix=Fix("Write the same external ID on both sides", Who.RESOURCE_OWNER, note),
    )


def _named_as(service: str, trust: Statement) -> str | None:
    """Return the service's principal as a trust policy names it, perhaps with China's suffix.

    None if the policy does not name the service.
    """
    named = (value for kind, value in trust.principal or () if kind == "Service")
    return next((each for each in named if each in (service, f"{service}.cn")), None)


_PODS = "pods.eks.amazonaws.com"


def of_pod_identity(denial: Denial, documents: Iterable[Document]) -> Finding | None:
    """Return the finding that a trust policy for EKS Pod Identity allows sts:AssumeRole without sts:TagSession.

    None if there is no such trust policy. One that trusts everybody counts only for a call of EKS Pod Identity.
    """
    trusts = [each for document in documents for each in document.statements if each.effect == "Allow"]
    asked = (denial.action or "").lower().startswith(("eks-auth:", "sts:assumerole", "sts:tagsession"))
    named = any(_named_as(_PODS, each) for each in trusts)
    asked = asked and (named or (denial.action or "").lower().startswith("eks-auth:"))
    return _of_left_out_actions(_PODS, trusts) if asked else None


def _of_left_out_actions(principal: str, allows: Iterable[Statement]) -> Finding | None:
    """Return a finding if Allow statements for a service lack an action that it needs in addition to sts:AssumeRole.

    `trust_needs` has the actions of each service and their page. None if nothing is missing, or if no statement lets
    the service assume the role.
    """
    own = [
        each
        for each in allows
        if any(value in (principal, f"{principal}.cn", "*") for _, value in each.principal or ())
    ]
    needed = trust_needs(principal)
    missing = [name for name in needed if not any(names_action(each.action or (), name) for each in own)]
    if not missing or "sts:AssumeRole" in missing or any(each.not_action for each in own):
        return None
    said = f"the trust policy lets {principal} perform sts:AssumeRole, but not {listing(missing, 'or')}"
    count = "both" if len(needed) == 2 else f"all {len(needed)}"
    kept = " Keep the conditions." if any(each.conditions for each in own) else ""
    note = Note("the trust policy in the text", f'Write "Action": {json.dumps(needed)}.{kept}')
    return Finding(
        f"trust.{Fault.NO_ACTION.value}",
        said,
        f"In the text, {said}: the service needs {count} actions.",
        fix=Fix(f"Let the trust policy allow {listing(missing)}, too", Who.RESOURCE_OWNER, note),
    )


_TASKS = {"ecs": "ecs-tasks"}
"""The service that a message about a task role names, and the service principal that assumes task roles."""


_OF_A_PART = ("build.apprunner", "tasks.apprunner")
"""Service principals of a service's parts. The kind of role in the message shows which part is meant."""
_SURE = ("lambda", "ecs-tasks", "scheduler", *_OF_A_PART)
"""Services whose own messages say which part of the service makes the call."""


def of_services_trust(denial: Denial, documents: Iterable[Document]) -> Finding | None:
    """Return what the text's trust policy says about the service that cannot assume the role; None if there is none.

    A new role, or a change to its trust policy, takes a few seconds to reach every service (IAM User Guide, "Changes
    that I make are not always immediately visible":
    https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency).
    """
    name = _TASKS.get(denial.service or "", denial.service)
    service = (None if denial.service in _OF_A_PART else passed_to(denial)) or f"{name}.amazonaws.com"
    kin = {denial.service, *KIN_SERVICES.get(denial.service or "", ())}
    trusts = [
        each
        for document in documents
        for each in document.statements
        if each.effect == "Allow" and names_action(each.action or (), "sts:AssumeRole") and each.principal
    ]
    if not denial.service or not trusts:
        return None
    allows = [each for document in documents for each in document.statements if each.effect == "Allow"]
    if (left_out := _of_left_out_actions(service, allows)) is not None:
        return left_out
    open_ = [each for each in trusts if not each.conditions]
    if any(_named_as(service, each) is not None for each in open_):
        trusts = open_
    if any(each.conditions for each in trusts):
        differs = _of_the_external_id(denial, service, trusts)
        return differs or of_a_services_conditions(service, trusts) or _of_the_account(denial, service, trusts)
    named = list(dict.fromkeys(value for each in trusts for kind, value in each.principal or () if kind == "Service"))
    if (trusted := next(filter(None, (_named_as(service, each) for each in trusts)), None)) is not None:
        said = f"the trust policy names {trusted}, as it must"
        if (unassociated := _not_associated(denial, said)) is not None:
            return unassociated
        if remark_of(denial.pasted or denial.text, Remark.LASTS) is not None:
            return _not_the_document(denial, trusted, said)
        sentence = (
            f"Wait a few seconds and try again. The trust policy in the text names {trusted}, and a new role or "
            "trust policy takes a few seconds to reach every service. No policy has to change. If the call still "
            "fails after a minute, compare the role's current trust policy with the text."
        )
        fix = Fix(
            "Wait a few seconds, and try again", Who.CALLER, Note("the call", "A script should wait or try again.")
        )
        return Finding(None, said, sentence, settles=True, fix=fix)
    if denial.service not in _SURE and kin.intersection(map(short_principal, named)):
        return None  # a different part of the same service: it is unknown which of them calls
    people = list(dict.fromkeys(value for each in trusts for kind, value in each.principal or () if kind == "AWS"))
    if not named and (len(trusts) > 1 or not people or denial.service not in _OWN_PRINCIPAL):
        return None
    said = f"the trust policy names {listing(named or people)}, not {service}"
    kept = [each for each in named if is_known_principal(each)]
    names = json.dumps([*kept, service] if kept else service)
    rest = (
        f" Before you remove {listing(kept, 'or')} from the trust policy, make sure that the service no longer uses "
        "this role."
        if kept
        else ""
    )
    change = (
        f'Write "Principal": {{"Service": {names}}}.{rest}' if named else f'Add "Service": {names} to its Principal.'
    )
    note = Note("the trust policy in the text", change)
    return Finding(
        f"trust.{Fault.PRINCIPAL_MISMATCH.value}",
        said,
        f"In the text, {said}.",
        fix=Fix(f"Let the role's trust policy name {service}", Who.RESOURCE_OWNER, note),
    )


_OWN_PRINCIPAL = frozenset({"sagemaker", "lambda", "ecs", "ecs-tasks", "glue", "codebuild", "codepipeline", "states"})
"""Services that assume a role with their own principal, so that an account in its trust policy does not let them."""


def _not_the_document(denial: Denial, trusted: str, said: str) -> Finding:
    """Return what to compare if a service keeps failing to assume a role that trusts it, according to the text."""
    role = name_of(denial.resource or "") or "ROLE"
    sentence = (
        f"The trust policy in the text names {trusted}, as it must, but the failure continues. Most likely another "
        "role or trust policy is used. Look up the role that the service is set to use, and compare that role and "
        "its current trust policy with the text."
    )
    read = (
        f"aws iam get-role --role-name {role} --query 'Role.[Arn,AssumeRolePolicyDocument]'\n"
        "aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=AssumeRole"
    )
    fix = Fix("Compare the role that the service uses with the text", Who.RESOURCE_OWNER, ShellCommand(role, read))
    return Finding(None, said, sentence, settles=True, fix=fix)


_OF_REDSHIFT = regex(
    r"arn:[\w-]+:(?P<service>redshift(?:-serverless)?):(?P<region>[a-z0-9-]+):\d{12}:(?:dbuser:)?(?P<name>[\w-]+)"
)


_SERVERLESS = regex(r"\b(?:serverless|workgroup|namespace)\b", re.IGNORECASE)


def _not_associated(denial: Denial, said: str) -> Finding | None:
    """Return what to check for a role that Redshift cannot assume, although its trust policy names the service.

       Amazon Redshift Management Guide, "Authorizing Amazon Redshift to access AWS services on your behalf": the role
    must also be associated with the cluster
    (https://docs.aws.amazon.com/redshift/latest/mgmt/authorizing-redshift-service.html).
    """
    shown = regex(r"\bin-sync\b").search(denial.pasted or denial.text)
    if not (denial.service or "").startswith("redshift") or shown:
        return None
    user, role = _OF_REDSHIFT.search(denial.text), denial.resource or "ROLE_ARN"
    region = f" --region {user['region']}" if user else ""
    if denial.service == "redshift-serverless" or _SERVERLESS.search(denial.pasted or denial.text):
        what, name = "the namespace", "NAMESPACE"
        read = f"aws redshift-serverless get-namespace --namespace-name {name}{region} --query namespace.iamRoles"
        add = (
            f"aws redshift-serverless update-namespace --namespace-name {name}{region} --iam-roles {role}  # with "
            f"those "
            "that it has"
        )
    else:
        what, name = "the cluster", user["name"] if user else "CLUSTER"
        read = f"aws redshift describe-clusters --cluster-identifier {name}{region} --query 'Clusters[0].IamRoles'"
        add = f"aws redshift modify-cluster-iam-roles --cluster-identifier {name}{region} --add-iam-roles {role}"
    sentence = (
        f"Most likely the role is not associated with {what}{f' {name}' if user and name != 'NAMESPACE' else ''}. "
        f"The trust policy in the text is right, but Redshift uses only roles that are associated with {what}. If "
        "the role is associated, wait: a new role or trust policy takes a few seconds to take effect."
    )
    fix = Fix(
        f"Associate the role with {what}, if it is not associated",
        Who.RESOURCE_OWNER,
        ShellCommand(role, f"{read}\n{add}"),
    )
    return Finding(None, said, sentence, settles=True, fix=fix)


_UNMAPPED = regex(
    r"attributes failed to be mapped into session tags\. Issuer: \[(?P<issuer>[^\]]*)\]; "
    r"Subject: \[(?P<subject>[^\]]*)\]; SAN: \[(?P<san>[^\]]*)\]"
)


_FIELDS = {"issuer": "x509Issuer", "subject": "x509Subject", "san": "x509SAN"}


_SUBJECT = regex(r"^[ \t]*subject[ \t]*=[ \t]*(?P<parts>[^\n]{1,400})", re.IGNORECASE | re.MULTILINE)


_NO_TAG = regex(r"[^\w\s.:/=+\-@]")


def of_a_certificate(denial: Denial) -> Finding | None:
    """Return the certificate attributes that IAM Roles Anywhere could not turn into session tags.

    None if there are none.

    IAM Roles Anywhere User Guide, "Attribute mapping"
    (https://docs.aws.amazon.com/rolesanywhere/latest/userguide/attribute-mapping.html); the characters allowed in a
    tag's value: STS API reference, "Tag" (https://docs.aws.amazon.com/STS/latest/APIReference/API_Tag.html).
    """
    text = denial.pasted or denial.text
    found = _UNMAPPED.search(text)
    failed = [(name, part) for name in _FIELDS for part in found[name].split()] if found else []
    if not failed:
        return None
    which = listing([f"{name.title() if name != 'san' else 'SAN'} {part}" for name, part in failed])
    shown = ""
    if (subject := _SUBJECT.search(text)) and any(name == "subject" for name, _ in failed):
        names = [part for name, part in failed if name == "subject"]
        values = dict(re.findall(r"(?:^|,[ \t]*)(\w+)[ \t]*=[ \t]*([^,]+)", subject["parts"]))
        bad = {name: sorted(set(_NO_TAG.findall(values.get(name, "")))) for name in names}
        shown = "".join(
            f" The {name} “{values[name].strip()}” has {listing(letters)}." for name, letters in bad.items() if letters
        )
    said = f"IAM Roles Anywhere could not turn the certificate's {which} into a session tag"
    sentence = (
        f"{said[0].upper()}{said[1:]}: a tag's value can contain only letters, digits, spaces and _ . : / = + - @, and "
        f"at most 256 characters.{shown} No policy is the cause, and neither is the trust anchor."
    )
    name, part = failed[0]
    change = (
        "Issue a certificate in which this field has only the allowed characters. Or remove the mapping: aws "
        f"rolesanywhere delete-attribute-mapping --profile-id PROFILE --certificate-field {_FIELDS[name]} "
        f"--specifiers {part}. Conditions on aws:PrincipalTag/{_FIELDS[name]}/{part} then match nothing."
    )
    fix = Fix("Change the certificate, or the profile's mapping", Who.RESOURCE_OWNER, Note("the certificate", change))
    return Finding(None, said, sentence, settles=True, fix=fix)


_AUDIENCE = regex(
    r"\baud(?:ience)?(?:[\"']?[ \t]*[:=][ \t]*|[ \t]{2,})[\"']?(?P<aud>[^\s\"',}\]]{4,200})", re.IGNORECASE
)


_TYPO = 2


def of_an_audience(denial: Denial) -> Finding | None:
    """Return the token's audience if the identity provider in the text does not list that audience; else None."""
    text = denial.pasted or denial.text
    listed = listed_audiences(text)
    if "token audience" not in text or listed is None:
        return None
    ids, (start, end) = listed.ids, listed.span
    shown = {found["aud"] for found in _AUDIENCE.finditer(text[:start] + text[end:])}
    if len(shown) != 1 or (had := shown.pop()) in ids:
        return None
    said = f"the token's audience is {had}, but the identity provider lists {listing(ids)}"
    title = "Make the token's audience one that the provider lists"
    add = f"Add {had} to the provider's client IDs (aws iam add-client-id-to-open-id-connect-provider)"
    required = re.search(rf":aud\b[\"']?\s*(?:==?|:|is)?\s*\[?\s*[\"']?{re.escape(had)}(?![\w-])", text) is not None
    near = next((each for each in ids if edits(had, each, 2) <= _TYPO), None)
    who, place = (Who.CALLER, "the token")
    if required and near is not None:
        title, who, place = "Correct the audience in the identity provider", Who.ACCOUNT_ADMIN, "the provider"
        change = (
            f"{add}, and remove {near}, which differs from it in few characters (aws iam "
            "remove-client-id-from-open-id-connect-provider). The trust policy requires the token's audience already."
        )
    elif required:
        change = (
            f"{add}: the trust policy already requires it. Or request a token with the audience {ids[0]}, and write "
            "that audience into the trust policy, too."
        )
    else:
        change = f"Request a token with the audience {ids[0]}, or add {had} to the provider's client IDs."
    fix = Fix(title, who, Note(place, change))
    return Finding(None, said, f"In the text, {said}.", leads=True, fix=fix)


_SAML_ENDPOINTS = {
    "aws": "https://signin.aws.amazon.com/saml",
    "aws-us-gov": "https://signin.amazonaws-us-gov.com/saml",
    "aws-cn": "https://signin.amazonaws.cn/saml",
}


def of_a_saml_endpoint(denial: Denial, documents: Iterable[Document]) -> Finding | None:
    """Return a finding if a trust policy requires the sign-in endpoint of another partition as SAML:aud; else None.

    IAM User Guide, "Configure SAML assertions for the authentication response"; AWS GovCloud (US) User Guide, "AWS IAM
    in AWS GovCloud (US)" (https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/govcloud-iam.html).
    """
    if (denial.action or "").lower() != "sts:assumerolewithsaml":
        return None
    for document in documents:
        for each in document.statements:
            federated = [value for kind, value in each.principal or () if kind == "Federated"]
            providers = [value.split(":")[1] for value in federated if ":" in value]
            asked = [value for block in each.conditions if block.key.lower() == "saml:aud" for value in block.values]
            right = _SAML_ENDPOINTS.get(providers[0]) if len(set(providers)) == 1 else None
            others = [value for partition, value in _SAML_ENDPOINTS.items() if value != right]
            if right is None or not asked or not all(value in others for value in asked):
                continue
            said = f"the trust policy requires SAML:aud {listing(asked)}, but the provider is in {providers[0]}"
            note = Note(
                "the trust policy in the text",
                f"Write {right} for SAML:aud. The identity provider must also send its assertion to this URL "
                "(recipient).",
            )
            fix = Fix(f"Let SAML:aud be {right}", Who.RESOURCE_OWNER, note)
            return Finding(f"trust.{Fault.CONDITION_UNMET.value}", said, f"In the text, {said}.", fix=fix)
    return None


_PHASE = regex(r":run_phase:(?P<phase>plan|apply)[\"']")


_PHASE_FAILS = regex(
    r"\b(?P<phase>plan|apply)\b(?:\s+(?:is|=|:|run|phase|step|stage)){0,2}\W{1,4}(?:red\b|fail|error|denied|refused"
    r"|breaks)",
    re.IGNORECASE,
)


def of_a_run_phase(denial: Denial) -> Finding | None:
    """Return a finding if a trust policy accepts only the tokens of HCP Terraform's other run phase; else None.

       HCP Terraform documentation, "Dynamic credentials", workload identity tokens: sub ends with run_phase
    (https://developer.hashicorp.com/terraform/cloud-docs/workspaces/dynamic-provider-credentials/workload-identity-tokens).
    """
    text = denial.pasted or denial.text
    accepted = {each["phase"] for each in _PHASE.finditer(text)}
    failing = {each["phase"].lower() for each in _PHASE_FAILS.finditer(text)}
    if (denial.action or "").lower() != "sts:assumerolewithwebidentity" or len(accepted) != 1 or len(failing) != 1:
        return None
    phase, other = accepted.pop(), failing.pop()
    if phase == other:
        return None
    said = (
        f"the trust policy accepts run_phase:{phase} in the subject, but the token of the {other} has run_phase:{other}"
    )
    note = Note(
        "the trust policy in the text",
        f"Let the condition on sub accept both (two values, or StringLike with run_phase:*), or give the {other} a "
        f"separate role (TFC_AWS_{other.upper()}_ROLE_ARN) that trusts run_phase:{other}. The role's permissions "
        "are not the cause.",
    )
    fix = Fix(f"Let a role trust run_phase:{other}", Who.RESOURCE_OWNER, note)
    return Finding(f"trust.{Fault.CONDITION_UNMET.value}", said, f"In the text, {said}.", fix=fix)


_ATTACHED_ROLES = regex(
    r"(?:\"IamRoleArn\"\s*:\s*\"|^[ \t]*(?=arn:\S+[ \t]+(?:in-sync|adding|removing)\b))"
    r"(?P<arn>arn:[\w-]+:iam::\d{12}:role/[^\"\s]+)",
    re.MULTILINE,
)
"""The roles of a cluster, as JSON or as rows of describe-clusters with ApplyStatus."""
_NO_ROLES = regex(
    r"\"IamRoles\"\s*:\s*\[\s*\]|\bdescribe-clusters\b[^\n]*\bIamRoles\b[^\n]*\n\s*\[[\s\[\]]*\](?=\s*(?:\n|$))"
)
_CLUSTER = regex(r"--cluster-identifier[ =](?P<option>[\w-]+)|:dbuser:(?P<of_user>[\w-]+)/")


def of_a_role_of_redshift(denial: Denial) -> Finding | None:
    """Return a finding if the cluster in the text does not have the role that a COPY or UNLOAD names; None otherwise.

    Amazon Redshift Management Guide, "Authorizing COPY, UNLOAD ... operations using IAM roles": the role is associated
    with the cluster (https://docs.aws.amazon.com/redshift/latest/mgmt/copy-unload-iam-role.html).
    """
    text, role = denial.pasted or denial.text, denial.resource or ""
    attached = list(dict.fromkeys(_ATTACHED_ROLES.findall(text)))
    none = not attached and _NO_ROLES.search(text) is not None
    if denial.service != "redshift" or ":role/" not in role or not (attached or none) or role in attached:
        return None
    said = "no role is associated with the cluster" if none else f"the cluster has {listing(attached)}, but not {role}"
    named = _CLUSTER.search(text)
    cluster = (named["option"] or named["of_user"]) if named else "CLUSTER"
    note = Note(
        "the cluster",
        f"aws redshift modify-cluster-iam-roles --cluster-identifier {cluster} --add-iam-roles {role} (the caller "
        "needs iam:PassRole on it), and wait for in-sync. The role must trust redshift.amazonaws.com. Or name a "
        "role that is already associated with the cluster. The database user needs no permission in IAM.",
    )
    fix = Fix(f"Associate {role} with the cluster", Who.RESOURCE_OWNER, note)
    return Finding(None, said, f"In the text, {said}.", settles=True, fix=fix)


_DATABASE_USER = r"arn:[\w-]+:redshift:[\w-]+:\d{12}:dbuser:[\w*?-]+/[\w*?.@-]*[\w*?]"
_REFUSED_USER = regex(rf"User:? (?P<user>{_DATABASE_USER}) is not authorized to assume")
_ACCEPTED_USERS = regex(rf"sts:ExternalId[\"']?\s*[:=]?\s*[\[(]?\s*(?P<users>(?:[\"']?{_DATABASE_USER}[\"']?[\s,]*)+)")


def of_a_database_user(denial: Denial) -> Finding | None:
    """Return a finding if the role's trust policy accepts Redshift database users, but not the refused one; else None.

    Amazon Redshift Management Guide, "Authorizing Amazon Redshift to access AWS services on your behalf", restricting
    access to IAM roles (https://docs.aws.amazon.com/redshift/latest/mgmt/authorizing-redshift-service.html).
    """
    text = denial.pasted or denial.text
    refused = {found["user"] for found in _REFUSED_USER.finditer(text)}
    wanted = [each for found in _ACCEPTED_USERS.finditer(text) for each in re.findall(_DATABASE_USER, found["users"])]
    if len(refused) != 1 or not wanted:
        return None
    user = refused.pop()
    if any(fnmatchcase(user, each) for each in wanted):
        return None
    accepts = listing([each.partition("dbuser:")[2] for each in dict.fromkeys(wanted)], "or")
    calls = user.partition("dbuser:")[2]
    said = f"the trust policy accepts the database user {accepts} (sts:ExternalId), but {calls} makes the call"
    note = Note(
        "the trust policy in the text",
        f"Add {user} to the values of sts:ExternalId, if this user may use the role. Otherwise run the statement as "
        f"{accepts}. Keep the condition. The role must also be associated with the cluster.",
    )
    fix = Fix("Let the trust policy accept the database user, or connect as another user", Who.RESOURCE_OWNER, note)
    return Finding(f"trust.{Fault.CONDITION_UNMET.value}", said, f"In the text, {said}.", fix=fix)
