"""Prints Python of one shape and a given size: what tests/test_hostile.sh and bench/scaling.sh feed on.

    python3 tests/shapes.py SHAPE N > file.py
    python3 tests/shapes.py --list

Each shape is one function that yields text. Most are legal Python, none is
meant to be run.
"""
import sys

SHAPES = {}

IMPORTS = """\
from fastapi import APIRouter, Depends
from sqlalchemy.orm import sessionmaker

router = APIRouter()
SessionLocal = sessionmaker()


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


"""
HANDLER = IMPORTS + """\
@router.get("/")
def handler(flag, items, db=Depends(get_db)):
    row = db.query(Thing).first()
"""


def shape(function):
    SHAPES[function.__name__.replace("_", "-")] = function
    return function


def indented(depth):
    return " " * depth


# ---- one deep expression --------------------------------------------------------------


@shape
def parentheses(n):
    yield "x = " + "(" * n + "1" + ")" * n + "\n"


@shape
def lists(n):
    yield "x = " + "[" * n + "1" + "]" * n + "\n"


@shape
def dicts(n):
    yield "x = " + "{1:" * n + "1" + "}" * n + "\n"


@shape
def lambdas(n):
    yield "x = " + "lambda: " * n + "1\n"


@shape
def attributes(n):
    yield "x = a" + ".b" * n + "\n"


@shape
def calls(n):
    yield "x = a" + "()" * n + "\n"


@shape
def arguments(n):
    yield "x = " + "f(" * n + "1" + ")" * n + "\n"


@shape
def subscripts(n):
    yield "x = " + "a[" * n + "1" + "]" * n + "\n"


@shape
def operators(n):
    yield "x = 1" + " + 1" * n + "\n"


@shape
def conjunctions(n):
    yield HANDLER + "    return a" + " and b" * n + "\n"


@shape
def comparisons(n):
    yield "x = 1" + " < 1" * n + "\n"


@shape
def conditionals(n):
    yield HANDLER + "    return " + "1 if flag else " * n + "2\n"


@shape
def negations(n):
    yield "x = " + "not " * n + "1\n"


@shape
def awaits(n):
    yield "async def f():\n    return " + "await " * n + "x\n"


@shape
def comprehensions(n):
    yield "x = " + "[" * n + "1" + " for i in y]" * n + "\n"


@shape
def generators_in_one(n):
    yield "x = [1" + " for i in y if i" * n + "]\n"


@shape
def f_strings(n):
    yield "x = " + 'f"{' * n + "1" + '}"' * n + "\n"


@shape
def walruses(n):
    yield "x = " + "(a := " * n + "1" + ")" * n + "\n"


@shape
def stars(n):
    yield "x = f(" + "*" * n + "a)\n"


@shape
def patterns(n):
    yield HANDLER + "    x = row\n    match x:\n        case " + "[" * n + "a" + "]" * n + ":\n            return 1\n"


@shape
def unclosed(n):
    yield HANDLER + "    return " + "(" * n + "\n"


@shape
def unopened(n):
    yield HANDLER + "    return " + ")" * n + "\n"


@shape
def types(n):
    yield "def f(a: " + "Annotated[" * n + "Session" + "]" * n + "): return a\n"


# ---- deep statements: the text is quadratic in the depth, so sizes are smaller -------------


def nested(n, head, leaf, tail=""):
    """'head' at every depth, 'leaf' innermost, then 'tail' from the inside out."""
    for i in range(n):
        yield indented(i) + head + "\n"
    yield indented(n) + leaf + "\n"
    for i in range(n, 0, -1) if tail else ():
        yield indented(i - 1) + tail + "\n"


@shape
def functions_nested(n):
    yield from nested(n, "def f():", "pass")


@shape
def classes_nested(n):
    yield from nested(n, "class C:", "pass")


@shape
def ifs_nested(n):
    yield from nested(n, "if x:", "pass")


@shape
def elses_nested(n):
    for i in range(n):
        yield indented(i) + "if x: pass\n" + indented(i) + "else:\n"
    yield indented(n) + "pass\n"


@shape
def loops_nested(n):
    yield from nested(n, "while x:", "break", "else: pass")


