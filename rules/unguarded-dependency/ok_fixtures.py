"""Fixtures of a test yield without a try: pytest resumes them whatever the test did."""
import pytest
import pytest_asyncio
from pytest import fixture
from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session, sessionmaker

engine = create_engine("postgresql:///test")
SessionLocal = sessionmaker(engine)
AsyncSessionLocal = async_sessionmaker(create_async_engine("postgresql+asyncpg:///test"))


@pytest.fixture
def db():
    session = SessionLocal()
    yield session
    session.close()


@fixture(scope="function")
def db_session():
    session = Session(engine)
    yield session
    session.rollback()
    session.close()


@pytest_asyncio.fixture
async def async_session():
    session = AsyncSessionLocal()
    yield session
    await session.close()


@pytest.fixture()
def get_db():
    session = SessionLocal()
    yield session
