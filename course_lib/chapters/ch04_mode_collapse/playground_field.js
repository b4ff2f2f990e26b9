// The playground's page is one module, joined from the files that PROGRAM in playground.py lists. This one draws the
// picture on the left: D's field, its border, both kinds of points, and the pushes on the generated ones.

const [FAKE, BETWEEN, REAL] = [[240, 178, 122], [247, 247, 244], [91, 155, 208]];  // the field, on light and dark pages

function element(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

const isDark = () => document.body.matches("[data-jp-theme-light=false], .vscode-dark, [data-theme=dark]");
const minus = v => `${v}`.replace(/^-/, "−");

function unpack(header, buffer) {
  const bytes = buffer.buffer.slice(buffer.byteOffset, buffer.byteOffset + buffer.byteLength);
  let at = 0;
  const floats = n => { const part = new Float32Array(bytes, at, n); at += 4 * n; return part; };
  const [real, fake] = [floats(2 * header.n), floats(2 * header.n)];
  const [push, curve] = [floats(2 * header.pushed), floats(5 * header.rows)];
  return {...header, real, fake, push, curve, field: new Uint16Array(bytes, at)};
}

// The line where the field crosses ½: marching squares, saddles cut one way.
function border(field, side, x0, y0, size) {
  const path = new Path2D(), level = 32767.5, cell = size / side;
  for (let y = 0; y + 1 < side; y++) for (let x = 0; x + 1 < side; x++) {
    const corners = [[x, y], [x + 1, y], [x + 1, y + 1], [x, y + 1]], cut = [];
    for (let k = 0; k < 4; k++) {
      const [p, q] = [corners[k], corners[(k + 1) % 4]], [a, b] = [p, q].map(([i, j]) => field[j * side + i]);
      if ((a < level) === (b < level)) continue;
      const t = (level - a) / (b - a), [u, v] = [0, 1].map(axis => p[axis] + t * (q[axis] - p[axis]) + .5);
      cut.push([x0 + u * cell, y0 + size - v * cell]);
    }
    for (let k = 0; k < cut.length; k++) path[k % 2 ? "lineTo" : "moveTo"](...cut[k]);
  }
  return path;
}

// Both kinds of points, drawn once: stamping pictures is several times faster than drawing shapes.
function makeMarks(ratio) {
  const mark = (path, fillStyle, strokeStyle, lineWidth) => {
    const canvas = element("canvas", {width: 16 * ratio, height: 16 * ratio}), c = canvas.getContext("2d");
    Object.assign(c, {fillStyle, strokeStyle, lineWidth}).scale(ratio, ratio);
    c.fill(new Path2D(path)); c.stroke(new Path2D(path));
    return canvas;
  };
  return {ratio, fake: mark("M8 2.6L12.6 11.2H3.4Z", "#D55E00", "#222", 1),
    real: mark("M8 5.2A2.8 2.8 0 1 1 7.99 5.2Z", "#fff", "#003A5D", 1.4)};
}

// The square that shows the plane from −extent to extent: where it lies on the canvas, and both ways between the two.
function planeOn(width, extent) {
  const [x0, y0, size] = [26, 4, Math.max(120, Math.min(width - 32, 480))], scale = size / (2 * extent);
  return {x0, y0, size, extent, scale, X: x => x0 + (x + extent) * scale, Y: y => y0 + (extent - y) * scale,
    back: (px, py) => [(px - x0) / scale - extent, extent - (py - y0) / scale]};
}

// The canvas at its place's width and the screen's resolution; returns what to draw with.
function prepared(canvas, extent) {
  const plane = planeOn(canvas.clientWidth || 400, extent), ratio = window.devicePixelRatio || 1;
  const [width, height] = [canvas.clientWidth || 400, plane.size + 26];
  const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== wide || canvas.height !== high)
    Object.assign(canvas, {width: wide, height: high}).style.height = `${height}px`;
  const c = canvas.getContext("2d");
  c.setTransform(ratio, 0, 0, ratio, 0, 0);
  c.clearRect(0, 0, width, height);
  return {c, plane, ratio};
}

function drawFrame(c, {x0, y0, size, extent, X, Y}, soft) {
  Object.assign(c, {strokeStyle: soft, fillStyle: soft, lineWidth: 1, font: "13.5px system-ui, sans-serif"});
  c.strokeRect(x0 + .5, y0 + .5, size - 1, size - 1);
  const step = extent > 3 ? 2 : 1;
  for (let v = -Math.floor(extent / step) * step; v <= extent; v += step) {
    c.textAlign = "center"; c.fillText(minus(v), X(v), y0 + size + 16);
    c.textAlign = "right"; c.fillText(minus(v), x0 - 5, Y(v) + 4);
  }
}

