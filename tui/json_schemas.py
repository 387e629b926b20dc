"""JSON Schemas (draft 2020-12) of everything that rolescope prints with ``--json``, and of the files that it writes.

Fields may be added later but are never removed, so the schemas permit fields that they do not list. The tests do not
permit them, and check the schemas against real outputs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from diagnostics.access_checks.check import Outcome as CheckOutcome
from diagnostics.diagnosis import Confidence, LookState, Status
from diagnostics.fix import FixKind
from diagnostics.json_versions import VERSIONS
from diagnostics.policy_tests.policy_test import Expectation
from diagnostics.policy_tests.policy_test import Outcome as TestOutcome
from diagnostics.review.endings import Ending
from diagnostics.review.trusted import TrustedKind
from diagnostics.text.read.parsed import Parsed
from diagnostics.use.way import Method
from diagnostics.who import Who
from iam.changes.apply import CallStatus
from iam.claims import Source
from iam.gate.finding import Level
from iam.gate.rule import Outcome as GateOutcome
from iam.policy.decision import Outcome
from iam.policy.layer import Layer, LayerResult
from iam.policy.lint import LintSeverity, PolicyKind
from iam.questions.answers import AccessVerdict
from iam.questions.change.effects import EffectKind
from iam.risks.risk import Severity
from iam.sources.reader.trail_queries import TrailEngine

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
COUNT: Schema = {"type": "integer"}
FLAG: Schema = {"type": "boolean"}
ANY: Schema = {}
TIME: Schema = {"type": "string", "format": "date-time"}
MAYBE_TEXT: Schema = {"type": ["string", "null"]}
MAYBE_FLAG: Schema = {"type": ["boolean", "null"]}
MAYBE_COUNT: Schema = {"type": ["integer", "null"]}
MAYBE_TIME: Schema = {"type": ["string", "null"], "format": "date-time"}
# the second form is used with --mask-accounts
ACCOUNT: Schema = {"type": "string", "pattern": "^([0-9]{12}|ACCOUNT-[0-9]+)$"}
DOCUMENT: Schema = {"type": "object", "description": "a policy document"}


def texts() -> Schema:
    return many(TEXT)


def many(schema: Schema) -> Schema:
    return {"type": "array", "items": schema}


def named(schema: Schema) -> Schema:
    """Return the schema of an object with arbitrary names as keys, whose values have this schema."""
    return {"type": "object", "additionalProperties": schema}


def one_of(words: type[StrEnum] | tuple[str, ...]) -> Schema:
    return {"enum": [str(word) for word in words]}


def maybe(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def part(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def record(optional: Mapping[str, Schema] | None = None, /, **fields: Schema) -> Schema:
    """Return the schema of an object that always has ``fields``, and may have the ``optional`` ones."""
    return {"type": "object", "properties": {**fields, **(optional or {})}, "required": list(fields)}


_EVALUATED: dict[str, Schema] = {
    "change": {"description": "a statement or policy document, or a command or note as text"},
    "verified": {
        **MAYBE_FLAG,
        "description": "evaluated with the change made, in every layer; null: the result depends on something unknown",
    },
    "hangs_on": many(part("hangsOn")),
    "side_effects": record(
        **{kind.value: texts() for kind in EffectKind}, complete=FLAG, requests=many(part("accessEffect"))
    ),
}
_CLOSED = record({"who": {**TEXT, "description": "which external principals can get access"}}, rule=TEXT, subject=TEXT)
_ANALYZED = {
    "id": TEXT,
    "type": TEXT,
    "subject": TEXT,
    "resource": TEXT,
    "principals": texts(),
    "public": FLAG,
    "what": texts(),
    "last_accessed": MAYBE_TIME,
    "details_read": FLAG,
}
_BESIDE = {
    **record(
        why={**MAYBE_TEXT, "description": "why its findings are unknown or incomplete"},
        analyzers=many(record(arn=TEXT, type=TEXT, unused_days=MAYBE_COUNT)),
        both=many(record(**_ANALYZED, rules=texts())),
        access_analyzer_only=many(record(**_ANALYZED, because=TEXT)),
        review_only=many(record(rule=TEXT, subject=TEXT, summary=TEXT)),
    ),
    "description": "the findings compared with those of IAM Access Analyzer; not with --rule",
}
_QUERY = {
    **record(
        engine=one_of(TrailEngine),
        table=TEXT,
        region=TEXT,
        sql=TEXT,
        bytes_estimated=MAYBE_COUNT,
        usd_estimated={"type": ["number", "null"]},
        bytes_scanned=MAYBE_COUNT,
    ),
    "description": "with --athena or --lake: the query to the trail",
}
_PLANNED: dict[str, Schema] = {"plan": maybe(part("plan")), "no_plan": MAYBE_TEXT}
_SINCE = record(
    event_id=MAYBE_TEXT,
    event=MAYBE_TEXT,
    at=MAYBE_TIME,
    by=MAYBE_TEXT,
    entity=MAYBE_TEXT,
    what=MAYBE_TEXT,
    before=one_of(("allowed", "denied")),
    certainty=one_of(("certain", "likely")),
    hangs_on=many(part("hangsOn")),
    checked=COUNT,
    back_to=TIME,
    after=many(record(event_id=TEXT, event=TEXT, at=TIME, by=TEXT, what=TEXT, then=one_of(("allowed", "denied")))),
)
_DIAGNOSIS: dict[str, Schema] = {
    "kind": one_of(("access-denied", "entity-already-exists", "other")),
    "parsed": record(
        **{name: MAYBE_TEXT for name in Parsed.__dataclass_fields__ if name != "at"},
        at=maybe(record(**{"from": TIME, "to": TIME})),
    ),
    "request": {
        **named(record(value={"type": ["string", "array"], "items": TEXT}, source=one_of(Source), **{"from": TEXT})),
        "description": "the values that were evaluated, under the names that `evaluate` uses, with the source of each",
    },
    "count": {**COUNT, "description": "how often this failure occurs in the text"},
    "verdict": record(
        cause={**TEXT, "description": "LAYER.FAULT, or another of the codes in the manual"},
        confidence=one_of(Confidence),
        summary=TEXT,
        questions=many(record(key=TEXT, wanted=texts(), why=TEXT)),
        unread={**texts(), "description": "layers that could not be read"},
        hangs_on={**many(part("hangsOn")), "description": "why the verdict is not certain"},
        since=maybe(_SINCE),
        account={**MAYBE_TEXT, "description": "where the change has to be made, if known"},
    ),
    "steps": many(part("step")),
    "fixes": many(part("plannedFix")),
    "first_look": many(part("firstLook")),
}
_FIX: dict[str, Schema] = {
    "title": TEXT,
    "who": one_of(Who),
    "kind": one_of(FixKind),
    "target": TEXT,
    "account": {**MAYBE_TEXT, "description": "where it is made, if known"},
    **_EVALUATED,
    "cautions": texts(),
    "in_tool": maybe(record(tool=TEXT, because=TEXT, where=TEXT, text=TEXT)),
    "together": maybe(record(_PLANNED, count=COUNT, verified=MAYBE_FLAG, hangs_on=many(part("hangsOn")))),
    "forms": many(record(scope=TEXT, title=TEXT, **_EVALUATED)),
}
_WAY: dict[str, Schema] = {
    "method": one_of(Method),
    "principal": TEXT,
    "statement": MAYBE_COUNT,
    "sid": MAYBE_TEXT,
    "works": MAYBE_FLAG,
    "why": TEXT,
    "for_me": MAYBE_FLAG,
    "needs": many(record(what=TEXT, value=MAYBE_TEXT, secret=FLAG)),
    "hangs_on": texts(),
    "command": TEXT,
    "profile": TEXT,
    "steps": texts(),
    "seconds": MAYBE_COUNT,
}
_REFUSED: dict[str, Schema] = {
    "layer": MAYBE_TEXT,
    "refused_by": record(policy=MAYBE_TEXT, statement=MAYBE_COUNT, sid=MAYBE_TEXT),
}
_OUTCOME = record(
    call={
        **COUNT,
        "description": "the index of the call; the index after the last call means that everything was read back",
    },
    operation=TEXT,
    undo=FLAG,
    status=one_of(CallStatus),
    text=TEXT,
    error=maybe(record(code=TEXT, message=TEXT, text=TEXT)),
)
_UNREAD_LAYER = record(layer=TEXT, call=TEXT, why=TEXT)
_ACCESS: dict[str, Schema] = {
    "principals": many(
        record(
            {"error": TEXT, "account": TEXT},
            arn=TEXT,
            **{kind: many(part("changedAccess")) for kind in ("gained", "lost", "loosened", "tightened")},
            fully_computed=FLAG,
        )
    ),
    "assuming": many(record({"account": TEXT}, role=TEXT, gained=texts(), lost=texts(), fully_computed=FLAG)),
}

_DIFFERENCE: dict[str, Schema] = {
    "entities": many(record(kind=TEXT, arn=TEXT, change=TEXT, parts=texts())),
    **_ACCESS,
    "unread": texts(),
    "findings": record(
        new=many(part("finding")), gone=many(record(rule=TEXT, subject=TEXT, severity=one_of(Severity)))
    ),
}


def _with_addresses(schema: Schema, **more: Schema) -> Schema:
    """Return the schema of an access change with the file addresses that cause it."""
    given = {**more, "addresses": texts()}
    return {**schema, "properties": {**schema["properties"], **given}, "required": [*schema["required"], *given]}


_ROLE: dict[str, Schema] = {
    "RoleName": TEXT,
    "Arn": TEXT,
    "Path": TEXT,
    "CreateDate": MAYBE_TEXT,
    "Description": MAYBE_TEXT,
    "MaxSessionDuration": MAYBE_COUNT,
    "LastUsed": MAYBE_TEXT,
    "PermissionsBoundary": MAYBE_TEXT,
    "Tags": maybe(named(TEXT)),
    "InstanceProfiles": maybe(texts()),
    "TrustPolicy": {"description": "the document; null: not read"},
    "Policies": maybe(many(record(Name=TEXT, Kind=TEXT, Arn=MAYBE_TEXT, Document=ANY))),
}
_USED_CALL: dict[str, Schema] = {"action": TEXT, "resource": TEXT, "calls": COUNT}


def _has(*keys: str) -> Schema:
    """Return the schema of an object from AWS's API that always has these keys."""
    return {"type": "object", "required": list(keys)}


