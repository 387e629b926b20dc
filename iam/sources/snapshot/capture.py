"""Read everything that a snapshot contains, with any reader. Denied reads are skipped and reported."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TypeVar

from iam.account import Account, AttachedPolicy, Group, ManagedPolicy, Role, User
from iam.arn import Arn, resource_of, service_of
from iam.event import Event
from iam.facts.workloads import KINDS
from iam.other_services import ServiceLastAccessed, StackResource
from iam.policy.document import Document
from iam.sources.reader.account_reader import AccountReader
from iam.sources.reader.reading import Reading
from iam.sources.reader.resources import Binding, PublicAccessBlock, Workload
from iam.sources.resource_policies import READABLE, has_no_policy, policy_holder
from iam.sources.snapshot.contents import Contents

S = TypeVar("S")
T = TypeVar("T")
E = TypeVar("E", Role, User, Group, ManagedPolicy)

Progress = Callable[[str], None]
_AT_ONCE = 4
# Above these numbers, a call (or a job of seconds) for each would take too long; the snapshot reports what is left out.
_LAST_ACCESSED_AT_MOST = 60
_USERS_AT_MOST = 200
_STACK_LOOKUPS_AT_MOST = 100

# The events that diagnoses use: who created, changed or removed an entity, and how roles were assumed.
EVENTS = (
    "CreateRole", "AcquireRole", "DeleteRole", "UpdateAssumeRolePolicy", "PutRolePolicy", "DeleteRolePolicy",
    "AttachRolePolicy", "DetachRolePolicy", "PutRolePermissionsBoundary", "DeleteRolePermissionsBoundary",
    "CreatePolicy", "CreatePolicyVersion", "SetDefaultPolicyVersion", "DeletePolicy", "CreateInstanceProfile",
    "AddRoleToInstanceProfile", "RemoveRoleFromInstanceProfile", "DeleteInstanceProfile", "CreateServiceLinkedRole",
    "DeleteServiceLinkedRole", "AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity",
)  # fmt: skip


class Capture:
    """Reads an account completely, to save it.

    ``contents`` is what to save, ``skipped`` are sentences that say what could not be read. ``of_organization``: the
    account is one of many, and the organization's policies are left out because the tree has them. ``lean``: leave out
    events, stacks, workloads, Access Analyzer and last-accessed reports, which need most of the calls.
    """

    def __init__(
        self, reader: AccountReader, progress: Progress, *, of_organization: bool = False, lean: bool = False
    ) -> None:
        self._reader = reader
        self._of_organization = of_organization
        self._lean = lean
        self._progress = progress
        self.skipped: list[str] = []

    def run(self) -> Contents:
        """Read everything. Raises `SourceError` if the account itself cannot be read."""
        account = self._account()
        pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="rolescope-capture")
        try:
            return self._contents(account, pool)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    def _account(self) -> Account:
        account = None
        for account in self._reader.accounts():
            self._progress(account.progress or f"{len(account.roles):,} roles read")
        if account is None:  # a reader yields at least once, or raises an error
            raise AssertionError("the reader gave no account")
        return account

    def _contents(self, account: Account, pool: ThreadPoolExecutor) -> Contents:
        account = self._with_details(account, pool)
        self.skipped += [f"{entry.why} ({entry.costs})" for entry in account.unreadable]
        contents = Contents(account)
        contents.aws_managed = self._managed_policies(account, pool)
        if not self._of_organization:
            account = contents.account = self._with_organization(contents)
        self._resources(contents, pool)
        self._progress("reading endpoints and instances")
        contents.vpc_endpoints = self._value("VPC endpoints", self._reader.vpc_endpoints(""))
        contents.instances = self._value("instances", self._reader.instances())
        if not self._lean:
            self._progress("reading CloudTrail's events")
            contents.events = self._events(pool)
            self._progress("reading CloudFormation's stacks")
            contents.stack_resources = self._stacks(account, pool)
            contents.bindings = self._bindings(account)
            self._workloads(contents, pool)
            self._progress("reading Access Analyzer's findings")
            contents.access_analyzer = self._value("Access Analyzer", self._reader.access_analyzer())
        self._users(contents, pool)
        contents.password_policy = self._value("password policy", self._reader.password_policy())
        if not self._lean:
            contents.last_accessed = self._last_accessed(account, pool)
        for role in account.roles:
            if role.service_linked:
                status = self._reader.deletion_status(role.name)
                if status.value is None and status.unreadable:
                    self.skipped.append(f"Deletions of service-linked roles: {status.why}")
                    break  # the result is the same for each of them
                if status.value is not None:
                    contents.deletions = {**contents.deletions, role.name: status.value}
        return contents

    def _value(self, what: str, reading: Reading[T]) -> T | None:
        if reading.unreadable:
            self.skipped.append(f"{what[0].upper()}{what[1:]}: {reading.why}")
        elif reading.note and reading.value is not None:
            self.skipped.append(f"{what[0].upper()}{what[1:]}, in part: {reading.note}")
        return reading.value

    def _each(
        self, pool: ThreadPoolExecutor, what: str, question: Callable[[S], Reading[T]], subjects: Iterable[S]
    ) -> Iterator[tuple[S, Reading[T]]]:
        """Yield the reading for each subject, in order. Several subjects are read in parallel."""
        wanted = list(subjects)
        for index, (subject, reading) in enumerate(zip(wanted, pool.map(question, wanted), strict=True), 1):
            if index % 25 == 0 or index == len(wanted):
                self._progress(f"reading {what}: {index:,} of {len(wanted):,}")
            yield subject, reading

    # IAM.

    def _with_details(self, account: Account, pool: ThreadPoolExecutor) -> Account:
        """Read every role, user, group and customer policy separately, if GetAccountAuthorizationDetails was denied."""
        reader = self._reader
        lacking = [role for role in account.roles if not role.has_details]
        roles = self._one_by_one(pool, "roles", lambda one: reader.role(one.name), lacking)
        bare = [user for user in account.users or () if user.inline is None]
        users = self._one_by_one(pool, "users", lambda one: reader.user(one.name), bare)
        empty = [group for group in account.groups or () if group.inline is None]
        groups = self._one_by_one(pool, "groups", lambda one: reader.group(one.name), empty)
        unseen = [policy for policy in account.policies or () if not policy.versions and not policy.aws_managed]
        policies = self._one_by_one(pool, "policies", lambda one: reader.managed_policy(one.arn), unseen)
        whole = replace(
            account,
            roles=tuple(roles.get(role.arn, role) for role in account.roles),
            users=account.users and tuple(users.get(user.arn, user) for user in account.users),
            groups=account.groups and tuple(groups.get(group.arn, group) for group in account.groups),
            policies=account.policies and tuple(policies.get(policy.arn, policy) for policy in account.policies),
        )
        entities: tuple[Role | User | Group, ...] = (*whole.roles, *(whole.users or ()), *(whole.groups or ()))
        known = all(each.inline is not None and each.attached is not None for each in entities)
        if whole.incomplete or not known or not all(policy.versions for policy in whole.policies or ()):
            return whole
        # The entities were read one by one instead, so nothing is missing in the file.
        left = tuple(entry for entry in whole.unreadable if entry.call != "iam:GetAccountAuthorizationDetails")
        return replace(whole, unreadable=left)

    def _one_by_one(
        self, pool: ThreadPoolExecutor, what: str, question: Callable[[E], Reading[E]], entities: list[E]
    ) -> dict[str, E]:
        """Return the entities by ARN, each read separately. The number of entities not completely read is reported."""
        found: dict[str, E] = {}
        unread: dict[str, str] = {}
        for entity, reading in self._each(pool, f"{what} one by one", question, entities):
            found[entity.arn] = reading.value or entity
            if why := reading.why or reading.note:
                unread[entity.arn] = why
        self._not_whole(what, unread)
        return found

    def _not_whole(self, what: str, unread: Mapping[str, str]) -> None:
        """Report entities of one kind that were not completely read. ``unread`` contains the reason by ARN."""
        for arn, why in [*unread.items()][:1]:
            self.skipped.append(
                f"{what[0].upper()}{what[1:]}, {len(unread):,} of them incomplete, such as {arn}: {why}"
            )

    def _managed_policies(self, account: Account, pool: ThreadPoolExecutor) -> tuple[ManagedPolicy, ...]:
        """Read the AWS managed policies in use, because the account lacks their documents."""
        entities: tuple[Role | User | Group, ...] = (*account.roles, *(account.users or ()), *(account.groups or ()))
        arns: dict[str, None] = {}
        for entity in entities:
            attached: tuple[AttachedPolicy, ...] = entity.attached or ()
            arns |= dict.fromkeys(policy.arn for policy in attached)
            boundary = None if isinstance(entity, Group) else entity.boundary_arn
            if boundary:
                arns[boundary] = None
        lacking = [arn for arn in arns if (known := account.policy(arn)) is None or known.document is None]
        found, unread = [], {}
        for arn, reading in self._each(pool, "managed policies", self._reader.managed_policy, lacking):
            if reading.value is not None:
                found.append(reading.value)
            if reading.value is None or reading.note:
                unread[arn] = reading.why or reading.note or "the policy no longer exists."
        self._not_whole("managed policies", unread)
        return tuple(found)

    def _with_organization(self, contents: Contents) -> Account:
        account = contents.account
        if account.organization is not None or account.in_organization is False:
            contents.organization_known = True
            return account
        reading = self._reader.organization()
        contents.organization_known = not reading.unreadable
        return replace(account, organization=self._value("organization", reading))

    def _users(self, contents: Contents, pool: ThreadPoolExecutor) -> None:
        users = contents.account.users
        if users is None:
            return
        if len(users) > _USERS_AT_MOST:
            self.skipped.append(
                f"Login profiles, access keys and MFA devices are saved for up to {_USERS_AT_MOST} users; "
                f"this account has {len(users):,}."
            )
            return
        names = [user.name for user in users]
        contents.login_profiles = self._known_of_each(pool, "login profiles", self._reader.login_profile, names)
        keys = self._known_of_each(pool, "access keys", self._reader.access_keys, names)
        contents.access_keys = None if keys is None else tuple(key for some in keys for key in some)
        devices = self._known_of_each(pool, "MFA devices", self._reader.mfa_devices, names)
        if devices is not None:
            virtual = self._value("virtual MFA devices", self._reader.mfa_devices())
            if virtual is not None:
                unassigned = (device for device in virtual if device.user is None)
                contents.mfa_devices = (*(device for some in devices for device in some), *unassigned)

    def _known_of_each(
        self, pool: ThreadPoolExecutor, what: str, question: Callable[[str], Reading[T]], names: list[str]
    ) -> tuple[T, ...] | None:
        """Return the results, or None if one of them is not readable.

        An incomplete list would mean "none" instead of "not known".
        """
        found = []
        for _, reading in self._each(pool, what, question, names):
            if reading.unreadable:
                self.skipped.append(f"{what[0].upper()}{what[1:]}: {reading.why}")
                return None
            if reading.value is not None:
                found.append(reading.value)
        return tuple(found)

    def _last_accessed(
        self, account: Account, pool: ThreadPoolExecutor
    ) -> dict[str, tuple[ServiceLastAccessed, ...]] | None:
        if len(account.roles) > _LAST_ACCESSED_AT_MOST:
            self.skipped.append(
                f"Last-accessed reports are saved for up to {_LAST_ACCESSED_AT_MOST} roles; "
                f"this account has {len(account.roles):,}."
            )
            return None
        found, unread = {}, {}
        arns = [role.arn for role in account.roles]
        for arn, reading in self._each(pool, "last-accessed reports", self._reader.last_accessed, arns):
            if reading.value is not None:
                found[arn] = reading.value
            elif reading.unreadable and not found:
                self.skipped.append(f"Last-accessed reports: {reading.why}")
                return None
            elif reading.unreadable:
                unread[arn] = reading.why
        self._not_whole("last-accessed reports", unread)
        return found

    # Other services.

    def _resources(self, contents: Contents, pool: ThreadPoolExecutor) -> None:
        """Read the policies of the resources that can be listed, and of those that policies mention."""
        account = contents.account
        listed = self._value("resources", self._reader.resources()) or ()
        wanted = [*dict.fromkeys((*listed, *_named_in_policies(contents)))]
        policies: dict[str, Document | None] = {}
        denied = 0
        example = ""
        for arn, reading in self._each(pool, "resource policies", self._reader.resource_policy, wanted):
            if reading.unreadable:
                denied += 1
                example = example or f"{arn}: {reading.why}"
            else:
                policies[arn] = reading.value
        if denied:
            self.skipped.append(f"{denied:,} resource {'policy' if denied == 1 else 'policies'}, such as {example}")
        if policies or not denied:
            contents.resource_policies = policies
        buckets = [resource_of(arn) for arn in listed if service_of(arn) == "s3"]
        blocks: dict[str, PublicAccessBlock | None] = {}
        why = ""
        for bucket, block in self._each(pool, "public access blocks", self._reader.public_access_block, buckets):
            if block.unreadable:
                why = why or f"{bucket}: {block.why}"
            else:
                blocks[bucket] = block.value
        if why:
            missing = len(buckets) - len(blocks)
            self.skipped.append(f"{missing:,} public access {'block' if missing == 1 else 'blocks'}, such as {why}")
        if blocks:
            contents.public_access_blocks = blocks
        contents.account = account

    def _events(self, pool: ThreadPoolExecutor) -> tuple[Event, ...] | None:
        newest = self._reader.events()
        if newest.unreadable:
            self.skipped.append(f"Events: {newest.why}")
            return None
        missing = newest.note
        unique = {_event_key(event): event for event in newest.value or ()}
        for _, reading in self._each(
            pool, "CloudTrail's events", lambda name: self._reader.events(event_name=name), EVENTS
        ):
            missing = missing or reading.why or reading.note
            unique |= {_event_key(event): event for event in reading.value or ()}
        if missing:  # a file with only some of them would suggest that the others never happened
            self.skipped.append(f"Events, some of which could not be read: {missing}")
            return None
        return tuple(sorted(unique.values(), key=lambda event: event.time, reverse=True))

    def _stacks(self, account: Account, pool: ThreadPoolExecutor) -> tuple[StackResource, ...] | None:
        reading = self._reader.all_stack_resources()
        if reading.value is not None or len(account.roles) > _STACK_LOOKUPS_AT_MOST:
            return self._value("stacks", reading)
        # A caller that may not list the stacks may still be allowed to look up single resources.
        found: list[StackResource] = []
        names = [role.name for role in account.roles]
        for _, one in self._each(pool, "stacks", self._reader.stack_resources, names):
            if one.value is None:
                self._value("stacks", one)
                return None
            found += one.value
        return tuple(found)

    def _bindings(self, account: Account) -> tuple[Binding, ...] | None:
        reading = self._reader.all_bindings()
        if reading.value is None:
            self._value("what runs as the roles", reading)
            return None
        if reading.note:
            # If one service could not be read, "nothing runs with it" would be a guess.
            self.skipped.append(f"What runs as the roles: {reading.note}")
            return None
        roles = {text: role for role in account.roles if not role.service_owned for text in (role.name, role.arn)}
        return tuple(replace(one, role_arn=roles[one.role_arn].arn) for one in reading.value if one.role_arn in roles)

    def _workloads(self, contents: Contents, pool: ThreadPoolExecutor) -> None:
        """Read the workloads of the roles, by kind, with what is missing of each kind.

        A kind that could not be read is left out: it is unknown.
        """
        regions = self._reader.workload_regions()
        contents.workload_regions = regions.value if not regions.note else None
        found: dict[str, tuple[Workload, ...]] = {}
        gaps: dict[str, str] = {}
        for kind, reading in self._each(pool, "what runs as the roles", self._reader.workloads, KINDS):
            if self._value(KINDS[kind].title, reading) is not None:
                found[kind] = reading.value or ()
            if reading.value is not None and reading.note:
                gaps[kind] = reading.note
        contents.workloads, contents.workload_gaps = found, gaps


def _event_key(event: Event) -> tuple[object, ...]:
    return (event.detail,) if event.detail else (event.name, event.time, event.username, event.resources)


def _named_in_policies(contents: Contents) -> Iterator[str]:
    """Yield the resources with their own policy that the account's customer policies mention without a wildcard."""
    account = contents.account
    entities: tuple[Role | User | Group, ...] = (*account.roles, *(account.users or ()), *(account.groups or ()))
    documents = [policy.document for entity in entities for policy in entity.inline or ()]
    documents += [document for policy in account.policies or () if (document := policy.document) is not None]
    for document in documents:
        for statement in document.readable_statements:
            for arn in statement.resource or ():
                holder = policy_holder(arn)
                parts = Arn.parse(holder)
                if parts is None or "*" in holder or "?" in holder or "${" in holder:
                    continue
                if parts.service in READABLE and parts.service != "iam" and not has_no_policy(parts):
                    yield holder
