import { copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const csv = [
  "name,petals,width",
  "setosa,3,0.5",
  '"versicolor, 100 %",4,',
  ",5,1.25",
  '"a ""quoted"" one",-6,-2.0',
  "Ähre 🌾,7,1e-07",
  "",
].join("\n");

const euro = [
  "name;petals;width",
  "setosa;3;0,5",
  "versicolor, 100 %;4;",
  ";5;1,25",
  '"a ""quoted"" one";-6;-2,0',
  "Ähre 🌾;7;1e-07",
  "",
].join("\n");

const jsonl = [
  '{"name":"setosa","petals":3,"width":0.5}',
  '{"name":"versicolor, 100 %","petals":4}',
  '{"name":null,"petals":5,"width":1.25}',
  "",
  '{"width":-2.0,"name":"a \\"quoted\\" one","petals":-6}\r',
  '{"name":"\\u00c4hre 🌾","petals":7,"width":1e-7}',
].join("\n");

const fromBase64 = (text: string) => new Uint8Array(Buffer.from(text, "base64"));

const files: Readonly<Record<string, string | Uint8Array>> = {
  "full.csv": csv,
  "empty.csv": "name,petals,width\n",
  "full.csv.gz": gzipSync(csv),
  "empty.csv.gz": gzipSync("name,petals,width\n"),
  // By Python's zipfile and bz2, and by the program zstd.
  "full.csv.zip": fromBase64(
    "UEsDBBQAAAAIAAAAIVhLKIJ3awAAAGwAAAAFAAAAeC5jc3YNycENwjAMBdC7p7AscfuJnELpPBG11EqlhiSUBTiyA5twYSFGgHd9az4bLtbyUnGfxzZRteY1Yw+NPclmpc4nX7yAkyrvBAcQeqTY/TuzyPXmzUYR9tUE4YjQRaXPYyrG39fzjQHJgg70A1BLAQIUAxQAAAAIAAAAIVhLKIJ3awAAAGwAAAAFAAAAAAAAAAAAAACAAQAAAAB4LmNzdlBLBQYAAAAAAQABADMAAACOAAAAAAA=",
  ),
  "empty.csv.zip": fromBase64(
    "UEsDBBQAAAAIAAAAIVg+SpsJFAAAABIAAAAFAAAAeC5jc3bLS8xN1SlILUnMKdYpz0wpyeACAFBLAQIUAxQAAAAIAAAAIVg+SpsJFAAAABIAAAAFAAAAAAAAAAAAAACAAQAAAAB4LmNzdlBLBQYAAAAAAQABADMAAAA3AAAAAAA=",
  ),
  "full.csv.bz2": fromBase64(
    "QlpoOTFBWSZTWZIckLcAACfZ7IAQUgd/gC5n/4AEBAAAgAEIAEAAIAB0KjyjJpoA9TQaDNRkKnoygxGjanqAAAeoqjbWAzmBtY5xANmZkcIVDR4/UIKRIoAsRcQWS0JABSDF9u3snIXXJf2sTA3tQ0PGvWZEqGihrKgYAdS4xlJmH4u5IpwoSEkOSFuA",
  ),
  "empty.csv.bz2": fromBase64("QlpoOTFBWSZTWYKP4dkAAAZRgAAQAAQmZ0yAIAAxAAAKNGIfqaO5R4riMfELdi7kinChIQUfw7I="),
  "full.csv.zst": fromBase64(
    "KLUv/QRoPQMAwsYYH6A5B/8/zFULKI/Tvpdr3c/MKR2qGrt861SEqrJvXR6sgK7ji1cTdbWuiGQx+AJ3wp2boY356Esfh7lNZjJ48fLswxloEMb2ShVqJLY2xEw+eOHT0tuWIfdIoltl3m7ey2QCADIG59Y=",
  ),
  "empty.csv.zst": fromBase64("KLUv/QRokQAAbmFtZSxwZXRhbHMsd2lkdGgKm2oy5Q=="),
  "full.euro.csv": euro,
  "empty.euro.csv": "name;petals;width\n",
  "full.jsonl": jsonl,
  "empty.jsonl": "",
  "full.txt": "Ähre 🌾\r\n",
  "empty.txt": "",
  "full.bin": Uint8Array.of(0, 255, 10, 13, 0x1f, 0x8b),
  "empty.bin": "",
};

/**
 * Writes the files that the suite reads, as other tools would write them.
 *
 * @param folder Where to.
 */
export async function writeContents(folder: string): Promise<void> {
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  const fixture = (name: string) =>
    fileURLToPath(new URL(`../../unit/data/parquet/fixtures/${name}.parquet`, import.meta.url));
  await copyFile(fixture("contract"), join(folder, "full.parquet"));
  await copyFile(fixture("contract-empty"), join(folder, "empty.parquet"));
}
