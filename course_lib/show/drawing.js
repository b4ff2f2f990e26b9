// The window of the drawing pad: the pad, what the functions get, and what they say. The page asks with the ink while a
// stroke is drawn and at its end, never with more than one question on its way. No request leaves the page.

const CSS = `.drawing-pad { color: var(--jp-ui-font-color1, #222); padding: 4px; max-width: 1000px;
    font: 14px/1.4 var(--jp-ui-font-family, system-ui, sans-serif);
  .row { display: flex; flex-wrap: wrap; gap: 16px 28px; align-items: flex-start; }
  .row > div { min-width: 0; max-width: 100%; }
  .read { flex: 1 1 210px; display: flex; flex-wrap: wrap; gap: 16px 28px; }
  .buttons { display: flex; flex-wrap: wrap; gap: 8px; margin: 8px 0; }
  canvas { display: block; max-width: 100%; }
  .pad { width: 280px; aspect-ratio: 1; cursor: crosshair; touch-action: none; border: 1px solid #888; box-sizing: border-box; }
  .small { width: 140px; height: 140px; image-rendering: pixelated; border: 1px solid #888; box-sizing: border-box; }
  .reading { min-width: 120px; }
  button { font: inherit; color: inherit; height: 30px; padding: 0 10px; border-radius: 4px; cursor: pointer;
    background: var(--jp-layout-color1, #fff); border: 1px solid var(--jp-border-color1, #888); }
  button:hover { background: var(--jp-layout-color2, #eee); }
  .pad:focus, :focus-visible { outline: 3px solid #E69F00; outline-offset: 1px; }
  h4 { margin: 0 0 4px; font-size: 14px; line-height: 1.4; font-weight: 600; color: inherit; overflow-wrap: anywhere; }
  p { margin: 4px 0 0; max-width: 280px; }
  .small + p { max-width: 140px; }
  kbd { font: 12px var(--jp-code-font-family, monospace); border: 1px solid currentColor; border-radius: 3px;
    padding: 0 4px; color: inherit; background: none; box-shadow: none; }
  ul { list-style: none; margin: 0; padding: 0; display: grid; grid-template-columns: auto 110px minmax(5.2em, auto); gap: 1px 8px; }
  li { display: contents; }
  li > span:last-child { font-variant-numeric: tabular-nums; text-align: right; }
  li.best > span { font-weight: 700; }
  .bar { position: relative; align-self: center; height: 14px; background: var(--jp-layout-color2, #eee); }
  .bar i { position: absolute; top: 0; bottom: 0; background: #0072B2; }
  output { display: block; font-size: 24px; font-variant-numeric: tabular-nums; }
  .problem { border-left: 4px solid #D55E00; padding-left: 8px; overflow-wrap: anywhere; }
  .status { min-height: 2.8em; max-width: none; margin-top: 12px; padding: 4px 8px; border-left: 4px solid #00629b;
    background: var(--jp-layout-color2, #f3f3f3); }
  .status.failed { border-color: #D55E00; } }`;
const SIDE = 28, FINE = 4, WIDE = SIDE * FINE;  // cells of the pad, and the finer ones in which ink is kept
const CORE = 3, EDGE = 3.2;  // of the brush, in fine cells: all black up to here, then fading over so much more
const PAUSE = 30, PATIENCE = 2000, KEPT = 50;  // milliseconds between questions, until the kernel is called silent; strokes

