# options: --select=no-idle-timeout
"""The project has PostgreSQL elsewhere; here another server is spoken of, and the address is not known."""
import psycopg2
from sqlalchemy import create_engine

from shop.settings import settings


class Vectors:
    def __init__(self):
        if not settings.vectors_url.startswith("mariadb"):
            raise ValueError("wants an address like mariadb+mariadbconnector://host/name")
        self.engine = create_engine(settings.vectors_url)
