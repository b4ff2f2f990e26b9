"""A network's graph as a drawing that scales: a box for each node, arrows for what feeds what, the same as a table."""

import html

from course_lib.explain.graph import Node, count_table

BOX, HIGH, GAP, LEFT, BESIDE = 430, 44, 20, 14, 26
HEADER = ("name", "what", "gives", "weights", "sees", "paints")


class GraphDrawing:
    """The graph from top to bottom, as SVG: sharp at any zoom, in the page's own colours, with a table of the same.

    A box says what one of its places sees of the input picture, and paints of the output.

    Args:
        nodes: of ``explain.graph.network_graph``.
        title: what it is the graph of, a sentence.
    """

    def __init__(self, nodes: list[Node], title: str) -> None:
        self.nodes, self.title = nodes, title

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {"text/html": self.to_html(), "text/plain": repr(self)}

    def __repr__(self) -> str:
        return "\n".join([self.title, " · ".join(HEADER), *(" · ".join(row) for row in count_table(self.nodes))])

    def to_html(self) -> str:
        """The title, the drawing, and the table folded below it."""
        head = "".join(f'<th scope="col">{name}</th>' for name in HEADER)
        body = "".join(
            "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>"
            for row in count_table(self.nodes)
        )
        table = f"<table><caption>{html.escape(self.title)}</caption><tr>{head}</tr>{body}</table>"
        title = f"<p><strong>{html.escape(self.title)}</strong></p>"
        return f"{title}{self.svg()}<details><summary>The same as a table</summary>{table}</details>"

    def svg(self) -> str:
        """The drawing alone."""
        place = {node.name: i for i, node in enumerate(self.nodes)}
        skips = [(place[name], i) for i, node in enumerate(self.nodes) for name in node.inputs if place[name] < i - 1]
        high = len(self.nodes) * (HIGH + GAP)
        wide = LEFT + BOX + BESIDE * (len(skips) + 1)
        arrows = [self._arrow(i) for i, node in enumerate(self.nodes) if any(place[n] == i - 1 for n in node.inputs)]
        ways = [self._way(start, end, lane) for lane, (start, end) in enumerate(skips, 1)]
        words = html.escape(self._in_words(), quote=True)
        return (
            f'<svg role="img" viewBox="0 0 {wide} {high}" xmlns="http://www.w3.org/2000/svg" '
            f'style="width:100%;max-width:{wide}px;color:inherit" aria-label="{words}">'
            '<g fill="none" stroke="currentColor" stroke-width="1.5">'
            f"{''.join(arrows)}{''.join(ways)}</g>{''.join(map(self._box, range(len(self.nodes))))}</svg>"
        )

    def _in_words(self) -> str:
        shapes = "; ".join(f"{n.name}, {n.kind}, gives {' × '.join(map(str, n.shape))}" for n in self.nodes)
        return f"{self.title}. From top to bottom: {shapes}."

    def _box(self, i: int) -> str:
        node, top = self.nodes[i], i * (HIGH + GAP) + 1
        said = [f"{n} {v}" for n, v in zip(HEADER[3:], count_table([node])[0][3:], strict=True) if v not in ("0", "–")]
        weights = f", {node.parameters:,} weights" if node.parameters else ""
        text = 'fill="currentColor" font-family="sans-serif"'
        return (
            f"<g><title>{html.escape(f'{node.name}: {node.kind}. ' + '; '.join(said))}</title>"
            f'<rect x="{LEFT}" y="{top}" width="{BOX}" height="{HIGH - 2}" rx="6" fill="#0072B2" '
            f'fill-opacity="{0.22 if node.parameters else 0.06}" stroke="currentColor"/>'
            f'<text x="{LEFT + 10}" y="{top + 18}" font-size="15" {text}>{html.escape(node.kind)}</text>'
            f'<text x="{LEFT + 10}" y="{top + 36}" font-size="13" {text}>'
            f"{html.escape(node.name)}: {' × '.join(map(str, node.shape))}{weights}</text>"
            f'<text x="{LEFT + BOX - 10}" y="{top + 18}" font-size="13" text-anchor="end" {text}>'
            f"{html.escape(', '.join(said[1:] if node.parameters else said))}</text></g>"
        )

    def _arrow(self, i: int) -> str:
        x, end = LEFT + 40, i * (HIGH + GAP)
        return f'<path d="M{x} {end - GAP}V{end - 1}M{x - 4} {end - 7}L{x} {end - 1}L{x + 4} {end - 7}"/>'

    def _way(self, start: int, end: int, lane: int) -> str:
        right, out = LEFT + BOX, LEFT + BOX + BESIDE * lane
        y0, y1 = (at * (HIGH + GAP) + HIGH / 2 for at in (start, end))
        head = f"M{right + 6} {y1 - 4}L{right} {y1}L{right + 6} {y1 + 4}"
        return f'<path d="M{right} {y0}H{out}V{y1}H{right}{head}"/>'
