"""Causes of a taken name: how to see which entity has it, who usually owns it, and how a tool imports it.

Sources: Terraform, "Import"; Pulumi, "Importing resources"; CloudFormation User Guide, "Import AWS resources into a
stack"; CDK CLI, cdk import; Crossplane, "Import existing resources"; each service's guide on the roles it requires.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from diagnostics.claims.kinds import Sentence, TextPart
from diagnostics.diagnosis import FirstLook
from diagnostics.failure import Conflict
from diagnostics.text.causes.build_causes import (
    SERVICE_ROLES,
    Rule,
    affirmed,
    contains,
    excerpt,
    lacks,
    looked_up,
    reading,
    says,
)
from diagnostics.text.causes.conflict_tools import TOOLS, NamingTool, way_to_import
from diagnostics.text.causes.letter_case import same_in_other_case
from diagnostics.text.causes.other_terraform_states import of_another_state
from diagnostics.text.causes.second_runs import second_run
from diagnostics.text.causes.shared_causes import failed_stack
from diagnostics.text.read.forms.conflicts import CREATES
from diagnostics.who import Who
from iam.arn import Arn, name_of
from iam.lazy_pattern import regex
from iam.regions import REGION_NAME, is_known_region
from iam.words import listing

# Names that AWS's consoles and guides prescribe: one per account, so a second creation finds the name taken.
_PRESCRIBED = regex(
    r"dms-(?:vpc-role|cloudwatch-logs-role|access-for-endpoint)|ecs(?:TaskExecution|Instance|Autoscale|Service|Events)Role"
    r"|AWSBackupDefaultServiceRole|rds-monitoring-role|EMR_(?:EC2_|AutoScaling_)?DefaultRole|AWSCodePipelineServiceRole\S*"
    r"|aws-elasticbeanstalk-(?:ec2|service)-role|AWSDataLifecycleManagerDefaultRole|AmazonSageMaker-ExecutionRole\S*"
    r"|AWSControlTower(?:Execution|Admin|StackSetRole|CloudTrailRole)|AWSCloudFormationStackSet(?:Administration|Execution)Role"
    r"|OrganizationAccountAccessRole|AWS-QuickSetup-\S+|aws-quicksight-\S+"
    r"|flowlogsRole|AWSConfigRole|config-role|AWSGlueServiceRole(?:Default)?|KarpenterNodeRole-\S+"
    r"|AmazonEKS_(?:EBS|EFS)_CSI_DriverRole|vmimport|lambda_basic_execution|AWSLambdaBasicExecutionRole",
    re.IGNORECASE,
)


def _name_is(name: str) -> Sentence:
    return says(f"the name is {name}", TextPart.NAME, name)


def service_owned(conflict: Conflict) -> Iterator[FirstLook]:
    name = conflict.name or ""
    if not name.startswith("AWSServiceRoleFor") and conflict.entity_type != "service-linked-role":
        return
    yield FirstLook(
        "The service-linked role exists already, and an account can have only one: use it as it is, and do not create "
        "it (Terraform: a data source, or an import).",
        _name_is(name)
        if name
        else says("the text mentions a service-linked role", TextPart.KIND, "service-linked-role"),
        reading("iam", "get-role", ("role-name", name)) or SERVICE_ROLES,
        Who.CALLER,
    )


def _stack_name(stack: str) -> str:
    """The name in a stack's ARN, or the name itself."""
    arn = Arn.parse(stack)
    return arn.resource.split("/")[1] if arn is not None and "/" in arn.resource else stack


def named_stack(conflict: Conflict) -> Iterator[FirstLook]:
    if not conflict.owner_stack:
        return
    arn = Arn.parse(conflict.owner_stack)
    region = f" in {arn.region}" if arn is not None and arn.region else ""
    of_iam = region and conflict.entity_type in CREATES
    once = (
        " IAM is global: a name exists only once for all Regions. Do not delete the existing resource here."
        if of_iam
        else ""
    )
    yield FirstLook(
        f"The existing resource belongs to another stack, {_stack_name(conflict.owner_stack)}{region}.{once} Change "
        "it in that stack, refer to it from this stack, or give this resource another name. To move the resource, "
        "remove it from that stack (with DeletionPolicy: Retain), then import it into this stack.",
        says(f"the text names the stack {conflict.owner_stack}", TextPart.STACK, conflict.owner_stack),
        reading(
            "cloudformation",
            "describe-stack-resources",
            ("stack-name", conflict.owner_stack),
            region=arn.region if arn else "",
        ),
        Who.RESOURCE_OWNER,
    )


