"""Modules that are kept out of imports."""

import sys
from importlib import import_module

from samestory.base.hidden_modules import bare_packages, delay_module, hide_module


def test_a_delayed_module_is_imported_when_its_function_is_called(monkeypatch):
    for name in ("wsgiref", "wsgiref.util"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    with delay_module("wsgiref.util", "guess_scheme"):
        from wsgiref.util import guess_scheme
    assert "wsgiref.util" not in sys.modules
    assert guess_scheme({"HTTPS": "on"}) == "https" and hasattr(import_module("wsgiref.util"), "FileWrapper")


def test_a_module_of_a_bare_package_comes_alone(monkeypatch):
    for name in [name for name in sys.modules if name.partition(".")[0] == "wsgiref"]:
        monkeypatch.delitem(sys.modules, name)
    with bare_packages("wsgiref"):
        from wsgiref.util import guess_scheme
    assert guess_scheme({"HTTPS": "on"}) == "https" and "wsgiref" not in sys.modules
    assert import_module("wsgiref").__doc__ and import_module("wsgiref.util").guess_scheme is not guess_scheme


def test_an_imported_module_is_neither_delayed_nor_hidden():
    known = import_module("json.decoder")
    with delay_module("json.decoder", "scanstring"), hide_module("json.decoder"), bare_packages("json"):
        assert import_module("json.decoder") is known
    assert import_module("json.decoder") is known
