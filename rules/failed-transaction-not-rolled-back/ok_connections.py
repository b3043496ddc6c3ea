"""A connection is no Session: after a failed commit it begins anew."""
from sqlalchemy import create_engine, text

engine = create_engine("postgresql:///ferry")


def add_columns(columns: dict[str, str]) -> None:
    with engine.connect() as conn:
        for name, kind in columns.items():
            try:
                conn.execute(text(f"alter table crossing add column {name} {kind}"))
                conn.commit()
            except Exception as error:
                print(error)