@shape
def withs_nested(n):
    yield IMPORTS
    yield from nested(n, "with SessionLocal() as db:", "db.execute(q)")


@shape
def tries_nested(n):
    yield from nested(n, "try:", "db.execute(q)", "finally: db.close()")


@shape
def tries_nested_in_a_function(n):
    yield IMPORTS + '@router.get("/")\ndef handler(db=Depends(get_db)):\n'
    for line in nested(n, "try:", "return db.execute(q)", "finally: db.close()"):
        yield " " + line


@shape
def excepts_nested_in_a_function(n):
    yield IMPORTS + '@router.get("/")\ndef handler(db=Depends(get_db)):\n'
    for line in nested(n, "try:", "return db.execute(q)", "except E: return db.rollback()"):
        yield " " + line


@shape
def matches_nested(n):
    for i in range(n):
        yield indented(2 * i) + "match x:\n" + indented(2 * i + 1) + "case y:\n"
    yield indented(2 * n) + "pass\n"


# ---- long files ---------------------------------------------------------------------------


@shape
def functions(n):
    for i in range(n):
        yield f"def f{i}(x):\n    return x.a(x)\n"


@shape
def handlers(n):
    yield IMPORTS
    for i in range(n):
        yield f'@router.get("/{i}")\ndef h{i}(db=Depends(get_db)):\n    return db.query(A).all()\n'


@shape
def providers(n):
    yield IMPORTS
    for i in range(n):
        yield f"def get_{i}():\n    db = SessionLocal()\n    try:\n        yield db\n    finally:\n        db.close()\n"
        yield f"def h{i}(db=Depends(get_{i})):\n    return db.query(A).all()\n"


@shape
def methods(n):
    yield IMPORTS + "class C:\n"
    for i in range(n):
        yield f"    def m{i}(self, db=Depends(get_db)):\n        return self.m{i + 1}(db)\n"


@shape
def classes(n):
    for i in range(n):
        yield f"class C{i}(C{i - 1}):\n    x = {i}\n"


@shape
def decorators(n):
    yield "@d.e(1)\n" * n + "def f(): pass\n"


@shape
def bases(n):
    yield "class C(" + "B, " * n + "B): pass\n"


@shape
def imports(n):
    for i in range(n):
        yield f"from a.b{i} import c{i} as d{i}\n"


@shape
def names_in_one_import(n):
    yield "from a import " + ", ".join(f"b{i}" for i in range(n)) + "\n"


@shape
def aliases(n):
    yield IMPORTS + "from typing import Annotated\nA0 = Annotated[Session, Depends(get_db)]\n"
    for i in range(n):
        yield f"A{i + 1} = A{i}\n"
    yield f"def h(db: A{n}): return db.query(X).all()\n"


@shape
def provider_chain(n):
    yield IMPORTS + "def p0():\n    return SessionLocal()\n"
    for i in range(n):
        yield f"def p{i + 1}(db=Depends(p{i})):\n    yield db\n"
    yield f"def h(db=Depends(p{n})): return db.query(X).all()\n"


@shape
def comments(n):
    yield "# idletx: ignore[unused-session] -- none\n" * n


@shape
def comments_on_code(n):
    yield "x = 1  # idletx: ignore[unused-session] -- none\n" * n


@shape
def bare_comments(n):
    yield "# idletx:\n" * n


@shape
def empty_lines(n):
    yield "\n" * n


@shape
def carriage_returns(n):
    yield "x = 1\r" * n


@shape
def semicolons(n):
    yield "x = 1; " * n + "\n"


@shape
def a_string(n):
    yield 'x = "' + "a" * n + '"\n'


@shape
def a_docstring(n):
    yield 'def f():\n    """' + "text \n" * n + '"""\n'


@shape
def strings_joined(n):
    yield "x = (" + '"a" ' * n + ")\n"


@shape
def backslashes(n):
    yield "x = 1 + " + "\\\n" * n + "1\n"


@shape
def an_identifier(n):
    yield HANDLER + "    return " + "a" * n + "\n"


@shape
def a_number(n):
    yield "x = " + "1" * n + "\n"


