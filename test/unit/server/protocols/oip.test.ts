import { deflateSync, gzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { type Irises, irises, irisOf } from "../../../support/irises.ts";

let server: Irises;
beforeAll(async () => {
  server = await irises({ protocols: ["oip"], admin: true, admin_token_var: "TOKEN" }, { TOKEN: "secret-token" });
});

const column = (name: string, data: unknown[], datatype = "FP64", shape: number[] = [data.length]) => ({
  name,
  shape,
  datatype,
  data,
});
const two = [column("length", [1, 4]), column("width", [1.5, 2])];
const infer = (body: unknown, headers?: Record<string, string>) => server.post("/v2/models/iris/infer", body, headers);
const outputsOf = async (body: object) => {
  const response = await infer(body);
  const json = await response.json();
  expect(json).not.toHaveProperty("error");
  return json.outputs as { name: string; datatype: string; shape: number[]; data: unknown[] }[];
};
const refusal = async (body: unknown, headers?: Record<string, string>) => {
  const response = await infer(body, headers);
  const json = await response.json();
  expect(Object.keys(json)).toEqual(["error"]);
  expect(response.headers.get("content-type")).toBe("application/json");
  return `${response.status} ${json.error}`;
};

describe("the Open Inference Protocol", () => {
  it("tells of the server and the model", async () => {
    for (const path of ["/v2", "/v2/"]) {
      expect(await (await server.ask(path)).json()).toMatchObject({
        name: "mllaunchpad",
        extensions: ["binary_tensor_data", "model_repository"],
      });
    }
    const metadata = {
      name: "iris",
      versions: ["1.2.3"],
      platform: "mllaunchpad",
      inputs: [
        { name: "length", datatype: "FP64", shape: [-1] },
        { name: "width", datatype: "FP64", shape: [-1] },
        { name: "count", datatype: "INT64", shape: [-1] },
      ],
      outputs: [
        { name: "variety", datatype: "BYTES", shape: [-1] },
        { name: "area", datatype: "FP64", shape: [-1] },
        { name: "count", datatype: "INT64", shape: [-1] },
        { name: "sure", datatype: "BOOL", shape: [-1] },
        { name: "probabilities", datatype: "FP64", shape: [-1, 2] },
      ],
    };
    expect(await (await server.ask("/v2/models/iris")).json()).toEqual(metadata);
    expect(await (await server.ask("/v2/models/iris/versions/1.2.3")).json()).toEqual(metadata);
    for (const path of [
      "/v2/health/live",
      "/v2/health/ready",
      "/v2/models/iris/ready",
      "/v2/models/iris/versions/1.2.3/ready",
    ]) {
      expect((await server.ask(path)).status).toBe(200);
    }
  });

  it.each([
    "/v2/models/rose",
    "/v2/models/rose/ready",
    "/v2/models/iris/versions/2",
    "/v2/models/iris/versions/2/ready",
    "/v2/nothing",
    "/v2/health",
  ])("says in its own form that there is nothing at %s", async (path) => {
    const response = await server.ask(path);
    expect(response.status).toBe(404);
    expect(Object.keys(await response.json())).toEqual(["error"]);
  });

  it("answers n rows with n predictions, in order, one tensor an output", async () => {
    const response = await infer({ id: "42", inputs: two });
    const [a, b] = [irisOf({ length: 1, width: 1.5 }), irisOf({ length: 4, width: 2 })];
    expect(await response.json()).toEqual({
      model_name: "iris",
      model_version: "1.2.3",
      id: "42",
      outputs: [
        { name: "variety", datatype: "BYTES", shape: [2], data: [a.variety, b.variety] },
        { name: "area", datatype: "FP64", shape: [2], data: [1.5, 8] },
        { name: "count", datatype: "INT64", shape: [2], data: [0, 0] },
        { name: "sure", datatype: "BOOL", shape: [2], data: [a.sure, b.sure] },
        {
          name: "probabilities",
          datatype: "FP64",
          shape: [2, 2],
          parameters: { names: '["Setosa","Virginica"]' },
          data: [a, b].flatMap(({ probabilities: { Setosa, Virginica } }) => [Setosa, Virginica]),
        },
      ],
    });
    expect(response.headers.get("x-model")).toMatch(/^iris@1\.2\.3\//);
  });

  it.each([
    ["columns of [n,1]", [column("length", [1, 4], "FP64", [2, 1]), column("width", [[1.5], [2]], "FP64", [2, 1])]],
    ["a flat matrix of any name", [column("x", [1, 1.5, 4, 2], "FP64", [2, 2])]],
    [
      "a nested matrix of FP32",
      [
        column(
          "length",
          [
            [1, 1.5],
            [4, 2],
          ],
          "FP32",
          [2, 2],
        ),
      ],
    ],
    ["other datatypes of numbers", [column("length", [1, 4], "UINT8"), column("width", [1.5, 2], "FP16")]],
  ])("takes %s", async (_, inputs) => {
    const [, area] = await outputsOf({ inputs });
    expect(area?.data).toEqual([1.5, 8]);
  });

  it("takes a matrix of all numbers, or of those that are required", async () => {
    const [count] = await outputsOf({
      inputs: [column("x", [1, 1, 7, 2, 2, 8], "INT64", [2, 3])],
      outputs: [{ name: "count" }],
    });
    expect(count).toEqual({ name: "count", datatype: "INT64", shape: [2], data: [7, 8] });
  });

  it("gives the outputs that are asked for, in that order", async () => {
    const outputs = await outputsOf({ inputs: two, outputs: [{ name: "sure" }, { name: "area" }] });
    expect(outputs.map(({ name }) => name)).toEqual(["sure", "area"]);
    expect(await outputsOf({ inputs: two, outputs: [] })).toEqual([]);
  });

  it("answers no rows with no predictions", async () => {
    const outputs = await outputsOf({ inputs: [column("length", []), column("width", [])] });
    expect(outputs.map(({ shape }) => shape)).toEqual([[0], [0], [0], [0], [0, 2]]);
  });

  it("keeps whole numbers of 64 bits exact, or refuses them", async () => {
    const count = (data: unknown) =>
      infer(
        `{"inputs":[${two.map((one) => JSON.stringify(one)).join()},{"name":"count","shape":[2],"datatype":"INT64","data":${data}}],"outputs":[{"name":"count"}]}`,
      );
    const text = await (await count("[9007199254740991,-9007199254740991]")).text();
    expect(text).toContain('"data":[9007199254740991,-9007199254740991]');
    const response = await count("[9007199254740993,1]");
    expect(response.status).toBe(400);
    expect((await response.json()).error).toContain("9007199254740993");
    // A double holds 2^60, but not what is beside it.
    const large = (digits: string) =>
      infer(
        `{"inputs":[{"name":"length","shape":[1],"datatype":"INT64","data":[${digits}]},{"name":"width","shape":[1],"datatype":"FP64","data":[1]}],"outputs":[{"name":"area"}]}`,
      );
    expect((await (await large("1152921504606846976")).json()).outputs[0].data).toEqual([2 ** 60]);
    expect((await large("1152921504606846977")).status).toBe(400);
  });

  it("tells what is wrong, in its own form", async () => {
    expect(await refusal({ inputs: [column("length", [1, -4]), column("width", [1, 2])] })).toBe(
      "400 Row 2 is not valid: length: expected at least 0",
    );
    expect(await refusal({ inputs: [column("length", [1])] })).toMatch(/^400 .*width: required/);
    expect(await refusal({ inputs: [...two, column("size", [1, 2])] })).toMatch(/^400 .*size: unknown parameter/);
    expect(await refusal({ inputs: [...two, column("length", [1, 2])] })).toMatch(/^400 .*expected a name once/);
    expect(await refusal({ inputs: [column("length", [1, 4]), column("width", [1])] })).toMatch(
      /^400 .*expected 2 rows/,
    );
    expect(await refusal({ inputs: two, outputs: [{ name: "colour" }] })).toMatch(
      /^400 .*expected an output of the model/,
    );
    expect(await refusal({ inputs: [column("length", [1], "FP64", [2]), column("width", [1, 2])] })).toMatch(
      /expected 2 values/,
    );
    expect(await refusal({ inputs: [column("length", ["1", "2"], "BYTES"), column("width", [1, 2])] })).toMatch(
      /found BYTES/,
    );
    expect(await refusal({ inputs: [column("length", [300, 2], "UINT8"), column("width", [1, 2])] })).toMatch(
      /expected UINT8, found 300/,
    );
    expect(await refusal({ inputs: [column("length", [1.5, 2], "INT32"), column("width", [1, 2])] })).toMatch(
      /expected INT32, found 1.5/,
    );
    expect(await refusal({ inputs: [column("x", [1, 2, 3, 4], "FP64", [1, 4])] })).toMatch(
      /expected the shape \[1,3\] for length, width, count/,
    );
    expect(await refusal({ inputs: [column("x", [[1, 2, 3], [4]], "FP64", [2, 2])] })).toMatch(
      /expected data of the shape \[2,2\]/,
    );
    expect(await refusal({ inputs: [column("length", [1e300], "FP32"), column("width", [1])] })).toMatch(
      /expected FP32/,
    );
    expect(await refusal({ inputs: [column("length", [], "FP64", [2 ** 40, 0]), column("width", [])] })).toMatch(
      /^413 /,
    );
    expect(await refusal({ inputs: [column("length", [1], "FP65")] })).toMatch(/expected datatype, one of BOOL/);
    expect(await refusal({ id: 7, inputs: two })).toMatch(/^400 .*id: expected text/);
    expect(await refusal([])).toMatch(/^400 .*expected an object/);
    expect(await refusal("{")).toBe("400 The request is not valid: the body is not JSON");
    expect(await refusal({ inputs: two }, { "content-type": "text/plain" })).toMatch(/^415 /);
    const get = await server.ask("/v2/models/iris/infer");
    expect([get.status, get.headers.get("allow")]).toEqual([405, "POST, OPTIONS"]);
    expect(Object.keys(await get.json())).toEqual(["error"]);
  });
});

const binaryRequest = (json: object, ...parts: Uint8Array[]) => {
  const head = new TextEncoder().encode(JSON.stringify(json));
  return { body: Buffer.concat([head, ...parts]), length: head.length };
};
const send = (body: Uint8Array<ArrayBuffer>, headers: Record<string, string>) =>
  server.ask("/v2/models/iris/infer", { method: "POST", body, headers });
const bytesOf = (array: ArrayBufferView) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

describe("the extension binary_tensor_data", () => {
  const matrix = { name: "x", shape: [2, 2], datatype: "FP32", parameters: { binary_data_size: 16 } };
  const numbers = bytesOf(Float32Array.of(1, 1.5, 4, 2));

  it("takes and gives tensors in binary", async () => {
    const { body, length } = binaryRequest({ inputs: [matrix], parameters: { binary_data_output: true } }, numbers);
    const response = await send(body, { "inference-header-content-length": String(length) });
    expect(response.headers.get("content-type")).toBe("application/octet-stream");
    const bytes = Buffer.from(await response.arrayBuffer());
    const own = Number(response.headers.get("inference-header-content-length"));
    const { outputs } = JSON.parse(bytes.subarray(0, own).toString());
    let at = own;
    const parts: Record<string, Buffer> = {};
    for (const { name, parameters, data } of outputs) {
      expect(data).toBeUndefined();
      parts[name] = bytes.subarray(at, at + parameters.binary_data_size);
      at += parameters.binary_data_size;
    }
    expect(at).toBe(bytes.length);
    expect([parts.area?.readDoubleLE(0), parts.area?.readDoubleLE(8)]).toEqual([1.5, 8]);
    expect([parts.count?.readBigInt64LE(0), parts.count?.readBigInt64LE(8)]).toEqual([0n, 0n]);
    expect(parts.variety?.toString("latin1")).toBe("\x06\0\0\0Setosa\x09\0\0\0Virginica");
    expect([...(parts.sure ?? [])]).toEqual([0, 1]);
    expect(parts.probabilities?.readDoubleLE(0)).toBe(irisOf({ length: 1, width: 1.5 }).probabilities.Setosa);
  });

  it("gives in binary what is asked for in binary, and the rest in JSON", async () => {
    const response = await infer({
      inputs: two,
      outputs: [{ name: "area", parameters: { binary_data: true } }, { name: "sure" }],
    });
    const own = Number(response.headers.get("inference-header-content-length"));
    const bytes = Buffer.from(await response.arrayBuffer());
    const { outputs } = JSON.parse(bytes.subarray(0, own).toString());
    expect(outputs[1].data).toEqual([false, true]);
    expect(bytes.subarray(own).readDoubleLE(8)).toBe(8);
  });

  it.each([
    ["gzip", gzipSync],
    ["deflate", deflateSync],
  ])("takes bodies in %s", async (encoding, compress) => {
    const { body, length } = binaryRequest({ inputs: [matrix], outputs: [{ name: "area" }] }, numbers);
    const response = await send(new Uint8Array(compress(body)), {
      "inference-header-content-length": String(length),
      "content-encoding": encoding,
    });
    expect((await response.json()).outputs[0].data).toEqual([1.5, 8]);
  });

  it("refuses bombs and damaged bytes", async () => {
    const bomb = await send(new Uint8Array(gzipSync(Buffer.alloc(50_000_000))), { "content-encoding": "gzip" });
    expect(bomb.status).toBe(413);
    const whole = gzipSync(JSON.stringify({ inputs: two }));
    for (const bytes of [
      whole.subarray(0, -9),
      Buffer.from("no gzip at all"),
      Buffer.concat([whole, Buffer.from("more")]),
    ]) {
      const response = await send(new Uint8Array(bytes), { "content-encoding": "gzip" });
      expect([response.status, Object.keys(await response.json())]).toEqual([400, ["error"]]);
    }
    expect((await send(new Uint8Array(whole), { "content-encoding": "br" })).status).toBe(415);
  });

  const lies: [string, object, Uint8Array, string?][] = [
    ["more bytes than the shape", { ...matrix, parameters: { binary_data_size: 20 } }, new Uint8Array(20)],
    ["fewer bytes than the shape", { ...matrix, parameters: { binary_data_size: 12 } }, new Uint8Array(12)],
    ["a size past the body", { ...matrix, parameters: { binary_data_size: 160 } }, numbers],
    ["a negative size", { ...matrix, parameters: { binary_data_size: -16 } }, numbers],
    ["a size that is no whole number", { ...matrix, parameters: { binary_data_size: 15.5 } }, numbers],
    ["bytes that no tensor says", matrix, new Uint8Array(17)],
    ["data and binary data", { ...matrix, data: [1, 2, 3, 4] }, numbers],
    ["a header that is too long", matrix, numbers, "100000"],
    ["a header that is no number", matrix, numbers, "-1"],
    ["an infinity", matrix, bytesOf(Float32Array.of(1, 2, 3, Number.POSITIVE_INFINITY))],
    [
      "a BOOL that is none",
      { name: "length", shape: [1], datatype: "BOOL", parameters: { binary_data_size: 1 } },
      Uint8Array.of(2),
    ],
    [
      "BYTES that end too early",
      { name: "length", shape: [2], datatype: "BYTES", parameters: { binary_data_size: 8 } },
      Uint8Array.of(9, 0, 0, 0, 1, 1, 1, 1),
    ],
    [
      "BYTES with a length that lies",
      { name: "length", shape: [1], datatype: "BYTES", parameters: { binary_data_size: 4 } },
      Uint8Array.of(255, 255, 255, 255),
    ],
    [
      "a shape past all bytes",
      { name: "length", shape: [99_999], datatype: "BYTES", parameters: { binary_data_size: 4 } },
      Uint8Array.of(0, 0, 0, 0),
    ],
  ];
  it.each(lies)("refuses %s", async (_, input, bytes, header) => {
    const { body, length } = binaryRequest({ inputs: [input] }, bytes);
    const response = await send(body, { "inference-header-content-length": header ?? String(length) });
    expect([response.status, Object.keys(await response.json())]).toEqual([400, ["error"]]);
  });

  it("takes NaN for what is missing", async () => {
    const input = { name: "count", shape: [1], datatype: "FP64", parameters: { binary_data_size: 8 } };
    const { body, length } = binaryRequest(
      { inputs: [column("length", [1]), column("width", [1]), input], outputs: [{ name: "count" }] },
      bytesOf(Float64Array.of(Number.NaN)),
    );
    const response = await send(body, { "inference-header-content-length": String(length) });
    expect((await response.json()).outputs[0].data).toEqual([0]);
  });
});

describe("the extension model_repository", () => {
  const post = (path: string, body: unknown = {}, token?: string) =>
    server.post(path, body, token === undefined ? {} : { authorization: `Bearer ${token}` });

  it("lists models", async () => {
    const ready = { name: "iris", version: "1.2.3", state: "READY", reason: "" };
    expect(await (await post("/v2/repository/index")).json()).toEqual([ready]);
    expect(await (await post("/v2/repository/index", { ready: true })).json()).toEqual([ready]);
  });

  it("loads and unloads for the bearer of the token only", async () => {
    for (const verb of ["load", "unload"]) {
      for (const token of [undefined, "other"]) {
        const response = await post(`/v2/repository/models/iris/${verb}`, {}, token);
        expect([response.status, Object.keys(await response.json())]).toEqual([401, ["error"]]);
      }
    }
    expect((await post("/v2/repository/models/iris/unload", {}, "secret-token")).status).toBe(200);
    expect(await (await post("/v2/repository/index")).json()).toMatchObject([{ state: "UNAVAILABLE" }]);
    expect(await (await post("/v2/repository/index", { ready: true })).json()).toEqual([]);
    expect((await post("/v2/repository/models/iris/load", {}, "secret-token")).status).toBe(200);
    expect(await (await post("/v2/repository/index")).json()).toMatchObject([{ state: "READY" }]);
    expect((await post("/v2/repository/models/rose/load", {}, "secret-token")).status).toBe(404);
  });

  it("has neither without a token", async () => {
    const closed = await irises({ protocols: ["oip"] });
    expect((await closed.post("/v2/repository/models/iris/unload", {})).status).toBe(404);
    expect((await closed.post("/v2/repository/index", {})).status).toBe(200);
  });
});

describe("protocols", () => {
  it("are off unless they are named", async () => {
    const off = await irises({});
    expect((await off.ask("/v2")).status).toBe(404);
    expect((await off.post("/v2/models/iris/infer", { inputs: two })).status).toBe(404);
  });
});
