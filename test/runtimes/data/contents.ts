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

const files: Readonly<Record<string, string | Uint8Array>> = {
  "full.csv": csv,
  "empty.csv": "name,petals,width\n",
  "full.csv.gz": gzipSync(csv),
  "empty.csv.gz": gzipSync("name,petals,width\n"),
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
