// The playground's window: controls, one canvas, a status line. It computes nothing of the game: the kernel sends a
// picture's numbers in one message, the page draws the latest and answers "drawn". No request leaves the page.

const CSS = `.gan-playground { color: var(--jp-ui-font-color1, #222); max-width: 1120px; padding: 4px;
    font: 13px/1.4 var(--jp-ui-font-family, system-ui, sans-serif);
  .row { display: flex; flex-wrap: wrap; gap: 8px 12px; align-items: end; margin-bottom: 8px; }
  label { display: flex; flex-direction: column; font-size: 12px; gap: 2px; }
  label.inline { flex-direction: row; align-items: center; align-self: center; gap: 5px; }
  select, input[type=number], button { font: inherit; height: 28px; color: inherit; padding: 0 8px; box-sizing: border-box;
    background: var(--jp-layout-color1, #fff); border: 1px solid var(--jp-border-color1, #999); border-radius: 4px; }
  input[type=number] { width: 76px; }
  button:hover { cursor: pointer; background: var(--jp-layout-color2, #eee); }
  button.run { min-width: 124px; font-weight: 600; color: #fff; background: #00629b; border-color: #00629b; }
  kbd { font: 11px var(--jp-code-font-family, monospace); color: inherit; background: none; opacity: .8;
    border: 1px solid currentColor; border-radius: 3px; padding: 0 4px; margin-left: 4px; box-shadow: none; }
  :focus-visible { outline: 3px solid #E69F00; outline-offset: 1px; }
  canvas { display: block; width: 100%; }
  .legend { display: flex; flex-wrap: wrap; gap: 2px 18px; margin: 4px 0; font-size: 12px; }
  .legend svg { vertical-align: -3px; margin-right: 5px; }
  .status { min-height: 1.4em; margin: 6px 0 0; padding: 4px 8px; border-left: 4px solid #00629b;
    background: var(--jp-layout-color2, #f3f3f3); }
  .status.failed { border-color: #D55E00; } }`;
const WORDS = {data: "data", loss: "loss", cure: "cure", lr_d: "step size of D", lr: "step size of G", seed: "seed"};
const LIGHT = {ink: "#222", soft: "#666", line: "#ddd", d: "#0072B2", g: "#D55E00", found: "#007a59", share: "#8f4f78"};
const DARK = {ink: "#eee", soft: "#bbb", line: "#444", d: "#56B4E9", g: "#F28E4B", found: "#3CC79B", share: "#E3A3C8"};
const [FAKE, BETWEEN, REAL] = [[240, 178, 122], [247, 247, 244], [91, 155, 208]];  // the field, on light and dark pages

