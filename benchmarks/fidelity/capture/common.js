// What the other parts share: colours, boxes, visibility. Part of one function, see measure.py.
const LEAST_OPACITY = 0.02;
const round = (value) => Math.round(value * 10) / 10;
const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
const colors = new Map();
const color = (value) => {
  let found = colors.get(value);
  if (!found) {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = value;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    const exact = value.match(/^rgba?\((\d+), (\d+), (\d+)(?:, ([\d.]+))?\)$/);
    found = exact
      ? { r: +exact[1], g: +exact[2], b: +exact[3], a: exact[4] === undefined ? 1 : +exact[4] }
      : { r, g, b, a: a / 255 };
    colors.set(value, found);
  }
  return found;
};
const hex = (c) =>
  "#" + [c.r, c.g, c.b].map((v) => Math.round(v).toString(16).padStart(2, "0")).join("");
const blend = (over, under) => {
  const mix = (name) => over[name] * over.a + under[name] * (1 - over.a);
  return { r: mix("r"), g: mix("g"), b: mix("b"), a: 1 };
};
const styles = new Map();
const style = (el) => {
  let found = styles.get(el);
  if (!found) styles.set(el, (found = getComputedStyle(el)));
  return found;
};
const opacities = new Map();
const opacity = (el) => {
  if (!(el instanceof Element)) return 1;
  let found = opacities.get(el);
  if (found === undefined) {
    found = Number(style(el).opacity) * opacity(el.parentElement);
    opacities.set(el, found);
  }
  return found;
};
const tagOf = (el) => el.tagName.toLowerCase();
const classOf = (el) => el.getAttribute("class")?.trim().replace(/\s+/g, " ") || null;
const namesOf = (el) => [el.id, ...el.classList].filter(Boolean).map((name) => name.toLowerCase());
const pathOf = (el) => {
  const parts = [];
  for (let at = el; at instanceof Element && at !== document.documentElement; at = at.parentElement) {
    const names = [...at.classList].slice(0, 2).map((name) => "." + name).join("");
    parts.unshift(tagOf(at) + (at.id ? "#" + at.id : "") + names);
  }
  return parts.slice(-5).join(">");
};
// The part of a rectangle that neither its ancestors nor the page's edges cut off.
const clipped = (rect, el) => {
  let { left, top, right, bottom } = rect;
  let outermost = style(el).position;
  for (let at = el.parentElement; at && at !== document.documentElement; at = at.parentElement) {
    if (outermost === "fixed") break;
    const s = style(at);
    if (outermost === "absolute" && s.position === "static") continue;
    outermost = s.position;
    if (at === document.body || s.display === "inline") continue;
    if (s.overflowX === "visible" && s.overflowY === "visible") continue;
    const outer = at.getBoundingClientRect();
    left = Math.max(left, outer.left);
    right = Math.min(right, outer.right);
    top = Math.max(top, outer.top);
    bottom = Math.min(bottom, outer.bottom);
  }
  left = Math.max(0, left + scrollX);
  top = Math.max(0, top + scrollY);
  right = Math.min(PAGE.width, right + scrollX);
  bottom = Math.min(PAGE.height, bottom + scrollY);
  return { x: left, y: top, w: Math.max(0, right - left), h: Math.max(0, bottom - top) };
};
const boxOf = (el) => clipped(el.getBoundingClientRect(), el);
const rounded = (b) => ({ x: round(b.x), y: round(b.y), w: round(b.w), h: round(b.h) });
const concealed = new Map();
// Text that only assistive technology sees is clipped away or one pixel large.
const hidden = (el) => {
  if (!(el instanceof Element) || el === document.documentElement) return false;
  let found = concealed.get(el);
  if (found === undefined) {
    const s = style(el);
    const r = el.getBoundingClientRect();
    found =
      /^inset\((50|100)%/.test(s.clipPath) ||
      (s.clip !== "auto" && s.position === "absolute") ||
      (s.overflow !== "visible" && s.display !== "inline" && (r.width < 2 || r.height < 2)) ||
      hidden(el.parentElement);
    concealed.set(el, found);
  }
  return found;
};
const visible = (el) =>
  el.checkVisibility({ visibilityProperty: true }) && opacity(el) > LEAST_OPACITY && !hidden(el);
const seen = (el, least = 1) => {
  if (!visible(el)) return false;
  const box = boxOf(el);
  return box.w >= least && box.h >= least;
};
const WHITE = { r: 255, g: 255, b: 255, a: 1 };
const grounds = new Map();
// The colour behind an element's own text; pictures and gradients are looked through.
const groundOf = (el) => {
  if (!(el instanceof Element)) return WHITE;
  let found = grounds.get(el);
  if (!found) {
    const own = color(style(el).backgroundColor);
    found = own.a >= 1 ? own : blend(own, groundOf(el.parentElement));
    grounds.set(el, found);
  }
  return found;
};
const overPicture = (el) => {
  for (let at = el; at instanceof Element; at = at.parentElement) {
    const s = style(at);
    if (s.backgroundImage !== "none") return true;
    if (color(s.backgroundColor).a >= 1) return false;
  }
  return false;
};
const SIDES = ["Top", "Right", "Bottom", "Left"];
const borderSides = (s) =>
  SIDES.filter(
    (side) =>
      parseFloat(s[`border${side}Width`]) > 0 &&
      s[`border${side}Style`] !== "none" &&
      color(s[`border${side}Color`]).a > LEAST_OPACITY,
  );
const sameColor = (a, b) => Math.max(Math.abs(a.r - b.r), Math.abs(a.g - b.g), Math.abs(a.b - b.b)) < 1;
// Whether the element paints a ground of its own unlike the one it stands on.
const filled = (el) => {
  const own = color(style(el).backgroundColor);
  return own.a > LEAST_OPACITY && !sameColor(groundOf(el), groundOf(el.parentElement));
};
const gradient = (el) => style(el).backgroundImage.includes("gradient(");
const PRIVATE_USE = /^[\ue000-\uf8ff\u{f0000}-\u{10ffff}]+$/u;
const ICON_FAMILY = /material[ -](icons|symbols)|awesome|icon|glyph|symbol/i;
