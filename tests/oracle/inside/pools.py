"""How many connections the case's process has taken from its pools, whichever library's they are."""
import weakref

from sqlalchemy.pool import Pool

SQLALCHEMY = weakref.WeakSet()


def watch_sqlalchemy() -> None:
    """Pools are noted where they are made, weakly: an engine must stay free to be collected."""
    original = Pool.__init__

    def noted(self, *args, **kwargs):
        original(self, *args, **kwargs)
        SQLALCHEMY.add(self)

    Pool.__init__ = noted


def taken(thing) -> int:
    """The slots out of a driver's own pool; 0 for everything else."""
    if hasattr(thing, "getconn") and hasattr(thing, "_used"):  # psycopg2
        return len(thing._used)
    if hasattr(thing, "getconn") and hasattr(thing, "_nconns"):  # psycopg 3
        return thing._nconns - len(thing._pool)
    if type(thing).__module__ == "asyncpg.pool" and hasattr(thing, "get_idle_size"):
        return thing.get_size() - thing.get_idle_size()
    return 0


def counter(module):
    def slots() -> int:
        out = sum(pool.checkedout() for pool in list(SQLALCHEMY) if hasattr(pool, "checkedout"))
        return out + sum(taken(thing) for thing in list(vars(module).values()))

    return slots
