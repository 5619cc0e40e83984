import { readdirSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { AwsClient } from "aws4fetch";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createAzureClient, readAzureAccount } from "../../runtimes/azure/client.ts";
import { createHost } from "../../runtimes/node.ts";
import { openProject } from "../../runtimes/project/open-project.ts";
import { isLaunchpadError, type Launchpad } from "../../src/index.ts";
import { azureKeys, type RunningAzure, startAzure } from "../storage/azure.ts";
import { type RunningServer, s3Keys, startS3 } from "../storage/servers.ts";

/** Folder as MLflow wrote it, and what the library predicts; nothing where the format is none that is read. */
interface Entry {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly number[])[];
  readonly probabilities?: readonly number[];
}

const corpus = fileURLToPath(new URL("./mlflow/corpus/", import.meta.url));
const entryOf = (name: string): Entry =>
  JSON.parse(gunzipSync(readFileSync(`${corpus}${name}.json.gz`)).toString()) as Entry;
const entries = readdirSync(corpus).map((file) => entryOf(file.replace(".json.gz", "")));
const bytesOf = (text = "") => Uint8Array.from(Buffer.from(text, "base64"));

const folders: string[] = [];
const open: Launchpad[] = [];
let files: Server;
let s3: RunningServer;
let azure: RunningAzure;
const served = new Map<string, Uint8Array>();

beforeAll(async () => {
  files = createServer((request, response) => {
    const isKnown = request.headers.authorization === "Bearer of-the-registry";
    const found = isKnown ? served.get((request.url ?? "").split("?")[0] ?? "") : undefined;
    response.statusCode = found ? 200 : 404;
    response.end(found);
  });
  await new Promise<void>((resolve) => files.listen(0, "127.0.0.1", resolve));
  [s3, azure] = await Promise.all([startS3("models"), startAzure("models")]);
});

afterAll(async () => {
  for (const launchpad of open) await launchpad.close();
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
  files.close();
  await Promise.all([s3.stop(), azure.stop()]);
});

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "launchpad-mlflow-"));
  folders.push(folder);
  return folder;
}

/** Opens a project with a model that its configuration names. */
async function openModel(model: object, folder: string, env: Record<string, string> = {}): Promise<Launchpad> {
  const config = {
    model_store: { location: "./model_store" },
    model: { name: "churn", version: "1.0.0", target: "churned", ...model },
    api: { name: "churn" },
  };
  await writeFile(join(folder, "launchpad.yml"), JSON.stringify(config));
  const host = { ...createHost(), env: (name: string) => env[name] };
  const launchpad = await openProject(host, { config: join(folder, "launchpad.yml") });
  open.push(launchpad);
  return launchpad;
}

/** Writes what MLflow wrote, as `./model`. */
async function written(entry: Entry, change = (text: string) => text): Promise<string> {
  const folder = await emptyFolder();
  await mkdir(join(folder, "model"));
  for (const [name, content] of Object.entries(entry.files)) {
    const bytes = bytesOf(content);
    await writeFile(join(folder, "model", name), name === "MLmodel" ? change(new TextDecoder().decode(bytes)) : bytes);
  }
  return folder;
}

/** Trains, and compares every row with what the library predicted. */
async function predictsAsMade(launchpad: Launchpad, entry: Entry): Promise<void> {
  await launchpad.train();
  for (const [index, row] of entry.rows.entries()) {
    const args = Object.fromEntries(entry.columns.map((name, at) => [name, row[at]]));
    const answer = await launchpad.predict(args);
    // A graph of ONNX is in float32, where the library judges in float64.
    expect(answer).toMatchObject({ probabilities: { 1: expect.closeTo(entry.probabilities?.[index] ?? 2, 6) } });
  }
}

const refusalOf = (opening: Promise<unknown>): Promise<string> =>
  opening.then(
    () => "not refused",
    (error) => (isLaunchpadError(error) ? `${error.code} ${error.message}` : String(error)),
  );

const namesOf = ({ name, columns }: Entry) => (name === "onnx" ? { features: columns } : {});
const readable = entries.filter(({ probabilities }) => probabilities);