function element(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

const bytesOf = raw => new Uint8Array(raw.buffer ?? raw, raw.byteOffset ?? 0, raw.byteLength);

// A picture of uint8 pixels, one number each or three; with the outline of another one where its ink begins.
function paintSmall(canvas, bytes, channels, outline) {
  const scale = 10, c = Object.assign(canvas, {width: SIDE * scale, height: SIDE * scale}).getContext("2d");
  for (let i = 0; i < SIDE * SIDE; i++) {
    const [r, g, b] = channels === 3 ? bytes.subarray(3 * i, 3 * i + 3) : [bytes[i], bytes[i], bytes[i]];
    c.fillStyle = `rgb(${r},${g},${b})`;
    c.fillRect(scale * (i % SIDE), scale * Math.floor(i / SIDE), scale, scale);
  }
  if (!outline) return;
  Object.assign(c, {strokeStyle: "#222", lineWidth: 2}).beginPath();
  const ink = (x, y) => x < SIDE && y < SIDE && outline[y * SIDE + x] > 127;
  for (let y = 0; y < SIDE; y++) for (let x = 0; x < SIDE; x++) {
    if (ink(x, y) !== ink(x + 1, y)) { c.moveTo(scale * (x + 1), scale * y); c.lineTo(scale * (x + 1), scale * (y + 1)); }
    if (ink(x, y) !== ink(x, y + 1)) { c.moveTo(scale * x, scale * (y + 1)); c.lineTo(scale * (x + 1), scale * (y + 1)); }
  }
  c.stroke();
}

// One card: bars, a number, a map or a sentence.
function card(reading, map, image) {
  const node = element("div", {class: "reading"}, element("h4", {}, reading.name));
  if (reading.bars) {
    const {low, high} = reading, at = v => 100 * (v - low) / (high - low), best = Math.max(...reading.bars.map(bar => bar[1]));
    node.append(element("ul", {}, ...reading.bars.map(([label, value, text]) => {
      const [from, to] = [at(Math.min(0, value)), at(Math.max(0, value))];
      return element("li", value === best ? {class: "best"} : {}, element("span", {}, label),
        element("span", {class: "bar", "aria-hidden": "true"}, element("i", {style: `left: ${from}%; width: ${to - from}%`})),
        element("span", {}, text));
    })));
  } else if (reading.map) {
    const canvas = element("canvas", {class: "small", role: "img", "aria-label": `${reading.name}: red speaks for, blue against`});
    paintSmall(canvas, map, 3, image);
    node.append(canvas, element("p", {}, "red: for, blue: against; line: the drawing"));
  } else if (reading.number) node.append(element("output", {}, reading.number));
  else node.append(element("p", {class: "problem"}, reading.problem));
  return node;
}

function render({model, el}) {
  const ratio = Math.max(1, window.devicePixelRatio || 1);
  const pad = element("canvas", {class: "pad", width: 280 * ratio, height: 280 * ratio, tabindex: 0, role: "application",
    "aria-label": "Pad to draw a digit on, 28 by 28 cells. Arrow keys move the pen, with shift by four cells; space puts it " +
      "down and lifts it; backspace takes the last stroke away; delete clears."});
  const seen = element("canvas", {class: "small", role: "img"}), caption = element("p"), cards = element("div", {class: "read"});
  const read = element("div", {}, element("h4", {}, "What is read"), seen, caption);
  const status = element("p", {class: "status", role: "status", "aria-live": "polite"}), help = element("p");
  help.innerHTML = "Draw with mouse, pen or finger; or <kbd>←</kbd> <kbd>→</kbd> <kbd>↑</kbd> <kbd>↓</kbd> move the pen, " +
    "<kbd>space</kbd> puts it down and lifts it.";
  const undoing = element("button", {type: "button", "data-name": "undo"}), clearing = element("button", {type: "button", "data-name": "clear"});
  [undoing.innerHTML, clearing.innerHTML] = ["Undo <kbd>⌫</kbd>", "Clear <kbd>del</kbd>"];
  const root = element("div", {class: "drawing-pad", role: "group", "aria-label": "Drawing pad", "data-lm-suppress-shortcuts": "true"},
    element("style", {}, CSS),
    element("div", {class: "row"},
      element("div", {}, element("h4", {}, "Draw a digit"), pad, element("div", {class: "buttons"}, undoing, clearing), help),
      cards),
    status);
  el.append(root);

  let ink = new Uint8ClampedArray(WIDE * WIDE), last = null, pointer = null, frame = 0;  // last: where the stroke is, in fine cells
  let pen = [14, 14], down = false, keys = false;  // of the keyboard: its cell, and whether it draws
  const before = [], tile = element("canvas", {width: WIDE, height: WIDE});
  let asked = 0, answered = 0, askedAt = 0, changed = false, late = 0;  // questions; whether there is ink nobody asked about

  const say = (text, failed = false) => {
    if (status.textContent !== text) status.textContent = text;
    status.classList.toggle("failed", failed);
  };
  const paint = () => {
    frame = 0;
    const c = pad.getContext("2d"), pixels = new ImageData(WIDE, WIDE), cell = pad.width / SIDE;
    for (let i = 0; i < ink.length; i++) { pixels.data.fill(ink[i], 4 * i, 4 * i + 3); pixels.data[4 * i + 3] = 255; }
    tile.getContext("2d").putImageData(pixels, 0, 0);
    c.drawImage(tile, 0, 0, pad.width, pad.height);
    if (!keys) return;
    for (const [colour, width] of [["#000", 4], [down ? "#E69F00" : "#fff", 2]]) {
      Object.assign(c, {strokeStyle: colour, lineWidth: width * ratio}).beginPath();
      c.arc((pen[0] + .5) * cell, (pen[1] + .5) * cell, cell, 0, 2 * Math.PI);
      c.stroke();
    }
  };
  const repaint = () => { frame ||= requestAnimationFrame(paint); };

  const send = buffers => {
    [asked, askedAt, changed] = [asked + 1, performance.now(), false];
    try { model.send({number: asked}, undefined, buffers); } catch { /* the kernel is gone: nothing answers, which is told below */ }
  };
  const ask = () => {
    if (asked > answered || !changed) return;  // the answer calls again
    const wait = PAUSE - (performance.now() - askedAt);
    if (wait > 0) late ||= setTimeout(() => { late = 0; ask(); }, wait);
    else send([ink.slice().buffer]);
  };
  const inked = () => { changed = true; repaint(); ask(); };

  // The brush from one place to another: each fine cell by its distance from the line between them.
  const brush = ([ax, ay], [bx, by]) => {
    const reach = CORE + EDGE, [dx, dy] = [bx - ax, by - ay], long = dx * dx + dy * dy || 1;
    const span = (p, q) => [Math.max(0, Math.floor(Math.min(p, q) - reach)), Math.min(WIDE - 1, Math.ceil(Math.max(p, q) + reach))];
    const [[left, right], [top, bottom]] = [span(ax, bx), span(ay, by)];
    for (let y = top; y <= bottom; y++) for (let x = left; x <= right; x++) {
      const t = Math.min(1, Math.max(0, ((x + .5 - ax) * dx + (y + .5 - ay) * dy) / long));
      const far = Math.hypot(x + .5 - ax - t * dx, y + .5 - ay - t * dy), value = 255 * (1 - (far - CORE) / EDGE);
      if (value > ink[y * WIDE + x]) ink[y * WIDE + x] = value;
    }
  };
  const begin = at => {
    before.push(ink.slice());
    if (before.length > KEPT) before.shift();
    brush(at, last = at);
    inked();
  };
  const follow = at => { brush(last, at); last = at; inked(); };
  const end = () => { if (!last) return; last = null; inked(); };
  const undo = () => {
    lift();
    if (!before.length) return say("There is no stroke to take away.");
    ink = before.pop();
    inked();
  };
  const clear = () => { lift(); before.push(ink); ink = new Uint8ClampedArray(WIDE * WIDE); inked(); };
  const lift = () => { down = false; end(); };

  const place = event => {
    const box = pad.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width * WIDE, (event.clientY - box.top) / box.height * WIDE];
  };
  pad.onpointerdown = event => {
    if (event.button || pointer !== null) return;
    event.preventDefault();
    lift();
    [pointer, keys] = [event.pointerId, false];
    pad.setPointerCapture(pointer);
    pad.focus({preventScroll: true});
    begin(place(event));
  };
  pad.onpointermove = event => {
    if (event.pointerId !== pointer) return;
    for (const part of event.getCoalescedEvents?.() ?? []) if (last) { const at = place(part); brush(last, at); last = at; }
    follow(place(event));
  };
  pad.onpointerup = pad.onpointercancel = event => { if (event.pointerId === pointer) { pointer = null; end(); } };
  pad.onblur = () => { if (down) lift(); };

  const centre = () => pen.map(v => (v + .5) * FINE), where = () => `Pen ${down ? "down" : "up"} at column ${pen[0] + 1}, row ${pen[1] + 1}.`;
  root.addEventListener("keydown", event => {
    event.stopPropagation();  // other notebooks listen further up
    if (event.ctrlKey || event.metaKey || event.altKey || pointer !== null) return;
    const turn = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]}[event.key];
    if (event.key === "Backspace") undo();
    else if (event.key === "Delete") clear();
    else if (event.target !== pad) return;
    else if (turn) {
      pen = pen.map((v, axis) => Math.min(SIDE - 1, Math.max(0, v + (event.shiftKey ? 4 : 1) * turn[axis])));
      keys = true;
      if (down) follow(centre());
      say(where());
    } else if (event.key === " ") {
      [down, keys] = [!down, true];
      if (down) begin(centre()); else end();
      say(where());
    } else if (event.key === "Escape" && down) lift();
    else return;
    event.preventDefault();
    repaint();
  });
  undoing.onclick = undo;
  clearing.onclick = clear;

  const hear = (answer, buffers) => {
    if (answer.number <= answered) return;
    answered = answer.number;
    const raw = buffers.map(bytesOf), image = raw[0], maps = raw.slice(1);
    if (maps.at(-1)?.length === WIDE * WIDE && answer.number === 1) { ink.set(maps.at(-1)); repaint(); }  // drawn in an earlier view
    paintSmall(seen, image, 1);
    caption.textContent = answer.drawn ? "centred and scaled, as MNIST's digits are" : "an example, until you draw";
    seen.setAttribute("aria-label", answer.drawn ? "Your drawing, centred and scaled" : "An example, until you draw");
    cards.replaceChildren(read, ...answer.readings.map(reading => card(reading, reading.map && maps.shift(), image)));
    root.dataset.answers = answered;
    if (!last && !changed) say(`${answer.drawn ? "" : "Nothing is drawn: this is an example. "}${answer.said}`);
    ask();
  };
  const watch = setInterval(() => {
    if (document.hidden || asked === answered || performance.now() - askedAt < PATIENCE) return;
    say("The kernel does not answer yet: your functions or another cell keep it busy, or it was stopped.", true);
  }, 500);
  model.on("msg:custom", hear);
  say("Waiting for the kernel …");
  paint();
  send();

  return () => {
    clearInterval(watch);
    clearTimeout(late);
    cancelAnimationFrame(frame);
    model.off("msg:custom", hear);
  };
}

export default {render};
