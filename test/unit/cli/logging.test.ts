import { spawnSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fieldNames } from "../../../runtimes/cli/logging/fields.ts";
import { formatter } from "../../../runtimes/cli/logging/format.ts";
import { configureLogging } from "../../../runtimes/cli/logging/index.ts";
import { openTimedFile } from "../../../runtimes/cli/logging/timed-file.ts";
import { createHost } from "../../../runtimes/node.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "launchpad-log-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The log of a configuration, whose names of files are in the folder. */
async function logging(text: string, more: object = {}) {
  writeFileSync(join(folder, "log.yml"), text);
  const { files } = createHost();
  const options = { file: join(folder, "log.yml"), verbose: false, env: () => undefined, beforeWrite() {}, ...more };
  return configureLogging({ ...options, ...(files && { files }) });
}

const read = (name: string) => readFileSync(join(folder, name), "utf8");

/** What a configuration is refused with. */
const refusal = (text: string) =>
  logging(text).then(
    () => "taken",
    (error: Error) => error.message.replaceAll(`${folder}/log.yml: `, ""),
  );

const toFile = (more = "") => `handlers: { f: { class: logging.FileHandler, filename: f.log, formatter: p${more} } }
formatters: { p: { format: "%(levelname)s %(name)s %(message)s" } }
`;

describe("formats of Python's logging", () => {
  const record = {
    level: "warning",
    name: "launchpad.model",
    message: "a {0} %s $x",
    timestamp: Date.UTC(2026, 0, 5, 13, 4, 5, 67),
    properties: {},
    place: () => ({ pathname: "/srv/app/tree_model.ts", lineno: 42, funcName: "train" }),
  } as const;
  const formats: readonly (readonly [string, string, string?])[] = [
    ["%(asctime)s %(levelname)-8s|%(name)20s|%(message)s", "%", "%Y-%m-%d %H:%M:%S"],
    ["%(asctime)s", "%", "%d/%b/%Y:%H:%M:%S %z %j %a %A %B %p %I %y %%"],
    ["%(asctime)s", "%", "%c|%x|%X|%D|%R|%F|%T|%e"],
    ["%(created)f %(created).3f %(created)d %(msecs)03d %(msecs)d", "%"],
    ["%(levelno)d %(levelno)5d|%(levelno)-5d|%(levelno)05d|%(levelname).4s|%(levelname)10.2s", "%"],
    ["%(filename)s:%(lineno)d %(funcName)s %(module)s %(pathname)s %(lineno)s", "%"],
    ["%(threadName)s %(processName)s 100%% %(message)r".replace("%(message)r", "%(message)s"), "%"],
    ["{asctime} {levelname:<10}|{name:>20}|{message}|{levelname:^11}|{levelname:*^11}", "{", "%H:%M"],
    ["{{x}} {lineno:05d} {lineno:5} {lineno:<5}| {created:.2f} {created:015.1f} {levelname:.3}", "{"],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a format of Python
    ["$asctime ${levelname}x $name $$ $message", "$", "%Y"],
  ];

  it("become the same lines as there", () => {
    const program = `
import json, logging, sys
for format, style, datefmt in json.load(sys.stdin):
    record = logging.LogRecord("launchpad.model", logging.WARNING, "/srv/app/tree_model.ts", 42, "a {0} %s $x", None, None, "train")
    record.created, record.msecs = ${record.timestamp} / 1000, 67
    print(logging.Formatter(format, datefmt, style).format(record))
`;
    const input = JSON.stringify(formats.map(([format, style, datefmt = null]) => [format, style, datefmt]));
    const python = spawnSync("python3", ["-c", program], {
      input,
      encoding: "utf8",
      env: { ...process.env, LC_ALL: "C" },
    });
    expect(python.stderr).toBe("");
    const ours = formats.map(([format, style, datefmt]) =>
      formatter({ format, style: style as "%" | "{" | "$", datefmt })(record).trimEnd(),
    );
    expect(ours).toEqual(
      python.stdout
        .trimEnd()
        .split("\n")
        .map((line) => line.trimEnd()),
    );
  });

  it("have a text for every field, and values of their own", () => {
    for (const field of fieldNames) expect(formatter({ format: `%(${field})s` })(record), field).toMatch(/^.+\n$/);
    expect(formatter({ format: "%(host)s %(message)s", defaults: { host: "h1" } })(record)).toBe("h1 a {0} %s $x\n");
  });

  it("name the code that logged", async () => {
    const { log, close } = await logging(
      `${toFile()}root: { handlers: [f] }`.replace("%(levelname)s %(name)s", "%(module)s:%(funcName)s:%(lineno)d"),
    );
    const model = join(folder, "tree_model.mjs");
    writeFileSync(model, "export function train(log) {\n  log.info('here');\n}\n");
    const { train } = await import(pathToFileURL(model).href);
    train(log);
    await close();
    expect(read("f.log")).toBe("tree_model:train:2 here\n");
  });
});

