# options: --select=no-idle-timeout
"""What the arguments are is said by a def, a settings class or a dict that is filled step by step."""
import os

from pydantic import PostgresDsn
from pydantic_settings import BaseSettings
from sqlalchemy import create_engine


def connect_args():
    return {"options": "-c idle_in_transaction_session_timeout=60000"}


class Settings(BaseSettings):
    url: PostgresDsn


def options():
    made = dict(pool_pre_ping=True)
    made["connect_args"] = connect_args()
    return made


by_def = create_engine("postgresql://shop@db/shop", connect_args=connect_args())
unpacked = create_engine("postgresql://shop@db/shop", **options())


def make():
    keywords = {}
    keywords.update(connect_args={"options": os.environ["PGOPTIONS"]})
    return create_engine("postgresql://shop@db/shop", **keywords)
