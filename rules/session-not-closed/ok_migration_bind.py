from alembic import op
from sqlalchemy.orm import Session, sessionmaker


def version_of(op):
    try:
        session = Session(bind=op.get_bind())
        version = session.query(Version).first()
    except Exception:
        return -1
    return version.value if version else -1


def rows_of(connection):
    session = Session(bind=connection)
    return session.query(Version).all()


def upgrade():
    bind = op.get_bind()
    session = Session(bind=bind)
    for row in session.query(Version):
        row.value += 1
    session.commit()


def fill(target, connection, **kw):
    session = Session(bind=connection)
    session.add(Version(value=1))
    session.flush()
