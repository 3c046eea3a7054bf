"""The shared commit: writes that wait go to disk together, and one that fails takes no other with it."""

import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from sqlalchemy import event, func, insert, select
from sqlalchemy.exc import IntegrityError

from citizen_portal.reports.models import Report
from citizen_portal.storage.engine import db
from citizen_portal.storage.shared_commit import store_together
from citizen_portal.storage.unit_of_work import StorageUnavailable
from tests.database_troubles import full, locked
from tests.steps import count, report_row, reports

PATIENCE_SECONDS = 10
TROUBLES = {"locked": locked, "full": full}


def storing(**changes):
    """A write of one report, which gives back the report's theme."""
    values = report_row(**changes)

    def write(session) -> str:
        session.execute(insert(Report).values(values))
        return values["theme"]

    return write


def in_company(app, *writes, first=lambda _session: None) -> list[Future]:
    """What became of ``writes`` that all came while ``first`` was being written."""
    begun, go_on = threading.Event(), threading.Event()

    def hold(session) -> None:
        begun.set()
        assert go_on.wait(PATIENCE_SECONDS)
        first(session)

    def store(write) -> object:
        with app.app_context():
            return store_together(write)

    with ThreadPoolExecutor(len(writes) + 1) as threads:
        outcomes = [threads.submit(store, hold)]
        assert begun.wait(PATIENCE_SECONDS)
        outcomes += [threads.submit(store, write) for write in writes]
        deadline = time.monotonic() + PATIENCE_SECONDS
        while len(app.extensions["shared_commit"]._waiting) < len(writes):
            assert time.monotonic() < deadline
            time.sleep(0.001)
        go_on.set()
    return outcomes[1:]


def test_a_lone_write_is_committed_and_gives_its_result(either_app):
    assert store_together(storing(theme="drugs")) == "drugs"
    assert count() == 1


def test_writes_that_wait_share_one_commit_and_each_gets_its_own_result(either_app):
    commits = []
    event.listen(db.engine, "commit", lambda _connection: commits.append(1))
    themes = ["drugs", "lighting", "litter", "traffic"]
    outcomes = in_company(either_app, *(storing(theme=theme) for theme in themes))
    assert [outcome.result() for outcome in outcomes] == themes
    assert sorted(report.theme for report in reports()) == sorted(themes)
    assert len(commits) == 2  # of the one that was waited for, and of the four together


def test_whoever_is_answered_is_committed_as_any_other_connection_sees(either_app):
    def store_and_look(number: int) -> int:
        with either_app.app_context():
            store_together(storing(theme=f"number_{number}"))
            with db.engine.connect() as other:
                own = select(func.count()).select_from(Report).where(Report.theme == f"number_{number}")
                return other.scalar(own)

    with ThreadPoolExecutor(4) as threads:
        assert set(threads.map(store_and_look, range(100))) == {1}


def test_one_bad_write_fails_alone(either_app):
    outcomes = in_company(
        either_app, storing(theme="before"), storing(status="eaten"), storing(theme="after"), storing(theme="last")
    )
    assert isinstance(outcomes[1].exception(), IntegrityError)
    assert [outcomes[place].result() for place in (0, 2, 3)] == ["before", "after", "last"]
    assert sorted(report.theme for report in reports()) == ["after", "before", "last"]


@pytest.mark.parametrize("trouble", TROUBLES.values(), ids=TROUBLES)
def test_a_database_that_cannot_write_refuses_each_and_stores_nothing(app, trouble):
    def long_ones(session) -> None:
        session.execute(insert(Report).values([report_row(description="x" * 4000) for _ in range(200)]))

    with trouble(app), ThreadPoolExecutor(3) as threads:

        def store(_number: int) -> BaseException | None:
            with app.app_context(), pytest.raises(StorageUnavailable):
                store_together(long_ones)

        list(threads.map(store, range(3)))
    assert count() == 0
    assert store_together(storing(theme="afterwards")) == "afterwards"


def test_a_leader_that_is_ended_in_the_middle_leaves_nobody_waiting(either_app):
    def ended(_session) -> None:
        raise KeyboardInterrupt

    outcomes = in_company(either_app, ended, storing())
    assert isinstance(outcomes[0].exception(), KeyboardInterrupt)
    assert isinstance(outcomes[1].exception(), StorageUnavailable)
    assert store_together(storing(theme="afterwards")) == "afterwards"
    assert count() == 1
