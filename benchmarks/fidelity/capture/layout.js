// How the page is laid out: landmarks, bands from top to bottom, and containers with columns.
const LANDMARK_TAGS = new Set(["header", "nav", "main", "section", "aside", "footer", "article", "form", "search"]);
const LANDMARK_ROLES = {
  banner: "header", navigation: "nav", main: "main", region: "section", complementary: "aside",
  contentinfo: "footer", article: "article", form: "form", search: "search",
};
const INFERRED = [
  ["header", /^(header|masthead|page-header|site-header|main-header|topbar|top-bar)$/],
  ["footer", /^(footer|site-footer|page-footer|main-footer)$/],
  ["aside", /^(sidebar|side-nav|sidenav|side-bar|\w+-sidebar|left_col)$/],
  ["nav", /^(navbar|nav-bar|top-nav|navigation|main-nav)$/],
  ["section", /^(section|hero|\w+-section|section-\w+)$/],
];
const BAND_LEAST = { w: 120, h: 20 };
const SECTION_LEAST = 15;
const LOOSE_LEAST = { w: 170, h: 40 };
const CHILD_LEAST = 4;
const CONTAINER_LEAST = { w: 60, h: 12 };
const SECTION_SHARE = 0.6;
const inFlow = (el) => !["absolute", "fixed"].includes(style(el).position);
const childrenOf = (el) => [...el.children].filter((child) => !child.ownerSVGElement && seen(child, CHILD_LEAST));
const layoutOf = (el) => {
  const display = style(el).display;
  if (display.includes("flex")) return "flex";
  if (display.includes("grid")) return "grid";
  return display.startsWith("table") ? "table" : "block";
};
// Children that share a row overlap in height by more than half of the smaller one's.
const rowsOf = (boxes) => {
  const rows = [];
  for (const box of [...boxes].sort((a, b) => a.y - b.y || a.x - b.x)) {
    const row = rows.find((known) =>
      known.every((other) => {
        const shared = Math.min(other.y + other.h, box.y + box.h) - Math.max(other.y, box.y);
        const apart = other.x + other.w <= box.x + 1 || box.x + box.w <= other.x + 1;
        return apart && shared > 0.5 * Math.min(other.h, box.h);
      }),
    );
    if (row) row.push(box);
    else rows.push([box]);
  }
  return rows;
};
const middle = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
const gapOf = (rows) => {
  const gaps = rows.flatMap((row) => {
    const sorted = [...row].sort((a, b) => a.x - b.x);
    return sorted.slice(1).map((box, index) => box.x - sorted[index].x - sorted[index].w);
  });
  return gaps.length ? round(Math.max(0, middle(gaps))) : null;
};
const arrangement = (el) => {
  const s = style(el);
  const layout = layoutOf(el);
  const boxes = childrenOf(el).filter(inFlow).map(boxOf);
  const rows = rowsOf(boxes);
  const sizes = rows.map((row) => row.length);
  const isFlex = layout === "flex";
  return {
    display: s.display,
    layout,
    flex_direction: isFlex ? s.flexDirection : null,
    flex_wrap: isFlex ? s.flexWrap : null,
    justify: layout === "block" || layout === "table" ? null : s.justifyContent,
    align_items: layout === "block" || layout === "table" ? null : s.alignItems,
    grid_columns_css: layout === "grid" ? s.gridTemplateColumns : null,
    children: boxes.length,
    columns: Math.max(0, ...sizes),
    rows: rows.length,
    row_sizes: sizes,
    gap_x: gapOf(rows),
  };
};
const contentGrid = (el) => {
  for (let at = el, depth = 0; depth < 6; depth += 1) {
    const inner = childrenOf(at).filter(inFlow);
    const own = arrangement(at);
    if (own.columns >= 2 && at !== el) return { ...own, path: pathOf(at), box: rounded(boxOf(at)) };
    if (inner.length !== 1) return null;
    at = inner[0];
  }
  return null;
};
const roleOf = (el) => {
  const given = LANDMARK_ROLES[el.getAttribute("role")];
  if (given) return { role: given, inferred: null };
  if (LANDMARK_TAGS.has(tagOf(el))) return { role: tagOf(el), inferred: null };
  if (!["div", "ul", "table", "td"].includes(tagOf(el))) return null;
  const found = INFERRED.find(([, pattern]) => namesOf(el).some((name) => pattern.test(name)));
  if (!found) return null;
  const [role] = found;
  const box = boxOf(el);
  const inside = el.parentElement.closest("header,footer,nav,aside,article,section");
  const held = el.querySelector(`${role},[role=${role === "nav" ? "navigation" : role}]`);
  if (inside || held) return null;
  if (role !== "aside" && box.w < SECTION_SHARE * PAGE.width) return null;
  return { role, inferred: true };
};
const stationOf = (el) => ({
  tag: tagOf(el),
  id: el.id || null,
  class: classOf(el),
  role: roleOf(el)?.role || null,
});
const placeOf = (el) => {
  const s = style(el);
  const image = s.backgroundImage !== "none";
  return {
    ...rounded(boxOf(el)),
    full_height: round(el.getBoundingClientRect().height),
    position: s.position === "static" ? null : s.position,
    background: color(s.backgroundColor).a > LEAST_OPACITY ? hex(groundOf(el)) : null,
    background_image: image || null,
    ...arrangement(el),
    content_grid: contentGrid(el),
  };
};
const measureLandmarks = () => {
  const found = [...document.body.querySelectorAll("*")].filter(
    (el) => !el.ownerSVGElement && roleOf(el) && seen(el, CHILD_LEAST),
  );
  return found.map((el) => ({
    ...stationOf(el),
    inferred: roleOf(el).inferred,
    ...placeOf(el),
    depth: found.filter((other) => other !== el && other.contains(el)).length,
  }));
};
const large = (el, least) => {
  const box = boxOf(el);
  return box.w >= least.w && box.h >= least.h;
};
const stackOf = (root) => {
  const loose = [];
  let at = root;
  for (;;) {
    const children = childrenOf(at);
    loose.push(...children.filter((el) => !inFlow(el) && large(el, LOOSE_LEAST)));
    const flow = children.filter((el) => inFlow(el) && large(el, BAND_LEAST));
    const [only] = flow;
    const wraps = flow.length === 1 && !roleOf(only) && !filled(only) && childrenOf(only).length;
    const role = only && roleOf(only)?.role;
    if (flow.length !== 1 || !(wraps || role === "main")) return { flow, loose };
    at = only;
  }
};
const sectionsOf = (el) => {
  const role = roleOf(el)?.role;
  if (role && !["main", "aside", "article"].includes(role)) return null;
  let at = el;
  for (let depth = 0; depth < 8; depth += 1) {
    const flow = childrenOf(at).filter((child) => inFlow(child) && !isInline(child) && boxOf(child).h >= SECTION_LEAST);
    if (flow.length > 1) {
      const stacked = rowsOf(flow.map(boxOf)).length === flow.length;
      return stacked ? flow.map((part) => ({ ...stationOf(part), path: pathOf(part), ...placeOf(part) })) : null;
    }
    if (!flow.length) return null;
    at = flow[0];
  }
  return null;
};
const measureBands = () => {
  const { flow, loose } = stackOf(document.body);
  const bands = flow.map((el) => {
    const band = { ...stationOf(el), path: pathOf(el), ...placeOf(el) };
    const sections = sectionsOf(el);
    return sections ? { ...band, sections } : band;
  });
  const apart = loose.map((el) => ({ ...stationOf(el), path: pathOf(el), out_of_flow: true, ...placeOf(el) }));
  return [...bands, ...apart];
};
const measureContainers = () => {
  const containers = [];
  for (const el of document.body.querySelectorAll("*")) {
    if (el.ownerSVGElement || tagOf(el) === "svg" || isInline(el) || !seen(el)) continue;
    const layout = layoutOf(el);
    const kept = layout === "table" ? tagOf(el) === "tr" : !style(el).flexDirection.startsWith("column") || layout !== "flex";
    if (!kept || !large(el, CONTAINER_LEAST)) continue;
    const children = childrenOf(el).filter(inFlow);
    if (children.length < 2) continue;
    const texts = [...el.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    if (layout === "block" && (texts || children.some(isInline))) continue;
    const made = arrangement(el);
    if (made.columns < 2) continue;
    containers.push({
      tag: tagOf(el),
      class: classOf(el),
      ...rounded(boxOf(el)),
      layout,
      flex_direction: made.flex_direction,
      grid_columns_css: made.grid_columns_css,
      children: made.children,
      columns: made.columns,
      rows: made.rows,
      row_sizes: made.row_sizes,
      gap_x: made.gap_x,
      child_boxes: children.map((child) => rounded(boxOf(child))),
      path: pathOf(el),
    });
  }
  return containers;
};
const measureRoot = () => ({ ...stationOf(document.body), path: "body", ...placeOf(document.body) });
