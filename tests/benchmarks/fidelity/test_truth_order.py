from benchmarks.fidelity.truth_order import document_order


def box(x, y, w, h, **more):
    return {"x": x, "y": y, "w": w, "h": h, **more}


def page(texts, containers=(), bands=()):
    return {
        "texts": list(texts),
        "containers": [{"child_boxes": list(cells)} for cells in containers],
        "bands": list(bands),
    }


def test_columns_are_read_one_after_the_other():
    # By height: left title, right title, left text, right text.
    texts = [box(0, 0, 50, 20), box(500, 0, 50, 20), box(0, 40, 50, 20), box(500, 40, 50, 20)]
    columns = [box(0, 0, 400, 100), box(500, 0, 400, 100)]

    assert document_order(page(texts, [columns])) == [0, 2, 1, 3]


def test_a_reversed_row_is_read_as_the_document_has_it():
    texts = [box(0, 0, 50, 20), box(500, 0, 50, 20)]
    cells = [box(500, 0, 400, 100), box(0, 0, 400, 100)]

    assert document_order(page(texts, [cells])) == [1, 0]


def test_containers_nest_and_stand_among_other_texts():
    texts = [
        box(0, 0, 800, 20),
        box(0, 50, 50, 20),
        box(500, 50, 50, 20),
        box(500, 80, 50, 10),
        box(700, 80, 50, 10),
        box(0, 200, 800, 20),
    ]
    outer = [box(0, 40, 400, 100), box(500, 40, 400, 100)]
    inner = [box(690, 75, 100, 30), box(490, 75, 100, 30)]

    assert document_order(page(texts, [inner, outer])) == [0, 1, 2, 4, 3, 5]


def test_a_side_bar_is_read_before_what_stands_beside_it():
    texts = [box(10, 60, 50, 20), box(300, 70, 50, 20), box(10, 90, 50, 20)]
    bands = [box(200, 0, 1000, 50), box(200, 50, 1000, 900), box(0, 0, 200, 900)]

    assert document_order(page(texts, bands=bands)) == [0, 2, 1]
