// The playground's window: controls, a status line, one canvas, two charts. It computes nothing of the game: the kernel
// sends a picture's numbers in one message, the page draws the latest and answers "drawn". No request leaves the page.

const WORDS = {data: "data", loss: "loss", cure: "cure", lr_d: "step size of D", lr: "step size of G", seed: "seed"};
const IMPORT = "from course_lib.chapters.ch04_mode_collapse.playground import playground";

function render({model, el}) {
  const menus = model.get("menus"), about = model.get("board"), controls = {}, tile = element("canvas");
  const canvas = element("canvas", {tabindex: 0, role: "img", "aria-keyshortcuts": "Space D G R"});
  const title = element("h4"), key = legend();
  const status = element("p", {class: "status", role: "status", "aria-live": "polite"});
  const losses = makeChart("Loss of each player", [{column: 1, colour: "--d", dash: "none", label: "D, discriminator"},
    {column: 2, colour: "--g", dash: "7 4", label: "G, generator"}], false);
  const finds = makeChart("What G has found", [{column: 3, colour: "--found", dash: "none", label: "modes"},
    {column: 4, colour: "--share", dash: "2 4", label: "points within 3σ of one"}], true);
  let frame = null, told = 0, pending = 0, asked = 0, heard = 0;  // the latest picture; when the page asked and when it heard
  let typing = null, slid = 0;  // the field that is being typed into; when the slider was moved

  const say = (text, failed = false) => {
    if (status.textContent !== text) status.textContent = text;  // or a screen reader would repeat it
    status.classList.toggle("failed", failed);
  };
  const ask = message => {
    try { model.send(message); } catch { /* the kernel is gone: nothing answers, which is told below */ }
    asked ||= performance.now();
  };
  const schedule = () => { pending ||= requestAnimationFrame(paint); };
  const board = makeBoard(canvas, about, model.get("mine"), text => { say(text); schedule(); });

  const choose = (name, value) => ask({do: "choose", value: {[name]: value}});
  const menu = (name, options) => {
    controls[name] = element("select", {"data-name": name}, ...options.map(o => element("option", {value: o}, `${o}`)));
    controls[name].onchange = event => choose(name, options[event.target.selectedIndex]);
    return element("label", {}, WORDS[name], controls[name]);
  };
  const button = (name, label, title, act, keys = "") => {
    controls[name] = element("button", {type: "button", "data-name": name, title, ...(keys && {"aria-keyshortcuts": keys})});
    return Object.assign(controls[name], {innerHTML: label, onclick: act});
  };
  const number = (name, attributes, act) => {
    controls[name] = element("input", {type: "number", step: 1, "data-name": name, ...attributes});
    controls[name].oninput = () => { typing = name; };
    controls[name].onchange = event => { typing = null; act(event.target.value.trim()); };
    controls[name].onblur = () => { if (typing === name) typing = null; };
    return controls[name];
  };

  const openBoard = () => {
    if (frame?.running) ask({do: "pause"});
    board.begin();
    arrange();
  };
  const closeBoard = (text, focus) => {
    board.open = false;
    arrange();
    if (text) say(text); else if (frame) say(frame.status, frame.failed);
    controls[focus].focus({preventScroll: true});
  };
  const useBoard = () => {
    if (board.points.length < 2) return say("Put at least 2 points first.");
    model.set("mine", board.points.map(point => [...point]));
    model.save_changes();
    closeBoard("Handing your points to the game …", "run");
    ask({do: "reset", value: {data: board.points}});
  };

  const step = who => () => asked || ask({do: who});  // a held key asks again only when the last step is done
  const acts = {" ": () => ask({do: frame?.running ? "pause" : "run"}), d: step("d"), g: step("g"),
    r: () => ask({do: "reset"})};
  const speeds = Object.keys(menus.speed), pace = element("span");
  controls.speed = element("input", {type: "range", min: 0, max: speeds.length - 1, step: 1, "data-name": "speed", "aria-label": "speed"});
  controls.speed.oninput = event => {
    slid = performance.now();
    showSpeed(speeds[event.target.value]);
    ask({do: "speed", value: speeds[event.target.value]});
  };
  const showSpeed = name => {
    controls.speed.value = speeds.indexOf(name);
    pace.textContent = `speed: ${menus.speed[name]}`;
    controls.speed.setAttribute("aria-valuetext", `${name}: ${menus.speed[name]}`);
  };

  const line = element("textarea", {readonly: "", rows: 1, "data-name": "line", spellcheck: "false"});
  line.onfocus = () => line.select();
  const fitLine = () => { line.style.height = "auto"; line.style.height = `${Math.min(220, line.scrollHeight + 2)}px`; };
  const copy = async () => {
    line.select();
    try { await navigator.clipboard.writeText(line.value); } catch { document.execCommand("copy"); }  // an insecure page has no clipboard
    controls.copy.textContent = "Copied";
    setTimeout(() => { controls.copy.textContent = "Copy"; }, 2000);
  };
  const share = element("div", {class: "share", hidden: ""},
    element("div", {class: "row"}, element("label", {}, "This setting as a line of Python:", line), button("copy", "Copy", "Copy the line", copy)),
    element("span", {}, "Run in a cell, it opens the playground like this. In another notebook, first run ", element("code", {}, IMPORT), "."));
  const toggleShare = () => {
    share.hidden = !share.hidden;
    controls.share.setAttribute("aria-expanded", !share.hidden);
    if (share.hidden) return;
    fitLine();
    line.focus({preventScroll: true});
  };

  controls.data = null;
  const choices = element("div", {class: "row"},
    element("div", {class: "pair"}, menu("data", menus.data),
      button("draw", "✎ Draw", "Draw data of your own", () => (board.open ? closeBoard("", "draw") : openBoard()))),
    menu("loss", menus.loss), menu("cure", menus.cure), menu("lr_d", menus.rates), menu("lr", menus.rates),
    element("label", {}, WORDS.seed, number("seed", {min: 0, max: 2 ** 32 - 1}, text => choose("seed", Math.trunc(Number(text))))));
  controls.data.onchange = event => {
    const wanted = event.target.value;
    if (board.open) closeBoard("", "data");
    if (wanted !== about.own) return choose("data", wanted);
    if (board.points.length >= 2) return choose("data", board.points);
    if (frame) event.target.value = frame.chosen.data;  // there are none yet
    openBoard();
  };
  const playing = element("div", {class: "row"},
    button("run", "▶ Run <kbd>space</kbd>", "Run or pause (space)", acts[" "], "Space"),
    button("d", "Step D <kbd>D</kbd>", "One step of the discriminator alone (key d)", acts.d, "D"),
    button("g", "Step G <kbd>G</kbd>", "One step of the generator alone (key g)", acts.g, "G"),
    button("reset", "Reset <kbd>R</kbd>", "The same game from step 0 (key r)", acts.r, "R"),
    element("label", {class: "speed"}, pace, element("span", {class: "ends"}, "slow", controls.speed, "fast")),
    element("label", {}, "pause at step", number("pause_at", {min: 1, placeholder: "none"},
      text => ask({do: "pause_at", value: text ? Number(text) : null}))),
    button("share", "Share", "This setting as a line of Python", toggleShare));
  const drawing = element("div", {class: "row", hidden: ""},
    button("use", "Use my points <kbd>enter</kbd>", "Train on these points (enter)", useBoard, "Enter"),
    button("undo", "Undo <kbd>⌫</kbd>", "Take the last stroke away (backspace)", board.undo, "Backspace"),
    button("clear", "Clear", "Take all points away", board.clear),
    button("back", "Back to the game <kbd>esc</kbd>", "Leave the game as it is (escape)", () => closeBoard("", "draw"), "Escape"));
  controls.run.className = controls.use.className = "main";
  controls.share.setAttribute("aria-expanded", "false");
  const root = element("div", {class: "gan-playground", role: "group", "aria-label": "GAN playground",
    "data-lm-suppress-shortcuts": "true"},  // or JupyterLab would take two presses of D for "delete the cell"
    choices, playing, drawing, share, status,
    element("div", {class: "view"}, element("div", {}, title, canvas), element("div", {}, losses.node, finds.node)), key);

  const arrange = () => {
    [playing.hidden, drawing.hidden] = [board.open, !board.open];
    root.classList.toggle("drawing", board.open);
    canvas.classList.toggle("board", board.open);
    controls.draw.setAttribute("aria-pressed", board.open);
    canvas.setAttribute("role", board.open ? "application" : "img");
    schedule();
  };
  root.addEventListener("keydown", event => {
    event.stopPropagation();  // other notebooks listen further up
    const on = event.target, pressed = event.key.toLowerCase();
    if (event.ctrlKey || event.metaKey || event.altKey || on.matches("select, input, textarea")) return;
    if (board.open) {
      if (pressed === "escape") closeBoard("", "draw");
      else if (pressed === "enter" && !on.matches("button")) useBoard();
      else if (on !== canvas || !board.key(event)) return;
      return event.preventDefault();
    }
    if (!acts[pressed] || (pressed === " " && (on.matches("button") || event.repeat))) return;  // there, space presses the button
    event.preventDefault();
    acts[pressed]();
  });
  el.append(root);

  function paint() {
    pending = 0;
    if (!frame) return;
    root.classList.toggle("dark", isDark());
    const soft = getComputedStyle(root).getPropertyValue("--soft");
    if (board.open) board.draw(tile, soft); else drawField(canvas, frame, tile, soft);
    title.textContent = board.open ? `Your data: ${board.points.length} of at most ${about.most} points`
      : `Step ${frame.step.toLocaleString("en")}: the points, and D's field`;
    key.querySelector(".outside").textContent = frame.outside ? ` (${frame.outside} outside)` : "";
    canvas.setAttribute("aria-label", board.open ? `The plane, from −${about.reach} to ${about.reach} each, with ${board.points.length} points.`
      : `Real and generated points. Step ${frame.step}: ${frame.found}.`);
    const beside = canvas.getBoundingClientRect().right <= losses.node.getBoundingClientRect().left;
    const room = beside ? (title.offsetHeight + canvas.offsetHeight - losses.around() - finds.around() - 10) / 2 : 150;
    const height = Math.round(Math.max(96, Math.min(190, room)));
    losses.draw(frame, height);
    finds.draw(frame, height, [`${frame.modes} of ${frame.of}`, `${Math.round(100 * frame.on_a_mode)}\u00a0%`]);
    root.dataset.frames = Number(root.dataset.frames ?? 0) + 1;
    if (frame.running && frame.frame - told < 3) return;  // each word costs Jupyter as much as a picture
    if (frame.frame !== told) model.send({do: "drawn", frame: told = frame.frame});
  }
  const hear = (header, buffers) => {
    [asked, heard] = [0, performance.now()];
    frame = unpack(header, buffers[0]);
    for (const [name, value] of Object.entries(frame.chosen)) if (name !== typing) controls[name].value = value;
    if (typing !== "pause_at") controls.pause_at.value = frame.pause_at ?? "";
    if (heard - slid > 700) showSpeed(frame.speed);  // else the answer to an earlier place of the slider would move it back
    if (line.value !== frame.line) { line.value = frame.line; fitLine(); }
    const label = `${frame.running ? "❚❚ Pause" : "▶ Run"} <kbd>space</kbd>`;
    if (controls.run.dataset.label !== label) controls.run.innerHTML = controls.run.dataset.label = label;
    key.querySelector(".border").textContent = frame.probability ? "border, D = ½" : "border, halfway";
    root.dataset.step = frame.step;  // with the words about it, not with the picture, which a busy page draws later
    if (!board.open) say(frame.status, frame.failed);
    schedule();
  };
  const watch = setInterval(() => {
    const now = performance.now(), silent = (asked && now - asked > 2000) || (frame?.running && now - heard > 4000);
    if (silent && !document.hidden) say("The kernel does not answer: another cell keeps it busy, or it was stopped.", true);
  }, 500);
  const resized = new ResizeObserver(() => { fitLine(); schedule(); }), themed = new MutationObserver(schedule);
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
