# note: parameters that are annotated as makers, whose sessions are closed; and ones that are no makers
from collections.abc import Callable

from sqlalchemy.orm import Session, sessionmaker

from depot.models import Pallet


def closed(make: sessionmaker[Session]) -> int:
    with make() as session:
        return session.query(Pallet).count()


def closed_in_the_end(make: "sessionmaker[Session] | None") -> int:
    session = make()
    try:
        return session.query(Pallet).count()
    finally:
        session.close()


def whose_it_is_nobody_says(current: Callable[[], Session]) -> int:
    session = current()
    return session.query(Pallet).count()


def no_maker(make: type[Pallet]) -> int:
    pallet = make()
    return pallet.query("weight").count()


def handed_on(make: sessionmaker) -> Session:
    return make()
