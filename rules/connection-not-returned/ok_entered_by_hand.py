from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager
from functools import partial

from anyio import to_thread
from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_engine("postgresql://localhost/shop")
aengine = create_async_engine("postgresql+asyncpg://localhost/shop")


@asynccontextmanager
async def begin(is_async):
    async with AsyncExitStack() as stack:
        if is_async:
            manager = aengine.begin()
            conn = await manager.__aenter__()
            stack.push_async_exit(manager.__aexit__)
        else:
            manager2 = engine.begin()
            conn = await to_thread.run_sync(manager2.__enter__)
            stack.push_async_exit(partial(to_thread.run_sync, manager2.__exit__))
        yield conn


@contextmanager
def by_hand():
    with ExitStack() as stack:
        manager = engine.connect()
        conn = manager.__enter__()
        stack.push(manager.__exit__)
        yield conn


def prepared():
    transaction = engine.begin()
    print("not entered yet, nothing is taken")
    with transaction as conn:
        conn.exec_driver_sql("SELECT 1")
