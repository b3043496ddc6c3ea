from sqlalchemy import orm


class Base:
    def __copy__(self):
        session = orm.Session()
        copy = session.merge(self, load=False)
        session.expunge(copy)
        return copy
