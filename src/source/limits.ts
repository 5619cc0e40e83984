/** More values than any configuration has; what has more is a mistake, or made to use up memory. */
export const maxValues = 100_000;
/** The most mappings and lists inside each other. */
export const maxDepth = 100;

/** Ends the reading with a message. */
export type Refuse = (message: string) => never;

/** How much one configuration may hold, with everything that it includes. */
export interface Limits {
  /** Counts values. */
  spend(values: number, refuse: Refuse): void;
  /** Looks at how many mappings and lists are inside each other. */
  deeper(depth: number, refuse: Refuse): void;
}

/**
 * Creates the limits for one configuration.
 *
 * @returns A counter that starts at nothing.
 */
export function createLimits(): Limits {
  let spent = 0;
  return {
    spend(values, refuse) {
      spent += values;
      if (spent <= maxValues) return;
      refuse(`found more than ${maxValues} values, expected fewer. Aliases and includes count each time they are used`);
    },
    deeper(depth, refuse) {
      if (depth > maxDepth)
        refuse(`found more than ${maxDepth} levels, expected fewer mappings and lists inside each other`);
    },
  };
}