_GONE = r"\b(?:removed|deleted|destroyed|failed|fails|aborted|cleaned|rolled)\b"
_DEPLOYED_BEFORE = (
    r"\b(?:earlier|previous|first|old|failed|aborted) (?:attempt|deploy\w*|install\w*|run|apply|setup)\b[^.\n]{0,60}"
    rf"{_GONE}|\bre-?(?:deploy|install|creat)\w*\b[^.\n]{{0,60}}\bafter\b[^.\n]{{0,40}}{_GONE}"
    r"|\b(?:destroyed|removed|deleted)\b[^.\n]{0,40}\b(?:and|then|now)\b[^.\n]{0,30}\b(?:again|re-?deploy\w*)\b"
)


def left_over(conflict: Conflict) -> Iterator[FirstLook]:
    """Yield the cause if the author says that the same thing was deployed before and was removed or failed."""
    if conflict.owner_stack or not (said := affirmed(conflict.text, _DEPLOYED_BEFORE)):
        return
    tool = tool_of(conflict)
    imported = f" ({way_to_import(tool[0], conflict)})" if tool else ""
    yield FirstLook(
        f"Most likely {conflict.name or 'it'} remains from the earlier deployment, and this tool does not know it. "
        f"First check whether anything else uses it. Then take it over{imported}, or, if nothing uses it, delete it "
        "and run the deployment again.",
        contains(excerpt(said)),
        seen(conflict),
        Who.CALLER,
    )


def prescribed(conflict: Conflict) -> Iterator[FirstLook]:
    if not conflict.name or not _PRESCRIBED.fullmatch(conflict.name):
        return
    yield FirstLook(
        "AWS's console or guides use this name. Reuse the role if its trust policy fits (a cluster's role trusts only "
        "that cluster), and make sure that only one stack or tool creates it.",
        _name_is(conflict.name),
        seen(conflict),
        Who.CALLER,
    )


# CDK Developer Guide, "Bootstrapping": the template fixes the names of its roles by the qualifier.
_BOOTSTRAP_ROLE = regex(
    r"cdk-(?P<qualifier>[a-z0-9]{1,10})-(?:deploy|cfn-exec|file-publishing|image-publishing|lookup)-role-\d{12}-"
    rf"(?P<region>{REGION_NAME})"
)


def bootstrap(conflict: Conflict) -> Iterator[FirstLook]:
    """Yield the cause for a role of CDK's bootstrap stack.

    The role is a leftover of an earlier bootstrap: no other stack would use its name.
    """
    named = _BOOTSTRAP_ROLE.fullmatch(conflict.name or "")
    if named is None or conflict.owner_stack:
        return
    yield FirstLook(
        "Most likely the role remains from an earlier CDK bootstrap, whose stack is gone. Check that nothing uses it. "
        f"Then delete it and everything else that remains of cdk-{named['qualifier']}-*, and bootstrap again. Or "
        "bootstrap with another --qualifier.",
        _name_is(conflict.name or ""),
        seen(conflict),
        Who.ACCOUNT_ADMIN,
    )
    if "ROLLBACK" not in conflict.text:
        return
    yield FirstLook(
        "Delete the failed stack CDKToolkit before the next bootstrap: a stack in ROLLBACK_COMPLETE cannot be updated. "
        "Resources that were only cancelled (Resource creation cancelled) do not conflict.",
        contains("ROLLBACK"),
        reading(
            "cloudformation",
            "describe-stacks",
            ("stack-name", "CDKToolkit"),
            query="Stacks[].StackStatus",
            region=named["region"],
        ),
        Who.CALLER,
    )


