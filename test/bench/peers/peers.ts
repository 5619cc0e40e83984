import { cp, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { freePort } from "../../databases/servers.ts";
import { irisRequest } from "../floor/iris.ts";
import type { Context } from "../tool/benchmark.ts";
import type { Request } from "../tool/load.ts";
import { runProgram } from "../tool/programs.ts";
import type { Contender } from "../tool/server.ts";

/** What a peer has to set up its server. */
export interface Setup {
  readonly context: Context;
  /** The interpreter of its virtual environment. */
  readonly python: string;
  /** An empty folder of its own. */
  readonly folder: string;
  readonly processes: number;
}

/** A package that serves models. */
export interface Peer {
  /** The virtual environment, and the package in it that is compared. */
  readonly requirements: string;
  readonly main: string;
  /** How it is run: its recommended way of production, in words. */
  readonly how: string;
  /** Trains the model, and says how to serve it. */
  prepare(setup: Setup): Promise<Contender>;
}

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const example = (file: string) => here(`../../../examples/iris/${file}`);
const program = (python: string, name: string) => join(dirname(python), name);
const json = { "content-type": "application/json" };
const measurements = [4.9, 2.4, 3.3, 1];
const names = ["sepal.length", "sepal.width", "petal.length", "petal.width"];

const post = (path: string, body: object): Request => ({
  path,
  method: "POST",
  headers: json,
  body: JSON.stringify(body),
});

/** Trains with scikit-learn, into a file of that name. */
async function train({ context, python, folder }: Setup, form: "joblib" | "mlflow"): Promise<string> {
  const out = join(folder, form === "joblib" ? "model.joblib" : "model");
  await runProgram(context, [python, here("servers/train.py"), example("iris_train.csv"), form, out], { cwd: folder });
  return out;
}

/** All peers: the same tree of the same data, asked about the same flower. None is to send anything to anybody. */
export const peers: Readonly<Record<string, Peer>> = {
  "ML Launchpad": {
    requirements: "mllaunchpad",
    main: "mllaunchpad",
    how: "gunicorn, as its documentation says, with Flask and Werkzeug of its time",
    async prepare({ context, python, folder, processes }) {
      await cp(here("servers/mllaunchpad"), folder, { recursive: true });
      for (const file of ["iris.raml", "iris_train.csv", "iris_holdout.csv"])
        await cp(example(file), join(folder, file));
      await cp(example("launchpad.yml"), join(folder, "launchpad.yml"));
      await runProgram(context, [program(python, "mllaunchpad"), "-c", "launchpad.yml", "train"], { cwd: folder });
      return {
        command: (port) => [
          ...[program(python, "gunicorn"), "--workers", `${processes}`, "--bind", `127.0.0.1:${port}`],
          "mllaunchpad.wsgi:application",
        ],
        env: () => ({ LAUNCHPAD_CFG: "launchpad.yml" }),
        cwd: folder,
        request: irisRequest,
      };
    },
  },
  FastAPI: {
    requirements: "fastapi",
    main: "fastapi",
    how: "uvicorn with uvloop and httptools, no access log; parameters and answer are checked by pydantic",
    async prepare(setup) {
      const model = await train(setup, "joblib");
      await cp(here("servers/fastapi_app.py"), join(setup.folder, "fastapi_app.py"));
      const options = ["--workers", `${setup.processes}`, "--no-access-log", "--log-level", "warning"];
      return {
        command: (port) => [program(setup.python, "uvicorn"), "fastapi_app:app", "--port", `${port}`, ...options],
        env: () => ({ IRIS_MODEL: model }),
        cwd: setup.folder,
        request: irisRequest,
      };
    },
  },
  BentoML: {
    requirements: "bentoml",
    main: "bentoml",
    how: "bentoml serve, no access log",
    async prepare(setup) {
      const model = await train(setup, "joblib");
      await cp(here("servers/bentoml_service.py"), join(setup.folder, "bentoml_service.py"));
      const [sepal_length, sepal_width, petal_length, petal_width] = measurements;
      return {
        command: (port) => [
          ...[program(setup.python, "bentoml"), "serve", "bentoml_service:Iris"],
          ...["--host", "127.0.0.1", "--port", `${port}`],
        ],
        env: () => ({
          IRIS_MODEL: model,
          PROCESSES: `${setup.processes}`,
          BENTOML_HOME: join(setup.folder, "home"),
          BENTOML_DO_NOT_TRACK: "True",
        }),
        cwd: setup.folder,
        request: post("/varieties", { sepal_length, sepal_width, petal_length, petal_width }),
      };
    },
  },
  MLflow: {
    requirements: "mlflow",
    main: "mlflow",
    how: "mlflow models serve, in its own environment",
    async prepare(setup) {
      const model = await train(setup, "mlflow");
      return {
        command: (port) => [
          ...[program(setup.python, "mlflow"), "models", "serve", "--model-uri", model, "--env-manager", "local"],
          ...["--host", "127.0.0.1", "--port", `${port}`, "--workers", `${setup.processes}`],
        ],
        env: () => ({
          PATH: `${dirname(setup.python)}:${process.env.PATH}`,
          MLFLOW_DISABLE_TELEMETRY: "true",
          DO_NOT_TRACK: "true",
        }),
        cwd: setup.folder,
        request: post("/invocations", { dataframe_split: { columns: names, data: [measurements] } }),
      };
    },
  },
  MLServer: {
    requirements: "mlserver",
    main: "mlserver",
    how: "mlserver start, models in the process of the server when there is one process",
    async prepare(setup) {
      await train(setup, "joblib");
      const model = {
        name: "iris",
        implementation: "mlserver_sklearn.SKLearnModel",
        parameters: { uri: "./model.joblib" },
      };
      await writeFile(join(setup.folder, "model-settings.json"), JSON.stringify(model));
      const settings = { host: "127.0.0.1", debug: false, parallel_workers: setup.processes > 1 ? setup.processes : 0 };
      const grpc = await freePort();
      await writeFile(join(setup.folder, "settings.json"), JSON.stringify({ ...settings, metrics_endpoint: null }));
      const inputs = [{ name: "predict", shape: [1, 4], datatype: "FP32", data: measurements }];
      return {
        command: () => [program(setup.python, "mlserver"), "start", setup.folder],
        env: (port) => ({ MLSERVER_HTTP_PORT: `${port}`, MLSERVER_GRPC_PORT: `${grpc}` }),
        cwd: setup.folder,
        request: post("/v2/models/iris/infer", { inputs }),
      };
    },
  },
};

/** An empty folder for a peer. */
export async function folderFor(context: Context, peer: string): Promise<string> {
  const folder = join(context.folder, "peers", peer.replaceAll(" ", "-"));
  await mkdir(folder, { recursive: true });
  return folder;
}
