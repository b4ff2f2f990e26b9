"""A notebook of a test's own, open in the learner's JupyterLab."""

import nbformat

READY = """name => {
    const panel = window.jupyterapp?.shell.currentWidget;
    return panel?.context?.path === name && panel.sessionContext?.session?.kernel?.status === 'idle'
}"""

# Of a widget: what leaves its box, or the window; which two parts overlap; whose words are cut off.
MISPLACED = """root => {
    const box = root.getBoundingClientRect(), faults = [];
    const name = node => node.dataset.name ?? `${node.tagName} ${node.textContent.slice(0, 30)}`;
    const seen = [...root.querySelectorAll('*')].filter(node => !node.closest('option') && node.checkVisibility());
    for (const node of [root, ...seen]) {
        const {left, right, top, bottom, width} = node.getBoundingClientRect();
        if (!width) continue;
        const out = left < box.left - 1 || right > Math.min(box.right + 1, innerWidth);
        if (out || top < box.top - 1 || bottom > box.bottom + 1)
            faults.push(`${name(node)} leaves the box`);
        const cut = node.clientWidth && node.scrollWidth > node.clientWidth + 1
            || node.matches('textarea') && node.scrollHeight > node.clientHeight + 1;
        if (cut && node.matches('button, label, h4, p, span, .row, textarea'))
            faults.push(`${name(node)} is cut off`);
    }
    const parts = seen.filter(node => node.matches('select, input, button, textarea, canvas, p, h4, output, ' +
        'li > span, .keys > span, .legend > span, svg[role=img] text'));
    parts.forEach((a, i) => parts.slice(i + 1).forEach(b => {
        const [p, q] = [a.getBoundingClientRect(), b.getBoundingClientRect()];
        const wide = Math.min(p.right, q.right) - Math.max(p.left, q.left);
        const high = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
        if (wide > 1 && high > 1) faults.push(`${name(a)} and ${name(b)} overlap`);
    }));
    return faults
}"""


def open_notebook(lab, page, name: str, sources: list[str]) -> None:
    """Write a notebook of code cells to the learner's workspace and open it; returns when its kernel is idle.
    ``page.problems`` collects the errors of its console."""
    address, folder = lab
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    folder.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, folder / name)
    page.problems = []
    page.on("console", lambda message: message.type == "error" and page.problems.append(message.text))
    page.on("pageerror", lambda problem: page.problems.append(str(problem)))
    page.set_viewport_size({"width": 1280, "height": 1000})
    head, token = address.split("/lab", 1)[0], address.split("?", 1)[1]
    page.goto(f"{head}/lab/tree/{name}?{token}", timeout=120_000)
    page.wait_for_function(READY, arg=name, timeout=120_000)
    page.evaluate("() => window.jupyterapp.commands.execute('application:toggle-left-area')")