_STACK = regex(
    r"\bstack(?:s| named| called)?[ :]+[\"'`(\[]?(?P<name>(?=[\w-]*[-\d])[A-Za-z][A-Za-z0-9-]{1,127})", re.IGNORECASE
)
_TWIN = regex(
    r"\b(?P<name>[A-Za-z][\w-]{2,127}) (?:is|was|has|uses|runs|comes from|is from|was made from) (?:from )?the same "
    r"(?:template|config(?:uration)?|stack template)\b",
    re.IGNORECASE,
)
"""A stack that, according to the text, has the same template as the failed stack."""
_FAILED = regex(r"_FAILED|ROLLBACK|\bfailed|\bfailure\b|(?:nested|embedded) stack", re.IGNORECASE)
_ADDRESSES = regex(r"arn:\S+|https?://\S+")
"""ARNs and URLs, which are ignored: they contain a Region, but do not say where a stack is."""
_REGION = regex(rf"(?<![\w-])(?P<name>{REGION_NAME})(?![\w-])")
_DEPLOYED = regex(
    r"\b(?:deployed|exists?|runs?|running|live|created|works?|already)\b[^.\n]{0,30}?\b(?:in|to) "
    rf"(?P<name>{REGION_NAME})(?![\w-])",
    re.IGNORECASE,
)
"""A Region in which the text says that the stack exists."""
_APPLIED = regex(
    rf"(?<![\w-])(?P<name>{REGION_NAME})(?![\w-])[^\n]{{0,40}}?(?:->|=>|:|\s)\s*"
    r"(?:ok|okay|done|succeeded|success|complete|CREATE_COMPLETE|Apply complete!?|✅|✓)(?![\w-])",
    re.IGNORECASE,
)
"""A Region for which the text reports that the same deployment succeeded."""
_TWIN_PLACE = regex(
    r"\b(?:second|another|new|additional|2nd) (?:\w+ )?"
    r"(?P<kind>environment(?! var)|stage|installation|deployment|instance|copy|tenant|env)\b"
    r"[^\n]{0,200}\bsame (?:AWS )?account\b|\bsame (?:AWS )?account\b[^\n]{0,120}\b(?:second|another|2nd) (?:\w+ )?"
    r"(?P<kind2>environment(?! var)|stage|installation|deployment|instance|copy|tenant|env)\b"
    r"|\b(?:second|another|2nd) one\b[^\n]{0,120}\bsame (?:AWS )?account\b"
    r"|(?<![\w-])(?P<other>(?!it\b|this\b|that\b|which\b|everything\b)[\w-]{2,40})"
    r"(?: (?P<kind3>workspace|environment|stage|stack|env))?"
    r"(?: (?:is|was|has been|runs|lives|also|already|now)){1,3}"
    r"(?: (?:applied|deployed|created|installed|running|live))? in the same (?:AWS )?account\b",
    re.IGNORECASE,
)
"""A second environment in the same account, according to the text: the first one already uses the name."""
_WHOLE_ACCOUNT = (
    "an IAM name is taken in the entire account, in all Regions. Leave out the fixed name, add the Region or stage to "
    "it, or share the existing resource."
)


def _failed(stack: str, text: str) -> bool:
    """Whether a line of the text says that the stack failed."""
    return any(stack in line and _FAILED.search(line) for line in text.splitlines())


def _made_in(conflict: Conflict, places: list[str]) -> str:
    """The first of the Regions in which the text says or shows that the same deployment succeeded; "" if none."""
    made = [*_DEPLOYED.finditer(conflict.text), *_APPLIED.finditer(conflict.text)]
    return next((found["name"] for found in made if found["name"] in places), "")


def _is_used_elsewhere(conflict: Conflict) -> bool:
    """Whether the text shows that another stack or Region uses the entity, so that an import or deletion does harm."""
    if _TWIN_PLACE.search(conflict.text):
        return True
    places = [found["name"] for found in _REGION.finditer(_ADDRESSES.sub(" ", conflict.text))]
    places = [each for each in dict.fromkeys(places) if is_known_region(each)]
    return len(places) > 1 and bool(_made_in(conflict, places))


