#!/bin/sh
#SBATCH --job-name=launchpad
#SBATCH --requeue
#SBATCH --open-mode=append
# Each task of the array is one part: the number is in SLURM_ARRAY_TASK_ID.
exec launchpad batch run "$1"
