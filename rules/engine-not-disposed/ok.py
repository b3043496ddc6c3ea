"""Caches of engines that must stay silent: one cache each, with the reason."""
from functools import lru_cache

import asyncpg
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

disposed, helped, kept, poolless, called, looped, forked, mixed, moved = {}, {}, {}, {}, {}, {}, {}, {}, {}
to_dispose = {}


@lru_cache(maxsize=4)
def cached_engine(url):
    """Nobody can say what the cache drops and when."""
    return create_engine(url)


def disposed_engine(key, url):
    if key not in disposed:
        disposed[key] = create_engine(url)
    return disposed[key]


def disposed_forget(key):
    """Taken out, then disposed."""
    engine = disposed.pop(key, None)
    if engine is not None:
        engine.dispose()


def disposed_delete(key):
    """Disposed, then taken out."""
    disposed[key].dispose()
    del disposed[key]


def disposed_chain(key):
    disposed.pop(key).dispose()


def helped_engine(key, url):
    helped[key] = create_engine(url)
    return helped[key]


def let_go(engine):
    engine.dispose()


def helped_forget(key):
    """A helper disposes."""
    let_go(helped.pop(key))


def helped_delete(key):
    let_go(helped[key])
    del helped[key]


def helped_given(key):
    """Whoever gets it has it."""
    return helped.pop(key)


def kept_engine(key, url):
    if key not in kept:
        kept[key] = create_engine(url)
    return kept[key]


def poolless_engine(key, url):
    poolless[key] = create_engine(url, poolclass=NullPool)
    return poolless[key]


def poolless_forget(key):
    """NullPool keeps no connection."""
    poolless.pop(key)


def called_engine(key, url):
    called[key] = create_engine(url)
    return called[key]


def called_forget(key):
    """Whoever calls it has disposed of the engine."""
    del called[key]


def called_end(key):
    called[key].dispose()
    called_forget(key)


def looped_engine(key, url):
    looped[key] = create_engine(url)
    return looped[key]


def looped_forget():
    for engine in looped.values():
        engine.dispose()
    looped.clear()


def forked_engine(key, url):
    forked[key] = create_engine(url)
    return forked[key]


def after_fork():
    """A child leaves its parent's sockets alone."""
    forked.clear()


def moved_engine(key, url):
    moved[key] = create_engine(url)
    return moved[key]


def moved_retire(key):
    """Kept elsewhere, for somebody who disposes later."""
    to_dispose[key] = moved.pop(key)


def mixed_engine(url):
    mixed["engine"] = create_engine(url)
    return mixed["engine"]


def mixed_forget():
    """Another entry."""
    del mixed["debug"]
    mixed.pop("name", None)


class Pools:
    def __init__(self):
        self._pools = {}
        self._names = {}

    async def pool(self, tenant, dsn):
        if tenant not in self._pools:
            self._pools[tenant] = await asyncpg.create_pool(dsn)
            self._names[tenant] = dsn
        return self._pools[tenant]

    async def remove(self, tenant):
        pool = self._pools.pop(tenant, None)
        self._names.pop(tenant, None)
        if pool is not None:
            await pool.close()

    async def remove_all(self):
        for tenant in list(self._pools):
            await self.remove(tenant)
        self._pools.clear()


class Others:
    """Another class's attribute of the same name."""

    def __init__(self):
        self._pools = {}

    def remove(self, tenant):
        self._pools.pop(tenant)