function element(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

const isDark = () => document.body.matches("[data-jp-theme-light=false], .vscode-dark, [data-theme=dark]");

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

function drawField(c, f, look, x0, y0, size, tile, ratio) {
  const marks = tile.marks?.ratio === ratio ? tile.marks : tile.marks = makeMarks(ratio);
  const scale = size / (2 * f.extent), X = x => x0 + (x + f.extent) * scale, Y = y => y0 + (f.extent - y) * scale;
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
  const stamp = (points, mark) => {
    for (let i = 0; i < f.n; i++) c.drawImage(mark, X(points[2 * i]) - 8, Y(points[2 * i + 1]) - 8, 16, 16);
  };
  stamp(f.fake, marks.fake);
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
  stamp(f.real, marks.real);
  c.restore();
  c.strokeStyle = c.fillStyle = look.soft; c.lineWidth = 1; c.strokeRect(x0 + .5, y0 + .5, size - 1, size - 1);
  const step = f.extent > 3 ? 2 : 1;
  for (let v = -Math.floor(f.extent / step) * step; v <= f.extent; v += step) {
    write(c, v, X(v), y0 + size + 14, "center");
    write(c, v, x0 - 6, Y(v) + 4, "right");
  }
}

function write(c, text, x, y, align = "left", weight = "") {
  Object.assign(c, {font: `${weight} 12px system-ui, sans-serif`, textAlign: align});
  c.fillText(`${text}`.replace(/^-/, "−"), x, y);
}

// Numbers for an axis that people can read: multiples of 1, 2 or 5 times a power of ten.
function ticks(low, high, about = 4) {
  const raw = (high - low || 1) / about, power = 10 ** Math.floor(Math.log10(raw));
  const step = power * [1, 2, 5, 10].find(m => m * power >= raw), found = [];
  for (let v = Math.ceil(low / step) * step; v <= high + step / 1e6; v += step) found.push(Math.abs(v) < step / 1e6 ? 0 : v);
  return found;
}

function drawCurves(c, f, look, title, columns, x0, y0, width, height, range) {
  const rows = f.curve.length / 5, at = (i, k) => f.curve[5 * i + k], last = Math.max(f.step, 50);
  const seen = f.curve.filter((v, i) => Number.isFinite(v) && columns.some(({column}) => column === i % 5));
  let [low, high] = range ?? (seen.length ? [Math.min(...seen), Math.max(...seen)] : [0, 2]);
  if (low === high) [low, high] = [low - 1, low + 1];
  const X = s => x0 + s / last * width, Y = v => y0 + height - (v - low) / (high - low) * height;
  c.fillStyle = look.ink; write(c, title, x0, y0 - 26, "left", "600");
  c.lineWidth = 1; c.strokeStyle = look.line; c.fillStyle = look.soft;
  for (const v of range ? [0, .5, 1] : ticks(low, high)) {
    c.beginPath(); c.moveTo(x0, Y(v)); c.lineTo(x0 + width, Y(v)); c.stroke();
    const label = range ? v * f.of : +v.toPrecision(3);
    if (!range || Number.isInteger(label)) write(c, label, x0 - 6, Y(v) + 4, "right");
    if (range) write(c, `${100 * v} %`, x0 + width + 6, Y(v) + 4);
  }
  for (const s of ticks(0, last)) write(c, s.toLocaleString("en"), X(s), y0 + height + 16, "center");
  if (last - ticks(0, last).at(-1) > last / 9) write(c, "step", x0 + width, y0 + height + 16, "right");
  let key = x0;
  for (const {column, colour, dash, label, per = 1} of columns) {
    c.strokeStyle = colour; c.lineWidth = 2; c.setLineDash(dash);
    c.beginPath(); c.moveTo(key, y0 - 13); c.lineTo(key + 26, y0 - 13); c.stroke();
    c.fillStyle = look.ink; write(c, label, key + 31, y0 - 9);
    key += 45 + c.measureText(label).width;
    c.beginPath();
    let open = false;
    for (let i = 0; i < rows; i++) {
      const v = at(i, column) / per, known = Number.isFinite(v);  // whoever sat out has no loss: a gap, not a guess
      if (known && !open) c.moveTo(X(at(i, 0)), Y(v));
      if (known) c.lineTo(X(at(i, 0)), Y(v));  // with round ends, one lonely step is a dot
      open = known;
    }
    c.stroke(); c.setLineDash([]);
  }
}

function draw(canvas, f, tile) {
  const look = isDark() ? DARK : LIGHT, width = canvas.clientWidth || 900, narrow = width < 640;
  const size = Math.round(narrow ? Math.min(width - 40, 440) : Math.min(.5 * width - 40, 460));
  const height = narrow ? size + 400 : size + 52, ratio = window.devicePixelRatio || 1;
  const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== wide || canvas.height !== high)
    Object.assign(canvas, {width: wide, height: high}).style.height = `${height}px`;
  const c = canvas.getContext("2d");
  c.setTransform(ratio, 0, 0, ratio, 0, 0);
  c.clearRect(0, 0, width, height);
  c.fillStyle = look.ink;
  write(c, `Step ${f.step.toLocaleString("en")}: the points, and what D says where`, 30, 16, "left", "600");
  if (f.outside) write(c, `${f.outside} triangles outside`, 30 + size, 16, "right");
  drawField(c, f, look, 30, 26, size, tile, ratio);
  const [x, top, w] = narrow ? [40, size + 100, width - 90] : [size + 84, 52, width - size - 84 - 48];
  const tall = narrow ? 100 : (size - 118) / 2;
  drawCurves(c, f, look, "Loss of each player", [
    {column: 1, colour: look.d, dash: [], label: "D, discriminator"},
    {column: 2, colour: look.g, dash: [7, 4], label: "G, generator"}], x, top, w, tall);
  drawCurves(c, f, look, `What G has found: ${f.found}`, [
    {column: 3, colour: look.found, dash: [], label: `modes, of ${f.of}`, per: f.of},
    {column: 4, colour: look.share, dash: [2, 3], label: "points on a mode (within 3σ of its middle)"}], x, top + tall + 92, w, tall, [0, 1]);
}

function legend() {
  const item = (shape, text, width = 22) => Object.assign(element("span"),
    {innerHTML: `<svg width="${width}" height="14" aria-hidden="true">${shape}</svg>${text}`});
  const block = (x, colour) => `<rect x="${x}" y="1" width="20" height="12" fill="rgb(${colour})"/>`;
  const border = '<path d="M31 1V13" stroke="#222" stroke-width="2"/>';
  return element("div", {class: "legend"},
    item('<circle cx="11" cy="7" r="4" fill="#fff" stroke="#003A5D" stroke-width="1.4"/>', "real point"),
    item('<path d="M11 1L17 12H5Z" fill="#D55E00" stroke="#222"/>', "generated point"),
    item('<path d="M1 7H16M21 7L14 3V11Z" stroke="currentColor" fill="currentColor"/>',
      "where G's loss pushes it, −∂L<sub>G</sub>/∂x (longer: stronger)"),
    item(block(1, FAKE) + block(21, BETWEEN) + block(41, REAL) + border,
      "D says: generated · <span>border</span> · real", 62));
}

