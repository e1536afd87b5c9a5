import pytest

from admin.frame import NewsroomView


class TestNewsroomView:
    def test_it_runs_a_view_once_whatever_it_raises(self):
        runs = []

        def fail(view, **kwargs):
            runs.append(view)
            raise TypeError("a fault of the view's own")

        with pytest.raises(TypeError, match="own"):
            object.__new__(NewsroomView)._run_view(fail)

        assert len(runs) == 1
