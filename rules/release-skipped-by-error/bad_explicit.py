# options: --policy=explicit
"""Explicit: the handler's own release must not depend on a commit, even where the provider would help."""
from fastapi import APIRouter, Depends
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from stats.db import get_async_session, get_db
from stats.models import Sample

router = APIRouter()


@router.get("/samples")
def samples(db: Session = Depends(get_db)):
    try:
        return [row.value for row in db.scalars(select(Sample))]
    finally:
        db.commit()  # expect: release-skipped-by-error "`db`"
        db.close()


@router.get("/samples/{sample_id}")
async def sample(sample_id: int, session: AsyncSession = Depends(get_async_session)):
    try:
        found = await session.get(Sample, sample_id)
        if found is None:
            return {"value": None}
        return {"value": found.value}
    finally:
        await session.commit()  # expect: release-skipped-by-error
        await session.close()
