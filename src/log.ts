/** From what only a developer reads to what wakes somebody up. */
export type LogLevel = "debug" | "info" | "warning" | "error";

/** What the core writes its log to: a runtime decides where that is. */
export interface Logger {
  /** Logs what helps to find a fault. */
  debug(message: string, properties?: Record<string, unknown>): void;
  /** Logs what happens as it should. */
  info(message: string, properties?: Record<string, unknown>): void;
  /** Logs what somebody should look at. */
  warning(message: string, properties?: Record<string, unknown>): void;
  /** Logs what went wrong. */
  error(message: string, properties?: Record<string, unknown>): void;
  /** The logger of a part, `launchpad.store` for `store`. */
  child(name: LoggerName): Logger;
}

/** The parts that log under a name of their own, below `launchpad`. */
export const loggerNames = ["config", "data", "store", "lifecycle", "model", "api", "access", "drift", "cli"] as const;

/** Names of loggers, below `launchpad`. */
export type LoggerName = (typeof loggerNames)[number];

/**
 * Creates a logger from one function that writes a record.
 *
 * @param write Called with the level, the dotted name of the logger, the message and its properties.
 * @param name The dotted name.
 *
 * @returns A logger whose children have longer names.
 */
export function createLogger(
  write: (level: LogLevel, name: string, message: string, properties: Record<string, unknown>) => void,
  name = "launchpad",
): Logger {
  const at =
    (level: LogLevel) =>
    (message: string, properties: Record<string, unknown> = {}) =>
      write(level, name, message, properties);
  // Parts ask for their logger again and again, some of them for each request.
  const children: Partial<Record<LoggerName, Logger>> = {};
  return {
    debug: at("debug"),
    info: at("info"),
    warning: at("warning"),
    error: at("error"),
    child(part) {
      children[part] ??= createLogger(write, `${name}.${part}`);
      return children[part];
    },
  };
}

/**
 * Creates a logger whose records have more properties: those of a request, such as the run that answers it.
 *
 * @param log The logger that writes them.
 * @param facts Gives the properties, when there is something to write.
 *
 * @returns The logger.
 */
export function loggerWith(log: Logger, facts: () => Readonly<Record<string, unknown>>): Logger {
  return {
    ...createLogger((level, _, message, properties) => log[level](message, { ...facts(), ...properties })),
    child: (name) => loggerWith(log.child(name), facts),
  };
}

/** A logger that writes nothing. */
export const silentLogger: Logger = createLogger(() => {});
