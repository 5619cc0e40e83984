import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { type Job, ranges, shellWords } from "../../runtimes/cli/engines/job.ts";
import { kubernetes } from "../../runtimes/cli/engines/kubernetes.ts";
import { slurm } from "../../runtimes/cli/engines/slurm.ts";
import { spark } from "../../runtimes/cli/engines/spark.ts";

const job: Job = {
  name: "launchpad-0123456789",
  folder: "/shared/it's $HOME",
  project: "/shared/a b",
  command: ["launchpad", "-c", "x.yml"],
  parts: 8,
  missing: [0, 1, 2, 5, 7],
  atOnce: 3,
  image: "registry.example.com/project:1.0.0",
  claim: "shared",
  mount: "/shared",
  master: undefined,
};

describe("jobs of engines", () => {
  it.each([
    [[], ""],
    [[3], "3"],
    [[0, 1, 2, 5, 7, 8], "0-2,5,7-8"],
  ])("writes the numbers %j as ranges", (numbers, text) => expect(ranges(numbers)).toBe(text));

  it("quotes words so that a shell reads them as they are", () => {
    const words = ["a b", "it's", "$HOME", "`x`", "", 'say "so"', "plain-1.0/x"];
    const { stdout } = spawnSync("sh", ["-c", `printf '%s\\n' ${shellWords(words)}`], { encoding: "utf8" });
    expect(stdout.split("\n").slice(0, -1)).toEqual(words);
  });

  it("writes scripts that their languages take", () => {
    const script = slurm.write(job);
    expect(script).toContain("#SBATCH --array=0-2,5,7%3\n");
    expect(script).toContain("launchpad -c x.yml batch run '/shared/it'\\''s $HOME'\n");
    expect(spawnSync("sh", ["-n"], { input: script, encoding: "utf8" })).toMatchObject({ status: 0, stderr: "" });
    const compile = ["-c", "import ast, sys; ast.parse(sys.stdin.read())"];
    expect(spawnSync("python3", compile, { input: spark.write(job), encoding: "utf8" })).toMatchObject({ status: 0 });
  });

  it("writes an indexed Job, and asks for an image", () => {
    const { metadata, spec } = parse(kubernetes.write(job));
    expect({ metadata, completions: spec.completions, parallelism: spec.parallelism }).toEqual({
      metadata: { generateName: `${job.name}-` },
      completions: 8,
      parallelism: 3,
    });
    expect(spec.template.spec.containers[0]).toMatchObject({
      workingDir: "/shared/a b",
      command: [...job.command, "batch", "run", "/shared/it's $HOME"],
      volumeMounts: [{ name: "shared", mountPath: "/shared" }],
    });
    // Sent again, it is another Job: `apply` would leave the one that has failed as it is.
    expect(kubernetes.send("job.yaml", job)).toEqual(["kubectl", "create", "-f", "job.yaml"]);
    expect(kubernetes.sent(`job.batch/${job.name}-x7k2p created\n`)).toBe(`job.batch/${job.name}-x7k2p`);
    expect(() => kubernetes.write({ ...job, image: undefined })).toThrow(/--image: expected the image/);
  });
});
