import type { Argument, Command, Option } from "commander";
import { createProgram } from "../../runtimes/cli/program.ts";

/**
 * Page of all commands, made from what `--help` is made of.
 *
 * @returns Markdown.
 */
export async function commandsPage(): Promise<string> {
  const program = createProgram(async () => {});
  const parts = [
    "# Commands\n",
    intro,
    "Options of every command:\n",
    optionsOf(program),
    ...program.commands.flatMap((command) => sectionsOf(command, "launchpad")),
  ];
  return `${parts.join("\n").trimEnd()}\n`;
}

const intro = `Any unambiguous beginning of a command will do: \`launchpad t\`. Results go to the standard output as JSON, everything
else to the standard error stream. Exit codes: 0; 1 for a failure; 2 for wrong usage or configuration; 3 for a training that
was kept but not made current. The log is configured in the format of Python's \`logging.config\`, as for ML Launchpad.
`;

function sectionsOf(command: Command, parent: string): string[] {
  const name = `${parent} ${command.name()}`;
  const usage = [name, ...command.registeredArguments.map(operand)].join(" ");
  const section = [`## ${name}\n`, `\`\`\`text\n${usage}${command.options.length > 0 ? " [options]" : ""}\n\`\`\`\n`];
  const { registeredArguments: operands, options } = command;
  section.push(`${sentence(command.description())}${alsoCalled(command)}\n`);
  const named = operands.filter(({ description }) => description);
  if (named.length > 0)
    section.push(
      table(
        "argument",
        named.map((one) => [operand(one), one.description]),
      ),
    );
  if (options.length > 0) section.push(optionsOf(command));
  return [...section, ...command.commands.flatMap((below) => sectionsOf(below, name))];
}

function optionsOf({ options }: Command): string {
  return table(
    "option",
    options.map((option) => [option.flags, `${option.description}${defaultOf(option)}`]),
  );
}

function defaultOf({ defaultValue, defaultValueDescription }: Option): string {
  const shown =
    defaultValueDescription ??
    (Array.isArray(defaultValue) || defaultValue === undefined ? undefined : JSON.stringify(defaultValue));
  return shown === undefined ? "" : ` (default: ${shown})`;
}

const alsoCalled = (command: Command) => (command.alias() ? ` Also \`${command.alias()}\`.` : "");

function operand(argument: Argument): string {
  const name = `${argument.name().toUpperCase()}${argument.variadic ? "..." : ""}`;
  return argument.required ? name : `[${name}]`;
}

function table(head: string, rows: readonly (readonly [string, string])[]): string {
  const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("\n", " ");
  const lines = rows.map(([name, text]) => `| \`${cell(name)}\` | ${cell(text)} |`);
  return [`| ${head} | what it does |`, "| --- | --- |", ...lines, ""].join("\n");
}

const sentence = (text: string) => `${text.slice(0, 1).toUpperCase()}${text.slice(1).replace(/\.$/, "")}.`;
