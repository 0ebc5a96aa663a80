// What is painted: pictures, icons, controls, and surfaces such as cards and bars.
const FIELD_KINDS = new Set(["text-input", "textarea", "select", "file"]);
const BUTTON_NAME = /(^|[-_])(btn|button|cta)([-_]|$)/i;
const BUTTON_PADDING = 8;
const BUTTON_HEIGHTS = [20, 90];
const SURFACE_LEAST = { w: 80, h: 40 };
const PICTURE_LEAST = 8;
// An icon whose element is this many times as wide as its letters stands in a block of its own.
const ICON_STRETCH = 1.8;
const FULL_WIDTH_SLACK = 10;
const pseudosOf = (el) => ["::before", "::after"].map((name) => getComputedStyle(el, name));
// What a pseudo-element writes, without what `content: "…" / "…"` gives to screen readers.
const writtenBy = (s) => s.content.replace(/ \/ ".*"$/, "").replace(/^"|"$/g, "");
const generated = (s) => s.content !== "none" && s.content !== "normal" && s.display !== "none";

const pictureOf = (el, kind, more) => ({
  kind,
  ...rounded(boxOf(el)),
  full_box: rounded(fullBox(el)),
  radius: style(el).borderTopLeftRadius,
  ...more,
  path: pathOf(el),
});
const fullBox = (el) => {
  const r = el.getBoundingClientRect();
  return { x: r.left + scrollX, y: r.top + scrollY, w: r.width, h: r.height };
};
const elementPicture = (el) => {
  const tag = tagOf(el);
  if (tag === "svg") {
    const drawn = el.querySelector("path,use,circle,rect,line,polyline,polygon,ellipse,image,text");
    return drawn ? pictureOf(el, "svg", { label: el.getAttribute("aria-label") }) : null;
  }
  if (tag === "img") {
    if (!el.complete || !el.naturalWidth) return null;
    const natural = [el.naturalWidth, el.naturalHeight];
    const source = { natural, fit: style(el).objectFit, src: el.getAttribute("src") };
    return pictureOf(el, "img", { alt: el.getAttribute("alt"), ...source });
  }
  if (tag === "canvas") return pictureOf(el, "canvas", { natural: [el.width, el.height] });
  if (tag === "video" || tag === "iframe") return pictureOf(el, "img", { alt: null, src: tag });
  return null;
};
const grounded = (el, s, kind) => {
  const image = s.backgroundImage;
  if (image === "none" || s.webkitBackgroundClip === "text") return [];
  const named = image.includes("url(") ? "image" : "gradient";
  const isPage = el === document.body || el === document.documentElement;
  const css = image.replace(/url\("data:[^"]*"\)/g, "url(data:)").slice(0, 300);
  if (isPage) return [{ kind: `page-${named === "image" ? "background" : named}`, x: 0, y: 0, w: PAGE.width, h: PAGE.height, css }];
  const full = kind + (named === "image" ? "background-image" : "gradient");
  return [pictureOf(el, full, { css, color: hex(groundOf(el)) })];
};
const ofPseudos = (el) =>
  pseudosOf(el).flatMap((s) => {
    const mask = s.maskImage || s.webkitMaskImage || "none";
    const masked = mask !== "none" && mask.includes("url(");
    if (!generated(s) || (!s.backgroundImage.includes("url(") && !masked)) return [];
    if (!Number(s.opacity) || s.visibility === "hidden") return [];
    const own = { w: parseFloat(s.width), h: parseFloat(s.height) };
    const host = boxOf(el);
    const within = pseudoBox(el, s, own) || host;
    const css = masked ? "mask" : s.backgroundImage.replace(/url\("data:[^"]*"\)/g, "url(data:)").slice(0, 300);
    const kind = masked ? "svg" : "pseudo-background-image";
    const box = clipped({ left: within.x - scrollX, top: within.y - scrollY, right: within.x + within.w - scrollX, bottom: within.y + within.h - scrollY }, el);
    return [{ kind, ...rounded(box), css, host_only: within === host, path: pathOf(el) }];
  });
// Where a pseudo-element lies is known when it is positioned in its own element, or alone in it.
const pseudoBox = (el, s, own) => {
  if (!(own.w > 0 && own.h > 0)) return null;
  const outer = fullBox(el);
  if (s.position === "absolute" && style(el).position !== "static") {
    const left = parseFloat(s.left) + parseFloat(style(el).borderLeftWidth);
    const top = parseFloat(s.top) + parseFloat(style(el).borderTopWidth);
    return { x: outer.x + left, y: outer.y + top, ...own };
  }
  if (el.childNodes.length || s.position === "absolute") return null;
  return { x: outer.x + (outer.w - own.w) / 2, y: outer.y + (outer.h - own.h) / 2, ...own };
};
const measureImages = () => {
  const images = [];
  for (const el of [document.documentElement, document.body]) {
    images.push(...grounded(el, style(el), ""));
  }
  for (const el of document.body.querySelectorAll("*")) {
    if (el.ownerSVGElement || !seen(el, 4)) continue;
    const own = elementPicture(el);
    if (own) images.push(own);
    if (tagOf(el) === "svg") continue;
    // The arrow of a select is a part of the field, no picture of its size.
    if (!FIELD_KINDS.has(inputKind(el))) images.push(...grounded(el, style(el), ""));
    images.push(...ofPseudos(el));
  }
  return images.filter((item) => item.w >= PICTURE_LEAST && item.h >= PICTURE_LEAST);
};
const measureIcons = () => {
  const icons = [];
  for (const el of document.body.querySelectorAll("*")) {
    if (el.ownerSVGElement || !seen(el, 4)) continue;
    const own = [...el.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim() && isGlyphs(node));
    const drawn = pseudosOf(el).find((s) => {
      const text = writtenBy(s);
      return generated(s) && text && (PRIVATE_USE.test(text) || (ICON_FAMILY.test(s.fontFamily.split(",")[0]) && text.length <= 2));
    });
    if (!own && !drawn) continue;
    const hasText = !own && el.textContent.trim();
    if (hasText) continue;
    const s = style(el);
    const padded = parseFloat(s.paddingLeft) + parseFloat(s.paddingTop) > 4;
    const item = { kind: "icon-font", ...rounded(boxOf(el)), name: classOf(el) || el.textContent.trim() };
    if (padded || filled(el)) item.host_only = true;
    else if (item.w > ICON_STRETCH * parseFloat(s.fontSize)) item.stretched = true;
    icons.push({ ...item, color: hex(color((drawn || s).color)) });
  }
  return icons;
};

const inputKind = (el) => {
  const tag = tagOf(el);
  if (tag === "textarea" || tag === "select") return tag;
  if (tag !== "input" || el.type === "hidden") return null;
  if (["submit", "button", "reset", "image"].includes(el.type)) return "button";
  if (el.type === "file" || el.type === "range" || el.type === "radio") return el.type;
  if (el.type !== "checkbox") return "text-input";
  const isSwitch = el.getAttribute("role") === "switch" || /switch|toggle/i.test(el.className + (el.parentElement?.className || ""));
  return isSwitch ? "switch" : "checkbox";
};
const drawsSides = (el) => borderSides(style(el)).length >= 3;
const looksPressed = (el) => {
  const s = style(el);
  const box = boxOf(el);
  const padded = Math.min(parseFloat(s.paddingLeft), parseFloat(s.paddingRight)) >= BUTTON_PADDING;
  const inList = el.closest("li,nav,aside") && !BUTTON_NAME.test(classOf(el) || "");
  const plain = !el.querySelector("img,p,h1,h2,h3,h4,h5,h6,div");
  return padded && plain && !inList && box.h >= BUTTON_HEIGHTS[0] && box.h <= BUTTON_HEIGHTS[1];
};
const controlKind = (el) => {
  const role = el.getAttribute("role");
  const input = inputKind(el);
  if (input) return input;
  if (tagOf(el) === "button" || role === "button" || tagOf(el) === "summary") return "button";
  if (!(tagOf(el) === "a" && el.hasAttribute("href"))) return null;
  const drawn = filled(el) || drawsSides(el) || gradient(el);
  const named = [...el.classList].some((name) => BUTTON_NAME.test(name));
  return named || (drawn && looksPressed(el)) ? "link-button" : "link";
};
// Where a checkbox is drawn by its label while the input itself is unseen.
const proxyBox = (el) => {
  const label = el.labels?.[0] || el.parentElement;
  if (!label || !seen(label, 8)) return null;
  for (const target of [label, ...label.querySelectorAll("span,i,div")]) {
    for (const s of pseudosOf(target)) {
      const own = { w: parseFloat(s.width), h: parseFloat(s.height) };
      const marks = generated(s) && own.w >= 8 && own.h >= 8 && own.w <= 64 && own.h <= 40;
      const box = marks ? pseudoBox(target, s, own) : null;
      if (box) return rounded(box);
    }
  }
  return null;
};
const labelOf = (el) => {
  const own = el.innerText || el.getAttribute("aria-label") || el.getAttribute("title") || "";
  const field = el.labels?.[0]?.innerText || el.placeholder || "";
  const said = inputKind(el) && inputKind(el) !== "button" ? field : own || el.value || "";
  return String(said).replace(/[\ue000-\uf8ff]/g, "").replace(/\s+/g, " ").trim();
};
const measureControls = () => {
  const controls = [];
  for (const el of document.body.querySelectorAll("a[href],button,input,textarea,select,summary,[role=button]")) {
    const kind = controlKind(el);
    if (!kind) continue;
    const marks = kind === "checkbox" || kind === "radio" || kind === "switch";
    const own = seen(el, 4) && style(el).opacity !== "0" ? rounded(boxOf(el)) : null;
    const proxy = own || !marks ? null : proxyBox(el);
    if (!own && !proxy) continue;
    controls.push({
      kind,
      type: tagOf(el) === "input" ? el.type : null,
      label: labelOf(el),
      ...(own || proxy),
      proxy: proxy ? true : null,
      filled: filled(el) || gradient(el),
      bordered: drawsSides(el),
      radius: style(el).borderTopLeftRadius,
      background: filled(el) ? hex(groundOf(el)) : null,
      color: hex(color(style(el).color)),
      checked: marks ? el.checked : null,
      placeholder: el.placeholder || null,
      value: inputKind(el) && !marks ? el.value || null : null,
      disabled: el.disabled || null,
      path: pathOf(el),
    });
  }
  return controls;
};

const isControl = (el) => {
  const kind = controlKind(el);
  return kind === "button" || kind === "link-button" || inputKind(el) !== null;
};
const paintsShadow = (s) => s.boxShadow !== "none" && !/^rgba\(0, 0, 0, 0\)[^,]*$/.test(s.boxShadow) && !s.boxShadow.includes("inset");
const measureSurfaces = () => {
  const surfaces = [];
  for (const el of document.body.querySelectorAll("*")) {
    if (el.ownerSVGElement || ["svg", "img", "canvas", "video", "iframe"].includes(tagOf(el))) continue;
    const s = style(el);
    const shown = filled(el);
    const sides = borderSides(s);
    const shadow = paintsShadow(s);
    if (!shown && sides.length < 4 && !shadow) continue;
    if (!seen(el) || isControl(el) || s.display === "inline") continue;
    const box = boxOf(el);
    if (box.w < SURFACE_LEAST.w || box.h < SURFACE_LEAST.h) continue;
    if (box.w >= PAGE.width - FULL_WIDTH_SLACK) continue;
    const line = sides.length === 4 ? { width: round(parseFloat(s.borderTopWidth)), color: hex(blend(color(s.borderTopColor), groundOf(el))) } : null;
    surfaces.push({
      tag: tagOf(el),
      class: classOf(el),
      ...rounded(box),
      background: color(s.backgroundColor).a > LEAST_OPACITY ? hex(groundOf(el)) : null,
      border: line,
      shadow,
      radius: s.borderTopLeftRadius,
    });
  }
  return surfaces;
};
