"""Modules that are kept out of imports."""

import sys
from importlib import import_module

from samestory.base.hidden_modules import delay_module, hide_module


def test_a_delayed_module_is_imported_when_its_function_is_called(monkeypatch):
    for name in ("wsgiref", "wsgiref.util"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    with delay_module("wsgiref.util", "guess_scheme"):
        from wsgiref.util import guess_scheme
    assert "wsgiref.util" not in sys.modules
    assert guess_scheme({"HTTPS": "on"}) == "https" and hasattr(import_module("wsgiref.util"), "FileWrapper")


def test_an_imported_module_is_neither_delayed_nor_hidden():
    known = import_module("json.decoder")
    with delay_module("json.decoder", "scanstring"), hide_module("json.decoder"):
        assert import_module("json.decoder") is known
    assert import_module("json.decoder") is known