def another_stack(conflict: Conflict) -> Iterator[FirstLook]:
    """Yield a second stack or Region in the text that may use the same name.

    A failed stack (such as the nested stack that reported this conflict) does not own the name.
    """
    if conflict.owner_stack or not conflict.name:
        return
    if twin := _TWIN.search(conflict.text):
        yield FirstLook(
            f"The stack {twin['name']} is created from the same template and already uses the name {conflict.name}: an "
            "IAM name is taken in the entire account, in all Regions. Leave out the fixed name, or let it contain the "
            "stack's name (${AWS::StackName}). Do not delete or import what the other stack uses.",
            contains(" ".join(twin[0].split())),
            seen(conflict),
            Who.CALLER,
        )
        return
    if second := _TWIN_PLACE.search(conflict.text):
        kind = second["kind"] or second["kind2"] or second["kind3"] or "environment"
        first = f"Most likely {second['other']}" if second["other"] else f"The first {kind}"
        yield FirstLook(
            f"{first} already uses the name {conflict.name}: an IAM name is taken in the entire account, in "
            f"all Regions. Give this {kind}'s {conflict.entity_type or 'resource'} another name, for example with a "
            "prefix or with its own name in it: look for a parameter or setting for that. Do not delete or import what "
            f"{second['other'] or f'the first {kind}'} uses.",
            contains(excerpt(second[0])),
            seen(conflict),
            Who.CALLER,
        )
        return
    named = dict.fromkeys(found["name"] for found in _STACK.finditer(conflict.text))
    stacks = [each for index, each in enumerate(named) if index == 0 or not _failed(each, conflict.text)]
    places = [found["name"] for found in _REGION.finditer(_ADDRESSES.sub(" ", conflict.text))]
    places = [each for each in dict.fromkeys(places) if is_known_region(each)]
    if len(stacks) < 2 and len(places) < 2:
        return
    if len(stacks) < 2:
        owner = _made_in(conflict, places)
        said = f"the stack in {owner}" if owner else f"the stack of one of the Regions {listing(places[:3])}"
        yield FirstLook(
            f"{said[0].upper()}{said[1:]} may own the name already: {_WHOLE_ACCOUNT}",
            contains(owner or places[1]),
            seen(conflict),
            Who.CALLER,
        )
        return
    other = f"the stack {stacks[1]}"
    where = f" in {places[1]}" if len(places) > 1 else ""
    yield FirstLook(
        f"{other[0].upper()}{other[1:]}{where} may own the name already: {_WHOLE_ACCOUNT}",
        contains(stacks[1]),
        seen(conflict),
        Who.CALLER,
    )


def failed_creation(conflict: Conflict) -> Iterator[FirstLook]:
    if (stack := failed_stack(conflict.text)) is not None:
        yield stack


_ITS_OWN = regex(
    r"\b(?:this|same|own|the) (?:\w+ )?(?:stack|app|template)(?: itself)?(?: already)? (?:owns|manages|has|contains"
    r"|created)"
    r" (?:it|this|that|the (?:existing|old|current|previous))\b|\b(?:owned|managed|created) by (?:this|the) (?:same"
    r"|very same"
    r"|own) (?:stack|app|template)",
    re.IGNORECASE,
)
_BETWEEN_STACKS = regex(
    r"\bmov(?:ed|ing) (?:the |our |a |its )?[\w -]{0,30}\b(?:construct|resource|role|provider|policy|user|group)s?\b"
    r"[^.\n]{0,40}\bto\b[^.\n]{0,40}\bstack\b",
    re.IGNORECASE,
)
_REMOVED = regex(r"^[ \t]*-(?!-)[ \t]*(?P<line>[^\n]{8,400})$", re.MULTILINE)
_ADDED = regex(r"^[ \t]*\+(?!\+)[ \t]*(?P<line>[^\n]{8,400})$", re.MULTILINE)


def _its_own(conflict: Conflict) -> str:
    """The words that show that the failing stack itself has the name: a statement, or a diff that moves it; else ""."""
    if said := _ITS_OWN.search(conflict.text):
        return " ".join(said[0].split())
    name = (conflict.name or "").strip("[]")
    old = [each["line"] for each in _REMOVED.finditer(conflict.text) if name and name in each["line"]]
    new = [each["line"] for each in _ADDED.finditer(conflict.text) if name and name in each["line"]]
    return excerpt(old[0]) if old and new and old[0] != new[0] else ""


