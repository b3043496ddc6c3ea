"""An engine that takes another's place, which is disposed of or may be; and one that comes where none was."""
from sqlalchemy import create_engine

by_shop = {}
by_region = {}
by_town = {}
retired = []


def renew_shop(shop, url):
    if shop in by_shop:
        by_shop[shop].dispose()
        by_shop[shop] = create_engine(url)
    return by_shop[shop]


def renew_region(region, url):
    if region in by_region:
        retired.append(by_region[region])
        by_region[region] = create_engine(url)
    return by_region[region]


def town_engine(town, url):
    if town in by_town:
        return by_town[town]
    by_town[town] = create_engine(url)
    return by_town[town]
