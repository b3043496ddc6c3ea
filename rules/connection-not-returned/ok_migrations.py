"""Alembic's env.py: a command runs it, and its process ends with it."""
from alembic import context
from sqlalchemy import engine_from_config, pool


def run_migrations_online():
    engine = engine_from_config(context.config.get_section("alembic"), poolclass=pool.NullPool)
    connection = engine.connect()
    context.configure(connection=connection, target_metadata=None)
    try:
        with context.begin_transaction():
            context.run_migrations()
    finally:
        connection.close()


run_migrations_online()
