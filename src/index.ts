export { LaunchpadError } from "./errors.ts";
