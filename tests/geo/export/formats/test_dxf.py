"""The drawing as a CAD program shows it: drawn, and its pixels looked at."""

import io

import ezdxf
import ezdxf.recover
import numpy as np
import pytest
from ezdxf.addons.drawing import Frontend, RenderContext
from ezdxf.addons.drawing.config import BackgroundPolicy, Configuration
from ezdxf.addons.drawing.matplotlib import MatplotlibBackend
from ezdxf.fonts import fonts
from matplotlib import font_manager
from matplotlib.figure import Figure

from beltmap.geo.colours import rgb
from beltmap.geo.export.formats.dxf import STYLE
from beltmap.geo.export.picture.panel import chinese_font
from beltmap.geo.export.write import write
from beltmap.geo.language.messages import speaking
from tests.choosing import choose

CAD_FONTS = {"simsun.ttc", "simhei.ttf", "msyh.ttc"}
"""Fonts with Chinese that every Windows has, and so every CAD program there."""

SIZE = 900
UNDER = (255, 0, 255)


@pytest.fixture
def drawing(shipped):
    """Give the belt of the shipped plan and its towns as a drawing, in Chinese."""
    mask = shipped.zones["kind"].isin(["belt", "town"]).to_numpy()
    with speaking("zh"):
        content = write(choose(shipped, mask), format_code="dxf").content
    # as CAD programs do, this undoes the codes of characters and checks the drawing
    found, auditor = ezdxf.recover.read(io.BytesIO(content))
    assert not auditor.errors
    return found


def pixels(drawing, *, off=()) -> np.ndarray:
    """Draw what is there on white, some layers switched off."""
    for layer in drawing.layers:
        layer.on()
        if any(layer.dxf.name.endswith(ending) for ending in off):
            layer.off()
    figure = Figure(figsize=(SIZE / 100, SIZE / 100), dpi=100)
    axes = figure.add_axes((0, 0, 1, 1))
    policy = Configuration(background_policy=BackgroundPolicy.WHITE)
    backend = MatplotlibBackend(axes, adjust_figure=False)
    Frontend(RenderContext(drawing), backend, policy).draw_layout(drawing.modelspace())
    content = io.BytesIO()
    figure.savefig(content, format="rgba")
    seen = np.frombuffer(content.getvalue(), np.uint8).reshape(SIZE, SIZE, 4)
    return seen[..., :3].astype(int)


def like(seen, colour, by=60) -> np.ndarray:
    return (np.abs(seen - np.array(colour)) <= by).all(axis=-1)


def test_each_part_is_on_a_layer_of_its_own(drawing):
    parts = {"HATCH": "_填充", "LWPOLYLINE": "", "MTEXT": "_注记"}
    for kind in ("产业带", "产业城"):
        for part, ending in parts.items():
            assert drawing.modelspace().query(f'{part}[layer=="{kind}{ending}"]')
    for entity in drawing.modelspace():
        assert entity.dxf.layer.endswith(parts[entity.dxftype()])


def test_layers_are_described(drawing):
    assert drawing.layers.get("产业城").description == "类型为产业城的片区"


def test_a_layer_that_is_off_takes_its_part_away(drawing, shipped):
    colour = rgb(shipped.charter.colour("town"))
    whole = like(pixels(drawing), colour).sum()
    unfilled = like(pixels(drawing, off=["_填充"]), colour).sum()
    bare = like(pixels(drawing, off=["_填充", "_注记", "产业带", "产业城"]), colour)
    assert whole > unfilled > bare.sum() == 0


def test_a_fill_covers_nothing_underneath(drawing):
    """A line that is drawn first shines through, also where nothing is see-through."""
    space = drawing.modelspace()
    look = {"true_color": ezdxf.rgb2int(UNDER), "lineweight": 50}
    lines = []
    for outline in list(space.query('LWPOLYLINE[layer=="产业城"]')):
        (west, south), (east, north) = (
            corners(np.array(list(outline.vertices())), axis=0)
            for corners in (np.min, np.max)
        )
        ends = [(west, (south + north) / 2), (east, (south + north) / 2)]
        lines.append(space.add_lwpolyline(ends, dxfattribs=look))
    for hatch in space.query("HATCH"):
        hatch.transparency = 0
    space.set_redraw_order((line.dxf.handle, "1") for line in lines)
    others = ["产业带", "产业城", "_注记"]
    seen = like(pixels(drawing, off=others), UNDER).sum()
    alone = like(pixels(drawing, off=[*others, "_填充"]), UNDER).sum()
    assert alone > SIZE / 5
    assert seen > alone / 3


def test_fills_lie_under_all_outlines_and_names(drawing):
    order = [entity.dxftype() for entity in drawing.modelspace()]
    assert order == sorted(order, key=["HATCH", "LWPOLYLINE", "MTEXT"].index)


def test_names_are_in_a_style_whose_font_cad_has(drawing):
    style = drawing.styles.get(STYLE)
    assert style.dxf.font in CAD_FONTS
    assert style.get_extended_font_data()[0] == "SimSun"
    texts = drawing.modelspace().query("MTEXT")
    assert {entity.dxf.style for entity in texts} == {STYLE}


def test_chinese_names_are_drawn_letter_for_letter(drawing):
    """Another text of as many signs is another picture: none of them is a box."""
    font = font_manager.findfont(chinese_font())
    fonts.font_manager.build([str(font).rpartition("/")[0]])
    drawing.styles.get(STYLE).dxf.font = str(font).rpartition("/")[2]
    space = drawing.modelspace()
    for entity in list(space):
        space.delete_entity(entity)
    pictures = []
    for words in ("青岛", "大连"):
        text = space.add_mtext(words, dxfattribs={"style": STYLE, "char_height": 10})
        pictures.append(pixels(drawing))
        space.delete_entity(text)
    assert (pictures[0] < 128).any()
    assert (pictures[0] != pictures[1]).any()
