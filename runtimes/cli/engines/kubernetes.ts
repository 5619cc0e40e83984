import { stringify } from "yaml";
import { LaunchpadError } from "../../../src/internal.ts";
import type { Engine } from "./job.ts";

/** Indexed Job of Kubernetes (https://kubernetes.io/docs/concepts/workloads/controllers/job/): parts that are done end at once. */
export const kubernetes: Engine = {
  ending: "yaml",
  write({ name, folder, project, command, parts, atOnce, image, claim, mount }) {
    if (image === undefined) {
      throw new LaunchpadError(
        "USAGE",
        "--image: expected the image of a container with the project and Launchpad, found none. Write --image registry.example.com/project:1.0.0",
      );
    }
    const part = {
      name: "part",
      image,
      workingDir: project,
      command: [...command, "batch", "run", folder],
      ...(claim && { volumeMounts: [{ name: "shared", mountPath: mount }] }),
    };
    return stringify({
      apiVersion: "batch/v1",
      kind: "Job",
      // Each submission is a Job of its own: `apply` would leave one that has failed as it is.
      metadata: { generateName: `${name}-` },
      spec: {
        completionMode: "Indexed",
        completions: parts,
        parallelism: Math.min(parts, atOnce ?? parts),
        backoffLimitPerIndex: 3,
        // Wrong usage does not become right.
        podFailurePolicy: { rules: [{ action: "FailIndex", onExitCodes: { operator: "In", values: [2] } }] },
        template: {
          spec: {
            restartPolicy: "Never",
            containers: [part],
            ...(claim && { volumes: [{ name: "shared", persistentVolumeClaim: { claimName: claim } }] }),
          },
        },
      },
    });
  },
  send: (file) => ["kubectl", "create", "-f", file],
  sent: (printed) => /^(\S+) /.exec(printed)?.[1],
};
