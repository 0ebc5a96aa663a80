import os

from workers.render import find_chromium


def _executable(folder, name):
    path = folder / name
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def test_the_environment_decides(tmp_path):
    chosen = _executable(tmp_path, "my-browser")
    _executable(tmp_path, "chromium")

    assert find_chromium({"PATH": str(tmp_path), "STRUCTRA_CHROMIUM": str(chosen)}) == chosen
    assert find_chromium({"PATH": str(tmp_path), "STRUCTRA_CHROMIUM": "my-browser"}) == chosen


def test_none_or_a_wrong_path_means_no_browser(tmp_path):
    _executable(tmp_path, "chromium")

    assert find_chromium({"PATH": str(tmp_path), "STRUCTRA_CHROMIUM": "none"}) is None
    missing = os.fspath(tmp_path / "absent")
    assert find_chromium({"PATH": str(tmp_path), "STRUCTRA_CHROMIUM": missing}) is None


def test_the_usual_names_are_found_on_the_path(tmp_path):
    chrome = _executable(tmp_path, "google-chrome")

    assert find_chromium({"PATH": str(tmp_path)}) == chrome
    chromium = _executable(tmp_path, "chromium")
    assert find_chromium({"PATH": str(tmp_path)}) == chromium
