"""Fixtures of a test."""
import pytest
from sqlalchemy import select, text

from kitchen.db import get_db
from kitchen.models import Dish


@pytest.fixture
def db():
    session = next(get_db())
    session.execute(text("TRUNCATE dishes"))
    yield session
    session.rollback()


@pytest.fixture(scope="session")
def dish_names():
    session = next(get_db())
    return session.scalars(select(Dish.name)).all()
