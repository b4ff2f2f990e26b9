"""A notebook of a test's own, open in the learner's JupyterLab."""

import nbformat

READY = """name => {
    const panel = window.jupyterapp?.shell.currentWidget;
    return panel?.context?.path === name && panel.sessionContext?.session?.kernel?.status === 'idle'
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
