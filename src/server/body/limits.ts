import type { LimitsConfig } from "../../config/doors/door-types.ts";
import { LaunchpadError } from "../../errors.ts";

/** What a body may be besides its size. */
export interface BodyLimits {
  /** More fields than any form has. A list with more values is better sent as JSON. */
  readonly maxFields: number;
  /** Each part of a multipart form costs far more than its bytes. */
  readonly maxParts: number;
  /** The largest field or file of a form, in bytes. */
  readonly maxFieldBytes: number;
  /** How long it may take to come, in seconds. */
  readonly timeout: number;
}

/** What holds where nobody says otherwise. */
export const usualLimits: BodyLimits = {
  maxFields: 100_000,
  maxParts: 10_000,
  maxFieldBytes: Number.POSITIVE_INFINITY,
  timeout: 120,
};

/**
 * Creates the limits of bodies.
 *
 * @param limits The section `limits`.
 *
 * @returns Them, and what is usual of the others.
 */
export function bodyLimits(limits: LimitsConfig): BodyLimits {
  return {
    maxFields: limits.max_fields ?? usualLimits.maxFields,
    maxParts: limits.max_parts ?? usualLimits.maxParts,
    maxFieldBytes: limits.max_field_bytes ?? usualLimits.maxFieldBytes,
    timeout: limits.body_timeout ?? usualLimits.timeout,
  };
}

/**
 * Waits for a body, no longer than it may take: on every runtime alike, also from a client that sends a byte now and then.
 *
 * @param reading What reads it.
 * @param seconds How long it may take.
 *
 * @returns What was read.
 *
 * @throws REQUEST_TIMED_OUT.
 */
export function inTime<T>(reading: Promise<T>, seconds: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      const message = `The body of the request did not come within ${seconds} s`;
      reject(new LaunchpadError("REQUEST_TIMED_OUT", message));
    }, seconds * 1000);
    reading.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
