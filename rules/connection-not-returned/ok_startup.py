"""What fails while the application starts ends its process."""
import psycopg2
from fastapi import FastAPI

app = FastAPI()


@app.on_event("startup")
async def create_tables():
    conn = psycopg2.connect("dbname=shop")
    conn.cursor().execute("CREATE TABLE IF NOT EXISTS carts (id int)")
    conn.commit()
    conn.close()
