# options: --select=no-idle-timeout
"""The role has it: all its connections do."""
import psycopg2
from sqlalchemy import create_engine

engine = create_engine("postgresql://shop@db/shop")


def set_up(admin):
    with psycopg2.connect(admin) as connection:
        connection.cursor().execute("ALTER ROLE shop SET idle_in_transaction_session_timeout = '60s'")
