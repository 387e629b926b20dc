"""Fixtures that several rooms' tests share: the demo account."""

from __future__ import annotations

import ast
import gc
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import wraps
from importlib import import_module
from shutil import rmtree
from tempfile import mkdtemp
from threading import RLock
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers

from iam.own_command import use_account_options
from tests.support.oracles.contradictions import watch

if TYPE_CHECKING:  # boto3 and moto are loaded only by the tests that ask for the demo
    import boto3

    from iam.demo.aws.world import World
    from iam.sources.aws.reader import AwsReader

# How long an example takes says as much about the machine's other work as about ours. The same examples each time: a
# test fails when the behaviour breaks, and only then.
settings.register_profile("any machine", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")
# Hypothesis would parse every module of ours that is loaded and draw its literals too: the examples would depend on
# which tests ran before in the same process.
providers._get_local_constants = lambda: providers._local_constants

_CONTRADICTIONS: list[str] = []


def forget_contradictions() -> None:
    """What a test made contradict itself on purpose is no finding."""
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
    """Keep two threads from parsing Python at once: before 3.11.8, CPython then fails (its issue gh-106905).

    moto parses Python when it first answers for a service, in whichever of a reader's threads asks. (The demo account
    answers in one thread at a time.)
    """
    parse, lock = ast.parse, RLock()

    @wraps(parse)
    def locked(*given: object, **more: object) -> ast.AST:
        with lock:
            return parse(*given, **more)

    ast.parse = locked


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):  # workers, and what tests start, inherit it
        home = mkdtemp(prefix="rolescope-tests-home-")
        config.add_cleanup(lambda: rmtree(home, ignore_errors=True))
        _use_home(home)
    # A shell that starts us in the background has us ignore ctrl+c, and those whom we start would inherit that.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    # What was compiled is kept: otherwise each worker, and each process that a test starts, compiles it anew.
    sys.dont_write_bytecode = False
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    gc.disable()  # for as long as tests are found: they all stay
    os.fsync = lambda fd: None  # what a killed process has written is there without it; only the waiting is missed
    _parse_in_one_thread_at_a_time()
    watch(_CONTRADICTIONS)


def _tell_less(config: pytest.Config) -> None:
    """A worker tells of each test how it ended, and what went wrong before and after it.

    That it began, and that its set-up and its tear-down passed, is shown by nobody: to tell and to hear it took longer
    than many a test. `--durations` shows those that took long.
    """
    if config.getoption("durations") is not None:
        return
    (worker,) = (each for each in config.pluginmanager.get_plugins() if hasattr(each, "run_one_test"))
    (of_reports,) = (each for each in config.hook.pytest_runtest_logreport.get_hookimpls() if each.plugin is worker)
    tell, tell_report = worker.sendevent, of_reports.function

    def tell_ends(name: str, **told: Any) -> None:
        if name not in ("logstart", "logfinish"):
            tell(name, **told)

    def tell_what_counts(report: pytest.TestReport) -> None:
        if report.when == "call" or not report.passed:
            tell_report(report)

    worker.sendevent, of_reports.function = tell_ends, tell_what_counts


def pytest_sessionstart(session: pytest.Session) -> None:
    """Of several workers, each imports the tests from another one on: what one has compiled, the others only load."""
    worker = getattr(session.config, "workerinput", None)
    if worker is None:
        return
    _tell_less(session.config)
    root, left_out = session.config.rootpath, session.config.getoption("ignore") or ()
    found = sorted(
        path.relative_to(root)
        for folder in session.config.args
        for path in (root / folder).glob("**/test_*.py")
        if path.is_relative_to(root) and not any(path.is_relative_to(root / each) for each in left_out)
    )
    first = len(found) * int(worker["workerid"].removeprefix("gw")) // worker["workercount"]
    for path in (*found[first:], *found[:first]):
        with suppress(Exception, pytest.skip.Exception):  # told when it is collected
            import_module(".".join(path.with_suffix("").parts))


_MANY = 300_000
"""Objects that the garbage collector may have to look through. Fewer wait for another module's."""


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.set_threshold(3 * _MANY, 20, 100)  # of what a test leaves, most goes with its module: few look through it twice
    gc.enable()


@pytest.fixture(scope="module", autouse=True)
def _collected() -> Iterator[None]:
    """What a module's tests left is given back; what stays is not looked through again after each of the next ones."""
    yield
    new, *collections = gc.get_count()
    if new > _MANY or any(collections):
        gc.collect()
        gc.freeze()


@pytest.fixture(autouse=True)
def _no_answer_contradicts_itself() -> Iterator[None]:
    """Whatever a test has diagnosed, in whichever thread: no step, sentence, fix or verdict contradicts another.

    The options of one test's account are not offered in the commands of the next.
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
    """At its end a review gives back whatever was set aside: each module would look through all of it again."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("diagnostics.review.run.gc", SimpleNamespace(freeze=lambda: None, unfreeze=lambda: None))
        yield


@pytest.fixture(scope="session")
def _demo_template(clients_made_sooner: None, reviews_thaw_nothing: None) -> Iterator[World]:
    """The account as built, never changed: others are copies of it, and know what it was asked."""
    from iam.demo.build import build
    from tests.support.demo.asked_before import remembered

    with remembered():
        yield build()


@pytest.fixture(scope="session")
def demo_at_hand(_demo_template: World) -> Iterator[None]:
    """``--demo`` in this process is the account as built: building takes half a second, and copying nothing."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("iam.demo.open.build", _demo_template.copy)
        yield


@pytest.fixture(scope="session")
def demo_reader(_demo_template: World) -> AwsReader:
    """The demo account as the org-admin reads it. For the whole run of tests: only read from it."""
    from iam.demo.open import reader

    return reader(_demo_template.copy())


@pytest.fixture(scope="session")
def demo_reader_as(_demo_template: World) -> Callable[[str | None], AwsReader]:
    """A reader for one of the account's users, by name (None: the org-admin). Only read from it."""
    from iam.demo.open import reader

    world = _demo_template.copy()
    return lambda user: reader(world, as_user=user)


@pytest.fixture
def demo_world(_demo_template: World) -> Iterator[World]:
    """A demo account of this test's own, to be changed at will."""
    yield _demo_template.copy()


@pytest.fixture
def demo_session(demo_world: World) -> Callable[..., boto3.Session]:
    """boto3 sessions on the test's own account: ``demo_session()`` is the org-admin, ``demo_session("ben")`` ben."""
    from iam.demo.open import session

    return lambda as_user=None, region=None: session(demo_world, as_user=as_user, region=region)
