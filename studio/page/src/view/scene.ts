/** Triangles with one number at each corner, coloured by a scale of colours, cut by a plane: WebGL and nothing else. */

import type { Body } from "../types";
import { moved, multiply, scaled, turned } from "./matrix";

/** Colours of equal steps in lightness that people of every colour vision order alike (cividis), dark to light. */
export const SCALE: readonly (readonly [number, number, number])[] = [
  [0, 34, 78], [26, 56, 111], [65, 77, 107], [97, 98, 110], [125, 124, 120], [155, 150, 118], [188, 178, 104], [223, 207, 82], [254, 232, 56],
];

const VERTEX = `
attribute vec3 place; attribute vec3 normal; attribute float value;
uniform mat4 view; uniform mat4 turn; uniform vec2 range;
varying float share; varying float light; varying vec3 at;
void main() {
  gl_Position = view * vec4(place, 1.0);
  at = place;
  share = clamp((value - range.x) / max(range.y - range.x, 1e-30), 0.0, 1.0);
  vec3 facing = mat3(turn) * normal;
  light = 0.92 + 0.08 * abs(facing.z);  // A darker shade would be read as another value.
}`;

const FRAGMENT = `
precision mediump float;
uniform vec3 scale[9]; uniform vec4 cut; uniform float plain;
varying float share; varying float light; varying vec3 at;
void main() {
  if (dot(at, cut.xyz) > cut.w) discard;
  vec3 colour = scale[0];
  for (int i = 0; i < 8; i++) colour = mix(colour, scale[i + 1], clamp(share * 8.0 - float(i), 0.0, 1.0));
  colour = mix(colour, vec3(0.88, 0.9, 0.93), plain);
  gl_FragColor = vec4(colour * (gl_FrontFacing ? light : 0.92 * light), 1.0);
}`;

export interface Look {
  around: number;
  tilt: number;
  zoom: number;
  /** Axis of the cut and where it lies, from 0 to 1 of the extent. */
  axis: 0 | 1 | 2;
  cut: number;
}

interface Mesh {
  places: WebGLBuffer;
  normals: WebGLBuffer;
  values: WebGLBuffer;
  corners: number;
  body: Body;
}

function shader(gl: WebGLRenderingContext, kind: number, source: string): WebGLShader {
  const made = gl.createShader(kind);
  if (!made) throw new Error("WebGL makes no shader");
  gl.shaderSource(made, source);
  gl.compileShader(made);
  return made;
}

/** Every triangle with corners of its own, so that its faces are flat. */
function spread(body: Body): { places: Float32Array; normals: Float32Array } {
  const places = new Float32Array(body.triangles.length * 3);
  const normals = new Float32Array(places.length);
  body.triangles.forEach((corner, i) => {
    for (let axis = 0; axis < 3; axis += 1) places[3 * i + axis] = body.positions[3 * corner + axis] ?? 0;
  });
  for (let at = 0; at < places.length; at += 9) {
    const edge = (to: number, axis: number): number => (places[at + to + axis] ?? 0) - (places[at + axis] ?? 0);
    const normal = [0, 1, 2].map((axis) => {
      const [b, c] = [(axis + 1) % 3, (axis + 2) % 3];
      return edge(3, b) * edge(6, c) - edge(3, c) * edge(6, b);
    });
    const length = Math.hypot(...normal) || 1;
    for (let i = 0; i < 9; i += 1) normals[at + i] = (normal[i % 3] ?? 0) / length;
  }
  return { places, normals };
}

export class Scene {
  private readonly gl: WebGLRenderingContext;
  private readonly program: WebGLProgram;
  private readonly meshes: Mesh[];
  private readonly low = [Infinity, Infinity, Infinity];
  private readonly high = [-Infinity, -Infinity, -Infinity];

  constructor(private readonly canvas: HTMLCanvasElement, bodies: readonly Body[]) {
    const gl = canvas.getContext("webgl", { antialias: true });
    if (!gl) throw new Error("This browser draws nothing in three dimensions (no WebGL).");
    this.gl = gl;
    this.program = gl.createProgram();
    gl.attachShader(this.program, shader(gl, gl.VERTEX_SHADER, VERTEX));
    gl.attachShader(this.program, shader(gl, gl.FRAGMENT_SHADER, FRAGMENT));
    gl.linkProgram(this.program);
    gl.useProgram(this.program);
    gl.enable(gl.DEPTH_TEST);
    gl.uniform3fv(this.uniform("scale"), SCALE.flatMap((colour) => colour.map((part) => part / 255)));
    this.meshes = bodies.map((body) => this.mesh(body));
  }

