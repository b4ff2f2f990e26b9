// The window of the latent plane: points on the left, the picture decoded at the chosen one on the right. The kernel
// decodes; the page asks for the latest point only, with at most a few questions on their way. No request leaves it.

const CSS = `.latent-plane { color: var(--jp-ui-font-color1, #222); padding: 4px; max-width: 900px;
    font: 13px/1.4 var(--jp-ui-font-family, system-ui, sans-serif);
  .row { display: flex; flex-wrap: wrap; gap: 12px 28px; align-items: flex-start; }
  canvas { display: block; }
  .plane { width: 460px; max-width: 100%; aspect-ratio: 1; cursor: crosshair; touch-action: none; }
  .plane:focus-visible { outline: 3px solid #E69F00; outline-offset: 1px; }
  .picture { width: 280px; height: 280px; image-rendering: pixelated; border: 1px solid #999; margin: 8px 0; }
  output { font-size: 15px; font-variant-numeric: tabular-nums; display: block; }
  h4 { margin: 6px 0 0; font-size: 13px; }
  p { margin: 6px 0 0; max-width: 290px; }
  kbd { font: 11px var(--jp-code-font-family, monospace); border: 1px solid currentColor; border-radius: 3px;
    padding: 0 4px; color: inherit; background: none; box-shadow: none; }
  .failed { border-left: 4px solid #D55E00; padding-left: 8px; } }`;
const SIZE = 460, MARGIN = 34, INNER = SIZE - 2 * MARGIN;  // of the plane's window, in its own pixels
const ON_THE_WAY = 3, PAUSE = 30, PATIENCE = 2000;  // questions; milliseconds between two, and until the kernel is called silent

