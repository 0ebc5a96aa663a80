// Finds the text blocks of the document as Design2Code's program does: by giving each of
// its tags a colour of its own and looking where the colour shows. Changes the document.
() => {
  const tags = "p,h1,h2,h3,h4,h5,h6,div,span,a,b,li,table,td,th,button,footer,header";
  const unseen = new Set(["SCRIPT", "STYLE", "TEMPLATE", "NOSCRIPT", "OPTION", "TEXTAREA"]);
  const round = (value) => Math.round(value * 10) / 10;
  const channels = (value) => (value.match(/[\d.]+/g) || [0, 0, 0]).slice(0, 3).map(Number);
  const hex = (value) =>
    "#" + channels(value).map((v) => Math.round(v).toString(16).padStart(2, "0")).join("");
  const shown = (el) => {
    for (let at = el; at instanceof Element; at = at.parentElement) {
      const s = getComputedStyle(at);
      const r = at.getBoundingClientRect();
      if (s.overflow !== "visible" && s.display !== "inline" && (r.width < 2 || r.height < 2)) {
        return false;
      }
    }
    return el.checkVisibility({ visibilityProperty: true });
  };
  const nodes = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const parent = node.parentElement;
    if (!node.data.trim() || unseen.has(parent.tagName.toUpperCase())) continue;
    nodes.push({ node, parent, ink: hex(getComputedStyle(parent).color) });
  }
  // A transition, however short, would show the old colour for a while.
  for (const el of document.body.querySelectorAll("*")) {
    el.style.setProperty("transition", "none", "important");
  }
  const colors = new Map();
  [...document.body.querySelectorAll(tags)].forEach((el, index) => {
    const color = `rgb(${index >> 16}, ${(index >> 8) & 255}, ${index & 255})`;
    colors.set(el, color);
    el.style.setProperty("color", color, "important");
  });
  const blocks = new Map();
  let lost = 0;
  let found = 0;
  for (const { node, parent, ink } of nodes) {
    const owner = parent.closest(tags);
    const length = node.data.trim().length;
    const range = document.createRange();
    range.setStart(node, node.data.search(/\S/));
    range.setEnd(node, node.data.trimEnd().length);
    const rects = shown(parent)
      ? [...range.getClientRects()].filter((r) => r.width > 1 && r.height > 1)
      : [];
    if (!rects.length) continue;
    if (!owner || getComputedStyle(parent).color !== colors.get(owner)) {
      lost += length;
      if (!owner) continue;
    } else {
      found += length;
    }
    let block = blocks.get(owner);
    if (!block) blocks.set(owner, (block = { parts: [], rects: [], inks: [] }));
    // White space that is meant stands in the original, too, where it is not known.
    const meant = getComputedStyle(parent).whiteSpace.startsWith("pre");
    block.parts.push(meant ? node.data.trim().replace(/\s+/g, " ") : node.data.trim());
    if (getComputedStyle(parent).color === colors.get(owner)) {
      block.rects.push(...rects);
      block.inks.push({ ink, length });
    }
  }
  const texts = [];
  for (const { parts, rects, inks } of blocks.values()) {
    if (!rects.length) continue;
    const x = Math.min(...rects.map((r) => r.left));
    const y = Math.min(...rects.map((r) => r.top));
    texts.push({
      text: parts.join(" "),
      x: round(x + scrollX),
      y: round(y + scrollY),
      w: round(Math.max(...rects.map((r) => r.right)) - x),
      h: round(Math.max(...rects.map((r) => r.bottom)) - y),
      color: inks.sort((a, b) => b.length - a.length)[0].ink,
    });
  }
  return { texts, lost: found + lost ? lost / (found + lost) : 0 };
}
