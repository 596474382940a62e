/** Small repeated images, drawn point by point: hidden figures, inapplicable ones, uncertain ones. */

export interface Pattern {
  width: number;
  height: number;
  data: Uint8ClampedArray;
}

type Paint = (x: number, y: number, size: number) => [number, number, number, number];

function make(size: number, paint: Paint): Pattern {
  const data = new Uint8ClampedArray(size * size * 4);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) data.set(paint(x, y, size), (y * size + x) * 4);
  }
  return { width: size, height: size, data };
}

/** Slanted lines on white: there is a number, and it is hidden. */
export const hidden = make(16, (x, y, size) =>
  (x + y) % size < 4 ? [104, 112, 122, 255] : [250, 250, 250, 255],
);

/** Sparse points on white: the question does not apply here. */
export const notApplicable = make(16, (x, y, size) =>
  (x - size / 2) ** 2 + (y - size / 2) ** 2 < 5 ? [150, 156, 163, 255] : [250, 250, 250, 255],
);

/** Points laid over a colour: the number is uncertain. */
export const uncertain = make(16, (x, y, size) =>
  (x - size / 2) ** 2 + (y - size / 2) ** 2 < 7 ? [30, 34, 40, 235] : [0, 0, 0, 0],
);