def moved_in_the_stack(conflict: Conflict) -> Iterator[FirstLook]:
    """Yield the cause if a stack's update moves the name from one logical ID to another.

    CloudFormation User Guide, "Update behaviors of stack resources": the replacement is created before the old resource
    is deleted
    (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html).
    """
    tool = tool_of(conflict)
    if tool is None or tool[0].name not in ("CDK", "CloudFormation"):
        return
    if moved := _BETWEEN_STACKS.search(conflict.text):
        yield FirstLook(
            "The resource moved between stacks, and the old stack still has it: the new stack cannot create the "
            "resource before the old stack gives it up. First deploy the old stack without the resource. Or retain "
            "the resource in the old stack (DeletionPolicy: Retain), and import it into the new stack. No permission "
            "is missing.",
            contains(" ".join(moved[0].split())),
            None,
            Who.CALLER,
        )
        return
    if not (said := _its_own(conflict)):
        return
    way = (
        "Deploy twice: first without the old provider, then with the new one; in between, no role that trusts the "
        "provider can be assumed with its tokens. Or keep the old provider and refer to it by its ARN."
        if conflict.entity_type == "oidc-provider"
        else "Keep the resource's logical ID, give the new resource another name or none, or deploy twice: first "
        "without the old resource, then with the new one."
    )
    yield FirstLook(
        "The existing resource is in this same stack: CloudFormation creates the new resource before it deletes the "
        f"old one, and both have the same name. {way} No permission is missing.",
        contains(said),
        None,
        Who.CALLER,
    )


_WITHOUT_A_NAME = ("oidc-provider",)
"""Kinds of identity provider whose name is the issuer's URL, so that no other name can be chosen."""
_WITH_A_PREFIX = ("", "role", "policy", "instance-profile", "server-certificate")
"""Kinds whose Terraform resource has ``name_prefix``."""
_REPLACES = regex(
    r"create_before_destroy|must be replaced|forces replacement|[-+]/[-+] resource|creation of a new physical resource"
)
"""Output that shows that a tool replaces the entity."""


def tool_of(conflict: Conflict) -> tuple[NamingTool, str] | None:
    """Return the tool whose output the text shows, and the words that identify it; None if there is none."""
    if _TWIN.search(conflict.text) and not conflict.owner_stack:
        return None  # the other stack has the name
    return next(((tool, said[0]) for tool in TOOLS if (said := tool.signs.search(conflict.text))), None)


def tools(conflict: Conflict) -> Iterator[FirstLook]:
    found = tool_of(conflict)
    if found is None:
        return
    tool, said = found
    kind = conflict.entity_type or ""
    named = kind not in _WITHOUT_A_NAME and not _PRESCRIBED.fullmatch(conflict.name or "")
    used = "choose another name" if named else "use it from there"
    if not conflict.owner_stack and not _is_used_elsewhere(conflict):  # the text names what has it
        yield FirstLook(
            "Find out first who created the existing resource. If another project, stack, workspace or environment "
            f"manages it, {used}. If nothing manages it, take it over with {tool.name}: "
            f"{way_to_import(tool, conflict)}.",
            contains(" ".join(said.split())),
            seen(conflict),
            Who.CALLER,
        )
    if named and tool.replaced and (replaces := _REPLACES.search(conflict.text)):
        prefixed = tool.name != "Terraform" or kind in _WITH_A_PREFIX
        yield FirstLook(
            "The tool replaces the resource, and creates the new one before it deletes the old one of the same name: "
            f"{tool.replaced if prefixed else 'give the new entity another name'}.",
            contains(replaces[0]),
            None,
            Who.CALLER,
        )


_FAILING = regex(r"\bwith (?P<address>[\w.\[\]\"'-]{3,200}),")


