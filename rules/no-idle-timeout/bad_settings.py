# options: --select=no-idle-timeout
"""The address is not in the code, but the module works with PostgreSQL's types."""
from sqlalchemy import create_engine
from sqlalchemy.dialects.postgresql import JSONB

from shop.settings import settings

engine = create_engine(settings.database_url)  # expect: no-idle-timeout
