"""No statement, no connection: a session on which nothing ran holds nothing."""
from forge.db import get_db
from forge.models import Part


def has_database() -> bool:
    db = next(get_db())
    return db is not None


def dialect() -> str:
    db = next(get_db())
    return db.bind.dialect.name


def prepared(name: str) -> str:
    db = next(get_db())
    db.add(Part(name=name))
    return "not flushed"


def part_name(part_id: int, cache: dict) -> str:
    db = next(get_db())
    if part_id in cache:
        return cache[part_id]
    with db:
        return db.get(Part, part_id).name