function render({model, el}) {
  const menus = model.get("menus"), controls = {}, tile = element("canvas");
  const canvas = element("canvas", {tabindex: 0, role: "img", "aria-keyshortcuts": "Space D G R"});
  const status = element("p", {class: "status", role: "status", "aria-live": "polite"});
  const key = legend();
  let frame = null, told = 0, pending = 0, asked = 0, heard = 0;  // the latest picture; when the page asked and when it heard

  const ask = message => { model.send(message); asked ||= performance.now(); };
  const choose = (name, value) => ask({do: "choose", value: {[name]: value}});
  const menu = (name, options) => {
    controls[name] = element("select", {"data-name": name}, ...options.map(o => element("option", {value: o}, `${o}`)));
    controls[name].onchange = event => choose(name, options[event.target.selectedIndex]);
    return element("label", {}, WORDS[name], controls[name]);
  };
  const button = (name, label, key, title, act) => {
    controls[name] = element("button", {type: "button", "data-name": name, title, "aria-keyshortcuts": key});
    return Object.assign(controls[name], {innerHTML: label, onclick: act});
  };
  const step = who => () => asked || ask({do: who});  // a held key asks again only when the last step is done
  const acts = {" ": () => ask({do: frame?.running ? "pause" : "run"}), d: step("d"), g: step("g"),
    r: () => ask({do: "reset"})};
  controls.seed = element("input", {type: "number", min: 0, max: 2 ** 32 - 1, step: 1, "data-name": "seed"});
  controls.seed.onchange = event => choose("seed", Math.trunc(Number(event.target.value)));
  controls.slow = element("input", {type: "checkbox", "data-name": "slow"});
  controls.slow.onchange = event => ask({do: "slow", value: event.target.checked});

  const root = element("div", {class: "gan-playground", role: "group", "aria-label": "GAN playground",
    "data-lm-suppress-shortcuts": "true"},  // or JupyterLab would take two presses of D for "delete the cell"
    element("style", {}, CSS),
    element("div", {class: "row"}, menu("data", menus.data), menu("loss", menus.loss), menu("cure", menus.cure),
      menu("lr_d", menus.rates), menu("lr", menus.rates), element("label", {}, WORDS.seed, controls.seed)),
    element("div", {class: "row"},
      button("run", "", "Space", "Run or pause (space)", acts[" "]),
      button("d", "Step D <kbd>D</kbd>", "D", "One step of the discriminator alone (key d)", acts.d),
      button("g", "Step G <kbd>G</kbd>", "G", "One step of the generator alone (key g)", acts.g),
      button("reset", "Reset <kbd>R</kbd>", "R", "The same game from step 0 (key r)", acts.r),
      element("label", {class: "inline"}, controls.slow, "slow motion")),
    canvas, key, status);
  controls.run.className = "run";
  root.addEventListener("keydown", event => {
    event.stopPropagation();  // other notebooks listen further up
    const act = acts[event.key.toLowerCase()], on = event.target;
    if (!act || event.ctrlKey || event.metaKey || event.altKey || on.matches("select, input")) return;
    if (event.key === " " && (on.matches("button") || event.repeat)) return;  // there, space presses the button
    event.preventDefault();
    act();
  });
  el.append(root);

  const say = (text, failed = false) => {
    if (status.textContent !== text) status.textContent = text;  // or a screen reader would repeat it
    status.classList.toggle("failed", failed);
  };
  const paint = () => {
    pending = 0;
    if (!frame) return;
    draw(canvas, frame, tile);
    root.dataset.frames = Number(root.dataset.frames ?? 0) + 1;
    if (frame.running && frame.frame - told < 3) return;  // each word costs Jupyter as much as a picture
    if (frame.frame !== told) model.send({do: "drawn", frame: told = frame.frame});
  };
  const schedule = () => { pending ||= requestAnimationFrame(paint); };
  const hear = (header, buffers) => {
    [asked, heard] = [0, performance.now()];
    frame = unpack(header, buffers[0]);
    for (const [name, value] of Object.entries(frame.chosen))
      if (name !== "seed" || document.activeElement !== controls.seed) controls[name].value = value;
    controls.slow.checked = frame.slow;
    const label = `${frame.running ? "❚❚ Pause" : "▶ Run"} <kbd>space</kbd>`;
    if (controls.run.innerHTML !== label) controls.run.innerHTML = label;
    key.querySelector("span span").textContent = frame.probability ? "border, D = ½" : "border, halfway";
    root.dataset.step = frame.step;  // with the words about it, not with the picture, which a busy page draws later
    say(frame.status, frame.failed);
    canvas.setAttribute("aria-label", `Real and generated points, and curves. Step ${frame.step}: ${frame.found}.`);
    schedule();
  };
  const watch = setInterval(() => {
    const now = performance.now(), silent = (asked && now - asked > 2000) || (frame?.running && now - heard > 4000);
    if (silent && !document.hidden) say("The kernel does not answer: another cell keeps it busy, or it was stopped.", true);
  }, 500);
  const resized = new ResizeObserver(schedule), themed = new MutationObserver(schedule);
  resized.observe(el);
  themed.observe(document.body, {attributes: true});
  model.on("msg:custom", hear);
  say("Waiting for the kernel's first picture …");
  ask({do: "hello"});

  return () => {
    clearInterval(watch);
    cancelAnimationFrame(pending);
    for (const observer of [resized, themed]) observer.disconnect();
    model.off("msg:custom", hear);
    model.send({do: "pause"});  // nobody watches any more
  };
}

export default {render};
