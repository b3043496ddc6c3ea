"""A registry in a library, in a script and in a function whose callers are not known; other things with remove()."""
from fastapi import FastAPI
from sqlalchemy import create_engine, select
from sqlalchemy.orm import scoped_session, sessionmaker

from chat.models import Room
from chat.plugins import Registry as PluginRegistry

app = FastAPI()
Registry = scoped_session(sessionmaker(create_engine("postgresql:///chat")))
plugins = PluginRegistry()


def room_names() -> list[str]:
    return list(Registry.scalars(select(Room.name)))


def rename(old: str, new: str) -> None:
    room = Registry.scalar(select(Room).where(Room.name == old))
    room.name = new
    Registry.commit()


@app.get("/plugins")
def list_plugins():
    return plugins.query("all")


@app.delete("/plugins/{name}")
def remove_plugin(name: str):
    plugins.remove(name)
    PluginRegistry.commit()
    return {"removed": name}


@app.middleware("http")
async def count_plugins(request, call_next):
    response = await call_next(request)
    response.headers["X-Plugins"] = str(plugins.get("count"))
    return response
