// The two charts on the right: losses, and what G has found. Their words are text of the page, so they wrap, can be
// read aloud, and are nowhere cut off.

// Numbers for an axis that people can read: multiples of 1, 2 or 5 times a power of ten.
function ticks(low, high, about) {
  const raw = (high - low || 1) / Math.max(1, about), power = 10 ** Math.floor(Math.log10(raw));
  const step = power * [1, 2, 5, 10].find(m => m * power >= raw), found = [];
  for (let v = Math.ceil(low / step) * step; v <= high + step / 1e6; v += step) found.push(Math.abs(v) < step / 1e6 ? 0 : v);
  return found;
}

// A chart under a heading, with a key that can show the latest value of each line. columns: [{column, colour, dash, label}], of the rows step, loss of D, of G, modes, share of points on a mode.
function makeChart(heading, columns, share) {
  const title = element("h4", {}, heading), svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const keys = element("div", {class: "keys"}, ...columns.map(({colour, dash, label}) => Object.assign(element("span"), {innerHTML:
    `<svg width="26" height="10" aria-hidden="true"><path class="trace" d="M1 5H25" stroke="var(${colour})" stroke-dasharray="${dash}"/></svg><span>${label}<b></b></span>`})));
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", `${heading}, against the step`);
  const draw = (f, height, values = []) => {
    values.forEach((value, i) => { keys.children[i].querySelector("b").textContent = `: ${value}`; });
    const rows = f.curve.length / 5, at = (i, k) => f.curve[5 * i + k], last = Math.max(f.step, 50);
    const per = k => share && k === 3 ? f.of : 1, width = svg.clientWidth || 260;
    const seen = f.curve.filter((v, i) => Number.isFinite(v) && columns.some(({column}) => column === i % 5));
    let [low, high] = share ? [0, 1] : seen.length ? [seen.reduce((a, b) => Math.min(a, b)), seen.reduce((a, b) => Math.max(a, b))] : [0, 2];
    if (low === high) [low, high] = [low - 1, low + 1];
    const [left, right, top, bottom] = [46, share ? 50 : 14, 8, 22], w = width - left - right, h = height - top - bottom;
    const X = s => left + s / last * w, Y = v => top + h - (v - low) / (high - low) * h, parts = [];
    const text = (words, x, y, anchor) => parts.push(`<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}">${words}</text>`);
    for (const v of share ? [0, .5, 1] : ticks(low, high, Math.max(3, h / 34))) {
      const label = share ? v * f.of : +v.toPrecision(3);
      parts.push(`<path class="grid" d="M${left} ${Y(v).toFixed(1)}h${w}"/>`);
      if (!share || Number.isInteger(label)) text(minus(label), left - 6, Y(v) + 5, "end");
      if (share) text(`${100 * v} %`, left + w + 6, Y(v) + 5, "start");
    }
    const steps = ticks(0, last, w / 70);
    const end = `step ${last.toLocaleString("en")}`;
    for (const s of steps) if (X(s) < left + w - 8 * end.length - 12) text(s.toLocaleString("en"), X(s), height - 5, "middle");
    text(end, left + w, height - 5, "end");
    for (const {column, colour, dash} of columns) {
      let path = "", open = false;
      for (let i = 0; i < rows; i++) {
        const v = at(i, column) / per(column), known = Number.isFinite(v);  // whoever sat out has no loss: a gap, not a guess
        const point = known && `${X(at(i, 0)).toFixed(1)} ${Y(v).toFixed(1)}`;
        if (known) path += open ? `L${point}` : `M${point}L${point}`;  // with round ends, one lonely step is a dot
        open = known;
      }
      if (path) parts.push(`<path class="trace" d="${path}" stroke="var(${colour})" stroke-dasharray="${dash}"/>`);
    }
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    svg.style.height = `${height}px`;
    svg.innerHTML = parts.join("");
  };
  return {node: element("div", {class: "curve"}, title, keys, svg), draw, around: () => title.offsetHeight + keys.offsetHeight};
}
