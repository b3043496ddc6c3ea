import aiohttp
import pymongo
import redis
import requests
from django.db import connection, transaction


def a():
    session = requests.Session()
    session.get("https://x.example")
    return session.get("https://y.example").json()


async def b():
    session = aiohttp.ClientSession()
    async with session.get("https://x.example") as answer:
        return await answer.text()


def c():
    client = redis.Redis()
    with client.pipeline() as pipe:
        pipe.multi()
        pipe.set("a", 1)
        pipe.execute()


def d():
    client = pymongo.MongoClient()
    with client.start_session() as session:
        with session.start_transaction():
            client.shop.things.insert_one({}, session=session)


@transaction.atomic
def e():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchall()


def f(request):
    request.session["a"] = 1
    request.session.save()
    return Thing.objects.filter(a=1).first()


def g(boto):
    session = boto.Session()
    return session.client("s3").list_buckets()


def h(cluster):
    session = cluster.connect("ks")
    session.execute("SELECT 1")