_ENTITIES: dict[str, Schema] = {
    "RoleDetailList": _has("RoleName", "Arn"),
    "UserDetailList": _has("UserName", "Arn"),
    "GroupDetailList": _has("GroupName", "Arn"),
    "Policies": _has("PolicyName", "Arn"),
}
_LEVELS = many(record(Target=TEXT, Policies=many(_has("Document"))))
_ROLESCOPE: dict[str, Schema] = {
    "Account": record(
        {"Id": TEXT, "Alias": MAYBE_TEXT, "CapturedAt": MAYBE_TIME, "Caller": MAYBE_TEXT, "Region": MAYBE_TEXT}
    ),
    "Roles": named({"type": "object"}),
    "Organization": maybe(
        record(
            {
                "Id": TEXT,
                "ManagementAccountId": MAYBE_TEXT,
                "Path": maybe(texts()),
                "ServiceControlPolicies": maybe(_LEVELS),
                "ResourceControlPolicies": maybe(_LEVELS),
            }
        )
    ),
    "ResourcePolicies": {**named(maybe(DOCUMENT)), "description": "by ARN; null: the resource has no policy"},
    "PublicAccessBlocks": named(maybe({"type": "object"})),
    "AccessPoints": many(_has()),
    "VpcEndpoints": many(_has()),
    "InstanceProfiles": many(_has("InstanceProfileName", "Arn")),
    "Instances": many(_has("InstanceId")),
    "OpenIDConnectProviders": many(_has("Arn")),
    "SAMLProviders": many(_has("Arn")),
    "AccountSummary": named(COUNT),
    "LastAccessed": named(many(_has("ServiceNamespace"))),
    "Events": many(_has("EventName", "EventTime")),
    "StackResources": many(_has("StackName", "PhysicalResourceId")),
    "Bindings": many(_has()),
    "Workloads": {**named(many(_has("Arn"))), "description": "by kind; a missing kind is unknown"},
    "WorkloadRegions": _has(),
    "WorkloadGaps": named(TEXT),
    "LoginProfiles": many(_has("UserName")),
    "MFADevices": many(_has("UserName")),
    "AccessKeys": many(_has("UserName")),
    "Deletions": named(TEXT),
    "Unreadable": many(_has()),
    "Incomplete": texts(),
}

