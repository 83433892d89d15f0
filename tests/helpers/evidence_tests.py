"""A plugin for pytest (`-p evidence_tests`): run only the tests that see the committed evidence."""

import pytest


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests that use neither the study nor a copy of its data package."""
    chosen = [item for item in items if {"study", "package"} & {*getattr(item, "fixturenames", ())}]
    config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
    items[:] = chosen
