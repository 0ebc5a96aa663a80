import pytest

from workers.render.chromium import may_sandbox


@pytest.mark.parametrize(
    ("user", "setting", "expected"),
    [(1000, None, True), (1000, "on", True), (1000, "off", False), (0, None, False)],
)
def test_the_sandbox_is_used_wherever_it_can_be(monkeypatch, user, setting, expected):
    monkeypatch.setattr("os.geteuid", lambda: user)
    monkeypatch.delenv("STRUCTRA_CHROMIUM_SANDBOX", raising=False)
    if setting is not None:
        monkeypatch.setenv("STRUCTRA_CHROMIUM_SANDBOX", setting)
    assert may_sandbox() is expected
