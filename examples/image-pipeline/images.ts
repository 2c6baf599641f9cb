type Colour = readonly [red: number, green: number, blue: number];

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A PPM image of so many pixels, each of the colour that `paint` says. */
function ppm(width: number, height: number, paint: (x: number, y: number) => Colour): Uint8Array {
  const pixels = Array.from({ length: width * height }, (_, at) => paint(at % width, Math.trunc(at / width))).flat();
  return Uint8Array.from([...ascii(`P6\n${width} ${height}\n255\n`), ...pixels]);
}

const sunset = ppm(48, 32, (_, y) => [255, 200 - 6 * y, 4 * y]);
const rings = ppm(64, 64, (x, y) => (Math.hypot(x - 32, y - 32) % 16 < 8 ? [20, 60, 160] : [240, 240, 220]));
const chess = ppm(24, 24, (x, y) => (((x >> 3) + (y >> 3)) % 2 === 0 ? [255, 255, 255] : [0, 0, 0]));

/** Three that are sound, and three that are not: another format, one cut off, and one that was made to do harm. */
export const images: readonly (readonly [name: string, image: Uint8Array])[] = [
  ["sunset", sunset],
  ["holiday", ascii("GIF89a not what it seems")],
  ["rings", rings],
  ["crafted", ascii("P6\n2 2\n0\nabcdefghijkl")],
  ["torn", sunset.subarray(0, 1000)],
  ["chess", chess],
];

/** The first lines of a netpbm image in short: `P5 48x32`. */
export function describeImage(image: Uint8Array): string {
  const [format = "", size = ""] = new TextDecoder("latin1").decode(image).split("\n", 2);
  return `${format} ${size.replace(" ", "x")}`;
}
