from sqlalchemy import create_engine
from sqlalchemy.orm import Session as BaseSession, sessionmaker

engine = create_engine("postgresql://localhost/shop")


class CommittingSession(BaseSession):
    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        try:
            if kind is None:
                self.commit()
            else:
                self.rollback()
        finally:
            self.close()


Session = sessionmaker(class_=CommittingSession)


def forget_basket(owner):
    with Session() as session:
        basket = session.query(Basket).filter_by(owner=owner).first()
        if basket:
            session.delete(basket)


def note_owner(owner):
    with CommittingSession(engine) as session:
        session.add(Owner(name=owner))
