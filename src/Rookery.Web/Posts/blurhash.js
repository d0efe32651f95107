// BlurHash: a few colours of a picture in a short text. Made of what is chosen, shown where a picture is not there yet.

const digits83 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~";
const within = (value, least, most) => Math.min(most, Math.max(least, value));
const signedPower = (value, power) => Math.sign(value) * Math.abs(value) ** power;

/** Light adds up, the numbers of sRGB do not. */
const toLight = (value) => (value > 10 ? ((value / 255 + 0.055) / 1.055) ** 2.4 : value / 3294.6);
const toByte = (light) =>
  Math.round(255 * (light > 0.0031308 ? 1.055 * within(light, 0, 1) ** (1 / 2.4) - 0.055 : 12.92 * Math.max(0, light)));

const read83 = (text) => [...text].reduce((sum, digit) => 83 * sum + digits83.indexOf(digit), 0);
const write83 = (value, length) =>
  Array.from({ length }, (_, i) => digits83[Math.floor(value / 83 ** (length - 1 - i)) % 83]).join("");

const wave = (x, y, atX, atY) => Math.cos(Math.PI * x * atX) * Math.cos(Math.PI * y * atY);

/** Of the pixels of a canvas, which should be few. */
function hashOf({ data, width, height }, across = 4, down = 3) {
  const colours = [];
  for (let part = 0; part < across * down; part++) {
    const sum = [0, 0, 0];
    for (let at = 0; at < width * height; at++) {
      const share = wave(part % across, Math.floor(part / across), (at % width) / width, Math.floor(at / width) / height);
      for (let i = 0; i < 3; i++) sum[i] += (share * toLight(data[4 * at + i]) * (part ? 2 : 1)) / (width * height);
    }
    colours.push(sum);
  }
  const [mean, ...rest] = colours;
  const most = within(Math.floor(166 * Math.max(...rest.flat().map(Math.abs)) - 0.5), 0, 82);
  const step = (value) => within(Math.floor(9 * signedPower((166 * value) / (most + 1), 0.5) + 9.5), 0, 18);
  return (
    write83(across - 1 + 9 * (down - 1), 1) +
    write83(most, 1) +
    write83(mean.reduce((all, light) => 256 * all + toByte(light), 0), 4) +
    rest.map((colour) => write83(colour.reduce((all, value) => 19 * all + step(value), 0), 2)).join("")
  );
}

function drawHash(hash, canvas) {
  const size = read83(hash[0]);
  const across = (size % 9) + 1;
  const most = (read83(hash[1]) + 1) / 166;
  const mean = read83(hash.slice(2, 6));
  const colours = [[mean >> 16, (mean >> 8) & 255, mean & 255].map(toLight)];
  for (let at = 6; at < hash.length; at += 2) {
    const value = read83(hash.slice(at, at + 2));
    colours.push([value / 361, (value / 19) % 19, value % 19].map((one) => most * signedPower((Math.floor(one) - 9) / 9, 2)));
  }
  const { width, height } = canvas;
  const context = canvas.getContext("2d");
  const image = context.createImageData(width, height);
  for (let at = 0; at < width * height; at++) {
    const shares = colours.map((_, part) =>
      wave(part % across, Math.floor(part / across), (at % width) / width, Math.floor(at / width) / height),
    );
    for (let i = 0; i < 3; i++) {
      image.data[4 * at + i] = toByte(colours.reduce((sum, colour, part) => sum + shares[part] * colour[i], 0));
    }
    image.data[4 * at + 3] = 255;
  }
  context.putImageData(image, 0, 0);
}

/** What stands behind pictures until they are there. */
function placehold(where) {
  for (const picture of where.querySelectorAll("img[data-blurhash]")) {
    if (picture.complete) continue;
    const colours = make("canvas", { class: "blur", width: 24, height: 24, "aria-hidden": "true" });
    drawHash(picture.dataset.blurhash, colours);
    picture.before(colours);
    for (const end of ["load", "error"]) picture.addEventListener(end, () => colours.remove());
  }
}

placehold(document);