@shape
def list_items(n):
    yield "x = [" + "f(1), " * n + "]\n"


@shape
def errors(n):
    yield "def (:\n    return ]\n" * n


@shape
def nul_bytes(n):
    yield HANDLER + "\0" * n + "\n    return 1\n"


# ---- one long function ----------------------------------------------------------------------


@shape
def returns(n):
    yield HANDLER
    for i in range(n):
        yield f"    if items[{i}]: return {i}\n"


@shape
def statements(n):
    yield HANDLER + "    items.append(flag)\n" * n + "    return 1\n"


@shape
def queries(n):
    yield HANDLER + "    db.execute(q)\n" * n + "    return 1\n"


@shape
def commits(n):
    yield HANDLER + "    db.commit()\n    db.execute(q)\n" * n + "    return 1\n"


@shape
def raises(n):
    yield HANDLER
    for i in range(n):
        yield f"    if items[{i}]: raise E({i})\n"


@shape
def tries(n):
    yield HANDLER
    for i in range(n):
        yield f"    try:\n        if items[{i}]: return {i}\n    finally:\n        db.execute(q)\n"


@shape
def excepts(n):
    yield HANDLER + "    try:\n        db.execute(q)\n"
    for i in range(n):
        yield f"    except E{i}:\n        return {i}\n"


@shape
def returns_in_a_try(n):
    yield HANDLER + "    try:\n"
    for i in range(n):
        yield f"        if items[{i}]: return {i}\n"
    yield "    finally:\n        db.close()\n"


@shape
def raises_in_a_try(n):
    yield HANDLER + "    try:\n" + "        db.execute(q)\n" * n
    yield "    except E:\n        db.rollback()\n    finally:\n        db.close()\n"


@shape
def withs(n):
    yield HANDLER + "    with SessionLocal() as s:\n        s.execute(q)\n" * n + "    return 1\n"


@shape
def with_items(n):
    yield HANDLER + "    with " + ", ".join(f"a() as b{i}" for i in range(n)) + ":\n        return 1\n"


@shape
def elifs(n):
    yield HANDLER + "    if flag == 0: return 0\n"
    for i in range(n):
        yield f"    elif flag == {i}: x = {i}\n"
    yield "    return 1\n"


@shape
def cases(n):
    yield HANDLER + "    match flag:\n"
    for i in range(n):
        yield f"        case {i}: x = {i}\n"
    yield "    return 1\n"


@shape
def branches(n):
    yield HANDLER + "    if items: db.commit()\n    else: db.execute(q)\n" * n + "    return 1\n"


@shape
def loops(n):
    yield HANDLER + "    for i in items:\n        db.execute(q)\n" * n + "    return 1\n"


@shape
def breaks(n):
    yield HANDLER + "    while flag:\n" + "        if items: break\n        if flag: continue\n" * n
    yield "    return 1\n"


@shape
def locals(n):
    yield HANDLER
    for i in range(n):
        yield f"    x{i} = db\n"
    yield "    return 1\n"


@shape
def alias_chain(n):
    yield HANDLER + "    x0 = db\n"
    for i in range(n):
        yield f"    x{i + 1} = x{i}\n"
    yield f"    x{n}.commit()\n    return 1\n"


@shape
def parameters(n):
    yield "def f(" + ", ".join(f"p{i}" for i in range(n)) + "):\n    return p0\n"


@shape
def injected(n):
    yield IMPORTS + '@router.get("/")\ndef f(' + ", ".join(f"p{i}=Depends(get_db)" for i in range(n)) + "):\n"
    for i in range(n):
        yield f"    p{i}.execute(q)\n"
    yield "    return 1\n"


@shape
def opened(n):
    yield IMPORTS + "def f():\n"
    for i in range(n):
        yield f"    s{i} = SessionLocal()\n    s{i}.execute(q)\n"
    yield "    return 1\n"


@shape
def reopened(n):
    yield IMPORTS + "def f():\n" + "    s = SessionLocal()\n    s.execute(q)\n" * n + "    return 1\n"