def same_state(conflict: Conflict) -> Iterator[FirstLook]:
    """Yield another resource address with this name in Terraform's output, from this run or from the state.

    The ID of an entity is its name. The ID of an attachment or an inline policy has more text after the name, so it
    shows only that the name is in use.
    """
    if not conflict.name or not conflict.entity_type:
        return
    name, own = re.escape(conflict.name), f"aws_iam_{conflict.entity_type.replace('-', '_')}"
    had = re.compile(
        rf"(?P<address>(?:[\w.-]+(?:\[[^\]\n]{{1,80}}\])?\.)*(?P<type>{own}\w*)\.[\w-]+(?:\[[^\]\n]{{1,80}}\])?): "
        rf"(?P<how>Creation complete[^\n\[]{{0,40}}|Refreshing state\.\.\.) \[id={name}(?P<part>[/:][^\]\n]*)?\]"
    )
    failing = {each["address"] for each in _FAILING.finditer(conflict.text)}
    others = [each for each in had.finditer(conflict.text) if each["address"] not in failing]
    same = next((each for each in others if each["type"] == own), None)
    found = same or next((each for each in others if each["part"] and each["how"].startswith("Creation")), None)
    if found is None:
        return
    address = found["address"]
    if same is None:
        cause = (
            f"The same run used the name {conflict.name} a moment before, for {address}: most likely two resources of "
            "the configuration have the same name. If so, give one of them another name. An import is right only if "
            f"no other resource of the configuration creates {conflict.name}."
        )
    elif found["how"].startswith("Refreshing"):
        cause = (
            f"This state already contains {conflict.name}, under {address}. If the resource was renamed or moved, a "
            "moved block keeps it. Otherwise give one of the two resources another name. An import would give the "
            "existing resource two addresses."
        )
    else:
        cause = (
            f"This run itself created {conflict.name} just before, under {address}: two resources of the "
            "configuration have the same name. Give one of them another name; do not import it."
        )
    yield FirstLook(cause, contains(f"{address}: {found['how'].strip()}"), seen(conflict), Who.CALLER)


def instance_profile(conflict: Conflict) -> Iterator[FirstLook]:
    if conflict.entity_type == "instance-profile":
        yield FirstLook(
            "An instance profile is not a role and remains when its role is deleted. The console does not show it.",
            says("the text mentions an instance profile", TextPart.KIND, "instance-profile"),
            seen(conflict),
            Who.ACCOUNT_ADMIN,
        )


def by_kind(conflict: Conflict) -> Iterator[FirstLook]:
    kind, name = conflict.entity_type, conflict.name
    if kind == "instance-profile":
        return
    if found := _ONE_OF_ITS_OWN.get(kind or conflict.operation or ""):
        yield FirstLook(
            found[0],
            says(found[1], TextPart.KIND if kind else TextPart.OPERATION, kind or conflict.operation),
            seen(conflict),
            Who.ACCOUNT_ADMIN,
        )
        return
    if kind == "oidc-provider":
        yield FirstLook(
            "An account has one provider for each issuer's URL: reuse that provider, and add your audience to it.",
            says("the text mentions an identity provider", TextPart.KIND, kind),
            seen(conflict),
            Who.ACCOUNT_ADMIN,
        )
    elif kind == "policy" and (conflict.owner_stack or tool_of(conflict) is None):
        yield FirstLook(
            "The policy exists, perhaps with another path. If the policy is yours, create a new version of it, which "
            "affects every role, user and group that the policy is attached to. Otherwise choose another name.",
            says("the text mentions a policy", TextPart.KIND, kind),
            seen(conflict),
            Who.ACCOUNT_ADMIN,
        )
    elif conflict.owner_stack or tool_of(conflict) is None:
        yield FirstLook(
            "Another run, person or stack has already created a resource of this name. A name can exist only once in "
            "an account, across all Regions, whatever its path and letter case. Choose another or a generated name, "
            "take over the existing resource (an import), or delete it once nothing uses it.",
            _name_is(name) if name else lacks("the text says that it exists", TextPart.NAME),
            seen(conflict),
            Who.ACCOUNT_ADMIN,
        )


# What is taken otherwise than by a name in the account.
_ONE_OF_ITS_OWN = {
    "login-profile": (
        "The user already has a console password: change it (update-login-profile) instead of creating a new one.",
        "the text mentions a login profile",
    ),
    "virtual-mfa-device": (
        "An unfinished registration left a virtual MFA device with this name. It remains, without a user, until "
        "somebody deletes it.",
        "the text mentions an MFA device",
    ),
    "CreateAccountAlias": (
        "Choose another alias: an account alias is unique across all accounts of the partition, and most likely "
        "another account has this one. To see your account's own alias: aws iam list-account-aliases.",
        "the operation is CreateAccountAlias",
    ),
}
_READ_BY_NAME = {
    "role": ("get-role", "role-name"),
    "user": ("get-user", "user-name"),
    "group": ("get-group", "group-name"),
    "instance-profile": ("get-instance-profile", "instance-profile-name"),
    "server-certificate": ("get-server-certificate", "server-certificate-name"),
}


