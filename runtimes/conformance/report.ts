import type { Outcome } from "./run.ts";

/** Report for people: a line for each clause, and what was sent and came where one is missed. */
export function reportText(outcomes: readonly Outcome[]): string {
  const lines = outcomes.flatMap(({ protocol, clause, asks, missed, exchanges }) => {
    if (missed === undefined) return [`ok      ${protocol} ${clause}: ${asks}`];
    const last = exchanges.at(-1);
    return [
      `missed  ${protocol} ${clause}: ${asks}`,
      `        ${missed}`,
      ...(last ? [`        sent ${last.sent}`, `        came ${last.came.replace(/\s*\n\s*/g, " ")}`] : []),
    ];
  });
  const misses = outcomes.filter(({ missed }) => missed !== undefined).length;
  return `${lines.join("\n")}\n${outcomes.length - misses} of ${outcomes.length} clauses hold\n`;
}

/** Report in the XML of JUnit, as CI systems read it. */
export function reportJunit(outcomes: readonly Outcome[]): string {
  const misses = outcomes.filter(({ missed }) => missed !== undefined).length;
  const cases = outcomes.map(({ protocol, clause, asks, missed, exchanges }) => {
    const head = `  <testcase classname="${xml(protocol)}" name="${xml(`${clause}: ${asks}`)}"`;
    if (missed === undefined) return `${head}/>`;
    const said = exchanges.map(({ sent, came }) => `sent ${sent}\ncame ${came}`).join("\n");
    return `${head}>\n    <failure message="${xml(missed)}">${xml(said)}</failure>\n  </testcase>`;
  });
  const open = `<testsuite name="launchpad check" tests="${outcomes.length}" failures="${misses}">`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${open}\n${cases.join("\n")}\n</testsuite>\n`;
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Text of XML, which has no control characters. */
function xml(text: string): string {
  return text.replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd]/g, "?").replace(/[&<>"]/g, (one) => entities[one] ?? one);
}