@shape
def flags(n):
    yield IMPORTS + "def f(" + ", ".join(f"d{i}=None" for i in range(n)) + "):\n"
    for i in range(n):
        yield f"    o{i} = d{i} is None\n    if o{i}: d{i} = SessionLocal()\n    d{i}.execute(q)\n    if o{i}: d{i}.close()\n"
    yield "    return 1\n"


@shape
def flags_of_one(n):
    yield IMPORTS + "def f(db=None):\n"
    for i in range(n):
        yield f"    o{i} = a{i} is None\n    if o{i}: db = SessionLocal()\n"
    for i in range(n):
        yield f"    if o{i}: db.close()\n"
    yield "    return 1\n"


@shape
def rebindings(n):
    yield HANDLER + "    db = row\n" * n + "    return 1\n"


@shape
def sessions_rebound(n):
    yield HANDLER + "    db = SessionLocal()\n" * n + "    return 1\n"


@shape
def flag_tests(n):
    yield IMPORTS + "def f(db=None):\n    own = db is None\n    if own: db = SessionLocal()\n"
    yield "    if own: g(db)\n" * n + "    if own: db.close()\n"


@shape
def arguments_of_one_call(n):
    yield HANDLER + "    return f(" + "db, " * n + ")\n"


@shape
def callees(n):
    yield HANDLER
    for i in range(n):
        yield f"    f{i}(db)\n"
    for i in range(n):
        yield f"def f{i}(db):\n    return db.execute(q)\n"


@shape
def callee_chain(n):
    yield HANDLER + "    return f0(db)\n"
    for i in range(n):
        yield f"def f{i}(db):\n    db.execute(q)\n    return f{i + 1}(db)\n"


@shape
def callee_ring(n):
    yield HANDLER + "    return f0(db)\n"
    for i in range(n):
        yield f"def f{i}(db):\n    db.execute(q)\n    return f{(i + 1) % n}(f{(i * 7) % n}(db))\n"


@shape
def callee_tree(n):
    yield HANDLER + "    return f0(db)\n"
    for i in range(n):
        yield f"def f{i}(db):\n    f{2 * i + 1}(db)\n    f{2 * i + 2}(db)\n"


@shape
def callers(n):
    yield IMPORTS + "def helper(db):\n" + "    db.execute(q)\n" * 50
    for i in range(n):
        yield f"def f{i}(db=Depends(get_db)):\n    helper(db)\n    return helper(db)\n"


@shape
def self_attributes(n):
    yield IMPORTS + "class C:\n    def __init__(self):\n"
    for i in range(n):
        yield f"        self.a{i} = SessionLocal()\n"
    yield "    def use(self):\n"
    for i in range(n):
        yield f"        self.a{i}.execute(q)\n"


@shape
def tuples(n):
    yield HANDLER + "    " + ", ".join(f"a{i}" for i in range(n)) + " = " + ", ".join("db" for i in range(n)) + "\n"


@shape
def closures(n):
    yield HANDLER
    for i in range(n):
        yield f"    def g{i}(): return db.execute(q)\n"
    yield "    return 1\n"


@shape
def deletions(n):
    yield HANDLER + "    del items\n" * n + "    return 1\n"


@shape
def yields(n):
    yield IMPORTS + "def provider():\n    db = SessionLocal()\n" + "    yield db\n" * n + "    db.close()\n"


@shape
def globals(n):
    yield "def f():\n    global " + ", ".join(f"g{i}" for i in range(n)) + "\n"


# ---- many of what rules and callees are looked up for ------------------------------------------

RAW = HANDLER + """\
    return 1
import psycopg2, requests
from sqlalchemy import create_engine
from sqlalchemy.orm import scoped_session
Registry = scoped_session(SessionLocal)
"""


@shape
def sessions_kept_by_objects(n):
    yield RAW
    for i in range(n):
        yield f"class C{i}:\n    def __init__(self):\n        self.db = SessionLocal()\n    def use(self):\n        return self.db.execute(q)\nc{i} = C{i}()\n"


@shape
def registries_kept_by_objects(n):
    yield RAW
    for i in range(n):
        yield f"class C{i}:\n    def __init__(self):\n        self.db = Registry\n    def use(self):\n        return self.db.execute(q)\nc{i} = C{i}()\n"


