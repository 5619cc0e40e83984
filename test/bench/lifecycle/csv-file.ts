import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

const cities = ["Berlin", "Paris", "London", "New York", "Tokyo", "Rio de Janeiro", "Oslo", "Wien", "München", "Lagos"];

/**
 * Writes a CSV file of rows that look like data, the same in every run (Lehmer's generator): nine columns, five of them numbers,
 * one of which has all the digits of its float64.
 *
 * @param path Where to.
 * @param bytes About how large.
 */
export async function writeCsv(path: string, bytes: number): Promise<void> {
  await pipeline(Readable.from(pieces(bytes)), createWriteStream(path));
}

function* pieces(bytes: number): Generator<string> {
  let state = 1;
  const random = () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
  const among = <T>(values: readonly T[]) => values[Math.floor(random() * values.length)];
  const two = (value: number) => String(1 + Math.floor(random() * value)).padStart(2, "0");
  let written = 0;
  let id = 0;
  let piece = "id,name,city,price,quantity,latitude,score,active,day\n";
  while (written < bytes) {
    for (let i = 0; i < 1000; i++) {
      const cells = [
        id++,
        `customer ${Math.floor(random() * 1e7)}`,
        among(cities),
        (random() * 1000).toFixed(2),
        Math.floor(random() * 100),
        (random() * 180 - 90).toFixed(6),
        (random() - 0.5) * (random() + 0.5),
        among(["True", "False"]),
        `2024-${two(12)}-${two(28)}`,
      ];
      piece += `${cells.join(",")}\n`;
    }
    written += piece.length;
    yield piece;
    piece = "";
  }
}
