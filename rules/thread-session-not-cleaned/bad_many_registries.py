# What a thread leaves of several registries is one finding, at the one that it uses first.
import threading

from sqlalchemy.orm import scoped_session, sessionmaker

Books = scoped_session(sessionmaker())
Loans = scoped_session(sessionmaker())
Staff = scoped_session(sessionmaker())
Rooms = scoped_session(sessionmaker())
Fines = scoped_session(sessionmaker())
Audit = scoped_session(sessionmaker())


def refresh():
    Books.query(Book).all()  # expect: thread-session-not-cleaned
    Loans.query(Loan).all()
    Staff.query(Clerk).all()
    Rooms.query(Room).all()
    Fines.query(Fine).all()
    Audit.query(Entry).all()


threading.Thread(target=refresh).start()
