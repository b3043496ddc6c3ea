"""Depends of something that is no function: a lambda, an object, the maker itself."""
from typing import Annotated

from fastapi import Depends
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

SessionLocal = sessionmaker(create_engine("postgresql:///farm"))


class Provider:
    def __init__(self, maker):
        self.maker = maker

    def open(self) -> Session:
        session = Session(self.maker.kw["bind"])
        return session  # expect: dependency-returns-session

    def __call__(self) -> Session:
        return self.maker()  # expect: dependency-returns-session


provider = Provider(SessionLocal)
Opened = Annotated[Session, Depends(provider.open)]
Called = Annotated[Session, Depends(provider)]
ByLambda = Annotated[Session, Depends(lambda: SessionLocal())]  # expect: dependency-returns-session
ByMaker = Annotated[Session, Depends(SessionLocal)]  # miss: dependency-returns-session (the maker)
