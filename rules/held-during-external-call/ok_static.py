"""A static method has no object, so it has no session of its object either."""
import httpx
from sqlalchemy.orm import Session


class Courier:
    def __init__(self, db: Session):
        self.db = db

    @staticmethod
    def header(client: str, secret: str) -> str:
        return client.strip().encode("utf-8").hex() + secret.join([client])

    async def send(self, parcel):
        header = self.header(parcel.client, "x")
        async with httpx.AsyncClient() as client:
            return await client.post(parcel.url, headers={"Authorization": header})
