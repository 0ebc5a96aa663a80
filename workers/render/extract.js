// Measures the document: blocks of text, painted boxes, pictures and controls.
// Runs in the page as one expression and returns plain data.
() => {
  const round = (value) => Math.round(value * 10) / 10;
  const rgba = (value) => {
    const parts = value.match(/[\d.]+/g);
    if (!parts || value.startsWith("color(")) return parse(value);
    const [r, g, b, a] = parts.map(Number);
    return { r, g, b, a: a === undefined ? 1 : a };
  };
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  // Colours that are not rgb() by the time they are computed: color-mix, oklch.
  const parse = (value) => {
    if (!canvas || !value || value === "none") return { r: 0, g: 0, b: 0, a: 0 };
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = value;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return { r, g, b, a: a / 255 };
  };
  const color = (value) => (value.startsWith("rgb") ? rgba(value) : parse(value));
  const hex = (c) =>
    "#" + [c.r, c.g, c.b].map((v) => Math.round(v).toString(16).padStart(2, "0")).join("");
  const styles = new Map();
  const style = (el) => {
    let found = styles.get(el);
    if (!found) styles.set(el, (found = getComputedStyle(el)));
    return found;
  };
  const chain = (el) => {
    const list = [];
    for (let at = el; at instanceof Element; at = at.parentElement) list.push(at);
    return list;
  };
  const opacity = (el) => chain(el).reduce((sum, at) => sum * Number(style(at).opacity), 1);
  const visible = (el) =>
    el.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && opacity(el) > 0.02;
  const inline = (el) => {
    const display = style(el).display;
    return display === "inline" || display === "contents" || display.startsWith("ruby");
  };
  // The part of a rectangle that its ancestors do not cut off, in page coordinates.
  const clipped = (rect, el) => {
    let { left, top, right, bottom } = rect;
    const fixed = style(el).position === "fixed";
    for (let at = el.parentElement; at && at !== document.documentElement; at = at.parentElement) {
      const s = style(at);
      if (s.overflowX === "visible" && s.overflowY === "visible" && s.clipPath === "none") continue;
      if (at === document.body || fixed || s.display === "inline") continue;
      const outer = at.getBoundingClientRect();
      if (s.overflowX !== "visible" || s.clipPath !== "none") {
        left = Math.max(left, outer.left);
        right = Math.min(right, outer.right);
      }
      if (s.overflowY !== "visible" || s.clipPath !== "none") {
        top = Math.max(top, outer.top);
        bottom = Math.min(bottom, outer.bottom);
      }
    }
    return {
      x: left + scrollX,
      y: top + scrollY,
      w: Math.max(0, right - left),
      h: Math.max(0, bottom - top),
    };
  };
  const boxOf = (el) => clipped(el.getBoundingClientRect(), el);
  const rounded = (b) => ({ x: round(b.x), y: round(b.y), w: round(b.w), h: round(b.h) });
  // Text that only assistive technology sees is clipped away or one pixel large.
  const hidden = (el) =>
    chain(el).some((at) => {
      const s = style(at);
      if (s.clipPath.startsWith("inset(50%") || s.clipPath.startsWith("inset(100%")) return true;
      if (s.clip !== "auto" && s.position === "absolute") return true;
      const r = at.getBoundingClientRect();
      return s.overflow !== "visible" && s.display !== "inline" && (r.width < 2 || r.height < 2);
    });

  const texts = [];
  const headingOf = (el) => {
    const heading = el.closest("h1,h2,h3,h4,h5,h6");
    return heading ? Number(heading.tagName[1]) : 0;
  };
  const painted = (text, el) => {
    const transform = style(el).textTransform;
    if (transform === "uppercase") return text.toUpperCase();
    if (transform === "lowercase") return text.toLowerCase();
    if (transform === "capitalize") return text.replace(/(^|\s)\S/g, (c) => c.toUpperCase());
    return text;
  };
  const joinLines = (rects) => {
    const lines = [];
    for (const r of rects.sort((a, b) => a.y - b.y || a.x - b.x)) {
      const line = lines.find(
        (l) => Math.min(l.y + l.h, r.y + r.h) - Math.max(l.y, r.y) > 0.5 * Math.min(l.h, r.h),
      );
      if (!line) {
        lines.push({ ...r });
        continue;
      }
      const right = Math.max(line.x + line.w, r.x + r.w);
      const bottom = Math.max(line.y + line.h, r.y + r.h);
      line.x = Math.min(line.x, r.x);
      line.y = Math.min(line.y, r.y);
      line.w = right - line.x;
      line.h = bottom - line.y;
    }
    return lines;
  };
  const flush = (group) => {
    const text = group.text.replace(/\s+/g, " ").trim();
    if (text && group.rects.length) {
      const lines = joinLines(group.rects);
      const s = style(group.owner);
      // The colour of the longest run stands for the block.
      const main = group.runs.sort((a, b) => b.length - a.length)[0];
      const ink = color(style(main.el).color);
      const x = Math.min(...lines.map((l) => l.x));
      const y = Math.min(...lines.map((l) => l.y));
      texts.push({
        text,
        lines: lines.map(rounded),
        x: round(x),
        y: round(y),
        w: round(Math.max(...lines.map((l) => l.x + l.w)) - x),
        h: round(Math.max(...lines.map((l) => l.y + l.h)) - y),
        color: hex(ink),
        alpha: ink.a * opacity(main.el),
        fontSize: parseFloat(style(main.el).fontSize),
        heading: headingOf(group.owner),
        placeholder: false,
        tag: group.owner.tagName.toLowerCase(),
        align: s.textAlign,
      });
    }
    group.text = "";
    group.rects = [];
    group.runs = [];
  };
  const skipped = new Set(["SCRIPT", "STYLE", "NOSCRIPT", "TEMPLATE", "SVG", "TEXTAREA", "SELECT"]);
  const walk = (el, group) => {
    for (const node of el.childNodes) {
      if (node.nodeType === Node.TEXT_NODE) {
        if (!node.data.trim()) {
          group.text += " ";
          continue;
        }
        const preserved = style(el).whiteSpace.startsWith("pre");
        const range = document.createRange();
        range.selectNodeContents(node);
        if (!preserved) {
          range.setStart(node, node.data.search(/\S/));
          range.setEnd(node, node.data.trimEnd().length);
        }
        const rects = [...range.getClientRects()]
          .map((r) => clipped(r, el))
          .filter((r) => r.w > 1 && r.h > 1);
        if (!rects.length || !visible(el) || hidden(el)) continue;
        group.text += painted(node.data, el);
        group.rects.push(...rects);
        group.runs.push({ el, length: node.data.trim().length });
      } else if (node.nodeType === Node.ELEMENT_NODE && !skipped.has(node.tagName.toUpperCase())) {
        if (node.tagName === "BR") {
          group.text += " ";
        } else if (inline(node)) {
          walk(node, group);
        } else {
          const own = { owner: node, text: "", rects: [], runs: [] };
          const display = style(node).display;
          if (!display.startsWith("inline")) flush(group);
          walk(node, own);
          flush(own);
        }
      }
    }
  };
  const top = { owner: document.body, text: "", rects: [], runs: [] };
  walk(document.body, top);
  flush(top);

  const boxes = [];
  const pictures = [];
  const controls = [];
  const inputs = new Set(["INPUT", "TEXTAREA", "SELECT"]);
  let elements = 0;
  let semantic = 0;
  let depth = 0;
  let absolute = 0;
  let decorative = 0;
  const all = [...document.body.querySelectorAll("*")];
  for (const el of all) {
    const insideSvg = el.closest("svg") && el.tagName !== "svg";
    if (insideSvg) continue;
    elements += 1;
    if (el.tagName !== "DIV" && el.tagName !== "SPAN") semantic += 1;
    depth = Math.max(depth, chain(el).length - 2);
    if (!visible(el)) continue;
    const s = style(el);
    const box = boxOf(el);
    if (box.w < 1 || box.h < 1) continue;
    const unseen = hidden(el);
    if ((s.position === "absolute" || s.position === "fixed") && !unseen) {
      absolute += 1;
      if (el.closest("[aria-hidden=true]") && !el.textContent.trim()) decorative += 1;
    }
    if (unseen) continue;
    const tag = el.tagName;
    const role = el.getAttribute("role") || "";
    const isInput = inputs.has(tag) && el.type !== "submit" && el.type !== "button";
    const isButton =
      tag === "BUTTON" || role === "button" || (tag === "INPUT" && !isInput) || tag === "SUMMARY";
    if (isInput) {
      controls.push({ ...rounded(box), kind: "input", label: el.placeholder || el.value || "" });
      const shown = tag === "SELECT" ? el.selectedOptions[0]?.text : el.value || el.placeholder;
      const typed = !["checkbox", "radio", "range", "file", "color"].includes(el.type);
      if (shown && typed) {
        texts.push({
          text: painted(shown.replace(/\s+/g, " ").trim(), el),
          lines: [rounded(box)],
          ...rounded(box),
          color: hex(color(s.color)),
          alpha: opacity(el),
          fontSize: parseFloat(s.fontSize),
          heading: 0,
          placeholder: true,
          tag: tag.toLowerCase(),
          align: s.textAlign,
        });
      }
    } else if (isButton || (tag === "A" && el.hasAttribute("href"))) {
      controls.push({
        ...rounded(box),
        kind: isButton ? "button" : "link",
        label: (el.innerText || el.getAttribute("aria-label") || "").replace(/\s+/g, " ").trim(),
      });
    }
    const isPicture = ["IMG", "svg", "SVG", "CANVAS", "VIDEO", "PICTURE"].includes(tag);
    const url = s.backgroundImage.includes("url(");
    const named = role === "img";
    if ((isPicture && tag !== "PICTURE") || url || named) {
      pictures.push({ ...rounded(box), content: !isPicture && el.childElementCount > 0 });
    }
    const fill = color(s.backgroundColor);
    const sides = ["Top", "Right", "Bottom", "Left"].filter((side) => {
      const width = parseFloat(s[`border${side}Width`]);
      return width > 0 && s[`border${side}Style`] !== "none" && color(s[`border${side}Color`]).a > 0;
    });
    const gradient = s.backgroundImage.includes("gradient(");
    const shadow = s.boxShadow !== "none";
    if (!isPicture && !url && !named && (fill.a > 0.02 || sides.length || gradient || shadow)) {
      boxes.push({
        ...rounded(box),
        fill: fill.a > 0.02 ? hex(fill) : null,
        fillAlpha: fill.a,
        border: sides.length ? hex(color(s[`border${sides[0]}Color`])) : null,
        sides: sides.length,
        gradient,
        shadow,
        control: isInput || isButton || tag === "A",
        inline: s.display === "inline",
      });
    }
  }
  const root = document.documentElement;
  const background = [document.body, root].map((el) => color(style(el).backgroundColor));
  const base = background.find((c) => c.a > 0.02);
  return {
    width: root.clientWidth,
    height: Math.max(root.scrollHeight, document.body.scrollHeight, innerHeight),
    scrollWidth: Math.max(root.scrollWidth, document.body.scrollWidth),
    background: base ? hex(base) : "#ffffff",
    texts,
    boxes,
    pictures,
    controls,
    stats: {
      elements,
      semantic,
      depth,
      absolute,
      decorative,
      inlineStyles: all.filter((el) => el.hasAttribute("style") && !el.closest("svg")).length,
    },
  };
}
