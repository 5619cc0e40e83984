#!/bin/sh
# Trains, checks the gate and scores; for cron: 0 3 * * * /srv/project/nightly.sh >> /var/log/launchpad.log 2>&1
# Ends with 0 when all is well, 1 when something failed that may be tried again, 2 for wrong usage or configuration, 3 when a gate
# refused the training and the model before has scored; 75, as
# sendmail and systemd know it, when the last night still runs.
cd "${PROJECT:-$(dirname "$0")}" || exit 2
exec 9>.nightly.lock
flock -n 9 || exit 75

${LAUNCHPAD:-launchpad} train
trained=$?
[ "$trained" -eq 2 ] && exit 2

# Where a gate refused the training, the model before serves on, and scores.
${LAUNCHPAD:-launchpad} predict --from "${FROM:-customers}" --to "${TO:-scores.parquet}" --resume || exit $?
exit "$trained"
