/** The little algebra of a turned view: 4 x 4 matrices in the order of WebGL, column after column. */

export type Matrix = Float32Array;

export function multiply(a: Matrix, b: Matrix): Matrix {
  const made = new Float32Array(16);
  for (let column = 0; column < 4; column += 1) {
    for (let row = 0; row < 4; row += 1) {
      let sum = 0;
      for (let k = 0; k < 4; k += 1) sum += (a[k * 4 + row] ?? 0) * (b[column * 4 + k] ?? 0);
      made[column * 4 + row] = sum;
    }
  }
  return made;
}

/** Turned by `around` about the vertical z, then tilted towards the eye. */
export function turned(around: number, tilt: number): Matrix {
  const [c, s, d, t] = [Math.cos(around), Math.sin(around), Math.cos(tilt), Math.sin(tilt)];
  return new Float32Array([c, s * t, s * d, 0, -s, c * t, c * d, 0, 0, d, -t, 0, 0, 0, 0, 1]);
}

export const scaled = (x: number, y: number, z: number): Matrix => new Float32Array([x, 0, 0, 0, 0, y, 0, 0, 0, 0, z, 0, 0, 0, 0, 1]);

export const moved = (x: number, y: number, z: number): Matrix => new Float32Array([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, x, y, z, 1]);
