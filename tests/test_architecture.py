"""docs/architecture.md draws the rooms as they are: the same rooms, the same imports, no arrow upwards."""

import ast
import re
import tomllib

import pytest

from samestory.base.resources import PACKAGE_FOLDER
from tests.support.folders import CHECKOUT

PAGE = (CHECKOUT / "docs" / "architecture.md").read_text(encoding="utf-8")
LAYERS = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]["layers"]
ROOM = re.compile(r"^\| `(\w+)/` \| .* \| ([\w, ]+|nothing) \|$", re.MULTILINE)


def find_imported_rooms(room: str) -> set[str]:
    """The rooms that a room imports, wherever in a file and for whatever reason."""
    nodes = [node for path in (PACKAGE_FOLDER / room).rglob("*.py")
             for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
    modules = [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    modules += [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    return {module.split(".")[1] for module in modules if module.startswith("samestory.")} - {room}


def list_drawn() -> dict[str, set[str]]:
    """The rooms of the page's table, from the top, each with those it imports."""
    return {room: set() if below == "nothing" else set(below.split(", ")) for room, below in ROOM.findall(PAGE)}


def test_every_room_is_drawn():
    folders = {path.name for path in PACKAGE_FOLDER.iterdir() if (path / "__init__.py").exists()}
    assert folders == set(list_drawn())


@pytest.mark.parametrize("room", list_drawn())
def test_a_room_imports_what_is_drawn(room):
    assert find_imported_rooms(room) == list_drawn()[room]


def test_no_room_imports_one_above_it():
    rooms = list(list_drawn())
    assert {below for place, room in enumerate(rooms) for below in list_drawn()[room] & set(rooms[:place])} == set()


def test_the_contract_has_the_rooms_in_the_same_order():
    assert [room for layer in LAYERS for room in re.split(r" [|:] ", layer)] == list(list_drawn())


def test_few_modules_belong_to_no_room():
    assert {path.name for path in PACKAGE_FOLDER.glob("*.py")} == {"__init__.py", "__main__.py"}
