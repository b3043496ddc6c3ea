"""A session takes a connection with its first statement. Where none ran, there is nothing to give back."""
from sqlalchemy import create_engine, inspect, select
from sqlalchemy.orm import sessionmaker

from zoo.models import Animal

SessionLocal = sessionmaker(create_engine("postgresql:///zoo"))


def dialect() -> str:
    db = SessionLocal()
    return db.bind.dialect.name


def draft(name: str) -> Animal:
    db = SessionLocal()
    animal = Animal(name=name)
    db.add(animal)
    return animal


def statement(name: str) -> str:
    db = SessionLocal()
    query = select(Animal).where(Animal.name == name)
    return str(query) + db.bind.dialect.name


def begun() -> None:
    db = SessionLocal()
    db.begin()


def cached(animal_id: int, cache: dict) -> str:
    db = SessionLocal()
    if animal_id in cache:
        return cache[animal_id]
    with db:
        return db.get(Animal, animal_id).name


def checked(animal_id: int) -> str:
    db = SessionLocal()
    if animal_id < 0:
        raise ValueError(animal_id)
    try:
        return db.get(Animal, animal_id).name
    finally:
        db.close()


def the_maker():
    return SessionLocal


def columns() -> list[str]:
    return [column.name for column in inspect(Animal).columns]
