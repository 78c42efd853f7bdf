"""Small changes to Python source, for `make mutants`: listing them and applying one.

A comparison is moved to its boundary or reversed, an operator swapped, a number changed by one or a tenth, a sign or
a `not` dropped, a condition negated, a sort flag flipped, `max` replaced by `min` and `all` by `any`. Strings,
annotations and decorators are left alone.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

UNREAD_FIELDS = ("annotation", "returns", "decorator_list")
SWAPPED_OPERATORS = {
    ast.Lt: (ast.LtE, ast.GtE), ast.LtE: (ast.Lt, ast.Gt), ast.Gt: (ast.GtE, ast.LtE), ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.In: (ast.NotIn,), ast.NotIn: (ast.In,), ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,), ast.And: (ast.Or,), ast.Or: (ast.And,), ast.Add: (ast.Sub,), ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div,), ast.Div: (ast.Mult,), ast.FloorDiv: (ast.Div,), ast.Mod: (ast.Mult,), ast.Pow: (ast.Mult,),
    ast.BitAnd: (ast.BitOr,), ast.BitOr: (ast.BitAnd,)}
SWAPPED_NAMES = {"min": "max", "max": "min", "minimum": "maximum", "maximum": "minimum", "idxmin": "idxmax",
                 "idxmax": "idxmin", "any": "all", "all": "any"}
ORDER_FLAGS = ("ascending", "reverse")  # other flags in calls are mostly library options


@dataclass
class Mutant:
    """A node of a file's tree and a replacement for it.

    Attributes
    ----------
    path : the file, below the checkout
    tree : the whole file
    around : the nodes that contain the old one, outermost first
    field, index : the old node's place in the last of them
    nodes : the old and the new node
    """

    path: str
    tree: ast.Module
    around: tuple[ast.AST, ...]
    field: str
    index: int | None
    nodes: tuple[ast.AST, ast.AST]

    def put(self, node: ast.AST) -> None:
        """Put a node in this place of the tree."""
        if self.index is None:
            setattr(self.around[-1], self.field, node)
        else:
            getattr(self.around[-1], self.field)[self.index] = node

    def compile(self) -> object:
        """The code of the file with the new node."""
        self.put(ast.copy_location(self.nodes[1], self.nodes[0]))
        return compile(ast.fix_missing_locations(self.tree), self.path, "exec")

    def describe(self) -> str:
        """`before -> after`, of the smallest expression that shows the change."""
        parent = self.around[-1]
        if isinstance(parent, ast.arguments):
            names = parent.kwonlyargs if self.field == "kw_defaults" else parent.args[-len(parent.defaults):]
            return " -> ".join(f"{names[self.index].arg}={ast.unparse(node)}" for node in self.nodes)
        shown = self.nodes if hasattr(parent, "body") else (parent, parent)
        texts = []
        for node, whole in zip(self.nodes, shown, strict=True):
            self.put(node)
            texts.append(ast.unparse(whole))
        self.put(self.nodes[0])
        return " -> ".join(texts)

    @property
    def line(self) -> int:
        """The line of the change."""
        return next(node.lineno for node in (self.nodes[0], *reversed(self.around)) if hasattr(node, "lineno"))

    @property
    def function(self) -> int | None:
        """The first line of the function with the change; None outside functions and in decorated ones."""
        functions = [node for node in self.around if isinstance(node, ast.FunctionDef)]
        return functions[-1].lineno if functions and not functions[-1].decorator_list else None  # @cache hides calls


def list_mutants(root: Path, path: str) -> list[Mutant]:
    """All mutants of a file, in file order."""
    tree = ast.parse((root / path).read_text(encoding="utf-8"))
    return [Mutant(path, tree, around, field, index, (node, new)) for around, field, index, node in _walk(tree)
            for new in _change(node, around[-1], field)]


def _walk(node: ast.AST, *around: ast.AST) -> Iterator[tuple[tuple[ast.AST, ...], str, int | None, ast.AST]]:
    """The nodes that may change, each with the nodes around it and its place in the last of them."""
    for field, value in ast.iter_fields(node):
        for index, child in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(child, ast.AST) and field not in UNREAD_FIELDS and not _is_for_types(child):
                yield (*around, node), field, index if isinstance(value, list) else None, child
                yield from _walk(child, *around, node)


def _is_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"


def _change(node: ast.AST, parent: ast.AST, field: str) -> Iterator[ast.AST]:
    """The possible replacements of a node."""
    yield from (operator() for operator in SWAPPED_OPERATORS.get(type(node), ()))
    match node:
        case ast.UnaryOp(op=ast.Not() | ast.USub() | ast.Invert()):
            yield node.operand
        case ast.Constant(value=bool(value)):
            if not isinstance(parent, ast.keyword) or parent.arg in ORDER_FLAGS:
                yield ast.Constant(not value)
        case ast.Constant(value=int(value)):
            yield from (ast.Constant(value + 1), ast.Constant(value - 1))
        case ast.Constant(value=float(value)) if value:
            yield from (ast.Constant(value * 1.1), ast.Constant(value / 1.1))
        case ast.Name(id=name) if field == "func" and name in SWAPPED_NAMES:
            yield ast.Name(SWAPPED_NAMES[name], ast.Load())
        case ast.Attribute(attr=name) if name in SWAPPED_NAMES:
            yield ast.Attribute(node.value, SWAPPED_NAMES[name], ast.Load())
        case ast.Name() | ast.Call() | ast.Attribute() if field in ("test", "ifs"):
            yield ast.UnaryOp(ast.Not(), node)
