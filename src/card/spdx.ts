/** Licenses that models and data have, by their identifiers of SPDX. */
const identifiers = [
  "0BSD",
  "AFL-3.0",
  "AGPL-3.0-only",
  "AGPL-3.0-or-later",
  "Apache-2.0",
  "Artistic-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "BSL-1.0",
  "CC-BY-4.0",
  "CC-BY-NC-4.0",
  "CC-BY-NC-SA-4.0",
  "CC-BY-ND-4.0",
  "CC-BY-SA-4.0",
  "CC0-1.0",
  "EPL-2.0",
  "EUPL-1.2",
  "GPL-2.0-only",
  "GPL-2.0-or-later",
  "GPL-3.0-only",
  "GPL-3.0-or-later",
  "ISC",
  "LGPL-3.0-only",
  "LGPL-3.0-or-later",
  "MIT",
  "MPL-2.0",
  "ODbL-1.0",
  "OFL-1.1",
  "PDDL-1.0",
  "Unlicense",
  "Zlib",
];

/**
 * Identifier of SPDX.
 *
 * @param license A license, in any case: `apache-2.0`.
 *
 * @returns The identifier as SPDX writes it; undefined for a license that is none of the usual ones.
 */
export function spdx(license: string): string | undefined {
  return identifiers.find((one) => one.toLowerCase() === license.toLowerCase());
}
