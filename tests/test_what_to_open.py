"""The start page of JupyterLab: notebooks/README.md, and the settings that show it rendered."""

import json
import re

from samestory.base.resources import PACKAGE_FOLDER, resource
from samestory.commands.refresh import list_committed

README = resource("notebooks") / "README.md"


def test_it_links_every_notebook_and_nothing_that_is_missing():
    links = re.findall(r"\]\(([^)]+)\)", README.read_text(encoding="utf-8"))
    assert all((README.parent / link).exists() for link in links)
    assert {path.name for path in README.parent.glob("*.ipynb")} <= set(links)
    assert {path.name for path in list_committed()} <= set(links)


def test_lab_opens_on_it_rendered():
    settings = json.loads((PACKAGE_FOLDER.parent / ".lab" / "overrides.json").read_text(encoding="utf-8"))
    assert settings["@jupyterlab/docmanager-extension:plugin"]["defaultViewers"]["markdown"] == "Markdown Preview"
    makefile = (PACKAGE_FOLDER.parent / "Makefile").read_text(encoding="utf-8")
    options = dict(re.findall(r"--LabApp\.(\w+)=(\S+)", makefile))
    assert options["default_url"] == "/lab/tree/notebooks/README.md"
    assert options["app_settings_dir"] == ".lab"


def test_kernels_of_lab_import_nothing_from_the_folder_of_their_notebook():
    makefile = (PACKAGE_FOLDER.parent / "Makefile").read_text(encoding="utf-8")
    assert re.search(r"^\t@PYTHONSAFEPATH=1 \S+ -m jupyterlab ", makefile, re.MULTILINE)


def test_it_is_short():
    assert len(README.read_text(encoding="utf-8").splitlines()) <= 40
