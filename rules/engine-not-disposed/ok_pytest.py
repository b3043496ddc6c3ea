import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker


@pytest.fixture(scope="session")
def engine():
    engine = create_engine("postgresql://localhost/test")
    yield engine
    engine.dispose()


@pytest.fixture
def connection(engine):
    connection = engine.connect()
    transaction = connection.begin()
    yield connection
    transaction.rollback()
    connection.close()


@pytest.fixture
def session(connection):
    session = sessionmaker()(bind=connection)
    yield session
    session.close()


@pytest.fixture
def made(engine, request):
    session = sessionmaker(engine)()
    request.addfinalizer(session.close)
    return session
