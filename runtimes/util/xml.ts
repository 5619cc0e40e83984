const named: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

/**
 * Finds the texts of all elements with a name: all of XML that storage services need, elements that hold either text or
 * elements.
 *
 * @param xml The body of an answer.
 * @param element The name.
 *
 * @returns The texts in order.
 */
export function textsOf(xml: string, element: string): string[] {
  const found = xml.matchAll(new RegExp(`<${element}(?:\\s[^<>]*)?>([^<]*)</${element}\\s*>`, "g"));
  return Array.from(found, ([, text = ""]) => unescaped(text));
}

function unescaped(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|(\w{1,8}));/g, (whole, decimal, hex, name) => {
    if (name !== undefined) return named[name] ?? whole;
    const point = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
}

/**
 * Reads the text of an element.
 *
 * @param xml The body of an answer.
 * @param element Its name.
 *
 * @returns The text of the first such element; undefined if there is none or it is empty.
 */
export function readText(xml: string, element: string): string | undefined {
  return textsOf(xml, element)[0]?.trim() || undefined;
}

/**
 * Creates text as XML has it.
 *
 * @param text Any text.
 *
 * @returns It without characters that XML would read as syntax.
 */
export function escapeXml(text: string): string {
  return text.replace(/[<>&"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