def seen(conflict: Conflict) -> str | None:
    """Return the command that shows what has the name; None if none exists, or if the text lacks the values for it."""
    kind, name = conflict.entity_type or "", conflict.name
    if read := _READ_BY_NAME.get(kind):
        return reading("iam", read[0], (read[1], name_of(name) if name else None))
    if conflict.operation == "CreateAccountAlias":
        return reading("iam", "list-account-aliases")
    match kind:
        case "login-profile":
            return reading("iam", "get-login-profile", ("user-name", name))
        case "virtual-mfa-device":
            return reading("iam", "list-virtual-mfa-devices", ("assignment-status", "Unassigned"))
        case "policy":
            return reading("iam", "list-policies", ("scope", "Local"), query="Policies[].Arn")
        case "oidc-provider":
            return reading("iam", "list-open-id-connect-providers")
        case "saml-provider":
            return reading("iam", "list-saml-providers")
        case "service-linked-role":
            return SERVICE_ROLES
    return reading("iam", "get-role", ("role-name", name)) if conflict.operation == "CreateRole" else None


_BY_HAND = regex(
    r"(?<!not )(?<!never )\bdelet(?:e|ed|es|ing)\b(?:(?!\bnot\b|n['’]t\b|\.\s)[^\n]){0,100}?"
    r"\b(?:by hand|manually|in the console)\b|\b(?:by hand|manually)\b[^.\n]{0,20}\bdelet(?:e|ed|es|ing)\b",
    re.IGNORECASE,
)
_SHARED = regex(
    r"\b(?:other|another|shared|earlier|previous) (?:projects?|stacks?|teams?|apps?|services?|repos?\w*|company)\b",
    re.IGNORECASE,
)


def deleted_by_hand(conflict: Conflict) -> Iterator[FirstLook]:
    """Yield the warning not to delete what others use, if the author deletes the existing resource by hand."""
    found = _BY_HAND.search(conflict.text)
    if (
        found is None
        or conflict.owner_stack
        or not (_SHARED.search(conflict.text) or conflict.entity_type == _PROVIDER)
    ):
        return
    what, instead = "the existing resource", "Use the existing resource here as it is, or create it in one place only."
    if conflict.entity_type == _PROVIDER:
        what = "the existing provider"
        instead = (
            "An account has one provider for each issuer's URL: create it once, and refer to it elsewhere (Terraform: "
            "data aws_iam_openid_connect_provider; CDK: fromOpenIdConnectProviderArn)."
        )
    yield FirstLook(
        f"Do not delete {what}: other projects in the account most likely use it, and would lose their access. "
        f"{instead}",
        contains(" ".join(found[0].split())[:96]),
        seen(conflict),
        Who.CALLER,
    )


_PROVIDER = "oidc-provider"
RULES: tuple[Rule[Conflict], ...] = (
    deleted_by_hand,
    service_owned,
    named_stack,
    another_stack,
    left_over,
    prescribed,
    instance_profile,
    tools,
    failed_creation,
    by_kind,
)


def of_other_case(conflict: Conflict) -> Iterator[FirstLook]:
    """Yield the entity that a listing in the text shows under the same name in different case."""
    if (found := same_in_other_case(conflict)) is not None:
        yield FirstLook(
            f"{found.sentence} Use or import the existing resource, or choose another name. No permission is missing. "
            "The existing resource may be in use: do not delete it before you know who uses it.",
            contains(found.name),
            seen(replace(conflict, name=found.name)),
            Who.CALLER,
        )


def first_look(conflict: Conflict) -> tuple[FirstLook, ...]:
    """Return the causes, first those that decide. The text around several failures counts for each of them."""
    conflict = replace(conflict, text=conflict.pasted or conflict.text)
    if conflict.entity_type is None and conflict.owner_stack:
        return looked_up((named_stack,), conflict)  # not a known IAM entity
    if (conflict.entity_type or conflict.operation) in _ONE_OF_ITS_OWN:
        return looked_up((by_kind,), conflict)
    deciding: tuple[Rule[Conflict], ...] = (
        service_owned,
        bootstrap,
        of_other_case,
        of_another_state,
        same_state,
        moved_in_the_stack,
        second_run,
    )
    decided = (found for rule in deciding if (found := looked_up((rule,), conflict)))
    return next(decided, ()) or looked_up(RULES, conflict)
