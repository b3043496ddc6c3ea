"""Engines and pools that are dropped from a cache and keep their connections: one cache each."""
from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import create_async_engine
import asyncpg

by_shop = {}
by_region = {}
by_shard = {}


def shop_engine(shop, url):
    if shop not in by_shop:
        by_shop[shop] = create_engine(url)
    return by_shop[shop]


def close_shop(shop):
    by_shop.pop(shop, None)  # expect: engine-not-disposed "drops an engine from `by_shop`"


def forget_all():
    by_shop.clear()  # expect: engine-not-disposed


def region_engine(region, url):
    engine = by_region.get(region)
    if engine is None:
        if len(by_region) > 8:
            del by_region[next(iter(by_region))]  # expect: engine-not-disposed
        engine = create_engine(url)
        by_region[region] = engine
    return engine


def lose_region(region):
    # the name is looked at and no more
    old = by_region.pop(region, None)  # expect: engine-not-disposed
    if old is None:
        return False
    return True


class Pools:
    def __init__(self):
        self._pools = {}

    async def pool(self, tenant, dsn):
        if tenant not in self._pools:
            self._pools[tenant] = await asyncpg.create_pool(dsn)
        return self._pools[tenant]

    def remove(self, tenant):
        del self._pools[tenant]  # expect: engine-not-disposed "drops a pool"


class Engines:
    cached = {}

    @classmethod
    def engine(cls, url):
        if url not in cls.cached:
            cls.cached[url] = create_async_engine(url)
        return cls.cached[url]

    @staticmethod
    def reset():
        Engines.cached.clear()  # expect: engine-not-disposed


def shard_engine(shard, url):
    if shard in by_shard:
        by_shard[shard] = create_engine(url)  # expect: engine-not-disposed "replaces an engine in"
    return by_shard[shard]
