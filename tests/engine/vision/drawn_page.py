"""Pages drawn with Pillow's own font, so that no font need be installed."""

import numpy as np
from PIL import Image, ImageDraw, ImageFont


class DrawnPage:
    def __init__(self, width=900, height=600, background="#ffffff"):
        self.image = Image.new("RGB", (width, height), background)
        self.draw = ImageDraw.Draw(self.image)

    def text(self, x, y, text, size=16, color="#222222"):
        self.draw.text((x, y), text, fill=color, font=ImageFont.load_default(size))

    def box(self, x, y, w, h, fill=None, outline=None, width=1, radius=0):
        self.draw.rounded_rectangle(
            (x, y, x + w - 1, y + h - 1), radius, fill=fill, outline=outline, width=width
        )

    def noise(self, x, y, w, h, seed=1):
        values = np.random.default_rng(seed).integers(0, 255, (h, w, 3)).astype(np.uint8)
        self.image.paste(Image.fromarray(values), (x, y))

    @property
    def pixels(self):
        return np.ascontiguousarray(np.asarray(self.image)[:, :, ::-1])
