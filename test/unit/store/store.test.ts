import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Driver } from "unstorage";
import memoryDriver from "unstorage/drivers/memory";
import { afterAll } from "vitest";
import { fileDriver } from "../../../runtimes/storage/file-driver.ts";
import { storeContract } from "../../contract/store.ts";

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

storeContract("memory", () => memoryDriver() as Driver, Number.POSITIVE_INFINITY);

storeContract(
  "files",
  async () => {
    const folder = await mkdtemp(join(tmpdir(), "launchpad-store-"));
    folders.push(folder);
    return fileDriver({ folder: join(folder, "model_store") });
  },
  60,
);
