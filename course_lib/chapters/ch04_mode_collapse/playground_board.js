// The drawing board: the learner puts points of their own, by mouse, pen, finger or keys. It lives on the canvas of the
// picture; while it is open, the game waits.

function makeBoard(canvas, {reach, most}, kept, tell) {
  const board = {open: false, points: kept.map(point => [...point]), cross: [0, 0], keys: false, plane: null};
  const held = v => Math.round(100 * Math.min(reach, Math.max(-reach, v))) / 100 + 0;
  let strokes = board.points.map(() => 1), last = null;  // how many points each stroke put; the last point of this one
  const how = "Click or drag to put points; or move the cross with the arrow keys (faster with shift), space puts one.";
  const count = () => `${board.points.length} point${board.points.length === 1 ? "" : "s"}`;
  const at = () => `Cross at (${board.cross.map(v => minus(v.toFixed(2))).join(", ")}).`;

  const put = ([x, y], begins) => {
    if (board.points.length >= most) return tell(`${most} points are the most: take some away, or use them.`);
    board.points.push(last = [held(x), held(y)]);
    if (begins) strokes.push(1); else strokes[strokes.length - 1]++;
    tell(`Drawing: ${count()}. ${board.keys ? at() : how}`);
  };
  board.undo = () => {
    const gone = strokes.pop() ?? 0;
    board.points.length -= gone;
    tell(`Drawing: ${count()}. ${gone ? "The last stroke is gone." : "There is nothing to take away."}`);
  };
  board.clear = () => { board.points.length = 0; strokes = []; tell(`Drawing: no point. ${how}`); };
  board.begin = () => {
    board.open = true; board.keys = false;
    tell(`Drawing: ${board.points.length ? count() : "no point yet"}. ${how}`);
    canvas.focus({preventScroll: true});
  };

  const place = event => {
    const box = canvas.getBoundingClientRect();
    return board.plane.back(event.clientX - box.left, event.clientY - box.top);
  };
  canvas.addEventListener("pointerdown", event => {
    if (!board.open || !board.plane || event.button) return;
    event.preventDefault();
    canvas.setPointerCapture?.(event.pointerId);
    canvas.focus({preventScroll: true});
    board.keys = false;
    put(place(event), true);
  });
  canvas.addEventListener("pointermove", event => {
    if (!board.open || !(event.buttons & 1) || !last) return;
    const [x, y] = place(event);
    if (Math.hypot(x - last[0], y - last[1]) > .08) put([x, y], false);  // apart from each other, as modes are
  });
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => { last = null; });

  // True where the key was the board's.
  board.key = event => {
    const move = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1]}[event.key];
    if (move) {
      const step = event.shiftKey ? .25 : .05;
      board.cross = board.cross.map((v, axis) => held(v + step * move[axis]));
      board.keys = true;
      tell(`Drawing: ${count()}. ${at()}`);
    } else if (event.key === " ") { board.keys = true; put(board.cross, true); last = null; }
    else if (event.key === "Backspace") board.undo();
    else return false;
    return true;
  };

  board.draw = (tile, soft) => {
    const {c, plane, ratio} = prepared(canvas, 1.3), {x0, y0, size, X, Y} = plane;
    const marks = tile.marks?.ratio === ratio ? tile.marks : tile.marks = makeMarks(ratio);
    board.plane = plane;
    c.fillStyle = `rgb(${BETWEEN})`;
    c.fillRect(x0, y0, size, size);
    Object.assign(c, {strokeStyle: "#c9c9c4", lineWidth: 1});
    for (let v = -1; v <= 1; v += .5) {
      c.beginPath(); c.moveTo(X(v), y0); c.lineTo(X(v), y0 + size); c.moveTo(x0, Y(v)); c.lineTo(x0 + size, Y(v)); c.stroke();
    }
    stamp(c, plane, board.points.flat(), marks.real);
    const [x, y] = [X(board.cross[0]), Y(board.cross[1])];
    if (board.keys) for (const [colour, width] of [["#fff", 5], ["#111", 2]]) {
      Object.assign(c, {strokeStyle: colour, lineWidth: width}).beginPath();
      for (const [u, v] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) { c.moveTo(x + 5 * u, y + 5 * v); c.lineTo(x + 14 * u, y + 14 * v); }
      c.stroke();
    }
    drawFrame(c, plane, soft);
  };
  return board;
}