function stamp(c, {X, Y}, points, mark) {
  for (let i = 0; i + 1 < points.length; i += 2) c.drawImage(mark, X(points[i]) - 8, Y(points[i + 1]) - 8, 16, 16);
}

function drawPushes(c, f, {X, Y}) {
  c.strokeStyle = c.fillStyle = "#111"; c.lineWidth = 1.5;
  for (let i = 0; i < f.pushed; i++) {
    const [u, v] = [f.push[2 * i], -f.push[2 * i + 1]], long = Math.hypot(u, v) * f.extent;
    const length = 44 * long / (.5 + long);  // pixels; a strong push must not cross the picture
    if (length < 2) continue;
    const [x, y, a] = [X(f.fake[2 * i]), Y(f.fake[2 * i + 1]), Math.atan2(v, u)];
    const [tx, ty] = [x + length * Math.cos(a), y + length * Math.sin(a)];
    c.beginPath(); c.moveTo(x, y); c.lineTo(tx, ty); c.stroke();
    c.beginPath(); c.moveTo(tx + 3 * Math.cos(a), ty + 3 * Math.sin(a));
    for (const turn of [2.5, -2.5]) c.lineTo(tx + 5 * Math.cos(a + turn), ty + 5 * Math.sin(a + turn));
    c.fill();
  }
}

function drawField(canvas, f, tile, soft) {
  const {c, plane, ratio} = prepared(canvas, f.extent), {x0, y0, size} = plane;
  const marks = tile.marks?.ratio === ratio ? tile.marks : tile.marks = makeMarks(ratio);
  const pixels = new ImageData(f.side, f.side);
  for (let i = 0; i < f.field.length; i++) {
    const row = f.side - 1 - Math.floor(i / f.side), to = 4 * (row * f.side + i % f.side);  // bottom row first
    const t = f.field[i] / 32767.5 - 1, end = t < 0 ? FAKE : REAL, sure = Math.abs(t) ** .6;  // doubts are to be seen too
    for (let k = 0; k < 3; k++) pixels.data[to + k] = BETWEEN[k] + sure * (end[k] - BETWEEN[k]);
    pixels.data[to + 3] = 255;
  }
  tile.width = tile.height = f.side;
  tile.getContext("2d").putImageData(pixels, 0, 0);
  c.save();
  c.beginPath(); c.rect(x0, y0, size, size); c.clip();
  c.drawImage(tile, x0, y0, size, size);
  const path = border(f.field, f.side, x0, y0, size);
  c.lineCap = "round";
  for (const [colour, width] of [["#fff", 5], ["#222", 2]])
    Object.assign(c, {strokeStyle: colour, lineWidth: width}).stroke(path);
  stamp(c, plane, f.fake, marks.fake);
  drawPushes(c, f, plane);
  stamp(c, plane, f.real, marks.real);
  c.restore();
  drawFrame(c, plane, soft);
}

function legend() {
  const item = (shape, text, width = 22) => Object.assign(element("span"),
    {innerHTML: `<svg width="${width}" height="14" aria-hidden="true">${shape}</svg><span>${text}</span>`});
  const block = (x, colour) => `<rect x="${x}" y="1" width="20" height="12" fill="rgb(${colour})"/>`;
  const edge = '<rect x="1" y="1" width="60" height="12" fill="none" stroke="#888"/>';
  const line = '<path d="M31 1V13" stroke="#222" stroke-width="2"/>';
  return element("div", {class: "legend"},
    item('<circle cx="11" cy="7" r="4" fill="#fff" stroke="#003A5D" stroke-width="1.4"/>', "real point"),
    item('<path d="M11 1L17 12H5Z" fill="#D55E00" stroke="#222"/>', 'generated point<span class="outside"></span>'),
    item('<path d="M1 7H16M21 7L14 3V11Z" stroke="currentColor" fill="currentColor"/>',
      "where G's loss pushes it, −∂L<sub>G</sub>/∂x (longer: stronger)"),
    item(block(1, FAKE) + block(21, BETWEEN) + block(41, REAL) + line + edge,
      'D says: generated · <span class="border">border</span> · real', 62));
}