function element(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

const number = v => (Math.abs(v) < .005 ? 0 : v).toFixed(2).replace("-", "−");

// Everything that does not move, drawn once.
function drawGround(model, ratio, colour) {
  const canvas = element("canvas", {width: SIZE * ratio, height: SIZE * ratio}), c = canvas.getContext("2d");
  const reach = model.get("reach"), labels = model.get("labels"), colours = model.get("colours");
  const raw = model.get("points"), bytes = raw.buffer.slice(raw.byteOffset, raw.byteOffset + raw.byteLength);
  const points = new Float32Array(bytes), scale = INNER / (2 * reach), X = v => SIZE / 2 + v * scale, Y = v => SIZE / 2 - v * scale;
  c.scale(ratio, ratio);
  Object.assign(c, {fillStyle: "#fff", strokeStyle: "#999", textAlign: "center", textBaseline: "middle"});
  c.fillRect(MARGIN, MARGIN, INNER, INNER);
  c.strokeRect(MARGIN + .5, MARGIN + .5, INNER - 1, INNER - 1);
  c.save();
  c.beginPath(); c.rect(MARGIN, MARGIN, INNER, INNER); c.clip();
  c.strokeStyle = "#888"; c.setLineDash([1.5, 3.5]);
  for (const radius of [1, 2, 3]) { c.beginPath(); c.arc(X(0), Y(0), radius * scale, 0, 2 * Math.PI); c.stroke(); }
  c.setLineDash([]);
  c.font = "600 10px system-ui, sans-serif";
  for (let i = 0; 2 * i < points.length; i++) {
    const [x, y] = [X(points[2 * i]), Y(points[2 * i + 1])];
    c.fillStyle = colours[(labels[i] ?? 0) % colours.length];
    if (labels.length) c.fillText(labels[i], x, y);
    else { c.beginPath(); c.arc(x, y, 2, 0, 2 * Math.PI); c.fill(); }
  }
  c.restore();
  c.fillStyle = colour; c.font = "12px system-ui, sans-serif";
  const step = reach > 12 ? Math.ceil(reach / 4) : reach > 5 ? 2 : 1;
  for (let v = -Math.floor(reach / step) * step; v <= reach; v += step) {
    const text = `${v}`.replace("-", "−");
    c.fillText(text, X(v), SIZE - MARGIN + 11);
    c.fillText(text, MARGIN - 13, Y(v));
  }
  c.font = "italic 13px system-ui, sans-serif";
  c.fillText("z₁", SIZE - MARGIN + 16, SIZE - MARGIN + 11);
  c.fillText("z₂", MARGIN - 13, MARGIN - 12);
  return canvas;
}

function render({model, el}) {
  const reach = model.get("reach"), scale = INNER / (2 * reach), ratio = Math.max(1, window.devicePixelRatio || 1);
  const plane = element("canvas", {class: "plane", width: SIZE * ratio, height: SIZE * ratio, tabindex: 0,
    role: "application", "aria-label": `The plane of two latents, from ${-reach} to ${reach} each. ${model.get("told")}. ` +
      "Arrow keys move the point, with shift in larger steps; Home brings it to the middle."});
  const picture = element("canvas", {class: "picture", role: "img"}), where = element("output");
  const status = element("p", {role: "status", "aria-live": "polite"});
  const help = element("p");
  help.innerHTML = "Click or drag on the plane; or <kbd>←</kbd> <kbd>→</kbd> <kbd>↑</kbd> <kbd>↓</kbd>, faster with " +
    "<kbd>shift</kbd>; <kbd>home</kbd>: the middle.";
  const root = element("div", {class: "latent-plane", role: "group", "aria-label": "Latent plane",
    "data-lm-suppress-shortcuts": "true"}, element("style", {}, CSS),
    element("div", {class: "row"},
      element("div", {}, plane, element("p", {}, `${model.get("told")}. Dotted: 1, 2 and 3 standard deviations of p(z).`)),
      element("div", {}, element("h4", {}, "Decoded at"), where, picture, help, status)));
  root.querySelector(".row > div > p").style.maxWidth = `${SIZE}px`;
  el.append(root);

  let z = [0, 0], asked = 0, shown = 0, askedAt = 0, heardAt = 0, ground = null;
  let last = null, late = 0, frame = 0;  // the point last asked for; two timers

  const paint = () => {
    frame = 0;
    const c = plane.getContext("2d"), [x, y] = [SIZE / 2 + z[0] * scale, SIZE / 2 - z[1] * scale];
    ground ||= drawGround(model, ratio, getComputedStyle(root).color);
    c.setTransform(1, 0, 0, 1, 0, 0);
    c.clearRect(0, 0, plane.width, plane.height);
    c.drawImage(ground, 0, 0);
    c.scale(ratio, ratio);
    for (const [colour, width] of [["#fff", 4], ["#111", 1.5]]) {
      Object.assign(c, {strokeStyle: colour, lineWidth: width}).beginPath();
      c.arc(x, y, 9, 0, 2 * Math.PI);
      for (const [u, v] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) { c.moveTo(x + 9 * u, y + 9 * v); c.lineTo(x + 17 * u, y + 17 * v); }
      c.stroke();
    }
    where.textContent = `z = (${number(z[0])}, ${number(z[1])})`;
  };
  const repaint = () => { frame ||= requestAnimationFrame(paint); };

  const ask = () => {
    const now = performance.now(), waiting = asked - shown;
    if (waiting >= ON_THE_WAY && now - Math.max(askedAt, heardAt) < PATIENCE) return;  // an answer will call again
    if (now - askedAt < PAUSE) { late ||= setTimeout(() => { late = 0; ask(); }, PAUSE); return; }
    askedAt = now;
    [asked, last] = [asked + 1, z];
    try { model.send({number: asked, z}); } catch { /* the kernel is gone: then nothing answers, which is told below */ }
  };
  const moveTo = (x, y) => {
    z = [x, y].map(v => Math.min(reach, Math.max(-reach, v)));
    repaint();
    ask();
  };
  const hear = (header, buffers) => {
    if (header.number <= shown) return;  // overtaken
    [shown, heardAt] = [header.number, performance.now()];
    const [height, width, channels] = header.shape, raw = buffers[0];
    const bytes = new Uint8Array(raw.buffer, raw.byteOffset, raw.byteLength), pixels = new ImageData(width, height);
    for (let i = 0; i < width * height; i++) {
      for (let k = 0; k < 3; k++) pixels.data[4 * i + k] = bytes[channels * i + (channels === 3 ? k : 0)];
      pixels.data[4 * i + 3] = 255;
    }
    Object.assign(picture, {width, height}).getContext("2d").putImageData(pixels, 0, 0);
    picture.setAttribute("aria-label", `The picture decoded at z = (${header.z.map(number).join(", ")})`);
    root.dataset.frames = Number(root.dataset.frames ?? 0) + 1;
    root.dataset.z = header.z.join(" ");
    if (status.textContent) { status.textContent = ""; status.className = ""; }
    if (z !== last) ask();
  };

  const follow = event => {
    const box = plane.getBoundingClientRect(), per = SIZE / box.width;
    moveTo(((event.clientX - box.left) * per - SIZE / 2) / scale, (SIZE / 2 - (event.clientY - box.top) * per) / scale);
  };
  plane.onpointerdown = event => { plane.setPointerCapture(event.pointerId); plane.focus({preventScroll: true}); follow(event); };
  plane.onpointermove = event => { if (event.buttons & 1) follow(event); };
  root.addEventListener("keydown", event => {
    event.stopPropagation();  // other notebooks listen further up
    const turn = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1], Home: null}[event.key];
    if (turn === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const step = event.shiftKey ? .5 : .1;
    if (turn) moveTo(z[0] + step * turn[0], z[1] + step * turn[1]);
    else moveTo(0, 0);
  });
  const watch = setInterval(() => {
    if (document.hidden || asked === shown || performance.now() - Math.max(askedAt, heardAt) < PATIENCE) return;
    status.textContent = "The kernel does not answer: another cell keeps it busy, or it was stopped.";
    status.className = "failed";
  }, 500);
  const themed = new MutationObserver(() => { ground = null; repaint(); });
  themed.observe(document.body, {attributes: true});
  model.on("msg:custom", hear);
  moveTo(0, 0);

  return () => {
    clearInterval(watch);
    clearTimeout(late);
    cancelAnimationFrame(frame);
    themed.disconnect();
    model.off("msg:custom", hear);
  };
}

export default {render};