describe("a folder of MLflow", () => {
  it.each(readable.map((entry) => [entry.name, entry] as const))(
    "with %s predicts as its library",
    async (_, entry) => {
      const folder = await written(entry);
      await predictsAsMade(await openModel({ module: "./model", ...namesOf(entry) }, folder), entry);
    },
  );

  it("may be named by its MLmodel, with a slash, and with the type that is in it", async () => {
    const entry = entryOf("xgboost-ubj");
    const folder = await written(entry);
    for (const model of [{ module: "model/MLmodel" }, { module: "./model/" }, { module: "model", type: "xgboost" }]) {
      await predictsAsMade(await openModel(model, folder), entry);
    }
  });

  it.each([
    ["catboost-cbm", /model\.cb: .*found CatBoost's own format \("cbm"\).*save_model\("model\.json", format="json"\)/],
    ["lightgbm-skops", /found LightGBM's wrapper for scikit-learn.*model\.booster_\.save_model\("model\.txt"\)/],
    ["sklearn-pickle", /model\.pkl: .*found a pickle.*skops\.io\.dump\(model, "model\.skops"\)/],
    ["python", /expected a flavour of xgboost, lightgbm, catboost, sklearn, onnx, found python_function/],
  ])("with %s is refused by its format, with the way out", async (name, message) => {
    const folder = await written(entryOf(name));
    const refusal = await refusalOf(openModel({ module: "./model" }, folder));
    expect(refusal).toMatch(/^MODEL_FILE_UNSUPPORTED \S*MLmodel: /);
    expect(refusal).toMatch(message);
  });

  it.each([
    ["no flavours", () => "a: 1", /^MODEL_FILE_INVALID .*found no flavors/],
    ["no YAML", () => "a: [", /^MODEL_FILE_INVALID .*MLmodel: line 1: /],
    [
      "a file elsewhere",
      (text: string) => text.replaceAll("model.ubj", "../model.ubj"),
      /in the folder, found "\.\.\/model\.ubj"/,
    ],
    [
      "an absolute file",
      (text: string) => text.replaceAll("model.ubj", "/etc/passwd"),
      /in the folder, found "\/etc\/passwd"/,
    ],
    ["a URL", (text: string) => text.replaceAll("model.ubj", "http://a/b"), /in the folder, found "http:\/\/a\/b"/],
    [
      "no file",
      (text: string) => text.replaceAll("data: model.ubj", "data: 3"),
      /data: expected the name of a file, found 3/,
    ],
    ["another file", (text: string) => text.replaceAll("model.ubj", "MLmodel"), /MLmodel: .*found none of XGBoost/],
    ["a file that is not there", (text: string) => text.replaceAll("model.ubj", "m.ubj"), /^DATA_UNAVAILABLE .*m\.ubj/],
    ["a recursive alias", () => "flavors: &a { xgboost: *a }", /^MODEL_FILE_INVALID/],
  ])("with %s is one clear error", async (_, change, message) => {
    const folder = await written(entryOf("xgboost-ubj"), change);
    expect(await refusalOf(openModel({ module: "./model" }, folder))).toMatch(message);
  });

  it("is refused where a module stands in it as well, and where it holds no model of the type that is named", async () => {
    const folder = await written(entryOf("xgboost-ubj"));
    expect(await refusalOf(openModel({ module: "./model", type: "onnx" }, folder))).toMatch(
      /that is onnx, found python_function, xgboost/,
    );
    await writeFile(join(folder, "model", "index.ts"), "export const predict = () => 1;");
    expect(await refusalOf(openModel({ module: "./model" }, folder))).toMatch(/expected one file for "\.\/model"/);
  });
});

describe("a model file at a URL", () => {
  const entry = entryOf("xgboost-ubj");
  const bytes = bytesOf(entry.files["model.ubj"]);
  const token = { headers: { authorization_var: "REGISTRY" } };
  const env = { REGISTRY: "Bearer of-the-registry", KEY: "S3RVER", AZURE: azureKeys.account_key };
  const urlOf = (path: string) => `http://127.0.0.1:${(files.address() as AddressInfo).port}${path}`;

  beforeAll(async () => {
    served.set("/models/churn.ubj", bytes);
    for (const [name, content] of Object.entries(entry.files)) served.set(`/registry/7/${name}`, bytesOf(content));
    const aws = new AwsClient({ accessKeyId: "S3RVER", secretAccessKey: "S3RVER", service: "s3", region: "us-east-1" });
    for (const [name, content] of Object.entries(entry.files)) {
      const url = `http://127.0.0.1:${s3.port}/models/churn/${name}`;
      expect((await aws.fetch(url, { method: "PUT", body: bytesOf(content) })).status).toBe(200);
    }
    const settings: Record<string, string> = { ...azureKeys, endpoint: azure.endpoint };
    const account = readAzureAccount("models", {
      text: (name) => settings[name],
      env: () => undefined,
      at: () => "test",
    });
    const { send, urlOf: blob } = createAzureClient("models", account);
    const headers = { "x-ms-blob-type": "BlockBlob" };
    await send("PUT", blob("churn.ubj"), (response) => response.text(), { body: bytes, headers });
  });

  it.each([
    ["a server, with a secret header", () => ({ module: urlOf("/models/churn.ubj"), location: token })],
    ["a server, with a query", () => ({ module: urlOf("/models/churn.ubj?sig=Eby8vdM02x"), location: token })],
    ["a folder of MLflow", () => ({ module: urlOf("/registry/7"), location: token })],
    ["a folder of MLflow by its MLmodel", () => ({ module: urlOf("/registry/7/MLmodel"), location: token })],
    [
      "a bucket",
      () => ({
        module: "s3://models/churn/model.ubj",
        location: {
          access_key_id: s3Keys.access_key_id,
          secret_access_key_var: "KEY",
          endpoint: `http://127.0.0.1:${s3.port}`,
        },
      }),
    ],
    [
      "a folder of MLflow in a bucket",
      () => ({
        module: "s3://models/churn/",
        location: { ...s3Keys, endpoint: `http://127.0.0.1:${s3.port}` },
      }),
    ],
    [
      "a container of Azure",
      () => ({
        module: "az://models/churn.ubj",
        location: { endpoint: azure.endpoint, account_name: azureKeys.account_name, account_key_var: "AZURE" },
      }),
    ],
  ])("is read from %s", async (_, model) => {
    const launchpad = await openModel(model(), await emptyFolder(), env);
    await predictsAsMade(launchpad, entry);
    expect(JSON.stringify(await launchpad.models())).not.toMatch(/of-the-registry|Eby8vdM02x/);
  });

  it("leaves no copy behind, opened or refused", async () => {
    const copies = async () => (await readdir(tmpdir())).filter((name) => name.startsWith("launchpad-project-"));
    const before = await copies();
    const launchpad = await openModel(
      { module: urlOf("/models/churn.ubj"), location: token },
      await emptyFolder(),
      env,
    );
    await launchpad.close();
    served.set("/models/broken.ubj", bytes.slice(0, 200));
    const refusal = await refusalOf(
      openModel({ module: urlOf("/models/broken.ubj"), location: token }, await emptyFolder(), env),
    );
    expect(refusal).toMatch(/^MODEL_FILE_INVALID http:\/\/127\.0\.0\.1:\d+\/models\/broken\.ubj/);
    expect((await copies()).filter((name) => !before.includes(name))).toEqual([]);
  });

  it.each([
    [
      "code",
      "/model.ts",
      {},
      /expected a model file \(.*\.ubj.*\) or a folder of MLflow\. Code is run from files of this machine only/,
    ],
    [
      "code by its type",
      "/model.py",
      { type: "python" },
      /CONFIG_INVALID .*Code is run from files of this machine only/,
    ],
    ["a pickle", "/models/churn.pkl", {}, /found a pickle.*skops\.io\.dump/s],
    ["what is not there", "/models/none.ubj", {}, /^DATA_UNAVAILABLE .*none\.ubj.*404/],
    ["a folder without MLmodel", "/models", {}, /^DATA_UNAVAILABLE .*models\/MLmodel/],
    ["what asks for a secret", "/models/churn.ubj", { location: {} }, /^DATA_UNAVAILABLE/],
    [
      "a variable that is not set",
      "/models/churn.ubj",
      { location: { headers: { a_var: "NONE" } } },
      /^VARIABLE_NOT_SET .*NONE/,
    ],
  ])("is refused: %s", async (_, path, model, message) => {
    served.set("/models/churn.pkl", bytes);
    const refusal = await refusalOf(
      openModel({ module: urlOf(path), location: token, ...model }, await emptyFolder(), env),
    );
    expect(refusal).toMatch(message);
  });

  it("is refused with the schemes there are where nothing serves its own", async () => {
    const refusal = await refusalOf(openModel({ module: "models:/churn/3" }, await emptyFolder()));
    expect(refusal).toMatch(/^DATA_UNAVAILABLE .*nothing serves models: on node; served are file:, http:/);
  });
});
