"""Aliases: each thread makes its own, since one that several look at first may lead to the table itself."""

import importlib
import pkgutil
from types import ModuleType

import pytest
from sqlalchemy import AliasedReturnsRows
from sqlalchemy.orm.util import AliasedClass

import admin
import api
import content


def modules(package: ModuleType) -> list[ModuleType]:
    """Every module of a package, and of those in it."""
    names = (found.name for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."))
    return [package, *map(importlib.import_module, names)]


@pytest.mark.parametrize("package", [admin, api, content], ids=lambda package: package.__name__)
def test_no_module_keeps_an_alias_that_threads_would_share(package):
    kept = [
        f"{module.__name__}.{name}"
        for module in modules(package)
        for name, value in vars(module).items()
        if isinstance(value, AliasedClass | AliasedReturnsRows)
    ]

    assert kept == []
