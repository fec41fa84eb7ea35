"""The house's rules about Python: sizes, who may know whom, where the session lives, how SQL is asked."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator

import pytest

from support.project import ROOT, imports_of, name_of, python_files, tree_of

PAGES = python_files("pages")
MODULES = python_files("decade")
OURS = [*MODULES, *PAGES, ROOT / "app.py"]
LONGEST_PAGE = 110
LONGEST_MODULE = 300
PAGES_MAY_USE = ("ui", "charts", "models", "ingest", "scope", "months", "conventions", "errors")
ASKING = {"execute", "executemany", "sql", "query", "from_query"}
SQL = re.compile(
    r"\bselect\b.+\bfrom\b|\binsert\s+into\b|\bdelete\s+from\b|\bupdate\s+\S+\s+set\b|\balter\s+table\b"
    r"|\b(create(\s+or\s+replace)?(\s+temp)?|drop)\s+(table|view|macro|schema)\b",
    re.IGNORECASE | re.DOTALL,
)


def length(path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_a_page_fits_on_a_screen_or_two(path):
    assert length(path) <= LONGEST_PAGE, f"{length(path)} lines: which noun is hiding in this page?"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_is_about_one_thing(path):
    assert length(path) <= LONGEST_MODULE, f"{length(path)} lines: which noun is hiding in this module?"


@pytest.mark.parametrize("path", OURS, ids=name_of)
def test_a_file_says_in_one_sentence_what_it_is(path):
    told = ast.get_docstring(tree_of(path))
    if path.name == "__init__.py" and not length(path):
        return
    assert told, "a module begins with a docstring"
    assert told.split("\n\n")[0].count(". ") == 0, "its first paragraph is one sentence"


@pytest.mark.parametrize("path", [*PAGES, ROOT / "app.py"], ids=name_of)
def test_pages_compose_only(path):
    for name in imports_of(path):
        package, _, rest = name.partition(".")
        if package == "decade":
            assert rest.split(".")[0] in PAGES_MAY_USE, f"a page may not know {name}"
        else:
            assert package in ("streamlit", "pandas") or package in sys.stdlib_module_names, (
                f"a page may not know {name}"
            )


def test_every_part_of_decade_has_its_place_in_the_contracts():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    layered = {
        name.strip(" ()")
        for contract in contracts
        for layer in contract.get("layers", ())
        for name in re.split(r"[:|]", layer)
    }
    parts = {
        f"decade.{path.stem if path.suffix else path.name}"
        for path in (ROOT / "decade").iterdir()
        if (path.suffix == ".py" and path.stem != "__init__") or (path / "__init__.py").exists()
    }
    assert parts <= layered, "name the new part in pyproject.toml's contracts"


@pytest.mark.parametrize("path", OURS, ids=name_of)
def test_only_one_room_knows_the_session(path):
    if name_of(path) == "decade/ui/session.py":
        return
    for node in ast.walk(tree_of(path)):
        named = [getattr(node, field, None) for field in ("attr", "id", "name", "value")]
        assert "session_state" not in named, f"line {node.lineno}: ask decade/ui/session.py"


def is_built(text: ast.expr) -> bool:
    """True for a text put together while the program runs."""
    match text:
        case ast.JoinedStr() | ast.BinOp():
            return True
        case ast.Call(func=ast.Attribute(attr="format" | "join" | "replace" | "format_map" | "substitute")):
            return True
        case ast.IfExp():
            return is_built(text.body) or is_built(text.orelse)
    return False


def assignments(tree: ast.Module) -> dict[str, list[ast.expr]]:
    """What each name is given; what is added to it counts as built."""
    found: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        match node:
            case ast.Assign(value=value):
                names = [each.id for each in node.targets if isinstance(each, ast.Name)]
            case ast.AugAssign(target=ast.Name(id=name)):
                names, value = [name], ast.BinOp(node.target, node.op, node.value)
            case ast.NamedExpr(target=ast.Name(id=name)) | ast.AnnAssign(target=ast.Name(id=name)) if node.value:
                names, value = [name], node.value
            case _:
                continue
        for name in names:
            found.setdefault(name, []).append(value)
    return found


def pieces(node: ast.AST) -> list[ast.expr]:
    """The parts that a built text is made of."""
    match node:
        case ast.JoinedStr():
            return node.values
        case ast.BinOp():
            return [node.left, node.right]
        case ast.Call(func=ast.Attribute()) if is_built(node):
            return [node.func.value]
    return []


def built_sql(tree: ast.Module) -> Iterator[int]:
    """The lines where SQL is put together from pieces."""
    assigned = assignments(tree)
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(attr=asking), args=[asked, *_]) if asking in ASKING:
                ways = assigned.get(asked.id, []) if isinstance(asked, ast.Name) else [asked]
                if any(is_built(way) for way in ways):
                    yield node.lineno
        parts = [each.value for each in pieces(node) if isinstance(each, ast.Constant)]
        if SQL.search(" ".join(each for each in parts if isinstance(each, str))):
            yield node.lineno


@pytest.mark.parametrize("path", OURS, ids=name_of)
def test_sql_is_text_and_never_put_together(path):
    assert list(built_sql(tree_of(path))) == [], "values are $named parameters, choices a case in the SQL"


@pytest.mark.parametrize(
    "code",
    [
        'cursor.execute(f"select {column} from charges")',
        'cursor.execute("select * from " + table)',
        'cursor.execute("select * from %s" % table)',
        'cursor.sql("select * from {}".format(table))',
        'cursor.execute(" union all ".join(parts))',
        'text = f"from {table}"\ncursor.execute(text)',
        'text = "from charges"\ntext += where\ncursor.execute(text)',
        'ask(f"select * from {table}")',
        'QUERY = "delete from " + table',
        'cursor.execute(sql if plain else f"from {table}")',
    ],
)
def test_put_together_sql_is_found(code):
    assert list(built_sql(ast.parse(code)))


@pytest.mark.parametrize(
    "code",
    [
        'cursor.execute("select * from charges where month = $month", {"month": month})',
        'cursor.execute(in_folder("marts")[name].sql)',
        'cursor.execute("create table stale as " "select 1 as x")',
        'raise Refused(f"there is no metric {name}")',
        "cursor.table(name).select(*columns)",
    ],
)
def test_sql_as_text_is_left_alone(code):
    assert list(built_sql(ast.parse(code))) == []
