// Blocks of text, each with its lines and runs, and what fields show.
const isInline = (el) => {
  const display = style(el).display;
  return display === "inline" || display === "contents" || display.startsWith("ruby");
};
const SKIPPED = new Set(["SCRIPT", "STYLE", "NOSCRIPT", "TEMPLATE", "SVG", "TEXTAREA", "SELECT", "IFRAME", "VIDEO", "CANVAS"]);
const transformed = (text, el) => {
  const transform = style(el).textTransform;
  if (transform === "uppercase") return text.toUpperCase();
  if (transform === "lowercase") return text.toLowerCase();
  if (transform === "capitalize") return text.replace(/(^|\s)\S/g, (c) => c.toUpperCase());
  return text;
};
const isGlyphs = (node) => {
  const text = node.data.trim();
  const family = style(node.parentElement).fontFamily.split(",")[0];
  return PRIVATE_USE.test(text) || (/^[a-z0-9_]+$/.test(text) && /material/i.test(family));
};
const linesOf = (rects) => {
  const lines = [];
  for (const r of [...rects].sort((a, b) => a.y - b.y || a.x - b.x)) {
    const line = lines.find(
      (l) => Math.min(l.y + l.h, r.y + r.h) - Math.max(l.y, r.y) > 0.5 * Math.min(l.h, r.h),
    );
    if (line) Object.assign(line, unionOf([line, r]));
    else lines.push({ ...r });
  }
  return lines;
};
const unionOf = (boxes) => {
  const x = Math.min(...boxes.map((b) => b.x));
  const y = Math.min(...boxes.map((b) => b.y));
  const w = Math.max(...boxes.map((b) => b.x + b.w)) - x;
  return { x, y, w, h: Math.max(...boxes.map((b) => b.y + b.h)) - y };
};
const familyOf = (s) => s.fontFamily.split(",")[0].trim().replace(/^["']|["']$/g, "");
const decorationOf = (el, owner) => {
  for (let at = el; at instanceof Element; at = at.parentElement) {
    const line = style(at).textDecorationLine;
    if (line !== "none") return line;
    if (at === owner) break;
  }
  return "none";
};
const typeOf = (el) => {
  const s = style(el);
  const ink = color(s.webkitTextFillColor);
  return {
    font_size: round(parseFloat(s.fontSize)),
    font_weight: Number(s.fontWeight),
    font_style: s.fontStyle,
    font_family: familyOf(s),
    line_height: s.lineHeight === "normal" ? null : round(parseFloat(s.lineHeight)),
    color: hex(ink),
    color_alpha: Math.round(ink.a * opacity(el) * 100) / 100,
  };
};
const runOf = (run, main, owner) => {
  const type = typeOf(run.el);
  const known = { text: run.text, color: type.color, font_size: type.font_size };
  known.font_weight = type.font_weight;
  if (type.font_style !== main.font_style) known.font_style = type.font_style;
  if (type.font_family !== main.font_family) known.font_family = type.font_family;
  const decoration = decorationOf(run.el, owner);
  if (decoration !== "none") known.decoration = decoration;
  return known;
};
const headingOf = (el) => {
  const heading = el.closest("h1,h2,h3,h4,h5,h6");
  return heading ? Number(heading.tagName[1]) : null;
};
const commonOf = (el) => ({
  background: hex(groundOf(el)),
  background_image: overPicture(el),
  tag: tagOf(el),
  heading: headingOf(el),
  in_link: Boolean(el.closest("a[href]")),
  path: pathOf(el),
});
const blockOf = (group) => {
  const text = group.text.replace(/\s+/g, " ").trim();
  const rects = group.runs.flatMap((run) => run.rects);
  if (!text || !rects.length) return null;
  const lines = linesOf(rects);
  // The longest run's look stands for the block's.
  const main = group.runs.reduce((best, run) => (run.text.length > best.text.length ? run : best));
  const type = typeOf(main.el);
  const block = { text, ...rounded(unionOf(lines)), ...type, align: style(group.owner).textAlign };
  block.decoration = decorationOf(main.el, group.owner);
  block.lines = lines.map(rounded);
  if (group.runs.length > 1) {
    block.runs = group.runs.map((run) => runOf(run, type, group.owner));
  }
  block.block_box = rounded(boxOf(group.owner));
  return { ...block, ...commonOf(group.owner), background: hex(groundOf(main.el)) };
};
const measureTexts = () => {
  const texts = [];
  const flush = (group) => {
    const block = blockOf(group);
    if (block) texts.push(block);
    group.text = "";
    group.runs = [];
  };
  const take = (node, el, group) => {
    if (!node.data.trim()) {
      group.text += " ";
      return;
    }
    if (!visible(el) || isGlyphs(node)) return;
    const range = document.createRange();
    range.selectNodeContents(node);
    range.setStart(node, node.data.search(/\S/));
    range.setEnd(node, node.data.trimEnd().length);
    const rects = [...range.getClientRects()]
      .map((r) => clipped(r, el))
      .filter((r) => r.w > 1 && r.h > 1);
    if (!rects.length) return;
    const text = transformed(node.data, el);
    group.text += text;
    group.runs.push({ el, rects, text: text.replace(/\s+/g, " ").trim() });
  };
  const walk = (el, group) => {
    for (const node of el.childNodes) {
      if (node.nodeType === Node.TEXT_NODE) take(node, el, group);
      if (node.nodeType !== Node.ELEMENT_NODE || SKIPPED.has(node.tagName.toUpperCase())) continue;
      if (node.tagName === "BR") {
        group.text += " ";
      } else if (isInline(node)) {
        walk(node, group);
      } else {
        const own = { owner: node, text: "", runs: [] };
        if (!style(node).display.startsWith("inline")) flush(group);
        walk(node, own);
        flush(own);
      }
    }
  };
  const top = { owner: document.body, text: "", runs: [] };
  walk(document.body, top);
  flush(top);
  return [...texts, ...fieldTexts()];
};
const WORDLESS = new Set(["checkbox", "radio", "range", "file", "color", "hidden", "image"]);
const fieldTexts = () => {
  const texts = [];
  for (const el of document.querySelectorAll("input,textarea,select")) {
    if (WORDLESS.has(el.type) || !seen(el, 4)) continue;
    const value = tagOf(el) === "select" ? el.selectedOptions[0]?.text : el.value;
    const raw = value || el.placeholder || "";
    const shown = el.type === "password" && value ? "•".repeat(value.length) : raw;
    if (!shown.trim() || el.multiple) continue;
    texts.push(fieldText(el, transformed(shown.trim().replace(/\s+/g, " "), el), Boolean(value)));
  }
  return texts;
};
// The height of a line of a field's text is not told; 1.3 em is what common faces take.
const FIELD_LINE = 1.3;
const fieldText = (el, text, isValue) => {
  const s = style(el);
  const look = isValue ? s : getComputedStyle(el, "::placeholder");
  const size = parseFloat(s.fontSize);
  const box = boxOf(el);
  canvas.font = `${s.fontStyle} ${s.fontWeight} ${s.fontSize} ${s.fontFamily}`;
  const left = parseFloat(s.paddingLeft) + parseFloat(s.borderLeftWidth);
  const right = parseFloat(s.paddingRight) + parseFloat(s.borderRightWidth);
  const room = Math.max(1, box.w - left - right);
  const w = Math.min(canvas.measureText(text).width, room);
  const isArea = tagOf(el) === "textarea";
  const centered = s.textAlign === "center" || ["submit", "button", "reset"].includes(el.type);
  const top = parseFloat(s.paddingTop) + parseFloat(s.borderTopWidth);
  const h = size * FIELD_LINE;
  const ink = color(look.color);
  return {
    text,
    source: isValue ? "value" : "placeholder",
    x: round(box.x + left + (centered ? (room - w) / 2 : 0)),
    y: round(isArea ? box.y + top : box.y + (box.h - h) / 2),
    w: round(w),
    h: round(h),
    font_size: round(size),
    font_weight: Number(s.fontWeight),
    font_family: familyOf(s),
    align: s.textAlign,
    color: hex(ink),
    color_alpha: Math.round(ink.a * Number(look.opacity || 1) * opacity(el) * 100) / 100,
    ...commonOf(el),
  };
};
