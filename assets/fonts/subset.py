"""Makes the bundled typefaces from the original files, with fontTools.

usage: subset.py FOLDER_OF_INTER DEJAVU_SANS_MONO.ttf NOTO_SANS_CJK_REGULAR.ttc
"""

import os
import sys

from fontTools import subset
from fontTools.ttLib import TTFont

HERE = os.path.dirname(os.path.abspath(__file__))
SIMPLIFIED_CHINESE = 2  # index in the collection


def span(first, last):
    return list(range(first, last + 1))


LATIN = (
    span(0x20, 0x7E) + span(0xA0, 0x24F) + span(0x2B0, 0x2FF) + span(0x300, 0x30C)
    + span(0x370, 0x3FF) + span(0x400, 0x45F) + span(0x1E00, 0x1EFF) + span(0x2010, 0x2027)
    + span(0x2030, 0x205E) + span(0x2070, 0x209F) + span(0x20A0, 0x20BF)
    + span(0x2100, 0x214F) + span(0x2150, 0x215F) + span(0x2190, 0x22FF)
    + span(0x2300, 0x23FF) + span(0x25A0, 0x26FF) + span(0x2700, 0x27BF)
    + span(0x27E6, 0x27EB) + span(0x2A00, 0x2AFF) + [0x1D40, 0x1D57] + span(0x1D62, 0x1D6A)
)


def characters(encoding, leads, trails):
    found = []
    for lead in leads:
        for trail in trails:
            try:
                text = bytes([lead, trail]).decode(encoding)
            except UnicodeDecodeError:
                continue
            if len(text) == 1:
                found.append(ord(text))
    return found


def east_asian():
    chinese = characters("gb2312", span(0xB0, 0xD7), span(0xA1, 0xFE))
    traditional = characters("big5", span(0xA4, 0xC6), span(0x40, 0x7E) + span(0xA1, 0xFE))
    japanese = characters("euc_jp", span(0xB0, 0xCF), span(0xA1, 0xFE))
    korean = characters("euc_kr", span(0xB0, 0xC8), span(0xA1, 0xFE))
    signs = span(0x3000, 0x301F) + span(0x3041, 0x30FF) + span(0x3131, 0x318E) + span(0xFF01, 0xFF9F)
    return sorted(set(chinese + traditional + japanese + korean + signs))


def make_figures_tabular(font):
    table = font["GSUB"].table
    replaced = {}
    for record in table.FeatureList.FeatureRecord:
        if record.FeatureTag == "tnum":
            for index in record.Feature.LookupListIndex:
                for part in table.LookupList.Lookup[index].SubTable:
                    replaced.update(getattr(getattr(part, "ExtSubTable", part), "mapping", {}))
    for cmap in font["cmap"].tables:
        for digit in span(0x30, 0x39):
            if cmap.isUnicode() and cmap.cmap.get(digit) in replaced:
                cmap.cmap[digit] = replaced[cmap.cmap[digit]]


def reduce(source, target, unicodes, features, number=-1, change=lambda font: None):
    options = subset.Options(
        layout_features=features, hinting=False, desubroutinize=True, font_number=number,
        notdef_outline=True,
    )
    font = subset.load_font(source, options)
    change(font)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=unicodes)
    subsetter.subset(font)
    subset.save_font(font, os.path.join(HERE, target), options)


def main():
    inter, mono, cjk = sys.argv[1:]
    marks = ["kern", "mark", "mkmk", "ccmp"]
    for style in ("Regular", "SemiBold"):
        source = os.path.join(inter, f"Inter-{style}.otf")
        reduce(source, f"inter-{style.lower()}.otf", LATIN, marks, change=make_figures_tabular)
    reduce(mono, "dejavu-sans-mono.ttf", LATIN, marks)
    reduce(cjk, "noto-sans-cjk.otf", east_asian(), [], number=SIMPLIFIED_CHINESE)


main()
