"""Ways into roles: judged for whoever asks, and as the demo's STS then answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from diagnostics.use.chain import shortest_chain
from diagnostics.use.report import as_json, as_text, best_words, headline
from diagnostics.use.side import calling_side, side_of
from diagnostics.use.source import CredentialSource
from diagnostics.use.way import Method, RoleWays, SessionValues, Way, WayNeed
from diagnostics.use.ways import foreign_role_ways, role_ways
from diagnostics.use.words import profile_lines
from iam.account import Account, OIDCProvider, Role
from iam.credentials.assume_request import AssumeRequest
from iam.policy.document import Document
from iam.questions.index import AccountIndex
from tests.support.demo.use_table import PLANTED, assume_cases, plant, token_cases

if TYPE_CHECKING:
    from iam.demo.aws.world import World
    from iam.sources.aws.reader import AwsReader

BEN = "arn:aws:iam::111122223333:user/ben"
ReaderAs = Callable[[str | None], "AwsReader"]


@pytest.fixture
def ways_of(demo_reader_as: ReaderAs) -> Callable[..., RoleWays]:
    """The ways into a role of the demo for one of its users."""

    def find(name: str, user: str | None = "ben", entered: SessionValues | None = None) -> RoleWays:
        reader = demo_reader_as(user)
        account = list(reader.accounts())[-1]
        role = account.role(name)
        assert role is not None
        return role_ways(role, calling_side(account, reader), account, entered)

    return find


def _only(found: RoleWays, method: Method = Method.ASSUME_ROLE) -> Way:
    (way,) = (way for way in found.ways if way.method is method)
    return way


def test_what_was_said_is_what_sts_answers(demo_world: World) -> None:
    plant(demo_world)
    cases = [*assume_cases(demo_world, PLANTED, ["ben"]), *token_cases(demo_world)]
    assert not [case for case in cases if not case.right]
    assert {case.said for case in cases} == {True, False, None}
    assert sum(case.said is None for case in cases) < len(cases) / 5


def test_mfa_hangs_on_the_code_and_names_the_callers_own_device(ways_of: Callable[..., RoleWays]) -> None:
    way = _only(ways_of("break-glass-admin"))
    assert way.works is None and "mfa" in way.hangs_on
    assert "--serial-number arn:aws:iam::111122223333:mfa/ben --token-code MFA-CODE" in way.command
    assert "mfa_serial = arn:aws:iam::111122223333:mfa/ben" in way.profile
    assert [(need.what, need.secret) for need in way.needs if need.what == "mfa"] == [("mfa", True)]


@pytest.mark.parametrize(
    ("hangs_on", "words"),
    [
        (("scp",), "You can, unless an SCP that could not be read denies it, with this:"),
        (("identity",), "You may (your own policies could not be read), with this:"),
        (
            ("identity", "scp"),
            "You may (your own policies could not be read), unless an SCP that could not be read denies it, with this:",
        ),
        (("mfa",), "You can, with this and an MFA code:"),
        (
            ("mfa", "aws:SourceIp"),
            "You can assume it with the following, if the conditions are met (mfa and aws:SourceIp):",
        ),
    ],
)
def test_the_answer_says_what_it_hangs_on(
    ways_of: Callable[..., RoleWays], hangs_on: tuple[str, ...], words: str
) -> None:
    way = _only(ways_of("platform-operator"))
    assert best_words(replace(way, works=None, hangs_on=hangs_on)) == words


def test_a_need_says_whether_the_caller_meets_it() -> None:
    need = WayNeed("aws:SourceIp", None, "aws:SourceIp is 192.0.2.7")
    way = Way(Method.ASSUME_ROLE, "", 0, None, True, "", 3600, for_me=True, needs=(need,))
    assert way.need_words(need) == "aws:SourceIp is 192.0.2.7 (met)"
    assert replace(way, works=None, hangs_on=("aws:SourceIp",)).need_words(need) == f"{need.words} (not known)"
    for other in (replace(way, works=False), replace(way, for_me=False), replace(way, works=None, hangs_on=("scp",))):
        assert other.need_words(need) == need.words


def test_without_a_device_and_as_a_roles_session_mfa_is_out_of_reach(ways_of: Callable[..., RoleWays]) -> None:
    for user, words in (("alice", "no MFA device"), (None, "which a role session does not have")):
        way = _only(ways_of("break-glass-admin", user))
        assert way.works is False and words in way.why
        assert way.refusal is not None and (way.refusal.layer, way.refusal.statement) == ("trust", 0)


def test_the_organization_that_could_not_be_read_is_said_and_not_taken_for_consent(
    ways_of: Callable[..., RoleWays],
) -> None:
    found = ways_of("platform-operator")
    assert _only(found).works is None and {"scp", "rcp"} <= set(_only(found).hangs_on)
    assert headline(found) == "You can, unless an RCP or an SCP that could not be read denies it, with this:"
    assert _only(ways_of("platform-operator", None)).works is True


def test_the_side_and_statement_in_the_way(ways_of: Callable[..., RoleWays]) -> None:
    mine = _only(ways_of("ds-notebook"))
    assert mine.works is False and mine.refusal is not None
    assert (mine.refusal.layer, mine.refusal.policy, mine.refusal.sid) == (
        "identity",
        "assume-human-roles",
        "BecomeAnyHumanRole",
    )
    theirs = _only(ways_of("platform-operator", "alice"))
    assert theirs.refusal is not None and theirs.refusal.layer == "trust" and "aws:PrincipalTag/team" in theirs.why


def test_a_session_longer_than_the_role_or_a_chain_allows(ways_of: Callable[..., RoleWays]) -> None:
    entered = SessionValues(seconds=7200)
    assert "more than the 3600 seconds that the role allows" in _only(ways_of("platform-operator", "ben", entered)).why
    chained = _only(ways_of("platform-operator", None, entered))
    assert chained.works is False and "no longer sessions than 3600" in chained.why and chained.seconds == 3600


def test_services_get_what_they_need_and_no_more_is_claimed(ways_of: Callable[..., RoleWays]) -> None:
    assert _only(ways_of("orders-api-lambda"), Method.SERVICE).works is True
    assert "sts:TagSession" in _only(ways_of("search-podid"), Method.SERVICE).why
    assert "instance profile" in _only(ways_of("invoice-render-lambda"), Method.SERVICE).why
    assert ways_of("orders-api-lambda").refused and not ways_of("gha-deploy-storefront").refused


def test_a_provider_that_is_not_there_lets_nobody_in(demo_reader: AwsReader) -> None:
    account = list(demo_reader.accounts())[-1]
    role = account.role("gha-deploy-storefront")
    assert role is not None
    gone = replace(account, oidc_providers=())
    way = _only(role_ways(role, calling_side(account, demo_reader), gone), Method.WEB_IDENTITY)
    assert way.works is False and "does not exist" in way.why
    unknown = replace(account, oidc_providers=None)
    assert _only(role_ways(role, None, unknown), Method.WEB_IDENTITY).works is None
    no_audience = replace(account, oidc_providers=(OIDCProvider(way.principal, "x", ()),))
    entered = SessionValues(context={"token.actions.githubusercontent.com:aud": ("sts.amazonaws.com",)})
    assert _only(role_ways(role, None, no_audience, entered), Method.WEB_IDENTITY).works is False


def _role(name: str, *statements: dict[str, Any], account: str = "111122223333", partition: str = "aws") -> Role:
    trust = Document.from_value({"Version": "2012-10-17", "Statement": list(statements)})
    return Role(name, f"arn:{partition}:iam::{account}:role/{name}", trust=trust, max_session_seconds=3600)


def test_a_service_does_not_come_in_where_it_presents_another_source(
    ways_of: Callable[..., RoleWays], demo_reader: AwsReader
) -> None:
    found = ways_of("scheduler-invoke-orders")
    assert _only(found, Method.SERVICE).works is False
    assert headline(found).startswith("Nobody can: scheduler.amazonaws.com sends arn:aws:scheduler:us-east-1:")
    account = list(demo_reader.accounts())[-1]
    for kinds in (["schedule-group/prod"], ["schedule/prod/*", "schedule-group/prod"]):
        arns = [f"arn:aws:scheduler:us-east-1:111122223333:{kind}" for kind in kinds]
        condition = {"ArnLike": {"aws:SourceArn": arns}}
        service = {"Service": "scheduler.amazonaws.com"}
        role = _role("r", {"Effect": "Allow", "Principal": service, "Action": "sts:AssumeRole", "Condition": condition})
        assert _only(role_ways(role, None, account), Method.SERVICE).hangs_on == ("aws:SourceArn",)


def test_who_belongs_to_another_account_may_be_in_an_organization(demo_reader: AwsReader) -> None:
    account = replace(list(demo_reader.accounts())[-1], in_organization=False, organization=None)
    statement = {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}
    role = _role("r", statement | {"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}})
    for number, works in (("111122223333", False), ("444455556666", None)):
        side = side_of(f"arn:aws:iam::{number}:user/ben", account, demo_reader)
        assert _only(role_ways(role, side, account)).works is works


def test_commands_for_tokens_quote_the_roles_path(demo_reader: AwsReader) -> None:
    account = list(demo_reader.accounts())[-1]
    for provider in ("cognito-identity.amazonaws.com", "arn:aws:iam::111122223333:saml-provider/idp"):
        action = f"sts:AssumeRoleWith{'SAML' if 'saml' in provider else 'WebIdentity'}"
        role = _role("r", {"Effect": "Allow", "Principal": {"Federated": provider}, "Action": action})
        arn = "arn:aws:iam::111122223333:role/$(id)/r"
        (way, *_) = role_ways(replace(role, arn=arn, path="/$(id)/"), None, account).ways
        assert f"--role-arn '{arn}'" in way.command


def test_values_of_others_are_quoted_and_profiles_hold_no_second_line(demo_reader_as: ReaderAs) -> None:
    reader = demo_reader_as("ben")
    account = list(reader.accounts())[-1]
    hostile = "x'; rm -rf ~\ncredential_process = evil"
    condition = {"StringEquals": {"sts:ExternalId": hostile}}
    role = _role(
        "r", {"Effect": "Allow", "Principal": {"AWS": BEN}, "Action": "sts:AssumeRole", "Condition": condition}
    )
    way = _only(role_ways(role, calling_side(account, reader), account))
    assert way.profile == ""
    assert "'x'\"'\"'; rm -rf ~" in way.command


def test_a_profile_that_rolescope_makes_names_the_profile_that_it_is_made_from() -> None:
    asked = AssumeRequest("ben", tags=(("project", "a b"),), seconds=900)
    for source, begins in (
        (CredentialSource("my own"), "rolescope use arn:aws-cn:iam::111122223333:role/r --credential-process"),
        (CredentialSource(provider="Environment"), "env -u AWS_PROFILE -u AWS_DEFAULT_PROFILE rolescope use"),
    ):
        lines = profile_lines(
            "arn:aws-cn:iam::111122223333:role/r", asked, mfa=True, source=source, region="cn-north-1"
        )
        assert f"credential_process = {begins}" in lines and "--tag 'project=a b'" in lines
        assert ("--profile 'my own' " in lines) is bool(source.profile)
        assert "--region cn-north-1" in lines and "--duration 900" in lines and "--mfa-serial MFA-DEVICE-ARN" in lines


def test_a_role_of_another_account_is_judged_by_our_half(demo_reader_as: ReaderAs) -> None:
    arn = "arn:aws:iam::444455556666:role/human/x"
    for user, works in (("alice", False), (None, None)):
        reader = demo_reader_as(user)
        account = list(reader.accounts())[-1]
        side = calling_side(account, reader)
        assert side is not None
        assert _only(foreign_role_ways(arn, side)).works is works


@pytest.mark.parametrize(
    ("partition", "host"),
    [
        ("aws", "signin.aws.amazon.com"),
        ("aws-cn", "signin.amazonaws.cn"),
        ("aws-us-gov", "signin.amazonaws-us-gov.com"),
    ],
)
def test_the_consoles_link_is_the_partitions(demo_reader: AwsReader, partition: str, host: str) -> None:
    account = list(demo_reader.accounts())[-1]
    me = f"arn:{partition}:iam::111122223333:user/somebody"
    account = replace(account, caller_arn=me, roles=())
    role = _role("r", {"Effect": "Allow", "Principal": {"AWS": me}, "Action": "sts:AssumeRole"}, partition=partition)
    way = _only(role_ways(role, side_of(me, account, demo_reader), account), Method.CONSOLE)
    assert way.command == f"https://{host}/switchrole?account=111122223333&roleName=r"


def test_a_trust_policy_that_was_not_read_is_no_refusal(demo_reader_as: ReaderAs, demo_reader: AwsReader) -> None:
    account = list(demo_reader.accounts())[-1]
    found = role_ways(Role("r", "arn:aws:iam::111122223333:role/r"), calling_side(account, demo_reader), account)
    assert found.ways[0].works is None and found.ways[0].hangs_on == ("trust",) and not found.refused
    assert headline(found) == "You may (its trust policy could not be read), with this:"
    assert found.ways[0].command.startswith("aws sts assume-role --role-arn arn:aws:iam::111122223333:role/r ")
    ben = demo_reader_as("ben")
    found = role_ways(Role("r", "arn:aws:iam::111122223333:role/r"), calling_side(account, ben), account)
    assert found.ways[0].works is None and "The trust policy must name you: none of your policies" in found.ways[0].why


def test_the_shortest_chain_is_found_and_each_hop_judged(demo_world: World) -> None:
    from iam.demo.open import reader, session

    iam = session(demo_world).client("iam")
    for name, principal in (("hop-1", BEN), ("hop-2", "hop-1"), ("target", "hop-2")):
        arn = principal if ":" in principal else f"arn:aws:iam::111122223333:role/{principal}"
        statement = {"Effect": "Allow", "Principal": {"AWS": arn}, "Action": "sts:AssumeRole"}
        trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust, MaxSessionDuration=43200)
    ben = reader(demo_world, as_user="ben")
    account = list(ben.accounts())[-1]
    role, side = account.role("target"), calling_side(account, ben)
    assert role is not None and side is not None
    hops = shortest_chain(role, side, AccountIndex(account, ben), SessionValues())
    assert [hop.role.rpartition("/")[2] for hop in hops] == ["hop-1", "hop-2", "target"]
    assert [hop.way.seconds for hop in hops] == [43200, 3600, 3600]
    found = replace(role_ways(role, side, account), chain=hops)
    assert not found.refused and headline(found).endswith("reach it through hop-1 and hop-2, with this:")
    assert "--via hop-1 --via hop-2" in next(line for line in as_text(found) if "--via" in line)
    assert [hop["works"] for hop in as_json(found)["chain"]] == [None, None, None]


def test_nobody_who_calls_is_said(demo_reader: AwsReader) -> None:
    account: Account = list(demo_reader.accounts())[-1]
    role = account.role("release-manager")
    assert role is not None
    found = role_ways(role, None, account)
    assert _only(found).works is None and headline(found).startswith("The caller is unknown")


def test_a_session_policy_of_ones_own_session_is_never_left_out(ways_of: Callable[..., RoleWays]) -> None:
    """Nobody can read it back: a session may have less than its role."""
    assert any("session policy of your own session" in each for each in ways_of("release-manager", None).unread)
    assert not any("session policy" in each for each in ways_of("release-manager").unread)


def test_a_reason_goes_where_the_trust_policy_lets_it(ways_of: Callable[..., RoleWays], demo_reader: AwsReader) -> None:
    found = ways_of("break-glass-admin", entered=SessionValues(reason="INC 42"))
    assert found.reason == "The reason is the session name." and "--role-session-name INC-42" in _only(found).command
    named = {
        "Effect": "Allow",
        "Principal": {"AWS": BEN},
        "Action": ["sts:AssumeRole", "sts:SetSourceIdentity"],
        "Condition": {"StringEquals": {"sts:RoleSessionName": "ben"}},
    }
    account = list(demo_reader.accounts())[-1]
    arn = f"arn:aws:iam::{account.id}:role/human/emergency"
    side = side_of(BEN, account, demo_reader)
    for actions, said in ((named["Action"], "The reason is the source identity."), ("sts:AssumeRole", "not passed")):
        trust = Document(json.dumps({"Version": "2012-10-17", "Statement": [{**named, "Action": actions}]}))
        role = Role("emergency", arn, "/human/", trust=trust)
        found = role_ways(role, side, account, SessionValues(reason="INC 42"))
        assert said in found.reason


def test_no_chain_leads_over_a_role_for_emergencies(demo_reader_as: ReaderAs) -> None:
    reader = demo_reader_as("ben")
    account = list(reader.accounts())[-1]
    role, side = account.role("ds-notebook"), side_of(BEN, account, reader)
    assert role is not None
    index = AccountIndex(account, reader)
    assert [hop.role.rpartition("/")[2] for hop in shortest_chain(role, side, index, SessionValues())] == [
        "platform-operator",
        "ds-notebook",
    ]
    assert not any(
        hop.role.endswith("platform-operator")
        for hop in shortest_chain(role, side, index, SessionValues(), break_glass="platform-operator")
    )
