"""When a command's process ends, everything is given back."""
import click
from sqlalchemy import create_engine, select
from sqlalchemy.orm import sessionmaker

from census.models import Person

SessionLocal = sessionmaker(create_engine("postgresql:///census"))


@click.group()
def cli():
    """The census's tools."""


@cli.command("people")
def list_people():
    db = SessionLocal()
    for person in db.scalars(select(Person)):
        click.echo(person.name)


@cli.command("rename")
@click.argument("name")
def rename(name):
    db = SessionLocal()
    person = db.scalars(select(Person).where(Person.name == name)).one()
    person.name = name.title()
    db.commit()
    click.echo(person.name)
