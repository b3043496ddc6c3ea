from peewee import MySQLDatabase, PostgresqlDatabase


def probe(req):
    if req["type"] == "mysql":
        db = MySQLDatabase(req["name"], user=req["user"], host=req["host"])
        with db.connection_context():
            db.execute_sql("SELECT 1")
    else:
        db = PostgresqlDatabase(req["name"], user=req["user"], host=req["host"])
        with db.connection_context():
            db.execute_sql("SELECT 1")
    return True
