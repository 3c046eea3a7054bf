"""An event loop of a test's own, in a thread of its own: the tests with a browser may have left one in this thread."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def run(scene: Coroutine[Any, Any, None]) -> None:
    """Run to its end, or raise what it raises."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, scene).result()