  private uniform(name: string): WebGLUniformLocation | null {
    return this.gl.getUniformLocation(this.program, name);
  }

  private buffer(data: Float32Array<ArrayBuffer>): WebGLBuffer {
    const { gl } = this;
    const made = gl.createBuffer();
    gl.bindBuffer(gl.ARRAY_BUFFER, made);
    gl.bufferData(gl.ARRAY_BUFFER, data, gl.STATIC_DRAW);
    return made;
  }

  private mesh(body: Body): Mesh {
    body.positions.forEach((value, i) => {
      this.low[i % 3] = Math.min(this.low[i % 3] ?? value, value);
      this.high[i % 3] = Math.max(this.high[i % 3] ?? value, value);
    });
    const { places, normals } = spread(body);
    return {
      places: this.buffer(new Float32Array(places)),
      normals: this.buffer(new Float32Array(normals)),
      values: this.buffer(new Float32Array(body.triangles.length)),
      corners: body.triangles.length,
      body,
    };
  }

  /** Colours the bodies by one of their fields. */
  colour(field: string): void {
    const { gl } = this;
    for (const mesh of this.meshes) {
      const values = mesh.body.values[field] ?? [];
      gl.bindBuffer(gl.ARRAY_BUFFER, mesh.values);
      gl.bufferData(gl.ARRAY_BUFFER, new Float32Array(mesh.body.triangles.map((corner) => values[corner] ?? 0)), gl.STATIC_DRAW);
    }
  }

  draw(look: Look, field: string, minimum: number, maximum: number): void {
    const { gl, canvas, low, high } = this;
    const [width, height] = [canvas.clientWidth * devicePixelRatio, canvas.clientHeight * devicePixelRatio];
    if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
    gl.viewport(0, 0, canvas.width, canvas.height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    const middle = low.map((value, axis) => -(value + (high[axis] ?? value)) / 2);
    const extent = Math.hypot(...low.map((value, axis) => (high[axis] ?? value) - value)) || 1;
    const size = (1.85 * look.zoom) / extent;
    const aspect = canvas.width / Math.max(canvas.height, 1);
    const turn = turned(look.around, look.tilt);
    // Depth runs away from the eye; it stays well within the range that is drawn.
    const lens = scaled(size / Math.max(aspect, 1), size * Math.min(aspect, 1), -0.9 / extent);
    const view = multiply(lens, multiply(turn, moved(middle[0] ?? 0, middle[1] ?? 0, middle[2] ?? 0)));
    gl.uniformMatrix4fv(this.uniform("view"), false, view);
    gl.uniformMatrix4fv(this.uniform("turn"), false, turn);
    gl.uniform2f(this.uniform("range"), minimum, maximum);
    const at = (low[look.axis] ?? 0) + look.cut * ((high[look.axis] ?? 0) - (low[look.axis] ?? 0)) + 1e-6 * extent;
    const axis = [0, 1, 2].map((i) => (i === look.axis ? 1 : 0));
    gl.uniform4f(this.uniform("cut"), axis[0] ?? 0, axis[1] ?? 0, axis[2] ?? 0, look.cut >= 1 ? Number.MAX_VALUE : at);
    for (const mesh of this.meshes) {
      gl.uniform1f(this.uniform("plain"), mesh.body.values[field] ? 0 : 1);
      for (const [name, buffer, size] of [["place", mesh.places, 3], ["normal", mesh.normals, 3], ["value", mesh.values, 1]] as const) {
        const place = gl.getAttribLocation(this.program, name);
        gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
        gl.enableVertexAttribArray(place);
        gl.vertexAttribPointer(place, size, gl.FLOAT, false, 0, 0);
      }
      gl.drawArrays(gl.TRIANGLES, 0, mesh.corners);
    }
  }

  end(): void {
    this.gl.getExtension("WEBGL_lose_context")?.loseContext();
  }
}
