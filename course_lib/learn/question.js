// The row beneath a question: a button for each option, or a field for a number, and what is said about the answer.
// Python judges and keeps it; while the kernel is busy the page says that it waits. No request leaves the page.

const CSS = `.course-question { color: var(--jp-ui-font-color1, #222); padding: 2px 0 6px 18px;
    font: 14px/1.5 var(--jp-ui-font-family, system-ui, sans-serif);
  .row { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; }
  button { font: inherit; min-width: 40px; min-height: 32px; padding: 2px 12px; cursor: pointer; color: inherit;
    background: var(--jp-layout-color2, #eee); border: 1px solid var(--jp-border-color1, #777); border-radius: 4px; }
  button[aria-pressed="true"] { border: 2px solid #0072B2; font-weight: 700; text-decoration: underline; }
  button:focus-visible, input:focus-visible { outline: 3px solid #E69F00; outline-offset: 1px; }
  input { font: inherit; width: 9em; min-height: 28px; padding: 1px 6px; color: inherit;
    background: var(--jp-layout-color0, #fff); border: 1px solid var(--jp-border-color1, #777); border-radius: 4px; }
  p { margin: 6px 0 0; max-width: 46em; } }`;

function element(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

function render({model, el}) {
  const options = model.get("options"), unit = model.get("unit");
  const row = element("div", {class: "row", role: "group", "aria-label": "Your answer"}, "Your answer:");
  const said = element("p", {role: "status", "aria-live": "polite"});
  const root = element("div", {class: "course-question", "data-lm-suppress-shortcuts": "true"},
    element("style", {}, CSS), row, said);
  let waiting = 0;

  const answer = text => {
    if (!text.trim()) { said.textContent = "Write a number first, for example 12 or 0.5."; return; }
    clearTimeout(waiting);
    waiting = setTimeout(() => { said.textContent = "Waiting for the kernel: it is busy with another cell, or was stopped."; }, 600);
    try { model.send({answer: text}); } catch { said.textContent = "No kernel runs: nothing is kept."; }
  };
  const buttons = options.map((option, i) => {
    const letter = "ABCDEFGH"[i];
    const button = element("button", {type: "button", "aria-label": `${letter}: ${option}`, "aria-pressed": "false"}, letter);
    button.onclick = () => answer(option);
    return button;
  });
  row.append(...buttons);
  let field = null;
  if (!options.length) {
    field = element("input", {type: "text", inputmode: "decimal", "aria-label": `A number${unit ? `, in ${unit}` : ""}`});
    const keep = element("button", {type: "button"}, "Keep");
    keep.onclick = () => answer(field.value);
    row.append(field, ...(unit ? [unit] : []), keep);
  }
  const show = () => {
    const chosen = model.get("chosen");
    buttons.forEach((button, i) => button.setAttribute("aria-pressed", String(options[i] === chosen)));
    if (field && chosen && document.activeElement !== field) field.value = chosen;
    said.textContent = model.get("said");
  };
  const heard = () => { clearTimeout(waiting); show(); };

  root.addEventListener("keydown", event => {
    event.stopPropagation();  // JupyterLab's own keys would leave the row or run the cell
    if (event.key === "Enter" && event.target === field) answer(field.value);
  });
  model.on("msg:custom", heard);
  model.on("change:said", heard);
  el.append(root);
  show();
  return () => {
    clearTimeout(waiting);
    model.off("msg:custom", heard);
    model.off("change:said", heard);
  };
}

export default {render};
