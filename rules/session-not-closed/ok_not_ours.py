"""Sessions of other libraries, and registries, which are another rule's."""
import aiohttp
import boto3
import requests
from sqlalchemy import create_engine, select
from sqlalchemy.orm import scoped_session, sessionmaker

from courier.models import Parcel
from courier.protocol import Session
from courier.shell import SshSession

Registry = scoped_session(sessionmaker(create_engine("postgresql:///courier")))


def track(number: str) -> dict:
    session = requests.Session()
    return session.get("https://track.example/" + number).json()


async def track_async(number: str) -> dict:
    session = aiohttp.ClientSession()
    answer = await session.get("https://track.example/" + number)
    return await answer.json()


def labels(bucket: str) -> list:
    session = boto3.Session(profile_name="labels")
    return session.client("s3").list_objects(Bucket=bucket)["Contents"]


def greet(host: str) -> str:
    session = Session(host)
    session.execute("HELO")
    return session.get("banner")


def uptime(host: str) -> str:
    session = SshSession(host)
    return session.execute("uptime")


def parcels() -> list[int]:
    session = Registry()
    try:
        return session.scalars(select(Parcel.id)).all()
    finally:
        Registry.remove()
