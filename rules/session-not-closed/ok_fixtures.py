"""Fixtures: what a test leaves open ends with the test run."""
import pytest
import pytest_asyncio
from sqlalchemy import create_engine, text
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import sessionmaker

engine = create_engine("postgresql:///test")
SessionLocal = sessionmaker(engine)
AsyncSessionLocal = async_sessionmaker(create_async_engine("postgresql+asyncpg:///test"))


@pytest.fixture
def db():
    session = SessionLocal()
    session.execute(text("TRUNCATE books"))
    yield session
    session.close()


@pytest.fixture(scope="session")
def seeded():
    session = SessionLocal()
    session.execute(text("INSERT INTO books VALUES (1)"))
    session.commit()
    session.execute(text("SELECT 1"))


@pytest_asyncio.fixture
async def async_db():
    session = AsyncSessionLocal()
    await session.execute(text("TRUNCATE books"))
    yield session
    await session.close()
