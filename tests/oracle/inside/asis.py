"""Makes a file that was not written to be run run as it stands: a rule's own case.

Its models come from modules that do not exist, and its engines point at databases that do not exist. Models are made
up from the attributes that the file itself uses; every engine is one of the case's database.
"""
import ast
import importlib.abc
import importlib.machinery
import itertools
import os
import sys
import types

import sqlalchemy
import sqlalchemy.ext.asyncio
from sqlalchemy import Column, Integer, Text
from sqlalchemy.orm import declarative_base

Base = declarative_base()
VALUES = {"int": (1, 0), "str": ("x", ""), "bool": (True, False), "float": (1.0, 0.0), "list": ([], []),
          "list[int]": ([1], []), "list[str]": (["x"], []), "dict": ({}, {})}


def columns_in(tree: ast.Module) -> dict[str, set]:
    """The attributes and keywords that a capitalised name is used with, by the name."""
    found: dict[str, set] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            found.setdefault(node.value.id, set()).add(node.attr)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            found.setdefault(node.func.id, set()).update(k.arg for k in node.keywords if k.arg)
    stored = {n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Store)}
    return {name: names | stored for name, names in found.items()}


class Models(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds every module that nobody else finds, and has a model in it for every capitalised name."""

    def __init__(self, columns: dict[str, set]):
        self.columns = columns
        self.made: dict[str, type] = {}

    def find_spec(self, name, path=None, target=None):
        spec = importlib.machinery.ModuleSpec(name, self, is_package=True)
        return spec

    def create_module(self, spec):
        module = types.ModuleType(spec.name)
        module.__getattr__ = self.model
        return module

    def exec_module(self, module):
        pass

    def model(self, name: str):
        if not name[0].isupper():
            raise AttributeError(name)
        if name not in self.made:
            columns = {c: Column(Text) for c in self.columns.get(name, ()) if c.islower() and c not in ("id", "metadata")}
            body = {"__tablename__": name.lower() + "_asis", "id": Column(Integer, primary_key=True), **columns}
            self.made[name] = type(name, (Base,), body)
        return self.made[name]


def prepare(path: str) -> None:
    """Before the file is imported. Engines are made for the case's database, whatever address the file says."""
    tree = ast.parse(open(path, encoding="utf-8").read())
    sys.meta_path.append(Models(columns_in(tree)))
    make, make_async = sqlalchemy.create_engine, sqlalchemy.ext.asyncio.create_async_engine
    sqlalchemy.create_engine = lambda *_, **options: make(os.environ["DATABASE_URL"], **options)
    sqlalchemy.ext.asyncio.create_async_engine = lambda *_, **options: make_async(
        os.environ["ASYNC_DATABASE_URL"], **options)
    prepare.make = make


def fill() -> None:
    """Tables for the models, with a row each."""
    engine = prepare.make(os.environ["DATABASE_URL"])
    Base.metadata.create_all(engine)
    with engine.begin() as connection:
        for table in Base.metadata.sorted_tables:
            connection.execute(table.insert().values({c.name: 1 if c.name == "id" else "x" for c in table.columns}))
    engine.dispose()


def functions(path: str) -> dict:
    """The plain functions whose arguments can be made up, with two calls each."""
    tree = ast.parse(open(path, encoding="utf-8").read())
    found = []
    for node in tree.body:
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) or node.decorator_list or yields(node):
            continue
        arguments = node.args.posonlyargs + node.args.args
        kinds = [ast.unparse(a.annotation) if a.annotation else "" for a in arguments]
        if node.args.kwonlyargs or any(kind not in VALUES for kind in kinds):
            continue
        calls = {f"{node.name}({', '.join(repr(VALUES[k][at]) for k in kinds)})": None for at in (0, 1)}
        found.append({"name": node.name, "line": node.lineno, "end": node.end_lineno, "calls": list(calls)})
    return {"functions": found}


def yields(node: ast.AST) -> bool:
    inner = itertools.chain.from_iterable(ast.walk(statement) for statement in node.body)
    return any(isinstance(n, (ast.Yield, ast.YieldFrom)) for n in inner)