describe("loggers", () => {
  it("are found as in Python: the nearest level, and all handlers up to one that does not propagate", async () => {
    const { log, close } = await logging(`${toFile()}
loggers:
  launchpad: { level: ERROR }
  launchpad.store: { level: DEBUG }
  launchpad.data: { level: INFO, propagate: no }
root: { level: WARNING, handlers: [f] }
`);
    log.info("none");
    log.error("all");
    log.child("store").debug("below the level of the root");
    log.child("data").error("nobody takes it");
    log.child("api").warning("as launchpad");
    await close();
    expect(read("f.log")).toBe("ERROR launchpad all\nDEBUG launchpad.store below the level of the root\n");
  });

  it("have the names that they had in ML Launchpad, that of the model's module too", async () => {
    const { log, close, nameModule } = await logging(`${toFile()}
loggers:
  mllaunchpad.datasources: { level: ERROR }
  werkzeug: { level: 30 }
  tree_model: { level: DEBUG }
  sqlalchemy.engine: { level: CRITICAL }
root: { level: WARNING, handlers: [f] }
`);
    log.child("model").debug("not yet known");
    nameModule("./tree_model.ts");
    log.child("model").debug("of the module");
    log.child("model").debug("tree_model: in Python");
    log.child("model").error("sqlalchemy.engine: a query");
    log.child("model").info("urllib3: below the root's level");
    log.child("data").warning("no");
    log.child("access").info("no");
    log.child("access").warning("yes");
    await close();
    expect(read("f.log").split("\n")).toEqual([
      "DEBUG launchpad.model of the module",
      "DEBUG launchpad.model tree_model: in Python",
      "WARNING launchpad.access yes",
      "",
    ]);
  });

  it("and handlers have filters by name", async () => {
    const { log, close } = await logging(`${toFile(", filters: [store]")}
filters: { store: { name: mllaunchpad.resource } }
root: { level: DEBUG, handlers: [f] }
`);
    log.info("no");
    log.child("store").info("yes");
    await close();
    expect(read("f.log")).toBe("INFO launchpad.store yes\n");
  });
});

