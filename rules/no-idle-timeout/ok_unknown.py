# options: --select=no-idle-timeout
"""Nothing says that this is PostgreSQL."""
import os

from sqlalchemy import create_engine

engine = create_engine(os.environ["DATABASE_URL"])
