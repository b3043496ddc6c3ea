# The application keeps the maker of sessions; nothing else in this file speaks of a database.
import httpx
from fastapi import FastAPI, Request

from dairy.queries import cheese_of

app = FastAPI()


@app.get("/cheese/{number}")
async def cheese(number: int, request: Request):
    async with request.app.state.session_factory() as session:
        found = await session.scalar(cheese_of(number))
        async with httpx.AsyncClient() as client:
            await client.post("https://scales.example/", json={"weight": found.weight})  # expect: held-during-external-call
    return {"weight": found.weight}