# Schemas that several outputs share, by name under ``$defs``.
PARTS: Mapping[str, Schema] = {
    "policyTest": record(
        file=TEXT,
        test=COUNT,
        line=COUNT,
        name=TEXT,
        expect=one_of(Expectation),
        outcome=one_of(TestOutcome),
        checked=COUNT,
        problem=MAYBE_TEXT,
        differing=many(
            record(
                principal=TEXT,
                action=TEXT,
                resource=TEXT,
                found=one_of(Expectation),
                why=TEXT,
                depends_on=texts(),
            )
        ),
    ),
    "hangsOn": {"anyOf": [record(layer=TEXT, account=MAYBE_TEXT), record(key=TEXT), record(confirmation=TEXT)]},
    "conditionBlock": record(operator=TEXT, key=TEXT, values=texts()),
    "accessEffect": record(
        effect=one_of(EffectKind),
        principals=texts(),
        action=TEXT,
        resource=TEXT,
        conditions=many(part("conditionBlock")),
        unless=many(part("conditionBlock")),
    ),
    "evidence": record(
        layer=MAYBE_TEXT,
        policy=MAYBE_TEXT,
        arn=MAYBE_TEXT,
        statement={**MAYBE_COUNT, "description": "the index of the statement, from 0"},
        sid=MAYBE_TEXT,
        element=MAYBE_TEXT,
        text=TEXT,
        call={**MAYBE_TEXT, "description": "the AWS call that returned it"},
        account={**MAYBE_TEXT, "description": "the account that the layer belongs to, if known"},
    ),
    "step": record(
        id=TEXT,
        title=TEXT,
        status=one_of(Status),
        summary=TEXT,
        evidence=many(part("evidence")),
        witnesses=TEXT,
        heard=COUNT,
        agree=MAYBE_FLAG,
        claims=many(record(claim=TEXT, token=TEXT, wanted=TEXT, holds=MAYBE_FLAG, note=TEXT)),
        account=MAYBE_TEXT,
    ),
    "firstLook": record(
        {
            "state": one_of(LookState),
            "why": TEXT,
            "account": {
                **TEXT,
                "description": "the account whose credentials run the command, if that matters",
            },
        },
        cause=TEXT,
        because=TEXT,
        check=MAYBE_TEXT,
        who=one_of(Who),
    ),
    "fix": record(**_FIX),
    "findingFix": record(
        {"why_no_plan": {**TEXT, "description": "why it is only a note"}, "ends_in": one_of(Ending)}, **_FIX
    ),
    "plannedFix": record(_PLANNED, **_FIX),
    "diagnosis": record(**_DIAGNOSIS),
    "grant": record(who=TEXT, kind=TEXT, actions=texts(), action_count=COUNT, resource=TEXT, conditions=texts()),
    "effects": record(gained=many(part("grant")), lost=many(part("grant")), said=texts(), complete=FLAG),
    "call": record(
        {"irreversible": {**TEXT, "description": "why it cannot be undone"}},
        service=TEXT,
        operation=TEXT,
        parameters={"type": "object"},
        target=TEXT,
        why=TEXT,
        words=TEXT,
        undo=maybe(record(operation=TEXT, parameters={"type": "object"})),
        undo_note=TEXT,
    ),
    "plan": record(
        id=TEXT,
        kind=TEXT,
        title=TEXT,
        summary=TEXT,
        account=TEXT,
        target=TEXT,
        destructive=FLAG,
        warnings=texts(),
        effects=part("effects"),
        in_use=texts(),
        needs_name=FLAG,
        name_to_type=MAYBE_TEXT,
        calls=many(part("call")),
        plan=part("savedPlan"),
    ),
    "gateFinding": record(
        level=one_of(Level),
        outcome={
            **one_of(GateOutcome),
            "description": "the outcome of the check before the plan; unknown and fine are not findings",
        },
        code=TEXT,
        text=TEXT,
        way_out=TEXT,
        field=MAYBE_TEXT,
        value=MAYBE_TEXT,
        page={**TEXT, "description": "the page of AWS's documentation that the rule follows"},
    ),
    "savedCall": record(
        {"target": TEXT, "undo_note": TEXT, "caution": TEXT, "undo": part("savedCall")},
        operation=TEXT,
        parameters={"type": "object"},
        why=TEXT,
    ),
    "savedPlan": record(
        {"undoes": {**TEXT, "description": "the ID of the plan that this plan undoes"}},
        id=TEXT,
        title=TEXT,
        sentence=TEXT,
        kind=TEXT,
        target=TEXT,
        account=TEXT,
        type_name=MAYBE_TEXT,
        warnings=texts(),
        effects=texts(),
        in_use=texts(),
        made={**MAYBE_TEXT, "description": "when, by the clock of the machine that made it"},
        moment={
            **TEXT,
            "description": "a time in its calls that represents the current time, set when the plan is carried out",
        },
        opens=texts(),
        found=many(record(kind=TEXT, name=TEXT, parts=named(maybe(named(TEXT))))),
        calls=many(part("savedCall")),
    ),
    "finding": record(
        {
            "path": many(record(who=TEXT, actions=texts(), on=TEXT, gives=TEXT, evidence=many(part("evidence")))),
            "group": {**TEXT, "description": "the ID of its cause, in groups"},
            "controls": many(record(framework=TEXT, id=TEXT)),
            "set_up_by": {**TEXT, "description": "the name of the tool whose setup creates such a role"},
            "pattern": {
                **record(id=TEXT, what=TEXT),
                "description": "with several accounts: the cause, with an ID that is the same in every account",
            },
            "double_of": {**record(rule=TEXT, subject=TEXT), "description": "the finding that includes this one"},
            "accepted": record(by=MAYBE_TEXT, until=MAYBE_TEXT, reason=TEXT),
            "account": TEXT,
        },
        rule=TEXT,
        severity=one_of(Severity),
        subject=TEXT,
        title=TEXT,
        summary=TEXT,
        certainty=one_of(("certain", "if")),
        hangs_on=texts(),
        evidence=many(part("evidence")),
        references=texts(),
        fixes=many(part("findingFix")),
    ),
    "statement": record(
        layer=TEXT,
        policy=MAYBE_TEXT,
        arn=MAYBE_TEXT,
        statement=COUNT,
        sid=MAYBE_TEXT,
        line=COUNT,
        conditions=many(record(operator=TEXT, key=TEXT, values=texts(), text=TEXT)),
        variables=texts(),
        in_part=FLAG,
    ),
    "principal": record(
        {"account": MAYBE_TEXT},
        arn=MAYBE_TEXT,
        name=TEXT,
        kind=TEXT,
        service_owned=FLAG,
        decision=one_of(AccessVerdict),
        certain=FLAG,
        granted_by=many(part("statement")),
        limited_by=many(part("statement")),
        unless=many(part("statement")),
        denied_by=many(part("statement")),
        rule=TEXT,
        own_account_must_allow=FLAG,
        resources=texts(),
        resources_if=texts(),
        actions=texts(),
        action_count=COUNT,
        unread=many(_UNREAD_LAYER),
    ),
    "changedAccess": record(actions=texts(), action_count=COUNT, resource=TEXT, conditions=texts()),
}

