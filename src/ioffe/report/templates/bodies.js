/* Rectangular bodies with values on grids of their own: turned, enlarged, cut, read. WebGL and nothing else.
   ioffeBodies(element, scene) fills an element with the viewer of a scene (BodyScene.to_dict of ioffe) and
   returns false where the browser has no WebGL; faces and cap make the grids of the surface of a body. */
"use strict";
var ioffeBodies = (function () {
  const SCALES = {
    temperature: ["000004", "210c4a", "57106e", "8a226a", "bc3754", "e45a31", "f98e09", "f9cb35", "fcffa4"],
    other: ["440154", "472d7b", "3b528b", "2c728e", "21918c", "28ae80", "5ec962", "addc30", "fde725"],
  };
  const VERTEX = `
    attribute vec3 place; attribute vec3 normal; attribute float value; attribute float known;
    uniform mat4 view; uniform mat3 turn; uniform vec2 range;
    varying float share; varying float light; varying float grey; varying vec3 at;
    void main() {
      gl_Position = view * vec4(place, 1.0);
      at = place; grey = 1.0 - known;
      share = clamp((value - range.x) / max(range.y - range.x, 1e-30), 0.0, 1.0);
      light = dot(normal, normal) > 0.0 ? 0.74 + 0.26 * abs(dot(turn * normal, vec3(0.3, 0.5, 0.81))) : -1.0;
    }`;
  const FRAGMENT = `
    precision highp float;
    uniform vec3 scale[9]; uniform vec4 cut;
    varying float share; varying float light; varying float grey; varying vec3 at;
    void main() {
      if (dot(at, cut.xyz) < cut.w) discard;
      vec3 colour = scale[0];
      for (int i = 0; i < 8; i++) colour = mix(colour, scale[i + 1], clamp(share * 8.0 - float(i), 0.0, 1.0));
      colour = mix(colour, vec3(0.83), step(0.001, grey));
      gl_FragColor = vec4(light < 0.0 ? vec3(0.2) : colour * light, 1.0);
    }`;
  const lines = (body) => [body.x, body.y, body.z];

  /* A grid across an axis at a place between two grid lines: points, values (null: not known), its counts. */
  function plane(body, axis, at, field) {
    const grid = lines(body), a = axis === 0 ? 1 : 0, b = axis === 2 ? 1 : 2, own = grid[axis];
    let i = 0;
    while (i < own.length - 2 && own[i + 1] < at) i += 1;
    const share = (at - own[i]) / (own[i + 1] - own[i]), values = body.values[field];
    const points = [], found = [];
    for (let j = 0; j < grid[a].length; j += 1) for (let k = 0; k < grid[b].length; k += 1) {
      const point = [0, 0, 0], index = [0, 0, 0];
      [point[axis], point[a], point[b]] = [at, grid[a][j], grid[b][k]];
      points.push(point);
      const of = (n) => {
        [index[axis], index[a], index[b]] = [n, j, k];
        return values[(index[0] * grid[1].length + index[1]) * grid[2].length + index[2]];
      };
      if (!values) { found.push(null); continue; }
      const p = of(i), q = of(i + 1);
      found.push(p === null || q === null ? null : p + share * (q - p));
    }
    return { points, values: found, counts: [grid[a].length, grid[b].length], axis };
  }
  const faces = (body, field) => [0, 1, 2].flatMap((axis) => {
    const own = lines(body)[axis];
    return [plane(body, axis, own[0], field), plane(body, axis, own[own.length - 1], field)];
  });
  function cap(body, axis, at, field) {
    const own = lines(body)[axis];
    return own[0] < at && at < own[own.length - 1] ? plane(body, axis, at, field) : null;
  }

  /* Triangles of grids, eight numbers a corner: place, normal, value, known. */
  function triangles(grids) {
    const out = [];
    for (const { points, values, counts, axis } of grids) {
      const [n, m] = counts, corner = (k) => {
        out.push(...points[k], +(axis === 0), +(axis === 1), +(axis === 2), values[k] ?? 0, +(values[k] !== null));
      };
      for (let i = 0; i + 1 < n; i += 1) for (let j = 0; j + 1 < m; j += 1) {
        const k = i * m + j;
        [k, k + m, k + 1, k + 1, k + m, k + m + 1].forEach(corner);
      }
    }
    return new Float32Array(out);
  }
  /* Lines along the rims of grids, in the same numbers, without a normal. */
  function rims(grids) {
    const out = [];
    for (const { points, counts: [n, m] } of grids) {
      const round = [0, (n - 1) * m, n * m - 1, m - 1, 0];
      for (let i = 0; i < 4; i += 1) for (const k of [round[i], round[i + 1]]) out.push(...points[k], 0, 0, 0, 0, 1);
    }
    return new Float32Array(out);
  }

  function ioffeBodies(element, scene) {
    const make = (tag, more) => element.appendChild(Object.assign(document.createElement(tag), more));
    const canvas = document.createElement("canvas");
    const gl = canvas.getContext("webgl", { antialias: true, preserveDrawingBuffer: true });
    if (!gl) return false;
    const ends = [0, 1, 2].map((axis) => {
      const all = scene.bodies.flatMap((body) => lines(body)[axis]);
      return [Math.min(...all), Math.max(...all)];
    });
    const middle = ends.map(([low, high]) => 0.5 * (low + high));
    const extent = Math.hypot(...ends.map(([low, high]) => high - low)) || 1;
    const program = gl.createProgram();
    for (const [kind, source] of [[gl.VERTEX_SHADER, VERTEX], [gl.FRAGMENT_SHADER, FRAGMENT]]) {
      const one = gl.createShader(kind);
      gl.shaderSource(one, source);
      gl.compileShader(one);
      gl.attachShader(program, one);
    }
    gl.linkProgram(program);
    gl.useProgram(program);
    gl.enable(gl.DEPTH_TEST);
    gl.enable(gl.POLYGON_OFFSET_FILL);
    gl.polygonOffset(1, 1);
    const uniform = (name) => gl.getUniformLocation(program, name);
    const store = () => ({ buffer: gl.createBuffer(), corners: 0 });
    const solid = store(), edges = store(), caps = store(), capEdges = store();
    const fill = (into, data) => {
      gl.bindBuffer(gl.ARRAY_BUFFER, into.buffer);
      gl.bufferData(gl.ARRAY_BUFFER, data, gl.STATIC_DRAW);
      into.corners = data.length / 8;
    };
    const look = { around: -0.6, tilt: 0.45, zoom: 1, axis: 1, share: 0 };
    let field = scene.fields[0];

    const bar = make("p", { className: "controls" });
    const put = (tag, more, text) => {
      const label = bar.appendChild(document.createElement("label"));
      label.textContent = text;
      return label.appendChild(Object.assign(document.createElement(tag), more));
    };
    const choices = (names, chosen, text) => {
      const select = put("select", {}, text);
      names.forEach((name, i) => select.add(new Option(name, String(i), i === chosen, i === chosen)));
      return select;
    };
    const colour = choices(scene.fields.map(({ label, unit }) => `${label} (${unit})`), 0, "Colour ");
    const across = choices(["x", "y", "z"], look.axis, "Cut across ");
    const slider = put("input", { type: "range", min: "0", max: "1", step: "0.005", value: "0" }, "at ");
    element.appendChild(canvas);
    canvas.tabIndex = 0;
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", "The device in three dimensions. Drag or use the arrow keys to turn it, plus and minus to enlarge it.");
    const legend = make("p", { className: "legend" });
    const lowest = legend.appendChild(document.createElement("span"));
    const strip = legend.appendChild(Object.assign(document.createElement("canvas"), { width: 180, height: 10 }));
    const highest = legend.appendChild(document.createElement("span"));
    const read = make("p", { className: "read" });
    read.textContent = "Drag to turn, scroll over the picture after a click to enlarge; point at a part to read its value.";

    const place = () => ends[look.axis][0] + look.share * (ends[look.axis][1] - ends[look.axis][0]);
    function cutAgain() {
      const made = look.share > 0 ? scene.bodies.map((body) => cap(body, look.axis, place(), field.id)).filter(Boolean) : [];
      fill(caps, triangles(made));
      fill(capEdges, rims(made));
      draw();
    }
    function colourAgain() {
      const all = scene.bodies.flatMap((body) => faces(body, field.id));
      fill(solid, triangles(all));
      fill(edges, rims(all));
      const scale = (SCALES[field.id] ?? SCALES.other).map((hex) => [0, 2, 4].map((i) => parseInt(hex.slice(i, i + 2), 16) / 255));
      gl.uniform3fv(uniform("scale"), scale.flat());
      const paint = strip.getContext("2d"), run = paint.createLinearGradient(0, 0, 180, 0);
      (SCALES[field.id] ?? SCALES.other).forEach((hex, i) => run.addColorStop(i / 8, `#${hex}`));
      paint.fillStyle = run;
      paint.fillRect(0, 0, 180, 10);
      const number = (value) => `${Number(value.toPrecision(4))} ${field.unit}`;
      [lowest.textContent, highest.textContent] = [number(field.minimum), number(field.maximum)];
      cutAgain();
    }
    const turned = () => {
      const [c, s, p, q] = [Math.cos(look.around), Math.sin(look.around), Math.cos(look.tilt), Math.sin(look.tilt)];
      return [[c, s, 0], [-s * q, c * q, p], [s * p, -c * p, q]]; // rows: right, up, towards the eye
    };
    const sizes = () => {
      const size = (1.9 * look.zoom) / extent, aspect = canvas.width / Math.max(canvas.height, 1);
      return [size / Math.max(aspect, 1), size * Math.min(aspect, 1)];
    };
    function draw() {
      const ratio = window.devicePixelRatio || 1;
      const size = [Math.round(canvas.clientWidth * ratio), Math.round(canvas.clientHeight * ratio)];
      if (canvas.width !== size[0] || canvas.height !== size[1]) [canvas.width, canvas.height] = size;
      gl.viewport(0, 0, canvas.width, canvas.height);
      gl.clearColor(1, 1, 1, 1);
      gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
      const turn = turned(), by = [...sizes(), -0.9 / extent];
      const view = new Float32Array(16);
      for (let row = 0; row < 3; row += 1) {
        for (let i = 0; i < 3; i += 1) view[4 * i + row] = by[row] * turn[row][i];
        view[12 + row] = -by[row] * turn[row].reduce((sum, x, i) => sum + x * middle[i], 0);
      }
      view[15] = 1;
      gl.uniformMatrix4fv(uniform("view"), false, view);
      gl.uniformMatrix3fv(uniform("turn"), false, [0, 1, 2].flatMap((i) => [0, 1, 2].map((row) => turn[row][i])));
      gl.uniform2f(uniform("range"), field.minimum, field.maximum);
      const n = [0, 1, 2].map((i) => +(i === look.axis)), at = look.share > 0 ? place() - 1e-6 * extent : -1e30;
      gl.uniform4f(uniform("cut"), ...n, at);
      for (const [one, kind] of [[solid, gl.TRIANGLES], [caps, gl.TRIANGLES], [edges, gl.LINES], [capEdges, gl.LINES]]) {
        gl.bindBuffer(gl.ARRAY_BUFFER, one.buffer);
        [["place", 3, 0], ["normal", 3, 12], ["value", 1, 24], ["known", 1, 28]].forEach(([name, size, offset]) => {
          const attribute = gl.getAttribLocation(program, name);
          gl.enableVertexAttribArray(attribute);
          gl.vertexAttribPointer(attribute, size, gl.FLOAT, false, 32, offset);
        });
        gl.drawArrays(kind, 0, one.corners);
      }
    }
    /* The body under the pointer, and its value there. */
    function point(event) {
      const box = canvas.getBoundingClientRect(), turn = turned(), by = sizes();
      const on = [(2 * (event.clientX - box.left)) / box.width - 1, 1 - (2 * (event.clientY - box.top)) / box.height];
      const from = middle.map((m, i) => m + (on[0] / by[0]) * turn[0][i] + (on[1] / by[1]) * turn[1][i]);
      let best = null;
      for (const body of scene.bodies) {
        let [near, far] = [-1e30, 1e30];
        lines(body).forEach((own, i) => {
          const low = i === look.axis && look.share > 0 ? Math.max(own[0], place()) : own[0];
          const hits = [low, own[own.length - 1]].map((end) => (end - from[i]) / (turn[2][i] || 1e-12)).sort((p, q) => p - q);
          if (low > own[own.length - 1]) far = -2e30;
          [near, far] = [Math.max(near, hits[0]), Math.min(far, hits[1])];
        });
        if (near <= far && (!best || far > best.far)) best = { body, far };
      }
      if (!best) return "";
      const at = from.map((start, i) => start + best.far * turn[2][i]), where = at.map((x) => (1e3 * x).toFixed(2)).join(", ");
      const own = plane(best.body, 0, at[0], field.id), [, m] = own.counts, [y, z] = [best.body.y, best.body.z];
      const cell = (grid, x) => {
        let i = 0;
        while (i < grid.length - 2 && grid[i + 1] < x) i += 1;
        return [i, Math.min(1, Math.max(0, (x - grid[i]) / (grid[i + 1] - grid[i])))];
      };
      const [[j, s], [k, t]] = [cell(y, at[1]), cell(z, at[2])];
      const corner = (a, b) => own.values[(j + a) * m + k + b];
      const value = (1 - s) * ((1 - t) * corner(0, 0) + t * corner(0, 1)) + s * ((1 - t) * corner(1, 0) + t * corner(1, 1));
      const known = best.body.values[field.id] ? `${Number(value.toPrecision(5))} ${field.unit}` : `no ${field.label}`;
      return `${best.body.label}: ${known} at (${where}) mm`;
    }
    const turnBy = (x, y) => {
      look.around += x;
      look.tilt = Math.min(1.57, Math.max(-1.57, look.tilt + y));
      draw();
    };
    const enlarge = (factor) => {
      look.zoom = Math.min(12, Math.max(0.4, look.zoom * factor));
      draw();
    };
    colour.onchange = () => { field = scene.fields[Number(colour.value)]; colourAgain(); };
    across.onchange = () => { look.axis = Number(across.value); cutAgain(); };
    slider.oninput = () => { look.share = Number(slider.value); cutAgain(); };
    let held = null;
    canvas.onpointerdown = (event) => { canvas.setPointerCapture(event.pointerId); held = event; };
    canvas.onpointerup = () => { held = null; };
    canvas.onpointermove = (event) => {
      if (!held) { read.textContent = point(event) || "\u00a0"; return; }
      turnBy(-(event.clientX - held.clientX) / 150, (event.clientY - held.clientY) / 150);
      held = event;
    };
    canvas.onkeydown = (event) => {
      const act = {
        ArrowLeft: () => turnBy(0.1, 0), ArrowRight: () => turnBy(-0.1, 0), ArrowUp: () => turnBy(0, 0.1), ArrowDown: () => turnBy(0, -0.1),
        "+": () => enlarge(1.15), "-": () => enlarge(1 / 1.15),
      }[event.key];
      if (act) { event.preventDefault(); act(); }
    };
    canvas.addEventListener("wheel", (event) => {
      if (document.activeElement !== canvas) return;
      event.preventDefault();
      enlarge(event.deltaY < 0 ? 1.1 : 1 / 1.1);
    }, { passive: false });
    new ResizeObserver(draw).observe(canvas);
    look.share = (scene.middle - ends[1][0]) / (ends[1][1] - ends[1][0]);
    slider.value = String(look.share);
    colourAgain();
    return true;
  }
  return Object.assign(ioffeBodies, { faces, cap });
})();
