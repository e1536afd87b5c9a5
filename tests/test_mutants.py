import ast
from pathlib import Path

import pytest

from tests.mutants import ROOT, broken, mutants

RULES = {str(number) for number in range(1, 16)}


class TestMutants:
    @pytest.mark.parametrize("mutant", mutants(), ids=lambda mutant: f"{mutant.file}: {mutant.old}")
    def test_each_fits_its_file_and_names_a_test_that_is_there(self, mutant):
        path, *names = mutant.caught_by.partition("[")[0].split("::")
        tests = Path(ROOT, path).read_text()

        # What is no Python fails whatever it is tested with.
        assert ast.parse(broken(mutant))
        assert all(f"class {name}" in tests or f"def {name}(" in tests for name in names)

    def test_there_is_one_for_every_rule(self):
        assert {mutant.rule for mutant in mutants()} == RULES