# By the command that prints it, or the file: a description, and the schema.
OUTPUTS: Mapping[str, tuple[str, Schema]] = {
    "diagnose": (
        "rolescope diagnose --json (with --follow, one a line)",
        record({"more": {**many(part("diagnosis")), "description": "the text's other failures"}}, **_DIAGNOSIS),
    ),
    "recent": (
        "rolescope diagnose --recent --json",
        record(
            {"query": _QUERY},
            denials=many(
                record(
                    who=TEXT,
                    account=MAYBE_TEXT,
                    roles=texts(),
                    principal=MAYBE_TEXT,
                    action=MAYBE_TEXT,
                    operation=MAYBE_TEXT,
                    resource=MAYBE_TEXT,
                    error_code=MAYBE_TEXT,
                    stated_reason=MAYBE_TEXT,
                    count=COUNT,
                    first=TIME,
                    last=TIME,
                    regions=texts(),
                    sources=texts(),
                    CloudTrailEvent=TEXT,
                )
            ),
            events_read=COUNT,
            read_back_to=MAYBE_TIME,
            complete=FLAG,
            unreadable=many(record(region=TEXT, why=TEXT)),
        ),
    ),
    "evaluate": (
        "rolescope evaluate, a line",
        {
            "anyOf": [
                record(
                    id=ANY,
                    decision=one_of(Outcome),
                    layers={
                        "type": "object",
                        "properties": {layer.value: one_of(LayerResult) for layer in Layer},
                    },
                    reasons=many(
                        record(
                            {"level": COUNT},
                            layer=one_of(Layer),
                            effect=one_of(("Allow", "Deny")),
                            policy=MAYBE_TEXT,
                            statement=COUNT,
                            sid=MAYBE_TEXT,
                        )
                    ),
                    missingContext=texts(),
                    decidedBy=MAYBE_TEXT,
                    rule=MAYBE_TEXT,
                ),
                record(id=ANY, error=TEXT),
            ]
        },
    ),
    "history": (
        "rolescope history --json",
        record(
            target=MAYBE_TEXT,
            since=TIME,
            until=TIME,
            complete=FLAG,
            gaps=texts(),
            changes=many(
                record(
                    {"error": TEXT, "why_not": TEXT, "no_revert": TEXT, "revert_commands": texts()},
                    at=TIME,
                    event_id=TEXT,
                    event=TEXT,
                    by=TEXT,
                    via=TEXT,
                    entity=MAYBE_TEXT,
                    policy=MAYBE_TEXT,
                    what=TEXT,
                    document_before=maybe(DOCUMENT),
                    document_after=maybe(DOCUMENT),
                    effects=maybe(part("effects")),
                    revert=maybe(part("plan")),
                )
            ),
        ),
    ),
    "history-blame": (
        "rolescope history --blame --json",
        record(
            target=TEXT,
            since=TIME,
            gaps=texts(),
            statements=many(
                record(
                    {"why": TEXT},
                    policy=TEXT,
                    arn=MAYBE_TEXT,
                    statement=COUNT,
                    sid=MAYBE_TEXT,
                    event_id=MAYBE_TEXT,
                    at=MAYBE_TIME,
                    by=MAYBE_TEXT,
                )
            ),
        ),
    ),
    "who-can": (
        "rolescope who-can --json",
        record(
            {
                "hops": many(
                    record(
                        role=TEXT,
                        arn=MAYBE_TEXT,
                        who=TEXT,
                        may=TEXT,
                        note=TEXT,
                        step=TEXT,
                        gives=TEXT,
                        granted_by=many(part("statement")),
                        limited_by=many(part("statement")),
                        unless=many(part("statement")),
                    )
                ),
                "not_found": record(accounts=texts(), units=texts(), organizations=texts(), principals=texts()),
                "all_accounts_checked": FLAG,
                "shard": TEXT,
            },
            assumptions=many(record(key=TEXT, value=TEXT)),
            action=TEXT,
            resource=TEXT,
            read_as=TEXT,
            account=maybe(ACCOUNT),
            principals=many(part("principal")),
            others=many(part("principal")),
            kept_out=many(part("principal")),
            complete=FLAG,
            unread=many(_UNREAD_LAYER),
            not_listed=texts(),
            notes=texts(),
        ),
    ),
    "review": (
        "rolescope review --json",
        record(
            {
                "access_analyzer": _BESIDE,
                "smallest_set": record(
                    paths=COUNT,
                    verified={**MAYBE_FLAG, "description": "whether a review with all changes made finds no path left"},
                    changes=many(record(fix=part("fix"), closes=many(_CLOSED))),
                    left=many(_CLOSED),
                ),
                "groups": many(
                    record(
                        id=TEXT,
                        rule=TEXT,
                        severity=one_of(Severity),
                        title=TEXT,
                        what=TEXT,
                        subjects=texts(),
                        accepted=FLAG,
                    )
                ),
                "accounts": many(record(id=ACCOUNT, name=MAYBE_TEXT, alias=MAYBE_TEXT, captured_at=MAYBE_TIME)),
                "causes": many(
                    record(rule=TEXT, severity=one_of(Severity), title=TEXT, accounts=texts(), findings=COUNT)
                ),
                "patterns": many(
                    record(
                        id=TEXT,
                        rule=TEXT,
                        severity=one_of(Severity),
                        title=TEXT,
                        what=TEXT,
                        accounts=texts(),
                        findings=COUNT,
                    )
                ),
                "trusted": many(
                    record(
                        account=ACCOUNT,
                        who={**ACCOUNT, "description": "another account that a policy names"},
                        kind=one_of(TrustedKind),
                        name={
                            **MAYBE_TEXT,
                            "description": "the name of one of the organization's accounts, or of a vendor",
                        },
                        resources=texts(),
                    )
                ),
                "reach": many(
                    record(
                        account=ACCOUNT,
                        resource=TEXT,
                        who=TEXT,
                        kind=TEXT,
                        actions=texts(),
                        statement=COUNT,
                        sid=MAYBE_TEXT,
                        conditions=texts(),
                        unless={**texts(), "description": "what may still deny it"},
                        refused={
                            **texts(),
                            "description": "actions that match the policy's patterns, but that a Deny statement denies",
                        },
                        certain=FLAG,
                        vendor={
                            **maybe(record(name=TEXT, page=TEXT, list=MAYBE_TEXT, read_on=TEXT, words=TEXT)),
                            "description": "the vendor that owns the account, with the page that says so, and the "
                            "list that cites this page; null: unknown",
                        },
                    )
                ),
                "stale_names": many(
                    record(
                        account=ACCOUNT,
                        resource=TEXT,
                        statement=COUNT,
                        sid=MAYBE_TEXT,
                        name=TEXT,
                        kind=TEXT,
                        why=TEXT,
                    )
                ),
                "shard": TEXT,
            },
            account={
                **maybe(record(id=ACCOUNT, alias=MAYBE_TEXT, captured_at=MAYBE_TIME)),
                "description": "null: several accounts, which are listed in accounts",
            },
            counts={
                "type": "object",
                "properties": {severity.value: COUNT for severity in Severity},
            },
            findings=many(part("finding")),
            unread=many(record({"account": TEXT}, what=TEXT, rules=texts())),
        ),
    ),
    "use": (
        "rolescope use ROLE --json",
        record(
            {
                "account": {**MAYBE_TEXT, "description": "with --from: the account of the role"},
                "refused_hop": maybe(record(_REFUSED, role=TEXT, account=MAYBE_TEXT, **_WAY)),
            },
            role=TEXT,
            ways=many(record(_REFUSED, **_WAY)),
            caller=MAYBE_TEXT,
            chain=many(record(_REFUSED | {"account": MAYBE_TEXT}, role=TEXT, **_WAY)),
            unread=texts(),
        ),
    ),
    "sessions": (
        "rolescope use ROLE --sessions --json",
        record(
            role=TEXT,
            sessions=maybe(
                many(
                    record(
                        began=TIME,
                        ends=MAYBE_TIME,
                        may_last=FLAG,
                        who=TEXT,
                        method=TEXT,
                        source=MAYBE_TEXT,
                        session_name=MAYBE_TEXT,
                        mfa=MAYBE_FLAG,
                    )
                )
            ),
            runs_as_it=maybe(texts()),
            profiles=maybe(many(record(name=TEXT, method=TEXT))),
            unread=texts(),
        ),
    ),
    "right-size": (
        "rolescope right-size ROLE --json",
        record(
            {
                "gone_unseen": many(record(service=TEXT, why=TEXT, actions=COUNT, names=texts())),
                "watch": record(
                    since=MAYBE_TEXT,
                    outcomes=many(_OUTCOME),
                    given_back=many(record(action=TEXT, resource=TEXT, time=TEXT, statement=ANY)),
                    not_given_back=texts(),
                    problems=texts(),
                    why=MAYBE_TEXT,
                ),
            },
            role=TEXT,
            summary=TEXT,
            days=COUNT,
            strict=FLAG,
            counts=record(granted=COUNT, gone=COUNT, narrowed=COUNT, recorded=COUNT, told=COUNT, unknown=COUNT),
            replay=record(
                calls=COUNT,
                allowed=COUNT,
                refused=COUNT,
                refused_calls=many(record(**_USED_CALL, statement=ANY)),
                not_granted=COUNT,
                not_granted_actions=named(COUNT),
            ),
            proof=record(
                newly_allowed=many(record(actions=texts(), resource=TEXT)),
                loosened=many(record(actions=texts(), resource=TEXT)),
                fully_computed=FLAG,
            ),
            policies=many(
                record(
                    name=MAYBE_TEXT,
                    arn=MAYBE_TEXT,
                    kind=one_of(("inline", "aws-managed", "customer-managed")),
                    change=one_of(("unchanged", "removed", "narrowed")),
                    document=maybe(DOCUMENT),
                )
            ),
            used=many(record(action=TEXT, calls=COUNT, last=MAYBE_TEXT, resources=texts(), resources_untold=COUNT)),
            gone=many(record(service=TEXT, actions=COUNT, of=COUNT, names=texts())),
            kept_unseen=many(record(service=TEXT, why=TEXT, actions=COUNT, names=texts())),
            refused_by_aws=many(record(**_USED_CALL)),
            evidence=record(
                last_accessed=record(services=MAYBE_COUNT, used=MAYBE_COUNT, why=MAYBE_TEXT),
                trail=record(
                    {"query": _QUERY},
                    **{"from": TEXT},
                    events=COUNT,
                    of_role=COUNT,
                    first=MAYBE_TEXT,
                    last=MAYBE_TEXT,
                    regions=texts(),
                    whole=FLAG,
                    problems=texts(),
                    unknown_operations=many(record(source=TEXT, operation=TEXT, calls=COUNT)),
                ),
            ),
            cautions=texts(),
            unread=texts(),
            look_again=TEXT,
            plan=maybe(part("savedPlan")),
            no_plan=MAYBE_TEXT,
        ),
    ),
    "lint": (
        "rolescope lint --json",
        record(
            files=many(
                record(
                    {"address": TEXT, "line": COUNT},
                    file=TEXT,
                    kind=one_of(PolicyKind),
                    guessed=FLAG,
                    findings=many(
                        record(
                            code=TEXT,
                            severity=one_of(LintSeverity),
                            message=TEXT,
                            line=COUNT,
                            column=COUNT,
                            saved=maybe(FLAG),
                            refusal=MAYBE_TEXT,
                        )
                    ),
                )
            )
        ),
    ),
    "check": (
        "rolescope check --json",
        record(
            check=TEXT,
            kind=one_of(PolicyKind),
            guessed=FLAG,
            result=one_of(CheckOutcome),
            grants=many(
                record(
                    actions={**texts(), "description": "the first 100"},
                    action_count=COUNT,
                    resource={**TEXT, "description": "a pattern; rolescope-probe represents any name"},
                    principals=texts(),
                    conditions=texts(),
                    statements=many(record(index=COUNT, sid=MAYBE_TEXT)),
                    witness=maybe(record(principal=MAYBE_TEXT, action=TEXT, resource=TEXT, context=named(texts()))),
                )
            ),
            uncovered=texts(),
        ),
    ),
    "diff": ("rolescope diff --json", record(**_DIFFERENCE)),
    "diff-accounts": (
        "rolescope diff --json of two folders of accounts",
        record(
            guardrails=maybe(many(record(kind=TEXT, name=TEXT, change=TEXT, parts=texts()))),
            accounts=many(record(account=ACCOUNT, **_DIFFERENCE)),
            not_compared=many(record(account=ACCOUNT, why=TEXT)),
        ),
    ),
    "what-if": (
        "rolescope what-if --json",
        record(
            {
                "recorded": record(
                    events=COUNT,
                    calls=COUNT,
                    refused=COUNT,
                    not_granted=COUNT,
                    roles=many(record(role=TEXT, calls=COUNT, refused=many(record(**_USED_CALL)))),
                    problems=texts(),
                ),
                "shard": TEXT,
                "accounts": {**texts(), "description": "the accounts below the target"},
                "fully_computed": {**FLAG, "description": "whether no other principal gains or loses access"},
                "notes": texts(),
                "paths": many(
                    record(account=ACCOUNT, holder=TEXT, statement=COUNT, sid=MAYBE_TEXT, before=FLAG, after=FLAG)
                ),
            },
            change=TEXT,
            **_ACCESS,
            unread=texts(),
        ),
    ),
    "test": (
        "rolescope test --json",
        record(counts=named(COUNT), tests=many(part("policyTest"))),
    ),
    "plan-review": (
        "rolescope plan-review FILE --json",
        record(
            tool=TEXT,
            failed=FLAG,
            sentence=TEXT,
            fail_on=one_of(Severity),
            problems=many(
                record(
                    rule=TEXT,
                    severity=one_of(Severity),
                    fails=FLAG,
                    title=TEXT,
                    summary=TEXT,
                    subject=MAYBE_TEXT,
                    addresses=many(record(address=TEXT, file=MAYBE_TEXT, line=MAYBE_COUNT)),
                )
            ),
            principals=many(_with_addresses(_ACCESS["principals"]["items"])),
            assuming=many(_with_addresses(_ACCESS["assuming"]["items"], strangers=texts())),
            resources=many(
                record(
                    resource=TEXT,
                    gained=texts(),
                    lost=texts(),
                    strangers=texts(),
                    fully_computed=FLAG,
                    addresses=texts(),
                )
            ),
            findings=record(new=many(part("finding")), gone=many(record(rule=TEXT, subject=TEXT))),
            tests=many(part("policyTest")),
            unknown=texts(),
        ),
    ),
    "roles": ("rolescope roles --json", many(record(**_ROLE))),
    "role": ("rolescope role NAME --json", record(**_ROLE)),
    "create": (
        "rolescope create SPEC --json",
        {
            **PARTS["plan"],
            **record(
                {"outcomes": many(_OUTCOME)},
                **PARTS["plan"]["properties"],
                state=TEXT,
                findings=many(part("gateFinding")),
                next_steps=texts(),
                tries=many(record(action=TEXT, resource=TEXT, context=named(texts()), expected=TEXT)),
            ),
        },
    ),
    "change": (
        "rolescope change ROLE … --json; where there is nothing to do, or no plan, without the plan's own fields",
        record(
            {
                "text": TEXT,
                "outcomes": many(_OUTCOME),
                "findings": many(part("gateFinding")),
                **PARTS["plan"]["properties"],
            },
            state=TEXT,
            calls=many(part("call")),
            effects=part("effects"),
            in_use=texts(),
            needs_name=FLAG,
        ),
    ),
    "snapshot": (
        "rolescope snapshot FILE --json",
        record(
            file=TEXT,
            account=ACCOUNT,
            alias=MAYBE_TEXT,
            roles=COUNT,
            users=MAYBE_COUNT,
            groups=MAYBE_COUNT,
            policies=COUNT,
            resource_policies=COUNT,
            bytes=COUNT,
            not_saved=texts(),
        ),
    ),
    "snapshot-accounts": (
        "rolescope snapshot FOLDER --accounts --json",
        record(
            folder=TEXT,
            organization=MAYBE_TEXT,
            accounts=texts(),
            kept={**texts(), "description": "the accounts that an earlier, interrupted run had saved"},
            refused=many(record(account=ACCOUNT, why=TEXT)),
            not_saved=named(texts()),
        ),
    ),
    "info": (
        "rolescope info --json",
        record(
            {"error": TEXT},
            versions=named(MAYBE_TEXT),
            paths=record(configuration=TEXT, log=TEXT, journal=TEXT),
            account=maybe(
                record(
                    {
                        "profile": MAYBE_TEXT,
                        "credentials": MAYBE_TEXT,
                        "credentials_from": MAYBE_TEXT,
                        "expires": MAYBE_TIME,
                        "captured": MAYBE_TIME,
                        "warnings": texts(),
                        "organization": MAYBE_TEXT,
                        "management_account": maybe(ACCOUNT),
                        "complete": FLAG,
                        "accounts": many(record(id=ACCOUNT, name=MAYBE_TEXT, captured=MAYBE_TIME, warnings=texts())),
                        "unread": many(record(account=ACCOUNT, name=MAYBE_TEXT, why=TEXT)),
                    },
                    id={**MAYBE_TEXT, "description": "null: several accounts, which are listed in accounts"},
                    alias=MAYBE_TEXT,
                    caller=MAYBE_TEXT,
                    region=MAYBE_TEXT,
                    source=TEXT,
                )
            ),
        ),
    ),
    "snapshot-file": (
        "The file that rolescope snapshot FILE writes: AWS's own objects, and Rolescope",
        record(
            **{key: many(entity) for key, entity in _ENTITIES.items()},
            Rolescope={**record(_ROLESCOPE, Version={"const": 1}), "description": "what is missing is unknown"},
        ),
    ),
    "permissions": (
        "rolescope permissions DEPTH",
        record(Version=TEXT, Statement=many(record({"Condition": ANY}, Effect=TEXT, Action=texts(), Resource=ANY))),
    ),
}


def schema(name: str) -> Schema:
    """Return the schema of an output, with the definitions that it refers to. Raises KeyError for an unknown name."""
    title, body = OUTPUTS[name]
    if name in VERSIONS:
        version = {"const": f"{name}/{VERSIONS[name]}"}
        required = ["schema", *body.get("required", ())]
        body = {**body, "properties": {"schema": version, **body.get("properties", {})}, "required": required}
    used: dict[str, Schema] = {}
    _collect(body, used)
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title}
    return {**head, **body, **({"$defs": dict(sorted(used.items()))} if used else {})}


def _collect(value: object, into: dict[str, Schema]) -> None:
    for name in _references(value):
        if name not in into:
            into[name] = PARTS[name]
            _collect(PARTS[name], into)


def _references(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(reference := value.get("$ref"), str):
            yield reference.removeprefix("#/$defs/")
        for each in value.values():
            yield from _references(each)
    elif isinstance(value, list):
        for each in value:
            yield from _references(each)
