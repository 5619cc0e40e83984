import { type Engine, ranges, shellWords } from "./job.ts";

/** So often a task that fails is tried again. */
const maxRequeues = 3;

/** Array of Slurm (https://slurm.schedmd.com/job_array.html): only the parts that are missing. */
export const slurm: Engine = {
  ending: "sh",
  write({ name, folder, project, command, missing, atOnce }) {
    const array = `${ranges(missing)}${atOnce === undefined ? "" : `%${atOnce}`}`;
    return `#!/bin/sh
#SBATCH --job-name=${name}
#SBATCH --array=${array}
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=${name}-%a.txt
# Each task is one part, whose number is in SLURM_ARRAY_TASK_ID. Wrong usage (2) does not become right; what else fails is tried again.
cd ${shellWords([project])} || exit 2
${shellWords([...command, "batch", "run", folder])}
code=$?
if [ "$code" -ne 0 ] && [ "$code" -ne 2 ] && [ "\${SLURM_RESTART_COUNT:-0}" -lt ${maxRequeues} ]; then
  scontrol requeue "\${SLURM_ARRAY_JOB_ID}_\${SLURM_ARRAY_TASK_ID}" && sleep 60
fi
exit "$code"
`;
  },
  send: (file) => ["sbatch", "--parsable", file],
  sent: (printed) => /^(\d+)/.exec(printed)?.[1],
};