describe("handlers", () => {
  it("write anew or add, and nothing where it is NullHandler", async () => {
    writeFileSync(join(folder, "f.log"), "old\n");
    const once = async (mode: string, more = {}) => {
      const text = `${toFile(`, mode: ${mode}`)}root: { handlers: [f, nil] }`.replace(
        "handlers: {",
        "handlers: { nil: { class: logging.NullHandler },",
      );
      const { log, close } = await logging(text, more);
      log.info(mode);
      await close();
    };
    await once("a");
    expect(read("f.log")).toBe("old\nINFO launchpad a\n");
    await once("w");
    expect(read("f.log")).toBe("INFO launchpad w\n");
    // One of several processes: the first has emptied it.
    await once("w", { handOver() {} });
    expect(read("f.log")).toBe("INFO launchpad w\nINFO launchpad w\n");
  });

  it("go on in a new file where another program takes it away", async () => {
    const { log, close } = await logging(
      `${toFile()}root: { handlers: [f] }`.replace("logging.FileHandler", "logging.handlers.WatchedFileHandler"),
    );
    log.info("one");
    renameSync(join(folder, "f.log"), join(folder, "f.log.1"));
    log.info("two");
    await close();
    expect([read("f.log.1"), read("f.log")]).toEqual(["INFO launchpad one\n", "INFO launchpad two\n"]);
  });

  it.each([
    ["S", 2, 2, ["f.log", "f.log.2026-01-05_23-59-58", "f.log.2026-01-06_00-00-00"]],
    ["M", 1, 0, ["f.log", "f.log.2026-01-05_23-59"]],
    ["MIDNIGHT", 1, 3, ["f.log", "f.log.2026-01-05"]],
    ["W1", 1, 3, ["f.log"]],
  ] as const)("take files away when their time is over: %s", (when, interval, backupCount, files) => {
    const path = join(folder, "f.log");
    writeFileSync(path, "");
    // A Monday.
    let now = Date.UTC(2026, 0, 5, 23, 59, 56);
    utimesSync(path, now / 1000, now / 1000);
    const sink = openTimedFile(path, { when, interval, backupCount, utc: true }, () => now);
    for (let second = 0; second < 66; second += 1) {
      sink.write(`${second}\n`, 20);
      now += 1000;
      if (second === 6 && when !== "M") break;
    }
    void sink.close?.();
    expect(readdirSync(folder).sort()).toEqual(files);
    const all = files.slice(1).map(read).join("") + read("f.log");
    // Of the pieces of two seconds the oldest is gone.
    expect(all.split("\n").length - 1).toBe(when === "S" ? 5 : when === "M" ? 66 : 7);
  });

  it("keep what another process took away, and go on where nothing can be", () => {
    const path = join(folder, "f.log");
    writeFileSync(path, "");
    let now = Date.UTC(2026, 0, 5, 12);
    utimesSync(path, now / 1000, now / 1000);
    const open = () => openTimedFile(path, { when: "MIDNIGHT", interval: 1, backupCount: 0, utc: true }, () => now);
    const [one, other] = [open(), open()];
    one.write("day one\n", 20);
    now += 86_400_000;
    other.write("day two, other\n", 20);
    one.write("day two, one\n", 20);
    expect([read("f.log.2026-01-05"), read("f.log")]).toEqual(["day one\n", "day two, other\nday two, one\n"]);
    // Its name is taken by a folder that is not empty.
    now += 86_400_000;
    rmSync(path);
    one.write("day three\n", 20);
    one.write("more\n", 20);
    expect(read("f.log")).toBe("day three\nmore\n");
    void one.close?.();
    void other.close?.();
  });

  it("send lines to syslog, by datagrams and by a stream", async () => {
    const datagrams = createSocket("udp4");
    datagrams.bind(0, "127.0.0.1");
    await once(datagrams, "listening");
    const stream = createServer();
    stream.listen(0, "127.0.0.1");
    await once(stream, "listening");
    try {
      const ports = [datagrams.address().port, (stream.address() as { port: number }).port];
      const received = once(datagrams, "message");
      const connected = once(stream, "connection").then(async ([socket]) => (await once(socket, "data"))[0]);
      const { log, close } = await logging(`
formatters: { p: { format: "%(message)s" } }
handlers:
  u: { class: logging.handlers.SysLogHandler, address: [127.0.0.1, ${ports[0]}], facility: local3, ident: "iris: ", formatter: p }
  t: { class: logging.handlers.SysLogHandler, address: [127.0.0.1, ${ports[1]}], facility: 1, socktype: ext://socket.SOCK_STREAM, append_nul: no, formatter: p }
root: { handlers: [u, t] }
`);
      log.error("no model");
      expect(String((await received)[0])).toBe("<155>iris: no model\0");
      expect(String(await connected)).toBe("<11>no model");
      await close();
    } finally {
      datagrams.close();
      stream.close();
    }
  });
});

