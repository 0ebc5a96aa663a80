import cv2
import numpy as np
from structra.v1 import canonical_schema_pb2, node_pb2

from engine.vision.overlay import draw, kind_name


def test_overlay_outlines_every_node_and_adds_a_legend():
    pixels = np.full((300, 400, 3), 128, np.uint8)
    root = node_pb2.Node(id="page", kind=node_pb2.NODE_KIND_CONTAINER)
    root.bounds.width, root.bounds.height = 400, 300
    child = root.children.add(id="title", kind=node_pb2.NODE_KIND_HEADING, heading_level=1)
    child.bounds.x, child.bounds.y = 50, 60
    child.bounds.width, child.bounds.height = 200, 40
    schema = canonical_schema_pb2.CanonicalSchema(root=root)
    picture = cv2.imdecode(np.frombuffer(draw(pixels, schema), np.uint8), cv2.IMREAD_COLOR)
    assert picture.shape[0] == 300
    assert picture.shape[1] > 400
    plain = picture[200, 200]
    assert (picture[99, 150] != plain).any()
    assert (picture[80, 249] != plain).any()
    assert (picture[:, 400:] != 255).any()
    assert draw(pixels, schema) == draw(pixels, schema)


def test_kind_names():
    assert kind_name(node_pb2.NODE_KIND_BUTTON) == "BUTTON"


def test_a_picture_at_a_high_device_scale_is_drawn_at_css_pixels():
    root = node_pb2.Node(id="page", kind=node_pb2.NODE_KIND_CONTAINER)
    root.bounds.width, root.bounds.height = 400, 300
    schema = canonical_schema_pb2.CanonicalSchema(root=root)
    single, double = np.full((300, 400, 3), 128, np.uint8), np.full((600, 800, 3), 128, np.uint8)
    assert draw(double, schema) == draw(single, schema)