@shape
def transactions_begun_in_methods(n):
    yield RAW + "class C:\n    def __init__(self):\n        self.conn = psycopg2.connect(u)\n"
    for i in range(n):
        yield f"    def m{i}(self):\n        cur = self.conn.cursor()\n        cur.execute('BEGIN')\n        cur.execute('insert into a values (1)')\n"


@shape
def connections_kept_by_one_object(n):
    yield RAW + "class C:\n    def __init__(self):\n"
    for i in range(n):
        yield f"        self.c{i} = psycopg2.connect(u)\n"
    yield "    def use(self):\n"
    for i in range(n):
        yield f"        self.c{i}.cursor().execute('select 1')\n"


@shape
def connections_in_one_function(n):
    yield RAW + "def f():\n"
    for i in range(n):
        yield f"    c{i} = psycopg2.connect(u)\n    c{i}.cursor().execute('insert into a values (1)')\n"


@shape
def engines_in_a_cache(n):
    yield RAW + "cache = {}\n"
    for i in range(n):
        yield f"def f{i}(k):\n    e = create_engine(u)\n    cache[k] = e\n    return e\ndef d{i}(k):\n    del cache[k]\n"


@shape
def services_in_one_function(n):
    yield RAW
    for i in range(n):
        yield f"class S{i}:\n    def __init__(self, db):\n        self.db = db\n    def run(self):\n        return self.db.execute(q)\n"
    yield "def h(db=Depends(get_db)):\n"
    for i in range(n):
        yield f"    s{i} = S{i}(db)\n    s{i}.run()\n"


@shape
def callbacks_of_objects(n):
    yield RAW + "class Bus:\n    def fire(self, f): f()\n"
    for i in range(n):
        yield f"def w{i}():\n    Registry.execute(q)\nbus{i} = Bus()\nbus{i}.fire(w{i})\n"


@shape
def waits_in_one_transaction(n):
    yield HANDLER + "    import requests\n" + "    requests.get(u)\n" * n


@shape
def renders_in_one_transaction(n):
    yield HANDLER + "    templates.TemplateResponse('a.html', {})\n" * n


@shape
def releases_that_are_not_called(n):
    yield HANDLER + "    db.close\n" * n


TASKS = IMPORTS + """\
async def work(db):
    db.execute(q)


async def start():
    db = SessionLocal()
    db.execute(q)
"""


@shape
def tasks_with_one_session(n):
    yield TASKS + "    asyncio.create_task(work(db))\n" * n


@shape
def threads_with_one_session(n):
    yield TASKS + "    Thread(target=work, args=(db,)).start()\n" * n


@shape
def gathers_with_one_session(n):
    yield TASKS + "    tasks = [work(db)]\n" + "    await asyncio.gather(tasks, work(db))\n" * n


@shape
def generators_with_sessions(n):
    yield IMPORTS
    for i in range(n):
        yield f"@router.get('/{i}')\ndef h{i}():\n    return StreamingResponse(other())\n"
    for i in range(n):
        yield f"def g{i}():\n    db = SessionLocal()\n    db.execute(q)\n    for x in y:\n        yield x\n    db.close()\n"


@shape
def threads_of_one_function(n):
    yield IMPORTS + "Registry = scoped_session(SessionLocal)\n"
    for i in range(n):
        yield f"def w{i}():\n    Registry.execute(q)\n"
    yield "def start():\n"
    for i in range(n):
        yield f"    Thread(target=w{i}).start()\n"


@shape
def imports_of_a_script(n):
    yield RAW
    for i in range(n):
        yield f"from a{i} import b{i}\ndef f{i}():\n    c = psycopg2.connect(u)\n    c.cursor().execute('select 1')\n"
    yield "if __name__ == '__main__':\n    f0()\n"


def main(arguments):
    if arguments == ["--list"]:
        print("\n".join(SHAPES))
        return 0
    if len(arguments) != 2 or arguments[0] not in SHAPES:
        print(__doc__, file=sys.stderr)
        return 2
    for part in SHAPES[arguments[0]](int(arguments[1])):
        sys.stdout.write(part)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