describe("a configuration of the log", () => {
  it.each([
    [
      "handlres: {}",
      "handlres: unknown key. Expected one of version, disable_existing_loggers.* Did you mean handlers\\?",
    ],
    ["version: 2", "version: expected 1"],
    ["incremental: true", "incremental: expected false"],
    ["root: { level: LOUD }", 'root.level: found "LOUD", expected one of NOTSET, DEBUG'],
    ["root: { handlers: [a] }", "root: no handler named a; there are none"],
    ["handlers: { h: {} }", "handlers.h.class: is missing. Expected one of logging.StreamHandler"],
    [
      "handlers: { h: { class: logging.SMTPHandler } }",
      'handlers.h.class: found "logging.SMTPHandler", expected one of',
    ],
    ["handlers: { h: { class: logging.FilHandler } }", "Did you mean logging.FileHandler\\?"],
    ['handlers: { h: { "()": my.factory } }', 'handlers.h.class: found a factory, "\\(\\)": a function of Python'],
    ["handlers: { h: { class: logging.FileHandler } }", "handlers.h.filename: is missing"],
    [
      "handlers: { h: { class: logging.FileHandler, filename: x, maxbytes: 1 } }",
      "handlers.h.maxbytes: unknown key. Expected one of",
    ],
    [
      "handlers: { h: { class: logging.FileHandler, filename: x, mode: r } }",
      'handlers.h.mode: found "r", expected one of a, w',
    ],
    ["handlers: { h: { class: logging.StreamHandler, stream: ext://my.stream } }", "handlers.h.stream: found"],
    [
      "handlers: { h: { class: logging.StreamHandler, formatter: f } }",
      "handlers.h: no formatter named f; there are none",
    ],
    [
      "handlers: { h: { class: logging.StreamHandler, filters: [f] } }",
      "handlers.h: no filter named f; there are none",
    ],
    [
      "handlers: { h: { class: logging.handlers.SysLogHandler, address: /dev/log } }",
      "found the socket /dev/log.* systemd",
    ],
    [
      "handlers: { h: { class: logging.handlers.TimedRotatingFileHandler, filename: x, when: year } }",
      'found "YEAR", expected one of S, M',
    ],
    ['formatters: { f: { format: "%(user)s" } }', "found the field user, expected one of asctime"],
    ['formatters: { f: { format: "%(mesage)s" } }', "Did you mean message\\?"],
    [
      'formatters: { f: { format: "%(message)" } }',
      'formatters.f: format: found "%\\(message\\)", expected %% or a field',
    ],
    ['formatters: { f: { format: "{message", style: "{" } }', "formatters.f: format: found"],
    ["formatters: { f: { class: pythonjsonlogger.jsonlogger.JsonFormatter } }", "for lines of JSON, format: json"],
    [
      'formatters: { f: { format: "%(message)s", datefmt: "%Q" } }',
      "formatters.f.datefmt: %Q is none of the directives",
    ],
    ['formatters: { f: { "()": x } }', "formatters.f.\\(\\): unknown key; a factory is a function of Python"],
    ['filters: { f: { "()": x } }', "filters.f.\\(\\): unknown key; a factory"],
    ["loggers: { launchpad.stor: {} }", "loggers.launchpad.stor: no such logger. Did you mean launchpad.store\\?"],
    ["loggers: { mllaunchpad.api: {}, mllaunchpad.wsgi: {} }", "it is launchpad.api here, as is mllaunchpad.api"],
    ["loggers: { launchpad: { propagat: no } }", "loggers.launchpad.propagat: unknown key.* Did you mean propagate\\?"],
  ])("is refused where it says what is not there: %s", async (text, message) => {
    expect(await refusal(text)).toMatch(new RegExp(message));
  });

  it("tells all mistakes at once", async () => {
    const told = (await refusal("versio: 1\nroot: { handlers: [x] }\nhandlers: { h: { class: a } }")).split("\n");
    expect(told).toHaveLength(2);
    expect(existsSync(join(folder, "x"))).toBe(false);
  });

  it("is that of Python's own documentation, as it is", async () => {
    const { log, close } = await logging(`
version: 1
disable_existing_loggers: false
formatters:
  simple: { format: '%(asctime)s - %(name)s - %(levelname)s - %(message)s' }
handlers:
  console: { class: logging.StreamHandler, level: DEBUG, formatter: simple, stream: ext://sys.stdout }
  file: { class: logging.handlers.RotatingFileHandler, formatter: simple, filename: log/x.log, maxBytes: 10485760, backupCount: 20, encoding: utf8 }
loggers:
  simpleExample: { level: DEBUG, handlers: [console], propagate: no }
root: { level: DEBUG, handlers: [file] }
`);
    log.info("told");
    await close();
    expect(read("log/x.log")).toMatch(/^\S+Z - launchpad - INFO - told\n$/);
  });
});
