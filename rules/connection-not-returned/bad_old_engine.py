"""SQLAlchemy 1.x, which has engine.execute(): its connections are no part of a cycle, so they are freed at return."""
import sqlalchemy


def version_of(url):
    engine = sqlalchemy.create_engine(url)
    try:
        engine.connect()  # expect: connection-not-returned "`connection` is taken here"
        return engine.execute("SELECT version_num FROM alembic_version").scalar()
    finally:
        engine.dispose()
