"""How much nearer some letters stand to each other than their widths say.

Kerning of Liberation Sans and Serif and of DejaVu Sans, which stand for Arial,
Times New Roman and Verdana (see `metrics`): in thousandths of an em, each value
followed by its pairs of letters, with "_" for a space. Pairs that come nearer by less
than 35 are left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from engine.vision.layout.faces import Face

_PAIR = 2

_ARIAL = (
    "-129 P, P. Y, Y. -111 F, F. T, T. T: T; Ta Tc Te To Ts -92 V, V. Y- Ye Yo Yq -74 AT AV AY LT "
    "LV LW LY PA TA VA Va YA Ya Yp v, v. y, y. -65 Y; -55 A_ FA T- Tw Ty V- Ve Vo W, W. Y: Yu Yv "
    "_A r, r. w, w. -37 AW L_ Ly Ti Tr Tu V: V; Vr Vu Vy WA Wa Yi"
)
_ARIAL_BOLD = (
    "-129 P, P. -111 F, F. T, T. T: T; Y, Y. -92 AY LY V, V. YA -74 AT AV LT LV PA TA Ta Tc Te To "
    "Ts Tu Tw Ty VA Vo Y: Y; Yo Yq v, v. y, y. -55 AW FA LW T- Tr V- V: V; Va Ve Vr W, W. WA Y- "
    "Ya Ye Yp Yu Yv r, r. -37 A_ Av Ay Ly RY Vu Vy Wa Yi _A w, w."
)
_VERDANA = (
    "-203 Y. -170 Tc Te To -166 Ta Ts Tw -161 F. -156 P. Ty -152 Tu -147 Tr -143 y. -138 LT Ya "
    "-133 LY Y: Ye Yo -129 V. -119 -Y T. Y- -115 W. Yu -110 LV T: -105 K- -92 -T FA Fa Fy LW Ly "
    "T- r. w. -82 V: -78 AT AY F: KT TA Va Ve Vo YA v. -73 Fi Fr Ky RT XC f. y: -68 Ay Vu -64 AV "
    "OX PA RY VA Wa XO r- -59 -V Av TC V- W: We Wo -55 AW BY DY Fe Fu KC KO OY RV Ry WA YC YO f- "
    "v: w: -50 -X GY Ke Ko Ku LU RC X- -45 Pa Re Ro Ru Wr Xe -41 -W Aw O. R- RA RW W- -36 -B Af "
    "BW Fo GT J- KW KY LO Pe Po R. Wu Yi f: ke ko ky"
)
_VERDANA_BOLD = (
    "-184 P, P. -166 LT Y, Y. -161 F, -156 LY -152 T. -147 -T -Y F. T- Y- r, -143 T, r. -138 LV "
    "-133 Tc Te To Ts -129 Ta V, V. -119 Ty -115 FA -110 Tr Tu Tw -96 AY YA -92 PA Ya Ye Yo y. "
    "-87 K- Y: Y; -82 -X W, W. X- v, v. -78 AT LW TA y, -73 -V DY V- Yu -68 AV Ly VA -64 Fr Ky w, "
    "w. -59 Fa -55 BW BY F: F; Fy RY T: T; Va Ve Vo f, f. -50 Fu -45 -W AW KC KO RT Ry SS V: V; "
    "W- WA -41 BV Fe Fo -36 Av Ay LO LU OX OY Vu Wa We Wo XC XO YC YO"
)
_TIMES = (
    "-129 AV V, V. VA Vo Y, Y. -111 AT P, P. Va Ve Vy WA Y- YA Yq Yu -100 LY Ya Ye Yo Yv -92 AY "
    "Aw Ay LT LV PA T- V- W, W. Y: Y; Yp -80 AW F, F. RV TA Wa We Wo -74 Av FA LW T, T. V: V; -70 "
    "Ta Tc Te To Ts Tw Ty -65 v, v. w, w. y, y. -60 RT Vi Vr Vu Wy -55 A_ Ly RW RY T; W- Yi _A r. "
    "-50 T: -40 Ry Wi Wr Wu r, -37 11 L_ P_ W: W; Y_ _Y -35 Ti Tr Tu"
)
_TIMES_BOLD = (
    "-129 AV V, V. VA -111 AW WA Ya Ye Yo Yq Yv -92 AY F, F. LT LV LW LY P, P. T- Ta Tc Te To Ts "
    "Tu V: V; Va Ve Vo Vu Vy W, W. Y, Y- Y. Y: Y; YA Yp Yu r, r. -74 AT Av Aw Ay FA PA T, T. T: "
    "T; TA Tr Tw Ty V- Vr -55 11 A_ L_ Ly P_ W: W; Wa We Wo _A v, v. w, w. y, y. -37 F_ Vi W- Wy "
    "Y_ Yi _Y r- -35 RT RV RW RY Ry"
)
_TABLES = {
    (Face.ARIAL, False): _ARIAL,
    (Face.ARIAL, True): _ARIAL_BOLD,
    (Face.VERDANA, False): _VERDANA,
    (Face.VERDANA, True): _VERDANA_BOLD,
    (Face.TIMES, False): _TIMES,
    (Face.TIMES, True): _TIMES_BOLD,
}


@cache
def kerning(face: Face, bold: bool) -> Mapping[str, float]:
    """Returns by how much each pair of letters is set apart further, in thousandths of an em."""
    found: dict[str, float] = {}
    value = 0.0
    for word in _TABLES[face, bold].split():
        if len(word) > _PAIR:
            value = float(word)
        else:
            found[word.replace("_", " ")] = value
    return found
